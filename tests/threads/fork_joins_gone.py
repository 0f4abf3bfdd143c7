# In the child of a fork the threads of the parent have ended: they can be joined, the main one too.
import os
import threading
import warnings

from together import forked

warnings.simplefilter("ignore")
main, gate = threading.main_thread(), threading.Event()
others = [threading.Thread(target=gate.wait, daemon=daemon) for daemon in (False, True)]
for t in others:
    t.start()
codes = []


def in_child():
    results = []

    def join():
        for t in (main, *others):
            t.join()
            results.append(t.is_alive())

    t = threading.Thread(target=join)
    t.start()
    t.join()
    assert results == [False] * 3 and threading.main_thread() is threading.current_thread()


forker = threading.Thread(target=lambda: codes.append(forked(in_child)()))
forker.start()
forker.join()
gate.set()
for t in others:
    t.join()
assert codes == [0], codes

# while another thread is in the middle of an import the fork waits for it
import _imp
import sys

started, halves = threading.Event(), []


def importer():
    _imp.acquire_lock()
    sys.modules["half made"] = None
    started.set()
    for _ in range(1000):
        threading.get_ident()
    sys.modules["half made"] = os
    _imp.release_lock()


t = threading.Thread(target=importer)
t.start()
started.wait()


def imported_whole():
    assert sys.modules["half made"] is os and not _imp.lock_held()


code = forked(imported_whole)()
t.join()
assert code == 0, code
