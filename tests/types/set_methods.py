# set and frozenset: construction, methods, operators, comparison.
for S in (set, frozenset):
    s = S([1, 2, 3, 2])
    assert len(s) == 3 and 1 in s and 9 not in s and S() == S([]) and S('aab') == {'a', 'b'}
    assert sorted(s) == [1, 2, 3] and S(s) == s
    assert s | {4} == {1, 2, 3, 4} and s & {2, 9} == {2} and s - {1} == {2, 3}
    assert s ^ {3, 4} == {1, 2, 4} and type(s | {1}) is S and type({1} | s) is set
    assert s.union([4], (5,)) == {1, 2, 3, 4, 5} and s.intersection([1, 2], {2}) == {2}
    assert s.difference([1], [2]) == {3} and s.symmetric_difference([1, 9]) == {2, 3, 9}
    assert s.issubset([1, 2, 3, 4]) and s.issuperset([1]) and s.isdisjoint([7]) and s <= {1, 2, 3}
    assert s < {1, 2, 3, 4} and s >= {1} and not s < s and s.copy() == s
    assert s == {3, 2, 1} and s != {1} and not s == [1, 2, 3] and s == frozenset([1, 2, 3])
    assert bool(S()) is False and S([1]) == {1.0} == {True}
    assert not S([1]) < S([2]) and not S([1]) > S([2]) and S() <= S() and s.union() == s
    assert s.intersection() == s
s = {1}
s.add(2)
s.add(2)
s.discard(9)
s.discard(1)
s.remove(2)
assert s == set()
s.update([1], 'a', {2: 0})
assert s == {1, 'a', 2}
s |= {3}
s &= {1, 2, 3}
s -= {1}
s ^= {3, 4}
assert s == {2, 4} and s.pop() in (2, 4) and len(s) == 1
s.clear()
s.intersection_update([1])
s.difference_update([1])
s.symmetric_difference_update([1])
assert s == {1}
assert repr(set()) == 'set()' and repr({1}) == '{1}' and repr(frozenset()) == 'frozenset()'
assert repr(frozenset([1])) == 'frozenset({1})'
assert hash(frozenset([1, 2])) == hash(frozenset([2, 1]))
assert {frozenset([1]): 'x'}[frozenset([1])] == 'x' and frozenset() is not None
# a set looks itself up as a frozenset
assert {1} in [{1}] and {frozenset({1})} == {frozenset({1})} and {1} in {frozenset({1})}
f = frozenset([1])
f |= {2}
assert f == {1, 2} and type(f) is frozenset and frozenset(f) is f and f.copy() is f
big = set(range(10_000))
assert len(big) == 10_000 and 9_999 in big and sum(big) == 49995000
big -= set(range(0, 10_000, 2))
assert len(big) == 5_000 and 2 not in big and 3 in big
big.update(str(i) for i in range(1000))
assert '999' in big and len(big) == 6_000
for i in range(20_000):
    big.add(-i - 1)
    big.discard(-i)
assert len(big) == 6_001
assert {x % 3 for x in range(10)} == {0, 1, 2} and {*'ab', *[1]} == {'a', 'b', 1}
nan = float('nan')
assert len({nan, nan, float('nan')}) == 2 and nan in {nan}


class Same:
    def __hash__(self):
        return 1


many = {Same() for _ in range(100)}
assert len(many) == 100 and all(x in many for x in many)


class Sub(set):
    pass


assert type(Sub([1]) | {2}) is set
assert Sub([1]).union([2]) == {1, 2} and Sub('a') == {'a'} and isinstance(Sub(), set)
assert set('abc') - set('b') == {'a', 'c'} and set([1, 2]).__contains__(1)
assert {1}.__or__([2]) is NotImplemented
assert max({3, 1, 2}) == 3 and list({5}) == [5] and {1, 2}.isdisjoint(iter([3, 4]))
assert set.union({1}, {2}) == {1, 2}
