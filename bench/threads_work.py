"""What bench/threads.py runs: one kind of work on N threads at once; prints the seconds it took.

usage: threads_work.py KIND THREADS UNITS       (KIND `list` prints the names)

Every thread does UNITS units; they start together. `private` work touches only the thread's own
objects; `shared` work reads, or writes through the operations that are atomic, objects that all
threads use.
"""
import sys
import threading
import time
from functools import lru_cache

KINDS = {}


def kind(f):
    KINDS[f.__name__] = f
    return f


class Point:
    scale = 2

    def __init__(self, x, y):
        self.x, self.y = x, y

    def sum(self):
        return (self.x + self.y) * self.scale


SHARED_DICT = {i: i for i in range(1000)}
SHARED_LIST = list(range(1000))
SHARED_POINT = Point(1, 2)
SHARED_OUT = []
LOCK = threading.Lock()


@lru_cache(maxsize=None)
def cached(n):
    return n * 2


def make_adder(n):
    return lambda x: x + n


SHARED_CLOSURE = make_adder(3)


@kind
def private_loop(units):
    total = 0
    for i in range(units * 12_000):
        total += i & 7
    return total


@kind
def private_float(units):
    x = 0.5
    for _ in range(units * 9_000):
        x = x * 3.7 * (1.0 - x)
    return x


@kind
def private_list(units):
    for _ in range(units):
        out = []
        for i in range(9_000):
            out.append(i * 2)
    return len(out)


@kind
def private_dict(units):
    for _ in range(units):
        out = {}
        for i in range(5_000):
            out[i] = i
    return len(out)


@kind
def private_objects(units):
    total = 0
    for i in range(units * 2_500):
        total += Point(i, 1).sum()
    return total


@kind
def private_strings(units):
    for _ in range(units):
        parts = [f'{i}:{i & 7}' for i in range(2_500)]
        text = ','.join(parts)
    return len(text)


@kind
def private_exceptions(units):
    caught = 0
    for i in range(units * 2_000):
        try:
            raise ValueError(i)
        except ValueError:
            caught += 1
    return caught


@kind
def private_generators(units):
    def squares(n):
        for i in range(n):
            yield i * i
    return sum(sum(squares(7_000)) for _ in range(units))


@kind
def private_calls(units):
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)
    return sum(fib(14) for _ in range(units * 5))


@kind
def shared_dict_read(units):
    total, d = 0, SHARED_DICT
    for _ in range(units * 8):
        for i in range(1000):
            total += d[i]
    return total


@kind
def shared_list_read(units):
    total, l = 0, SHARED_LIST
    for _ in range(units * 8):
        for i in range(1000):
            total += l[i]
    return total


@kind
def shared_iteration(units):
    total = 0
    for _ in range(units * 12):
        for v in SHARED_LIST:
            total += v
    return total


@kind
def shared_attribute(units):
    total, p = 0, SHARED_POINT
    for _ in range(units * 8_000):
        total += p.x + p.scale
    return total


@kind
def shared_method(units):
    total, p = 0, SHARED_POINT
    for _ in range(units * 4_000):
        total += p.sum()
    return total


@kind
def shared_closure(units):
    total, f = 0, SHARED_CLOSURE
    for i in range(units * 6_000):
        total += f(i)
    return total


@kind
def shared_lru_cache(units):
    total = 0
    for i in range(units * 5_000):
        total += cached(i & 127)
    return total


@kind
def shared_append(units):
    for i in range(units * 5_000):
        SHARED_OUT.append(i)
    return 0


@kind
def shared_lock(units):
    for _ in range(units * 2_000):
        with LOCK:
            SHARED_POINT.y = SHARED_POINT.x
    return 0


def main():
    name = sys.argv[1]
    if name == 'list':
        print(*KINDS)
        return
    work, count, units = KINDS[name], int(sys.argv[2]), int(sys.argv[3])
    work(1)                                         # warm
    start = threading.Barrier(count + 1)
    results = []

    def body():
        start.wait()
        results.append(work(units))

    threads = [threading.Thread(target=body) for _ in range(count)]
    for t in threads:
        t.start()
    cpu, wall = time.process_time(), time.perf_counter()
    start.wait()
    for t in threads:
        t.join()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert len(results) == count and len(set(map(repr, results))) == 1
    print(wall, cpu)


if __name__ == '__main__':
    main()
