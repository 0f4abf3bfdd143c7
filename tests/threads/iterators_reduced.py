"""Iterators that __reduce__ makes known to other threads, by builtins that are a class of the program's: what it gives is of one moment."""
import builtins
import threading

from together import together

place = current = None


class Builtins(dict):
    def __getitem__(self, name):
        global place
        if name in ("iter", "reversed"):
            place = current
        return dict.__getitem__(self, name)


namespace = {"__builtins__": Builtins(vars(builtins))}
exec("def reduce(it): return it.__reduce__()", namespace)
reduce = namespace["reduce"]


class Sequence:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i


def uses(make, over):
    global place, current
    for _ in range(1500):
        current = make()
        function, arguments, *state = reduce(current)
        assert function in (iter, reversed) and len(arguments) in (1, 2) and None not in arguments, (function, arguments, state)
        place = None
    over.set()


def follows(over):
    while not over.is_set():
        for _ in place or ():
            if place is None:
                break


for make in (lambda: iter("xyz" * 3), lambda: iter((object(),) * 3), lambda: iter([1, 2, 3]), lambda: reversed([1, 2, 3]), lambda: iter(b"abc"),
             lambda: iter(bytearray(b"abc")), lambda: iter(lambda: 1, 2), lambda: iter(Sequence()), lambda: iter(range(3))):
    over = threading.Event()
    together(lambda: uses(make, over), lambda: follows(over), lambda: follows(over))
