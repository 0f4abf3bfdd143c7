# The method resolution order, super() in all its forms, and diamonds.
class A:
    def who(self):
        return ['A']

    @classmethod
    def make(cls):
        return cls.__name__


class B(A):
    def who(self):
        return ['B'] + super().who()


class C(A):
    def who(self):
        return ['C'] + super().who()


class D(B, C):
    def who(self):
        return ['D'] + super().who()

    @classmethod
    def make(cls):
        return 'D.' + super().make()


assert D().who() == ['D', 'B', 'C', 'A']
assert [c.__name__ for c in D.__mro__] == ['D', 'B', 'C', 'A', 'object']
assert D.make() == 'D.D' and super(B, D()).who() == ['C', 'A'] and super(D, D).make() == 'D'
try:
    class X(A, B):
        pass
except TypeError as error:
    assert str(error) == 'Cannot create a consistent method resolution order (MRO) for bases A, B'
else:
    assert False
try:
    class X(A, A):
        pass
except TypeError as error:
    assert str(error) == 'duplicate base class A'
for base, text in ((bool, "type 'bool' is not an acceptable base type"),
                   (type(None), "type 'NoneType' is not an acceptable base type")):
    try:
        type('X', (base,), {})
    except TypeError as error:
        assert str(error) == text
    else:
        assert False
try:
    class X(int, str):
        pass
except TypeError as error:
    assert str(error) == 'multiple bases have instance lay-out conflict'
try:
    class X(5):
        pass
except TypeError:
    pass
else:
    assert False


class Int(int):
    def __add__(self, other):
        return Int(int(self) + other)

    def double(self):
        return self * 2


assert Int(3) + 4 == 7 and type(Int(3) + 4) is Int and Int(5).double() == 10
assert type(Int(5) * 2) is int
assert Int('12', 5) == 7


class List(list):
    def first(self):
        return self[0]


assert List([4, 5]).first() == 4 and List('ab') + ['c'] == ['a', 'b', 'c']
assert isinstance(List(), list)


class Str(str):
    def __new__(cls, text):
        return super().__new__(cls, text.upper())


assert Str('abc') == 'ABC' and type(Str('a')) is Str and Str('x').lower() == 'x'


class Dict(dict):
    def __missing__(self, key):
        return key * 2


assert Dict(a=1)['a'] == 1 and Dict()['zz'] == 'zzzz' and Dict().get('q') is None


class Tuple(tuple):
    def __new__(cls, *items):
        return tuple.__new__(cls, items)


t = Tuple(1, 2, 3)
assert t == (1, 2, 3) and t[1:] == (2, 3) and type(t[1:]) is tuple
t.attribute = 1
assert t.attribute == 1


class Err(ValueError, KeyError):
    pass


try:
    raise Err('x')
except KeyError as error:
    assert isinstance(error, ValueError)


class Changed(A):
    pass


c = Changed()
Changed.__bases__ = (C,)
assert c.who() == ['C', 'A']
assert [k.__name__ for k in Changed.__mro__] == ['Changed', 'C', 'A', 'object']
A.who = lambda self: ['patched']
assert D().who() == ['D', 'B', 'C', 'patched']


class Outer:
    def method(self):
        class Inner(A):
            def who(inner):
                return super().who() + [type(self).__name__]
        return Inner().who()


assert Outer().method() == ['patched', 'Outer']


def no_class(self):
    return super().who()


try:
    no_class(D())
except RuntimeError as error:
    assert str(error) == 'super(): __class__ cell not found'
else:
    assert False


class UsesClass:
    def me(self):
        return __class__


assert UsesClass().me() is UsesClass
