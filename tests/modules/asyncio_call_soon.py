"""Steps of tasks go through loop.call_soon(), whatever became of it: subclasses, patched methods, other handles, debug mode, tracing."""
import asyncio
import sys
from asyncio import base_events, events
from unittest import mock

from check import raises


async def three_steps():
    for _ in range(3):
        await asyncio.sleep(0)
    return 3


def run(loop=None):
    """Runs the steps in a new loop (of asyncio's own class), which is returned closed."""
    loop = loop or asyncio.new_event_loop()
    try:
        assert loop.run_until_complete(three_steps()) == 3
    finally:
        loop.close()
    return loop


run()
run()

# a method of the instance
loop, seen = asyncio.new_event_loop(), []
own = loop.call_soon
loop.call_soon = lambda f, *args, context=None: (seen.append(args), own(f, *args, context=context))[1]
run(loop)
assert len(seen) >= 4, seen

# in the middle of a run, and taken back again
async def patched_on_the_way(loop):
    calls = []
    await asyncio.sleep(0)
    plain = loop._call_soon
    loop._call_soon = lambda *a: (calls.append(a), plain(*a))[1]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del loop._call_soon
    n = len(calls)
    await asyncio.sleep(0)
    return n, len(calls)

loop = asyncio.new_event_loop()
n, later = loop.run_until_complete(patched_on_the_way(loop))
assert n == later and n >= 2, (n, later)
loop.close()


# a subclass
class Counting(asyncio.SelectorEventLoop):
    calls = 0

    def call_soon(self, callback, *args, context=None):
        Counting.calls += 1
        return super().call_soon(callback, *args, context=context)


run(Counting())
assert Counting.calls >= 4, Counting.calls


class Checking(asyncio.SelectorEventLoop):
    checked = 0

    def _check_closed(self):
        Checking.checked += 1
        super()._check_closed()


run(Checking())
assert Checking.checked >= 4

# the class, its functions' code, the Handle that it makes
with mock.patch.object(base_events.BaseEventLoop, "call_soon", autospec=True,
                       side_effect=base_events.BaseEventLoop.call_soon) as patched:
    run()
assert patched.call_count >= 4
run()

made = []


class Handle(events.Handle):
    __slots__ = ()

    def __init__(self, *args):
        made.append(args[0])
        super().__init__(*args)


with mock.patch.object(events, "Handle", Handle):
    run()
assert len(made) >= 4
made.clear()
init = events.Handle.__init__


def counting_init(self, *args, **kwargs):
    made.append(self)
    init(self, *args, **kwargs)


events.Handle.__init__ = counting_init
try:
    run()
finally:
    events.Handle.__init__ = init
assert len(made) >= 4
n = len(made)
run()
assert len(made) == n


def get_debug(self, into=made):
    into.append("asked")
    return self._debug


code, defaults = base_events.BaseEventLoop.get_debug.__code__, base_events.BaseEventLoop.get_debug.__defaults__
base_events.BaseEventLoop.get_debug.__code__ = get_debug.__code__
base_events.BaseEventLoop.get_debug.__defaults__ = get_debug.__defaults__
run()
base_events.BaseEventLoop.get_debug.__code__ = code
base_events.BaseEventLoop.get_debug.__defaults__ = defaults
assert made.count("asked") >= 4

# another queue of what is ready
loop, appended = asyncio.new_event_loop(), []


class Ready(type(loop._ready)):
    def append(self, handle):
        appended.append(handle)
        super().append(handle)


loop._ready = Ready(loop._ready)
run(loop)
assert len(appended) >= 4 and all(type(h) is events.Handle for h in appended)


# debug mode, switched on by a step: handles know where they were made
async def debugging(loop):
    loop.set_debug(True)
    await asyncio.sleep(0)
    task = asyncio.create_task(asyncio.sleep(0))
    traced = loop._ready[-1]._source_traceback
    loop.set_debug(False)
    await task
    return traced

loop = asyncio.new_event_loop()
assert loop.run_until_complete(debugging(loop))
loop.close()


# what a handle holds
async def look(loop):
    other = asyncio.create_task(asyncio.sleep(0), name="other")
    handle = loop._ready[-1]
    assert type(handle) is events.Handle and handle._args == () and handle._loop is loop
    assert handle._context is other.get_context() is handle.get_context()
    assert handle._repr is None and handle._source_traceback is None and handle.cancelled() is False
    f = loop.create_future()
    f.add_done_callback(print)
    f.set_result(1)
    handle = loop._ready[-1]
    assert handle._callback is print and handle._args == (f,)
    handle.cancel()
    await other

loop = asyncio.new_event_loop()
loop.run_until_complete(look(loop))

# loops of one class, of which the later ones have room for more attributes in themselves
class Wide(base_events.BaseEventLoop):
    def __init__(self):
        for n in range(18):
            setattr(self, f"more{n}", False)
        super().__init__()

    def _write_to_self(self):
        pass

    def __del__(self):
        pass

first, *later = [Wide() for _ in range(11)]
for n, used in enumerate([later[-1], first, later[-1], first]):
    f = asyncio.Future(loop=used)
    f.add_done_callback(print)
    f.set_result(1)
    assert len(used._ready) == n // 2 + 1

# a closed loop
f = loop.create_future()
f.add_done_callback(print)
loop.close()
raises(RuntimeError, "Event loop is closed", f.set_result, 1)

# tracing sees every call
names = []
sys.setprofile(lambda frame, event, arg: names.append(frame.f_code.co_name) if event == "call" else None)
run()
sys.setprofile(None)
assert names.count("call_soon") >= 4 and names.count("_call_soon") >= 4
names.clear()
run()
assert not names
