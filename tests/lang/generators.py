# Generators: lazily run, resumed, finished, with return values and expressions.
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
    return 'end'


g = count(3)
assert iter(g) is g and next(g) == 0 and next(g) == 1 and next(g) == 2
try:
    next(g)
except StopIteration as stop:
    assert stop.value == 'end'
else:
    assert False
assert next(g, 'default') == 'default'
assert list(count(5)) == [0, 1, 2, 3, 4] and sum(count(10)) == 45
a, b, c = count(3)
assert (a, b, c) == (0, 1, 2)


def echo():
    got = []
    while True:
        got.append((yield len(got)))
        if got[-1] is None:
            return got


e = echo()
assert next(e) == 0 and e.send('x') == 1 and e.send('y') == 2
try:
    next(e)
except StopIteration as stop:
    assert stop.value == ['x', 'y', None]
fresh = echo()
try:
    fresh.send(1)
except TypeError as error:
    assert str(error) == "can't send non-None value to a just-started generator"
else:
    assert False
fresh.close()
assert list(fresh) == []


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


f = fibonacci()
assert [next(f) for _ in range(10)] == [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]

squares = (i * i for i in range(4))
assert next(squares) == 0 and list(squares) == [1, 4, 9]
assert sum(x for x in range(5) if x % 2) == 4
n = 2
late = (i * n for i in range(3))
n = 10
assert list(late) == [0, 10,
                      20]            # the body runs late; the first iterable is evaluated at once
try:
    (x for x in 5)
except TypeError as error:
    assert str(error) == "'int' object is not iterable"
else:
    assert False


def reenter():
    yield next(me)


me = reenter()
try:
    next(me)
except ValueError as error:
    assert str(error) == 'generator already executing'
else:
    assert False


def stops():
    yield 1
    raise StopIteration(2)


s = stops()
next(s)
try:
    next(s)
except RuntimeError as error:
    assert str(error) == 'generator raised StopIteration' and type(error.__cause__) is StopIteration
else:
    assert False


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


assert list(tree(4)) == [1, 2, 1, 3, 1, 2, 1, 4, 1, 2, 1, 3, 1, 2, 1]
g = count(1)
assert g.gi_frame is not None and not g.gi_running and g.gi_code.co_name == 'count'
list(g)
assert g.gi_frame is None
assert type(g).__name__ == 'generator' and g.__name__ == 'count'
