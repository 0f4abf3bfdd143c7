# Classes that change under their users: methods come and go, bases and __class__ are assigned, slots and shapes differ from one look to the
# next. Who looks finds what was there before or after, never something else.
import threading

from together import together

ROUNDS = 400
over = threading.Event()


def until_over(step):
    """Runs step again and again while another thread changes things. Gives how often."""
    def run():
        n = 0
        while True:
            last = over.is_set()
            step()
            n += 1
            if last:
                return n
    return run


def changing(*changes):
    """Runs the changes ROUNDS times, then ends the others."""
    def run():
        try:
            for n in range(ROUNDS):
                for change in changes:
                    change(n)
        finally:
            over.set()
    return run


def against(change, *steps):
    over.clear()
    counts = together(change, *[until_over(step) for step in steps])
    assert all(counts[1:])


# methods added and removed while they are called, and those of special names
class Base:
    def method(self):
        return 'base'


class Derived(Base):
    pass


thing = Derived()


def call():
    assert thing.method() in ('base', 'derived')
    assert getattr(thing, 'sometimes', None) is None or thing.__class__ is Derived
    try:
        assert thing.sometimes() == 'here'
    except AttributeError as error:
        assert 'sometimes' in str(error)
    try:
        assert thing[7] in (14, 21)
    except (TypeError, AttributeError):
        pass
    try:
        assert thing() == 'called'
    except (TypeError, AttributeError):
        pass
    assert thing == thing and hash(thing) in (hash(thing), 5) and isinstance(str(thing), str)
    try:
        assert (thing + 1) in ('sum', 'other sum')
    except (TypeError, AttributeError):
        pass


def add_and_remove(n):
    Derived.method = lambda self: 'derived'
    Derived.sometimes = lambda self: 'here'
    Derived.__getitem__ = lambda self, i: i * 2
    Derived.__call__ = lambda self: 'called'
    Base.__add__ = lambda self, other: 'sum'
    Derived.__getitem__ = lambda self, i: i * 3
    Derived.__add__ = lambda self, other: 'other sum'
    del Derived.method, Derived.sometimes, Derived.__getitem__, Derived.__call__, Base.__add__, Derived.__add__


against(changing(add_and_remove), call, call)


# the bases of a class: the answer is that of one of the orders
class Left:
    x = 'left'

    def who(self):
        return 'left'


class Right:
    x = 'right'

    def who(self):
        return 'right'


class Both(Left, Right):
    def up(self):
        return super().who()


both = Both()


def ask_bases():
    assert both.x in ('left', 'right') and both.who() in ('left', 'right') and both.up() in ('left', 'right')
    assert Both.__mro__[0] is Both and set(Both.__mro__[1:-1]) in ({Left, Right}, {Left}, {Right}), Both.__mro__
    assert Both.__mro__[-1] is object and isinstance(both, (Left, Right, object))
    assert Both.x in ('left', 'right') and set(Both.__bases__) <= {Left, Right}


def assign_bases(n):
    Both.__bases__ = (Right, Left)
    Both.__bases__ = (Right,)
    Both.__bases__ = (Left,)
    Both.__bases__ = (Left, Right)


against(changing(assign_bases), ask_bases, ask_bases)
for parent in Left, Right:
    assert Both in parent.__subclasses__()


# __class__ of an object: its methods, its attributes
class One:
    kind = 1

    def kind_of(self):
        return 1

    def __len__(self):
        return 1


class Two:
    kind = 2

    def kind_of(self):
        return 2

    def __len__(self):
        return 2


shifting = One()
shifting.name = 'same'


def ask_class():
    assert shifting.kind in (1, 2) and shifting.kind_of() in (1, 2) and len(shifting) in (1, 2)
    assert shifting.name == 'same' and type(shifting) in (One, Two) and shifting.__class__ in (One, Two)
    assert isinstance(shifting, (One, Two, object)) and repr(shifting)
    shifting.other = 3
    assert shifting.other == 3


def assign_class(n):
    shifting.__class__ = Two if n % 2 else One
    shifting.__class__ = One if n % 2 else Two


