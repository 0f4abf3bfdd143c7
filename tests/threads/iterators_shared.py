# One generator or iterator used by several threads: every item goes to exactly one, or the use is
# refused.
import itertools
from collections import deque

from together import in_threads

N = 4


def items(n):
    yield from range(n)


g, refused = items(5_000), []


def take(i):
    got = []
    while True:
        try:
            got.append(next(g))
        except ValueError as error:
            assert str(error) == 'generator already executing'
            refused.append(1)
        except StopIteration:
            return got


out = in_threads(N, take)
assert sorted(x for part in out for x in part) == list(range(5_000))

counter = itertools.count()
out = in_threads(N, lambda i: [next(counter) for _ in range(3_000)])
assert sorted(x for part in out for x in part) == list(range(N * 3_000))
assert next(counter) == N * 3_000

it = iter(list(range(8_000)))


def drain(i):
    return [x for x in it]


out = in_threads(N, drain)
assert set(x for part in out for x in part) == set(range(8_000))

# each item once, also while others use what is gone through
for lender in deque(range(20_000)), bytearray(20_000):
    it, at_work = iter(lender), [1, 1]

    def drain_beside(i):
        if i >= 2:
            while any(at_work):
                lender[5], lender[7]
            return []
        got = drain(i)
        at_work[i] = 0
        return got

    out = in_threads(4, drain_beside)
    assert sorted(x for part in out for x in part) == sorted(lender)

for make in (lambda: iter(range(3_000)), lambda: enumerate(range(3_000)),
             lambda: zip(range(3_000), range(3_000)),
             lambda: map(str, range(3_000)), lambda: iter({i: i for i in range(3_000)}),
             lambda: reversed(list(range(3_000)))):
    it = make()
    out = in_threads(N, drain)
    # These may repeat or skip under a race; they must not crash or tear.
    assert sum(map(len, out)) >= 2_990
