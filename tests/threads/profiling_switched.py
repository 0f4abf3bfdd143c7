# Profile functions, trace functions and tools are switched on for all threads while they run, and off again; none is called after that.
import sys
import threading

from together import together

ROUNDS = 30
over = threading.Event()
calls, expected_tool = [], 3


def leaf(n):
    return n + 1


def numbers(n):
    yield from range(n)


def work():
    total = 0
    while not over.is_set():
        total += sum(map(leaf, numbers(5)))
        try:
            leaf(None)
        except TypeError:
            pass
        len(str(total))
    return total


def profile(frame, event, arg):
    assert event in ('call', 'return', 'c_call', 'c_return', 'c_exception'), event
    calls.append(event)


def trace(frame, event, arg):
    assert event in ('call', 'line', 'return', 'exception', 'opcode'), event
    calls.append(event)
    return trace if len(calls) % 3 else None


def switch():
    try:
        for n in range(ROUNDS):
            threading.setprofile_all_threads(profile)
            assert threading.getprofile() is profile and sys.getprofile() is profile
            leaf(n)
            threading.settrace_all_threads(trace)
            leaf(n)
            threading.setprofile_all_threads(None)
            threading.settrace_all_threads(None)
            assert sys.gettrace() is None and sys.getprofile() is None
            sys.setprofile(profile)
            leaf(n)
            sys.setprofile(None)
            sys.settrace(trace)
            leaf(n)
            sys.settrace(None)
    finally:
        threading.setprofile_all_threads(None)
        threading.settrace_all_threads(None)
        over.set()


together(work, work, switch)
assert {'call', 'return', 'c_call', 'c_return'} <= set(calls)
over.clear()

# tools: callbacks registered, replaced, disabled by what they return
monitoring = sys.monitoring
monitoring.use_tool_id(expected_tool, 'threads')
E = monitoring.events
hits, stopped = [], []


def started(code, offset):
    hits.append(code.co_name)


def once(code, line):
    stopped.append((code.co_name, line))
    return monitoring.DISABLE


def tool():
    try:
        for n in range(ROUNDS):
            monitoring.register_callback(expected_tool, E.PY_START, started)
            monitoring.register_callback(expected_tool, E.LINE, once)
            monitoring.set_events(expected_tool, E.PY_START | E.LINE)
            leaf(n)
            monitoring.restart_events()
            leaf(n)
            monitoring.register_callback(expected_tool, E.PY_START, None)
            monitoring.set_local_events(expected_tool, leaf.__code__, E.PY_RETURN)
            monitoring.set_events(expected_tool, 0)
            monitoring.set_local_events(expected_tool, leaf.__code__, 0)
            assert monitoring.get_events(expected_tool) == 0
    finally:
        over.set()


together(work, work, tool)
monitoring.free_tool_id(expected_tool)
assert 'leaf' in hits and any(name == 'leaf' for name, _ in stopped)

# threads that start with a profile function set for them
started_by, seen = set(), threading.Barrier(4)
threading.setprofile(lambda frame, event, arg: started_by.add(threading.get_ident()))
idents = together(*[lambda: (leaf(1), threading.get_ident())[1] for _ in range(4)])
threading.setprofile(None)
assert set(idents) <= started_by and threading.get_ident() not in started_by

# what one thread is told of a call does not depend on what another switches for itself, and nothing is told of a call that ended untold
events = []


def notes(frame, event, arg):
    if event.startswith('c_') and frame.f_code.co_name == 'waits' and arg.__name__ in ('acquire', 'len'):
        events.append((event, arg.__name__))


def in_a_call(switch, then):
    "switch() while another thread is in a call that its profile function was told of, then() while it is in the next but one"
    events.clear()
    locks = [threading.Lock(), threading.Lock()]
    acquired = [lock.acquire for lock in locks]
    for lock in locks:
        lock.acquire()
    places = []

    def waits():
        sys.setprofile(notes)
        acquired[0]()
        places.append(1)
        abs(1)
        acquired[1]()
        len('')
        sys.setprofile(None)

    def reaches(n):
        while sys._current_frames()[thread.ident].f_lineno != waits.__code__.co_firstlineno + n:
            pass

    thread = threading.Thread(target=waits)
    thread.start()
    reaches(2)
    switch()
    locks[0].release()
    reaches(5)
    then()
    locks[1].release()
    thread.join()
    return events[:]


told = in_a_call(lambda: sys.settrace(None), lambda: None)
assert told == [('c_call', 'acquire'), ('c_return', 'acquire')] * 2 + [('c_call', 'len'), ('c_return', 'len')], told
told = in_a_call(lambda: threading.setprofile_all_threads(None), lambda: threading.setprofile_all_threads(notes))
threading.setprofile_all_threads(None)
assert told == [('c_call', 'acquire'), ('c_call', 'len'), ('c_return', 'len')], told
