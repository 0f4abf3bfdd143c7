# run: timeout=120
# __del__ and the callbacks of weak references run once, wherever the last reference goes: on a thread that did not make the object, in a
# collection that another asked for, at the end of a thread; and what a finalizer rescues lives on.
import gc
import queue
import threading
import weakref
from collections import Counter

from together import in_threads, together

ROUNDS = 300
died, called = [], []    # lists: a lock could be held by the very thread that a finalizer interrupts


class Thing:
    def __init__(self, n):
        self.n, self.me = n, None

    def __del__(self):
        died.append(self.n)


def gone(n):
    def callback(ref):
        assert ref() is None
        called.append(n)
    return callback


refs = []


def make(n, cycle):
    thing = Thing(n)
    if cycle:
        thing.me = thing
    refs.append(weakref.ref(thing, gone(n)))
    return thing


# made here, dropped there
boxes = queue.SimpleQueue()
ends = object()


def maker(i):
    for n in range(ROUNDS):
        boxes.put(make((i, n), n % 5 == 0))


def dropper():
    while True:
        box = boxes.get()
        if box is ends:
            return
        del box


droppers = [threading.Thread(target=dropper) for _ in range(2)]
for t in droppers:
    t.start()
together(lambda: maker(0), lambda: maker(1), lambda: [gc.collect(n % 3) for n in range(20)])
for t in droppers:
    boxes.put(ends)
for t in droppers:
    t.join()
gc.collect()
wanted = Counter((i, n) for i in range(2) for n in range(ROUNDS))
assert Counter(died) == wanted, wanted - Counter(died)
assert Counter(called) <= wanted
assert not (wanted - Counter(called)).keys() - {key for key in wanted if key[1] % 5 == 0}

# dropped by whoever comes last
died.clear(), called.clear(), refs.clear()
slots = [None] * 50


def exchange(i):
    for n in range(ROUNDS):
        k = (n * 7 + i) % 50
        slots[k] = make((i, n), False)
        other = slots[(k * 3) % 50]
        assert other is None or type(other.n) is tuple
        del other


in_threads(4, exchange)
slots.clear()
gc.collect()
assert Counter(died) == Counter(called) == Counter((i, n) for i in range(4) for n in range(ROUNDS))

# objects that a thread's end drops: its locals, threading.local, its target's arguments
died.clear(), called.clear(), refs.clear()
local = threading.local()


def leave(i, thing):
    local.thing = make(('local', i), False)
    mine = make(('mine', i), True)
    assert thing.n == ('argument', i) and mine.n


threads = [threading.Thread(target=leave, args=(i, make(('argument', i), False))) for i in range(20)]
for t in threads:
    t.start()
for t in threads:
    t.join()
del threads, t
gc.collect()
assert Counter(died) == Counter((kind, i) for kind in ('local', 'mine', 'argument') for i in range(20)), Counter(died)

# rescued: it lives, and its finalizer is not run again
saved = []


class Phoenix:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        saved.append(self)


def burn(i):
    for n in range(ROUNDS):
        p = Phoenix((i, n))
        p.me = p if n % 4 == 0 else None
        del p


together(lambda: burn(0), lambda: burn(1), lambda: [gc.collect() for _ in range(10)])
gc.collect()
assert Counter(p.n for p in saved) == Counter((i, n) for i in range(2) for n in range(ROUNDS))
saved.clear()
gc.collect()
assert not saved

# a finalizer that takes a lock that its thread may hold already, through a queue made for that
logged = queue.SimpleQueue()


class Logs:
    def __del__(self):
        logged.put(1)


def make_logs(i):
    for _ in range(ROUNDS):
        Logs()
        x = Logs()
        x.me = x


in_threads(3, make_logs)
gc.collect()
assert logged.qsize() == 3 * ROUNDS * 2

# weakref.finalize, from all threads: each once
done = []


def finalize_one(i, n):
    x = Thing(('f', i, n))
    f = weakref.finalize(x, done.append, (i, n))
    if n % 3 == 0:
        f()
    elif n % 3 == 1:
        assert f.detach()
    del x


in_threads(3, lambda i: [finalize_one(i, n) for n in range(100)])
gc.collect()
assert Counter(done) == Counter((i, n) for i in range(3) for n in range(100) if n % 3 != 1)
