# __slots__: fixed attributes, no dict, inheritance, errors.
class P:
    __slots__ = ('x', 'y')

    def __init__(self, x, y):
        self.x = x
        self.y = y


p = P(1, 2)
assert p.x + p.y == 3 and not hasattr(p, '__dict__')
p.x = 10
assert p.x == 10
del p.x
try:
    p.x
except AttributeError as error:
    assert str(error) == "'P' object has no attribute 'x'"
else:
    assert False
try:
    p.z = 1
except AttributeError as error:
    assert str(error) == "'P' object has no attribute 'z' and no __dict__ for setting new attributes"
else:
    assert False
assert type(P.x).__name__ == 'member_descriptor' and P.y.__get__(p) == 2
assert P.__slots__ == ('x', 'y')


class Q(P):
    __slots__ = 'z'


q = Q(1, 2)
q.z = 3
assert (q.x, q.y, q.z) == (1, 2, 3) and not hasattr(q, '__dict__')


class R(Q):
    pass


r = R(1, 2)
r.anything = 5
r.z = 4
assert r.__dict__ == {'anything': 5} and r.z == 4


class WithDict:
    __slots__ = ['a', '__dict__']


w = WithDict()
w.a = 1
w.b = 2
assert w.__dict__ == {'b': 2} and w.a == 1
for slots, text in ((('1bad',), '__slots__ must be identifiers'),
                    ((5,), "__slots__ items must be strings, not 'int'")):
    try:
        type('X', (), {'__slots__': slots})
    except TypeError as error:
        assert str(error) == text, str(error)
    else:
        assert False
try:
    type('X', (), {'__slots__': ('a',), 'a': 1})
except ValueError as error:
    assert str(error) == "'a' in __slots__ conflicts with class variable"
else:
    assert False
try:
    class Multi(P, WithDict):
        pass
except TypeError as error:
    assert str(error) == 'multiple bases have instance lay-out conflict'
else:
    assert False


class Empty:
    __slots__ = ()


class Mixed(P, Empty):
    __slots__ = ()


assert Mixed(1, 2).y == 2


class Private:
    __slots__ = ('__v',)

    def __init__(self):
        self.__v = 1


assert Private()._Private__v == 1


class Documented:
    __slots__ = {'n': 'the number'}


d = Documented()
d.n = 1
assert d.n == 1 and Documented.__slots__ == {'n': 'the number'}
try:
    P.x.__get__(5)
except TypeError as error:
    assert str(error) == "descriptor 'x' for 'P' objects doesn't apply to a 'int' object"
else:
    assert False


# a member of another class, where instances had one of their own or none, is of no use
class Wide:
    __slots__ = tuple('x%d' % i for i in range(40))


class Narrow:
    __slots__ = ('a',)


class Without:
    __slots__ = ()


def get(o):
    return o.a


def put(o, value):
    o.a = value


objects = [Narrow() for i in range(10)]
for o in objects:
    put(o, 1), get(o), put(o, 2)
Narrow.a = Without.a = Wide.__dict__['x20']
for o in objects + [Without() for i in range(10)]:
    for f in (get, lambda o: put(o, 3)):
        try:
            f(o)
        except TypeError as error:
            assert str(error).startswith("descriptor 'x20' for 'Wide' objects doesn't apply to a '")
        else:
            assert False


# whether a name is an identifier is not asked of its class
class Name(str):
    def isidentifier(self):
        return 1


class Named:
    __slots__ = Name('a'), Name('b')


n = Named()
n.a = 1
assert n.a == 1 and not hasattr(n, 'b')
try:
    type('Unnamed', (), {'__slots__': [Name('a b')]})
except TypeError as e:
    assert str(e) == '__slots__ must be identifiers', e
else:
    assert False
