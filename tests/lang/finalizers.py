# __del__ runs when the last reference goes, at once, exactly once.
log = []


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


d = D('a')
assert log == []
d = None
assert log == ['a']
D('temporary')
assert log == ['a', 'temporary']


def local():
    x = D('local')
    y = x
    del x
    assert log[-1] != 'local'


local()
assert log[-1] == 'local'


def argument(x):
    return 5


argument(D('argument'))
assert log[-1] == 'argument'
l = [D('one'), D('two')]
l.pop()
assert log[-1] == 'two'
l[0] = 0
assert log[-1] == 'one'
dct = {'k': D('value')}
dct['k'] = 1
assert log[-1] == 'value'
o = D('outer')
o.inner = D('inner')
del o
assert log[-2:] == ['outer', 'inner']


class Revive:
    saved = None

    def __del__(self):
        log.append('revive')
        Revive.saved = self


Revive()
assert log[-1] == 'revive' and Revive.saved is not None
Revive.saved = None
assert log.count('revive') == 1


def raising():
    try:
        x = D('in frame')
        raise ValueError
    except ValueError:
        assert log[-1] != 'in frame'
    del x
    return log[-1]


assert raising() == 'in frame'


def exception_keeps():
    def inner():
        x = D('kept by traceback')
        raise ValueError
    try:
        inner()
    except ValueError as e:
        saved = e
    assert log[-1] != 'kept by traceback'
    del saved
    return log[-1]


assert exception_keeps() == 'kept by traceback'
for x in [D('loop1'), D('loop2')]:
    pass
del x
assert set(log[-2:]) == {'loop1', 'loop2'}


def gen():
    x = D('generator local')
    yield
    yield


g = gen()
next(g)
del g
assert log[-1] == 'generator local'
x = D('x') if True else None
x = D('y')
assert log[-1] == 'x'
(lambda: D('lambda'))()
assert log[-1] == 'lambda'
t = (D('t1'), D('t2'))
del t
assert set(log[-2:]) == {'t1', 't2'}


class C:
    pass


c = C()
c.method = D('attr')
c.method = 2
assert log[-1] == 'attr'
f = lambda d=D('default'): 0
del f
assert log[-1] == 'default'


def closure():
    v = D('cell')
    return lambda: v


f = closure()
assert log[-1] == 'default'
del f
assert log[-1] == 'cell'
'%s' % D('formatted').name
assert log[-1] == 'formatted'
D('compared') == D('with')
assert set(log[-2:]) == {'compared', 'with'}
