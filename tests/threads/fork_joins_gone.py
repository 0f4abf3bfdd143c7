# In the child of a fork the threads of the parent have ended: they can be joined, the main one too.
import os
import threading
import warnings

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
    return 0 if results == [False] * 3 and threading.main_thread() is threading.current_thread() else 1


def fork():
    pid = os.fork()
    if pid == 0:
        code = 2
        try:
            code = in_child()
        finally:
            os._exit(code)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


forker = threading.Thread(target=fork)
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
pid = os.fork()
if pid == 0:
    os._exit(0 if sys.modules["half made"] is os and not _imp.lock_held() else 1)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
t.join()
assert code == 0, code
