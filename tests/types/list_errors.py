# list and tuple: the messages of what they refuse.
from check import raises

l = [1, 2, 3]
raises(IndexError, 'list index out of range', lambda: l[3])
raises(IndexError, 'list index out of range', lambda: l[-4])
raises(IndexError, 'list assignment index out of range', l.__setitem__, 3, 0)
raises(IndexError, 'list assignment index out of range', l.__delitem__, 3)
raises(IndexError, 'pop from empty list', [].pop)
raises(IndexError, 'pop index out of range', l.pop, 5)
raises(ValueError, 'list.remove(x): x not in list', l.remove, 9)
raises(ValueError, 'list.index(x): x not in list', l.index, 9)
raises(TypeError, 'can only concatenate list (not "tuple") to list', lambda: l + (1,))
raises(TypeError, 'can only concatenate tuple (not "list") to tuple', lambda: (1,) + [1])
raises(TypeError, "'int' object is not iterable", l.extend, 5)
raises(TypeError, "'int' object is not iterable", list, 5)
raises(TypeError, 'list expected at most 1 argument, got 2', list, 1, 2)
raises(TypeError, 'list() takes no keyword arguments', list, sequence=[])
raises(TypeError, "can't multiply sequence by non-int of type 'list'", lambda: l * l)
raises(TypeError, "list indices must be integers or slices, not float", lambda: l.__getitem__(1.0))
raises(TypeError, "list indices must be integers or slices, not tuple",
       lambda: l.__getitem__((0, 1)))
raises(TypeError, "'<' not supported between instances of 'str' and 'int'", sorted, [1, 'a'])
raises(TypeError, "'<' not supported between instances of 'NoneType' and 'int'", [1, None].sort)
raises(TypeError, 'sort() takes no positional arguments', l.sort, len)
raises(TypeError, "'str' object cannot be interpreted as an integer", l.insert, 'a', 1)
raises(TypeError, "'str' object cannot be interpreted as an integer", l.pop, 'a')
raises(TypeError, "unhashable type: 'list'", hash, l)
raises(TypeError, "cannot use 'list' as a dict key (unhashable type: 'list')", lambda: {l: 1})
raises(TypeError, "cannot use 'list' as a set element (unhashable type: 'list')", lambda: {l})
raises(ValueError, 'attempt to assign sequence of size 2 to extended slice of size 3',
       l.__setitem__, slice(None, None, 1 - 2), [1, 2])
raises(TypeError, 'must assign iterable to extended slice', l.__setitem__, slice(0, 3, 2), 5)
raises(TypeError, 'must assign iterable to extended slice', l.__setitem__, slice(0, 1), 5)
raises(MemoryError, None, lambda: [1] * 2 ** 61)
raises(OverflowError, "cannot fit 'int' into an index-sized integer", lambda: [1] * 2 ** 64)
raises(AttributeError, "'list' object has no attribute 'push'", lambda: l.push)
raises(TypeError, "'list' object is not callable", lambda l=l: l())
raises(TypeError, "'builtin_function_or_method' object is not subscriptable",
       lambda a=l.append: a[1])
raises(IndexError, 'tuple index out of range', lambda: (1,)[1])
raises(ValueError, 'tuple.index(x): x not in tuple', (1,).index, 2)
raises(TypeError, "'tuple' object does not support item assignment", exec, '(1,)[0] = 1')
raises(AttributeError, "'tuple' object has no attribute 'append'", lambda: ().append)
raises(TypeError, 'tuple expected at most 1 argument, got 2', tuple, 1, 2)
raises(TypeError, 'tuple() takes no keyword arguments', tuple, x=1)
raises(TypeError, "unhashable type: 'list'", hash, ([],))
raises(ZeroDivisionError, None, sorted, [1], key=lambda x: x / 0)


class Key:
    def __lt__(self, other):
        raise KeyError('in lt')


raises(KeyError, "'in lt'", sorted, [Key(), Key()])


class BadLen:
    def __len__(self):
        return -1


class StrLen:
    def __len__(self):
        return 'x'


class HugeLen:
    def __len__(self):
        return 2 ** 70


raises(ValueError, '__len__() should return >= 0', len, BadLen())
raises(TypeError, "'str' object cannot be interpreted as an integer", len, StrLen())
raises(OverflowError, "cannot fit 'int' into an index-sized integer", len, HugeLen())
