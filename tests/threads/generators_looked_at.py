"""Generators that some threads look at while another runs them: looking never keeps it from running, and hooks are called once."""
import sys
import threading

from together import together

ROUNDS = 100_000
over = threading.Event()


def inner():
    while True:
        yield


def outer():
    yield from delegate


delegate = inner()
looked_at = outer()
next(looked_at)


def runs():
    try:
        for _ in range(ROUNDS):
            next(looked_at)
    finally:
        over.set()


def looks():
    while not over.is_set():
        assert looked_at.gi_yieldfrom in (delegate, None)  # None while it runs
        assert looked_at.gi_suspended in (True, False)


together(runs, looks, looks)


def only_looks():
    for _ in range(ROUNDS):
        assert looked_at.gi_yieldfrom is delegate
        assert looked_at.gi_suspended and not looked_at.gi_running


together(only_looks, only_looks, only_looks)

# the first use of an asynchronous generator
firsts = []
barrier = threading.Barrier(2)


async def numbers():
    yield 1


generators = [numbers() for _ in range(2000)]


def uses():
    sys.set_asyncgen_hooks(firstiter=firsts.append)
    barrier.wait()
    return [generator.aclose() for generator in generators]


closings = together(uses, uses)
assert len(firsts) == len(set(map(id, firsts))) == len(generators)
for awaitables in closings:
    for awaitable in awaitables:
        awaitable.close()
