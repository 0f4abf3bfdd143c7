# run: timeout=180
# Collections of a large heap, which run in slices, while other threads change it, make garbage, fork and start programs.
import gc
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
import weakref

from together import together

LIVE = 130_000
ROUNDS = 4


class Node:
    def __init__(self, n=0):
        self.n, self.links = n, []


gc.disable()
live = [Node(i) for i in range(LIVE // 2)]
over = threading.Event()


def churn(which):
    """Moves what is alive from one place to another, without a reference more or less in between."""
    kept = list(range(100))
    at = which
    while not over.is_set():
        for i in range(100):
            node = Node(i)
            node.me = node
            kept[i] = node
            a, b = live[at % len(live)], live[at * 7 % len(live)]
            a.links.append(kept[i])
            if b.links:
                b.links.append(b.links.pop(0))
                kept[i - 1] = b.links.pop()
            a.links[:-3] = []
            at += 2
    for node in kept:
        assert isinstance(node, int) or node.me is node


def moving():
    """The one reference to a structure goes from hand to hand: it is never garbage."""
    box = [[Node(-1)]]
    box[0][0].self = box[0][0]
    holders = live[5], live[-5]
    i = 0
    while not over.is_set():
        holders[i % 2].box = box.pop()
        i += 1
        box.append(holders[(i + 1) % 2].box)
        del holders[(i + 1) % 2].box
    assert box[0][0].n == -1 and box[0][0].self is box[0][0]


deleted = []


def hand_back():
    held = None
    while True:
        sent = yield held
        held = held if sent is None else sent


def uncounted():
    """Classes and a function go to and fro between a list and who holds them without counting them:
    an instance that is given its class, new ones, and the registers of generators."""
    early, late = live[-1000], live[1000]
    generators = early.generators = hand_back(), hand_back()
    for generator in generators:
        next(generator)
    for i in itertools.count():
        late.box = [type('Fresh', (Node,), {'number': i, 'get': lambda self: type(self).number}) for _ in range(3)]
        late.box.append(lambda n=i: n)
        for move in range(4):
            early.__class__ = late.box.pop(0)
            new = late.box.pop(0)()
            for generator in generators:
                generator.send(late.box.pop(0))
            time.sleep((i * 5 + move * 3) % 11 / 1000)
            if move < 3:
                late.box = [type(early), type(new), next(generators[0]), next(generators[1])]
                early.__class__, new = Node, None
                for generator in generators:
                    generator.send(0)
                time.sleep((i * 3 + move * 7) % 13 / 1000)
        time.sleep(0.1)
        assert type(early).number == early.get() == type(new).number == new.get() == i
        assert next(generators[0]).number == next(generators[1])() == i
        early.__class__ = Node
        if over.is_set():
            break


class Finalized:
    def __del__(self):
        deleted.append(self.n)


saved = []


class Saved:
    def __del__(self):
        saved.append(self.data)


def collect():
    try:
        for i in range(ROUNDS):
            for n in range(500):
                f = Finalized()
                f.n, f.me = n, f
            refs, called = [], []
            for n in range(500):
                a, b = Node(), Node()
                a.other, b.other = b, a
                refs.append(weakref.ref(a, called.append))
            unheard = []                          # a reference that is garbage with its target calls nobody
            a.ref = weakref.ref(b, unheard.append)
            s = Saved()
            s.data = {'s': [s]}
            first = previous = Node()
            for n in range(20_000):               # one component that is larger than a batch
                node = Node()
                node.previous, previous.next = previous, node
                previous = node
            first.previous = previous
            refs.append(weakref.ref(first, called.append))
            for n in range(5):
                class C:
                    def method(self):
                        return C
                c = C()
                c.c = c
                refs.append(weakref.ref(C, called.append))
            f = a = b = s = c = C = first = previous = node = None
            found = gc.collect()
            assert found > 21_000, found
            assert sorted(deleted) == sorted(list(range(500)) * (i + 1))
            assert not any(r() for r in refs) and len(called) == len(refs) and not unheard
            assert len(saved) == i + 1 and all(d['s'][0].data is d for d in saved)
    finally:
        over.set()


together(lambda: churn(0), lambda: churn(1), moving, uncounted, collect)
assert all(node.n == i for i, node in enumerate(live))
saved.clear()
assert gc.collect() > 0

# automatic ones
gc.enable()
over.clear()
seen = []
gc.callbacks.append(lambda phase, info: seen.append((phase, info['generation'])))


def grow():
    try:
        more = []
        for i in range(LIVE):
            node = Node(i)
            node.me = node
            if i % 3:
                more.append(node)
        assert all(node.me is node for node in more)
    finally:
        over.set()


together(lambda: churn(0), moving, uncounted, grow, grow)
gc.callbacks.clear()
seen = seen[:len(seen) // 2 * 2]
assert seen and seen[0][0] == 'start'
assert all(node.n == i for i, node in enumerate(live))

# the program forks and waits meanwhile, and sees no children but its own
if sys.platform == 'linux':
    import warnings
    warnings.simplefilter('ignore', DeprecationWarning)
    over.clear()
    children = []
    signal.signal(signal.SIGCHLD, lambda number, frame: children.append(number))

    def collect_on():
        while not over.is_set():
            gc.collect()

    def start():
        try:
            for i in range(3):
                pid = os.fork()
                if pid == 0:
                    try:
                        node = Node()
                        node.me, ref = node, weakref.ref(node)
                        node = None
                        gc.collect()
                        os._exit(7 if ref() is None else 8)
                    finally:
                        os._exit(9)
                got, status = os.wait()
                assert got == pid and os.waitstatus_to_exitcode(status) == 7, status
                assert subprocess.run([sys.executable, '-c', 'print(3)'], capture_output=True).stdout == b'3\n'
            try:
                os.wait()
                raise AssertionError('a child too many')
            except ChildProcessError:
                pass
        finally:
            over.set()

    together(lambda: churn(0), collect_on, start)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    assert children

# asked for by several at once, with what is frozen, and looked at
over.clear()


def freeze():
    try:
        for i in range(3):
            gc.freeze()
            gc.collect()
            gc.unfreeze()
            gc.collect(0)
            assert len(gc.get_referrers(live)) >= 1
    finally:
        over.set()


together(lambda: churn(0), lambda: [gc.collect() for _ in range(3)], freeze)
assert all(node.n == i for i, node in enumerate(live))
