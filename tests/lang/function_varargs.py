# *args, **kwargs, keyword-only and positional-only parameters, and unpacking in calls.
def every(a, b=2, /, c=3, *rest, d, e=5, **more):
    return a, b, c, rest, d, e, more


assert every(1, d=4) == (1, 2, 3, (), 4, 5, {})
assert every(1, 0, 0, 9, 8, d=4, z=1, a=7) == (1, 0, 0, (9, 8), 4, 5, {'z': 1, 'a': 7})


def rest(*args, **kwargs):
    return args, kwargs


assert rest() == ((), {})
assert rest(*[1, 2], *(3,), 4, *'ab') == ((1, 2, 3, 4, 'a', 'b'), {})
assert rest(**{'a': 1}, b=2, **{'c': 3}) == ((), {'a': 1, 'b': 2, 'c': 3})
assert rest(1, *[2], x=3, **{'y': 4}) == ((1, 2), {'x': 3, 'y': 4})
assert rest(*(i for i in range(3))) == ((0, 1, 2), {})
assert rest(**{'not an identifier': 1}) == ((), {'not an identifier': 1})
given = {'a': 1}
assert rest(**given)[1] is not given


def only(*, key, other=2):
    return key, other


assert only(key=1) == (1, 2)
assert only.__kwdefaults__ == {'other': 2}


def first(x, /, **kw):
    return x, kw


assert first(1, x=2) == (1, {'x': 2})


class Mapping:
    def keys(self):
        return ['p', 'q']

    def __getitem__(self, key):
        return key * 2


assert rest(**Mapping()) == ((), {'p': 'pp', 'q': 'qq'})


def swap(a, b):
    a, b = b, a
    return a, b


assert swap(*swap(1, 2)) == (1, 2)
assert max(*[3, 9, 2]) == 9 and dict(*[[('a', 1)]], b=2) == {'a': 1, 'b': 2}
assert print.__name__ == 'print' and sorted(*[[3, 1]], **{'reverse': True}) == [3, 1]


def many(**kw):
    return list(kw)


assert many(**{f'k{i}': i for i in range(300)}) == [f'k{i}' for i in range(300)]
assert rest(*range(1000))[0][999] == 999
