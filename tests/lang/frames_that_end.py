# A finalizer that runs while a call or a generator gives up its variables does not see that frame: its caller's is the next.
import gc
import sys
import types
import weakref

seen = []


class D:
    def __del__(self):
        seen.append(sys._getframe(1))
        seen.append(running and running[-1].gi_frame)


def call():
    d = D()
    x = [1]


def numbers():
    d = D()
    yield 1


def nested():
    class E:
        def __del__(self):
            call()
            seen.append(sys._getframe(1))

    e = E()


def name(frame):
    return frame.f_code.co_name if frame else frame


running = []
call()
assert [name(f) for f in seen] == ["<module>", []], seen
seen.clear()
running.append(numbers())
assert list(running[-1]) == [1]
assert [name(f) for f in seen] == ["<module>", None], seen
seen.clear()
del running[:]
nested()
assert [name(f) for f in seen] == ["__del__", [], "<module>"], seen
assert all("seen" in f.f_globals and f.f_lineno for f in seen if f)
seen.clear()


def raising():
    d = D()
    raise ValueError


try:
    raising()
except ValueError as error:
    error.__traceback__ = None
assert [name(f) for f in seen] == ["<module>", []], seen


# finalizers of what only the frame object holds do not see the frame that ends
class SeesCaller:
    def __del__(self):
        callers.append(sys._getframe(1))


def holds_extra():
    sys._getframe().f_locals['extra'] = SeesCaller()


def holds_trace():
    sys._getframe().f_trace = lambda *args, seen=SeesCaller(): None


def calls(function):
    function()
    return sys._getframe()


callers = []
for function in holds_extra, holds_trace:
    caller = calls(function)
    gc.collect()
    assert len(callers) == 1 and callers.pop() is caller, function


# a return leaves nothing behind of the statements that it leaves
class Item:
    pass


def returns_from_loop(items):
    for item in items:
        return 1


def returns_from_loops(items):
    for a in items:
        for b in iter(items):
            try:
                return [1] + [2]
            finally:
                pass


def returns_from_handler(items):
    for item in items:
        try:
            raise ValueError
        except ValueError:
            with open('/dev/null'):
                return item is None


def returns_from_finally_copy(items):
    for item in items:
        try:
            return None
        finally:
            for again in items:
                str(again)


class Returns:
    def __init__(self, items):
        for item in items:
            return


def numbers(items):
    for item in items:
        yield 1
        return


for function in (returns_from_loop, returns_from_loops, returns_from_handler, returns_from_finally_copy, Returns,
                 lambda items: list(numbers(items))):
    for kind in list, tuple, iter:
        item = Item()
        alive = weakref.ref(item)
        function(kind([item]) if kind is not iter else (x for x in [item]))
        del item
        gc.collect()
        assert alive() is None, (function, kind)


# the code of a module, called as a function, gives its namespace back
class Value:
    pass


def call_module_code():
    space = {'value': Value()}
    types.FunctionType(compile('a = value', '?', 'exec'), space)()
    return weakref.ref(space['a'])


alive = call_module_code()
gc.collect()
assert alive() is None
