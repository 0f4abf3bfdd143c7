"""obj.method(*args, **kwargs): what is called with what, the messages, and what tools are told."""
import sys

from check import raises


class A:
    def m(self, *a, **k):
        return a, k


class B(A):
    def m(self, *a, **k):
        return super().m(*a, **k)

    def missing(self, *a):
        return super().nothing(*a)


a = A()
assert a.m(*[1, 2], **{"x": 1}) == ((1, 2), {"x": 1})
assert B().m(1, *[2], z=3, **{"y": 4}) == ((1, 2), {"z": 3, "y": 4})
assert "{}-{}".format(*"ab") == "a-b"
assert int.from_bytes(*[b"\x01\x00"], **{"byteorder": "big"}) == 256
assert A.m(*[a, 1]) == ((1,), {})
a.field = lambda *args: args
assert a.field(*"xy") == ("x", "y")

raises(TypeError, "dict.update() argument after * must be an iterable, not int", lambda: {}.update(*5))
raises(TypeError, "str.join() argument after ** must be a mapping, not int", lambda: "x".join(**5))
raises(TypeError, "__main__.A.m() argument after * must be an iterable, not int", lambda: a.m(*5))
raises(TypeError, "__main__.A.m() argument after ** must be a mapping, not int", lambda: a.m(**5))
raises(TypeError, "__main__.A.m() got multiple values for keyword argument 'x'", lambda: a.m(x=1, **{"x": 2}))
raises(AttributeError, "'A' object has no attribute 'nope'", lambda: a.nope(*undefined))
raises(AttributeError, "'super' object has no attribute 'nothing'", lambda: B().missing(1))

# the attribute is looked up before the arguments are evaluated
order = []


class Ordered:
    def __getattr__(self, name):
        order.append(name)
        return lambda *args: order.append(args)


Ordered().f(*(order.append("arguments"), 1))
assert order == ["f", "arguments", (None, 1)], order

# profiling sees the bound method of C
events = []


def run(*x):
    items = []
    sys.setprofile(lambda frame, event, arg: events.append((event, arg)))
    items.append(*x)
    a.m(*x)
    sys.setprofile(None)
    return items


items = run(1)
called = [arg for event, arg in events if event == "c_call"]
assert called[0].__self__ is items and called[0].__name__ == "append"

# so does monitoring, with the first argument apart
monitoring, told = sys.monitoring, []
monitoring.use_tool_id(3, "test")
monitoring.register_callback(3, monitoring.events.CALL, lambda code, at, f, first: told.append((f, first)))


def monitored(*x):
    a.m(*x)
    [].append(*x)
    a.m(*())


monitoring.set_local_events(3, monitored.__code__, monitoring.events.CALL)
monitored(7)
monitoring.free_tool_id(3)
assert told[0] == (a.m, 7), told
assert told[1][0].__name__ == "append" and told[1][0].__self__ == [7] and told[1][1] == 7
assert told[2] == (a.m, monitoring.MISSING)
