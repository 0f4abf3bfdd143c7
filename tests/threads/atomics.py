# threading.AtomicInteger and AtomicReference: no update is lost. (Weft only.)
import threading

from together import in_threads

if not hasattr(threading, 'AtomicInteger'):
    print('SKIP no AtomicInteger here')
    raise SystemExit

N, ROUNDS = 4, 3000
counter, big, total = threading.AtomicInteger(), threading.AtomicInteger(2 ** 62), threading.AtomicInteger(0)


def count(i):
    seen = []
    for n in range(ROUNDS):
        seen.append(counter.increment())
        total.add(n)
        big.increment()
        big.decrement()
        while True:
            old = total.get()
            if total.compare_and_set(old, old + 1):
                break
    return seen


seen = sum(in_threads(N, count), [])
assert sorted(seen) == list(range(1, N * ROUNDS + 1)) and counter.get() == N * ROUNDS == int(counter)
assert total.get() == N * (sum(range(ROUNDS)) + ROUNDS) and big.get() == 2 ** 62

chain = threading.AtomicReference(())
swapped = threading.AtomicReference(None)


def push(i):
    got = []
    for n in range(ROUNDS):
        chain.update(lambda rest: ((i, n), rest))
        got.append(swapped.exchange((i, n)))
    return got


got = sum(in_threads(N, push), [])
items, rest = [], chain.get()
while rest:
    item, rest = rest
    items.append(item)
assert sorted(items) == [(i, n) for i in range(N) for n in range(ROUNDS)]
got = [x for x in got if x is not None] + [swapped.get()]
assert sorted(got) == sorted(items)

lock = threading.AtomicReference(None)
inside = []


def enter(i):
    mine = object()
    for n in range(300):
        while not lock.compare_and_set(None, mine):
            pass
        assert lock.get() is mine
        inside.append(i)
        assert lock.compare_and_set(mine, None)


in_threads(N, enter)
assert len(inside) == N * 300
