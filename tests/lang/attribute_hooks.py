# __getattr__, __getattribute__, __setattr__, __delattr__, __dir__, and module-level names.
class G:
    real = 1

    def __getattr__(self, name):
        if name.startswith('x'):
            return name * 2
        raise AttributeError(name)


g = G()
assert g.real == 1 and g.xy == 'xyxy' and not hasattr(g, 'other') and getattr(g, 'q', 5) == 5
try:
    g.other
except AttributeError as error:
    assert str(error) == 'other'


class All:
    def __init__(self):
        self.a = 1

    def __getattribute__(self, name):
        if name == 'virtual':
            return 'made'
        return object.__getattribute__(self, name)


assert All().a == 1 and All().virtual == 'made'

log = []


class SetDel:
    def __setattr__(self, name, value):
        log.append(('set', name, value))
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        log.append(('del', name))
        super().__delattr__(name)


s = SetDel()
s.a = 1
s.a += 1
del s.a
assert log == [('set', 'a', 1), ('set', 'a', 2), ('del', 'a')] and not hasattr(s, 'a')


class Proxy:
    def __init__(self, target):
        object.__setattr__(self, '_t', target)

    def __getattr__(self, name):
        return getattr(self._t, name)

    def __setattr__(self, name, value):
        setattr(self._t, name, value)


class T:
    def method(self):
        return 'method', self.v


t = T()
p = Proxy(t)
p.v = 3
assert t.v == 3 and p.method() == ('method', 3) and '_t' in p.__dict__


class Both:
    def __getattribute__(self, name):
        raise AttributeError('first ' + name)

    def __getattr__(self, name):
        return 'second ' + name


assert Both().anything == 'second anything'


class D:
    def __dir__(self):
        return ['z', 'a']


assert dir(D()) == ['a', 'z']


class Names:
    b = 1

    def m(self):
        pass


n = Names()
n.inst = 1
assert {'b', 'm', 'inst', '__class__', '__init__'} <= set(dir(n)) and 'inst' not in dir(Names)
for bad in (lambda: getattr(n, 5), lambda: setattr(n, 5, 1), lambda: hasattr(n, 5)):
    try:
        bad()
    except TypeError as error:
        assert 'attribute name must be string' in str(error)
    else:
        assert False
for value, text in ((5, "'int' object has no attribute 'x'"),
                    ([], "'list' object has no attribute 'x'"),
                    (None, "'NoneType' object has no attribute 'x'"),
                    (len, "'builtin_function_or_method' object has no attribute 'x'")):
    try:
        value.x
    except AttributeError as error:
        assert str(error) == text
    else:
        assert False
try:
    (5).x = 1
except AttributeError as error:
    assert str(error) == "'int' object has no attribute 'x' and no __dict__ for setting new attributes"
try:
    (5).real = 1
except AttributeError as error:
    assert str(error) == "attribute 'real' of 'int' objects is not writable"
try:
    int.x = 1
except TypeError as error:
    assert str(error) == "cannot set 'x' attribute of immutable type 'int'"
else:
    assert False
