# One call in C over a container that another thread changes sees it at one moment: no error, and no state that never was.
import array
import itertools
import json
import marshal
import math
import pickle
from collections import Counter, OrderedDict, defaultdict, deque
from functools import reduce
from operator import add

from together import together

ROUNDS = 300


def against(change, look):
    """`change` again and again until `look` has been called ROUNDS times."""
    over = []

    def changes():
        while not over:
            change()

    def looks():
        try:
            for _ in range(ROUNDS):
                look()
        finally:
            over.append(True)

    together(changes, looks)


# A window of ten numbers in a row moves up: it never has other than ten or eleven, all in a row.
def in_a_row(numbers):
    numbers = sorted(numbers)
    assert len(numbers) in (10, 11), numbers
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), numbers


def windows(make):
    window, counter = make({n: n for n in range(10)}), itertools.count(10)

    def move():
        n = next(counter)
        window[n] = n
        del window[n - 10]

    return window, move


for make in (dict, OrderedDict, lambda d: defaultdict(int, d), Counter):
    window, move = windows(make)

    def look():
        for found in (list(window), set(window), tuple(window), sorted(window), frozenset(window.keys()),
                      list(window.values()), [k for k, v in list(window.items())], set(window.values()),
                      dict(window), dict(window.items()), window.copy(), {**window}, [*window], {*window},
                      deque(window), dict.fromkeys(window), window | {}, {} | window,
                      OrderedDict(window), Counter(window.keys()), array.array('q', window.values()),
                      window.keys() | set(), window.keys() - {-1}, window.keys() ^ set(),
                      [int(n) for n in ' '.join(map(str, list(window))).split()]):
            in_a_row(found)
        low, high = min(window), max(window.values())
        assert 0 <= low <= high + 10
        assert sum(window) > 0 and math.fsum(window.values()) > 0 and reduce(add, window) > 0
        assert all(window.values()) in (True, False) and any(window.values()) and -1 not in window.values()
        assert -1 not in window.keys() and (-1, -1) not in window.items()
        assert window.keys() >= set() and window.keys() != {1} and window.keys().isdisjoint([-1])
        if type(window) is not Counter:     # whose == is written in Python
            assert window == window and window != {} and repr(window)
        a = b = None
        try:
            a, b, *rest = window
        except ValueError:
            raise AssertionError

    against(move, look)

# A key goes and comes back as the last one: it is there once or not at all, and the others are.
letters = dict.fromkeys('abcdefgh', 1)


class Letters(dict):
    pass


def exactly(found):
    assert len(set(found)) == len(found) >= 7, found


for moving in letters, Letters(letters):
    def move_last():
        key = next(iter(moving))
        moving[key] = moving.pop(key)

    def look_at_letters():
        for sort_keys in False, True:
            exactly([key for key, value in json.loads(json.dumps(moving, sort_keys=sort_keys), object_pairs_hook=list)])
        if moving is letters:
            for dumps, loads in (pickle.dumps, pickle.loads), (marshal.dumps, marshal.loads):
                exactly(list(loads(dumps(moving))))

    against(move_last, look_at_letters)

numbers, counter = set(range(10)), itertools.count(10)


def move():
    n = next(counter)
    numbers.add(n)
    numbers.discard(n - 10)


def look():
    for found in (list(numbers), set(numbers), tuple(numbers), sorted(numbers), frozenset(numbers), numbers.copy(),
                  [*numbers], {*numbers}, numbers | set(), set() | numbers, numbers - {-1}, numbers ^ set(),
                  numbers.union([]), numbers.difference([-1]), numbers.symmetric_difference([]), deque(numbers),
                  dict.fromkeys(numbers), Counter(numbers)):
        in_a_row(found)
    assert min(numbers) <= max(numbers) + 10 and sum(numbers) and any(numbers) and repr(numbers)
    assert numbers == numbers and not numbers < numbers and numbers <= numbers and numbers != {-1}
    assert not numbers.issubset([-1]) and numbers.isdisjoint([-1, -2]) and not numbers.issuperset([-1])


against(move, look)

# The one that is added before the other goes is in every intersection with both.
present, counter = {0}, itertools.count(1)


def replace():
    n = next(counter) % 2
    present.add(n)
    present.discard(1 - n)


def look_for_either():
    assert present & {0, 1} and present.intersection([0, 1]) and present.intersection([0, 1], (0, 1))
    assert not present.isdisjoint([0, 1]) and present <= {0, 1} and present.issubset([0, 1]) and present - {2}
    assert present.issubset(iter((0, 1)))


against(replace, look_for_either)

line, counter = deque(range(10)), itertools.count(10)


def turn():
    line.append(next(counter))
    line.popleft()


def look_at_line():
    for found in (list(line), tuple(line), set(line), sorted(line), line.copy(), deque(line), line + deque(), [*line]):
        in_a_row(found)
    assert sum(line) and max(line) and repr(line) and line == line


against(turn, look_at_line)

# Every pair is exchanged for an equal one at once, so two lists and two dicts stay equal or are found different, but
# a thing is always equal to itself.
items = [1, 2, 3]


def flip():
    items.reverse()
    items.append(4)
    items.pop()


def look_at_list():
    assert items == items and items <= items and items >= items and not items < items and not items != items


against(flip, look_at_list)

# Counting is exact: each call of update counts all of its items.
counts = Counter()
together(*[lambda: [counts.update('abc') for _ in range(500)] for _ in range(3)])
assert counts == {'a': 1500, 'b': 1500, 'c': 1500}, counts

# intersection_update takes out only what is not there.
kept = set()


def keep():
    for i in range(500):
        kept.intersection_update(range(2000), iter(range(2000)))
        kept.intersection_update(n for n in range(2000))


def put():
    for i in range(2000):
        kept.add(i)


together(keep, put)
assert kept == set(range(2000)), len(kept)

# An update by a list is one step: all of it is there, or nothing.
together_or_not = set()


def put_both():
    together_or_not.update([1, 2])
    together_or_not.difference_update([1, 2])


def look_at_both():
    assert len(together_or_not.copy()) in (0, 2)


against(put_both, look_at_both)
