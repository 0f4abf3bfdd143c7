# gc's questions about all objects, asked while other threads make, change and drop them.
import gc
import sys
import threading
import weakref

from together import together

ROUNDS = 30
over = threading.Event()


class Node:
    def __init__(self, n):
        self.n, self.links = n, []


def churn():
    kept, n = [], 0
    while not over.is_set():
        node = Node(n)
        node.links.append(node)
        node.extra = {n: [node, (node, n)], 'set': {n}}
        kept.append(node)
        if len(kept) > 50:
            for node in kept[::2]:
                del node.links[:]
            kept.clear()
        n += 1
        shared.append(node)
        if len(shared) > 100:
            del shared[:50]
    return n


shared = []
marker = Node(-1)
holder = [marker]
table = {'marker': marker}


def ask():
    try:
        for i in range(ROUNDS):
            objects = gc.get_objects(i % 4 - 1 if i % 4 else None)
            assert len(objects) >= 0
            for o in objects[:2000:7]:
                type(o), sys.getrefcount(o), gc.is_tracked(o), gc.is_finalized(o)
                gc.get_referents(o)
            del objects
            o = None
            referrers = gc.get_referrers(marker)
            assert any(r is holder for r in referrers) and any(r is table for r in referrers), len(referrers)
            del referrers
            assert marker in gc.get_referents(holder)
            if i % 5 == 0:
                gc.collect(i % 3)
                assert gc.get_count() and gc.get_stats() and gc.get_threshold()
            if i % 20 == 0:
                gc.freeze()
                assert gc.get_freeze_count() >= 0
                gc.unfreeze()
    finally:
        over.set()


calls = []
gc.callbacks.append(lambda phase, info: calls.append(phase))
results = together(churn, churn, ask)
assert results[0] > 0 and calls.count('start') > 0
gc.callbacks.clear()
refs = [weakref.ref(o) for o in shared]
shared.clear()
gc.collect()
gc.collect()
assert all(r() is None for r in refs)

# collecting from all sides, switched off and on
over.clear()


def collect():
    try:
        for i in range(ROUNDS):
            gc.collect(i % 3)
            gc.disable() if i % 2 else gc.enable()
            gc.set_threshold(50 + i)
    finally:
        gc.enable()


def wait_for_both():
    together(collect, collect)
    over.set()


together(churn, churn, wait_for_both)
assert gc.isenabled()
