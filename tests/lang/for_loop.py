# for: over every kind of iterable, with targets of every form, break/continue/else.
total = 0
for i in range(101):
    total += i
assert total == 5050 and i == 100
assert [c for c in 'añ🙂'] == ['a', 'ñ', '🙂']
for i in []:
    assert False
else:
    total = 'else'
assert total == 'else' and i == 100

out = []
for a, (b, *c) in [(1, (2, 3, 4)), (5, 'xyz')]:
    out.append((a, b, c))
assert out == [(1, 2, [3, 4]), (5, 'x', ['y', 'z'])]

box = [None, None]
for box[0] in 'pq':
    pass
assert box == ['q', None]


class Holder:
    pass


for Holder.x in (1, 2, 3):
    if Holder.x == 2:
        break
else:
    assert False
assert Holder.x == 2

for key in {'a': 1, 'b': 2}:
    box.append(key)
assert box[2:] == ['a', 'b']

y = [1, 2, 3]
for x in y:
    if len(y) < 6:
        y.append(x * 10)            # a list may grow under iteration
assert y == [1, 2, 3, 10, 20, 30] and x == 30

for n in (1, 2, *[3, 4], 5):
    if n == 3:
        continue
    box.append(n)
assert box[-4:] == [1, 2, 4, 5]


class Old:
    def __getitem__(self, i):
        if i == 4:
            raise IndexError
        return i * i


assert list(Old()) == [0, 1, 4, 9]
try:
    for i in 5:
        pass
except TypeError as error:
    assert str(error) == "'int' object is not iterable"
else:
    assert False


def first_over(limit):
    for i in range(100):
        for j in range(100):
            if i * j > limit:
                return i, j


assert first_over(500) == (6, 84)
