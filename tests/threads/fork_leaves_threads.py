"""The child of a fork goes on with objects that threads made which it does not have, and starts threads of its own."""
# run: timeout=120
import gc
import sys
import threading
import warnings

from together import forked

warnings.simplefilter("ignore", DeprecationWarning)
shared = {}
ready, go = threading.Barrier(4), threading.Event()


def owner(n):
    local = [[n, i, str(i) * 3] for i in range(500)]
    shared[n] = [[n, i, {str(i): local}] for i in range(500)]
    shared[n, "local"] = local
    ready.wait()
    go.wait()
    assert local[3] == [n, 3, "333"]


def child():
    for n in range(3):
        part = shared.pop(n)
        assert part[7][:2] == [n, 7]
        part.sort(key=lambda item: -item[1])
        del part
        shared[n, "local"].append(None)
    gc.collect()

    def again(n):
        mine = [[i] for i in range(2000)]
        shared[n, "new"] = mine
        shared.pop((n, "local"), None)
        return len(mine)

    threads = [threading.Thread(target=again, args=(n,)) for n in range(5)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for n in range(5):
        assert len(shared.pop((n, "new"))) == 2000
    gc.collect()
    for frame in sys._current_frames().values():
        assert frame.f_code


threads = [threading.Thread(target=owner, args=(n,)) for n in range(3)]
for t in threads:
    t.start()
ready.wait()
children = [forked(child) for _ in range(3)]
results = [wait() for wait in children]
go.set()
for t in threads:
    t.join()
assert results == [0, 0, 0], results
