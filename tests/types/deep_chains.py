# run: timeout=240
# Chains of a hundred thousand objects, each held by the next, go away without recursion; on a thread with a small stack, too.
import collections
import functools
import itertools
import threading
import types
import weakref

LENGTH = 100000


class Plain:
    pass


class Slots:
    __slots__ = 'next',


class Finalized:
    count = 0

    def __del__(self):
        Finalized.count += 1


class ListSubclass(list):
    pass


def with_next(make):
    def link(v):
        obj = make()
        obj.next = v
        return obj
    return link


def context(v):
    error = ValueError()
    error.__context__ = v
    return error


def cause(v):
    error = ValueError()
    error.__cause__ = v
    return error


def generator(v):
    yield v


def started(v):
    g = generator(v)
    next(g)
    return g


def closure(v):
    return lambda: v


def default(v):
    return lambda x=v: x


async def async_generator(v):
    yield v


def weak(v):
    obj = Plain()
    obj.next = v
    obj.ref = weakref.ref(obj, lambda r: None)
    return obj


def raised(v):
    try:
        raise KeyError
    except KeyError as e:
        e.next = v
        return e


LINKS = [
    lambda v: [v], lambda v: (v,), lambda v: {1: v}, lambda v: {v: 1} if isinstance(v, tuple) else (), lambda v: ListSubclass([v]),
    with_next(Plain), with_next(Slots), with_next(Finalized), lambda v: types.SimpleNamespace(v=v), lambda v: types.CellType(v),
    lambda v: ValueError(v), context, generator, started, closure, default, async_generator, raised, weak,
    lambda v: types.MethodType(len, v or 1), lambda v: iter([v]), lambda v: map(None, v or []), lambda v: zip(v or []),
    lambda v: filter(None, v or []), lambda v: enumerate(v or []), lambda v: itertools.chain(v or []), lambda v: slice(v, v),
    lambda v: property(v), lambda v: staticmethod(v), lambda v: classmethod(v), lambda v: collections.deque([v]),
    lambda v: collections.OrderedDict({1: v}), lambda v: collections.defaultdict(None, {1: v}),
    lambda v: types.MappingProxyType({1: v}), lambda v: functools.lru_cache(lambda: v), lambda v: memoryview(v or b'x'),
    lambda v: reversed([v]), lambda v: list[v or int],
]


def chains():
    for link in LINKS:
        v = None
        for _ in range(LENGTH // 4):
            v = link(v)
        del v


def causes():
    v = None
    for _ in range(LENGTH):
        v = cause(v)
    del v
    tail = iter(itertools.count())
    first, last = itertools.tee(tail)
    for _ in range(LENGTH):
        next(first)
    del last
    v = None
    for _ in range(LENGTH):
        v = with_next(Plain)(v)
    del v


chains()
causes()
assert Finalized.count == LENGTH // 4, Finalized.count
threading.stack_size(262144)
for run in chains, causes:
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
assert Finalized.count == LENGTH // 2
