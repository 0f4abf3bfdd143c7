# list: construction, methods, sorting, operators, aliasing.
import gc
l = [3, 1, 2]
assert list() == [] and list('ab') == ['a', 'b'] and list((1, 2)) == [1, 2] and list({1: 2}) == [1]
assert list(range(3)) == [0, 1, 2]
l.append(4)
l.extend([5, 6])
l.extend(x for x in (7,))
l.insert(0, 'first')
l.insert(100, 'last')
l.insert(-1, 'before last')
assert l == ['first', 3, 1, 2, 4, 5, 6, 7, 'before last', 'last']
assert l.pop() == 'last' and l.pop(0) == 'first' and l.pop(-1) == 'before last'
assert l == [3, 1, 2, 4, 5, 6, 7]
l.remove(4)
l.reverse()
assert l == [7, 6, 5, 2, 1, 3] and l.index(5) == 2 and l.count(7) == 1 and l.index(1, 2, 6) == 4
assert l.copy() == l and l.copy() is not l
l.sort()
assert l == [1, 2, 3, 5, 6, 7] and l.sort(reverse=True) is None and l == [7, 6, 5, 3, 2, 1]
words = ['bb', 'a', 'ccc', 'dd']
words.sort(key=len)
assert words == ['a', 'bb', 'dd', 'ccc']
words.sort(key=len, reverse=True)
assert words == ['ccc', 'bb', 'dd', 'a']                                 # stable, also reversed
l.clear()
assert l == [] and not l
a = [1, 2]
assert a + [3] == [1, 2, 3] and a * 2 == [1, 2, 1, 2] and 2 * a == [1, 2, 1, 2] and a * 0 == []
assert a * -1 == [] and 1 in a and 9 not in a
b = a
b += [3]
assert a == [1, 2, 3] and a is b
a *= 2
assert b == [1, 2, 3, 1, 2, 3]
a.extend(a)
assert len(a) == 12
assert [1, 2] < [1, 3] and [1] < [1, 0] and [] < [0] and [2] > [1, 9] and [1, 2] == [1.0, 2.0]
assert [1] != (1,) and [1, 2] <= [1, 2]
grid = [[0] * 2 for _ in range(2)]
grid[0][0] = 1
assert grid == [[1, 0], [0, 0]]
shared = [[]] * 2
shared[0].append(1)
assert shared == [[1], [1]]
assert repr([1, 'a', [None, 2.5]]) == "[1, 'a', [None, 2.5]]" and str([]) == '[]'
assert repr(['é', b'x']) == "['é', b'x']"
it = iter([1, 2, 3])
assert next(it) == 1 and list(it) == [2, 3] and list(reversed([1, 2])) == [2, 1]
l = list(range(10))
del l[2:5]
assert l == [0, 1, 5, 6, 7, 8, 9]
l[1:3] = []
assert l == [0, 6, 7, 8, 9]
l[len(l):] = [1]
assert l.pop() == 1
big = []
for i in range(100_000):
    big.append(i)
assert len(big) == 100_000 and big[99_999] == 99_999 and sum(big) == 4999950000
for i in range(50_000):
    big.pop()
assert len(big) == 50_000 and big[-1] == 49_999
data = [(i * 7919) % 1000 for i in range(1000)]
assert sorted(data) == list(range(1000)) and sorted(data, reverse=True) == list(range(999, -1, -1))
pairs = sorted([(i % 10, i) for i in range(200)], key=lambda p: p[0])
assert pairs == sorted(pairs)
assert sorted(['b', 'A', 'c'], key=str.lower) == ['A', 'b', 'c']
assert sorted([2.5, 1, True, -3]) == [-3, 1, True, 2.5] and sorted('hello') == list('ehllo')


class Weird:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n


assert [w.n for w in sorted(map(Weird, [3, 1, 2]))] == [1, 2, 3]
nan = float('nan')
assert [nan].count(nan) == 1 and [nan].index(nan) == 0 and nan in [nan]
mutated = [3, 2, 1]
try:
    mutated.sort(key=lambda x: mutated.append(x) or x)
except ValueError as error:
    assert str(error) == 'list modified during sort'
else:
    assert False


class EqTrue:
    def __eq__(self, other):
        return True


assert EqTrue() in [1] and [5].index(EqTrue()) == 0 and [1, 2].count(EqTrue()) == 2
l = [1, 2, 3]
l[1], l[2] = l[2], l[1]
assert l == [1, 3, 2] and l.__len__() == 3 and l.__contains__(3) and l.__getitem__(0) == 1
assert list.__add__([1], [2]) == [1, 2]
l.__init__([9])
assert l == [9]
assert list[int].__origin__ is list and type([]) is list and [].__class__ is list


# what moved into the list is not in the copy of the new items any more when finalizers run
class Finder:
    def __del__(self):
        for r in gc.get_referrers(new):
            if type(r) is list and r is not changed:
                r.clear()


new = [object(), list(range(100))]
changed = [Finder(), 1]
changed[0:1] = (x for x in [new, new])
new = None
junk = [[i] for i in range(1000)]
assert changed[0][1] == changed[1][1] == list(range(100)) and changed[2:] == [1]
