"""__bases__ assigned by threads at once: orders, lists of subclasses and attributes agree with the bases that are left, and there is never a cycle."""
import gc

from together import together

ROUNDS = 30


class First:
    x = 1


class Second:
    x = 2


class Third:
    x = 3


def assign(c, *choices):
    for i in range(20):
        c.__bases__ = (choices[i % 2],)
        assert c.x in (1, 2, 3)


# one class by two threads
for _ in range(ROUNDS):
    class Changed(First):
        pass

    together(lambda: assign(Changed, First, Second), lambda: assign(Changed, Second, Third))
    left = Changed.__bases__[0]
    assert Changed.__mro__ == (Changed, left, object) and Changed.x == left.x
    for base in First, Second, Third:
        assert base.__subclasses__() == [Changed] * (base is left), (base, left, base.__subclasses__())
    del Changed
    gc.collect()
    for base in First, Second, Third:
        assert base.__subclasses__() == []
        base.y = 1

# one class below the other, and the other below the one
for _ in range(ROUNDS * 5):
    class Left(First):
        pass

    class Right(First):
        pass

    def put_below(c, base):
        try:
            c.__bases__ = (base, First)
        except TypeError as error:
            assert 'cycle' in str(error), error
            return 0
        return 1

    assert sum(together(lambda: put_below(Left, Right), lambda: put_below(Right, Left))) == 1
    First.y = 2
    assert Left.y == Right.y == 2

# classes made while the order of a base changes
deep = First
for _ in range(40):
    deep = type('Deep', (deep,), {})
bases = [type('Base', (First,), {}) for _ in range(8)]
over = False


def change():
    while not over:
        bases[0].__bases__ = (deep,)
        bases[0].__bases__ = (First,)


def make():
    global over
    made = [type('Made', tuple(bases), {}) for _ in range(300)]
    over = True
    return made


for c in together(make, change)[0]:
    assert c.__mro__ == tuple(c.mro()) and c in bases[0].__subclasses__()
