# range: laziness, indexing, slicing, membership, equality, huge bounds.
r = range(2, 20, 3)
assert list(r) == [2, 5, 8, 11, 14, 17] and len(r) == 6 and r[0] == 2 and r[-1] == 17
assert r[1:4] == range(5, 14, 3) and r[::-1] == range(17, -1, -3)
assert (r.start, r.stop, r.step) == (2, 20, 3) and 8 in r and 9 not in r and 20 not in r
assert 8.0 in r and 'a' not in r and r.index(11) == 3 and r.count(5) == 1 and r.count(6) == 0
assert range(3) == range(0, 3) == range(0, 3, 1) and range(0) == range(5, 5) == range(3, 1)
assert range(0, 3, 2) == range(0, 4, 2) and hash(range(0)) == hash(range(2, 2)) and range(1) != [0]
assert repr(range(3)) == 'range(0, 3)' and repr(range(1, 10, 2)) == 'range(1, 10, 2)'
assert list(range(5, 0, -2)) == [5, 3, 1] and list(range(-3)) == [] and not range(0)
assert bool(range(1))
assert list(reversed(range(5))) == [4, 3, 2, 1, 0]
assert list(reversed(range(0, 10, 3))) == [9, 6, 3, 0] and max(range(10)) == 9
assert sum(range(101)) == 5050
big = range(2 ** 70)
assert big[2 ** 69] == 2 ** 69 and 2 ** 70 - 1 in big and big[-1] == 2 ** 70 - 1
assert big[10:20] == range(10, 20) and next(iter(range(2 ** 70, 2 ** 71))) == 2 ** 70
assert list(range(2 ** 62 - 2, 2 ** 62 + 2)) == [2 ** 62 - 2, 2 ** 62 - 1, 2 ** 62, 2 ** 62 + 1]
assert list(range(2 ** 63 - 1, 2 ** 63 + 1)) == [2 ** 63 - 1, 2 ** 63]
assert len(range(0, 2 ** 62, 2 ** 61)) == 2
assert list(range(-2 ** 63, -2 ** 63 + 2)) == [-2 ** 63, -2 ** 63 + 1] and range(10, 0, -1)[3] == 7
assert range(True, 3)[0] == 1
i = iter(range(3))
assert next(i) == 0 and list(i) == [1, 2] and i.__length_hint__() == 0
assert type(i).__name__ == 'range_iterator'
for bad, kind, text in ((lambda: range(), TypeError, 'range expected at least 1 argument, got 0'),
                        (lambda: range(1, 2, 0), ValueError, 'range() arg 3 must not be zero'),
                        (lambda: range(1.0), TypeError,
                         "'float' object cannot be interpreted as an integer"),
                        (lambda: range(3)[3], IndexError, 'range object index out of range'),
                        (lambda: range(3).index(9), ValueError, 'range.index(x): x not in range'),
                        (lambda: len(range(2 ** 70)), OverflowError,
                         'Python int too large to convert to C ssize_t'),
                        (lambda: range(3)['a'], TypeError,
                         'range indices must be integers or slices, not str'),
                        (lambda: range(1, 2, 3, 4), TypeError,
                         'range expected at most 3 arguments, got 4')):
    try:
        bad()
    except kind as error:
        assert str(error) == text, str(error)
    else:
        assert False, text
try:
    range(3).start = 1
except AttributeError as error:
    assert str(error) == 'readonly attribute'
else:
    assert False
