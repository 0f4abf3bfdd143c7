# The child of a fork, made while other threads hold locks of every kind and are inside of containers, files and modules: it goes on with
# what is consistent, and waits for nobody that it does not have.
# run: timeout=120
import _imp
import csv
import gc
import io
import os
import pickle
import queue
import select
import signal
import sys
import threading
import time
import warnings
import weakref
from collections import OrderedDict, deque

from together import forked, in_threads

warnings.simplefilter('ignore', DeprecationWarning)
over, ready = threading.Event(), threading.Barrier(5)
table, row, members, ring, order = {}, list(range(100)), set(), deque(range(100)), OrderedDict()
counts, simple, full = threading.Lock(), queue.SimpleQueue(), queue.Queue()
memory, packed = io.BytesIO(), bytearray(b'x' * 100)


class Node:
    pass


class Changed:
    pass


def churn(i):
    ready.wait()
    n = 0
    while not over.is_set():
        n += 1
        table[i, n % 50] = [n]
        row.append(n)
        row.pop(0)
        members.add(n % 50)
        members.discard((n + 7) % 50)
        ring.rotate(1)
        order[n % 20] = n
        order.move_to_end(n % 20)
        simple.put(n)
        simple.get()
        packed.append(1)
        packed.pop()
        memory.seek(0)
        memory.write(b'0123456789')
        node = Node()
        node.me, node.ref = node, weakref.ref(node, lambda ref: None)
        setattr(Changed, f'a{n % 5}', n)
        if n % 20 == 0:
            Changed.__len__ = lambda self: n
            type('T', (Changed,), {})().x = n
            gc.collect(0 if n % 200 else 2)


def hold_lock():
    with counts:
        ready.wait()
        over.wait()


def child():
    """Everything again, and with threads of its own."""
    def use(i):
        for n in range(30):
            table[i, n] = n
            row.append(n), row.pop(0)
            members.add(n), ring.rotate(-1)
            order[n] = n
            simple.put(n), simple.get()
            full.put(n), full.get()
            packed.append(1), packed.pop()
            memory.seek(0), memory.write(b'abc'), memory.getvalue()
            node = Node()
            node.me, node.ref = node, weakref.ref(node, lambda ref: None)
            setattr(Changed, f'a{n % 5}', n)
            Changed.__len__ = lambda self: n
            type('T', (Changed,), {})()
            assert len(Changed()) < 30
    use(9)
    threads = [threading.Thread(target=use, args=(i,)) for i in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    gc.collect()
    assert not counts.acquire(timeout=0.001)    # its holder is not here, so nobody lets it go
    assert threading.active_count() == 1 and len(sys._current_frames()) == 1
    assert dict(table) and list(row) and set(members) and list(ring) and list(order.items())
    import colorsys, sched
    print('child', file=io.StringIO())


threads = [threading.Thread(target=churn, args=(i,)) for i in range(3)] + [threading.Thread(target=hold_lock)]
for t in threads:
    t.start()
ready.wait()
failed = [forked(child)() for _ in range(15)]
over.set()
for t in threads:
    t.join()
assert not any(failed), failed

# the child uses a reader and a pickler that threads of its parent are in the middle of using
class Waiting:
    """Lines, of which the one that another thread asks for comes only when all is over."""
    main = threading.current_thread()

    def __iter__(self):
        return self

    def __next__(self):
        if threading.current_thread() is not self.main:
            inside.wait()
            over.wait()
        return 'a,b\n'

    def __reduce__(self):
        next(self)
        return str, ()


over, inside = threading.Event(), threading.Barrier(3)
reader, pickler = csv.reader(Waiting()), pickle.Pickler(io.BytesIO())
threads = [threading.Thread(target=call) for call in (lambda: next(reader), lambda: pickler.dump(Waiting()))]
for t in threads:
    t.start()
inside.wait()


def use_again():
    signal.alarm(60)
    assert next(reader) == ['a', 'b']
    assert in_threads(3, lambda i: i)[2] == 2
    if sys.implementation.name != 'cpython':    # there it is an error
        pickler.dump([1])


assert forked(use_again)() == 0
over.set()
for t in threads:
    t.join()

# forks from threads other than the main one: it is the child's main thread from then on
def alone():
    assert threading.main_thread() is threading.current_thread() and threading.active_count() == 1
    t = threading.Thread(target=lambda: None)
    t.start()
    t.join()


for _ in range(3):
    assert in_threads(3, lambda i: forked(alone)()) == [0] * 3


# a text file whose lock a thread holds twice, as reconfigure() flushes: the child's first to take it gives it back
class Raw(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        inside.set()
        go_on.wait()
        return len(data)


def use_file():
    f.write('b')
    t = threading.Thread(target=f.write, args=('c',), daemon=True)
    t.start()
    t.join(60)
    assert not t.is_alive()


inside, go_on = threading.Event(), threading.Event()
f = io.TextIOWrapper(io.BufferedWriter(Raw()))
f.write('a')
t = threading.Thread(target=f.reconfigure, kwargs={'errors': 'ignore'})
t.start()
inside.wait()
failed = forked(use_file)()
go_on.set()
t.join()
assert not failed


# a lock that the forking thread itself holds is its own in the child, too: others wait for it there
class Forks(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        self.written += bytes(data)
        if not self.pid:
            self.pid = os.fork() or -1
            if self.pid == -1:
                other = threading.Thread(target=f.write, args=('other\n' * 5000,))
                other.start()
                other.join(0.2)
                self.waited = other.is_alive()
                self.other = other
        return len(data)


raw = Forks()
raw.pid, raw.written, raw.waited = 0, b'', True
f = io.TextIOWrapper(io.BufferedWriter(raw))
f.write('mine\n')
f.flush()
if raw.pid == -1:
    raw.other.join(60)
    f.flush()
    os._exit(not (raw.waited and raw.written == b'mine\n' + b'other\n' * 5000))
assert os.waitstatus_to_exitcode(os.waitpid(raw.pid, 0)[1]) == 0 and raw.written == b'mine\n'

# the child warns while a thread of its parent decides about a warning; so does the parent, which forks with threads: it waits for that thread
class Slow:
    def match(self, text):
        if text == 'slow':
            deciding.set()
            select.select([child_ends], [], [], 20)
        return False


if sys.implementation.name != 'cpython':     # whose child waits for ever
    deciding, (child_ends, end) = threading.Event(), os.pipe()
    warnings.filters.insert(0, ('ignore', Slow(), Warning, None, 0))
    warnings.simplefilter('ignore', append=True)
    t = threading.Thread(target=warnings.warn_explicit, args=('slow', DeprecationWarning, 'file', 1))
    t.start()
    deciding.wait()
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        warnings.warn_explicit('quick', DeprecationWarning, 'file', 1)
        os.write(end, b'x')
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    t.join()
warnings.simplefilter('ignore')     # what fork() says of threads runs no Python code now, in which Ctrl-C would be told, and lost

# Ctrl-C while fork() waits for another thread's import is told once the fork is done
def import_long():
    _imp.acquire_lock()
    has_it.set()
    time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.1)
    _imp.release_lock()


signal.signal(signal.SIGINT, signal.default_int_handler)
has_it, t = threading.Event(), threading.Thread(target=import_long)
t.start()
has_it.wait()
try:
    if os.fork() == 0:
        os._exit(0)
    t.join()
    assert False
except KeyboardInterrupt:
    pass
os.wait()
t.join()
