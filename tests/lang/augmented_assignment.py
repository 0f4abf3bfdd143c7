# x op= y: in place when the type can, on names, attributes, subscripts and slices.
x = 5
x += 2
x -= 1
x *= 4
x //= 5
x **= 3
x %= 50
x <<= 3
x >>= 1
x |= 1
x &= 0x3f
x ^= 3
assert x == 58
y = 7
y /= 2
assert y == 3.5


def steps():
    v = 5
    log = []
    v += 2; log.append(v)
    v -= 1; log.append(v)
    v *= 4; log.append(v)
    v //= 5; log.append(v)
    v **= 3; log.append(v)
    v %= 50; log.append(v)
    v <<= 3; log.append(v)
    v >>= 1; log.append(v)
    v |= 1; log.append(v)
    v &= 0x3f; log.append(v)
    v ^= 3; log.append(v)
    return log


assert steps() == [7, 6, 24, 4, 64, 14, 112, 56, 57, 57, 58]

a = b = [1]
a += (2, 3)
assert b == [1, 2, 3] and a is b
a *= 2
assert b == [1, 2, 3, 1, 2, 3]
t = u = (1,)
t += (2,)
assert u == (1,) and t == (1, 2)
s = 'a'
s += 'b'
s *= 3
assert s == 'ababab'
d = {'k': 1}
d['k'] += 1
assert d == {'k': 2}
d |= {'z': 0}
assert d == {'k': 2, 'z': 0}
z = {1, 2}
w = z
z &= {2, 3}
z |= {5}
z -= {2}
z ^= {5, 6}
assert z == {6} and w is z


class Box:
    pass


o = Box()
o.n = 1
o.n += 10
assert o.n == 11
a = [[0], 1]
a[0] += [5]
a[1:] += [9]
assert a == [[0, 5], 1, 9]


class Adds:
    def __init__(self):
        self.log = []

    def __iadd__(self, other):
        self.log.append(other)
        return self

    def __add__(self, other):
        return 'add'

    def __imatmul__(self, other):
        return 'matmul'


p = q = Adds()
p += 3
assert p is q and p.log == [3]
p @= 1
assert p == 'matmul' and q + 1 == 'add'
held = ([],)
try:
    held[0] += [1]
except TypeError as error:
    assert str(error) == "'tuple' object does not support item assignment"
assert held == ([1],)
try:
    n = 1
    n += 'a'
except TypeError as error:
    assert str(error) == "unsupported operand type(s) for +=: 'int' and 'str'"
else:
    assert False
