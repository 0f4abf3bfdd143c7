# run: timeout=120
# Every mutating method of list against every other and against readers: nothing is lost, doubled
# or invented, and what readers see are items.
from pairs import every_pair, is_item


def append(l, ledger):
    l.append(ledger.new())


def insert(l, ledger):
    l.insert(3, ledger.new())


def extend(l, ledger):
    l.extend([ledger.new(), ledger.new()])


def extend_by_iterator(l, ledger):
    l.extend(ledger.new() for _ in range(3))


def add_inplace(l, ledger):
    l += (ledger.new(), ledger.new())


def assign_slice(l, ledger):
    l[2:2] = [ledger.new(), ledger.new()]


def pop(l, ledger):
    try:
        ledger.removed.append(l.pop())
    except IndexError:
        pass


def pop_first(l, ledger):
    try:
        ledger.removed.append(l.pop(0))
    except IndexError:
        pass


def append_remove(l, ledger):
    item = ledger.new()
    l.append(item)
    try:
        l.remove(item)
        ledger.removed.append(item)
    except ValueError:
        pass


def set_item(l, ledger):
    ledger.lost = True
    try:
        l[0] = item = ledger.new()
    except IndexError:
        ledger.added.pop()


def delete_item(l, ledger):
    ledger.lost = True
    try:
        del l[-1]
    except IndexError:
        pass


def delete_slice(l, ledger):
    ledger.lost = True
    del l[1:3]


def clear(l, ledger):
    ledger.lost = True
    l.clear()


def reverse(l, ledger):
    l.reverse()


def sort(l, ledger):
    l.sort()


def read_snapshots(l):
    for copy in (l.copy(), l[:], list(l), l + [], l * 1, tuple(l), l[::-1]):
        assert all(map(is_item, copy)) and len(set(copy)) == len(copy), copy


def read_iterators(l):
    assert all(map(is_item, l)) and all(map(is_item, reversed(l)))


def read_one(l):
    try:
        assert is_item(l[0]) and is_item(l[-1])
    except IndexError:
        pass
    assert ('nobody', 0) not in l and l.count(('nobody', 0)) == 0 and len(l) >= 0
    try:
        l.index(('start', 5))
    except ValueError:
        pass


def read_whole(l):
    assert repr(l)[0] == '[' and l == l and bool(l) in (True, False) and not l < l


every_pair(list, [append, insert, extend, extend_by_iterator, add_inplace, assign_slice, pop,
                  pop_first, append_remove, set_item, delete_item, delete_slice, clear, reverse,
                  sort],
           [read_snapshots, read_iterators, read_one, read_whole], list)
