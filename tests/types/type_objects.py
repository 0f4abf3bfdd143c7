# type and object themselves: creation, attributes, comparison, what cannot be done.
from check import raises

assert type(5) is int and type(int) is type and object.__bases__ == ()
assert object.__mro__ == (object,) and int.__base__ is object
o = object()
assert repr(o).startswith('<object object at 0x') and hash(o) == hash(o) and o == o
assert o != object() and not hasattr(o, '__dict__') and str(o) == repr(o)
assert o.__eq__(5) is NotImplemented and o.__ne__(o) is False and o.__class__ is object
assert object().__doc__ and o.__format__('') == str(o) and o.__sizeof__() > 0
raises(AttributeError,
       "'object' object has no attribute 'x' and no __dict__ for setting new attributes", setattr,
       o, 'x', 1)
raises(TypeError, 'unsupported format string passed to object.__format__', format, o, 'x')
raises(TypeError, 'object() takes no arguments', object, 1)
raises(TypeError, 'type() takes 1 or 3 arguments', type, 1, 2)
raises(TypeError, "type.__new__() argument 1 must be str, not int", type, 5, (), {})
raises(TypeError, "type.__new__() argument 2 must be tuple, not list", type, 'X', [], {})
raises(TypeError, "type.__new__() argument 3 must be dict, not int", type, 'X', (), 5)
raises(TypeError,
       'metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of '
       'the metaclasses of all its bases', type, 'X', (5,), {})
raises(ValueError, 'type name must not contain null characters', type, 'a\0b', (), {})
raises(TypeError, 'NoneType takes no arguments', type(None), 1)
raises(TypeError, "cannot create 'generator' instances", type(x for x in ()))
raises(TypeError, "cannot create 'builtin_function_or_method' instances", type(len))
assert type(None)() is None and type(...)() is ... and type(NotImplemented)() is NotImplemented
assert repr(...) == 'Ellipsis'


class A:
    x = 1

    def __init__(self, v=None):
        self.v = v


assert repr(A) == "<class '__main__.A'>" and A.__module__ == '__main__' and A.__qualname__ == 'A'
assert A.__dict__['x'] == 1
assert type(A.__dict__).__name__ == 'mappingproxy' and A.__dictoffset__ is not None
assert A.__weakrefoffset__ is not None and A.__flags__ is not None
raises(TypeError, "'mappingproxy' object does not support item assignment", exec,
       "A.__dict__['y'] = 1", {'A': A})
A.__name__ = 'B'
assert A.__name__ == 'B' and A.__qualname__ == 'A'
raises(TypeError, "can only assign string to B.__name__, not 'int'", setattr, A, '__name__', 5)
raises(TypeError, "can only assign tuple to B.__bases__, not int", setattr, A, '__bases__', 5)
raises(TypeError, "__class__ must be set to a class, not 'int' object", setattr, A(), '__class__',
       5)
raises(TypeError, "__class__ assignment only supported for mutable types or ModuleType subclasses",
       setattr, A(), '__class__', int)
raises(AttributeError, "type object 'B' has no attribute 'nothing'", lambda: A.nothing)
raises(TypeError, "cannot set 'real' attribute of immutable type 'int'", setattr, int, 'real', 1)
raises(TypeError, "cannot delete '__name__' attribute of immutable type 'B'", delattr, A,
       '__name__')
raises(TypeError, '__init__() should return None, not \'int\'',
       type('I', (), {'__init__': lambda self: 5}))
raises(TypeError, 'object.__new__(X): X is not a type object (int)', object.__new__, 5)
raises(TypeError, 'object.__new__(int) is not safe, use int.__new__()', object.__new__, int)
raises(TypeError, 'int.__new__(B): B is not a subtype of int', int.__new__, A)


class N:
    made = []

    def __new__(cls, *args, **kw):
        self = super().__new__(cls)
        cls.made.append((args, kw))
        return self

    def __init__(self, *args, **kw):
        self.args = args


n = N(1, k=2)
assert N.made == [((1,), {'k': 2})] and n.args == (1,)


class Other:
    def __new__(cls):
        return 'not an instance'

    def __init__(self):
        assert False


assert Other() == 'not an instance'


class Meta(type):
    def mro(cls):
        return [cls, A, object] if cls.__name__ == 'M' else super().mro()


class M(metaclass=Meta):
    pass


assert M.x == 1 and M.mro() == [M, A, object]
assert isinstance(A(), (int, A)) and not isinstance(A, A) and issubclass(A, object)
assert isinstance(A, type) and isinstance(type, object)
a, b = A(1), A(1)
assert a != b and {a: 1}[a] == 1 and (a == a) and a in [a]
assert a.__reduce_ex__(2)[0].__name__ == '__newobj__'
import copy
assert copy.copy(a).v == 1 and type(copy.copy(a)) is A and A.__subclasses__() == []
assert int.__subclasses__()[0] is bool
assert dir(A()) == sorted(set(dir(A)) | {'v'}) and '__class__' in dir(o)
assert object.__subclasshook__(int) is NotImplemented
assert A.__call__().v is None and type.__call__(A, 7).v == 7 and int.__call__('5') == 5


# a class of a type that makes no instances says so, whichever way it is asked
import re
import sys
for t in (type(iter([])), type(re.compile("")), type(sys.flags)):
    raises(TypeError, f"cannot create '{t.__module__ + '.' if t.__module__ != 'builtins' else ''}{t.__name__}' instances", t.__new__, t)


# the dict of an exception stays, also where another base comes first
class Plain:
    pass


class Mixed(Plain, Exception):
    pass


mixed = Mixed()
raises(TypeError, "cannot delete __dict__", delattr, mixed, "__dict__")
mixed.__dict__ = {"a": 1}
assert mixed.a == 1
