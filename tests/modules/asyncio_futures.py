"""Future and Task of _asyncio over an event loop of a few lines, without selectors."""
import _asyncio
import asyncio.exceptions
import contextvars
import gc

from check import raises

InvalidStateError, CancelledError = asyncio.exceptions.InvalidStateError, asyncio.exceptions.CancelledError


class Loop:
    def __init__(self):
        self.ready, self.reports = [], []

    def get_debug(self):
        return False

    def is_running(self):
        return _asyncio._get_running_loop() is self

    def call_soon(self, callback, *args, context=None):
        self.ready.append((callback, args, context))

    def call_exception_handler(self, details):
        self.reports.append(details)

    def run(self):
        _asyncio._set_running_loop(self)
        try:
            while self.ready:
                callback, args, context = self.ready.pop(0)
                context.run(callback, *args)
        finally:
            _asyncio._set_running_loop(None)


loop = Loop()

# a future
f = _asyncio.Future(loop=loop)
raises(InvalidStateError, "Result is not set.", f.result)
raises(InvalidStateError, "Exception is not set.", f.exception)
seen = []
f.add_done_callback(seen.append)
f.add_done_callback(seen.append)
f.add_done_callback(lambda future: seen.append("last"))
assert f.remove_done_callback(seen.append) == 2 and len(f._callbacks) == 1
f.add_done_callback(seen.append)
f.set_result(5)
assert f.done() and not f.cancelled() and f.result() == 5 and f.exception() is None and f._state == "FINISHED"
raises(InvalidStateError, "invalid state", f.set_result, 6)
assert seen == []
loop.run()
assert seen == ["last", f]

f = _asyncio.Future(loop=loop)
assert f.cancel("why") and not f.cancel() and f.cancelled()
raises(CancelledError, "why", f.result)
raises(TypeError, "invalid exception object", _asyncio.Future(loop=loop).set_exception, 3)
f = _asyncio.Future(loop=loop)
f.set_exception(StopIteration)
assert type(f.exception()) is RuntimeError and type(f.exception().__cause__) is StopIteration
f = _asyncio.Future(loop=loop)
f.set_exception(KeyError("lost"))
del f
gc.collect()
assert loop.reports.pop()["message"] == "Future exception was never retrieved"
raises(RuntimeError, "Future object is not initialized.", lambda: _asyncio.Future.__new__(_asyncio.Future)._state)

# a task
log = []
variable = contextvars.ContextVar("variable", default=0)


async def inner(future):
    return await future + 1


async def outer(future):
    variable.set(variable.get() + 1)
    log.append((_asyncio.current_task().get_name(), variable.get()))
    try:
        return await inner(future)
    except ValueError as error:
        return error
    finally:
        log.append("end")


f = _asyncio.Future(loop=loop)
t = _asyncio.Task(outer(f), loop=loop, name="one")
u = _asyncio.Task(outer(f), loop=loop, name="two")
loop.run()
assert log == [("one", 1), ("two", 1)] and variable.get() == 0
assert _asyncio.all_tasks(loop) == {t, u} and f._asyncio_awaited_by == frozenset({t, u}) and t._fut_waiter is f
f.set_result(10)
loop.run()
assert t.result() == u.result() == 11 and _asyncio.all_tasks(loop) == set() and f._asyncio_awaited_by in (None, frozenset())
raises(RuntimeError, "Task does not support set_result operation", t.set_result, 1)

f = _asyncio.Future(loop=loop)
t = _asyncio.Task(outer(f), loop=loop)
loop.run()
f.set_exception(ValueError("bad"))
loop.run()
assert str(t.result()) == "bad"

# cancelling
f = _asyncio.Future(loop=loop)
t = _asyncio.Task(outer(f), loop=loop)
loop.run()
assert t.cancel("stop") and t.cancelling() == 1 and f.cancelled()
loop.run()
assert t.cancelled() and not t.cancel()
raises(CancelledError, "stop", t.result)
t = _asyncio.Task(outer(_asyncio.Future(loop=loop)), loop=loop)
assert t.cancel() and t._must_cancel and t.uncancel() == 0 and not t._must_cancel
loop.run()
assert not t.done()
t.cancel()
loop.run()
assert t.cancelled()


