# Thread objects: names, identities, daemon, join, exceptions, many short ones, locals.
import sys
import threading
import time

seen = []
t = threading.Thread(target=lambda *a, **k: seen.append((a, k, threading.current_thread().name,
                                                         threading.get_ident())),
                     args=(1, 2), kwargs={'z': 3}, name='worker')
assert not t.is_alive() and t.ident is None
t.start()
t.join()
assert seen == [((1, 2), {'z': 3}, 'worker', t.ident)] and not t.is_alive()
assert t.ident != threading.get_ident()
for bad, text in ((t.start, 'threads can only be started once'),
                  (threading.current_thread().join, 'Cannot join current thread')):
    try:
        bad()
    except RuntimeError as error:
        assert text.lower() in str(error).lower(), str(error)
    else:
        assert False

hooked = []
threading.excepthook, old = (lambda args: hooked.append((args.exc_type, str(args.exc_value),
                                                         args.thread.name))), threading.excepthook
t = threading.Thread(target=lambda: 1 / 0, name='fails')
t.start()
t.join()
threading.excepthook = old
assert hooked == [(ZeroDivisionError, 'division by zero', 'fails')]

t = threading.Thread(target=sys.exit)
t.start()
t.join()                                    # SystemExit ends only the thread

count = []
for _ in range(300):
    t = threading.Thread(target=count.append, args=(1,))
    t.start()
    t.join(10)
assert len(count) == 300 and threading.active_count() == 1

many = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(60)]
for t in many:
    t.start()
for t in many:
    t.join()
assert threading.enumerate() == [threading.main_thread()]

data = threading.local()
data.x = 'main'
values = []


def own(n):
    assert not hasattr(data, 'x')
    for k in range(200):
        data.x = (n, k)
        assert data.x == (n, k)
    values.append(data.x)


threads = [threading.Thread(target=own, args=(n,)) for n in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert data.x == 'main' and sorted(values) == [(n, 199) for n in range(4)]

blocker = threading.Event()
t = threading.Thread(target=blocker.wait, daemon=True)
t.start()
began = time.monotonic()
t.join(0.05)
assert t.is_alive() and 0.04 <= time.monotonic() - began < 10 and t.daemon
blocker.set()
t.join()


def deep(n):
    return deep(n + 1)


caught = []


def overflow():
    try:
        deep(0)
    except RecursionError:
        caught.append(1)


threads = [threading.Thread(target=overflow) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert caught == [1] * 4


# a local whose last reference another thread drops takes its attributes with it
class Noticed:
    died = 0

    def __del__(self):
        Noticed.died += 1


def drop_all():
    for turn in range(20):
        handed[turn].wait()
        taken.pop()
        dropped[turn].set()


handed, dropped = [[threading.Event() for _ in range(20)] for _ in range(2)]
taken = []
t = threading.Thread(target=drop_all)
t.start()
for turn in range(20):
    data = threading.local()
    data.noticed = Noticed()
    taken.append(data)
    del data
    handed[turn].set()
    dropped[turn].wait()
t.join()
deadline = time.monotonic() + 20
while Noticed.died < 20 and time.monotonic() < deadline:
    time.sleep(0.001)
assert Noticed.died == 20, Noticed.died
