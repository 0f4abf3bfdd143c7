# One profiler, many threads: each call is counted once, whichever thread it was in, while others look, clear, and switch it.
import _lsprof
import sys
from together import together


def leaf(n):
    return n


def work():
    for i in range(300):
        leaf(i)


def switches():
    for _ in range(20):
        sys.getswitchinterval()


profiler = _lsprof.Profiler()
profiler.enable()
together(work, work, work, switches)
profiler.disable()
counts = {e.code.co_name: e for e in profiler.getstats() if not isinstance(e.code, str)}
assert counts["leaf"].callcount == 900 and counts["work"].callcount == 3, counts
assert [c.callcount for c in counts["work"].calls if c.code is leaf.__code__] == [900]

profiler.clear()


def look():
    for _ in range(10):
        for e in profiler.getstats():
            assert e.callcount > 0 and e.reccallcount >= 0


def clear():
    for _ in range(10):
        profiler.clear()
        look()


def switch():
    for _ in range(10):
        try:
            profiler.enable()
        except ValueError:
            pass
        profiler.disable()


profiler.enable()
together(work, work, look, clear, switch)
profiler.disable()
