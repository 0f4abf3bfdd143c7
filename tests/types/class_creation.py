"""type(name, bases, namespace): what it checks and what it makes."""
from check import raises


class Plain:
    pass


class Meta(type):
    pass


class OtherMeta(type):
    pass


class WithMeta(metaclass=Meta):
    pass


class WithOtherMeta(metaclass=OtherMeta):
    pass


def make(name="A", bases=(), ns=None, **kwargs):
    return type(name, bases, {} if ns is None else ns, **kwargs)


raises(TypeError, "type() takes 1 or 3 arguments", type)
raises(TypeError, "type() takes 1 or 3 arguments", type, 1, 2)
raises(TypeError, "type.__new__() argument 1 must be str, not int", make, 1)
raises(TypeError, "type.__new__() argument 2 must be tuple, not int", make, "A", 1)
raises(TypeError, "type.__new__() argument 3 must be dict, not int", make, "A", (), 1)
raises(ValueError, "type name must not contain null characters", make, "A\0")
raises(TypeError, "type 'bool' is not an acceptable base type", make, "A", (bool,))
raises(TypeError, "multiple bases have instance lay-out conflict", make, "A", (int, str))
raises(TypeError, "duplicate base class Plain", make, "A", (Plain, Plain))
raises(TypeError, "Cannot create a consistent method resolution order (MRO) for bases object, Plain", make, "A", (object, Plain))
raises(TypeError, "A.__init_subclass__() takes no keyword arguments", make, x=1)
raises(TypeError, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
       make, "A", (WithMeta, WithOtherMeta))
assert type(make("A", (Plain, WithMeta))) is Meta
raises(TypeError, "type __qualname__ must be a str, not int", make, ns={"__qualname__": 1})
raises(TypeError, "__classcell__ must be a nonlocal cell, not <class 'int'>", make, ns={"__classcell__": 1})

# __slots__
raises(TypeError, "nonempty __slots__ not supported for subtype of 'int'", make, "A", (int,), {"__slots__": ("a",)})
raises(TypeError, "__slots__ items must be strings, not 'int'", make, ns={"__slots__": ("a", 1)})
raises(TypeError, "__slots__ must be identifiers", make, ns={"__slots__": ("1",)})
raises(ValueError, "'a' in __slots__ conflicts with class variable", make, ns={"__slots__": ("a",), "a": 1})
raises(TypeError, "__dict__ slot disallowed: we already got one", make, ns={"__slots__": ("__dict__", "__dict__")})
raises(TypeError, "__dict__ slot disallowed: we already got one", make, "A", (Plain,), {"__slots__": ("__dict__",)})
raises(TypeError, "__weakref__ slot disallowed: we already got one", make, "A", (Plain,), {"__slots__": ("__weakref__",)})
A = make("_A", (), {"__slots__": ["__private", "public"]})
assert "_A__private" in A.__dict__ and A.__dict__["public"].__name__ == "public"
assert make(ns={"__slots__": "word"}).word.__objclass__.__name__ == "A"


# the mro of a diamond, and of the classic C3 example
class X: pass
class Y: pass
class F: pass
class XF(X, F): pass
class YF(Y, F): pass
class All(XF, YF): pass


assert All.__mro__ == (All, XF, X, YF, Y, F, object) and All.mro() == list(All.__mro__)
assert All.__base__ is XF and All.__bases__ == (XF, YF) and F.__subclasses__() == [XF, YF]


# what the namespace becomes
def new(cls):
    return object.__new__(cls)


def init_subclass(cls, **kwargs):
    cls.seen = kwargs


ns = {"__new__": new, "__init_subclass__": init_subclass, "__class_getitem__": lambda cls, item: (cls, item), "__eq__": lambda a, b: True}
B = make("B", (), ns)
assert type(B.__dict__["__new__"]) is staticmethod and type(B.__dict__["__init_subclass__"]) is classmethod
assert type(B.__dict__["__class_getitem__"]) is classmethod and B.__dict__["__hash__"] is None and "__hash__" not in ns
assert B[1] == (B, 1) and B.__doc__ is None and B.__module__ == "__main__"
C = make("C", (B,), {}, flag=3)
assert C.seen == {"flag": 3} and isinstance(C(), B)
assert make("Q", (), {"__qualname__": "Outer.Q"}).__qualname__ == "Outer.Q"
assert repr(make("Q", (), {"__module__": "m"})) == "<class 'm.Q'>"


# hooks
class Named:
    def __set_name__(self, owner, name):
        self.owner, self.name = owner, name


class Bad:
    def __set_name__(self, owner, name):
        raise RuntimeError("no")


n = Named()
D = make("D", (), {"first": n})
assert n.owner is D and n.name == "first"
error = raises(RuntimeError, "no", make, "D", (), {"b": Bad()})
assert error.__notes__[0].startswith("Error calling __set_name__ on 'Bad' instance 'b' in 'D'")


class Ordered(type):
    def mro(cls):
        return [cls, Plain, object] if cls.__name__ == "Short" else type.mro(cls)


class Parent(metaclass=Ordered):
    attribute = 1


class Short(Parent):
    pass


assert Short.__mro__ == (Short, Plain, object) and not hasattr(Short, "attribute")


class BadOrder(type):
    def mro(cls):
        return [cls, 1]


raises(TypeError, "mro() returned a non-class ('int')", BadOrder, "A", (), {})

# names
Plain.__name__ = "Renamed"
assert Plain.__name__ == "Renamed" and Plain.__qualname__ == "Plain"
raises(TypeError, "can only assign string to Renamed.__name__, not 'int'", setattr, Plain, "__name__", 1)
raises(TypeError, "cannot delete '__name__' attribute of immutable type 'Renamed'", delattr, Plain, "__name__")
raises(TypeError, "cannot set '__name__' attribute of immutable type 'int'", setattr, int, "__name__", "x")
raises(AttributeError, "attribute '__mro__' of 'type' objects is not writable", setattr, Plain, "__mro__", ())


# abstract classes
class Abstract:
    pass


Abstract.__abstractmethods__ = frozenset({"f"})
raises(TypeError, "Can't instantiate abstract class Abstract without an implementation for abstract method 'f'", Abstract)
Abstract.__abstractmethods__ = frozenset({"g", "f"})
raises(TypeError, "Can't instantiate abstract class Abstract without an implementation for abstract methods 'f', 'g'", Abstract)
Abstract.__abstractmethods__ = frozenset()
assert isinstance(Abstract(), Abstract)
raises(AttributeError, "__abstractmethods__", lambda: Plain.__abstractmethods__)

# object's constructor
raises(TypeError, "object() takes no arguments", object, 1)
raises(TypeError, "Renamed() takes no arguments", Plain, 1)
raises(TypeError, "object.__new__(int) is not safe, use int.__new__()", object.__new__, int)
raises(TypeError, "int.__new__(str): str is not a subtype of int", int.__new__, str)
raises(TypeError, "int.__new__(X): X is not a type object (int)", int.__new__, 1)
raises(TypeError, "cannot create 'list_iterator' instances", type(iter([])))
