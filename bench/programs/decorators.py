"""Wrappers: *args and **kwargs passed through layers, functools.wraps, partial, lru_cache."""
from functools import lru_cache, partial, wraps


def traced(f):
    @wraps(f)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return f(*args, **kwargs)
    wrapper.calls = 0
    return wrapper


def scaled(factor):
    def decorate(f):
        def wrapper(*args, **kwargs):
            return f(*args, **kwargs) * factor
        return wrapper
    return decorate


@traced
@scaled(3)
def area(width, height=2, *, border=0):
    return width * height - border


@traced
def plain(x):
    return x + 1


@lru_cache(maxsize=1000)
def cached(n):
    return n * n % 97


def main():
    total = 0
    for i in range(300_000):
        total += area(i, 3)
        total += area(i, border=1)
        total += plain(i)
    add = partial(area, height=5)
    for i in range(250_000):
        total += add(i)
    for i in range(900_000):
        total += cached(i % 1200 if i % 100 == 0 else i % 500)
    return total, area.calls, plain.calls, cached.cache_info().misses


assert main() == (1188787857000, 850000, 300000, 507)
