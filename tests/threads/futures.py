"""Futures and tasks in several threads: a future ends once, each thread runs a loop of its own, tasks of all are seen."""
import _asyncio
import asyncio.exceptions
import sys

from together import in_threads, together


class Loop:
    def __init__(self):
        self.ready = []

    def get_debug(self):
        return False

    def call_soon(self, callback, *args, context=None):
        self.ready.append((callback, args, context))

    def run(self):
        _asyncio._set_running_loop(self)
        try:
            while self.ready:
                callback, args, context = self.ready.pop(0)
                context.run(callback, *args)
        finally:
            _asyncio._set_running_loop(None)


# one future, ended by many: one wins, every callback is called once
for _ in range(200):
    loop = Loop()
    future = _asyncio.Future(loop=loop)

    def end(i):
        for _ in range(5):
            future.add_done_callback(len)
        try:
            future.set_result(i)
            return i
        except asyncio.exceptions.InvalidStateError:
            return None

    winners = [i for i in in_threads(4, end) if i is not None]
    assert winners == [future.result()], winners
    assert len(loop.ready) == 20 and future._callbacks is None


# callbacks are added while others look at them and the future ends: each is called once
for turn in range(100):
    loop = Loop()
    future = _asyncio.Future(loop=loop)

    def add():
        for _ in range(50):
            future.add_done_callback(len)

    def look():
        while not future.done():
            future._callbacks

    def end():
        for _ in range(turn):
            pass
        future.set_result(1)

    together(add, look, end)
    assert len(loop.ready) == 50, len(loop.ready)


# each callback is taken out once
def remove(i):
    return sum(future.remove_done_callback(callback) for callback in callbacks)


future, callbacks = _asyncio.Future(loop=Loop()), [lambda f, i=i: i for i in range(100)]
for callback in callbacks:
    future.add_done_callback(callback)
assert sum(in_threads(3, remove)) == 100 and not future._callbacks


# waiters that come meanwhile are known, too
class Waiter(_asyncio.Future):
    def __hash__(self):
        if others:
            _asyncio.future_add_to_awaited_by(future, others.pop())
        return 1


if sys.implementation.name != 'cpython':
    waiters, others = [Waiter(loop=loop) for _ in range(3)], []
    _asyncio.future_add_to_awaited_by(future, waiters[0])
    others.append(waiters[1])
    _asyncio.future_add_to_awaited_by(future, waiters[2])
    assert future._asyncio_awaited_by == set(waiters)


# tasks that several threads register are known once
async def nothing():
    pass


def register(i):
    for task in tasks:
        _asyncio._register_task(task)


loop, coroutine = Loop(), nothing()
tasks = [_asyncio.Task(coroutine, loop=loop) for _ in range(500)]
for _ in range(10):
    for task in tasks:
        _asyncio._unregister_task(task)
    assert not _asyncio.all_tasks(loop)
    in_threads(2, register)
    assert _asyncio.all_tasks(loop) == set(tasks)
for task in tasks:
    _asyncio._unregister_task(task)
    task._log_destroy_pending = False
coroutine.close()


# a loop in each thread, and one that looks at all of them
loops = [Loop() for _ in range(4)]
running = [True] * 4


async def work(n):
    future = _asyncio.Future(loop=_asyncio.get_running_loop())
    _asyncio.get_running_loop().call_soon(future.set_result, n, context=_asyncio.current_task().get_context())
    assert await future == n
    return n


def run(i):
    try:
        total = 0
        for round in range(30):
            tasks = [_asyncio.Task(work(n), loop=loops[i]) for n in range(20)]
            loops[i].run()
            total += sum(task.result() for task in tasks)
        return total
    finally:
        running[i] = False


def watch():
    most = 0
    while any(running):
        for loop in loops:
            tasks = _asyncio.all_tasks(loop)
            most = max(most, len(tasks))
            for task in tasks:
                assert task.get_loop() is loop
            _asyncio.current_task(loop)
    return most


results = together(*[lambda i=i: run(i) for i in range(4)], watch)
assert results[:4] == [30 * 190] * 4 and results[4] <= 20
for loop in loops:
    assert _asyncio.all_tasks(loop) == set()


# one that is begun again and again has at each moment all of one life
loop = Loop()
loop.call_soon = lambda *args, context: None
future, stop = _asyncio.Future(loop=loop), False


def begin():
    global stop
    for i in range(1000):
        future.__init__(loop=loop)
        if i % 2:
            future.set_result([i])
        else:
            future.set_exception(ValueError(i))
    stop = True


def ask():
    while not stop:
        try:
            assert type(future.result()) is list
        except ValueError as error:
            assert error.args[0] % 2 == 0
        except asyncio.exceptions.InvalidStateError:
            pass
        try:
            error = future.exception()
            assert error is None or error.args[0] % 2 == 0
        except asyncio.exceptions.InvalidStateError:
            pass


def add():
    while not stop:
        future.add_done_callback(len)
        future._callbacks


def wait():
    while not stop:
        try:
            next(iter(future))
        except StopIteration as end:
            assert type(end.value) is list
        except (ValueError, asyncio.exceptions.InvalidStateError, RuntimeError):
            pass


together(begin, ask, add, wait)

# a name that one thread gives to a task stays, while others ask for the one that it is born with
loop = asyncio.new_event_loop()


async def nothing():
    pass


for _ in range(10):
    tasks = [loop.create_task(nothing()) for _ in range(2000)]
    together(lambda: [task.get_name() for task in tasks], lambda: [task.set_name('given') for task in tasks])
    assert {task.get_name() for task in tasks} == {'given'}
    loop.run_until_complete(asyncio.gather(*tasks))
loop.close()
