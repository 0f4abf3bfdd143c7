# Assignment: targets, chains, unpacking, and the errors of unpacking.
a = b = c = []
a.append(1)
assert b == [1] and c is a
a, b = 1, 2
a, b = b, a
assert (a, b) == (2, 1)
(a, b), [c, d] = (1, 2), (3, 4)
assert [a, b, c, d] == [1, 2, 3, 4]
a, *b = [1]
assert a == 1 and b == []
*a, b, c = 'wxyz'
assert a == ['w', 'x'] and (b, c) == ('y', 'z')
a, (b, *c), *d = 1, 'hey', 5, 6
assert (a, b, c, d) == (1, 'h', ['e', 'y'], [5, 6])
[a, [b]] = 1, [2]
assert (a, b) == (1, 2)
a, = (9,)
assert a == 9
() = []
[] = ()
i = 0
i, l = 1, [0, 0]
i, l[i] = 0, 'set'                  # targets are assigned left to right
assert i == 0 and l == ['set', 0]
x = [1, 2, 3, 4, 5]
x[1:3] = ['a', 'b', 'c']
assert x == [1, 'a', 'b', 'c', 4, 5]
x[::2] = [0, 0, 0]
assert x == [0, 'a', 0, 'c', 0, 5]
x[:], y = (7, 8), 9
assert x == [7, 8] and y == 9
for source, text in (((1,), 'not enough values to unpack (expected 2, got 1)'),
                     ((1, 2, 3), 'too many values to unpack (expected 2, got 3)'),
                     ([1, 2, 3], 'too many values to unpack (expected 2, got 3)'),
                     ('', 'not enough values to unpack (expected 2, got 0)'),
                     (iter('abc'), 'too many values to unpack (expected 2)')):
    try:
        a, b = source
    except ValueError as error:
        assert str(error) == text, str(error)
    else:
        assert False
try:
    a, *b, c = [1]
except ValueError as error:
    assert str(error) == 'not enough values to unpack (expected at least 2, got 1)'
else:
    assert False
try:
    a, b = 5
except TypeError as error:
    assert str(error) == 'cannot unpack non-iterable int object'
else:
    assert False
a = 1, *[2, 3], *'4'
assert a == (1, 2, 3, '4')


def gives():
    return 1, *(2, 3)


assert gives() == (1, 2, 3)
n: int = 5
m: 'anything at all'
assert n == 5 and 'm' not in globals()
(n): int = 6
assert n == 6
