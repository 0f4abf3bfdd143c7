# Attributes, methods, classes, closures and caches used by all threads while some change them.
import threading
from functools import lru_cache

from together import in_threads, together

N = 4


class Thing:
    version = 0

    def __init__(self):
        self.value = (0, 0)

    def read(self):
        a, b = self.value
        assert b == a * 2
        return a


thing = Thing()


def write_value(i):
    for n in range(4_000):
        thing.value = (n, n * 2)
        thing.read()


in_threads(N, write_value)
assert thing.read() == 3_999


def add_attributes(i):
    for n in range(500):
        setattr(thing, f'a{i}_{n}', n)
        assert getattr(thing, f'a{i}_{n}') == n
        if n % 3 == 0:
            delattr(thing, f'a{i}_{n}')


in_threads(N, add_attributes)
assert len(vars(thing)) == 1 + N * (500 - len(range(0, 500, 3)))

stop = threading.Event()


def call_methods():
    o, total = Thing(), 0
    while not stop.is_set():
        total += o.read() + o.version + len(o.name())
    return total


def change_class():
    try:
        for n in range(500):
            Thing.version = n
            Thing.name = lambda self, n=n: 'x' * (n % 5)
            Thing.read = Thing.read
    finally:
        stop.set()


Thing.name = lambda self: ''
together(call_methods, call_methods, change_class)
assert Thing.version == 499 and Thing().name() == 'x' * 4

calls = []


@lru_cache(maxsize=None)
def cached(n):
    calls.append(n)
    return n * 3


assert all(r == sum(n * 3 for n in range(500))
           for r in in_threads(N, lambda i: sum(cached(n) for n in range(500))))
assert set(calls) == set(range(500)) and cached.cache_info().currsize == 500


def counter():
    n = 0

    def add():
        nonlocal n
        with lock:
            n += 1
        return n
    return add


lock, add = threading.Lock(), counter()
in_threads(N, lambda i: [add() for _ in range(3_000)])
assert add() == N * 3_000 + 1


class Lazy:
    def __getattr__(self, name):
        value = self.__dict__.setdefault(name, object())
        return value


lazy = Lazy()
firsts = in_threads(N, lambda i: [getattr(lazy, f'n{k}') for k in range(300)])
assert all(a is b for part in firsts for a, b in zip(part, firsts[0]))
made = in_threads(N, lambda i: [type(f'T{i}_{k}', (Thing,), {'k': k})() for k in range(150)])
assert all(o.k == k and o.read() == 0 for part in made for k, o in enumerate(part))
