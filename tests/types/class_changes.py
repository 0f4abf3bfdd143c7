"""Changing live classes: what was looked up before must follow."""
import gc
import warnings

from check import raises


class Base:
    def method(self):
        return "base"

    value = 1


class Middle(Base):
    pass


class Leaf(Middle):
    pass


leaf = Leaf()


def ask():
    return leaf.method(), leaf.value, Leaf.value


for _ in range(3):
    assert ask() == ("base", 1, 1)
Middle.method = lambda self: "middle"
Middle.value = 2
assert ask() == ("middle", 2, 2)
del Middle.method, Middle.value
assert ask() == ("base", 1, 1)
Base.value = 3
assert ask() == ("base", 3, 3)
raises(AttributeError, "type object 'Middle' has no attribute 'nothing'", delattr, Middle, "nothing")
raises(AttributeError, "type object 'Middle' has no attribute 'nothing'", lambda: Middle.nothing)


# an attribute of the instance, then a data descriptor of the class over it
class Holder:
    pass


h = Holder()
h.x = "own"


def read():
    return h.x


assert read() == "own" and read() == "own"
Holder.x = property(lambda self: "property")
assert read() == "property"
Holder.x = "plain"
assert read() == "own"


# an object in the class becomes a descriptor when its class does
class Thing:
    pass


class User:
    thing = Thing()


u = User()
assert isinstance(u.thing, Thing)
Thing.__get__ = lambda self, instance, owner: ("got", instance is u)
assert u.thing == ("got", True) and User.thing == ("got", False)
u.__dict__["thing"] = "own"
assert u.thing == "own"
Thing.__set__ = lambda self, instance, value: None
assert u.thing == ("got", True)
del Thing.__set__
assert u.thing == "own"
del Thing.__get__
del u.__dict__["thing"]
assert isinstance(u.thing, Thing)


# special methods appear and disappear
class Empty:
    pass


class Below(Empty):
    pass


e = Below()
raises(TypeError, "object of type 'Below' has no len()", len, e)
Empty.__len__ = lambda self: 3
assert len(e) == 3 and bool(e)
Below.__len__ = lambda self: 0
assert len(e) == 0 and not e
del Below.__len__
assert len(e) == 3
del Empty.__len__
raises(TypeError, "object of type 'Below' has no len()", len, e)
assert e

raises(TypeError, "'Below' object is not callable", e)
Empty.__call__ = lambda self, *args: args
assert e(1, 2) == (1, 2)
Empty.__add__ = lambda self, other: ("add", other)
Empty.__radd__ = lambda self, other: ("radd", other)
assert e + 1 == ("add", 1) and 1 + e == ("radd", 1)
Empty.__iadd__ = lambda self, other: ("iadd", other)
f = e
f += 2
assert f == ("iadd", 2)
del Empty.__iadd__
f = e
f += 2
assert f == ("add", 2)
Empty.__eq__ = lambda self, other: True
assert e == 5 and hash(e) == hash(e)
Empty.__hash__ = None
raises(TypeError, "unhashable type: 'Below'", hash, e)
Empty.__hash__ = lambda self: 7
assert hash(e) == 7
Empty.__getattr__ = lambda self, name: "hook " + name
assert e.unknown == "hook unknown"
Empty.__getattribute__ = lambda self, name: "all " + name
assert e.unknown == "all unknown"
del Empty.__getattribute__
assert e.unknown == "hook unknown"
del Empty.__getattr__
raises(AttributeError, "'Below' object has no attribute 'unknown'", lambda: e.unknown)
log = []
Empty.__setattr__ = lambda self, name, value: log.append((name, value))
e.x = 1
assert log == [("x", 1)] and not hasattr(e, "x")
del Empty.__setattr__
e.x = 1
assert e.x == 1
Empty.__iter__ = lambda self: iter("ab")
assert list(e) == ["a", "b"] and "a" in e
Empty.__contains__ = lambda self, item: False
assert "a" not in e
Empty.__contains__ = None
raises(TypeError, "'Below' object is not a container", lambda: 1 in e)
Empty.__init__ = lambda self, n: setattr(self, "n", n)
assert Below(4).n == 4
Empty.__new__ = staticmethod(lambda cls, n: object.__new__(cls))
assert Below(5).n == 5


