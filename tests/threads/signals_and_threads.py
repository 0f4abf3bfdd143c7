# Signals while threads run: handlers run in the main thread, as often as they must; waits of other threads go on.
import _thread
import os
import signal
import threading
import time

from together import in_threads

where, numbers = [], []


def handler(number, frame):
    where.append(threading.get_ident())
    numbers.append(number)
    assert frame is None or frame.f_lineno is not None


for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM):
    signal.signal(number, handler)

# raised in other threads, handled here
def raise_some(i):
    for _ in range(20):
        signal.raise_signal(signal.SIGUSR1)
        os.kill(os.getpid(), signal.SIGUSR2)
        sum(range(200))


threads = [threading.Thread(target=raise_some, args=(i,)) for i in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
deadline = time.monotonic() + 20
while {signal.SIGUSR1, signal.SIGUSR2} - set(numbers) and time.monotonic() < deadline:
    time.sleep(0.01)
assert {signal.SIGUSR1, signal.SIGUSR2} <= set(numbers), numbers
assert set(where) == {threading.main_thread().ident}

# to one thread
numbers.clear()
stop = threading.Event()
t = threading.Thread(target=stop.wait)
t.start()
signal.pthread_kill(t.ident, signal.SIGUSR1)
deadline = time.monotonic() + 20
while signal.SIGUSR1 not in numbers and time.monotonic() < deadline:
    time.sleep(0.01)
assert numbers == [signal.SIGUSR1]
stop.set()
t.join()

# a timer over busy threads
numbers.clear()
stop.clear()


def spin():
    n = 0
    while not stop.is_set():
        n += len([n] * 3)
    return n


threads = [threading.Thread(target=spin) for _ in range(3)]
for t in threads:
    t.start()
signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
deadline = time.monotonic() + 30
while len(numbers) < 20 and time.monotonic() < deadline:
    sum(range(1000))
signal.setitimer(signal.ITIMER_REAL, 0)
stop.set()
for t in threads:
    t.join()
assert len(numbers) >= 20 and set(where) == {threading.main_thread().ident}


# an exception out of a handler ends the main thread's wait, and no other's
class Rung(Exception):
    pass


def ring(number, frame):
    raise Rung


signal.signal(signal.SIGUSR1, ring)
lock = threading.Lock()
lock.acquire()
got = []
t = threading.Thread(target=lambda: got.append(lock.acquire()))
t.start()
for wait in (lock.acquire, lambda: lock.acquire(timeout=60), threading.Event().wait, t.join, lambda: time.sleep(60),
             threading.Condition().wait if False else lambda: threading.Event().wait(60)):
    timer = threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGUSR1))
    timer.start()
    try:
        wait()
        assert False, wait
    except Rung:
        pass
    timer.join()
assert got == []
lock.release()
t.join()
assert got == [True]

# signals are masked by thread
def masked(i):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
    return signal.SIGUSR2 in signal.pthread_sigmask(signal.SIG_BLOCK, set())


assert in_threads(3, masked) == [True] * 3
assert signal.SIGUSR2 not in signal.pthread_sigmask(signal.SIG_BLOCK, set())
try:
    in_threads(1, lambda i: signal.signal(signal.SIGUSR2, handler))
    assert False
except ValueError as error:
    assert 'main thread' in str(error)

# interrupt_main simulates: a handler in Python runs once, a signal without one changes nothing
numbers.clear()
signal.signal(signal.SIGUSR1, handler)
signal.signal(signal.SIGUSR2, signal.SIG_IGN)
for number in signal.SIGTERM, signal.SIGUSR2, signal.SIGUSR1:
    in_threads(1, lambda i: _thread.interrupt_main(number))
sum(range(1000))
assert numbers == [signal.SIGUSR1], numbers

# a signal that arrives in another thread is one signal, for the handler and at the wake-up descriptor
numbers.clear()
reads, writes = os.pipe()
os.set_blocking(reads, False)
os.set_blocking(writes, False)
signal.set_wakeup_fd(writes)


def raise_one_by_one():
    for n in range(100):
        signal.raise_signal(signal.SIGUSR1)
        while len(numbers) <= n:
            pass


t = threading.Thread(target=raise_one_by_one)
t.start()
while t.is_alive():
    sum(range(100))
signal.set_wakeup_fd(-1)
sum(range(1000))
assert len(numbers) == len(os.read(reads, 10_000)) == 100, len(numbers)

# a thread gets signals from the moment on that its number is known; a number that no thread has gets none
for _ in range(50):
    lock = _thread.allocate_lock()
    lock.acquire()
    number = _thread.start_new_thread(lock.acquire, ())
    signal.pthread_kill(number, 0)
    assert time.clock_gettime(time.pthread_getcpuclockid(number)) >= 0
    lock.release()
for call in (signal.pthread_kill, 1, 0), (time.pthread_getcpuclockid, 1):
    try:
        call[0](*call[1:])
    except ProcessLookupError:
        pass
    else:
        raise AssertionError(call)
