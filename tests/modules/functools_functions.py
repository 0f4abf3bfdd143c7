# functools: partial, reduce, caches, wraps, total_ordering, singledispatch, cmp_to_key,
# cached_property.
from functools import *
from check import raises

assert reduce(lambda a, b: a + b, [1, 2, 3]) == 6 and reduce(lambda a, b: a * b, [], 5) == 5
assert reduce(max, [3, 1]) == 3
raises(TypeError, 'reduce() of empty iterable with no initial value', reduce, max, [])


def f(a, b=2, *args, **kw):
    "doc"
    return a, b, args, kw


p = partial(f, 1, z=3)
assert p() == (1, 2, (), {'z': 3}) and p(5, 6, z=4) == (1, 5, (6,), {'z': 4}) and p.func is f
assert p.args == (1,) and p.keywords == {'z': 3}
assert partial(p, 9).args == (1, 9)
assert repr(partial(max, 1)) == 'functools.partial(<built-in function max>, 1)'
assert partial(f, Placeholder, 7)(1) == (1, 7, (), {})
raises(TypeError, 'the first argument must be callable', partial, 5)
calls = []


@lru_cache(maxsize=2)
def square(n):
    calls.append(n)
    return n * n


assert [square(n) for n in (1, 2, 1, 3, 2)] == [1, 4, 1, 9, 4] and calls == [1, 2, 3, 2]
assert square.cache_info() == (1, 4, 2, 2)
assert square.cache_parameters() == {'maxsize': 2, 'typed': False} and square.__wrapped__(4) == 16
square.cache_clear()
assert square.cache_info().currsize == 0


@cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


assert fib(90) == 2880067194370816120 and fib.cache_info().misses == 91


@lru_cache(typed=True)
def typed(x):
    return type(x)


assert typed(1) is int and typed(1.0) is float


@wraps(f)
def wrapper(*args):
    return f(*args)


assert wrapper.__name__ == 'f' and wrapper.__doc__ == 'doc' and wrapper.__wrapped__ is f


@total_ordering
class Age:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        return self.n == o.n

    def __lt__(self, o):
        return self.n < o.n


assert Age(1) <= Age(1) and Age(2) > Age(1) and Age(2) >= Age(2) and not Age(1) > Age(2)
assert sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)) == [3, 2, 1]


class Lazy:
    made = 0

    @cached_property
    def value(self):
        Lazy.made += 1
        return 'v'


o = Lazy()
assert o.value == o.value == 'v' and Lazy.made == 1 and o.__dict__ == {'value': 'v'}


@singledispatch
def kind(x):
    return 'object'


@kind.register
def _(x: int):
    return 'int'


@kind.register(list)
def _(x):
    return 'list'


assert kind(1) == 'int' and kind(True) == 'int' and kind([]) == 'list' and kind('a') == 'object'
assert kind.dispatch(bool)(1) == 'int'


class Methods:
    def greet(self, word, name):
        return word + name

    hello = partialmethod(greet, 'hello ')

    @singledispatchmethod
    def show(self, x):
        return 'any'

    @show.register
    def _(self, x: str):
        return 'str'


assert Methods().hello('you') == 'hello you' and Methods().show('a') == 'str'
assert Methods().show(1) == 'any'
