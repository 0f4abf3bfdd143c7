"""Threads that read and change one class, and attributes of one instance: no torn reads, no lost names, no crash."""
import threading

from together import in_threads

ROUNDS = 3000


def run(*functions):
    """Runs the functions at once, each in a thread; raises the first error."""
    barrier, errors = threading.Barrier(len(functions)), []

    def start(function):
        barrier.wait()
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=start, args=(f,)) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]


class Shared:
    x = 0

    def method(self):
        return "first"


class Child(Shared):
    pass


def change_value():
    for i in range(ROUNDS):
        Shared.x = i


def change_method():
    for i in range(ROUNDS):
        text = f"text {i}"
        Shared.method = lambda self, text=text: text
        Shared.method = property(lambda self: lambda: "by property")
        Shared.method = staticmethod(lambda: "static")


def read():
    obj, last = Child(), 0
    for _ in range(ROUNDS):
        now = obj.x
        assert now >= last, (now, last)
        last = now
        answer = obj.method()
        assert answer in ("first", "by property", "static") or answer.startswith("text "), answer


run(change_value, change_method, read, read)


# special methods come and go while they are used
class Sized:
    pass


def toggle():
    for i in range(300):
        Sized.__len__ = lambda self: 1
        Sized.__len__ = lambda self: 2
        del Sized.__len__


def measure():
    obj = Sized()
    for _ in range(3000):
        try:
            assert len(obj) in (1, 2)
        except (TypeError, AttributeError):
            pass


run(toggle, measure, measure)


# classes are made and dropped under one base while it changes
class Root:
    pass


def breed():
    for i in range(300):
        C = type("C", (Root,), {"n": i})
        assert C().n == i and C.flag in (0, 1)


def flip():
    for i in range(1500):
        Root.flag = i & 1


Root.flag = 0
run(breed, breed, flip)


# one instance, many names: all of them are there in the end
class Bag:
    pass


bag = Bag()


def fill(prefix):
    def work():
        for i in range(200):
            setattr(bag, f"{prefix}{i}", i)
            assert getattr(bag, f"{prefix}{i}") == i
    return work


def look():
    for i in range(1000):
        for name, value in list(vars(bag).items()) if i == 500 else ():
            assert name[1:] == str(value)
        getattr(bag, "a1", None)


run(fill("a"), fill("b"), fill("c"), look)
assert len(vars(bag)) == 600


# set, deleted, read: a reader finds the value or nothing
class Blinking:
    pass


b = Blinking()


def blink():
    for i in range(ROUNDS):
        b.light = [i]
        del b.light


def watch():
    for _ in range(ROUNDS):
        value = getattr(b, "light", None)
        assert value is None or type(value) is list and len(value) == 1


run(blink, watch, watch)


# __dict__ is taken while slots are written
def take(objects):
    def work():
        for obj in objects:
            vars(obj)["extra"] = 1
    return work


def write(objects):
    def work():
        for i, obj in enumerate(objects):
            obj.one = i
            obj.two = -i
    return work


objects = [Bag() for _ in range(2000)]
run(take(objects), write(objects), write(objects))
for i, obj in enumerate(objects):
    assert vars(obj) == {"one": i, "two": -i, "extra": 1}, vars(obj)


# who has seen a property in a class stores through it from then on
def see_property():
    calls = []

    class Holder:
        x = 0

    Holder.o = o = Holder()
    o.x = 1
    prop = property(lambda self: 0, lambda self, value: calls.append(value))

    def assign(me):
        if me:
            for _ in range(3000):
                pass
            Holder.x = prop
            return
        n = 0
        while True:
            n += 1
            seen = Holder.x
            o.x = n
            if seen is prop:
                assert n in calls
                return

    in_threads(2, assign)


for _ in range(60):
    see_property()
