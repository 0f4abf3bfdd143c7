# One generator or iterator used by several threads: every item goes to exactly one, or the use is
# refused.
import array
import itertools
import sys
import threading
from collections import deque

from together import in_threads, together

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



class Number(int):
    def __add__(self, step):
        if sys.implementation.name != 'cpython' and not taken_meanwhile:  # CPython gives it out twice
            taken_meanwhile.append(None)
            taken_meanwhile.append(together(lambda: next(counter))[0])
        return Number(int(self) + step)


taken_meanwhile = []
counter = itertools.count(Number(0), 2)
taken = [next(counter) for _ in range(3)] + taken_meanwhile[1:]
assert sorted(taken) == list(range(0, 2 * len(taken), 2))

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

# two at the end, while more is added and another thread works with the whole: no item is left out
for make, work in (bytearray, lambda b: b.translate(bytes(256))), (lambda b: array.array('B', b), lambda a: a.count(1)):
    ends = []
    for _ in range(100):
        lender = make(bytes(30_000))
        ends.append((lender, iter(lender)))
        ends[-1][1].__setstate__(len(lender))
    meet = threading.Barrier(4)

    def at_each_end(call):
        results = []
        for lender, it in ends:
            meet.wait()
            results.append(call(lender, it))
        return results

    def take_one(lender, it):
        return next(it, None)

    calls = take_one, take_one, lambda lender, it: lender.extend(b'\1\2'), lambda lender, it: work(lender)
    for first, second, *_ in zip(*together(*[lambda call=call: at_each_end(call) for call in calls])):
        assert {first, second} in ({None}, {None, 1}, {1, 2}), (first, second)

for make in (lambda: iter(range(3_000)), lambda: enumerate(range(3_000)),
             lambda: zip(range(3_000), range(3_000)),
             lambda: map(str, range(3_000)), lambda: iter({i: i for i in range(3_000)}),
             lambda: reversed(list(range(3_000)))):
    it = make()
    out = in_threads(N, drain)
    # These may repeat or skip under a race; they must not crash or tear.
    assert sum(map(len, out)) >= 2_990
