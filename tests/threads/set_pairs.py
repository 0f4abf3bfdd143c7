# run: timeout=120
# Every mutating method of set against every other and against readers: nothing is lost, doubled
# or invented.
from pairs import every_pair, is_item

EVERYTHING = {(tag, n) for tag in ('start', 'first', 'second') for n in range(200)}


def add(s, ledger):
    s.add(ledger.new())


def update(s, ledger):
    s.update([ledger.new(), ledger.new()], {ledger.new()})


def or_inplace(s, ledger):
    s |= {ledger.new()}


def xor_inplace(s, ledger):
    s ^= {ledger.new()}


def symmetric_difference_update(s, ledger):
    s.symmetric_difference_update([ledger.new(), ledger.new()])


def keep_all(s, ledger):
    s &= EVERYTHING


def keep_all_of_iterable(s, ledger):
    s.intersection_update(EVERYTHING, EVERYTHING)


def subtract_nothing(s, ledger):
    s -= {('nobody', 1)}
    s.difference_update([('nobody', 2)])


def discard(s, ledger):
    item = ledger.new()
    s.add(item)
    s.discard(item)
    assert item not in s
    ledger.lost = True      # unless another thread has popped it


def remove(s, ledger):
    item = ledger.new()
    s.add(item)
    try:
        s.remove(item)
        ledger.removed.append(item)
    except KeyError:
        pass


def pop(s, ledger):
    try:
        ledger.removed.append(s.pop())
    except KeyError:
        pass


def clear(s, ledger):
    ledger.lost = True
    s.clear()


def read_snapshots(s):
    for copy in (s.copy(), set(s), frozenset(s), list(s), s | set(), s & EVERYTHING, s - {1}, s ^ set()):
        assert all(map(is_item, copy)) and len(set(copy)) == len(copy), copy


def read_iterators(s):
    try:
        for x in s:
            assert is_item(x)
    except RuntimeError as error:
        assert str(error) == 'Set changed size during iteration'


def read_one(s):
    assert ('nobody', 1) not in s and len(s) >= 0 and ('start', 1) in EVERYTHING


def read_relations(s):
    assert s <= EVERYTHING and not s > EVERYTHING and s != {1} and s.isdisjoint({1, 2})
    assert EVERYTHING.issuperset(s) and repr(s)


every_pair(set, [add, update, or_inplace, xor_inplace, symmetric_difference_update, keep_all,
                 keep_all_of_iterable, subtract_nothing, discard, remove, pop, clear],
           [read_snapshots, read_iterators, read_one, read_relations], list)
