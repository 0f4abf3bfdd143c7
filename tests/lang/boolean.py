# and, or, not give operands; truth asks __bool__, then __len__.
assert (0 or 'x') == 'x' and (1 and 'x') == 'x' and ([] and 1) == []
assert (None or 0 or '') == '' and (1 or 1 / 0) == 1 and (0 and 1 / 0) == 0
for false in (None, False, 0, 0.0, 0j, -0.0, '', b'', (), [], {}, set(), range(0)):
    assert not false
    assert bool(false) is False
for true in (True, 1, -1, 0.1, 1j, ' ', b'\0', (0,), [0], {0: 0}, {0}, range(1), object, len,
             2 ** 80):
    assert true
    assert bool(true) is True


class Len:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class Bool(Len):
    def __bool__(self):
        return self.n < 5


assert not Len(0) and Len(3) and Bool(0) and not Bool(7)
assert True + True == 2 and True * 'a' == 'a' and [5, 6][True] == 6
assert str(True) == 'True' and repr(False) == 'False' and int(True) == 1
assert True & False is False and True | False is True and True ^ True is False
assert type(True & 1) is int and isinstance(True, int) and type(-True) is int


class NotBool:
    def __bool__(self):
        return 1


try:
    bool(NotBool())
except TypeError as error:
    assert str(error) == '__bool__ should return bool, returned int'
else:
    assert False
