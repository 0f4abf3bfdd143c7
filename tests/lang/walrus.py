# Assignment expressions: value, scope, and where they may stand.
assert (n := 5) == 5 and n == 5
if (m := n * 2) > 5:
    assert m == 10
data = iter([1, 2, 3, 0, 4])
seen = []
while (v := next(data)):
    seen.append(v)
assert seen == [1, 2, 3] and v == 0
assert [y := 1, y + 1, (z := y * 10)] == [1, 2, 10]
assert any((found := w) > 2 for w in [1, 2, 3, 4]) and found == 3


def scope():
    [inner := i for i in range(3)]
    return inner


assert scope() == 2


def glob():
    global made_global
    [made_global := 7 for _ in 'x']


glob()
assert made_global == 7


def nonlocal_one():
    total = 0

    def add():
        nonlocal total
        return [total := total + v for v in (1, 2, 3)]
    return add(), total


assert nonlocal_one() == ([1, 3, 6], 6)
assert (lambda: (q := 3) + q)() == 6
x = (a := 1, b := 2)
assert x == (1, 2) and (a, b) == (1, 2)
assert {(k := 'key'): (val := 'value')} == {'key': 'value'} and k == 'key'
assert len(line := 'text') == 4 and line == 'text'
assert f'{(p := 3) + p}' == '6'
l = [0, 1, 2]
assert l[(i := 1)] == 1 and l[i:(j := 3)] == [1, 2] and j == 3


def default(a=(cached := [])):
    return a


assert default() is cached
