# Operators ask the operands' classes: forward, reflected, in place, subclass first.
class V:
    def __init__(self, *n):
        self.n = n

    def __repr__(self):
        return f'V{self.n}'

    def __eq__(self, other):
        return isinstance(other, V) and self.n == other.n

    def __add__(self, other):
        return V(*(a + b for a, b in zip(self.n, other.n))) if isinstance(other,
                                                                          V) else NotImplemented

    def __mul__(self, k):
        return V(*(a * k for a in self.n))

    __rmul__ = __mul__

    def __matmul__(self, other):
        return sum(a * b for a, b in zip(self.n, other.n))

    def __neg__(self):
        return self * -1

    def __pos__(self):
        return self

    def __invert__(self):
        return 'inverted'

    def __abs__(self):
        return sum(a * a for a in self.n) ** .5

    def __len__(self):
        return len(self.n)

    def __getitem__(self, i):
        return self.n[i]

    def __contains__(self, x):
        return x == 'yes' or x in self.n

    def __bool__(self):
        return any(self.n)

    def __call__(self, *args, **kwargs):
        return args, kwargs

    def __hash__(self):
        return hash(self.n)


a, b = V(1, 2), V(3, 4)
assert a + b == V(4, 6) and a * 3 == 3 * a == V(3, 6) and a @ b == 11 and -a == V(-1, -2)
assert +a is a
assert ~a == 'inverted' and abs(b) == 5.0 and len(a) == 2 and a[1] == 2 and a[-1:] == (2,)
assert 'yes' in a and 2 in a and 9 not in a and list(a) == [1, 2] and not V(0, 0)
assert a(1, k=2) == ((1,), {'k': 2}) and {a: 1}[V(1, 2)] == 1 and a != b and not a != V(1, 2)
x, y = b
assert (x, y) == (3, 4)
try:
    a + 5
except TypeError as error:
    assert str(error) == "unsupported operand type(s) for +: 'V' and 'int'"
else:
    assert False


class Base:
    def __add__(self, o):
        return 'Base.add'

    def __radd__(self, o):
        return 'Base.radd'

    def __lt__(self, o):
        return 'Base.lt'

    def __gt__(self, o):
        return 'Base.gt'


class Sub(Base):
    def __radd__(self, o):
        return 'Sub.radd'

    def __gt__(self, o):
        return 'Sub.gt'


assert Base() + Sub() == 'Sub.radd' and Sub() + Base() == 'Base.add' and 1 + Base() == 'Base.radd'
assert (Base() < Sub()) == 'Sub.gt' and (Sub() < Base()) == 'Base.lt' and (5 > Base()) == 'Base.lt'


class Same(Base):
    pass


assert Base() + Same() == 'Base.add'


class R:
    def __rsub__(self, o): return ('rsub', o)
    def __rtruediv__(self, o): return ('rtruediv', o)
    def __rfloordiv__(self, o): return ('rfloordiv', o)
    def __rmod__(self, o): return ('rmod', o)
    def __rpow__(self, o, mod=None): return ('rpow', o)
    def __rlshift__(self, o): return ('rlshift', o)
    def __rrshift__(self, o): return ('rrshift', o)
    def __rand__(self, o): return ('rand', o)
    def __ror__(self, o): return ('ror', o)
    def __rxor__(self, o): return ('rxor', o)
    def __rmatmul__(self, o): return ('rmatmul', o)
    def __rdivmod__(self, o): return ('rdivmod', o)


r = R()
assert [7 - r, 7 / r, 7 // r, 7 % r, 7 ** r, 7 << r, 7 >> r, 7 & r, 7 | r, 7 ^ r, 7 @ r,
        divmod(7, r)] == [
    (name, 7) for name in ('rsub', 'rtruediv', 'rfloordiv', 'rmod', 'rpow', 'rlshift', 'rrshift',
                           'rand', 'ror',
                           'rxor', 'rmatmul', 'rdivmod')]


class P:
    def __pow__(self, other, mod=None):
        return other, mod


assert pow(P(), 2, 5) == (2, 5) and P() ** 3 == (3, None)


class Index:
    def __index__(self):
        return 2


i = Index()
assert [10, 20, 30][i] == 30 and 'abcdef'[i:] == 'cdef' and bin(i) == '0b10' and range(5)[i] == 2
assert [0] * i == [0, 0]


class NoneAdd:
    __add__ = None


try:
    NoneAdd() + 1
except TypeError as error:
    assert str(error) == "'NoneType' object is not callable" or 'unsupported' in str(error)
else:
    assert False


class Unhashable:
    def __eq__(self, other):
        return True


try:
    hash(Unhashable())
except TypeError as error:
    assert str(error) == "unhashable type: 'Unhashable'"
else:
    assert False


class Conv:
    def __int__(self): return 5
    def __float__(self): return 2.5
    def __complex__(self): return 1j
    def __str__(self): return 'str'
    def __repr__(self): return 'repr'
    def __bytes__(self): return b'bytes'
    def __format__(self, spec): return f'<{spec}>'
    def __round__(self, n=None): return ('round', n)
    def __trunc__(self): return 'trunc'
    def __reversed__(self): return 'reversed'


c = Conv()
assert int(c) == 5 and float(c) == 2.5 and complex(c) == 1j and str(c) == 'str'
assert repr(c) == 'repr'
assert bytes(c) == b'bytes' and f'{c:spec}' == '<spec>' and format(c) == '<>'
assert round(c) == ('round', None)
assert round(c, 2) == ('round', 2) and reversed(c) == 'reversed' and f'{c!r}' == 'repr'
assert '%s %r' % (c, c) == 'str repr'


class OnInstance:
    pass


o = OnInstance()
o.__len__ = lambda: 5
try:
    len(o)
except TypeError as error:
    assert str(error) == "object of type 'OnInstance' has no len()"
else:
    assert False, 'special methods are looked up on the class'
OnInstance.__len__ = lambda self: 6
assert len(o) == 6
del OnInstance.__len__
try:
    len(o)
except TypeError:
    pass
else:
    assert False
