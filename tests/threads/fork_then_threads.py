# A child of fork() starts threads of its own, which collect and stop the world.
import gc

from together import forked, in_threads


def collect(i):
    return [gc.collect(0) >= 0 for _ in range(5)] + [gc.collect() >= 0]


def child():
    assert in_threads(3, collect) == [[True] * 6] * 3


assert forked(child)() == 0
