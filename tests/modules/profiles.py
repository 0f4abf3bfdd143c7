# cProfile: what was called, how often, by whom; the times add up; timers of the program's own.
import _lsprof
import cProfile
import io
import pstats
import sys
from check import raises


def leaf():
    return len([1])


def fact(n):
    return 1 if n < 2 else n * fact(n - 1)


def gen():
    yield 1
    yield 2


def work():
    leaf()
    leaf()
    fact(5)
    list(gen())
    [].append("x".upper())
    sorted([2, 1])
    try:
        [].pop()
    except IndexError:
        pass


def stats(profiler):
    found = {}
    for e in profiler.getstats():
        name = e.code if isinstance(e.code, str) else e.code.co_name
        found[name] = e.callcount, e.reccallcount, {
            c.code if isinstance(c.code, str) else c.code.co_name: (c.callcount, c.reccallcount) for c in e.calls or ()}
        assert e.totaltime >= 0 and e.inlinetime >= 0
    return found


profiler = _lsprof.Profiler()
profiler.enable()
work()
profiler.disable()
found = stats(profiler)
assert found["leaf"] == (2, 0, {"<built-in method builtins.len>": (2, 0)}), found
assert found["fact"] == (5, 4, {"fact": (4, 3)}), found["fact"]
assert found["gen"] == (3, 0, {})
assert found["<method 'pop' of 'list' objects>"] == (1, 0, {})
assert found["work"] == (1, 0, {
    "leaf": (2, 0), "fact": (1, 0), "gen": (3, 0), "<method 'append' of 'list' objects>": (1, 0),
    "<method 'upper' of 'str' objects>": (1, 0), "<built-in method builtins.sorted>": (1, 0),
    "<method 'pop' of 'list' objects>": (1, 0)}), found["work"]
profiler.clear()
assert profiler.getstats() == []
profiler.enable(subcalls=False, builtins=False)
raises(ValueError, "tool 2 is already in use", _lsprof.Profiler().enable)
work()
profiler.disable()
found = stats(profiler)
assert found["work"] == (1, 0, {}) and not any(name.startswith("<") for name in found), found

# a timer of ints, which counts its calls
now = 0


def timer():
    global now
    now += 1
    return now


profiler = _lsprof.Profiler(timer, 0.5)
profiler.enable(builtins=False)
leaf()
profiler.disable()
entry, = [e for e in profiler.getstats() if e.code is leaf.__code__]
assert (entry.callcount, entry.totaltime, entry.inlinetime) == (1, 0.5, 0.5), entry


# one that asks for what it may not have
def evil():
    profiler.clear()
    return 0.0


told = []
sys.unraisablehook = lambda u: told.append(u.exc_type)
profiler = _lsprof.Profiler(evil)
profiler.enable()
leaf()
profiler.disable()
sys.unraisablehook = sys.__unraisablehook__
assert set(told) == {RuntimeError}, told

with cProfile.Profile() as profiler:
    work()
out = io.StringIO()
pstats.Stats(profiler, stream=out).sort_stats("calls").print_stats()
assert "(fact)" in out.getvalue() and "5/1" in out.getvalue(), out.getvalue()