against(changing(assign_class), ask_class, ask_class)
assert vars(shifting) == {'name': 'same', 'other': 3}


# __class__ between classes of the same slots
class SlotsOne:
    __slots__ = 'a', 'b'

    def total(self):
        return self.a + self.b


class SlotsTwo:
    __slots__ = 'a', 'b'

    def total(self):
        return self.b + self.a


slotted = SlotsOne()
slotted.a, slotted.b = 10, 20


def ask_slots():
    assert slotted.total() == 30 or slotted.a == 10
    assert slotted.b == 20 and type(slotted) in (SlotsOne, SlotsTwo)


def assign_slots(n):
    slotted.__class__ = SlotsTwo
    slotted.__class__ = SlotsOne


def total_of_either():
    try:
        assert slotted.total() == 30
    except TypeError as error:   # the method was found in one class, the slots are looked up in the other: never another object's memory
        assert 'slot' in str(error) or 'descriptor' in str(error), error


against(changing(assign_slots), total_of_either, total_of_either)


# a slot that is set, deleted and read
class Slot:
    __slots__ = 'value', '__weakref__'


slot = Slot()


def read_slot():
    try:
        assert type(slot.value) is list and slot.value[0] >= 0
    except AttributeError:
        pass


def write_slot(n):
    slot.value = [n]
    try:
        del slot.value
    except AttributeError:
        pass


against(changing(write_slot), read_slot, read_slot)


# shapes: the same attributes come in other orders, are deleted and come back, while they are read
class Open:
    pass


opened = Open()
opened.stays = 'here'
names = [f'n{i}' for i in range(12)]


def read_shape():
    assert opened.stays == 'here'
    for name in names:
        value = getattr(opened, name, None)
        assert value is None or value == name
    for name, value in list(vars(opened).items()):
        assert name == value or name == 'stays'


def change_shape(n):
    for name in names[n % 5:] if n % 2 else reversed(names):
        setattr(opened, name, name)
    for name in names[::1 + n % 3]:
        try:
            delattr(opened, name)
        except AttributeError:
            pass


def fresh_shapes():
    for shift in range(3):
        o = Open()
        for name in names[shift:] + names[:shift]:
            setattr(o, name, name)
        assert all(getattr(o, name) == name for name in names)


against(changing(change_shape), read_shape, fresh_shapes)


# __dict__ replaced under its readers
def replace_dict(n):
    opened.__dict__ = {'stays': 'here', 'round': n}
    opened.extra = 1


def read_dict():
    assert opened.stays == 'here'
    assert getattr(opened, 'extra', 1) == 1 and type(getattr(opened, 'round', 0)) is int
    assert vars(opened)['stays'] == 'here'


against(changing(replace_dict), read_dict, read_dict)


# descriptors and __getattr__ come and go over instance attributes
class Shadowed:
    def __init__(self):
        self.value = 'own'


shadowed = Shadowed()


def read_shadowed():
    assert shadowed.value in ('own', 'property')
    assert getattr(shadowed, 'missing', 'absent') in ('absent', 'made')
    assert Shadowed().__dict__ is not None


def shadow(n):
    Shadowed.value = property(lambda self: 'property', lambda self, value: None)
    del Shadowed.value
    Shadowed.__getattr__ = lambda self, name: 'made'
    del Shadowed.__getattr__
    Shadowed.__getattribute__ = lambda self, name: object.__getattribute__(self, name)
    del Shadowed.__getattribute__


against(changing(shadow), read_shadowed, read_shadowed)


# subclasses are made and asked for meanwhile; what is abstract changes
import abc


class Abstract(abc.ABC):
    pass


class Registered:
    pass


def subclass(n):
    child = type('Child', (Base, Abstract), {'n': n})
    assert child().n == n and issubclass(child, Abstract)
    Abstract.register(type('Virtual', (Registered,), {}))


def ask_subclasses():
    assert all(issubclass(c, Base) for c in Base.__subclasses__())
    assert not isinstance(3, Abstract) and isinstance(thing, Base)
    assert not issubclass(Registered, Abstract)


against(changing(subclass), ask_subclasses, ask_subclasses)
