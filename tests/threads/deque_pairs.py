# run: timeout=120
# Every mutating method of deque against every other and against readers: nothing is lost, doubled
# or invented; one with a greatest length never holds more.
from collections import deque

from pairs import every_pair, is_item
from together import in_threads


def append(d, ledger):
    d.append(ledger.new())


def append_left(d, ledger):
    d.appendleft(ledger.new())


def extend(d, ledger):
    d.extend([ledger.new(), ledger.new()])


def extend_left(d, ledger):
    d.extendleft((ledger.new(), ledger.new()))


def add_inplace(d, ledger):
    d += [ledger.new()]


def insert(d, ledger):
    d.insert(2, ledger.new())


def pop(d, ledger):
    try:
        ledger.removed.append(d.pop())
    except IndexError:
        pass


def pop_left(d, ledger):
    try:
        ledger.removed.append(d.popleft())
    except IndexError:
        pass


def append_remove(d, ledger):
    item = ledger.new()
    d.append(item)
    try:
        d.remove(item)
        ledger.removed.append(item)
    except ValueError:
        pass


def set_item(d, ledger):
    ledger.lost = True
    try:
        d[0] = ledger.new()
    except IndexError:
        ledger.added.pop()


def delete_item(d, ledger):
    ledger.lost = True
    try:
        del d[1]
    except IndexError:
        pass


def rotate(d, ledger):
    d.rotate(3)
    d.rotate(-1)


def reverse(d, ledger):
    d.reverse()


def clear(d, ledger):
    ledger.lost = True
    d.clear()


def read_snapshots(d):
    for copy in (d.copy(), d + deque(), d * 1):
        assert all(map(is_item, copy)) and len(set(copy)) == len(copy), copy


def read_iterators(d):
    for it in (iter, reversed):
        try:
            for x in it(d):
                assert is_item(x)
        except RuntimeError as error:
            assert str(error) == 'deque mutated during iteration'


def read_one(d):
    try:
        assert is_item(d[0]) and is_item(d[-1])
    except IndexError:
        pass
    assert ('nobody', 1) not in d and d.count(('nobody', 1)) == 0 and repr(d) and d == d
    try:
        d.index(('start', 7))
    except ValueError:
        pass
    assert len(d) >= 0 and d.maxlen is None


every_pair(deque, [append, append_left, extend, extend_left, add_inplace, insert, pop, pop_left,
                   append_remove, set_item, delete_item, rotate, reverse, clear],
           [read_snapshots, read_iterators, read_one], lambda d: list(d), 50)

short = deque(maxlen=5)


def push(i):
    for n in range(500):
        (short.append, short.appendleft)[i % 2](n)
        short.extend([n, n])
        assert len(short) <= 5


in_threads(4, push)
assert len(short) == 5 == len(list(short))
