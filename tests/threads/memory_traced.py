# Threads allocate and free, each other's memory too, while others start and stop the tracing of it.
import tracemalloc
import _tracemalloc
from together import together

shared = [None] * 8


def work(n):
    def body():
        for i in range(400):
            shared[(n + i) % 8] = [bytearray(100 + i), {i: str(i)}, object()]
    return body


def look():
    for i in range(15):
        for domain, size, frames, total in _tracemalloc._get_traces():
            assert domain == 0 and size > 0 and 1 <= len(frames) <= total, (size, frames, total)
        now, peak = tracemalloc.get_traced_memory()
        assert 0 <= now <= peak, (now, peak)
        for o in shared:
            tb = tracemalloc.get_object_traceback(o)
            assert tb is None or tb[0].lineno > 0


def switch():
    for i in range(15):
        tracemalloc.start(1 + i % 4)
        tracemalloc.clear_traces()
        tracemalloc.stop()
    tracemalloc.start()


together(work(0), work(3), look, switch)
tracemalloc.stop()
shared.clear()
assert tracemalloc.get_traced_memory() == (0, 0)
