"""A collection in the middle of a call, a return, or a deallocation frees nothing that is still needed: classes and functions
that only arguments, a result, or a dying instance lead to."""
import functools
import gc
import sys


def churn():
    """Collects, and uses memory that was freed."""
    gc.collect()
    for i in range(50):
        exec("class Filler:\n    def f(self): return 'wrong'", {})
    return [lambda: "wrong" for _ in range(200)]


class Collects:
    def __del__(self):
        churn()


# arguments that only the call holds
assert functools.reduce(*(lambda a, b: churn() and a + b, [1, 2, 3, 4])) == 10
assert list(map(*(lambda a: churn() and a + 1, range(5)))) == [1, 2, 3, 4, 5]
assert sorted([3, 1, 2], **{"key": lambda a: churn() and -a}) == [3, 2, 1]


class Name(str):
    def __hash__(self):
        churn()
        return str.__hash__(self)

    def __eq__(self, other):
        return str.__eq__(self, other)


def call_it(function, **rest):
    return function(1), sorted(rest)


assert call_it(*(lambda x: x + 1,), **{Name("b"): 2}) == (2, ["b"])
assert call_it(lambda x: x + 1, **{Name("b"): 2}) == (2, ["b"])
assert call_it(**{"function": lambda x: x + 1, Name("b"): 2}) == (2, ["b"])


# a result, while the locals die
def returns_function():
    keep = Collects()
    return lambda: "right"


def returns_class():
    keep = Collects()

    class Made:
        text = "right"

    return Made


def generator_returns():
    keep = Collects()
    yield 1
    return lambda: "right"


def delegates():
    result = yield from generator_returns()
    yield result()


assert returns_function()() == "right"
assert returns_class().text == "right"
assert list(delegates()) == [1, "right"]
try:
    it = generator_returns()
    next(it)
    next(it)
except StopIteration as stop:
    assert stop.value() == "right"


# the class of an instance that is dying
def dies_alone():
    class Local:
        __slots__ = "a", "b", "__dict__"

        def __init__(self):
            self.a, self.b, self.c = Collects(), Collects(), Collects()

    return Local()


def dies_in_a_chain():
    class Node:
        __slots__ = "next", "more", "first"

    class Other:
        __slots__ = "a", "b"

        def __init__(self):
            self.a = self.b = None

    last = None
    for i in range(100):
        node = Node()
        node.next, node.first, node.more = last, Other(), Collects() if i < 40 else None
        last = node
    return last


for _ in range(5):
    x = dies_alone()
    del x
    x = dies_in_a_chain()
    del x


# classes of instances that refer to nothing
def bare():
    class Text(str):
        __slots__ = ()

    class Number(int):
        __slots__ = ()

    class Pair(tuple):
        __slots__ = ()

    return [Text("a"), Number(5), Pair((1, 2))]


values = bare()
churn()
assert [type(v).__name__ for v in values] == ["Text", "Number", "Pair"]


# operands that an inspecting callee replaces
class Replaces:
    def __init__(self, text):
        self.text = text

    def __add__(self, other):
        frame = sys._getframe(1)
        frame.f_locals["x"] = None
        frame.f_locals["y"] = None
        del frame
        churn()
        return self.text + other.text

    def __call__(self, other):
        frame = sys._getframe(1)
        frame.f_locals["x"] = frame.f_locals["y"] = None
        del frame
        churn()
        return self.text + other.text

    def __getattr__(self, name):
        sys._getframe(1).f_locals["x"] = None
        churn()
        return self.text + name


def replaced():
    x, y = Replaces("a"), Replaces("b")
    assert x + y == "ab"
    assert x is None and y is None
    x, y = Replaces("c"), Replaces("d")
    assert x(y) == "cd"
    x = Replaces("e")
    assert x.f == "ef"
    assert x is None


replaced()


# a cycle that only a block of tee() can break, and its class
def tee_cycle():
    import itertools

    class Self:
        def __iter__(self):
            return self

        def __next__(self):
            return self.item

    it = Self()
    it.item, _ = itertools.tee(it)
    return weakref.ref(it), next(it.item)


import weakref
ref, _ = tee_cycle()
del _
churn()
churn()
assert ref() is None


# a cycle that nothing can break: it leaks, or goes, but its class stays as long as it does
def endless():
    import itertools

    class Number:
        def __add__(self, other):
            return self.total

    first = Number()
    first.total = total = itertools.accumulate([first, 1, 2])
    next(total), next(total)


endless()
churn()
churn()


# what a call, an unpacking and a generator that ends have in hand when the program's code runs in between
def made():
    def inner(*args):
        return 'another function'
    return inner


def fresh():
    names = {}
    exec("def f(*args): return 'right'", names)
    return names.pop('f')


def collect_and_fill():
    gc.collect()
    gc.collect()
    kept.extend([made() for i in range(3000)])


class Arguments:
    def __iter__(self):
        return iter((1, 2))

    def __del__(self):
        collect_and_fill()


class Unpacked(type):
    def __iter__(cls):
        gc.collect()
        gc.collect()
        kept.extend(bytearray(b'\1\0\2\x10' * (n // 4)) for n in range(500, 4000, 8) for _ in range(3))
        yield 1
        yield 2


class Last:
    def __del__(self):
        collect_and_fill()


def stubborn():
    a = Last()
    b, c, d = fresh(), fresh(), fresh()
    while True:
        try:
            yield
        except GeneratorExit:
            pass


kept = []
for _ in range(5):
    assert fresh()(*Arguments()) == 'right'
    a, b = Unpacked('Class', (), {})
    a, *b = Unpacked('Class', (), {})
    assert all(bytes(k) == b'\1\0\2\x10' * (len(k) // 4) for k in kept if type(k) is bytearray)
    kept.clear()
sys.unraisablehook = lambda unraisable: None  # that it ignored GeneratorExit
for _ in range(5):
    g = stubborn()
    next(g)
    del g
    assert all(f() == 'another function' for f in kept)
    kept.clear()
sys.unraisablehook = sys.__unraisablehook__