# C functions stay C functions, and follow the override
class L(list):
    pass


l = L([1])
assert l + [2] == [1, 2] and l * 2 == [1, 1] and l[0] == 1
L.__add__ = lambda self, other: "mine"
assert l + [2] == "mine"
del L.__add__
assert l + [2] == [1, 2]
L.__getitem__ = lambda self, i: i
assert l[41] == 41
del L.__getitem__
assert l[0] == 1
raises(TypeError, "cannot set 'x' attribute of immutable type 'int'", setattr, int, "x", 1)


# __bases__
class Left:
    def side(self):
        return "left"


class Right:
    def side(self):
        return "right"

    def __len__(self):
        return 2


class Side(Left):
    pass


class SideChild(Side):
    pass


c = SideChild()
assert c.side() == "left"
Side.__bases__ = (Right,)
assert c.side() == "right" and len(c) == 2 and SideChild.__mro__ == (SideChild, Side, Right, object)
assert Left.__subclasses__() == [] and Right.__subclasses__() == [Side]
Side.__bases__ = (Left, Right)
assert c.side() == "left" and len(c) == 2
raises(TypeError, "can only assign tuple to Side.__bases__, not int", setattr, Side, "__bases__", 1)
raises(TypeError, "can only assign non-empty tuple to Side.__bases__, not ()", setattr, Side, "__bases__", ())
raises(TypeError, "a __bases__ item causes an inheritance cycle", setattr, Left, "__bases__", (Side,))
raises(TypeError, "__bases__ assignment: 'int' object layout differs from 'object'", setattr, Left, "__bases__", (int,))
assert c.side() == "left"


# keys of a class's dict that are no str are not asked whether they are equal to a name
class Asked:
    def __hash__(self):
        return hash('foo')

    def __eq__(self, other):
        Other.asked = True
        return False


class Other:
    asked = False


with warnings.catch_warnings():
    warnings.simplefilter('ignore', RuntimeWarning)
    Odd = type('Odd', (), {Asked(): 1})
Other.asked = False
Odd.foo = 1
Odd.foo = 2
Odd.bar = 3
assert (Odd.foo, Odd.bar) == (2, 3) and not Other.asked
del Odd.foo
assert not hasattr(Odd, 'foo') and Odd.bar == 3 and not Other.asked
assert [k for k in vars(Odd) if type(k) is Asked]


# an object gets another class while C code works with the one that it had, which then nothing holds: it goes in a collection
class Next:
    pass


def lose_class(x):
    x.__class__ = Next
    gc.collect()
    kept.extend(type('Filler%d' % i, (), {}) for i in range(50))  # takes the memory that became free


def lost(**namespace):
    return type('Lost', (), namespace)()


class Key:
    def __hash__(self):
        return hash('method')

    def __eq__(self, other):
        if other == 'method':
            lose_class(x)
        return False


class Base2:
    def __pow__(self, exponent, modulus):
        lose_class(exponent)
        return NotImplemented


kept = []
x = lost(__getnewargs__=lambda self: lose_class(self) or ())
assert x.__reduce_ex__(2)[1] == (Next,)
x = lost(method=classmethod(lambda cls: cls))
vars(x)[Key()] = 1
found = x.method
assert found() is Next
x = lost(__rpow__=lambda self, base, modulus: 7)
raises(TypeError, "unsupported operand type(s) for ** or pow(): 'Base2', 'Next', 'int'", pow, Base2(), x, 3)


class NamesItself(type):
    @property
    def __module__(cls):
        lose_class(x)
        return 'there'


x = NamesItself('Lost', (), {'__hash__': None})()
raises(TypeError, "cannot use 'Lost' as a dict key (unhashable type: 'Lost')", dict.fromkeys, [x])
