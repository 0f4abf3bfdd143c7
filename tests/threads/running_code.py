# What running code shares: generators entered by several threads, classes that change while they are used, __class__
# assignment during calls, finalizers and weak reference callbacks on other threads, exec in one namespace, frames of
# threads that run.
import gc
import sys
import threading
import weakref

from together import in_threads, together

ROUNDS = 200


# a generator is run by one thread at a time: the others are told
def numbers(n):
    for i in range(n):
        yield i


shared = numbers(3000)


def take(n):
    got = []
    while True:
        try:
            got.append(next(shared))
        except ValueError as e:
            assert str(e) == 'generator already executing', e
        except StopIteration:
            return got


parts = in_threads(4, take)
assert sorted(sum(parts, [])) == list(range(3000))


# sending, throwing and closing from all sides
def counter():
    total = 0
    while True:
        try:
            total += (yield total) or 0
        except KeyError:
            total += 1


g = counter()
next(g)


def poke(n):
    done = 0
    while done < ROUNDS:
        try:
            g.send(1) if n % 2 else g.throw(KeyError)
            done += 1
        except ValueError:
            pass
    return done


def close(n):
    while True:
        try:
            return g.close()
        except ValueError:  # another thread is closing it
            pass


assert sum(in_threads(4, poke)) == g.send(0) == 4 * ROUNDS
in_threads(4, close)
assert g.gi_frame is None


# a class changes while its instances are used
class Base:
    def value(self):
        return 'base'


class Other:
    def value(self):
        return 'other'


class C(Base):
    kind = 0

    def method(self):
        return 1


instance = C()


def use(n):
    for _ in range(ROUNDS):
        assert instance.method() in (1, 2)
        assert instance.value() in ('base', 'other', 'own')
        assert instance.kind in (0, 1)
        assert isinstance(instance, C) and str(C.__mro__)
        len(dir(instance))


def change(n):
    for i in range(ROUNDS // 4):
        C.method = (lambda self: 2) if i % 2 else (lambda self: 1)
        C.kind = i % 2
        C.value = lambda self: 'own'
        del C.value
        C.__bases__ = (Other,) if i % 2 else (Base,)
    C.__bases__ = (Base,)


together(lambda: use(0), lambda: use(1), lambda: change(2))
assert C.__bases__ == (Base,) and instance.value() == 'base'


# an instance changes its class during calls
class A:
    def __init__(self):
        self.x = 1

    def who(self):
        return 'A', self.x


class B:
    def who(self):
        return 'B', self.x


swapped = A()


def swap(n):
    for i in range(ROUNDS):
        swapped.__class__ = (A, B)[(i + n) % 2]


def ask(n):
    for _ in range(ROUNDS * 5):
        assert swapped.who() in (('A', 1), ('B', 1))


together(lambda: swap(0), lambda: swap(1), lambda: ask(2), lambda: ask(3))


# finalizers and callbacks: each once, on whatever thread
finalized, called = [], []


class Finalized:
    def __init__(self, number):
        self.number = number

    def __del__(self):
        finalized.append(self.number)


def make(n):
    refs = []
    for i in range(ROUNDS):
        obj = Finalized((n, i))
        refs.append(weakref.ref(obj, lambda r, key=(n, i): called.append(key)))
        if i % 3 == 0:
            obj.cycle = obj
        box.append(obj)
        if i % 5 == 0:
            box.clear()
    return refs


box = []
refs = in_threads(4, make)
box.clear()
for _ in range(3):
    gc.collect()
expected = [(n, i) for n in range(4) for i in range(ROUNDS)]
assert sorted(finalized) == expected, len(finalized)
assert sorted(called) == expected, len(called)
assert all(r() is None for part in refs for r in part)

# code run in one namespace
namespace = {'total': 0, 'lock': threading.Lock()}
code = compile('for i in range(50):\n    with lock:\n        total += 1\n    globals()[f"name{i}"] = i\n', 'shared', 'exec')
in_threads(4, lambda n: [exec(code, namespace) for _ in range(4)])
assert namespace['total'] == 800 and namespace['name49'] == 49

# frames of running threads
stop = threading.Event()
idents = []


def spin():
    idents.append(threading.get_ident())
    local = 0
    while not stop.is_set():
        local += 1
        text = [str(local)] * 3
    return local


def look():
    while len(idents) < 2:
        pass
    seen = 0
    try:
        for _ in range(ROUNDS):
            for ident, frame in sys._current_frames().items():
                while frame:
                    if frame.f_code is spin.__code__:
                        values = frame.f_locals
                        assert isinstance(values.get('local', 0), int) and frame.f_lineno is not None
                        seen += 1
                    frame = frame.f_back
    finally:
        stop.set()
    return seen


results = together(spin, spin, look)
assert results[2] > 0
