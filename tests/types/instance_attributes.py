"""Attributes of instances: order, deletion, __dict__, __slots__, many names, change of class."""
import types

from check import raises


class Plain:
    pass


def names(obj):
    return list(vars(obj))


# order is that of first assignment; deleting and setting again moves to the end
p = Plain()
p.a, p.b, p.c = 1, 2, 3
assert dir(p)[-3:] == ["a", "b", "c"]
del p.b
raises(AttributeError, "'Plain' object has no attribute 'b'", lambda: p.b)
p.b = 4
assert names(p) == ["a", "c", "b"] and p.b == 4
q = Plain()
q.a = 1
del q.a
q.a = 2
q.z = 3
assert names(q) == ["a", "z"] and q.a == 2
raises(AttributeError, "'Plain' object has no attribute 'nothing'", delattr, q, "nothing")

# __dict__ is a live view
r = Plain()
r.x = 1
d = r.__dict__
assert d == {"x": 1} and r.__dict__ is d
d["y"] = 2
assert r.y == 2
r.z = 3
assert d == {"x": 1, "y": 2, "z": 3}
del r.x
assert "x" not in d
del d["y"]
raises(AttributeError, "'Plain' object has no attribute 'y'", lambda: r.y)
r.__dict__ = {"n": 5}
assert r.n == 5 and not hasattr(r, "z") and d == {"z": 3}
raises(TypeError, "__dict__ must be set to a dictionary, not a 'int'", setattr, r, "__dict__", 1)
del r.__dict__
assert r.__dict__ == {}
r.after = 1
assert r.after == 1

# a set __dict__ may be a subclass, or have keys that are no names
class Loud(dict):
    def __getitem__(self, key):
        raise AssertionError("attribute access does not call this")


r.__dict__ = Loud(k=1)
assert r.k == 1
r.__dict__ = {1: 2, "s": 3}
assert r.s == 3 and not hasattr(r, "t")
assert vars(r)[1] == 2

# more attributes than fit in slots
big = Plain()
for i in range(500):
    setattr(big, f"name{i}", i)
assert [getattr(big, f"name{i}") for i in range(500)] == list(range(500))
assert names(big) == [f"name{i}" for i in range(500)]
for i in range(0, 500, 2):
    delattr(big, f"name{i}")
assert len(vars(big)) == 250 and big.name499 == 499

# many instances, each with names of its own
many = []
for i in range(2000):
    obj = Plain()
    setattr(obj, f"own{i}", i)
    obj.common = -i
    many.append(obj)
assert all(getattr(obj, f"own{i}") == i and obj.common == -i for i, obj in enumerate(many))

# a value that is found in the class only after its slot was emptied
class WithDefault:
    x = "class"


w = WithDefault()
w.x = "instance"
assert w.x == "instance"
del w.x
assert w.x == "class"
raises(AttributeError, "'WithDefault' object has no attribute 'x'", delattr, w, "x")


# subclasses of built-in types
class Int(int):
    pass


class Text(str):
    pass


class Pair(tuple):
    pass


class Data(bytes):
    pass


class Big(int):
    def __init__(self, *args):
        self.note = "init"


for value in (Int(5), Int(-(10**40)), Text("héllo"), Text(""), Pair((1, 2, 3)), Pair(), Data(b"abc"), Data(b"")):
    value.first = 1
    value.second = [2]
    assert (value.first, value.second) == (1, [2]) and vars(value) == {"first": 1, "second": [2]}
assert Big(7).note == "init" and Big(7) + 1 == 8


# __slots__
class Slotted:
    __slots__ = ("a", "b")


s = Slotted()
raises(AttributeError, "'Slotted' object has no attribute 'a'", lambda: s.a)
s.a = 1
assert s.a == 1
del s.a
raises(AttributeError, "a", delattr, s, "a")
raises(AttributeError, "'Slotted' object has no attribute 'c' and no __dict__ for setting new attributes", setattr, s, "c", 1)
assert not hasattr(s, "__dict__")
assert repr(Slotted.a) == "<member 'a' of 'Slotted' objects>" and Slotted.a.__get__(None, Slotted) is Slotted.a


class Mixed(Slotted):
    __slots__ = ("c", "__dict__")


m = Mixed()
m.a, m.b, m.c, m.free = 1, 2, 3, 4
assert (m.a, m.b, m.c, m.free) == (1, 2, 3, 4) and vars(m) == {"free": 4}


class SlottedText(str):
    __slots__ = ("note",)


t = SlottedText("text")
t.note = 1
assert t == "text" and t.note == 1 and not hasattr(t, "__dict__")
raises(AttributeError, "'SlottedText' object has no attribute 'x' and no __dict__ for setting new attributes", setattr, t, "x", 1)


# names that are no literal; names that are no str
setattr(p, "not a name", 1)
assert getattr(p, "not a name") == 1
raises(TypeError, "attribute name must be string, not 'int'", getattr, p, 1)
raises(TypeError, "attribute name must be string, not 'int'", setattr, p, 1, 1)


class Name(str):
    pass


setattr(p, Name("strange"), 1)
assert p.strange == 1 and getattr(p, Name("strange")) == 1


# change of class
class Other:
    def who(self):
        return "other"


class Descendant(Plain):
    def who(self):
        return "descendant"


p = Plain()
p.x = 1
p.__class__ = Other
assert p.who() == "other" and p.x == 1 and type(p) is Other
p.__class__ = Descendant
p.y = 2
assert p.who() == "descendant" and vars(p) == {"x": 1, "y": 2}
p.__class__ = Plain
assert vars(p) == {"x": 1, "y": 2}
raises(TypeError, "__class__ assignment: 'Slotted' object layout differs from 'Plain'", setattr, p, "__class__", Slotted)
raises(TypeError, "__class__ assignment only supported for mutable types or ModuleType subclasses", setattr, p, "__class__", int)
raises(TypeError, "__class__ must be set to a class, not 'int' object", setattr, p, "__class__", 1)
raises(TypeError, "can't delete __class__ attribute", delattr, p, "__class__")


class SameSlots:
    __slots__ = ("b", "a")


s = Slotted()
s.a, s.b = "A", "B"
s.__class__ = SameSlots
assert (s.a, s.b) == ("A", "B")


# what is wrong with a module that lacks an attribute is told by its __spec__, which may be the module itself, or another one that has it
alone, first, second = types.ModuleType('alone'), types.ModuleType('first'), types.ModuleType('second')
alone.__spec__, first.__spec__, second.__spec__ = alone, second, first
raises(AttributeError, "module 'alone' has no attribute 'x'", lambda: alone.x)
raises(AttributeError, "module 'first' has no attribute 'x'", lambda: first.x)
assert not hasattr(alone, 'x') and getattr(second, 'x', 1) == 1
second.__getattr__ = lambda name: 5
assert second.x == 5 and hasattr(second, 'y')
del second.__getattr__


# what pickle carries over is what the instance has, whatever __dict__ says
class Shows:
    @property
    def __dict__(self):
        return {"shown": 1}


class Asked:
    def __getattribute__(self, name):
        return {"asked": 1} if name == "__dict__" else object.__getattribute__(self, name)


for cls in Shows, Asked:
    o = cls()
    assert o.__getstate__() is None
    o.x = 2
    assert o.__getstate__() == {"x": 2}
