"""Assignments to attributes that other threads delete, add, store elsewhere and move to another class: each is seen, and nothing is counted wrongly."""
import sys

from together import in_threads

N, ROUNDS, OBJECTS = 4, 1500, 5


class Plain:
    pass


class Other:
    pass


class Slots:
    __slots__ = "a", "b"


class OtherSlots:
    __slots__ = "a", "b"


def store(o, value):
    o.a = value
    o.b = value


def store_fresh(o, n):
    o.a = [n]
    o.b = [n]


def forget(o):
    for name in "ab":
        try:
            delattr(o, name)
        except AttributeError:
            pass


for o in [Plain() for _ in range(50)] + [Slots() for _ in range(50)]:  # the stores have met these, of one thread
    store(o, o)
    store_fresh(o, 1)
    o.a = o.b = None

shared = [Plain() for _ in range(OBJECTS)] + [Slots() for _ in range(OBJECTS)]
value = object()
before = sys.getrefcount(value)


def change(i):
    for n in range(ROUNDS):
        o = shared[(n + i) % len(shared)]
        store(o, value)
        store_fresh(o, n)
        if n % 50 == i:
            forget(o)
        if n % 70 == i and isinstance(o, (Plain, Other)):
            o.__class__ = Other if o.__class__ is Plain else Plain
        if n % 110 == i and isinstance(o, (Slots, OtherSlots)):
            o.__class__ = OtherSlots if o.__class__ is Slots else Slots
        if n % 300 == i and isinstance(o, (Plain, Other)):
            o.__dict__["a"] = value  # from then on its attributes are in a dict
        for seen in getattr(o, "a", value), getattr(o, "b", value):
            assert seen is value or type(seen) is list and len(seen) == 1, seen


in_threads(N, change)
for o in shared:
    forget(o)
assert sys.getrefcount(value) == before, (sys.getrefcount(value), before)


# one's own stores to what all share are never lost
class Cells:
    def __init__(self):
        self.c0 = self.c1 = self.c2 = self.c3 = 0


cells = Cells()
adders = {}
exec("".join(f"def add{i}(o, n): o.c{i} = o.c{i} + n\n" for i in range(N)), adders)


def count(i):
    add = adders[f"add{i}"]
    for n in range(ROUNDS):
        add(cells, n * 10 ** 20)


in_threads(N, count)
assert [cells.c0, cells.c1, cells.c2, cells.c3] == [sum(range(ROUNDS)) * 10 ** 20] * N
