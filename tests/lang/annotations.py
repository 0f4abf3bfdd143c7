# Annotations are evaluated when they are asked for (PEP 649), and never stop a program.
def f(a: int, b: 'text' = 2, *args: float, c: missing_name = None, **kw: str) -> list:
    local: also_missing = 1
    return local


assert f(1) == 1
try:
    f.__annotations__
except NameError as error:
    assert error.name == 'missing_name'
else:
    assert False
missing_name = 'now defined'
assert f.__annotations__ == {'a': int, 'b': 'text', 'args': float, 'c': 'now defined', 'kw': str,
                             'return': list}
assert f.__annotations__ is f.__annotations__
assert f.__annotate__(1) == f.__annotations__


def plain():
    pass


assert plain.__annotations__ == {} and plain.__annotate__ is None
plain.__annotations__ = {'x': 1}
assert plain.__annotations__ == {'x': 1}


class C:
    x: int
    y: later = 5
    z: 'C'
    if False:
        never: int

    def m(self) -> C:
        pass


assert C.y == 5 and not hasattr(C, 'x')
later = str
assert C.__annotations__ == {'x': int, 'y': str, 'z': 'C'} and C.m.__annotations__ == {'return': C}


class D(C):
    w: float


assert D.__annotations__ == {'w': float}


class E(C):
    pass


assert E.__annotations__ == {}
order = []


def note(x):
    order.append(x)
    return x


v: note('not evaluated') = note('value')
assert order == ['value'] and v == 'value'
target = {}
target[note('key')]: int = note('item')
assert order == ['value', 'item', 'key'] and target == {'key': 'item'}
target[note('only')]: int
(v): int if False else str
assert order[-1] == 'only'


def nested():
    marker = 'enclosing'

    def inner(x: marker):
        pass
    return inner


assert nested().__annotations__ == {'x': 'enclosing'}


def star(*args: *tuple[int, ...]):
    pass


assert repr(star.__annotations__['args']) == '*tuple[int, ...]'
module_level: int = 3
assert __annotate__(1)['module_level'] is int
