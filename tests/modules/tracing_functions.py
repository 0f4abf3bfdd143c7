# sys.settrace and sys.setprofile: events, local functions, jumps.
import sys
from check import raises


def traced(f, *args):
    events = []

    def tracer(frame, event, arg):
        if frame.f_code.co_filename != __file__:
            return None
        events.append((event, frame.f_lineno - f.__code__.co_firstlineno))
        return tracer
    sys.settrace(tracer)
    try:
        f(*args)
    finally:
        sys.settrace(None)
    return events[:events.index(next(e for e in reversed(events) if e[0] == 'return')) + 1]


def plain(x):
    if x:
        y = 1
    else:
        y = 2
    while y < 3: y += 1
    return y


assert traced(plain, True) == [('call', 0), ('line', 1), ('line', 2), ('line', 5), ('line', 5), ('line', 5),
                               ('line', 6), ('return', 6)], traced(plain, True)


def failing():
    try:
        raise KeyError
    except KeyError:
        pass


assert traced(failing) == [('call', 0), ('line', 1), ('line', 2), ('exception', 2), ('line', 3), ('line', 4),
                           ('return', 4)]


def generator():
    yield 1
    yield 2


def user():
    for _ in generator():
        pass


assert [e for e, _ in traced(user)].count('call') == 4
assert sys.gettrace() is None

profiled = []


def profiler(frame, event, arg):
    profiled.append((event, frame.f_code.co_name, getattr(arg, '__name__', arg)))


def calls():
    return len([])


sys.setprofile(profiler)
calls()
sys.setprofile(None)
assert profiled[:4] == [('call', 'calls', None), ('c_call', 'calls', 'len'), ('c_return', 'calls', 'len'),
                        ('return', 'calls', 0)], profiled

# a trace function that fails is not called again, and its exception is raised in the program
sys.settrace(lambda *args: 1 / 0)
try:
    calls()
except ZeroDivisionError:
    pass
else:
    assert False
assert sys.gettrace() is None


def jumped(f, source, target):
    first = f.__code__.co_firstlineno

    def tracer(frame, event, arg):
        if frame.f_code is f.__code__:
            if event == 'line' and frame.f_lineno == first + source and target is not None:
                tracer.done += 1
                if tracer.done == 1:
                    frame.f_lineno = first + target
            return tracer
    tracer.done = 0
    out = []
    sys.settrace(tracer)
    try:
        f(out)
    finally:
        sys.settrace(None)
    return out


def straight(out):
    out.append(1)
    out.append(2)
    out.append(3)


def loop(out):
    for i in 1, 2:
        out.append(i)
    out.append(3)


assert jumped(straight, 2, 3) == [1, 3]
assert jumped(straight, 3, 2) == [1, 2, 2, 3]
assert jumped(loop, 2, 3) == [3]
raises(ValueError, "can't jump into the body of a for loop", jumped, loop, 3, 2)
raises(ValueError, 'f_lineno can only be set in a trace function', setattr, sys._getframe(), 'f_lineno', 1)


# what ends without a line of its own is shown on the line executed last; the end of an await is an exception
def events(f):
    code, first, seen = f.__code__.co_filename, f.__code__.co_firstlineno, []

    def tracer(frame, event, arg):
        if frame.f_code.co_filename == code and frame.f_lineno is not None and frame.f_lineno >= first:
            seen.append((event, frame.f_lineno - first))
        elif frame.f_code.co_filename == code:
            seen.append((event, frame.f_lineno))
        return tracer
    sys.settrace(tracer)
    try:
        f()
    except (ZeroDivisionError, StopIteration):
        pass
    finally:
        sys.settrace(None)
    return seen


def with_class():
    class C:
        x = 1
        y = 2


def handler_raises():
    try:
        1 / 0
    except ZeroDivisionError:
        [][1:].x if 0 else 1 / 0


def awaits():
    async def numbers():
        yield 1

    async def main():
        async for n in numbers():
            n
        return 2
    main().send(None)


assert events(with_class) == [("call", 0), ("line", 1), ("call", 1), ("line", 1), ("line", 2), ("line", 3), ("return", 3), ("return", 1)]
assert events(handler_raises) == [("call", 0), ("line", 1), ("line", 2), ("exception", 2), ("line", 3), ("line", 4), ("exception", 4),
                                  ("return", 4)]
assert events(awaits) == [("call", 0), ("line", 1), ("line", 4), ("line", 8),
                          ("call", 4), ("line", 5), ("call", 1), ("line", 2), ("return", 2), ("exception", 5), ("line", 6), ("line", 5),
                          ("call", 2), ("return", 2), ("exception", 5), ("line", 7), ("return", 7), ("exception", 8), ("return", 8)], events(awaits)


# a jump from where a generator yields
def yields(out):
    out.append(1)
    yield 2
    out.append(3)


def back_from_yield():
    jumps = []

    def tracer(frame, event, arg):
        if event == "return" and not jumps:
            jumps.append(frame.f_lineno)
            frame.f_lineno -= 1
        return tracer
    out = []
    sys.settrace(tracer)
    try:
        next(yields(out))
    finally:
        sys.settrace(None)
    return out


assert back_from_yield() == [1, 1]


def caught(out):
    try:
        1 / 0
    except ZeroDivisionError:
        out.append(4)
        out.append(5)
    finally:
        out.append(7)
    out.append(8)


assert jumped(caught, 5, 7) == [4, 7, 8]
raises(KeyError, "\"'__name__' not in globals\"", __import__, "sys", level=1)


# what is called while tracing ends does not stay alive for it
import weakref


class Ends:
    def __init__(self, switch_off):
        self.switch_off = switch_off

    def __len__(self):
        self.switch_off()
        return 0


def dies(switch_on, switch_off):
    ends = Ends(switch_off)
    switch_on()
    len(ends)
    return weakref.ref(ends)


assert dies(lambda: sys.setprofile(lambda *args: None), lambda: sys.setprofile(None))() is None
monitoring = sys.monitoring
monitoring.use_tool_id(1, 'ends')
assert dies(lambda: monitoring.set_events(1, monitoring.events.CALL), lambda: monitoring.set_events(1, 0))() is None
monitoring.free_tool_id(1)
