# Type parameters and aliases: scopes, lazy evaluation, attributes.
def ident[T](x: T) -> T:
    return x


assert ident(3) == 3 and [str(t) for t in ident.__type_params__] == ['T']


class Box[T, *Ts, **P]:
    def get[U](self, u: U) -> tuple[T, U]:
        return U, T


t, ts, p = Box.__type_params__
assert (repr(t), repr(ts), repr(p)) == ('T', 'Ts', 'P') and Box.__parameters__ == (t, ts, p)
assert type(t).__name__ == 'TypeVar' and type(ts).__name__ == 'TypeVarTuple'
assert type(p).__name__ == 'ParamSpec'
u, outer = Box().get(1)
assert outer is t and Box.get.__type_params__ == (u,)
type Alias = int | str
assert type(Alias).__name__ == 'TypeAliasType' and Alias.__name__ == 'Alias'
assert Alias.__value__ == int | str
assert repr(Alias) == 'Alias'
type Lazy = undefined_yet
try:
    Lazy.__value__
except NameError as error:
    assert str(error) == "name 'undefined_yet' is not defined"
else:
    assert False
undefined_yet = float
assert Lazy.__value__ is float
type Rec[T] = T | list[Rec[T]]
assert Rec.__type_params__[0].__name__ == 'T' and Rec[int].__origin__ is Rec
assert Rec[int].__args__ == (int,)


def bounded[A: int, B: (int, str), C = bool, D: undefined_bound = None]():
    return A, B, C, D


a, b, c, d = bounded()
assert a.__bound__ is int and b.__constraints__ == (int, str) and c.__default__ is bool
assert d.__default__ is None
assert b.__bound__ is None and a.__constraints__ == ()
try:
    d.__bound__
except NameError:
    pass
else:
    assert False
assert not hasattr(__builtins__, 'T')
try:
    T
except NameError:
    pass
else:
    assert False
type = 5                                    # `type` stays a name
assert type == 5
del type


def nested[T]():
    def inner():
        return T
    return inner() is nested.__type_params__[0]


assert nested()


class Scoped[T]:
    attribute = T
    values = [T for _ in range(1)]


assert Scoped.attribute is Scoped.__type_params__[0] and Scoped.values == [Scoped.attribute]
assert Scoped[int].__args__ == (int,) and Scoped.__orig_bases__[0].__args__ == (Scoped.attribute,)
default_scope = 'outer'


def uses_default[T](x=default_scope):
    return x


assert uses_default() == 'outer' and ident.__name__ == 'ident' and ident.__qualname__ == 'ident'
assert Box.get.__qualname__ == 'Box.get'
