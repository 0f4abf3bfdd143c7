"""Containers that one thread changes, made known to others by the Python code that the change runs: they stay whole."""
import collections
import heapq
import threading

ROUNDS = 60

place = None  # where the others find the container
stop = False


def publish(container):
    global place
    place = container


class Key:
    """A key of one hash for all; comparing publishes the container it is looked up in."""

    def __init__(self, container, number):
        self.container = container
        self.number = number

    def __hash__(self):
        return 1

    def __eq__(self, other):
        publish(self.container)
        return self is other

    def __lt__(self, other):
        publish(self.container)
        return self.number < other.number


def meddle():
    """Adds to whatever is published and takes it out again: numbers that are no item of it."""
    n = 1000
    while not stop:
        container, n = place, n + 1
        try:
            if type(container) is dict:
                container[n] = n
                del container[n]
            elif type(container) is set:
                container.add(n)
                container.remove(n)
            elif type(container) is list:
                container.append(n)
                container.remove(n)
            elif container is not None:
                next(container, None)
        except (KeyError, ValueError):
            pass  # a list being sorted: what was added is gone


def check_dict():
    d = {}
    keys = [Key(d, i) for i in range(12)]
    for i, key in enumerate(keys):
        d[key] = i
        assert d.setdefault(key, None) == i
    publish(None)
    assert [d[key] for key in keys] == list(range(12)), d
    assert d.pop(keys[0]) == 0 and keys[0] not in d


def check_set():
    s = set()
    keys = [Key(s, i) for i in range(12)]
    for key in keys:
        s.add(key)
    publish(None)
    assert all(key in s for key in keys), s
    s.discard(keys[0])
    assert keys[0] not in s


def check_sort():
    l = list(range(50, 0, -1))

    def key(item):
        publish(l)
        return item

    try:
        l.sort(key=key)
    except ValueError as error:
        assert str(error) == "list modified during sort"
    publish(None)
    assert [item for item in l if 0 < item <= 50][:50] == list(range(1, 51)) or len(l) >= 50, l


def check_heap():
    heap = []
    for i in 7, 3, 5, 1, 6, 2, 4:
        try:
            heapq.heappush(heap, Key(heap, i))
        except (RuntimeError, TypeError, AttributeError):
            pass  # the others' items came in between
    publish(None)


class Last:
    """Its end publishes the container that it was in."""

    def __init__(self, container, number):
        self.container, self.number = container, number

    def __hash__(self):
        return self.number

    def __eq__(self, other):
        return self.number == getattr(other, "number", other)

    def __del__(self):
        if self.number == 0:
            publish(self.container)


def check_ends():
    """What a change drops publishes the container in the middle of the change."""
    d = {}
    d.update({i: Last(d, i) for i in range(100)})
    d.update({i: i for i in range(100)})
    publish(None)
    assert [d[i] for i in range(100)] == list(range(100))
    s = set()
    s.update([Last(s, i) for i in range(100)])
    s -= {Last(None, i) for i in range(100)}
    publish(None)
    assert len(s) <= 2, s  # what the others add for a moment


def check_remove():
    """The first comparison publishes the list: what is taken out is what was found."""
    l = []
    l += [Key(l, 0), *["other"] * 100, "sought", "kept"]
    try:
        l.remove("sought")
    except ValueError:
        pass  # the others took an item out before it
    publish(None)
    assert "kept" in l and l.count("other") == 100


class Index:
    def __init__(self, iterator):
        self.iterator = iterator

    def __index__(self):
        publish(self.iterator)
        return 1


def check_range():
    it = iter(range(10_000))
    it.__setstate__(Index(it))
    publish(None)


class Counted:
    """A key equal to all others. Its n-th comparison hands the Counter to another thread, and waits until that has counted."""

    def __init__(self, n=0, counts=None, hand_over=None):
        self.left = n
        self.counts = counts
        self.hand_over = hand_over

    def __hash__(self):
        return 1

    def __eq__(self, other):
        for key in self, other:
            key.left -= 1
            if key.left == 0:
                key.hand_over(key.counts)
        return True


def check_count(n, known):
    """While a key is compared another thread counts the same key in the same Counter: both count."""
    handed, ready, done = [], threading.Event(), threading.Event()

    def hand_over(counts):
        handed.append(counts)
        ready.set()
        done.wait()

    def count_too():
        ready.wait()
        for counts in handed:
            counts.update([Counted()])
        done.set()

    thread = threading.Thread(target=count_too)
    thread.start()
    counts = collections.Counter()
    counts[Counted()] = 0
    if known:
        publish(counts)
    counts.update([Counted(n, counts, hand_over)])
    ready.set()
    thread.join()
    publish(None)
    assert list(counts.values()) == [1 + len(handed)], (n, known, counts)


class Waiting:
    """A key of one hash for all, equal by number. The first comparison hands `to_tell` to another thread, and waits until that has added to it."""

    def __init__(self, number, to_tell=None, hand_over=None):
        self.number = number
        self.to_tell = to_tell
        self.hand_over = hand_over

    def __hash__(self):
        return 1

    def __eq__(self, other):
        for key in self, other:
            if type(key) is Waiting and key.hand_over:
                hand_over, key.hand_over = key.hand_over, None
                hand_over(key.to_tell)
        return type(other) is Waiting and self.number == other.number


def check_intersection(known, make):
    """What another thread adds while keys are compared stays where it is in both, and what is not goes all the same."""
    handed, ready, done = [], threading.Event(), threading.Event()

    def hand_over(keys):
        handed.append(keys)
        ready.set()
        done.wait()

    def add_too():
        ready.wait()
        for keys in handed:
            keys.add(0)  # which is looked for before the keys of hash 1
        done.set()

    thread = threading.Thread(target=add_too)
    thread.start()
    keys = {Waiting(1), Waiting(3), "only here"}
    if known:
        publish(keys)
    keys.intersection_update(make([0, Waiting(1, keys, hand_over), "only there"]))
    ready.set()
    thread.join()
    publish(None)
    assert handed and keys == {Waiting(1), 0}, (known, make, keys)


def check_first_thread():
    """The comparison starts the first other thread of the program."""
    d, started = {}, []

    class Starting(Key):
        __hash__ = Key.__hash__

        def __eq__(self, other):
            if not started:
                started.append(threading.Thread(target=lambda: [d.update({n: n}) for n in range(3000)]))
                started[0].start()
            return self is other

    keys = [Starting(d, i) for i in range(2)]
    for key in keys:
        d[key] = key.number
    started[0].join()
    assert len(d) == len(list(d)) == 3002 and all(d[key] == key.number for key in keys)


check_first_thread()
for n in 1, 2:
    check_count(n, False)
    check_count(n, True)
for make in set, frozenset, list, iter:
    for known in False, True:
        check_intersection(known, make)
others = [threading.Thread(target=meddle) for _ in range(2)]
for t in others:
    t.start()
try:
    for _ in range(ROUNDS):
        check_dict()
        check_set()
        check_sort()
        check_heap()
        check_ends()
        check_remove()
        check_range()
finally:
    stop = True
    for t in others:
        t.join()
