# sys.monitoring: which events tools get, and how they end.
import sys
from check import raises

monitoring = sys.monitoring
events = monitoring.events
TOOL = 3


def source():
    yield 1


def function(n):
    total = 0
    for i in range(n):
        total += i
    try:
        int('x')
    except ValueError:
        pass
    return total


code = function.__code__
monitoring.use_tool_id(TOOL, 'test')
assert monitoring.get_tool(TOOL) == 'test'
raises(ValueError, 'tool 3 is already in use', monitoring.use_tool_id, TOOL, 'again')
raises(ValueError, 'invalid tool 6 (must be between 0 and 5)', monitoring.get_tool, 6)
raises(ValueError, 'cannot set C_RETURN or C_RAISE events independently', monitoring.set_events, TOOL,
       events.C_RETURN)
raises(ValueError, 'invalid local event set 0x800', monitoring.set_local_events, TOOL, code,
       events.RAISE)


def record(*names):
    got = []
    wanted = 0

    def handler(name):
        def callback(where, *details):
            if where is code:
                got.append((name, details))
        return callback
    for name in names:
        wanted |= getattr(events, name)
        monitoring.register_callback(TOOL, getattr(events, name), handler(name))
    monitoring.set_events(TOOL, wanted)
    assert function(2) == 1
    monitoring.set_events(TOOL, 0)
    for name in names:
        monitoring.register_callback(TOOL, getattr(events, name), None)
    return got


first = code.co_firstlineno
lines = [details[0] - first for _, details in record('LINE')]
assert lines == [1, 2, 3, 2, 3, 2, 4, 5, 6, 7, 8], lines
assert [name for name, _ in record('PY_START', 'PY_RETURN')] == ['PY_START', 'PY_RETURN']
assert record('PY_RETURN')[0][1][1] == 1
calls = record('CALL')
assert [details[1] for _, details in calls] == [range, int], calls
assert calls[0][1][2] == 2 and calls[1][1][2] == 'x'
assert [name for name, _ in record('RAISE', 'EXCEPTION_HANDLED')] == ['RAISE', 'EXCEPTION_HANDLED']
branches = [name for name, _ in record('BRANCH_LEFT', 'BRANCH_RIGHT')]
assert branches.count('BRANCH_RIGHT') >= 1 and branches[:2] == ['BRANCH_LEFT', 'BRANCH_LEFT']

# a place may be disabled, for one tool, until restart_events
seen = []


def once(where, line):
    seen.append(line - first)
    return monitoring.DISABLE


monitoring.register_callback(TOOL, events.LINE, once)
monitoring.set_local_events(TOOL, code, events.LINE)
assert monitoring.get_local_events(TOOL, code) == events.LINE
function(3)
function(3)
assert seen == [1, 2, 3, 2, 4, 5, 6, 7, 8], seen
monitoring.restart_events()
function(1)
assert len(seen) == 18
monitoring.set_local_events(TOOL, code, 0)

# what a callback raises is raised where the event was
monitoring.register_callback(TOOL, events.PY_START, lambda *args: 1 / 0)
monitoring.set_local_events(TOOL, code, events.PY_START)
raises(ZeroDivisionError, 'division by zero', function, 1)
monitoring.free_tool_id(TOOL)
assert monitoring.get_tool(TOOL) is None and function(3) == 3


# a callback of BRANCH that wants no more of a loop's head is not told of the loop's end either
def branches(n):
    for i in range(n):
        i
    for i in range(n):
        i
    return n


told = []
E = sys.monitoring.events
sys.monitoring.use_tool_id(4, "branches")
sys.monitoring.register_callback(4, E.BRANCH, lambda code, at, to: told.append(at) or sys.monitoring.DISABLE)
sys.monitoring.set_local_events(4, branches.__code__, E.BRANCH)
branches(3), branches(3)
sys.monitoring.set_local_events(4, branches.__code__, 0)
sys.monitoring.free_tool_id(4)
assert len(told) == len(set(told)) == 2, told


# super() is a call, also where it is followed by an attribute; a line of its own that the attribute has comes after
class Base:
    value = 1

    def method(self, x):
        return x


class Derived(Base):
    def method(self, x):
        return super().method(x), super(Derived, self).value, super(
        ).value

    def failing(self):
        return super(1, self).value


def told_of(method, *args):
    got = []

    def callback(event):
        return lambda code, *details: code is method.__code__ and got.append((event, *details[1:]))
    sys.monitoring.use_tool_id(4, "super")
    for event in 'CALL', 'C_RETURN', 'C_RAISE':
        sys.monitoring.register_callback(4, getattr(E, event), callback(event))
    sys.monitoring.register_callback(4, E.LINE, lambda code, line: got.append(line - code.co_firstlineno))
    sys.monitoring.set_local_events(4, method.__code__, E.CALL | E.LINE)
    try:
        method(*args)
    except TypeError:
        got.append('TypeError')
    finally:
        sys.monitoring.set_local_events(4, method.__code__, 0)
        sys.monitoring.free_tool_id(4)
    return got


derived = Derived()
nothing = sys.monitoring.MISSING
assert told_of(Derived.method, derived, 5) == [
    1, ('CALL', super, nothing), ('C_RETURN', super, nothing), ('CALL', Base.method, derived),
    ('CALL', super, Derived), ('C_RETURN', super, Derived), ('CALL', super, nothing), ('C_RETURN', super, nothing),
    2, 1], told_of(Derived.method, derived, 5)
assert told_of(Derived.failing, derived) == [1, ('CALL', super, 1), ('C_RAISE', super, 1), 'TypeError']


# a callback may make the frame go on at another line
def lines(out):
    out.append(1)
    out.append(2)
    out.append(3)
    if out:
        return 4
    else:
        return 5


def jumping(event, source, target):
    def callback(code, *where):
        frame = sys._getframe(1)
        if frame.f_code is code and frame.f_lineno == first + source and not jumps:
            jumps.append(frame.f_lineno)
            frame.f_lineno = first + target

    out, jumps, first = [], [], lines.__code__.co_firstlineno
    sys.monitoring.use_tool_id(4, "jumps")
    sys.monitoring.register_callback(4, event, callback)
    sys.monitoring.set_local_events(4, lines.__code__, event)
    try:
        return lines(out), out
    finally:
        sys.monitoring.set_local_events(4, lines.__code__, 0)
        sys.monitoring.free_tool_id(4)


assert jumping(E.LINE, 2, 3) == (4, [1, 3])
assert jumping(E.LINE, 3, 1) == (4, [1, 2, 1, 2, 3])
assert jumping(E.BRANCH_LEFT, 4, 7) == (5, [1, 2, 3])
for event in E.CALL, E.PY_RETURN:
    try:
        jumping(event, 5 if event == E.PY_RETURN else 1, 2)
    except ValueError as error:
        assert "jump" in str(error)
    else:
        raise AssertionError
