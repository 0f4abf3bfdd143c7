"""Threads that share objects go on when memory is refused to any of them: each catches its MemoryError, nothing is lost or done twice, none waits for ever,
and afterwards all works.

usage: threads_when_short.py [--seconds N] [PROGRAM] [SEED]     a seed and a program alone say what is refused, but not who comes first"""
# run: timeout=100
import asyncio
import collections
import concurrent.futures
import contextvars
import faulthandler
import gc
import operator
import os
import queue
import random
import subprocess
import sys
import threading
import time
import weakref

try:
    from _weft_faults import count, fail
    able = count() >= 0
except ImportError:
    able = False

HANG = 20   # seconds without progress
STEPS = 60
SHORT = MemoryError, RuntimeError   # can't start new thread; a lock that could not be taken back


def run_threads(rng, *bodies):
    """Runs them at once while memory is refused now and then; what they count as done."""
    done = [0] * len(bodies)
    begin = threading.Event()

    def run(i, body):
        begin.wait()
        for step in range(STEPS):
            try:
                body(step)
                done[i] += 1
            except MemoryError:
                pass

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(bodies)]
    for t in threads:
        t.start()
    fail(1 << 60, 0, True)
    begin.set()
    for t in threads:
        alive = True
        while alive:
            try:
                fail(0)
                first = rng.randrange(1, rng.choice((10, 100, 1000)))
                fail(first, first + rng.choice((1, 1, 2, 5, 30, 300)), True)
                t.join(.001)
                alive = t.is_alive()
            except MemoryError:
                pass
    fail(0)
    return done


def containers(rng):
    shared, keyed, members, ends = [], {}, set(), collections.deque()

    def body(i):
        def step(n):
            shared.append((i, n))
            keyed[i, n] = [n]
            members.add((i, n))
            ends.append((i, n))
            sorted(shared)[:3], list(keyed.items()), members | {n}, keyed | {n: i}
            if n % 3 == 0:
                keyed.pop((i, n), None)
                members.discard((i, n))
                shared.extend([(i, n)] * 2)
                ends.rotate(1)
        return step

    run_threads(rng, body(0), body(1), body(2))
    assert len(keyed) == sum(1 for _ in keyed) and all(keyed[k] == [k[1]] for k in keyed)
    assert len(members) == len({*members}) and all(m in members for m in members)
    assert len(shared) == len(list(shared)) and len(ends) == sum(1 for _ in ends)
    for i in range(3):  # each thread's own, in its order
        mine = [n for j, n in shared if j == i]
        assert mine == sorted(mine) and len(mine) <= 3 * STEPS
    return len(shared)


def taken_once(rng):
    """What is popped is there once, in one thread or where it was."""
    stack, table, left = list(range(1000)), dict.fromkeys(range(1000)), set(range(1000))
    got = [[None] * STEPS for _ in range(3)], [[None] * STEPS for _ in range(3)], [[None] * STEPS for _ in range(3)]

    def body(i):
        def step(n):
            got[0][i][n] = stack.pop()
            got[1][i][n] = table.popitem()
            got[2][i][n] = left.pop()
        return step

    run_threads(rng, body(0), body(1), body(2))
    popped = [[x for row in rows for x in row if x is not None] for rows in got]
    assert sorted(popped[0] + stack) == list(range(1000))
    assert sorted([k for k, _ in popped[1]] + list(table)) == list(range(1000))
    assert sorted(popped[2] + list(left)) == list(range(1000))


def locks(rng):
    lock, reentrant, condition = threading.Lock(), threading.RLock(), threading.Condition()
    value = [0, 0, 0]

    def step(n):
        with lock:
            value[0] += 1
            [n] * 20
        with reentrant:
            with reentrant:
                value[1] += 1
                str(n)
        with condition:
            value[2] += 1
            [value]

    done = run_threads(rng, step, step, step)
    assert min(value) >= sum(done), (value, done)
    assert not lock.locked() and not reentrant.locked() and condition.acquire(False)
    condition.release()


def simple_queue(rng):
    q, back = queue.SimpleQueue(), []
    put = [[], []]

    def producer(i):
        def step(n):
            item = [i, n]
            put[i].append(item)
            try:
                q.put(item)
            except MemoryError:
                put[i].pop()
                raise
        return step

    def consumer(n):
        for _ in range(2):
            try:
                item = q.get(timeout=.01)
            except queue.Empty:
                return
            kept = False
            while not kept:
                try:
                    back.append(item)
                    kept = True
                except MemoryError:
                    pass

    run_threads(rng, producer(0), producer(1), consumer)
    while not q.empty():
        back.append(q.get())
    for i in range(2):
        assert [item for item in back if item[0] == i] == put[i]


def queues(rng):
    """Not all of them need come: who puts may have no memory to say so. But none comes twice, and the locks are free."""
    q = queue.Queue(5)
    back = []

    def producer(n):
        try:
            q.put(n, timeout=.05)
        except queue.Full:
            pass

    def consumer(n):
        try:
            back.append(q.get(timeout=.05))
        except queue.Empty:
            pass

    run_threads(rng, producer, consumer, consumer)
    assert len(back) == len({*back}), back
    assert not q.mutex.locked()
    while not q.empty():
        q.get_nowait()
    q.put("last")
    assert q.get() == "last"


class Target:
    def __init__(self, n):
        self.n = n


