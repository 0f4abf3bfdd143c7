# while: break, continue, else, nesting.
n = 0
while n < 5:
    n += 1
assert n == 5

seen = []
n = 0
while True:
    n += 1
    if n % 2:
        continue
    if n > 10:
        break
    seen.append(n)
else:
    seen.append('else')
assert seen == [2, 4, 6, 8, 10]

while n > 0:
    n -= 1
else:
    seen = 'done'
assert seen == 'done' and n == 0

while False:
    assert False
else:
    n = -1
assert n == -1

pairs = []
i = 0
while i < 3:
    j = 0
    while j < 3:
        if j == 2:
            break
        pairs.append((i, j))
        j += 1
    else:
        assert False
    i += 1
assert pairs == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


assert collatz(27) == 111


def returns_inside():
    while 1:
        while 1:
            return 'out'


assert returns_inside() == 'out'
