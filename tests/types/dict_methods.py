# dict: construction, order, methods, views, merging, deletion and growth.
assert dict() == {} and dict(a=1) == {'a': 1} and dict([(1, 2)]) == {1: 2}
assert dict({1: 2}, b=3) == {1: 2, 'b': 3} and dict(zip('ab', [1, 2])) == {'a': 1, 'b': 2}
assert dict(['ab', 'cd']) == {'a': 'b', 'c': 'd'}
d = {'b': 1, 'a': 2}
d['c'] = 3
assert list(d) == ['b', 'a', 'c'] and list(d.values()) == [1, 2, 3]
assert list(d.items()) == [('b', 1), ('a', 2), ('c', 3)] and list(reversed(d)) == ['c', 'a', 'b']
d['b'] = 10
assert list(d) == ['b', 'a', 'c'] and d['b'] == 10
del d['b']
d['b'] = 1
assert list(d) == ['a', 'c', 'b'] and 'a' in d and 'z' not in d and len(d) == 3
assert d.get('a') == 2 and d.get('z') is None and d.get('z', 5) == 5 and d.setdefault('a', 9) == 2
assert d.setdefault('n', 9) == 9 and d.setdefault('m') is None and d['m'] is None
assert d.pop('n') == 9 and d.pop('n', 'none') == 'none' and d.popitem() == ('m', None)
assert d.popitem() == ('b', 1)
d.update({'x': 1}, y=2)
d.update([('z', 3)])
d.update()
assert d == {'a': 2, 'c': 3, 'x': 1, 'y': 2, 'z': 3} and d.copy() == d and d.copy() is not d
assert d | {'a': 0} == {**d, 'a': 0} and list((d | {'new': 1}))[-1] == 'new'
e = d
e |= [('q', 1)]
assert d['q'] == 1
d.clear()
assert d == {} and not d and len(e) == 0
assert dict.fromkeys('ab') == {'a': None, 'b': None} and dict.fromkeys([1], 0) == {1: 0}
assert {1: 'a', 1.0: 'b', True: 'c'} == {1: 'c'} and list({1: 0, True: 1}) == [1]
assert {'a': 1} == {'a': 1.0} and {1: 2} != {1: 3} and {'a': 1, 'b': 2} == {'b': 2, 'a': 1}
assert repr({'a': 1, 2: [3]}) == "{'a': 1, 2: [3]}" and str({}) == '{}'
assert repr({1: 2}.keys()) == 'dict_keys([1])' and repr({1: 2}.items()) == 'dict_items([(1, 2)])'
assert repr({1: 2}.values()) == 'dict_values([2])'
k = {'a': 1, 'b': 2}
keys, items, values = k.keys(), k.items(), k.values()
k['c'] = 3
assert len(keys) == 3 and 'c' in keys and ('c', 3) in items and ('c', 4) not in items
assert 3 in values and keys == {'a', 'b', 'c'} and keys.mapping['a'] == 1
assert keys & {'a', 'z'} == {'a'} and keys | {'z'} == {'a', 'b', 'c', 'z'}
assert keys - {'a'} == {'b', 'c'} and keys ^ {'a', 'q'} == {'b', 'c', 'q'} and keys >= {'a'}
assert keys.isdisjoint({'z'}) and items & {('a', 1)} == {('a', 1)}
assert list(reversed(keys)) == ['c', 'b', 'a'] and list(reversed(items))[0] == ('c', 3)
assert list(reversed(values)) == [3, 2, 1]
big = {}
for i in range(10_000):
    big[i * 7] = i
assert len(big) == 10_000 and big[69_993] == 9_999 and all(big[i * 7] == i for i in range(10_000))
for i in range(0, 10_000, 2):
    del big[i * 7]
assert len(big) == 5_000 and list(big)[:2] == [7, 21] and 0 not in big
for i in range(10_000):
    big[f's{i}'] = i
assert len(big) == 15_000 and big['s9999'] == 9_999 and list(big)[5_000] == 's0'
churn = {}
for i in range(100_000):
    churn[i] = i
    if i >= 10:
        del churn[i - 10]
assert list(churn) == list(range(99_990, 100_000))


class Same:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 42

    def __eq__(self, other):
        return isinstance(other, Same) and self.n == other.n


collide = {Same(i): i for i in range(200)}
assert len(collide) == 200 and all(collide[Same(i)] == i for i in range(200))
assert Same(200) not in collide
for i in range(0, 200, 2):
    del collide[Same(i)]
assert len(collide) == 100 and collide[Same(199)] == 199 and Same(0) not in collide


class Missing(dict):
    def __missing__(self, key):
        self[key] = value = []
        return value


m = Missing()
m['a'].append(1)
assert m == {'a': [1]} and m.get('q') is None and 'q' not in m


class Keyed:
    def keys(self):
        return ['k1', 'k2']

    def __getitem__(self, k):
        return k[-1]


assert dict(Keyed()) == {'k1': '1', 'k2': '2'}
nan = float('nan')
assert {nan: 1}[nan] == 1 and len({nan: 1, float('nan'): 2}) == 2
d = {i: i for i in range(5)}
assert {**d}.popitem() == (4, 4) and next(iter(d)) == 0 and max(d) == 4 and sum(d.values()) == 10
assert sorted(d.items(), reverse=True)[0] == (4, 4)
assert {k: v for k, v in d.items() if v % 2} == {1: 1, 3: 3}
assert list(map(d.get, [1, 9])) == [1, None] and dict(d) is not d
nested = {'a': {'b': {'c': 1}}}
nested['a']['b']['c'] += 1
assert nested == {'a': {'b': {'c': 2}}}
assert dict[str, int].__args__ == (str, int) and type({}) is dict and {}.__class__ is dict
assert {}.__eq__([]) is NotImplemented
strings = {str(i): i for i in range(1000)}
assert strings['999'] == 999 and strings[''.join(['9', '9'])] == 99 and '1000' not in strings
class StrSub(str):
    def __hash__(self):
        return hash(str(self))


assert strings[StrSub('5')] == 5 and {StrSub('k'): 1}['k'] == 1


# fromkeys fills what the class gives
class Given(dict):
    def __new__(cls):
        return given


given = {}
assert Given.fromkeys({1: 2}) is given == {1: None}
given = {}
assert Given.fromkeys({1, 2}, 0) is given == {1: 0, 2: 0}
