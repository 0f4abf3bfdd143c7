# list.append, extend, pop and insert from many threads lose nothing and tear nothing.
from together import in_threads

N, COUNT = 4, 20_000
shared = []


def append(i):
    for n in range(COUNT):
        shared.append((i, n))


in_threads(N, append)
assert len(shared) == N * COUNT
for i in range(N):
    # Each thread's own order is kept.
    assert [n for who, n in shared if who == i] == list(range(COUNT))

numbers = []
in_threads(N, lambda i: [numbers.extend([i] * 5) for _ in range(COUNT // 10)])
assert len(numbers) == N * COUNT // 2 and all(numbers.count(i) == COUNT // 2 for i in range(N))
assert all(numbers[k:k + 5] == [numbers[k]] * 5
           for k in range(0, len(numbers), 5)), 'extend by a list is one step'

full = list(range(N * COUNT))
taken = in_threads(N, lambda i: [full.pop() for _ in range(COUNT)])
assert full == [] and sorted(x for part in taken for x in part) == list(range(N * COUNT))


def pushing_and_popping(i):
    got = []
    for n in range(COUNT // 4):
        mixed.insert(0, (i, n))
        got.append(mixed.pop())
    return got


mixed = []
out = in_threads(N, pushing_and_popping)
assert mixed == []
assert sorted(x for part in out for x in part) == [(i, n) for i in range(N)
                                                   for n in range(COUNT // 4)]
