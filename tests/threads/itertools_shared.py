# Every kind of iterator of itertools used by several threads at once: no crash, no item from nowhere; where the documentation says so,
# each item once.
import itertools as it
import operator
from collections import Counter

from together import in_threads

N, SIZE = 4, 2000


def drain(iterator):
    def take(i):
        got = []
        while True:
            try:
                got.append(next(iterator))
            except StopIteration:
                return got
            except ValueError as error:     # a generator below that another thread is in
                assert 'already executing' in str(error), error
            except RuntimeError as error:   # tee
                assert 'tee' in str(error) or 'groupby' in str(error), error
    return sum(in_threads(N, take), [])


def source():
    return iter(range(SIZE))


# each item once
for make, expected in (
        (lambda: it.islice(it.count(), SIZE), None),
        (lambda: it.product(range(40), range(50)), list(it.product(range(40), range(50)))),
        (lambda: it.permutations(range(6), 4), list(it.permutations(range(6), 4))),
        (lambda: it.combinations(range(14), 4), list(it.combinations(range(14), 4))),
        (lambda: it.combinations_with_replacement(range(9), 4), list(it.combinations_with_replacement(range(9), 4))),
        (lambda: it.repeat('x', SIZE), ['x'] * SIZE),
        (lambda: it.tee(source())[0], list(range(SIZE))),
        (lambda: it.takewhile(lambda x: x < SIZE, source()), None),
        (lambda: it.filterfalse(lambda x: False, source()), None),
        (lambda: filter(None, it.chain(range(1, SIZE))), None),
        (lambda: map(abs, source()), None),
        (lambda: it.starmap(abs, ((x,) for x in range(SIZE))), None),
        (lambda: it.dropwhile(lambda x: x < 0, source()), None),
        (lambda: it.compress(source(), it.repeat(1)), None),
        (lambda: it.chain(range(SIZE // 2), range(SIZE // 2, SIZE)), None),
        (lambda: it.chain.from_iterable([n] for n in range(SIZE)), None)):
    got = Counter(drain(make()))
    if expected is not None:
        assert got == Counter(expected), make()
    else:
        assert all(n == 1 and x in range(SIZE) for x, n in got.items()), got.most_common(3)

# what comes together is open, but nothing comes twice
for x in (0, 1):
    got = drain(zip(source(), source()))
    assert len({pair[x] for pair in got}) == len(got)
    got = drain(it.zip_longest(source(), iter(range(SIZE - 100)), fillvalue=-1))
    column = [pair[x] for pair in got if pair[x] != -1]
    assert len(set(column)) == len(column)
batches = drain(it.batched(source(), 7))
assert all(type(b) is tuple and 0 < len(b) <= 7 for b in batches)
assert max(Counter(sum(batches, ())).values()) == 1
assert all(type(p) is tuple and len(p) == 2 and all(type(n) is int for n in p) for p in drain(it.pairwise(source())))
assert all(type(n) is int for n in drain(it.accumulate(source())))
assert all(type(n) is int for n in drain(it.accumulate(source(), operator.mul, initial=1)) if n < 10**9)

# a cycle, first and later rounds
cycle = it.cycle(iter(range(10)))
got = Counter(sum(in_threads(N, lambda i: [next(cycle) for _ in range(1000)]), []))
assert set(got) == set(range(10)), got

# branches of one tee in a thread each
for _ in range(20):
    branches = it.tee(source(), N)
    for part in in_threads(N, lambda i: [x for x in branches[i]]):
        assert part == list(range(SIZE))

# one branch in two threads, another in a third: each item once in both
for _ in range(40):
    left, right = it.tee(source())
    parts = in_threads(3, lambda i: list(right) if i == 2 else [x for x in left])
    assert sorted(parts[0] + parts[1]) == parts[2] == list(range(SIZE))

# groups that go out of date
groups = it.groupby(n // 10 for n in range(SIZE))


def take_groups(i):
    taken = []
    while True:
        try:
            key, group = next(groups)
            taken.extend((key, item) for item in group)
        except StopIteration:
            return taken
        except ValueError as error:
            assert 'already executing' in str(error), error


assert all(key == item for part in in_threads(N, take_groups) for key, item in part) in (True, False)

count = it.count(0.0, 0.5)
got = sum(in_threads(N, lambda i: [next(count) for _ in range(1000)]), [])
assert sorted(got) == [n / 2 for n in range(N * 1000)]
big = it.count(2**62 - 100)
got = sum(in_threads(N, lambda i: [next(big) for _ in range(100)]), [])
assert sorted(got) == list(range(2**62 - 100, 2**62 + 300))

# looked at while used
for make in (lambda: it.repeat(1, 500), lambda: it.count(), lambda: it.product('ab', repeat=5), lambda: it.cycle('abc')):
    iterator = make()
    in_threads(N, lambda i: [(repr(iterator), next(iterator, None), operator.length_hint(iterator, 3)) for _ in range(300)])
