# Defining and calling functions: parameters, defaults, returns, recursion.
def nothing():
    pass


def one(x):
    return x


def both(x, y):
    return x, y


assert nothing() is None and one(3) == 3 and both(1, 2) == (1, 2) and both(y=1, x=2) == (2, 1)


def defaults(a, b=2, c=[]):
    c.append(a)
    return a, b, len(c)


assert defaults(1) == (1, 2, 1) and defaults(1, 3) == (1, 3, 2) and defaults(1, c=[]) == (1, 2, 1)


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


assert fib(20) == 6765


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


assert even(100) and not even(77)
assert (lambda: 5)() == 5 and (lambda x, y=3: x * y)(4) == 12 and (lambda *a: a)(1, 2) == (1, 2)
f = one
assert f.__name__ == 'one' and f.__qualname__ == 'one' and (lambda: 0).__name__ == '<lambda>'


def outer():
    def inner():
        pass
    return inner


assert outer().__qualname__ == 'outer.<locals>.inner'
assert defaults.__defaults__[0] == 2 and one.__defaults__ is None
defaults.__defaults__ = (7, [])
assert defaults(0) == (0, 7, 1)
one.attribute = 'kept'
assert one.attribute == 'kept' and one.__dict__ == {'attribute': 'kept'}


def documented():
    "words"
    return 1


assert documented.__doc__ == 'words' and one.__doc__ is None


def args20(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t):
    return a + t


assert args20(*range(20)) == 19


def sum_to(n):
    if n == 0:
        return 0
    return n + sum_to(n - 1)


assert sum_to(500) == 125250
assert callable(one) and not callable(5)
assert [f(4) for f in (lambda x: x + 1, one, str, float)] == [5, 4, '4', 4.0]
