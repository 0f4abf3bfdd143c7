"""Threads that intern strs: each gets the text it asked for, and all of them the same object."""
import sys
from threading import Barrier, Thread

THREADS = 3
OWN_NAMES = 60_000
SHARED_NAMES = 20_000

barrier = Barrier(THREADS)
interned = [[] for _ in range(THREADS)]
wrong = []


def intern_fresh(number):
    barrier.wait()
    for i in range(OWN_NAMES):  # different names that fight for the same places in the table
        text = f"own {number} {i}"
        found = sys.intern(text)
        if found != text:
            wrong.append((text, found))


def intern_same(number):
    barrier.wait()
    for i in range(SHARED_NAMES):
        interned[number].append(sys.intern(f"shared {i}"))


for function in intern_fresh, intern_same:
    threads = [Thread(target=function, args=(number,)) for number in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()

assert not wrong, wrong
for i in range(SHARED_NAMES):
    assert interned[0][i] == f"shared {i}", (i, interned[0][i])
    assert all(names[i] is interned[0][i] for names in interned), i
