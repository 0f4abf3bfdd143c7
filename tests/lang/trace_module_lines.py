# The lines of module code: it starts at line 0; loops that end with a value, and awaits, tell of StopIteration.
import sys

events = []


def trace(frame, event, arg):
    if event == "exception":
        arg = arg[0].__name__, arg[1].args
    else:
        arg = None
    events.append((event, frame.f_lineno, arg) if arg else (event, frame.f_lineno))
    return trace


def traced(call):
    events.clear()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(None)
    return [e for e in events]


empty = compile("", "m", "exec")
assert [line for *_, line in empty.co_lines()] == [0]
assert traced(lambda: exec(empty, {}))[2:] and ("line", 0) in events and ("call", 0) in events, events
assert traced(lambda: exec(compile("\n\nx = 1", "m", "exec"), {})) and ("line", 0) not in events and ("line", 3) in events


def gives(value):
    yield 1
    return value


def loop(value):
    for _ in gives(value):
        pass


traced(lambda: loop(5))
assert [e for e in events if e[0] == "exception"] == [("exception", loop.__code__.co_firstlineno + 1, ("StopIteration", (5,)))], events
traced(lambda: loop(None))
assert not [e for e in events if e[0] == "exception"], events


def f():
    1 / 0


f.__code__ = f.__code__.replace(co_linetable=b"\xf8\xf8\xf8\xf9\xf8\xf8\xf8")
try:
    f()
except ZeroDivisionError as error:
    assert error.__traceback__.tb_next.tb_lineno is None
