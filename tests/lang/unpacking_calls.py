# Star expressions in displays, calls, returns, subscripts and assignments; their errors.
def f(*a, **k):
    return a, k


class Keys:
    def keys(self):
        return iter('xy')

    def __getitem__(self, k):
        return k + k


assert [*'ab', *[], *(1,), *{2: 3}, *range(2)] == ['a', 'b', 1, 2, 0, 1]
assert (*[1], *[2]) == (1, 2) and {*[1], *[1, 2]} == {1, 2}
assert {**{}, **{'a': 1}, 'b': 2, **Keys()} == {'a': 1, 'b': 2, 'x': 'xx', 'y': 'yy'}
assert f(*[1], 2, *[3], **{'a': 1}, b=2, **Keys()) == ((1, 2, 3),
                                                       {'a': 1, 'b': 2, 'x': 'xx', 'y': 'yy'})


def returns(a):
    return *a, 'end'


def yields(a):
    yield *a, 'end'


assert returns([1]) == (1, 'end') and list(yields([1])) == [(1, 'end')]
for x in *[1, 2], 3:
    pass
assert x == 3
for call, text in ((lambda: f(**{'a': 1}, a=2), "got multiple values for keyword argument 'a'"),
                   (lambda: f(**{'a': 1}, **{'a': 2}),
                    "got multiple values for keyword argument 'a'"),
                   (lambda: f(**{1: 2}), 'keywords must be strings'),
                   (lambda: f(*None), 'argument after * must be an iterable, not NoneType'),
                   (lambda: f(**[1]), 'argument after ** must be a mapping, not list'),
                   (lambda: [*5], 'Value after * must be an iterable, not int'),
                   (lambda: {**5}, "'int' object is not a mapping"),
                   (lambda: {*5}, "'int' object is not iterable")):
    try:
        call()
    except TypeError as error:
        assert text in str(error), str(error)
    else:
        assert False, text


class Broken:
    def __iter__(self):
        raise KeyError('from iter')


for call in (lambda: f(*Broken()), lambda: [*Broken()], lambda: (lambda a, b: 0)(*Broken())):
    try:
        call()
    except KeyError as error:
        assert error.args == ('from iter',)
    else:
        assert False
head, *tail = {3: 0, 1: 0, 2: 0}
assert head == 3 and tail == [1, 2]
(*init, last), extra = 'abc', 'x'
assert init == ['a', 'b'] and last == 'c' and extra == 'x'
[*everything] = 'ab'
assert everything == ['a', 'b']
*a, = range(3)
assert a == [0, 1, 2]
d = {}
d['k'], *d['rest'] = 1, 2, 3
assert d == {'k': 1, 'rest': [2, 3]}
a = [1, 2, 3]
a[0], *a[1:] = 9, 8, 7, 6
assert a == [9, 8, 7, 6]
