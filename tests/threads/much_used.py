"""Objects that many threads count much: they live while somebody has them, and die after that.

Weft counts such objects in tables of the threads; their death waits for a collection, or for the
last thread but one to end.
"""
import gc
import sys
import threading
import weakref

from together import in_threads

N = 4
USES = 20_000


class Thing:
    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value


# what was used dies once the threads have ended
holder = [Thing([1]), Thing((object(), [2]))]
watched = [weakref.ref(t) for t in holder]


def use(n):
    for _ in range(USES):
        for thing in holder:
            inner = thing.value
            assert thing.get() is inner
    return inner


assert len(set(map(id, in_threads(N, use)))) == 1
assert all(r() is t for r, t in zip(watched, holder))
inner = thing = None
del holder[:]
gc.collect()
assert [r() for r in watched] == [None, None]

# while threads go on, what others let go of dies at a collection, its finalizer run once
died = []


class Final(Thing):
    def __del__(self):
        died.append(self.value)


places = [Final(i) for i in range(8)]
stop = threading.Event()


def read(n):
    while not stop.is_set():
        for i in range(len(places)):
            thing = places[i]
            if thing is not None:
                assert thing.get() == i
        thing = None


def write(n):
    try:
        for i in range(len(places)):
            for _ in range(USES):
                thing = places[i]
            thing = None
            places[i] = None
        for _ in range(100):
            gc.collect()
            if len(died) == len(places):
                break
    finally:
        stop.set()


in_threads(N, lambda n: write(n) if n == 0 else read(n))
gc.collect()
assert sorted(died) == list(range(len(places))), died

# they can be parts of cycles
cycle = Thing(None)
cycle.value = cycle
watched = weakref.ref(cycle)


def around(n):
    c = cycle
    for _ in range(USES):
        c = c.value


in_threads(N, around)
del cycle
gc.collect()
assert watched() is None

# counts are right again in the end, the owner's and everybody's
one = object()
box = [one]
before = sys.getrefcount(one)


def take(n):
    for _ in range(USES):
        got = box[0]


in_threads(N, take)
assert sys.getrefcount(one) == before, (sys.getrefcount(one), before)

# more of them than a table has room for at first
many = [[i] for i in range(3000)]


def run_over(n):
    total = 0
    for _ in range(60):
        for item in many:
            total += item[0]
    return total


assert len(set(in_threads(N, run_over))) == 1
del many[:]
