# An object that a thread made dies when another drops it, though the maker is blocked; and when it is not, soon.
import gc
import os
import threading
import time
import weakref


class Thing:
    pass


def blocked(count):
    "things made by a thread that then waits for a lock until told"
    things, gate, made = [], threading.Lock(), threading.Event()
    gate.acquire()

    def body():
        things.extend(Thing() for _ in range(count))
        made.set()
        gate.acquire()

    t = threading.Thread(target=body)
    t.start()
    made.wait()
    return things, gate, t


things, gate, t = blocked(300)
refs, died = [], []
for thing in things:
    refs.append(weakref.ref(thing, died.append))
del thing
while things:
    things.pop()
    gc.collect(0)
    # the maker may not have got to its lock yet: then it does the rest
gate.release()
t.join()
assert all(r() is None for r in refs) and len(died) == 300, len(died)

# many droppers at once, many makers that wait and wake
makers = [blocked(200) for _ in range(4)]
everything = [thing for things, _, _ in makers for thing in things]
refs = [weakref.ref(thing) for thing in everything]
for things, _, _ in makers:
    things.clear()
halves = [everything[0::2], everything[1::2]]
del everything, things


def drop(half):
    while half:
        half.pop()


droppers = [threading.Thread(target=drop, args=(half,)) for half in halves]
for d in droppers:
    d.start()
for _, gate, _ in makers:
    gate.release()
for d in droppers:
    d.join()
for _, _, t in makers:
    t.join()
assert all(r() is None for r in refs)

# the finalizer of one brings about a collection, while others that have died with it need their class: only they hold it
finalized, gate = [], threading.Event()


class First:
    def __del__(self):
        gc.collect()
        gc.collect()


def make(things, read_end):
    class Last:
        def __del__(self):
            finalized.append(self)
            self.seen = True

    things.append(First())
    things.extend(Last() for _ in range(40))
    things.append(object())
    del Last
    gate.set()
    sorted(numbers), os.read(read_end, 1)  # without a safepoint: what it owns is merged by who drops the last


numbers = [n * 7919 % 1000003 for n in range(200000)]
things, (read_end, write_end) = [], os.pipe()
t = threading.Thread(target=make, args=(things, read_end))
t.start()
gate.wait()
while len(things) > 1:
    things.pop(0)
time.sleep(0.5)  # now it waits, most likely
things.clear()
os.write(write_end, b'.')
t.join()
gc.collect()
assert len(finalized) == 40, len(finalized)
