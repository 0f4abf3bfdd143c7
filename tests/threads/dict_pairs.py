# run: timeout=120
# Every mutating method of dict, OrderedDict and defaultdict against every other and against
# readers: no key is lost, doubled or invented, and each has its own value.
from collections import OrderedDict, defaultdict

from pairs import every_pair, is_item


def value(key):
    return [key]


def set_new(d, ledger):
    key = ledger.new()
    d[key] = value(key)


def set_old(d, ledger):
    d['start', 3] = value(('start', 3))
    ledger.added.append(('start', 3))  # it may have been deleted meanwhile
    ledger.lost = True


def set_default(d, ledger):
    key = ledger.new()
    assert d.setdefault(key, value(key)) == value(key)
    assert d.get(key, value(key)) == value(key)


def update(d, ledger):
    new = [ledger.new(), ledger.new()]
    d.update({key: value(key) for key in new})


def update_by_pairs(d, ledger):
    d.update((key, value(key)) for key in [ledger.new(), ledger.new()])


def or_inplace(d, ledger):
    key = ledger.new()
    d |= {key: value(key)}


def pop(d, ledger):
    key = ledger.new()
    d[key] = value(key)
    found = d.pop(key, None)
    if found is not None:
        assert found == value(key)
        ledger.removed.append(key)


def pop_item(d, ledger):
    try:
        key, found = d.popitem()
    except KeyError:
        return
    assert found in (value(key), [])  # miss() makes the list first, and fills it then
    ledger.removed.append(key)


def delete(d, ledger):
    key = ledger.new()
    d[key] = value(key)
    try:
        del d[key]
        ledger.removed.append(key)
    except KeyError:
        pass


def clear(d, ledger):
    ledger.lost = True
    d.clear()


def pop_first_item(d, ledger):
    try:
        key, found = d.popitem(last=False)
    except KeyError:
        return
    assert found == value(key)
    ledger.removed.append(key)


def move_to_end(d, ledger):
    for last in (True, False):
        try:
            d.move_to_end(('start', 7), last)
        except KeyError:
            pass


def miss(d, ledger):
    key = ledger.new()
    d[key].append(key)


def read_snapshots(d):
    for copy in (dict(d), dict.copy(d), dict(d.items())):
        assert all(found in (value(key), []) for key, found in copy.items()), copy
    for keys in (list(d), list(d.keys()), [key for key, _ in list(d.items())]):
        assert all(map(is_item, keys)) and len(set(keys)) == len(keys), keys
    assert all(type(found) is list for found in list(d.values()))


def read_iterators(d):
    for view in (d, d.keys(), d.items(), d.values()):
        try:
            for x in view:
                pass
            for x in reversed(view):
                pass
        except RuntimeError as error:
            assert 'changed' in str(error) or 'mutated' in str(error), error


def read_one(d):
    assert d.get(('start', 1)) in (None, value(('start', 1)))
    assert ('nobody', 1) not in d and d.get(('nobody', 1)) is None and len(d) >= 0
    try:
        assert d['start', 2] in (value(('start', 2)), [])
    except KeyError:
        pass


def read_whole(d):
    assert repr(d) and ('nobody', 1) not in d.keys() and set(d.keys()) is not None
    assert d.keys() & {('nobody', 1)} == set() and d != {1: 2}


common = [set_new, set_old, set_default, update, update_by_pairs, or_inplace, pop, pop_item, delete,
          clear]
readers = [read_snapshots, read_iterators, read_one, read_whole]


def make_dict(keys):
    return {key: value(key) for key in keys}


every_pair(make_dict, common, readers, list, 40)


def make_ordered(keys):
    return OrderedDict(make_dict(keys))


def read_ordered(d):
    assert type(dict.copy(d)) is dict


every_pair(make_ordered, [set_new, pop, pop_item, pop_first_item, move_to_end, delete, clear, update],
           [read_iterators, read_one, read_ordered], list, 40)


def make_default(keys):
    d = defaultdict(list)
    d.update(make_dict(keys))
    return d


def read_present(d):
    assert d.get(('nobody', 1)) is None and len(dict(d)) >= 0


every_pair(make_default, [miss, set_new, pop_item, clear], [read_iterators, read_present], list, 40)
