# run: timeout=120
# Weak references while other threads drop the last strong one: a whole object or None, and each
# callback once.
import gc
import weakref
from collections import Counter

from together import in_threads, together


class Thing:
    def __init__(self, n):
        self.n = n


ROUNDS = 400
slot, refs, called = [None], [], Counter()


def replace():
    for n in range(ROUNDS):
        thing = Thing(n)
        refs.append(weakref.ref(thing, lambda ref, n=n: called.update([n])))
        slot[0] = thing
        del thing
    slot[0] = None


def look():
    for _ in range(ROUNDS):
        for ref in refs[-3:]:
            thing = ref()
            assert thing is None or type(thing.n) is int
            assert repr(ref) and weakref.getweakrefcount(ref) == 0


together(replace, look, look)
gc.collect()
assert called == Counter(range(ROUNDS)), called
assert all(ref() is None for ref in refs)

values, keys, members = weakref.WeakValueDictionary(), weakref.WeakKeyDictionary(), weakref.WeakSet()


def use(i):
    kept = []
    for n in range(ROUNDS):
        thing = Thing((i, n))
        values[i, n] = thing
        keys[thing] = n
        members.add(thing)
        if n % 4 == 0:
            kept.append(thing)
        found = values.get((i - 1, n))
        assert found is None or found.n == (i - 1, n)
        if n % 50 == 0:
            assert all(type(t.n) is tuple for t in list(values.values()) + list(members))
    return kept


kept = sum(in_threads(3, use), [])
gc.collect()
assert sorted(t.n for t in values.values()) == sorted(t.n for t in kept)
assert len(keys) == len(members) == len(values) == len(kept)

shared = Thing(0)


def same(i):
    return [weakref.ref(shared) for _ in range(ROUNDS)]


assert len(set(map(id, sum(in_threads(4, same), [])))) == 1


# A dead reference is removed from a dict, but not what comes in its place while keys are compared.
import _weakref


class Key:
    meanwhile = None

    def __hash__(self):
        return 7

    def __eq__(self, other):
        if self.meanwhile:
            self.meanwhile()
        return True


class Thing:
    pass


thing = Thing()
turns = 0
while turns < 3:
    key, left = Key(), turns
    d = {key: _weakref.ref(Thing())}

    def replace():
        global left
        left -= 1
        if left == 0:
            d[key] = _weakref.ref(thing)

    gone = d[key]() is None
    key.meanwhile = replace
    _weakref._remove_dead_weakref(d, Key())
    assert gone and (len(d) == 0 or d[key]() is thing) and (left > 0 or turns == 0 or len(d) == 1), turns
    turns += 1
