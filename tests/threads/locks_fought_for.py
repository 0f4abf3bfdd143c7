"""Locks that threads take again the moment they let go of them: never two holders, nobody waits for ever, and timeouts, tries,
signals and the end of the program get through.
"""
import collections
import os
import queue
import signal
import subprocess
import sys
import threading
import time

from together import in_threads, together

ROUNDS = 20_000
N = 4

# one holder at a time, with every way to ask for it
for lock in (threading.Lock(), threading.RLock()):
    inside = counted = 0

    def take(how):
        if how == 0:
            return lock.acquire()
        if how == 1:
            return lock.acquire(timeout=0.001)
        return lock.acquire(blocking=False)

    def fight(i):
        global inside, counted
        taken = 0
        for n in range(ROUNDS):
            if take(n % 3):
                inside += 1
                assert inside == 1
                counted += 1
                taken += 1
                inside -= 1
                lock.release()
        return taken

    assert sum(in_threads(N, fight)) == counted and counted >= N * ROUNDS // 3
    assert lock.acquire(timeout=0)
    lock.release()

# who holds a lock nearly all of the time leaves it to others now and then
lock, done = threading.Lock(), threading.Event()


def hog():
    while not done.is_set():
        with lock:
            sum(range(2000))


def modest():
    try:
        for _ in range(20):
            with lock:
                pass
    finally:
        done.set()


together(hog, hog, modest)

# a lock that one thread takes and another gives: nobody's turn is lost
there, back = threading.Lock(), threading.Lock()
there.acquire()
back.acquire()


def ping():
    for _ in range(2000):
        there.release()
        back.acquire()


def pong():
    for _ in range(2000):
        there.acquire()
        back.release()


together(ping, pong)
assert there.locked() and back.locked()

# a deque and the queues over it, fought for: nothing is lost or comes twice
items = collections.deque()


def both_ends(i):
    got = []
    for n in range(ROUNDS):
        items.append((i, n))
        got.append(items.popleft())
    return got


everything = [x for part in in_threads(N, both_ends) for x in part]
assert not items and sorted(everything) == sorted((i, n) for i in range(N) for n in range(ROUNDS))

for pipe in (queue.SimpleQueue(), queue.Queue(), queue.Queue(10)):

    def produce():
        for n in range(3000):
            pipe.put(n)
        pipe.put(None)

    def consume():
        got = []
        while (x := pipe.get()) is not None:
            got.append(x)
        return got

    assert together(produce, consume)[1] == list(range(3000))

# a signal's handler runs while the main thread fights
seen = 0


def handle(number, frame):
    global seen
    seen += 1


signal.signal(signal.SIGUSR1, handle)
lock, done = threading.Lock(), threading.Event()


def fighter():
    while not done.is_set():
        with lock:
            pass


def sender():
    for n in range(20):
        os.kill(os.getpid(), signal.SIGUSR1)
        while seen <= n:
            time.sleep(0.0001)


threads = [threading.Thread(target=f) for f in (fighter, fighter, sender)]
for t in threads:
    t.start()
while seen < 20:
    with lock:
        pass
done.set()
for t in threads:
    t.join()

# the program ends while daemon threads fight
PROGRAM = """
import threading, time, collections
lock, items = threading.Lock(), collections.deque()
def fight():
    while True:
        with lock:
            items.append(1)
        items.popleft()
for _ in range(4):
    threading.Thread(target=fight, daemon=True).start()
time.sleep(0.02)
print("end")
"""
for _ in range(5):
    done = subprocess.run([sys.executable, '-c', PROGRAM], capture_output=True, timeout=60)
    assert done.returncode == 0 and done.stdout == b'end\n', done
