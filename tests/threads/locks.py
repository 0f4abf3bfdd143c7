# Lock, RLock, Condition, Semaphore, Event and Barrier do what they promise under contention.
import threading
import time

from together import in_threads, together

N = 4
lock, counter = threading.Lock(), 0


def with_lock(i):
    global counter
    for _ in range(5_000):
        with lock:
            counter += 1


in_threads(N, with_lock)
assert counter == N * 5_000 and not lock.locked()

rlock, depth = threading.RLock(), [0]


def nested(n):
    with rlock:
        depth[0] += 1
        if n:
            nested(n - 1)


in_threads(N, lambda i: [nested(5) for _ in range(300)])
assert depth == [N * 300 * 6]

condition, queue = threading.Condition(), []


def produce(i):
    for n in range(500):
        with condition:
            queue.append((i, n))
            condition.notify()


def consume():
    got = []
    while True:
        with condition:
            while not queue:
                if not condition.wait(5):
                    return got
            item = queue.pop(0)
        if item is None:
            return got
        got.append(item)


def close():
    time.sleep(0.05)
    with condition:
        queue.extend([None, None])
        condition.notify_all()


producers = [threading.Thread(target=produce, args=(i,)) for i in range(2)]
for p in producers:
    p.start()


def finish():
    for p in producers:
        p.join()
    close()


first, second, _ = together(consume, consume, finish)
assert sorted(first + second) == [(i, n) for i in range(2) for n in range(500)]

semaphore, inside, most = threading.BoundedSemaphore(2), [0], [0]
guard = threading.Lock()


def limited(i):
    for _ in range(200):
        with semaphore:
            with guard:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            with guard:
                inside[0] -= 1


in_threads(N, limited)
assert inside == [0] and 1 <= most[0] <= 2
try:
    semaphore.release()
except ValueError:
    pass
else:
    assert False

event, woken = threading.Event(), []
waiting = [threading.Thread(target=lambda: woken.append(event.wait(10))) for _ in range(N)]
for t in waiting:
    t.start()
assert not event.is_set() and not event.wait(0.01)
event.set()
for t in waiting:
    t.join()
assert woken == [True] * N

barrier, order = threading.Barrier(N), []


def phases(i):
    for phase in range(50):
        order.append(phase)
        barrier.wait()


in_threads(N, phases)
assert order == sorted(order)
assert lock.acquire(timeout=0.01) and not lock.acquire(blocking=False)
assert not lock.acquire(timeout=0.01)
lock.release()
try:
    lock.release()
except RuntimeError as error:
    assert str(error) == 'release unlocked lock'
else:
    assert False
