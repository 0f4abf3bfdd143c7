# Tools and trace functions come and go while threads run: nothing is lost, nothing crashes.
import sys
import threading
from together import together

monitoring = sys.monitoring
monitoring.use_tool_id(2, 'test')
counted = threading.local()
stop = False


def work(n):
    total = 0
    for i in range(n):
        total += step(i)
    return total


def step(i):
    try:
        if i % 100 == 0:
            raise ValueError
        return 1
    except ValueError:
        return sum(x for x in (0, 1))


def worker():
    results.append(work(6000))


def switcher():
    hits = []
    for event in ('PY_START', 'LINE', 'CALL', 'BRANCH_LEFT', 'RAISE'):
        monitoring.register_callback(2, getattr(monitoring.events, event), lambda *args: hits.append(1))
    for i in range(40):
        monitoring.set_events(2, monitoring.events.PY_START | monitoring.events.LINE * (i % 2) |
                              monitoring.events.CALL * (i % 3 == 0) | monitoring.events.RAISE)
        monitoring.set_local_events(2, step.__code__, monitoring.events.BRANCH_LEFT * (i % 2))
        if i % 4 == 0:
            threading.settrace_all_threads(lambda *args: None)
        elif i % 4 == 2:
            threading.settrace_all_threads(None)
        monitoring.set_events(2, 0)
    threading.settrace_all_threads(None)
    monitoring.free_tool_id(2)
    results.append(6000)


results = []
together(worker, worker, worker, switcher)
assert results == [6000] * 4, results
