"""What bench/sharing.py runs: one load on 1 and on N threads by turns; prints a line of JSON.

usage: sharing_work.py LOAD THREADS ROUNDS       (LOAD `list` prints the names)

A load is a function of a number of iterations. All threads run the same one, over the same objects;
`@load(reads=True)` says that it only reads what is shared and changes nothing atomically,
`@load(waits=True)` that the threads have to wait for each other. Printed: nanoseconds of an
iteration in one thread; for one and for N threads the processor and the wall-clock seconds of the
best round; of a counting build the least that it counted in a round of N threads, per iteration.
"""
import enum
import functools
import json
import logging
import math
import operator
import queue
import re
import sys
import threading
import time
from collections import deque, namedtuple
from contextlib import contextmanager
from dataclasses import dataclass

try:
    from _weft_stats import counts
except ImportError:
    def counts():
        return {}

LOADS = {}
ROUND_SECONDS = 0.15


def load(reads=False, waits=False):
    def register(f):
        LOADS[f.__name__] = f
        f.reads, f.waits = reads, waits
        return f
    return register


class Leaf:
    limit = 10
    table = {'a': 1}

    def __init__(self):
        self.value = 3.5
        self.name = 'leaf'

    def get(self):
        return self.value

    @property
    def doubled(self):
        return self.value

    @classmethod
    def made(cls):
        return cls

    @staticmethod
    def fixed():
        return 1


class Slotted:
    __slots__ = ('x', 'y')

    def __init__(self):
        self.x, self.y = [1], 2


class Branch:
    def __init__(self):
        self.leaf = Leaf()


class Tree:
    def __init__(self):
        self.branch = Branch()


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


@dataclass
class Order:
    item: str
    price: float


Pair = namedtuple('Pair', 'first second')


class Guard:
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return False


LEAF, TREE, SLOTTED, GUARD = Leaf(), Tree(), Slotted(), Guard()
BOUND = LEAF.get
VALUES = {f'key{i}': [i] for i in range(1000)}
KEYS = list(VALUES)
ITEMS = [[i] for i in range(1000)]
TRIPLE = ([1], [2], [3])
PAIR = Pair([1], [2])
TEXT = 'the quick brown fox jumps over the lazy dog ' * 3
PATTERN = re.compile(r'(\w+) fox (\w+)')
CALL_GET = operator.methodcaller('get')
LOCAL = threading.local()
QUIET = logging.getLogger('quiet')
QUIET.setLevel(logging.WARNING)
LOUD = logging.getLogger('loud')
LOUD.setLevel(logging.INFO)
LOUD.propagate = False
LOUD.addHandler(logging.NullHandler())
MUTEX = threading.Lock()
COUNTER = threading.AtomicInteger() if hasattr(threading, 'AtomicInteger') else None
ERROR = ValueError('shared')
NAMES = ['value', 'name']


@functools.lru_cache(maxsize=None)
def cached(n):
    return [n]


@functools.lru_cache(maxsize=128)
def cached_bounded(n):
    return [n]


def with_defaults(a, b=ITEMS, c=VALUES):
    return b


def make_closure():
    held = [1, 2, 3]
    return lambda: held


CLOSURE = make_closure()


def raiser():
    raise ERROR


@load(reads=True)
def attribute(n):
    leaf = LEAF
    for _ in range(n):
        leaf.value


@load(reads=True)
def attribute_object(n):
    tree = TREE
    for _ in range(n):
        tree.branch


@load(reads=True)
def chained_attributes(n):
    for _ in range(n):
        TREE.branch.leaf.value


@load(reads=True)
def method_call(n):
    leaf = LEAF
    for _ in range(n):
        leaf.get()


@load(reads=True)
def method_of_global(n):
    for _ in range(n):
        LEAF.get()


@load(reads=True)
def bound_method(n):
    get = BOUND
    for _ in range(n):
        get()


@load(reads=True)
def bound_method_made(n):
    leaf = LEAF
    for _ in range(n):
        get = leaf.get


@load(reads=True)
def class_attribute(n):
    for _ in range(n):
        Leaf.limit


@load(reads=True)
def class_attribute_mutable(n):
    for _ in range(n):
        Leaf.table


@load(reads=True)
def slots(n):
    s = SLOTTED
    for _ in range(n):
        s.x


@load(reads=True)
def property_read(n):
    leaf = LEAF
    for _ in range(n):
        leaf.doubled


