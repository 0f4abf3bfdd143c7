"""A function gets other code while its arguments are being bound: the call runs the code that it began with."""
import gc
import threading

from together import together


def functions():
    namespace = {}
    exec("def f(a, *, x):\n    y = [a, x]\n    return y\ndef g(a, *, x):\n    return 7\n", namespace)
    return namespace["f"], namespace["g"]


def replace(function, code):
    """Other code, and the memory of the old one used again if it was freed."""
    function.__code__ = code
    for _ in range(3):
        gc.collect()
    return [compile(f"a + {i}", "z", "eval") for i in range(2000)]


class Key:
    """A keyword that is equal to "x" once it has been asked."""

    def __init__(self, asked):
        self.asked = asked

    def __hash__(self):
        return hash("x")

    def __eq__(self, other):
        self.asked()
        return True


f, g = functions()
f.__kwdefaults__ = {Key(lambda: replace(f, g.__code__)): 1}
assert f(3) == [3, 1]

f, g = functions()
inside, done = threading.Event(), threading.Event()


def wait():
    inside.set()
    done.wait()


f.__kwdefaults__ = {Key(wait): 1}


def replaces():
    inside.wait()
    kept = replace(f, g.__code__)
    done.set()
    return kept


result, _ = together(lambda: f(3), replaces)
assert result == [3, 1]


class Last:
    """The end of the old defaults replaces the code."""

    def __del__(self):
        replace(f, g.__code__)


f, g = functions()
f.__kwdefaults__ = {Key(lambda: setattr(f, "__kwdefaults__", None)): 1, "other": Last()}
assert f(3) == [3, 1]
