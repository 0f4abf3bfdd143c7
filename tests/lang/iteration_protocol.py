# __iter__, __next__, __getitem__ iteration, iter() with a sentinel, and what exhausting means.
class Count:
    def __init__(self, n):
        self.n = n
        self.i = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i


assert list(Count(3)) == [1, 2, 3] and sum(Count(4)) == 10 and max(Count(5)) == 5 and 2 in Count(3)
assert 9 not in Count(3)
a, *b = Count(4)
assert a == 1 and b == [2, 3, 4] and [*Count(2)] == [1, 2] and tuple(Count(2)) == (1, 2)
assert dict(zip(Count(2), 'ab')) == {1: 'a', 2: 'b'}


class Seq:
    def __init__(self, items):
        self.items = items

    def __getitem__(self, i):
        return self.items[i]


assert list(Seq('abc')) == ['a', 'b', 'c'] and 'b' in Seq('abc') and list(iter(Seq([1]))) == [1]


class SeqLen(Seq):
    def __len__(self):
        return len(self.items)


assert list(reversed(SeqLen([1, 2, 3]))) == [3, 2, 1]
it = iter(lambda v=[5]: v.append(v[-1] - 1) or v[-1], 0)
assert list(it) == [4, 3, 2, 1]


class NotIterator:
    def __iter__(self):
        return 5


for bad, text in ((NotIterator, "iter() returned non-iterator of type 'int'"),
                  (object, "'object' object is not iterable")):
    try:
        iter(bad())
    except TypeError as error:
        assert str(error) == text
    else:
        assert False
try:
    next(5)
except TypeError as error:
    assert str(error) == "'int' object is not an iterator"
else:
    assert False


class NoIter:
    __iter__ = None

    def __getitem__(self, i):
        return i


try:
    iter(NoIter())
except TypeError as error:
    assert str(error) == "'NoIter' object is not iterable"
else:
    assert False
l = [1, 2]
i = iter(l)
assert next(i) == 1 and next(i) == 2 and next(i, 'end') == 'end'
l.append(3)
assert next(i, 'still the end') == 'still the end'
d = {1: 1, 2: 2}
try:
    for k in d:
        d[k + 10] = 0
except RuntimeError as error:
    assert str(error) == 'dictionary changed size during iteration'
else:
    assert False
s = {1, 2}
try:
    for k in s:
        s.add(k + 10)
except RuntimeError as error:
    assert str(error) == 'Set changed size during iteration'
else:
    assert False
e = enumerate('ab', 5)
assert list(e) == [(5, 'a'), (6, 'b')] and list(e) == []
assert list(zip([1, 2, 3], 'ab')) == [(1, 'a'), (2, 'b')] and list(zip()) == []
try:
    list(zip([1], [], strict=True))
except ValueError as error:
    assert str(error) == 'zip() argument 2 is shorter than argument 1'
else:
    assert False
assert list(map(lambda a, b: a + b, [1, 2], (10, 20, 30))) == [11, 22]
assert list(filter(None, [0, 1, '', 'a'])) == [1, 'a']
assert list(filter(lambda x: x > 1, [1, 2, 3])) == [2, 3]
assert list(reversed('abc')) == ['c', 'b', 'a'] and list(reversed(range(3))) == [2, 1, 0]
assert iter([]).__length_hint__() == 0 and iter([1, 2]).__length_hint__() == 2


class Errs:
    def __iter__(self):
        return self

    def __next__(self):
        raise KeyError('from next')


try:
    list(Errs())
except KeyError:
    pass
else:
    assert False
