# List, set and dict comprehensions: nesting, conditions, scope, walrus.
assert [x * 2 for x in range(3)] == [0, 2, 4]
assert [x for x in range(20) if x % 2 if x % 3 == 0] == [3, 9, 15]
assert [(x, y) for x in range(2) for y in 'ab'] == [(0, 'a'), (0, 'b'), (1, 'a'), (1, 'b')]
assert [y for x in [[1, 2], [3]] for y in x] == [1, 2, 3]
assert [[y * x for y in range(3)] for x in range(2)] == [[0, 0, 0], [0, 1, 2]]
assert {x % 3 for x in range(10)} == {0, 1, 2}
assert {k: v for k, v in zip('abc', range(3))} == {'a': 0, 'b': 1, 'c': 2}
assert {x: x for x in 'aab'} == {'a': 'a', 'b': 'b'}
assert [a + b for a, b in [(1, 2), (3, 4)]] == [3, 7]
assert [a for a, *b in ['xyz', 'pq']] == ['x', 'p']
assert [x if x > 1 else -x for x in range(4)] == [0, -1, 2, 3]
x = 'outer'
[x for x in range(5)]
assert x == 'outer'
fs = [lambda: i for i in range(3)]
assert [f() for f in fs] == [2, 2, 2]


def enclosed():
    k = 10
    return [k + i for i in range(3)], [[k * j for j in range(i)] for i in range(3)]


assert enclosed() == ([10, 11, 12], [[], [0], [0, 10]])


def walrus():
    found = [last := n for n in range(5)]
    return found, last


assert walrus() == ([0, 1, 2, 3, 4], 4)
assert [y for n in range(6) if (y := n * n) > 5] == [9, 16, 25]


class C:
    items = [1, 2, 3]
    doubled = [i * 2 for i in items]


assert C.doubled == [2, 4, 6]


def shadow(x):
    before = x
    inner = [x for x in 'ab']
    return before, inner, x


assert shadow(1) == (1, ['a', 'b'], 1)


def cell(x):
    f = [lambda: x for x in (1, 2)]
    return x, [g() for g in f]


assert cell('arg') == ('arg', [2, 2])
order = []
{order.append(('k', n)): order.append(('v', n)) for n in range(2)}
assert order == [('k', 0), ('v', 0), ('k', 1), ('v', 1)]
try:
    [1 / n for n in (2, 1, 0)]
except ZeroDivisionError:
    pass
else:
    assert False
assert 'n' not in globals()
assert [*range(3), *'ab'] == [0, 1, 2, 'a', 'b']
assert {**{'a': 1}, 'b': 2, **{'a': 3}} == {'a': 3, 'b': 2}
assert {*'aba', 1} == {'a', 'b', 1} and (*[1], *()) == (1,)


def try_inside():
    try:
        return [int(s) for s in ('1', 'x')]
    except ValueError:
        return 'caught'


assert try_inside() == 'caught'
def locals_inside(p):
    return [sorted(locals()) for q in range(1)]


assert locals_inside(0) == [['p', 'q']]
