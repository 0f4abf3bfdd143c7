# Decorators: order of evaluation and application, on functions and classes, any expression.
log = []


def note(tag):
    log.append('made ' + tag)

    def decorate(f):
        log.append('applied ' + tag)
        return f
    return decorate


@note('a')
@note('b')
def f():
    return 'f'


assert log == ['made a', 'made b', 'applied b', 'applied a'] and f() == 'f'


def double(f):
    def wrapper(*args, **kwargs):
        return f(*args, **kwargs) * 2
    return wrapper


@double
@double
def n(x):
    return x


assert n(3) == 12


class Count:
    def __init__(self, f):
        self.f, self.calls = f, 0

    def __call__(self, *args):
        self.calls += 1
        return self.f(*args)


@Count
def counted(x):
    return x + 1


assert counted(1) == 2 and counted(2) == 3 and counted.calls == 2


@lambda c: (c, 'decorated')
class C:
    pass


assert C[1] == 'decorated' and C[0].__name__ == 'C'
table = [double, str]


@table[1]
def text():
    pass


assert text.startswith('<function text at 0x')


@(lambda f: f if True else None)
def kept():
    return 1


assert kept() == 1


class Methods:
    @double
    def m(self):
        return 'x'

    @staticmethod
    @double
    def s():
        return 1

    @property
    @double
    def p(self):
        return [0]


assert Methods().m() == 'xx' and Methods.s() == 2 and Methods().p == [0, 0]


def replaced(f):
    return 5


@replaced
def gone():
    pass


assert gone == 5
try:
    @undefined
    def never():
        pass
except NameError:
    pass
else:
    assert False
assert 'never' not in globals()
