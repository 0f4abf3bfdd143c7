# Ctrl-C while the main thread waits: for a lock, a thread, a queue, a condition, an event, a barrier, a semaphore, another process, a pool. The
# wait ends with KeyboardInterrupt, what it waited for can be waited for again, other threads do not notice.
# run: timeout=120
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait

signal.signal(signal.SIGINT, signal.default_int_handler)
held, held_r = threading.Lock(), threading.RLock()
held.acquire()
let_go, has_it = threading.Event(), threading.Event()


def hold():
    with held_r:
        has_it.set()
        let_go.wait()


def beside():
    """A thread in a wait that nothing interrupts."""
    results.append(let_go.wait())


results = []
others = [threading.Thread(target=hold), threading.Thread(target=beside)]
for t in others:
    t.start()
has_it.wait()

condition, event, empty, simple = threading.Condition(), threading.Event(), queue.Queue(), queue.SimpleQueue()
full = queue.Queue(1)
full.put(0)
barrier, semaphore = threading.Barrier(2), threading.Semaphore(0)
local = threading.local()
pool = ThreadPoolExecutor(1)
future = pool.submit(let_go.wait)


def condition_wait(timeout=None):
    with condition:
        try:
            condition.wait(timeout)
        finally:
            assert condition._is_owned()    # it has the lock again, whatever ended the wait


def condition_wait_for():
    with condition:
        condition.wait_for(lambda: False)


def barrier_wait():
    try:
        barrier.wait()
    finally:
        barrier.reset()


waits = {
    'Lock': held.acquire, 'Lock with timeout': lambda: held.acquire(timeout=60), 'RLock': held_r.acquire,
    'RLock with timeout': lambda: held_r.acquire(timeout=60), 'with Lock': lambda: held.__enter__(),
    'join': others[0].join, 'join with timeout': lambda: others[0].join(60),
    'Condition': condition_wait, 'Condition with timeout': lambda: condition_wait(60), 'wait_for': condition_wait_for,
    'Event': event.wait, 'Event with timeout': lambda: event.wait(60),
    'Queue.get': empty.get, 'Queue.get with timeout': lambda: empty.get(timeout=60), 'Queue.put': lambda: full.put(1),
    'Queue.join': full.join, 'SimpleQueue.get': simple.get, 'SimpleQueue.get with timeout': lambda: simple.get(timeout=60),
    'Barrier': barrier_wait, 'Semaphore': semaphore.acquire, 'sleep': lambda: time.sleep(60),
    'Future.result': future.result, 'futures.wait': lambda: wait([future]),
    'a loop': lambda: [None for _ in iter(int, 1)],
}


def interrupted(call, send):
    """Interrupts until the call has ended: the first may come before it waits, or between two steps of it."""
    ended, sent = threading.Event(), []

    def interrupt():
        while not ended.wait(0.02):
            send()
            sent.append(1)

    t = threading.Thread(target=interrupt)
    outcome = None
    try:
        t.start()
        call()
        outcome = 'returned'
    except KeyboardInterrupt:
        outcome = 'interrupted'
    while True:     # one more may be on its way
        try:
            ended.set()
            t.join()
            time.sleep(0)
            return outcome
        except KeyboardInterrupt:
            pass


def kill():
    os.kill(os.getpid(), signal.SIGINT)


def raises_nothing(number, frame):
    seen.append(number)


for name, call in waits.items():
    assert interrupted(call, kill) == 'interrupted', name

# the rest is as it was: nothing got an item, nobody holds what was waited for
let_go.set()
for t in others:
    t.join()
assert results == [True] and future.result() is True
pool.shutdown()
for q in empty, simple:
    q.put('item')
    assert q.get() == 'item' and q.empty()
assert full.get() == 0 and full.empty()
held.release()
assert held.acquire(timeout=5) and held_r.acquire(timeout=5)
held_r.release()
with condition:
    assert not condition.wait(0.01)
assert not semaphore.acquire(timeout=0.01) and not event.is_set()

# while the lock of a condition is taken again, which is never given up
def notify_and_interrupt():
    with condition:
        condition.notify()
        time.sleep(0.1)
        kill()
        time.sleep(0.1)


t = threading.Thread(target=notify_and_interrupt)
try:
    with condition:
        t.start()
        condition_wait()
    assert False
except KeyboardInterrupt:
    assert not condition._is_owned()
t.join()

# interrupt_main from another thread does the same as the key
import _thread
assert interrupted(waits['a loop'], _thread.interrupt_main) == 'interrupted'

# a handler that raises nothing: the wait goes on, for as long as it was to
seen = []
signal.signal(signal.SIGINT, raises_nothing)
threading.Timer(0.05, kill).start()
timer = threading.Timer(0.2, event.set)
timer.start()
assert event.wait(60) is True
timer.join()
while not seen:
    time.sleep(0.01)
assert seen == [signal.SIGINT]

# a whole program: the key ends it, though threads of it wait
code = '''
import threading, sys
e = threading.Event()
threading.Thread(target=e.wait, daemon=True).start()
print('ready', flush=True)
try:
    e.wait()
except KeyboardInterrupt:
    print('interrupted', flush=True)
    raise
'''
process = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                           preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
assert process.stdout.readline() == 'ready\n'
process.send_signal(signal.SIGINT)
out, err = process.communicate(timeout=60)
assert process.returncode == -signal.SIGINT and out == 'interrupted\n', (process.returncode, out, err)
assert err.rstrip().endswith('KeyboardInterrupt')
