# The module of type aliases and type parameters is that of the code that makes them.
import copy
import pickle
import types
from typing import Generic, ParamSpec, TypeAliasType, TypeVar

type Alias = int
assert Alias.__module__ == __name__, Alias.__module__
assert TypeAliasType("Made", int).__module__ == __name__
assert pickle.loads(pickle.dumps(Alias)) is Alias

names = {}
exec("type A = int\nfrom typing import TypeVar\nT = TypeVar('T')", names)
assert names["A"].__module__ is None and names["T"].__module__ is None
assert (int | str).__module__ == "typing"

# bounds of a ParamSpec are not checked
assert ParamSpec("P", bound=(int, str)).__bound__ == (int, str)

# instances of generic classes, in every protocol
T = TypeVar("T")


class Box(Generic[T]):
    pass


for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    assert type(pickle.loads(pickle.dumps(Box(), protocol))) is Box
assert type(copy.copy(Box[int]())) is Box

# what __typing_prepare_subst__ gives is one argument unless it is a tuple
class Parameter:
    __typing_prepare_subst__ = lambda *args: None
    __typing_subst__ = lambda self, value: value


assert types.GenericAlias(dict, (Parameter(),))[7].__args__ == (None,)


class C:
    pass


try:
    del C.__type_params__
except TypeError as error:
    assert "cannot delete '__type_params__'" in str(error)
else:
    raise AssertionError
