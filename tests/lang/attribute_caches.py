# What a fast path may have remembered must be forgotten when classes, instances, globals or
# builtins change.
class A:
    v = 1

    def m(self):
        return 'A.m'


class B(A):
    pass


def read(o):
    return o.v


def call(o):
    return o.m()


b = B()
for _ in range(200):
    assert read(b) == 1 and call(b) == 'A.m'
A.v = 2
assert read(b) == 2
B.v = 3
assert read(b) == 3
b.v = 4
assert read(b) == 4
del b.v
assert read(b) == 3
del B.v
assert read(b) == 2
A.m = lambda self: 'new'
assert call(b) == 'new'
b.m = lambda: 'instance'
assert call(b) == 'instance'
del b.m
A.v = property(lambda self: 'property')
assert read(b) == 'property'
B.__getattr__ = lambda self, name: 'getattr ' + name
del A.v
assert read(b) == 'getattr v'
B.__getattribute__ = lambda self, name: 'all ' + name
assert read(b) == 'all v' and b.m == 'all m'
del B.__getattribute__, B.__getattr__
try:
    read(b)
except AttributeError:
    pass
else:
    assert False


def sizes(x):
    return len(x)


for _ in range(200):
    assert sizes([1]) == 1
len_ = len
len = lambda x: 'mine'
assert sizes([1]) == 'mine'
del len
assert sizes([1]) == 1
g = 1


def global_read():
    return g


for _ in range(200):
    assert global_read() == 1
g = 2
assert global_read() == 2
globals()['g'] = 3
assert global_read() == 3
del g
try:
    global_read()
except NameError:
    pass
else:
    assert False
g = 4
assert global_read() == 4


def plus(a, b):
    return a + b


for _ in range(200):
    assert plus(1, 2) == 3
assert plus('a', 'b') == 'ab' and plus(1.5, 2) == 3.5 and plus([1], [2]) == [1, 2]
assert plus(2 ** 62, 2 ** 62) == 2 ** 63
for _ in range(200):
    assert plus(1.5, 1.5) == 3.0
assert plus(1, 1) == 2


class Int(int):
    def __add__(self, other):
        return 'Int'


assert plus(Int(1), 1) == 'Int'


def item(c, k):
    return c[k]


for _ in range(200):
    assert item([1, 2, 3], 1) == 2
assert item({'a': 5}, 'a') == 5 and item((7,), 0) == 7 and item('xyz', 2) == 'z'
assert item(range(5), 3) == 3


class Shapes:
    pass


def order(names):
    s = Shapes()
    for n in names:
        setattr(s, n, n)
    return s


objects = [order(names) for names in ('ab', 'ba', 'abc', 'cab', 'xyzab', 'a')] * 50
assert [o.a for o in objects] == ['a'] * 300
assert [hasattr(o, 'b') for o in objects].count(True) == 250


class Switch:
    def f(self):
        return 1


s = Switch()
results = []
for i in range(300):
    if i == 100:
        Switch.f = lambda self: 2
    if i == 200:
        s.__class__ = B
    results.append(s.f() if i < 200 else s.m())
assert results == [1] * 100 + [2] * 100 + ['new'] * 100


def loop(seq):
    out = 0
    for x in seq:
        out += x
    return out


for _ in range(100):
    assert loop([1, 2]) == 3
assert loop((1, 2)) == 3 and loop(range(3)) == 3 and loop({1, 2}) == 3 and loop(iter([5])) == 5
assert loop({7: 0}) == 7
C = type('C', (), {'k': 1})
objs = [C() for _ in range(10)]
for i, o in enumerate(objs * 30):
    if i == 150:
        C.k = 'changed'
    assert o.k == (1 if i < 150 else 'changed')


class Managed:
    def __enter__(self):
        return 'first'

    def __exit__(self, *exc):
        left.append('first')


class Slotted(Managed):
    __slots__ = ()

    @staticmethod
    def __enter__():
        return 'static'


def entered(manager):
    with manager as what:
        return what


left = []
managed = Managed()
managed.__enter__ = lambda: 'of the instance: not looked at'
for i in range(100):
    assert entered(managed) == 'first' and entered(Slotted()) == 'static'
Managed.__enter__ = lambda self: ('second', self)
assert entered(managed) == ('second', managed)
Managed.__enter__ = staticmethod(lambda: 'third')
Managed.__exit__ = lambda *all: left.append(len(all))
assert entered(managed) == 'third' and left.pop() == 4
del Managed.__exit__
for i in range(3):
    try:
        entered(managed)
        assert False
    except TypeError as e:
        assert str(e) == ("'Managed' object does not support the context manager protocol "
                          "(missed __exit__ method)"), e
    except AttributeError:
        assert False
