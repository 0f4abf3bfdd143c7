# tuple: construction, operators, comparison, hashing, nesting.
assert () == tuple() and (1,) == tuple([1]) and tuple('ab') == ('a', 'b')
assert (1, 2) + (3,) == (1, 2, 3) and (0,) * 3 == (0, 0, 0)
t = (1, 'a', None, (2, [3]))
assert len(t) == 4 and t[-1][1] == [3] and t[1:3] == ('a', None) and t.index('a') == 1
assert t.count(1) == 1 and 'a' in t and list(t)[2] is None
assert repr(()) == '()' and repr((1,)) == '(1,)' and repr((1, 'a')) == "(1, 'a')"
assert str(((),)) == '((),)'
assert (1, 2) == (1.0, 2) and (1, 2) < (1, 3) and (1,) < (1, 0) and () < (0,) and (1, 2) != [1, 2]
assert not (1, 2) < (1, 2)
assert hash((1, 2)) == hash((1.0, 2.0)) and hash(()) == hash(()) and {(1, 2): 'x'}[1, 2] == 'x'
assert len({(1, 2), (1, 2), (2, 1)}) == 2
t[3][1].append(4)
assert t == (1, 'a', None, (2, [3, 4]))
assert tuple(t) is t and t[:] is t and t * 1 == t
a, b = b, a = (1, 2)
assert (a, b) == (2, 1)
assert sorted([(2, 'a'), (1, 'b'), (1, 'a')]) == [(1, 'a'), (1, 'b'), (2, 'a')]
assert max((1, 5), (2, 0)) == (2, 0)
assert tuple(i for i in range(3)) == (0, 1, 2) and tuple({1: 2}) == (1,)
assert tuple(range(5))[::2] == (0, 2, 4)
nan = float('nan')
assert (nan,) == (nan,) and (nan, 1).count(nan) == 1
assert (1, 2).__contains__(2) and (1,).__add__((2,)) == (1, 2)
assert (1,).__eq__([1]) is NotImplemented and (1, 2).__hash__() == hash((1, 2))
x = tuple(range(1000))
assert sum(x) == 499500 and x[-1] == 999 and x + x == tuple(list(range(1000)) * 2)
assert hash(tuple(range(100))) == hash(tuple(range(100))) and (1, (2, (3,))) == (1, (2, (3,)))
assert ((1, 2), 3)[0][1] == 2
