"""Facts of classes that threads change at once: deleting what another has just deleted is no error, what is made when asked for is made once."""
import gc
import sys
import threading

from together import in_threads, together

ROUNDS = 200


class Plain:
    pass


def set_module(number):
    for _ in range(ROUNDS):
        type.__setattr__(Plain, '__firstlineno__', 1)
        Plain.__module__ = 'm'


def set_annotations(number):
    for _ in range(ROUNDS):
        Plain.__annotate__ = None
        Plain.__annotations__ = {}


in_threads(3, set_module)
in_threads(3, set_annotations)
assert Plain.__module__ == 'm' and not hasattr(Plain, '__firstlineno__') and Plain.__annotations__ == {}

# all get the dict that was stored first
for _ in range(ROUNDS):
    class Annotated:
        x: int

    got = in_threads(3, lambda number: Annotated.__annotations__)
    assert all(d is Annotated.__annotations__ for d in got) and got[0] == {'x': int}


# whether a class is abstract, and why
def change_abstract(number):
    for i in range(ROUNDS):
        Plain.__abstractmethods__ = ('f',) if (i + number) % 2 else ()


for _ in range(5):
    in_threads(2, change_abstract)
    try:
        Plain()
    except TypeError:
        assert Plain.__abstractmethods__ == ('f',)
    else:
        assert Plain.__abstractmethods__ == ()
del Plain.__abstractmethods__


# metaclasses are counted
class Meta1(type):
    pass


class Meta2(type):
    pass


class Meta3(type):
    pass


def counts():
    gc.collect()
    return [sys.getrefcount(meta) for meta in (Meta1, Meta2, Meta3)]


def change_meta(a, b):
    for _ in range(ROUNDS * 100):
        Changed.__class__ = a
        Changed.__class__ = b


Changed = Meta1('Changed', (), {})
before = counts()
together(lambda: change_meta(Meta1, Meta2), lambda: change_meta(Meta2, Meta3), lambda: change_meta(Meta3, Meta1))
Changed.__class__ = Meta1
assert counts() == before, (before, counts())


# a class found in __subclasses__ is whole, whatever a collection is about to do
over = threading.Event()


def look():
    seen = 0
    while not over.is_set():
        for c in Plain.__subclasses__():
            c.x = 1
            assert c.y == 1 and isinstance(c(), Plain) and c.__mro__ == (c, Plain, object) and c.__bases__ == (Plain,)
            seen += 1
        c = None
    return seen


def make():
    try:
        for _ in range(100):
            first, second = type('First', (Plain,), {'y': 1}), type('Second', (Plain,), {'y': 1})
            del first, second
            gc.collect()
    finally:
        over.set()


together(make, look, look)
gc.collect()
assert Plain.__subclasses__() == []
