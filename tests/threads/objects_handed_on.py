"""Objects go from thread to thread through queues, with all that they refer to: whoever has the last reference ends each exactly once."""
import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from together import in_threads

ended = SimpleQueue()


class Part:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        ended.put(self.n)


class Item:
    def __init__(self, n):
        self.part = Part(n)
        self.pair = (n, [Part(-n - 1)])
        self.more = {"n": n}

    def use(self):
        other = self.part
        return other.n + self.pair[0] + self.pair[1][0].n + len(self.more)


def drain():
    found = []
    while not ended.empty():
        found.append(ended.get())
    return sorted(found)


# a chain: made here, used there, dropped by a third
first, second = SimpleQueue(), SimpleQueue()
N = 300


def make():
    for i in range(N):
        item = Item(i)
        assert item.use() == i
        first.put(item)
        assert item.part.n == i  # what `forget` leaves as it is
    first.put(None)


def use():
    while (item := first.get()) is not None:
        assert item.use() == item.part.n
        keep = item.part
        second.put(item)
        del item
        assert keep.n >= 0
        keep = None
    second.put(None)


def forget():
    while (item := second.get()) is not None:
        item.pair = None
        item.use2 = item.part
        del item


threads = [threading.Thread(target=f) for f in (make, use, forget)]
for t in threads:
    t.start()
for t in threads:
    t.join()
gc.collect()
assert drain() == list(range(-N, N)), "each once"

# the same objects in several hands at a time, and round again
ring = [SimpleQueue() for _ in range(4)]
items = [Item(i) for i in range(20)]
refs = [weakref.ref(i) for i in items]
for i, item in enumerate(items):
    ring[i % 4].put(item)
    ring[(i + 1) % 4].put(item)
items = item = None


def turn(me):
    for _ in range(400):
        try:
            item = ring[me].get(timeout=0.001)
        except Exception:
            continue
        for _ in range(3):
            assert item.use() == item.part.n
        alive = item
        ring[(me + 1) % 4].put(item)
        item = None
        assert alive.more["n"] == alive.part.n
        alive = None


in_threads(4, turn)
assert not drain()
alive = {id(r()) for r in refs if r() is not None}
assert len(alive) == 20
for q in ring:
    while not q.empty():
        item = q.get()
        assert item.use() == item.part.n
item = q = None
gc.collect()
assert drain() == list(range(-20, 20))
assert all(r() is None for r in refs)

# finalizers that bring what they get back, in a thread that did not make it
saved = SimpleQueue()


class Stubborn:
    def __del__(self):
        saved.put(self)


incoming = SimpleQueue()


def let_go(me):
    for _ in range(100):
        incoming.get()


for _ in range(200):
    incoming.put(Stubborn())
in_threads(2, let_go)
gc.collect()
assert saved.qsize() == 200
while not saved.empty():
    saved.get()

# tasks of a pool
with ThreadPoolExecutor(2) as pool:
    results = [pool.submit(lambda item: item.use(), Item(i)) for i in range(N)]
    assert [f.result() for f in results] == list(range(N))
del results
gc.collect()
assert drain() == list(range(-N, N))
