# Code that needs wide operands: many locals, constants, arguments, branches; long jumps; deep
# nesting.
source = ['def f():']
source += [f'    v{i} = {i} + 0.5' for i in range(600)]
source += ['    return ' + ' + '.join(f'v{i}' for i in range(600))]
ns = {}
exec('\n'.join(source), ns)
assert ns['f']() == sum(range(600)) + 300

args = ', '.join(f'a{i}' for i in range(400))
exec(f'def g({args}): return a0 + a399\n', ns)
assert ns['g'](*range(400)) == 399
exec('def g(%s): return a299' % ', '.join(f'a{i}={i}' for i in range(300)), ns)
assert ns['g']() == 299 and ns['g'](a299=5) == 5

body = '\n'.join(f'        if x == {i}: n += {i}' for i in range(1500))
exec(f'def h(x):\n    n = 0\n    for _ in range(2):\n{body}\n    return n\n', ns)
assert ns['h'](1400) == 2800 and ns['h'](-1) == 0

exec('l = [' + ','.join(map(str, range(5000))) + ']', ns)
assert ns['l'] == list(range(5000))
exec('s = {' + ','.join(f'"k{i}"' for i in range(1000)) + '}', ns)
assert len(ns['s']) == 1000
exec('d = {' + ','.join(f'"k{i}": {i}' for i in range(1000)) + '}', ns)
assert ns['d']['k999'] == 999
exec('t = (' + ','.join(f'x{i}' for i in range(300)) + ')', {f'x{i}': i for i in range(300)}, ns)
assert ns['t'][-1] == 299
exec('r = (lambda *a, **k: (len(a), len(k)))(' + ','.join(map(str, range(300))) + ',' +
     ','.join(f'k{i}={i}' for i in range(300)) + ')', ns)
assert ns['r'] == (300, 300)
assert eval('(' * 80 + '1' + ')' * 80) == 1
assert eval('+'.join(['1'] * 3000)) == 3000
assert eval(' if 0 else '.join(['0'] + [str(i) for i in range(1, 50)])) == 49
assert eval('[' * 60 + ']' * 60) != []
nested = ''
for depth in range(18):
    nested += '    ' * depth + f'for i{depth} in range(1):\n'
exec(nested + '    ' * 18 + 'count = 1', ns)
assert ns['count'] == 1
exec('def outer():\n' + ''.join(f'    c{i} = {i}\n' for i in range(300)) +
     '    def inner():\n        return ' + ' + '.join(f'c{i}'
                                                      for i in range(300)) + '\n    return inner()',
     ns)
assert ns['outer']() == sum(range(300))
exec('class Big:\n' + ''.join(f'    a{i} = {i}\n    def m{i}(self): return self.a{i}\n'
                              for i in range(400)), ns)
assert ns['Big']().m399() == 399
exec('o = Big()\n' + ''.join(f'o.x{i} = {i}\n' for i in range(400)), ns)
assert ns['o'].x399 == 399 and len(ns['o'].__dict__) == 400
text = 'x' * 100_000
assert eval(repr(text)) == text
exec('\n'.join(f'g{i} = {i}' for i in range(2000)), ns)
assert ns['g1999'] == 1999
exec('def tries():\n    n = 0\n' + ''.join('    try:\n        raise ValueError\n    except ValueError: n += 1\n' for _ in range(200)) +
     '    return n', ns)
assert ns['tries']() == 200
exec('a = ' + ' = '.join(f'b{i}' for i in range(300)) + ' = 7', ns)
assert ns['b299'] == 7 and ns['a'] == 7
names = ', '.join(f'u{i}' for i in range(400))
exec(f'{names} = range(400)', ns)
assert ns['u399'] == 399
assert eval('f"' + ''.join('{%d}' % i for i in range(300)) + '"') == ''.join(map(str, range(300)))
assert eval(' < '.join(map(str, range(500)))) is True
assert eval(' and '.join(['1'] * 500 + ['2'])) == 2
