# A class lives as long as its instances, whatever is the only reference to them: the collector must see that.
import gc
import threading


def make(*bases):
    class C(*bases):
        __slots__ = ()

        def m(self):
            return 5
    return C


kept = [make()(), make(int)(7), make(str)("x"), make(bytes)(b"x"), make(float)(1.5), make(tuple)((1,)), make(frozenset)()]
for _ in range(3):
    gc.collect()
assert [type(x).__mro__[0].__name__ for x in kept] == ["C"] * 7 and all(x.m() == 5 for x in kept)


class Plain:
    pass


x = Plain()
gc.freeze()
x.__class__ = type("Late", (), {"m": lambda self: 6})
for _ in range(3):
    gc.collect()
assert x.m() == 6
gc.unfreeze()


# another thread gives up references that this one took: the object waits in its owner's queue
z = type("Queued", (), {"m": lambda self: 7})()
box = [z, z, z]


def empty():
    box.clear()
    for _ in range(3):
        gc.collect()


thread = threading.Thread(target=empty)
thread.start()
thread.join()
assert z.m() == 7
