# Which name a name is: local, enclosing, global, builtin; global and nonlocal statements; class
# bodies.
x = 'global'


def reads():
    return x


def writes():
    x = 'local'
    return x


def declares():
    global x, made
    x = 'changed'
    made = 1
    return x


assert reads() == 'global' and writes() == 'local' and x == 'global'
assert declares() == 'changed' and x == 'changed' and made == 1


def unbound():
    try:
        x
    except UnboundLocalError as error:
        text = str(error)
    x = 1
    return text


assert unbound() == "cannot access local variable 'x' where it is not associated with a value"
try:
    undefined_name
except NameError as error:
    assert str(error) == "name 'undefined_name' is not defined" and error.name == 'undefined_name'
else:
    assert False


def nested():
    x = 'enclosing'

    class C:
        y = x
        x = 'class'
        z = x

        def method(self):
            return x

        seen = [x for _ in range(1)]
    return C.y, C.z, C().method(), C.seen


# A name that the class body assigns is never the enclosing function's.
assert nested()[0] == "changed"
assert nested()[1:3] == ('class', 'enclosing')


class K:
    n = 3
    squares = [i * i for i in range(n)]     # only the first iterable sees the class

    def get(self):
        return n if 'n' in globals() else 'no n'


assert K.squares == [0, 1, 4] and K().get() == 'no n'


def shadow(len):
    return len


assert shadow(5) == 5 and len('abc') == 3


def loop_variable():
    for i in range(3):
        pass
    [j for j in range(10)]
    return i, 'j' in locals()


assert loop_variable() == (2, False)


def exception_name_is_deleted():
    try:
        raise ValueError
    except ValueError as e:
        pass
    try:
        e
    except UnboundLocalError:
        return 'gone'


assert exception_name_is_deleted() == 'gone'
assert 'x' in globals() and globals()['x'] == 'changed'
globals()['injected'] = 42
assert injected == 42


def local_names(a, b=2):
    c = 3
    return locals()


assert local_names(1) == {'a': 1, 'b': 2, 'c': 3}


def deep():
    v = 0

    def one():
        def two():
            nonlocal v
            v += 1
        two()
    one()
    one()
    return v


assert deep() == 2
