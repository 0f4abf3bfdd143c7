# itertools: every function on small inputs.
from itertools import *
from check import raises

assert list(accumulate([1, 2, 3])) == [1, 3, 6]
assert list(accumulate([1, 2], lambda a, b: a * b, initial=5)) == [5, 5, 10]
assert list(batched('abcde', 2)) == [('a', 'b'), ('c', 'd'), ('e',)]
assert list(chain('ab', [1])) == ['a', 'b', 1]
assert list(chain.from_iterable(['ab', 'c'])) == ['a', 'b', 'c']
assert list(combinations('abc', 2)) == [('a', 'b'), ('a', 'c'), ('b', 'c')]
assert list(combinations_with_replacement('ab', 2)) == [('a', 'a'), ('a', 'b'), ('b', 'b')]
assert list(permutations('abc', 2))[:3] == [('a', 'b'), ('a', 'c'), ('b', 'a')]
assert len(list(permutations(range(5)))) == 120 and list(combinations([], 0)) == [()]
assert list(compress('abcd', [1, 0, 1])) == ['a', 'c'] and list(islice(count(5, 2), 3)) == [5, 7, 9]
assert list(islice(cycle('ab'), 5)) == ['a', 'b', 'a', 'b', 'a']
assert list(dropwhile(lambda x: x < 3, [1, 3, 2])) == [3, 2]
assert list(takewhile(lambda x: x < 3, [1, 3, 2])) == [1]
assert list(filterfalse(None, [0, 1, ''])) == [0, '']
assert [(k, list(g)) for k, g in groupby('aabbb')] == [('a', ['a', 'a']), ('b', ['b', 'b', 'b'])]
assert [k for k, _ in groupby([1, 3, 2], lambda x: x % 2)] == [1, 0]
assert list(islice('abcdef', 1, 5, 2)) == ['b', 'd'] and list(islice('abc', 2)) == ['a', 'b']
assert list(islice('abc', 1, None)) == ['b', 'c']
assert list(pairwise('abc')) == [('a', 'b'), ('b', 'c')]
assert list(product('ab', [1, 2])) == [('a', 1), ('a', 2), ('b', 1), ('b', 2)]
assert list(product('ab', repeat=2))[3] == ('b', 'b') and list(product()) == [()]
assert list(repeat('x', 3)) == ['x'] * 3 and list(starmap(pow, [(2, 3), (3, 2)])) == [8, 9]
assert list(zip_longest('ab', [1], fillvalue='-')) == [('a', 1), ('b', '-')]
a, b = tee([1, 2, 3])
assert next(a) == 1 and list(b) == [1, 2, 3] and list(a) == [2, 3]
assert next(count(2 ** 62)) == 2 ** 62
assert list(islice(count(2 ** 62 - 1), 3)) == [2 ** 62 - 1, 2 ** 62, 2 ** 62 + 1]
assert list(islice(count(0.5, 0.5), 2)) == [0.5, 1.0]
assert repr(count(5)) == 'count(5)' and repr(repeat(1, 2)) == 'repeat(1, 2)'
assert repeat(1, 5).__length_hint__() == 5
raises(ValueError, 'n must be at least one', batched, 'a', 0)
raises(ValueError, 'batched(): incomplete batch', list, batched('abc', 2, strict=True))
raises(ValueError, 'Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.',
       islice, [], -1)
raises(ValueError, 'Step for islice() must be a positive integer or None.', islice, [], 1, 2, 0)
raises(ValueError, 'r must be non-negative', combinations, 'a', -1)
raises(TypeError, "'int' object is not iterable", chain.from_iterable, 5)
raises(TypeError, 'a number is required', count, 'a')
raises(ValueError, 'n must be >= 0', tee, [], -1)
raises(TypeError, "'int' object is not iterable", cycle, 5)
k, g = next(groupby('aab'))
assert list(g) == ['a', 'a'] and list(g) == []
it = iter([1, 2, 3, 4])
assert list(islice(it, 2)) == [1, 2] and next(it) == 3
