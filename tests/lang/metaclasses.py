# Metaclasses, __prepare__, __init_subclass__, __set_name__, __class_getitem__, __instancecheck__,
# __call__.
log = []


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        log.append(('prepare', name, kw))
        return {'prepared': True}

    def __new__(mcs, name, bases, ns, **kw):
        log.append(('new', name))
        return super().__new__(mcs, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        log.append(('init', name))
        super().__init__(name, bases, ns)

    def __call__(cls, *args):
        log.append(('call', args))
        return super().__call__(*args)

    def __len__(cls):
        return 42

    def __getattr__(cls, name):
        return 'meta ' + name

    @property
    def prop(cls):
        return cls.__name__


class A(metaclass=Meta, option=1):
    def __init__(self, v):
        self.v = v


assert log == [('prepare', 'A', {'option': 1}), ('new', 'A'), ('init', 'A')]
assert A.prepared and type(A) is Meta and len(A) == 42 and A.missing == 'meta missing'
assert A.prop == 'A'
log.clear()
assert A(5).v == 5 and log == [('call', (5,))]


class B(A):
    pass


assert type(B) is Meta and isinstance(B, Meta) and not hasattr(B(1), 'prop')


class Other(type):
    pass


try:
    class C(A, metaclass=Other):
        pass
except TypeError as error:
    assert str(error) == ('metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass '
                          'of the metaclasses of all its bases')
else:
    assert False


class Registry:
    known = []

    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        Registry.known.append((cls.__name__, tag))


class X(Registry):
    pass


class Y(Registry, tag='t'):
    pass


assert Registry.known == [('X', None), ('Y', 't')]
try:
    class Z(Registry, wrong=1):
        pass
except TypeError as error:
    assert str(error) == 'Z.__init_subclass__() takes no keyword arguments'
else:
    assert False


class Generic:
    def __class_getitem__(cls, item):
        return cls.__name__, item


assert Generic[int, str] == ('Generic', (int, str))
try:
    int[5]
except TypeError as error:
    assert str(error) == "type 'int' is not subscriptable"
else:
    assert False


class Duck(type):
    def __instancecheck__(cls, instance):
        return hasattr(instance, 'quack')

    def __subclasscheck__(cls, sub):
        return sub.__name__.startswith('D')


class Quacks(metaclass=Duck):
    pass


class Dog:
    quack = 1


assert isinstance(Dog(), Quacks) and not isinstance(5, Quacks) and issubclass(Dog, Quacks)
assert not issubclass(int, Quacks)


def function_metaclass(name, bases, ns):
    return name, bases, sorted(k for k in ns if not k.startswith('__'))


class F(int, metaclass=function_metaclass):
    a = 1
    b = 2


assert F == ('F', (int,), ['a', 'b'])


class Entries:
    def __mro_entries__(self, bases):
        return (list,)


class L(Entries()):
    pass


assert L.__bases__ == (list,) and len(L.__orig_bases__) == 1


class NameError_:
    def __set_name__(self, owner, name):
        raise ValueError('set_name')


try:
    class N:
        bad = NameError_()
except ValueError as error:
    assert error.__notes__ == ["Error calling __set_name__ on 'NameError_' instance 'bad' in 'N'"]
else:
    assert False


class Recording(dict):
    def __setitem__(self, key, value):
        log.append(key)
        super().__setitem__(key, value)


class Order(type):
    def __prepare__(name, bases):
        return Recording()


log.clear()


class O(metaclass=Order):
    first = 1
    second = 2
    first = 3


assert [k for k in log if not k.startswith('__')] == ['first', 'second', 'first']
assert type(type) is type and isinstance(type, type) and type.__mro__ == (type, object)
S = type('S', (), dict(a=1), )
assert S().a == 1
try:
    type('S', (5,), {})
except TypeError:
    pass
