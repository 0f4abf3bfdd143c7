# How operators bind, and in which order operands are evaluated.
assert 2 + 3 * 4 == 14 and (2 + 3) * 4 == 20
assert 2 ** 3 ** 2 == 512 and -3 ** 2 == -9 and 2 ** -1 == .5
assert not 1 == 2 and (not 1) != 1
assert 1 | 2 ^ 3 & 4 << 1 == 3
assert 10 - 4 - 3 == 3 and 100 / 10 / 5 == 2.0
assert ~1 + 1 == -1 and - - 1 == 1
assert 1 < 2 < 3 and not 1 < 3 < 2 and 1 < 3 > 2
assert (1 if 0 else 2 if 0 else 3) == 3
assert (lambda: 1 or 2)() == 1
assert [1, 2][0] + (3, 4)[1] * 2 == 9
assert 'a' in 'abc' == 'abc'            # chained: 'a' in 'abc' and 'abc' == 'abc'
assert (5 > 3) is True and 3 in [1, 3] and 2 not in [1, 3] and None is not 0

log = []


def mark(value, name=None):
    log.append(value if name is None else name)
    return value


def show(*args, **kwargs):
    return args, kwargs


mark(1) + mark(2) * mark(3)
assert log == [1, 2, 3]
log.clear()
mark(0) and mark(1)
mark(1) and mark(2) or mark(3)
assert log == [0, 1, 2]
log.clear()
mark(1) < mark(2) > mark(9) < mark(4)
assert log == [1, 2, 9]
log.clear()
{mark('k1'): mark('v1'), mark('k2'): mark('v2')}
assert log == ['k1', 'v1', 'k2', 'v2']
log.clear()
show(mark(1), *mark([2], 'star'), mark(3), k=mark(4), **mark({'z': 5}, 'dict'))
assert log == [1, 'star', 3, 4, 'dict']
log.clear()
target = [0]
mark(target, 'object')[mark(0, 'index')] = mark(7, 'value')
assert log == ['value', 'object', 'index'] and target == [7]
log.clear()
mark('then') if mark(False, 'test') else mark('else')
assert log == ['test', 'else']
log.clear()
mark(target, 'object')[mark(0, 'index')] += mark(1, 'value')
assert log == ['object', 'index', 'value'] and target == [8]
