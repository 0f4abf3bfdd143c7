# set and frozenset: the messages of what they refuse.
from check import raises

assert raises(KeyError, '9', {1}.remove, 9).args == (9,)
raises(KeyError, "'pop from an empty set'", set().pop)
raises(TypeError, "cannot use 'list' as a set element (unhashable type: 'list')", lambda: {[]})
raises(TypeError, "cannot use 'dict' as a set element (unhashable type: 'dict')", {1}.add, {})
raises(TypeError, "cannot use 'list' as a set element (unhashable type: 'list')", lambda: [] in {1})
raises(TypeError, "unhashable type: 'set'", hash, {1})
raises(TypeError, "'int' object is not iterable", set, 5)
raises(TypeError, 'set expected at most 1 argument, got 2', set, 1, 2)
raises(TypeError, 'set() takes no keyword arguments', set, x=1)
raises(TypeError, 'frozenset expected at most 1 argument, got 2', frozenset, 1, 2)
raises(TypeError, "unsupported operand type(s) for |: 'set' and 'list'", lambda: {1} | [2])
raises(TypeError, "unsupported operand type(s) for &: 'set' and 'str'", lambda: {1} & 'a')
raises(TypeError, "unsupported operand type(s) for -=: 'set' and 'list'", exec, 's = {1}\ns -= [1]')
raises(TypeError, "unsupported operand type(s) for +: 'set' and 'set'", lambda: {1} + {2})
raises(TypeError, "'<' not supported between instances of 'set' and 'list'", lambda: {1} < [1])
raises(TypeError, "'set' object is not subscriptable", lambda s={1}: s[0])
raises(AttributeError, "'frozenset' object has no attribute 'add'", lambda: frozenset().add)
raises(TypeError, "'int' object is not iterable", {1}.update, 5)
raises(TypeError, "'int' object is not iterable", {1}.union, 5)
raises(TypeError, "set.add() takes exactly one argument (0 given)", set().add)


def grow(s):
    for x in s:
        s.add(x + 100)


raises(RuntimeError, 'Set changed size during iteration', grow, {1, 2})


class Eq:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ValueError('eq')


s = {Eq()}
raises(ValueError, 'eq', s.add, Eq())
raises(ValueError, 'eq', lambda: 1 in s)
raises(ValueError, 'eq', s.__or__, {Eq()})
assert len(s) == 1
