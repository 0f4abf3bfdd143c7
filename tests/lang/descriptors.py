# Descriptors and properties: data descriptors beat the instance, others do not.
class Celsius:
    def __init__(self, degrees):
        self._c = degrees

    @property
    def fahrenheit(self):
        "in F"
        return self._c * 9 / 5 + 32

    @fahrenheit.setter
    def fahrenheit(self, value):
        self._c = (value - 32) * 5 / 9

    @fahrenheit.deleter
    def fahrenheit(self):
        self._c = None

    @property
    def fixed(self):
        return 1


t = Celsius(100)
assert t.fahrenheit == 212 and Celsius.fahrenheit.__doc__ == 'in F'
t.fahrenheit = 32
assert t._c == 0
del t.fahrenheit
assert t._c is None
for action, text in ((lambda: setattr(t, 'fixed', 2),
                      "property 'fixed' of 'Celsius' object has no setter"),
                     (lambda: delattr(t, 'fixed'),
                      "property 'fixed' of 'Celsius' object has no deleter"),
                     (lambda: property(fset=len).__get__(t),
                      "property of 'Celsius' object has no getter")):
    try:
        action()
    except AttributeError as error:
        assert str(error) == text, str(error)
    else:
        assert False
t.__dict__['fixed'] = 'shadow'
assert t.fixed == 1
p = property(lambda self: 5, doc='d')
assert p.fget(None) == 5 and p.fset is None and p.__doc__ == 'd' and p.getter(len).fget is len

log = []


class Data:
    def __set_name__(self, owner, name):
        log.append((owner.__name__, name))

    def __get__(self, instance, owner=None):
        return ('get', instance is not None, owner.__name__)

    def __set__(self, instance, value):
        instance.__dict__['d'] = ('set', value)

    def __delete__(self, instance):
        log.append('delete')


class NonData:
    def __get__(self, instance, owner):
        return 'nondata'


class Owner:
    d = Data()
    n = NonData()


assert log == [('Owner', 'd')]
o = Owner()
assert Owner.d == ('get', False, 'Owner') and o.d == ('get', True, 'Owner')
o.d = 1
assert o.__dict__ == {'d': ('set', 1)} and o.d == ('get', True, 'Owner')
del o.d
assert log[-1] == 'delete'
assert o.n == 'nondata'
o.n = 'instance'
assert o.n == 'instance'
del o.n
assert o.n == 'nondata'


class SetOnly:
    def __set__(self, instance, value):
        instance.__dict__['s'] = value * 2


class S:
    s = SetOnly()


s = S()
assert type(s.s) is SetOnly
s.s = 4
assert s.s == 8


def function(self):
    return self


bound = function.__get__(5)
assert bound() == 5 and function.__get__(None, int) is function
assert staticmethod(function).__get__(5) is function
assert classmethod(function).__get__(5, int)() is int
assert staticmethod(function)(7) == 7 and staticmethod(function).__wrapped__ is function


class Late:
    pass


l = Late()
Late.x = property(lambda self: 'late')
assert l.x == 'late'
l.__dict__['y'] = 1
assert l.y == 1
Late.y = property(lambda self: 2)
assert l.y == 2
del Late.y
assert l.y == 1


class Raises:
    @property
    def broken(self):
        raise AttributeError('inside')

    def __getattr__(self, name):
        return 'fallback ' + name


assert Raises().broken == 'fallback broken'
assert str.upper.__get__('abc')() == 'ABC' and type(str.upper).__name__ == 'method_descriptor'
try:
    str.upper(5)
except TypeError as error:
    assert str(error) == "descriptor 'upper' for 'str' objects doesn't apply to a 'int' object"
try:
    str.upper()
except TypeError as error:
    assert str(error) == 'unbound method str.upper() needs an argument'