def weak_references(rng):
    values, keys = weakref.WeakValueDictionary(), weakref.WeakKeyDictionary()
    kept = collections.deque(maxlen=20)
    called = []

    def step(n):
        target = Target(n)
        kept.append(target)
        reference = weakref.ref(target, called.append)
        values[n] = target
        keys[target] = n
        assert reference() is target and values.get(n, target).n == n
        cycle = Target(target)
        cycle.me = cycle
        if n % 20 == 0:
            gc.collect()

    run_threads(rng, step, step)
    kept.clear()
    values.clear()  # of what was to be forgotten without memory for it something may be left
    keys.clear()
    for n in range(STEPS):
        step(n)
    kept.clear()
    gc.collect()
    assert not list(values.items()) and not list(keys.items())


def futures(rng):
    results = []
    try:
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            for _ in range(3):
                first = rng.randrange(1, 300)
                fail(first, first + rng.choice((1, 2, 20)), True)
                submitted = []
                for n in range(20):
                    try:
                        submitted.append(pool.submit(operator.mul, [n], 2))
                    except MemoryError:
                        pass
                fail(0)
                for future in submitted:    # a worker may have had no memory for the result; then nobody knows
                    try:
                        results.append(future.result(timeout=.2))
                    except (*SHORT, TimeoutError):
                        pass
    except SHORT:
        fail(0)
    assert all(len(r) == 2 and r[0] == r[1] for r in results)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        assert list(pool.map(abs, [-1, 2])) == [1, 2]


def starts(rng):
    """A thread runs once or never; start() returns."""
    ran = collections.deque()
    started = []
    for n in range(12):
        first = rng.randrange(1, 60)
        fail(first, first + rng.choice((1, 2, 10, 100)), True)
        try:
            t = threading.Thread(target=ran.append, args=(n,))
            t.start()
            started.append(t)
        except Exception as error:
            fail(0)
            assert isinstance(error, SHORT), error
        fail(0)
    for t in started:
        t.join()
    assert len(ran) == len({*ran}) and len(ran) <= 12, ran
    t = threading.Thread(target=ran.append, args=("last",))
    t.start()
    t.join()
    assert "last" in ran


LOST = MemoryError, RuntimeError, TimeoutError, asyncio.CancelledError


def event_loops(rng):
    async def child(n):
        await asyncio.sleep(0)
        return [n]

    async def main():
        async with asyncio.timeout(.2):     # a callback may be lost
            return await asyncio.gather(child(1), child(2))

    def step(n):
        if n % 20:
            return
        loop = asyncio.new_event_loop()
        stops = 0
        while stops < 3:    # one of them may be lost, too
            try:
                loop.call_later(.3 + stops / 10, loop.stop)
                stops += 1
            except MemoryError:
                pass
        try:
            assert loop.run_until_complete(main()) == [[1], [2]]
        except LOST:
            pass
        finally:
            asyncio._set_running_loop(None)
            loop.close()

    run_threads(rng, step, step)
    assert asyncio.run(main()) == [[1], [2]]


variable = contextvars.ContextVar("variable", default=0)


def contexts(rng):
    def step(n):
        def inside():
            variable.set([n])
            return variable.get()
        context = contextvars.copy_context()
        assert context.run(inside) == [n] and variable.get() == 0 and context[variable] == [n]

    local = threading.local()

    def keep(n):
        local.value = [n]
        assert local.value == [n]

    run_threads(rng, step, step, keep, keep)
    assert variable.get() == 0 and not hasattr(local, "value")


PROGRAMS = [containers, taken_once, locks, simple_queue, queues, weak_references, futures, starts, event_loops, contexts]


def child(programs, seeds, seconds):
    """Each program with each seed, until time is up."""
    until = time.monotonic() + seconds
    faulthandler.enable()
    sys.unraisablehook = threading.excepthook = lambda args: None
    for seed in seeds:
        for program in programs:
            if time.monotonic() > until:
                return
            faulthandler.dump_traceback_later(HANG * (5 if int(open("/proc/self/statm").read().split()[0]) > 1 << 28 else 1), exit=True)
            print(program.__name__, seed, flush=True)
            program(random.Random(f"{program.__name__} {seed}"))
    faulthandler.cancel_dump_traceback_later()


def main():
    arguments = sys.argv[1:]
    seconds = 12
    if "--seconds" in arguments:
        at = arguments.index("--seconds")
        seconds = float(arguments[at + 1])
        del arguments[at:at + 2]
    names = [a for a in arguments if not a.isdigit()]
    programs = [p for p in PROGRAMS if p.__name__ in names or not names]
    numbers = [int(a) for a in arguments if a.isdigit()]
    seeds = [numbers[0]] if len(numbers) == 1 else range(*numbers) if numbers else range(1 << 30)
    if numbers or names:
        child(programs, seeds, seconds)
        return
    ended = subprocess.run([sys.executable, __file__, "--seconds", str(seconds), "0", str(1 << 30)], capture_output=True, text=True, errors="replace",
                           env=os.environ | {"ASAN_OPTIONS": "detect_leaks=0"})  # what cannot fail leaks then: docs/memory.md
    assert ended.returncode == 0, f"exit code {ended.returncode}; the last of {ended.stdout[-60:]}\n{ended.stderr[-6000:]}"


if able:
    main()
else:
    print("SKIP a build that can refuse memory is needed")
