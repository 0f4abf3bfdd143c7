# Cycles made and dropped by many threads are collected; weak references and finalizers stay right
# meanwhile.
import gc
import threading
import weakref

from together import in_threads, together


class Node:
    def __init__(self):
        self.me = self
        self.other = [self]


finalised = []


class Watched(Node):
    def __del__(self):
        finalised.append(1)


def make(i):
    for _ in range(3_000):
        Node()
        a, b = Watched(), Node()
        a.other, b.other = b, a


in_threads(4, make)
gc.collect()
gc.collect()
assert len(finalised) == 12_000

kept = [Node() for _ in range(100)]
refs = [weakref.ref(n) for n in kept]
stop = threading.Event()


def look():
    alive = 0
    while not stop.is_set():
        for r in refs:
            n = r()
            if n is not None:
                assert n.me is n
                alive += 1
    return alive


def drop():
    try:
        while kept:
            kept.pop()
            gc.collect()
    finally:
        stop.set()


together(look, look, drop)
gc.collect()
assert all(r() is None for r in refs)

table = weakref.WeakValueDictionary()


def weak_values(i):
    for n in range(500):
        o = table.setdefault(n % 50, Node())
        assert o.me is o


in_threads(4, weak_values)
gc.collect()
assert len(table) == 0

shared = []


def churn(i):
    for n in range(2_000):
        shared.append([shared, Node()])
        if len(shared) > 50:
            shared.clear()


in_threads(4, churn)
gc.disable()
before = gc.collect()
gc.enable()
assert gc.isenabled() and len(gc.get_count()) == 3
