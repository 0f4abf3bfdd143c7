# Classes: attributes, methods, instances, inheritance, class bodies.
class Empty:
    pass


assert Empty.__name__ == 'Empty' and Empty.__bases__ == (object,) and type(Empty) is type
assert isinstance(Empty(), Empty) and Empty() != Empty()


class Point:
    "a point"
    dimensions = 2

    def __init__(self, x, y=0):
        self.x = x
        self.y = y

    def sum(self):
        return self.x + self.y

    def moved(self, dx, dy=0, *, scale=1):
        return Point(self.x + dx * scale, self.y + dy * scale)


p = Point(1, 2)
assert p.sum() == 3 and p.moved(1).x == 2 and p.moved(1, 2, scale=10).y == 22
assert Point.__doc__ == 'a point' and p.dimensions == 2
p.dimensions = 3
assert Point.dimensions == 2 and p.dimensions == 3
del p.dimensions
assert p.dimensions == 2
Point.dimensions = 4
assert p.dimensions == 4
assert p.__dict__ == {'x': 1, 'y': 2} and vars(p) is p.__dict__
p.__dict__['z'] = 9
assert p.z == 9 and hasattr(p, 'z') and not hasattr(p, 'w')
method = p.sum
assert method() == 3 and method.__self__ is p and method.__func__ is Point.sum
assert method.__name__ == 'sum'
assert Point.sum(p) == 3 and p.sum == p.sum and p.sum is not p.sum
try:
    p.nothing
except AttributeError as error:
    assert str(error) == "'Point' object has no attribute 'nothing'"
    assert error.name == 'nothing' and error.obj is p
try:
    Point.nothing
except AttributeError as error:
    assert str(error) == "type object 'Point' has no attribute 'nothing'"
try:
    del p.nothing
except AttributeError as error:
    assert str(error) == "'Point' object has no attribute 'nothing'"
else:
    assert False


class Point3(Point):
    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z

    def sum(self):
        return super().sum() + self.z


q = Point3(1, 2, 3)
assert q.sum() == 6 and isinstance(q, Point) and issubclass(Point3, Point)
assert not issubclass(Point, Point3)
assert Point3.__mro__ == (Point3, Point, object) and Point3.__base__ is Point
assert Point.__subclasses__() == [Point3]
setattr(q, 'w', 1)
assert getattr(q, 'w') == 1 and getattr(q, 'v', 'default') == 'default'
delattr(q, 'w')
assert not hasattr(q, 'w')


class Body:
    if True:
        n = 1
    for i in range(3):
        n += i
    def f(self): return self.n
    g = f
    h = lambda self: self.n * 2


assert Body.n == 4 and Body.i == 2 and Body().g() == 4 and Body().h() == 8


def made_in_function(base):
    class Local(base):
        pass
    return Local


L = made_in_function(Point)
assert L.__qualname__ == 'made_in_function.<locals>.Local' and L(1).y == 0
assert L.__module__ == '__main__'


class Static:
    @staticmethod
    def s(x):
        return x

    @classmethod
    def c(cls, x):
        return cls, x


assert Static.s(1) == 1 and Static().s(2) == 2
assert Static.c(1) == (Static, 1) and Static().c(2) == (Static, 2)


class Derived(Static):
    pass


assert Derived.c(0)[0] is Derived
o = Empty()
o.f = lambda: 'instance'
assert o.f() == 'instance'
o.__class__ = Derived
assert type(o) is Derived and o.s(5) == 5 and o.f() == 'instance'
Dyn = type('Dyn', (Point,), {'extra': 1, 'm': lambda self: self.extra})
assert Dyn(0).m() == 1 and Dyn.__name__ == 'Dyn'


class Private:
    def __init__(self):
        self.__hidden = 1

    def get(self):
        return self.__hidden


assert Private().get() == 1 and Private()._Private__hidden == 1
assert not hasattr(Private(), '__hidden')
