# run: timeout=180
# Threads that make cyclic garbage beside a large heap: automatic collections, full ones included, take nothing that is alive, and each finalizer runs once.
import gc
import threading

from together import together

LIVE, MADE, OLD = 130_000, 60_000, 200


class Node:
    def __init__(self, n=0):
        self.n, self.links = n, []


class Counted(Node):
    def __del__(self):
        done.append(self.n)


gc.disable()
live = [Node(i) for i in range(LIVE // 2)]
gc.collect()
gc.enable()
done = []


def garbage(which):
    """Most dies young; one in thirty is alive for a while, and dies old."""
    kept = [None] * OLD
    for i in range(MADE):
        node = Counted((which, i)) if i % 100 == 0 else Node(i)
        node.me, node.links = node, [node, live[i % len(live)]]
        if i % 30 == 0:
            kept[i // 30 % OLD] = node
    assert all(node.me is node and type(node.links[1]) is Node for node in kept)


def more_of_it():
    """The heap grows, so that full collections become due."""
    for i in range(LIVE // 2):
        node = Node(i)
        node.links.append(live[i])
        live.append(node)


together(lambda: garbage(0), lambda: garbage(1), more_of_it)
gc.collect()
assert sorted(done) == sorted((w, i) for w in (0, 1) for i in range(0, MADE, 100))
assert len(live) == LIVE and [live[i].n for i in (0, 1, LIVE // 2 - 1, LIVE // 2)] == [0, 1, LIVE // 2 - 1, 0]
assert gc.get_stats()[0]["collections"] > 5