# what a coroutine must not wait for
class Bad:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return (yield self.value)


async def waits_for(value):
    try:
        await Bad(value)
    except RuntimeError as error:
        return str(error)


t = _asyncio.Task(waits_for(3), loop=loop)
loop.run()
assert t.result() == "Task got bad yield: 3"
t = _asyncio.Task(waits_for(None), loop=loop)
loop.run()
assert t.result() is None
f = _asyncio.Future(loop=Loop())
f._asyncio_future_blocking = True
t = _asyncio.Task(waits_for(f), loop=loop)
loop.run()
assert t.result().endswith("attached to a different loop")
raises(TypeError, "a coroutine was expected, got 3", lambda: _asyncio.Task(3, loop=loop))


# eager tasks
async def eager(future):
    log.append(_asyncio.current_task().get_name())
    if future:
        await future
    return "done"


def start():
    log.clear()
    tasks = [_asyncio.Task(eager(None), loop=loop, name="a", eager_start=True),
             _asyncio.Task(eager(f), loop=loop, name="b", eager_start=True)]
    assert log == ["a", "b"] and tasks[0].result() == "done" and not tasks[1].done()
    assert _asyncio.all_tasks() == {tasks[1]} and _asyncio.current_task() is None
    return tasks


f = _asyncio.Future(loop=loop)
loop.call_soon(lambda: log.append(start()), context=contextvars.copy_context())
loop.run()
f.set_result(0)
loop.run()
assert log[-1][1].result() == "done"

# who is running
raises(RuntimeError, "no running event loop", _asyncio.get_running_loop)
raises(RuntimeError, "no running event loop", _asyncio.current_task)
_asyncio._set_running_loop(loop)
assert _asyncio.get_running_loop() is loop is _asyncio.get_event_loop()
_asyncio._enter_task(loop, "t")
raises(RuntimeError, "Cannot enter into task 'u' while another task 't' is being executed.", _asyncio._enter_task, loop, "u")
raises(RuntimeError, "Invalid attempt to leave task 'u' while task 't' is entered.", _asyncio._leave_task, loop, "u")
assert _asyncio._swap_current_task(loop, None) == "t" and _asyncio.current_task() is None
raises(RuntimeError, "loop 3 is not the running loop", _asyncio._enter_task, 3, "t")
_asyncio._set_running_loop(None)


# futures and tasks have attributes of the program's, and a future's own methods can be covered by them
async def attributed():
    loop = asyncio.get_running_loop()
    f, t = loop.create_future(), asyncio.current_task()
    f.note, t.note = "f", "t"
    assert (f.note, t.note) == ("f", "t")
    f.itself = f
    result = f.result
    f.result = lambda: result() + 1
    f.set_result(1)
    assert f.result() == 2 and await f == 1
    del f.note
    assert not hasattr(f, "note")

    class Named(asyncio.Future):
        pass
    named = Named()
    named.note, named.other = 1, named
    assert named.other is named and not hasattr(named, "more")
    made = weakref.ref(f)
    del f, result, named
    gc.collect()
    assert made() is None


# each time it is asked, an exception has the traceback that it was set with
async def asked_again():
    async def fail():
        raise TypeError
    task = asyncio.Task(fail())
    for _ in range(3):
        try:
            await task
        except TypeError as e:
            assert "".join(traceback.format_tb(e.__traceback__)).count("await task") == 1


# __init__ once more: what it held may use it again while it is dropped
def begun_again():
    class Callback:
        def __init__(self, future):
            self.future = future

        def __call__(self, future):
            called.append("old")

        def __del__(self):
            try:
                self.future.add_done_callback(called.append)
            except RuntimeError:
                pass  # not begun yet

    called, loop = [], Loop()
    future = _asyncio.Future(loop=loop)
    future.add_done_callback(Callback(future))
    future.__init__(loop=loop)
    future.add_done_callback(called.append)
    assert all(type(context) is contextvars.Context for callback, context in future._callbacks)
    future.set_result(1)
    loop.run()
    assert future.result() == 1 and set(called) == {future}, called

begun_again()


import asyncio
import gc
import traceback
import weakref
asyncio.run(attributed())
asyncio.run(asked_again())
