# What tracemalloc tells: sizes, places, peaks; that nothing is kept once it is stopped.
import subprocess
import sys
import tracemalloc
import _tracemalloc
from check import raises

HERE = __file__


def make(n):
    return bytearray(n)


def outer(n):
    return make(n)


assert not tracemalloc.is_tracing()
assert _tracemalloc._get_traces() == [] and tracemalloc.get_traced_memory() == (0, 0)
raises(ValueError, "the number of frames must be in range [1; 65535]", tracemalloc.start, 0)
raises(ValueError, "the number of frames must be in range [1; 65535]", tracemalloc.start, 65536)
raises(RuntimeError, "the tracemalloc module must be tracing memory allocations to take a snapshot", tracemalloc.take_snapshot)

before = bytearray(5000)
tracemalloc.start(3)
tracemalloc.start(7)            # is on already: nothing changes
assert tracemalloc.is_tracing() and tracemalloc.get_traceback_limit() == 3
small, peak = tracemalloc.get_traced_memory()
kept = outer(100_000)
now, peak = tracemalloc.get_traced_memory()
assert 100_000 <= now - small < 101_000 and peak >= now, (small, now, peak)
assert tracemalloc.get_tracemalloc_memory() > 0

first = make.__code__.co_firstlineno
tb = tracemalloc.get_object_traceback(kept)
assert [f.filename for f in tb] == [HERE] * 3, tb
assert [f.lineno for f in tb][1:] == [first + 5, first + 1], tb
assert tb.total_nframe in (None, 3)   # not told of an object
assert tracemalloc.get_object_traceback(before) is None
assert tracemalloc.get_object_traceback(3) is None
trace, = [t for t in _tracemalloc._get_traces() if t[1] >= 100_000]
assert trace[0] == 0 and trace[2][0] == (HERE, first + 1) and trace[3] == 3, trace
same = [outer(10_000) for _ in range(2)]
two = [t for t in _tracemalloc._get_traces() if 10_000 <= t[1] < 11_000]
assert len(two) == 2 and two[0][2] is two[1][2], two

# buffers that grow and shrink
grown = []
for i in range(2000):
    grown.append(None)
assert any(t[1] >= 16000 and t[2][0][0] == HERE for t in _tracemalloc._get_traces())
kept.extend(b"x" * 200_000)
assert tracemalloc.get_traced_memory()[0] >= 300_000
tracemalloc.reset_peak()
del kept, grown
now, peak = tracemalloc.get_traced_memory()
assert now < 100_000 and peak >= 300_000, (now, peak)

snapshot = tracemalloc.take_snapshot()
best = snapshot.statistics("lineno")[0]
assert best.traceback[0].filename == HERE and best.size >= 20_000 and best.count >= 2, best
other = make(50_000)
diff = tracemalloc.take_snapshot().compare_to(snapshot, "lineno")[0]
assert diff.traceback[0].lineno == first + 1 and 50_000 <= diff.size_diff < 51_000, diff

tracemalloc.clear_traces()
assert tracemalloc.is_tracing() and tracemalloc.get_traced_memory()[0] < 20_000
assert tracemalloc.get_object_traceback(other) is None
del other, same                 # their traces are gone: nothing is taken off
assert tracemalloc.get_traced_memory()[0] >= 0
tracemalloc.stop()
assert tracemalloc.get_traced_memory() == (0, 0) and _tracemalloc._get_traces() == []
assert tracemalloc.get_object_traceback(snapshot) is None


def said(*args, **env):
    r = subprocess.run([sys.executable, *args, "-c", "import tracemalloc as t; print(t.is_tracing(), t.get_traceback_limit())"],
                       env=env, capture_output=True, text=True)
    return r.stdout.strip() or r.stderr.splitlines()[0]


assert said() == "False 1"
assert said("-X", "tracemalloc") == "True 1"
assert said("-X", "tracemalloc=5") == "True 5"
assert said(PYTHONTRACEMALLOC="2") == "True 2"
assert said("-X", "tracemalloc=0", PYTHONTRACEMALLOC="2") == "False 1"
assert "-X tracemalloc=NFRAME: invalid number of frames" in said("-X", "tracemalloc=x")
assert "PYTHONTRACEMALLOC: invalid number of frames" in said(PYTHONTRACEMALLOC="-1")
