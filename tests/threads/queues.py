# queue.Queue, SimpleQueue, PriorityQueue and deque between producers and consumers.
import queue
import signal
import threading
import time
from collections import deque

from together import in_threads, together

N, COUNT = 2, 3_000


def check(q):
    def put(i):
        for n in range(COUNT):
            q.put((i, n))
        q.put((9, None))

    def get():
        got = []
        while True:
            item = q.get(timeout=30)
            if item[1] is None:
                return got
            got.append(item)

    results = together(*[lambda i=i: put(i) for i in range(N)], *[get] * N)
    got = [item for part in results[N:] for item in part]
    left = []
    while not q.empty():
        left.append(q.get_nowait())
    assert sorted(got + [x for x in left if x[1] is not None]) == [(i, n) for i in range(N)
                                                                   for n in range(COUNT)]


check(queue.Queue())
check(queue.Queue(maxsize=10))
check(queue.SimpleQueue())
try:
    queue.SimpleQueue().get_nowait()
except queue.Empty:
    pass
else:
    assert False
full = queue.Queue(1)
full.put(1)
try:
    full.put_nowait(2)
except queue.Full:
    pass
else:
    assert False
full.get()
full.task_done()
full.join()

d = deque()
in_threads(N * 2, lambda i: [d.append((i, n)) for n in range(COUNT)])
assert len(d) == N * 2 * COUNT
out = in_threads(N * 2, lambda i: [d.popleft() if n % 2 else d.pop() for n in range(COUNT)])
assert not d and len({x for part in out for x in part}) == N * 2 * COUNT
ring = deque(maxlen=10)
in_threads(N, lambda i: [ring.append(n) for n in range(COUNT)])
assert len(ring) == 10
p = queue.PriorityQueue()
in_threads(N, lambda i: [p.put(n * N + i) for n in range(300)])
assert [p.get() for _ in range(N * 300)] == list(range(N * 300))


# Who is woken for an item, but leaves by an exception of a signal handler, leaves the item to another.
class Stop(Exception):
    pass


def stop(*args):
    raise Stop


def woken_to_leave():
    q, left = queue.SimpleQueue(), threading.Event()

    def put():
        time.sleep(0.01)                        # most likely the main thread waits by now,
        other.start()
        time.sleep(0.01)                        # and the other one after it
        signal.raise_signal(signal.SIGUSR1)     # for the main thread, whose wait it does not end
        q.put('item')
        if not left.wait(1):
            q.put('end')

    other, putter = threading.Thread(target=q.get, daemon=True), threading.Thread(target=put)
    try:
        putter.start()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
        q.get()
        time.sleep(10)
    except Stop:
        pass
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
    except Stop:                                # it may have been sent on to the main thread, too
        pass
    left.set()
    putter.join()
    if q.empty():
        q.put('end')
    other.join(10)
    assert not other.is_alive(), q.qsize()


signal.signal(signal.SIGUSR1, stop)
for _ in range(3):
    woken_to_leave()
