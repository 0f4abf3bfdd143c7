# gc: when collections come, and what the collector sees.
import gc
import weakref
from check import raises


class Node:
    pass


def cycle():
    a = Node()
    a.me = a
    return weakref.ref(a)


gc.disable()
assert not gc.isenabled()
gone = cycle()
assert gone() is not None
assert gc.collect() >= 1 and gone() is None
gc.enable()
assert gc.isenabled()
raises(ValueError, 'invalid generation', gc.collect, 3)
raises(ValueError, 'invalid generation', gc.collect, -1)
raises(TypeError, 'gc.set_threshold requires 1 to 3 arguments', gc.set_threshold)

old = gc.get_threshold()
assert len(old) == 3
gc.set_threshold(700, 5)
assert gc.get_threshold() == (700, 5, old[2])
gc.set_threshold(*old)
assert len(gc.get_count()) == 3
stats = gc.get_stats()
assert len(stats) == 3 and set(stats[0]) >= {'collections', 'collected', 'uncollectable'}
gc.collect()
assert gc.get_stats()[2]['collections'] == stats[2]['collections'] + 1

seen = []
gc.callbacks.append(lambda phase, info: seen.append((phase, info['generation'])))
gc.collect(0)
del gc.callbacks[:]
assert seen == [('start', 0), ('stop', 0)]

inner = []
outer = {'key': inner}
assert outer in gc.get_referrers(inner)
assert any(o is inner for o in gc.get_referents(outer))
assert Node in gc.get_referents(Node())
assert any(o is outer for o in gc.get_objects())
raises(ValueError, 'generation parameter must be less than the number of available generations (3)',
       gc.get_objects, 3)
assert gc.is_tracked(outer) and not gc.is_tracked(1) and not gc.is_tracked('text')


class Finalized:
    def __del__(self):
        kept.append(self)


kept = []
Finalized()
assert gc.is_finalized(kept[0]) and not gc.is_finalized(outer)

gc.freeze()
assert gc.get_freeze_count() > 100
frozen = cycle()       # made after freezing: collected
gc.collect()
assert frozen() is None
gc.unfreeze()
assert gc.get_freeze_count() == 0

gc.set_debug(gc.DEBUG_SAVEALL)
saved = cycle()
gc.collect()
gc.set_debug(0)
assert any(isinstance(o, Node) for o in gc.garbage)
gc.garbage.clear()
