# collections: deque, Counter, defaultdict, OrderedDict, namedtuple, ChainMap, User*.
import pickle
import sys
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, abc, defaultdict, deque, namedtuple
from check import raises

d = deque([1, 2, 3])
d.append(4)
d.appendleft(0)
d.extend([5])
d.extendleft([-1, -2])
assert list(d) == [-2, -1, 0, 1, 2, 3, 4, 5] and d.pop() == 5 and d.popleft() == -2 and len(d) == 6
assert d[0] == -1 and d[-1] == 4
d.rotate(2)
assert list(d) == [3, 4, -1, 0, 1, 2] and d.index(4) == 1 and d.count(3) == 1 and 0 in d
assert list(reversed(d))[0] == 2
d.remove(-1)
d.insert(1, 'x')
d[0] = 'y'
del d[1]
assert d == deque(['y', 4, 0, 1, 2]) and d.copy() == d
assert repr(deque([1], 5)) == 'deque([1], maxlen=5)' and deque('ab') + deque('c') == deque('abc')
assert deque([1]) * 2 == deque([1, 1])
m = deque(maxlen=2)
m.extend([1, 2, 3])
assert list(m) == [2, 3] and m.maxlen == 2 and deque([1, 2]) < deque([1, 3])
class AddsToM:
    def __del__(self):
        m.extend('abc')
m = deque([AddsToM()])
m.__init__((), 2)
assert len(m) == m.maxlen == 2 and list(m) == ['b', 'c']
raises(IndexError, 'pop from an empty deque', deque().pop)
raises(IndexError, 'pop from an empty deque', deque().popleft)
raises(IndexError, 'deque index out of range', lambda: deque()[0])
raises(ValueError, 'deque.index(x): x not in deque', deque().index, 'z')
raises(ValueError, 'maxlen must be non-negative', deque, [], -1)
big = deque(range(1000))
for i in range(500):
    big.append(big.popleft())
assert big[0] == 500 and big[999] == 499 and sum(big) == 499500
try:
    for x in big:
        big.append(1)
except RuntimeError as error:
    assert str(error) == 'deque mutated during iteration'
else:
    assert False
c = Counter('abracadabra')
assert c['a'] == 5 and c['z'] == 0 and c.most_common(2) == [('a', 5), ('b', 2)] and c.total() == 11
assert sorted(c.elements())[:2] == ['a', 'a']
assert c - Counter('aaa') == Counter('aabbrrcd') and c & Counter('ab') == Counter('ab')
assert Counter(a=1) + Counter(a=2) == Counter(a=3) and Counter(a=1) | Counter(a=3) == Counter(a=3)
c.update('zz')
c.subtract('a')
assert c['z'] == 2 and c['a'] == 4 and repr(Counter('aab')) == "Counter({'a': 2, 'b': 1})"
assert Counter(a=1) <= Counter(a=2)
dd = defaultdict(list)
dd['k'].append(1)
assert dd == {'k': [1]} and dd['new'] == [] and dd.default_factory is list
assert repr(defaultdict(int, a=1)) == "defaultdict(<class 'int'>, {'a': 1})"
raises(KeyError, "'x'", lambda: defaultdict()['x'])
raises(TypeError, 'first argument must be callable or None', defaultdict, 5)
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end('a')
assert list(o) == ['b', 'c', 'a'] and o.popitem(last=False) == ('b', 2) and o == {'c': 3, 'a': 1}
assert o != OrderedDict(a=1, c=3) and repr(o) == "OrderedDict({'c': 3, 'a': 1})"
P = namedtuple('P', 'x y', defaults=[5])
p = P(1)
assert p == (1, 5) and p.x == 1 and p.y == 5 and P._fields == ('x', 'y')
assert p._asdict() == {'x': 1, 'y': 5} and p._replace(x=9) == (9, 5) and repr(p) == 'P(x=1, y=5)'
assert P._make([3, 4]).y == 4
raises(TypeError, "P.__new__() missing 1 required positional argument: 'x'", P)
raises(ValueError, "Type names and field names cannot be a keyword: 'class'", namedtuple, 'X',
       'class')
raises(AttributeError, "can't set attribute", setattr, p, 'x', 1)
assert namedtuple('Q', 'a class a', rename=True)._fields == ('a', '_1', '_2')
cm = ChainMap({'a': 1}, {'a': 2, 'b': 3})
assert cm['a'] == 1 and cm['b'] == 3 and dict(cm) == {'a': 1, 'b': 3}
assert cm.new_child({'b': 0})['b'] == 0 and len(cm.parents) == 2
assert UserDict(a=1)['a'] == 1 and UserList([1]) + [2] == [1, 2]
assert UserString('ab').upper() == 'AB'
assert isinstance([], abc.MutableSequence) and isinstance({}, abc.Mapping)
assert not isinstance({}, abc.Sequence) and isinstance(len, abc.Callable)
assert issubclass(dict, abc.MutableMapping)
assert isinstance(iter([]), abc.Iterator) and isinstance(range(1), abc.Sequence)
assert isinstance((x for x in ()), abc.Generator) and not isinstance(5, abc.Hashable.__class__)


class Own(abc.Mapping):
    def __getitem__(self, k):
        return k

    def __iter__(self):
        return iter('ab')

    def __len__(self):
        return 2


assert dict(Own()) == {'a': 'a', 'b': 'b'} and 'a' in Own() and Own().get('q') == 'q'
assert list(Own().items()) == [('a', 'a'), ('b', 'b')]
raises(TypeError,
       "Can't instantiate abstract class Mapping without an implementation for abstract methods '__getitem__', '__iter__', '__len__'", abc.Mapping)


# a subclass whose __new__ gives something else
class Elsewhere(deque):
    pass


elsewhere = Elsewhere()
Elsewhere.__new__ = lambda cls, *args: [42]
for call in (lambda: elsewhere * 2, lambda: elsewhere + elsewhere, elsewhere.copy, elsewhere.__copy__):
    raises(TypeError, "Elsewhere() must return a deque, not list", call)

# a maxlen may be as large as any length
huge = deque('ab', sys.maxsize)
assert pickle.loads(pickle.dumps(huge)).maxlen == huge.__reduce__()[1][1] == sys.maxsize
