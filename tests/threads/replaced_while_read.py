"""What a reader without a lock took is replaced before it looks again: it holds the last reference then, and a finalizer runs. It runs when the reader is done, and
nothing that was read is gone by then."""
import threading
import time

from together import together

ROUNDS = 300

reader = 0  # ident of the thread in which a finalizer takes its time


class Slow:
    """An object whose end, if a reader brings it about, gives others the time to change everything."""

    def __init__(self, number=0):
        self.number = number

    def __del__(self):
        if threading.get_ident() == reader:
            time.sleep(0.0005)


class Key(Slow):
    def __hash__(self):
        return 7

    def __eq__(self, other):
        return False


class Sought:
    def __hash__(self):
        return 7

    def __eq__(self, other):
        return NotImplemented


def read_meanwhile(read, write):
    over = threading.Event()

    def reads():
        global reader
        reader = threading.get_ident()
        try:
            for _ in range(ROUNDS):
                for _ in range(50):
                    read()
        finally:
            over.set()

    def writes():
        while not over.is_set():
            write()

    together(reads, writes)


def function():
    pass


def write_doc():
    for _ in range(50):
        function.__doc__ = Slow()


read_meanwhile(lambda: function.__doc__, write_doc)


class Instance:
    pass


box = [Instance()]


def write_attributes():
    """More attributes than the object has room for, and more again."""
    o = Instance()
    for i in range(31):
        setattr(o, f"x{i}", None)
    o.x30 = Slow()
    box[0] = o
    for _ in range(50):
        o.x30 = Slow()
    for i in range(31, 60):
        setattr(o, f"x{i}", None)
    for _ in range(20):
        o.x30 = Slow()


name = "x" + str(30)
read_meanwhile(lambda: getattr(box[0], name, None), write_attributes)

sought = Sought()
d, s = {}, set()


def write_keys():
    for i in range(9):
        d[Key()] = i
    d.clear()


def write_items():
    for _ in range(9):
        s.add(Key())
    s.clear()


read_meanwhile(lambda: sought in d, write_keys)
read_meanwhile(lambda: sought in s, write_items)

# the finalizer makes the iterator known to a third thread: no item is given twice
ITEMS = 30
place = iterator = None


class Publishing:
    def __init__(self, number):
        self.number = number

    def __del__(self):
        global place
        if threading.get_ident() == reader:
            place = iterator
            time.sleep(0.001)


def iterate_meanwhile(container, iterate):
    global reader, iterator, place
    mine, theirs, over = [], [], threading.Event()

    def reads():
        global reader, iterator, place
        reader = threading.get_ident()
        for _ in range(3000):
            iterator = iterate(container)
            got = [item.number for item in iterator]
            if place is not None:
                mine.append((iterator, got))
                place = None
        iterator = None
        over.set()

    def writes():
        while not over.is_set():
            for i in range(ITEMS):
                container[i] = Publishing(i)

    def follows():
        while not over.is_set():
            if (it := place) is not None:
                theirs.append((it, [item.number for item, _ in zip(it, range(3))]))
                time.sleep(0.0003)

    together(reads, writes, follows)
    for it, got in mine:
        given = got + [n for other, part in theirs if other is it for n in part]
        assert len(set(given)) == len(given), given


iterate_meanwhile([Publishing(i) for i in range(ITEMS)], iter)
iterate_meanwhile([Publishing(i) for i in range(ITEMS)], reversed)
iterate_meanwhile({i: Publishing(i) for i in range(ITEMS)}, lambda d: iter(d.values()))
