# with: enter and exit order, suppression, targets, several managers, errors.
log = []


class M:
    def __init__(self, name, suppress=False, fail=None):
        self.name, self.suppress, self.fail = name, suppress, fail

    def __enter__(self):
        log.append('enter ' + self.name)
        if self.fail == 'enter':
            raise OSError(self.name)
        return self.name

    def __exit__(self, kind, value, traceback):
        log.append(f'exit {self.name} {kind and kind.__name__}')
        if self.fail == 'exit':
            raise KeyError(self.name)
        return self.suppress


with M('a') as a:
    log.append(a)
assert log == ['enter a', 'a', 'exit a None']
log.clear()
with M('a') as a, M('b') as b:
    pass
assert log == ['enter a', 'enter b', 'exit b None', 'exit a None']
log.clear()
with (M('a'), M('b') as b,):
    pass
assert len(log) == 4
log.clear()
with M('s', suppress=True):
    raise ValueError
assert log == ['enter s', 'exit s ValueError']
log.clear()
try:
    with M('outer'), M('inner', fail='enter'):
        assert False
except OSError as error:
    assert str(error) == 'inner'
assert log == ['enter outer', 'enter inner', 'exit outer OSError']
log.clear()
try:
    with M('x', fail='exit'):
        raise ValueError('body')
except KeyError as error:
    assert str(error.__context__) == 'body'
log.clear()


def ways_out():
    for i in range(3):
        with M(str(i)):
            if i == 0:
                continue
            if i == 1:
                break
    with M('r'):
        return 'returned'


assert ways_out() == 'returned'
assert [l for l in log if l.startswith('exit')] == ['exit 0 None', 'exit 1 None', 'exit r None']
with M('t') as (log[0]):
    assert log[0] == 't'


class Pair:
    def __enter__(self):
        return 1, [2, 3]

    def __exit__(self, *args):
        return None


with Pair() as (p, [q, r]):
    assert (p, q, r) == (1, 2, 3)
got = {}
with Pair() as got['k']:
    pass
assert got == {'k': (1, [2, 3])}


class NoExit:
    def __enter__(self):
        pass


class NoEnter:
    def __exit__(self, *args):
        pass


for bad, text in ((NoEnter,
                   "'NoEnter' object does not support the context manager protocol (missed __enter__ method)"),
                  (NoExit,
                   "'NoExit' object does not support the context manager protocol (missed __exit__ method)")):
    try:
        with bad():
            pass
    except TypeError as error:
        assert str(error) == text, str(error)
    else:
        assert False


class Instance:
    pass


i = Instance()
i.__enter__ = i.__exit__ = lambda *a: 1
try:
    with i:
        pass
except TypeError:
    pass
else:
    assert False, 'looked up on the instance'


class Truthy:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.seen = kind, str(value), traceback is not None
        return [1]


with Truthy() as t:
    raise LookupError('gone')
assert t.seen == (LookupError, 'gone', True)
