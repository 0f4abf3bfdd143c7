# eval, exec and compile: namespaces, modes, results, code objects.
assert eval('1 + 2') == 3 and eval(' 1 + 2') == 3 and eval('x * 2', {'x': 4}) == 8
assert eval('x + y', {'x': 1}, {'y': 2}) == 3
ns = {}
exec('a = 1\ndef f(): return a + 1\nb = f()', ns)
assert ns['b'] == 2 and ns['f']() == 2 and '__builtins__' in ns
g, l = {'a': 1}, {}
exec('b = a + 1', g, l)
assert l == {'b': 2} and 'b' not in g
code = compile('p + q', 'name', 'eval')
assert eval(code, dict(p=2, q=3)) == 5 and code.co_filename == 'name' and code.co_name == '<module>'
code = compile('x = 5\ny = x', '<s>', 'exec')
ns = {}
assert exec(code, ns) is None and ns['y'] == 5
out = []
exec(compile('out.append(1)', '', 'single'), {'out': out})
assert out == [1]
x = 'module'


def locals_seen():
    x = 'function'
    return eval('x'), eval('x', globals())


assert locals_seen() == ('function', 'module')


def exec_in_function():
    v = 1
    exec('v = 2')
    return v


assert exec_in_function() == 1
for source, mode, text in (('1 +', 'eval', 'invalid syntax'), ('x = 1', 'eval', 'invalid syntax'),
                           ('(', 'exec', "'(' was never closed")):
    try:
        compile(source, 'f', mode)
    except SyntaxError as error:
        assert error.msg == text and error.filename == 'f' and error.lineno == 1
    else:
        assert False
try:
    compile('1', 'f', 'bad')
except ValueError as error:
    assert str(error) == "compile() mode must be 'exec', 'eval' or 'single'"
else:
    assert False
try:
    eval(5)
except TypeError as error:
    assert str(error) == 'eval() arg 1 must be a string, bytes or code object'
try:
    exec('1', 5)
except TypeError as error:
    assert str(error) == 'exec() globals must be a dict, not int'
assert eval(b'"bytes"') == 'bytes' and eval(b'\xef\xbb\xbf1') == 1
assert eval('[i for i in range(n)]', {'n': 3}) == [0, 1, 2]


class Custom(dict):
    def __missing__(self, key):
        return key.upper()


assert eval('a + b', {}, Custom()) == 'AB'
exec('class K:\n  z = 1\n  def m(self): return z2\nz2 = 7\nresult = K().m()', ns)
assert ns['result'] == 7
f = compile('def f(a, /, b=1, *c, d, **e):\n  x = 1\n  return x', '<f>', 'exec')
exec(f, ns)
c = ns['f'].__code__
assert c.co_argcount == 2 and c.co_posonlyargcount == 1 and c.co_kwonlyargcount == 1
assert c.co_name == 'f'
assert c.co_varnames == ('a', 'b', 'd', 'c', 'e', 'x') and c.co_nlocals == 6
assert c.co_firstlineno == 1
try:
    eval('1\n2')
except SyntaxError:
    pass
else:
    assert False
try:
    exec('raise KeyError("inside")')
except KeyError as error:
    assert error.__traceback__.tb_next.tb_frame.f_code.co_filename == '<string>'
assert eval('(yield_ := 5)') == 5 and eval('lambda: 3')() == 3
try:
    exec('x = \0')
except SyntaxError as error:
    assert str(error) == 'source code string cannot contain null bytes'