@load(reads=True)
def dict_one_key(n):
    for _ in range(n):
        VALUES['key7']


@load(reads=True)
def dict_many_keys(n):
    values, keys = VALUES, KEYS
    for i in range(n):
        values[keys[i % 1000]]


@load(reads=True)
def dict_get_method(n):
    values = VALUES
    for _ in range(n):
        values.get('key7')


@load(reads=True)
def dict_contains(n):
    values = VALUES
    for _ in range(n):
        'key7' in values


@load(reads=True)
def dict_iteration(n):
    for _ in range(n // 1000 + 1):
        for key, value in VALUES.items():
            pass


@load(reads=True)
def list_index(n):
    items = ITEMS
    for _ in range(n):
        items[7]


@load(reads=True)
def list_iteration(n):
    for _ in range(n // 1000 + 1):
        for item in ITEMS:
            pass


@load(reads=True)
def list_length(n):
    items = ITEMS
    for _ in range(n):
        len(items)


@load(reads=True)
def tuple_unpacking(n):
    triple = TRIPLE
    for _ in range(n):
        a, b, c = triple


@load(reads=True)
def global_object(n):
    for _ in range(n):
        ITEMS


@load(reads=True)
def global_function(n):
    for _ in range(n):
        with_defaults(1, 2, 3)


@load(reads=True)
def closure_variable(n):
    closure = CLOSURE
    for _ in range(n):
        closure()


@load(reads=True)
def default_arguments(n):
    f = with_defaults
    for _ in range(n):
        f(1)


@load(reads=True)
def lru_cache_hit(n):
    f = cached
    for _ in range(n):
        f(7)


@load()
def lru_cache_bounded_hit(n):
    f = cached_bounded
    for _ in range(n):
        f(7)


@load(reads=True)
def getattr_computed(n):
    leaf, names = LEAF, NAMES
    for i in range(n):
        getattr(leaf, names[i & 1])


@load(reads=True)
def isinstance_check(n):
    leaf = LEAF
    for _ in range(n):
        isinstance(leaf, Leaf)


@load(reads=True)
def enum_member(n):
    for _ in range(n):
        Colour.RED


@load(reads=True)
def enum_value(n):
    for _ in range(n):
        Colour.RED.value


@load(reads=True)
def dataclass_construction(n):
    for _ in range(n):
        Order('x', 1.5)


@load(reads=True)
def namedtuple_field(n):
    pair = PAIR
    for _ in range(n):
        pair.second


@load(reads=True)
def namedtuple_construction(n):
    for _ in range(n):
        Pair(1, 2)


@load(reads=True)
def class_method(n):
    leaf = LEAF
    for _ in range(n):
        leaf.made()


@load(reads=True)
def static_method(n):
    leaf = LEAF
    for _ in range(n):
        leaf.fixed()


@load(reads=True)
def context_manager(n):
    guard = GUARD
    for _ in range(n):
        with guard:
            pass


@contextmanager
def managed():
    yield GUARD


@load(reads=True)
def context_manager_function(n):
    for _ in range(n):
        with managed():
            pass


@load(reads=True)
def generator(n):
    def numbers(n):
        for _ in range(n):
            yield LEAF
    for _ in numbers(n):
        pass


@load(reads=True)
def math_function(n):
    for _ in range(n):
        math.sqrt(2.0)


@load(reads=True)
def thread_local(n):
    LOCAL.value = 1
    for _ in range(n):
        LOCAL.value


@load(reads=True)
def method_caller(n):
    call, leaf = CALL_GET, LEAF
    for _ in range(n):
        call(leaf)


@load(reads=True)
def regular_expression(n):
    for _ in range(n):
        PATTERN.search(TEXT)


@load(reads=True)
def logging_disabled(n):
    for _ in range(n):
        QUIET.debug('nothing %d', 1)


@load()
def logging_enabled(n):
    for _ in range(n):
        LOUD.info('something %d', 1)


@load(reads=True)
def exception_of_its_own(n):
    for _ in range(n):
        try:
            raise ValueError('x')
        except ValueError:
            pass


@load(reads=True)
def f_string(n):
    leaf = LEAF
    for i in range(n):
        f'{leaf.name} {i}'


@load(reads=True)
def import_in_function(n):
    for _ in range(n):
        import math
        from operator import itemgetter


@load()
def sorted_by_key(n):  # each sorted() holds the list's lock while it copies it
    key = operator.itemgetter(0)
    for _ in range(n // 1000 + 1):
        sorted(ITEMS, key=key)


@load(reads=True)
def comprehension(n):
    for _ in range(n // 1000 + 1):
        [item for item in ITEMS if item]


@load(reads=True)
def call_with_stars(n):
    f, args = with_defaults, TRIPLE
    for _ in range(n):
        f(*args)


@load(reads=True)
def partial_call(n):
    f = PARTIAL
    for _ in range(n):
        f()


PARTIAL = functools.partial(with_defaults, 1)


@load(reads=True)
def string_methods(n):
    for _ in range(n):
        TEXT.find('lazy')


@load(reads=True)
def make_list(n):
    for _ in range(n):
        [1, 2, 3]


@load(reads=True)
def make_dict(n):
    for _ in range(n):
        {'a': 1, 'b': 2}


@load(reads=True)
def make_set(n):
    for _ in range(n):
        {1, 2, 3}


@load(reads=True)
def make_tuple(n):
    for i in range(n):
        (i, 2, 3)


@load(reads=True)
def make_string(n):
    for i in range(n):
        str(i)


@load(reads=True)
def make_bytearray(n):
    for i in range(n):
        bytearray(8)


@load(reads=True)
def make_instance(n):
    for _ in range(n):
        Leaf()


@load(reads=True)
def make_deque(n):
    for _ in range(n):
        deque((1, 2))


@load()
def lock_of_its_own(n):
    lock = threading.Lock()
    for _ in range(n):
        with lock:
            pass


@load(waits=True)
def lock_contended(n):
    for _ in range(n):
        with MUTEX:
            pass


@load(waits=True)
def atomic_integer(n):
    for _ in range(n):
        COUNTER.increment()


PIPE, CHANNEL = deque(), queue.Queue()


@load(waits=True)
def deque_pipeline(n):
    for i in range(n):
        PIPE.append(i)
        PIPE.popleft()


@load(waits=True)
def queue_pipeline(n):
    for i in range(n):
        CHANNEL.put(i)
        CHANNEL.get()


def measure(f, threads, n, warm=0):
    """(processor seconds, wall-clock seconds, what was counted) of `threads` threads with n
    iterations each, after `warm` others: what many threads use is found out in the beginning."""
    barrier = threading.Barrier(threads + 1)
    cpu = [0.0] * threads
    ends = [0.0] * threads

    def run(i):
        f(warm)
        barrier.wait()
        barrier.wait()
        before = time.thread_time()
        f(n)
        cpu[i] = time.thread_time() - before
        ends[i] = time.perf_counter()
        barrier.wait()

    workers = [threading.Thread(target=run, args=(i,)) for i in range(threads)]
    for w in workers:
        w.start()
    barrier.wait()
    before = counts()
    barrier.wait()
    begun = time.perf_counter()
    barrier.wait()
    counted = {k: v - before[k] for k, v in counts().items()}
    for w in workers:
        w.join()
    return sum(cpu) / threads, max(ends) - begun, counted


def main():
    name = sys.argv[1]
    if name == 'list':
        print(' '.join(k for k in LOADS if COUNTER is not None or k != 'atomic_integer'))
        return
    f, threads, rounds = LOADS[name], int(sys.argv[2]), int(sys.argv[3])
    n = 2000
    while measure(f, 1, n)[0] < ROUND_SECONDS / 4:
        n *= 2
    n = int(n * ROUND_SECONDS / min(measure(f, 1, n)[0] for _ in range(2))) or 1
    one, many = [], []
    for _ in range(rounds):
        one.append(measure(f, 1, n, n // 4))
        many.append(measure(f, threads, n, n // 4))
    cpu, wall, _ = zip(*one)
    cpu_many, wall_many, counted = zip(*many)
    idle = measure(lambda n: None, threads, 0)[2]  # what the barriers and clocks do
    least = {k: max(0, min(c[k] for c in counted) - idle[k]) for k in counted[0]}
    print(json.dumps({'reads': f.reads, 'waits': f.waits,
                      'times': {'cpu': min(cpu) / n, 'wall': min(wall) / n,
                                'cpu_many': min(cpu_many) / n, 'wall_many': min(wall_many) / n},
                      'counted': {k: v / n / threads for k, v in least.items()}}))


if __name__ == '__main__':
    main()
