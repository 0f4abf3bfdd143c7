"""Generators: pipelines, recursion by yield from, send()."""


def integers(n):
    i = 0
    while i < n:
        yield i
        i += 1


def odd(source):
    for x in source:
        if x & 1:
            yield x


def windows(source, size):
    window = []
    for x in source:
        window.append(x)
        if len(window) == size:
            yield tuple(window)
            del window[0]


def permutations(items):
    if not items:
        yield ()
    for i, x in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield (x, *rest)


def hanoi(n, a, b, c):
    if n:
        yield from hanoi(n - 1, a, c, b)
        yield a, c
        yield from hanoi(n - 1, b, a, c)


def average():
    total = count = 0
    value = None
    while True:
        value = yield value if value is None else total / count
        total += value
        count += 1


def main():
    first = sum(a * c - b for a, b, c in windows(odd(integers(4_200_000)), 3)) % 1_000_003
    second = sum(p[0] * p[-1] for p in permutations((1, 2, 3, 4, 5, 6, 7, 8)))
    third = sum(1 for _ in hanoi(17, 'a', 'b', 'c'))
    mean = average()
    next(mean)
    for i in range(750_000):
        last = mean.send(i)
    return first, second, third, last


assert main() == (781466, 786240, 131071, 374999.5)
