# The locals of functions that other threads are running, read and written through f_locals; the exceptions that threads are handling.
import sys
import threading

from together import together

ROUNDS = 300
over = threading.Event()
frames = {}


def runs(key):
    number, text, extra = 0, 'text', None
    cell = [0]

    def inner():
        return cell, number
    frames[key] = sys._getframe()
    while not over.is_set():
        number += 1
        assert type(number) is int and type(text) is str and extra is None or type(extra) is list
        a, b = inner()
        assert a is cell and type(b) is int
        try:
            raise KeyError(number)
        except KeyError as error:
            held = error
            del held
    return number, extra


def generator(key):
    step = 0
    frames[key] = sys._getframe()
    while True:
        step += 1
        yield step


def drive():
    for step in generator('generator'):
        assert type(step) is int
        if over.is_set():
            return


def writes():
    try:
        while len(frames) < 3:
            pass
        for n in range(ROUNDS):
            for key, frame in list(frames.items()):
                names = frame.f_locals
                assert set(names) <= {'key', 'number', 'text', 'extra', 'cell', 'inner', 'a', 'b', 'error', 'held', 'step'}
                if key == 'generator':
                    names['step'] = n
                    assert type(names['step']) is int
                else:
                    names['text'] = f'text {n}'
                    names['number'] = n
                    names['extra'] = [n]
                    assert type(names['extra']) is list and names['key'] == key and 'absent' not in names
                assert len(names) >= 2 and dict(names)['key'] == key and repr(names)
                line = frame.f_lineno   # None between two lines
                assert line is None or line > 0
                assert frame.f_code.co_name in ('runs', 'generator')
    finally:
        over.set()


results = together(lambda: runs('one'), lambda: runs('two'), drive, writes)
assert type(results[0][1]) is list and results[0][1] == results[1][1] == [ROUNDS - 1]

# what threads are handling
over.clear()
main_thread = threading.get_ident()


class Handled(Exception):
    pass


def handles():
    n = 0
    while not over.is_set():
        try:
            raise Handled(n)
        except Handled as error:
            try:
                raise ValueError from error
            except ValueError:
                n += 1


def looks():
    seen = 0
    try:
        for _ in range(ROUNDS * 5):
            for ident, error in sys._current_exceptions().items():
                assert type(ident) is int
                assert error is None or isinstance(error, (Handled, ValueError)), error
                if error is not None:
                    seen += 1
                    assert error.__traceback__ is None or error.__traceback__.tb_lineno > 0
            for ident, frame in sys._current_frames().items():
                assert type(ident) is int and frame.f_code.co_name
    finally:
        over.set()
    return seen


together(handles, handles, looks)

# threads come and go meanwhile
over.clear()


def comes():
    while not over.is_set():
        t = threading.Thread(target=lambda: [x for x in range(50)])
        t.start()
        t.join()


together(comes, comes, looks)
