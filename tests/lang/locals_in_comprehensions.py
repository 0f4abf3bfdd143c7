# A comprehension at the level of a module or class is part of its code; locals() inside sees its variables alone.
import sys

z = 1
assert [sorted(locals()) for q in [1]] == [["q"]]
assert [dict(sys._getframe().f_locals) for q in [1] for r in [2]] == [{"q": 1, "r": 2}]
assert [dir() for q in [1]] == [["q"]]
assert [eval("q + z") for q in [1]] == [2]


class C:
    a = 1
    inside = [dict(locals()) for q in [1]]
    after = sorted(k for k in dir() if not k.startswith("__"))


assert C.inside == [{"q": 1}] and C.after == ["a", "inside"], C.after
assert locals() is globals()


def captured():
    k = 1
    inside = [locals() for k in [0]]
    assert inside[0]["k"] == 0
    views = [sys._getframe().f_locals for k in [0]]
    assert views[0]["k"] == 1
    assert [sys._getframe().f_locals["k"] for k in [0]] == [0]
    return lambda: k


captured()
