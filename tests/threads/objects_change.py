"""Objects, weak references, properties and super objects that change just while other threads look: what is read was there."""
import operator
import threading
import time
import types
import weakref

ROUNDS = 400


class Pair:
    """Two threads that do one thing each at the same time, round after round."""

    def __init__(self, rounds, other):
        self.rounds, self.other, self.failures = rounds, other, []
        self.ready, self.done = 0, 0
        self.thread = threading.Thread(target=self._others, daemon=True)
        self.thread.start()

    def _others(self):
        for n in range(1, self.rounds + 1):
            while self.ready < n:
                time.sleep(0)
            for _ in range(n % 23):  # earlier or later in each round
                pass
            try:
                self.other()
            except BaseException as error:
                self.failures.append(error)
            self.done = n

    def wait(self):
        while self.done < self.ready:
            time.sleep(0)

    def each_round(self):
        for n in range(1, self.rounds + 1):
            yield lambda: setattr(self, "ready", n)
            self.wait()
        self.thread.join()
        assert not self.failures, self.failures[0]


# an instruction remembers what it learned of an object for objects like that only
class Counted:
    count = 0


READS = 60
namespace = {}
exec("def read(o): return [" + "o.count, " * READS + "]", namespace)
counted = None


def give_count():
    counted.count = 7


pair = Pair(ROUNDS, give_count)
for go in pair.each_round():
    read = types.FunctionType(namespace["read"].__code__.replace(co_name="read"), namespace)
    counted = Counted()
    go()
    assert set(read(counted)) <= {0, 7}
    other = Counted()
    other.count = 9
    assert read(other) == read(other) == [9] * READS


# what a weak reference has given lives on, and so do weak references to it
class Target:
    pass


seen = second = None


def take():
    global second
    target = seen()
    if target is not None:
        second = weakref.ref(target, lambda gone: None)
        assert seen() is target and second() is target


pair = Pair(ROUNDS, take)
for go in pair.each_round():
    target = Target()
    seen = weakref.ref(target)
    others = [weakref.ref(target, lambda gone: None) for _ in range(40)]
    go()
    del target
    pair.wait()
    assert seen() is None and (second is None or second() is None)


# a class that was assigned stays, though the instance gets its __dict__ meanwhile
class First:
    pass


class Second(First):
    pass


changed = None


def change_class():
    changed.__class__ = Second


pair = Pair(100, change_class)
for go in pair.each_round():
    changed = First()
    changed.x = 1
    go()
    vars(changed)
    pair.wait()
    assert type(changed) is Second and changed.x == 1


# __init__ again of what others use
class Used:
    value = property(lambda self: 1)

    def method(self):
        return 1


class Below(Used):
    pass


used = Used()
bound = super(Below, Below())


def initialize_again():
    getter = vars(Used)["value"]
    getter.__init__(lambda self: 1)
    super.__init__(bound, Below)
    super.__init__(bound, Below, Below())


pair = Pair(ROUNDS, initialize_again)
for go in pair.each_round():
    go()
    assert used.value == 1
    try:
        assert bound.method() == 1
    except AttributeError:
        pass  # for a moment it was not bound


# an object gets a class without the method just when that was found
class Gives:
    def __next__(self):
        return 1

    def __len__(self):
        return 1

    def __getitem__(self, i):
        return i


class Sends:
    def send(self, value):
        return 2

    def __getitem__(self, i):
        return i


class Around:
    def __iter__(self):
        return changing


changing = Gives()


def delegate():
    yield from Around()


def to_and_fro():
    for _ in range(500):
        changing.__class__ = Sends
        changing.__class__ = Gives


pair = Pair(50, to_and_fro)
for go in pair.each_round():
    go()
    while pair.done < pair.ready:
        for use in (lambda: [*map(delegate().send, [None] * 50)], lambda: [changing[-1] for _ in range(50)],
                    lambda: [operator.length_hint(changing, 3) for _ in range(50)]):
            try:
                use()
            except (TypeError, AttributeError):
                pass  # __iter__ gave it when it was no iterator, or it was none any more

# a class gets a __setattr__ just when an instruction learns how to store to its instances
class Busy:
    pass


def change_class():
    slotted.__setattr__ = lambda self, name, value: stored.append(value)


def others():
    n = 0
    while not over:
        Busy.a = n
        n += 1


stored, passed_by, over = [], 0, False
busy = [threading.Thread(target=others) for _ in range(2)]
for t in busy:
    t.start()
slotted = None
pair = Pair(100, change_class)
exec("def store(o): o.x = 1", namespace)
for go in pair.each_round():
    class slotted:
        __slots__ = ("x",)
    store = types.FunctionType(namespace["store"].__code__.replace(co_name="store"), namespace)
    target = slotted()
    go()
    store(target)
    pair.wait()
    stored.clear()
    store(target)
    passed_by += stored != [1]
over = True
for t in busy:
    t.join()
assert passed_by == 0, passed_by
