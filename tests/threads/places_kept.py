"""A list's last item is its last item, and a key that only changes its place is there, whatever others do meanwhile."""
from collections import OrderedDict
from operator import getitem
from threading import Thread

ROUNDS = 4000

failures = []


def together(change, *readers):
    """Runs the readers again and again, each in a thread, until the changes are done."""
    done = []

    def read(reader):
        try:
            while not done:
                reader()
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=read, args=(reader,)) for reader in readers]
    for t in threads:
        t.start()
    try:
        for n in range(ROUNDS):
            change(n)
    finally:
        done.append(True)
        for t in threads:
            t.join()
    assert not failures, failures


# the list has one or two items, and always one
l = ["first"]


def longer_shorter(n):
    l.append("second")
    l.pop()


def last_item():
    assert l[-1] in ("first", "second")
    assert getitem(l, -1) in ("first", "second")


together(longer_shorter, last_item)


def store_last():
    shared[-1] = "stored"


shared = ["first", "second"]
together(lambda n: (shared.append("third"), shared.pop()), store_last)


# it is one of two lists, as a whole
short, long = ["a", "b", "end"], ["c", "d", "middle", "e", "end"]
whole = list(short)


def exchange(n):
    whole[:] = long if n % 2 == 0 else short


def end_of_whole():
    assert whole[-1] == "end" and whole.__getitem__(-1) == "end"


together(exchange, end_of_whole)

# keys are moved
order = OrderedDict((f"k{i}", i) for i in range(8))


def move(n):
    order.move_to_end(f"k{n % 8}", last=n % 3 != 0)


def look_up():
    assert order["k2"] == 2 and "k3" in order and order.get("k4") == 4 and len(order) == 8


together(move, look_up, look_up)
assert sorted(order.items()) == [(f"k{i}", i) for i in range(8)]
