"""Looking at the frames of threads that go on running: sys._current_frames(), f_back, f_lineno, f_locals, tracebacks of
exceptions that another thread raised in functions that have not ended."""
# run: timeout=120
import sys
import threading
import time
import traceback
from together import together

running = True
shared = []


def deep(n, extra):
    local = [n, extra]
    if n:
        return deep(n - 1, extra) + local[0] * 0
    try:
        raise ValueError(extra)
    except ValueError as error:
        shared.append(error)
        del shared[:-5]
    return local[0]


def numbers(n):
    for i in range(n):
        yield deep(i % 7, i)


def worker():
    count = 0
    while running:
        deep(count % 150, "a local value %d" % count)
        for _ in numbers(20):
            pass
        count += 1
    return count


def watcher():
    global running
    try:
        watch()
    finally:
        running = False


def watch():
    seen = lines = values = 0
    end = time.monotonic() + 3
    while time.monotonic() < end:
        for frame in sys._current_frames().values():
            while frame is not None:
                seen += 1
                assert frame.f_code.co_name and frame.f_globals is not None
                if frame.f_lineno:
                    lines += 1
                assert frame.f_lasti >= -1
                repr(frame)
                for name, value in frame.f_locals.copy().items():  # dict() would ask for each, which may be gone
                    assert isinstance(name, str)
                    values += value is not None
                frame = frame.f_back
        for error in shared[:]:
            text = "".join(traceback.format_exception(error))
            assert "ValueError" in text, text
            tb = error.__traceback__
            while tb is not None:
                assert tb.tb_lineno is None or tb.tb_lineno > 0
                for value in tb.tb_frame.f_locals.copy().values():
                    values += value is not None
                tb.tb_frame.f_back
                tb = tb.tb_next
    assert seen and lines and values


together(worker, worker, watcher)
