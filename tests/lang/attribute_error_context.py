# What raises AttributeError inside, and what is told about it.
import re


class Empty:
    def __getattr__(self, name):
        raise AttributeError(1, 2)


e = Empty()
try:
    e.spam
except AttributeError as error:
    assert error.name == "spam" and error.obj is e
else:
    raise AssertionError


def refuse(self):
    raise AttributeError("no")


class Hidden:
    "special methods that are not there when asked for"
    __eq__ = __lt__ = __add__ = __bool__ = __iter__ = __hash__ = __repr__ = property(refuse)


h = Hidden()
assert (h == Hidden()) is False and bool(h) is True and "Hidden object at" in repr(h)
for f, message in ((lambda: h < h, "not supported between"), (lambda: h + 1, "unsupported operand"),
                   (lambda: list(h), "not iterable"), (lambda: hash(h), "unhashable")):
    try:
        f()
    except TypeError as error:
        assert re.search(message, str(error)), error
    else:
        raise AssertionError(message)


class Slotted:
    __slots__ = ("a",)


try:
    Slotted().a
except AttributeError as error:
    assert str(error) == f"'{'' if __name__ == '__main__' else __name__ + '.'}Slotted' object has no attribute 'a'", error
