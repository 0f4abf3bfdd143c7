# list[int], int | str and their relatives.
import types
import typing
from check import raises

a = list[int]
assert type(a) is types.GenericAlias and a.__origin__ is list and a.__args__ == (int,)
assert repr(a) == 'list[int]' and a == list[int]
assert repr(dict[str, list[int]]) == 'dict[str, list[int]]'
assert repr(tuple[int, ...]) == 'tuple[int, ...]' and repr(tuple[()]) == 'tuple[()]'
assert a() == [] and list[int]('ab') == ['a', 'b'] and hash(a) == hash(list[int])
assert {a: 1}[list[int]] == 1 and a != list[str] and a != list
assert type[int].__origin__ is type and repr(type[int]) == 'type[int]'
assert set[int].__args__ == (int,) and frozenset[int].__args__ == (int,)
T = typing.TypeVar('T')
b = dict[T, list[T]]
assert b.__parameters__ == (T,) and b[int] == dict[int, list[int]]
assert repr(b) == 'dict[~T, list[~T]]'
assert list[T].__parameters__ == (T,) and tuple[T, int, T][str] == tuple[str, int, str]
raises(TypeError, 'isinstance() argument 2 cannot be a parameterized generic', isinstance, [],
       list[int])
raises(TypeError, 'issubclass() argument 2 cannot be a parameterized generic', issubclass, list,
       list[int])
raises(TypeError, 'list[int] is not a generic class', lambda: list[int][str])
raises(TypeError, "type 'int' is not subscriptable", lambda i=int: i[0])


class Mine(list[int]):
    pass


assert Mine.__bases__ == (list,) and Mine.__orig_bases__ == (list[int],) and Mine([1]) == [1]
assert list[int].append is list.append and list[int].__doc__ == list.__doc__
assert [*tuple[int, ...]][0].__unpacked__
u = int | str
assert u.__args__ == (int, str) and repr(u) == 'int | str' and u == str | int
assert hash(u) == hash(str | int) and type(u) is typing.Union
assert isinstance(5, u) and isinstance('a', u) and not isinstance(1.5, u) and issubclass(bool, u)
assert int | int is int
assert repr(int | None) == 'int | None' and (int | None).__args__ == (int, type(None))
assert isinstance(None, int | None)
assert (int | str) | float == int | (str | float) and (int | str) | int == int | str
assert repr(list[int] | str) == 'list[int] | str'
assert typing.Optional[int] == int | None and typing.Union[int, str] == int | str
assert u.__parameters__ == () and (T | int)[str] == str | int
raises(TypeError, "unsupported operand type(s) for |: 'type' and 'int'", lambda: int | 5)
raises(TypeError, 'isinstance() argument 2 cannot be a parameterized generic', isinstance, 5,
       list[int] | str)
import pickle
assert pickle.loads(pickle.dumps(a)) == a and pickle.loads(pickle.dumps(u)) == u


class C:
    def __class_getitem__(cls, item):
        return item

    def __or__(self, other):
        return 'instance or'


assert C[5] == 5 and C() | 1 == 'instance or' and (C | int).__args__ == (C, int)
