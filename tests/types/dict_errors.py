# dict: the messages of what it refuses, and what exceptions in __eq__ and __hash__ do.
from check import raises

d = {'a': 1}
assert raises(KeyError, "'z'", lambda: d['z']).args == ('z',)
raises(KeyError, "'z'", d.pop, 'z')
raises(KeyError, "'z'", d.__delitem__, 'z')
raises(KeyError, "'popitem(): dictionary is empty'", {}.popitem)
raises(KeyError, '(1, 2)', lambda: d[1, 2])
raises(TypeError, "cannot use 'list' as a dict key (unhashable type: 'list')", lambda: d[[]])
raises(TypeError, "cannot use 'dict' as a dict key (unhashable type: 'dict')", d.__setitem__, {}, 1)
raises(TypeError, "cannot use 'set' as a dict key (unhashable type: 'set')", d.get, set())
raises(TypeError, "cannot use 'tuple' as a dict key (unhashable type: 'list')", lambda: d[([],)])
class Outer:
    class Unhashable:
        __hash__ = None


raises(TypeError, "cannot use 'Outer.Unhashable' as a dict key (unhashable type: 'Unhashable')", lambda: d[Outer.Unhashable()])
raises(TypeError, "cannot use 'Outer.Unhashable' as a set element (unhashable type: 'Unhashable')", lambda: {Outer.Unhashable()})
raises(TypeError, "unhashable type: 'dict'", hash, d)
raises(TypeError, "'int' object is not iterable", dict, 5)
raises(TypeError, 'object is not iterable', dict, [5])
raises(ValueError, 'dictionary update sequence element #0 has length 1; 2 is required', dict, ['a'])
raises(ValueError, 'dictionary update sequence element #1 has length 3; 2 is required', dict,
       [(1, 2), (1, 2, 3)])
raises(TypeError, 'dict expected at most 1 argument, got 2', dict, 1, 2)
raises(TypeError, "unsupported operand type(s) for |: 'dict' and 'list'", lambda: d | [])
raises(TypeError, "unsupported operand type(s) for +: 'dict' and 'dict'", lambda: d + d)
raises(TypeError, "'<' not supported between instances of 'dict' and 'dict'", lambda: d < d)
raises(TypeError, 'get expected at least 1 argument, got 0', d.get)
raises(TypeError, 'pop expected at least 1 argument, got 0', d.pop)
raises(TypeError, "'dict_keys' object is not subscriptable", lambda: d.keys()[0])
raises(TypeError, "cannot create 'dict_keys' instances", type(d.keys()))
raises(AttributeError, "'dict' object has no attribute 'has_key'", lambda: d.has_key)
raises(TypeError, "unhashable type: 'dict_items'", hash, d.items())


class BadHash:
    def __hash__(self):
        raise ValueError('hash')


class BadEq:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ValueError('eq')


class StrHash:
    def __hash__(self):
        return 'x'


raises(ValueError, 'hash', lambda: {BadHash(): 1})
raises(ValueError, 'hash', lambda: BadHash() in d)
clash = {BadEq(): 1}
raises(ValueError, 'eq', lambda: clash[BadEq()])
raises(ValueError, 'eq', clash.__setitem__, BadEq(), 2)
raises(ValueError, 'eq', clash.get, 1)
raises(TypeError, '__hash__ method should return an integer', hash, StrHash())
assert len(clash) == 1


def grow():
    for k in d:
        d[k + 'x'] = 1


raises(RuntimeError, 'dictionary changed size during iteration', grow)


def shrink():
    e = dict.fromkeys(range(5))
    for k in e.items():
        del e[k[0]]


raises(RuntimeError, 'dictionary changed size during iteration', shrink)


def replace():
    e = dict.fromkeys(range(5))
    for k in e:
        del e[k]
        e[k + 10] = 1


raises(RuntimeError, 'dictionary keys changed during iteration', replace)


class Mutates:
    def __init__(self, target):
        self.target = target

    def __hash__(self):
        return 7

    def __eq__(self, other):
        self.target.clear()
        return False


t = {}
t[Mutates(t)] = 1
t[Mutates(t)] = 2                           # the table is cleared while it is searched
assert len(t) <= 2
