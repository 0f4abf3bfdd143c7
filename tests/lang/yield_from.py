# yield from: delegation of values, send, results, and plain iterables.
def inner():
    got = yield 1
    got2 = yield got
    return ('result', got, got2)


def outer():
    r = yield from inner()
    yield r


g = outer()
assert next(g) == 1 and g.send('a') == 'a' and g.send('b') == ('result', 'a', 'b')


def chain(*its):
    for it in its:
        yield from it


assert list(chain([1, 2], 'ab', (x for x in (9,)), {5: 6})) == [1, 2, 'a', 'b', 9, 5]


def result_of(it):
    r = yield from it
    return r


def run(gen):
    try:
        while True:
            next(gen)
    except StopIteration as stop:
        return stop.value


assert run(result_of([1, 2])) is None and run(result_of(inner())) == ('result', None, None)


class It:
    def __init__(self):
        self.n = 0
        self.sent = []

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration('by hand')
        return self.n

    def send(self, value):
        self.sent.append(value)
        return next(self)


it = It()
g = result_of(it)
assert next(g) == 1 and g.send('s') == 2 and it.sent == ['s']
assert run(g) == 'by hand'


def not_iterable():
    yield from 5


try:
    next(not_iterable())
except TypeError as error:
    assert str(error) == "'int' object is not iterable"
else:
    assert False


def deep(n):
    if n:
        return 1 + (yield from deep(n - 1))
    yield 'bottom'
    return 0


g = deep(100)
assert next(g) == 'bottom' and run(g) == 100


def no_send():
    yield from [1, 2]


g = no_send()
next(g)
try:
    g.send('x')
except AttributeError as error:
    assert str(error) == "'list_iterator' object has no attribute 'send'"
else:
    assert False
