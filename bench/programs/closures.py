"""Closures: counters, partial application, composition, memo tables, callbacks."""


def counter(start):
    def add(n):
        nonlocal start
        start += n
        return start
    return add


def compose(*fs):
    def composed(x):
        for f in fs:
            x = f(x)
        return x
    return composed


def curry(a):
    return lambda b: lambda c: a * b + c


def memo(f):
    known = {}

    def looked_up(*args):
        if args not in known:
            known[args] = f(*args)
        return known[args]
    return looked_up


@memo
def paths(r, c):
    if r == 0 or c == 0:
        return 1
    return paths(r - 1, c) + paths(r, c - 1)


def main():
    counters = [counter(i) for i in range(10)]
    total = 0
    for i in range(1_800_000):
        total += counters[i % 10](i & 7)
    pipeline = compose(lambda x: x + 1, lambda x: x * 3, lambda x: x ^ 5, str, len)
    for i in range(800_000):
        total += pipeline(i)
    for i in range(800_000):
        total += curry(i)(2)(3)
    total += paths(100, 100) % 1_000_007
    for _ in range(800_000):
        total += paths(20, 20) & 1
    return total


assert main() == 1207017979557
