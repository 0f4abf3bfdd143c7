# Comparisons: chains evaluate each operand once and stop early; results may be any object.
calls = []


def n(x):
    calls.append(x)
    return x


assert n(1) < n(2) <= n(2) != n(3)
assert calls == [1, 2, 2, 3]
calls.clear()
assert not n(3) < n(2) < n(1)
assert calls == [3, 2]


class Odd:
    def __lt__(self, other):
        return ['lt', other]

    def __eq__(self, other):
        return 0


o = Odd()
assert (o < 1) == ['lt', 1]
assert (1 > o) == ['lt', 1]
assert (o == o) == 0 and (o != o) is True
assert (o < 1 < 2) is True and (o == 1 < 2) == 0
assert [o] == [o]          # identity is enough inside containers
assert 1 == 1.0 == True == (1 + 0j)
assert 2 ** 70 == float(2 ** 70) and 2 ** 70 + 1 != float(2 ** 70)
assert 1 < 1.5 < 2 and not float('nan') == float('nan')
assert 'a' < 'b' < 'ba' and (1, 2) < (1, 2, 0) < (1, 3) and [1] < [2]
assert b'a' < b'b' and not 'a' == b'a'
assert {1} < {1, 2} and not {1} < {2} and {1} <= {1}
for bad in (lambda: 1 < 'a', lambda: [] < (), lambda: None < 1, lambda: 1j < 2j):
    try:
        bad()
    except TypeError:
        pass
    else:
        assert False
try:
    {} < {}
except TypeError as error:
    assert str(error) == "'<' not supported between instances of 'dict' and 'dict'"
else:
    assert False
