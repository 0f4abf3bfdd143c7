# Closures: cells are shared, late bound, and can be written with nonlocal.
def counter():
    n = 0

    def add(by=1):
        nonlocal n
        n += by
        return n

    def get():
        return n

    return add, get


add, get = counter()
add()
add(5)
assert get() == 6
other, _ = counter()
assert other() == 1 and get() == 6

fs = [lambda: i for i in range(3)]
assert [f() for f in fs] == [2, 2, 2]
fs = [lambda i=i: i for i in range(3)]
assert [f() for f in fs] == [0, 1, 2]


def outer(x):
    def middle(y):
        def inner(z):
            return x, y, z
        return inner
    return middle


assert outer(1)(2)(3) == (1, 2, 3)


def reassign():
    v = 'before'

    def read():
        return v

    v = 'after'
    return read


assert reassign()() == 'after'


def unbound():
    def read():
        return late
    try:
        read()
    except NameError as error:
        text = str(error)
    late = 1
    return text, read()


assert unbound() == ("cannot access free variable 'late' where it is not associated with a value "
                     "in enclosing scope", 1)


def deleted():
    v = 1

    def drop():
        nonlocal v
        del v
    drop()
    try:
        v
    except UnboundLocalError as error:
        return str(error)


assert deleted() == "cannot access local variable 'v' where it is not associated with a value"


def argument_cell(a, *b, **c):
    def show():
        return a, b, c
    a += 1
    return show


assert argument_cell(1, 2, k=3)() == (2, (2,), {'k': 3})
f = outer(10)
assert f.__closure__[0].cell_contents == 10
f.__closure__[0].cell_contents = 11
assert f(2)(3) == (11, 2, 3)
assert f.__code__.co_freevars == ('x',) and 'y' in f.__code__.co_cellvars


def make_adders():
    return [(lambda n: lambda x: x + n)(n) for n in range(5)]


assert [a(10) for a in make_adders()] == [10, 11, 12, 13, 14]


def recursive():
    def fact(n):
        return 1 if n < 2 else n * fact(n - 1)
    return fact(10)


assert recursive() == 3628800
