# dict stores, setdefault, pop and update from many threads: nothing lost, one winner per key.
from together import in_threads

N, COUNT = 4, 10_000
shared = {}


def own_keys(i):
    for n in range(COUNT):
        shared[i, n] = n


in_threads(N, own_keys)
assert len(shared) == N * COUNT and all(shared[i, n] == n for i in range(N) for n in range(COUNT))

same = {}
winners = in_threads(N, lambda i: [same.setdefault(n, [i]) for n in range(COUNT)])
assert len(same) == COUNT
for n in range(COUNT):
    assert all(w[n] is same[n] for w in winners), 'setdefault gives every thread the same object'

popped = in_threads(N, lambda i: [n for n in range(COUNT) if same.pop(n, None) is not None])
assert same == {} and sorted(n for part in popped for n in part) == list(range(COUNT))

growing = {}


def write_and_read(i):
    for n in range(COUNT):
        growing[f'{i}:{n}'] = n
        assert growing[f'{i}:{n}'] == n
        if n % 7 == 0:
            del growing[f'{i}:{n}']


in_threads(N, write_and_read)
assert len(growing) == N * (COUNT - len(range(0, COUNT, 7)))

merged = {}
in_threads(N, lambda i: [merged.update({(i, n): 1, ('all', n): i}) for n in range(COUNT // 5)])
assert len(merged) == (N + 1) * (COUNT // 5)
