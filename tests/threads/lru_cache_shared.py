# An lru_cache stays whole while threads whose keys compare in Python store, find and clear, and while keys use the cache they are in.
import functools
import gc

from together import together

ROUNDS = 300


class Key:
    meanwhile = None

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 7

    def __eq__(self, other):
        if Key.meanwhile:
            Key.meanwhile()
        return self.n == other.n


def cache_with_colliding_keys():
    @functools.lru_cache(maxsize=3)
    def f(key):
        return [key.n]

    def use(first):
        for i in range(ROUNDS):
            n = (i + first) % 5
            assert f(Key(n)) == [n]

    def clear():
        for _ in range(ROUNDS):
            f.cache_clear()
            assert f(Key(9)) == [9]

    together(lambda: use(0), lambda: use(1), clear)
    for i in range(10):
        f(Key(i))
    assert f.cache_info().currsize == 3
    gc.collect()


def cache_used_by_its_keys(turn):
    """The key that is thrown out is asked for at one of the comparisons that storing another takes."""
    @functools.lru_cache(maxsize=3)
    def f(key):
        return [key.n]

    def meanwhile():
        nonlocal turn
        turn -= 1
        if turn == 0:
            f(keys[1])

    keys = [Key(n) for n in range(7)]
    for n in 0, 1, 2, 0, 2:
        f(keys[n])
    Key.meanwhile = meanwhile
    assert f(keys[3]) == [3]
    Key.meanwhile = None
    for key in keys[4:] + keys[4:]:
        assert f(key) == [key.n]
    gc.collect()
    info = f.cache_info()
    assert info.hits >= 5 and info.currsize <= 4, info


def all_turns():
    for turn in range(1, 13):
        cache_used_by_its_keys(turn)


all_turns()
cache_with_colliding_keys()
all_turns()
