"""Files that one thread closes or detaches while others write or close them, too: what a write() has taken is in the file, and all who close it may."""
import io
import os
import sys
import threading

from check import raises
from together import together

if sys.implementation.name == 'cpython':
    print('SKIP CPython loses the text, and raises ValueError for who is second to close')
    sys.exit()


def hooked(base):
    """The class with calls for flush() to make before and behind what it does, once."""
    class Hooked(base):
        before = behind = None

        def once(self, name):
            call = getattr(self, name)
            setattr(self, name, None)
            if call:
                call()

        def flush(self):
            self.once('before')
            super().flush()
            self.once('behind')
    return Hooked


Text, Writer, Random = hooked(io.TextIOWrapper), hooked(io.BufferedWriter), hooked(io.BufferedRandom)


def files():
    """Files that are written to `out`, each with what is to be written."""
    yield Text(io.BufferedWriter(io.FileIO('out', 'w')), 'ascii'), 'abc'
    yield Text(io.BufferedWriter(io.FileIO('out', 'w')), 'utf-16-le'), 'abc'
    yield Writer(io.FileIO('out', 'w')), b'abc'
    yield Random(io.FileIO('out', 'w+')), b'abc'


def content():
    with open('out', 'rb') as f:
        return f.read().replace(b'\0', b'')


# written behind the flush of who closes or detaches it
for leave in 'close', 'detach':
    for f, data in files():
        f.write(data)
        f.behind = lambda: together(lambda: f.write(data))
        below = getattr(f, leave)()
        if below:
            below.close()
        assert content() == b'abcabc', (f, content())

# closed by another thread, before or behind the flush of who closes it
for moment in 'before', 'behind':
    for f, data in files():
        f.write(data)
        setattr(f, moment, lambda: together(f.close))
        assert f.close() is None and f.closed and content() == b'abc'


# but for an error of its own
def refuse():
    together(f.close)
    raise OSError('refused')


for f, data in files():
    f.before = refuse
    raises(OSError, 'refused', f.close)
    assert f.closed


# closed when another thread has found it open, and waits
class Below(io.BytesIO):
    @property
    def closed(self):
        was = super().closed
        if threading.current_thread() is other:
            found.set()
        return was

    def close(self):
        if not super().closed:
            other.start()
            found.wait()
        super().close()


for use in lambda: f.write('abc'), lambda: f.read(), lambda: f.flush(), lambda: f.seek(0), lambda: next(f):
    for _ in range(5):
        f, found, refused = io.TextIOWrapper(Below(), 'ascii'), threading.Event(), []
        other = threading.Thread(target=lambda: refused.append(raises(ValueError, 'I/O operation on closed file.', use)))
        f.close()
        other.join()
        assert refused


# all at once
def write_on():
    try:
        for _ in range(50):
            taken.append(f.write('x'))
    except ValueError as error:
        assert 'closed file' in str(error), error


for mode in 'w', 'w+':
    for _ in range(150):
        taken = []
        f = open('out', mode)
        together(write_on, lambda: f.close(), lambda: f.close())
        assert os.path.getsize('out') == len(taken)
for opened in (lambda: open('out', 'wb'), lambda: open('out', 'w+b'), lambda: open('out', 'rb'), lambda: open('out'), lambda: open('out', 'w')):
    for _ in range(100):
        f = opened()
        if f.writable():
            f.write('abc' if isinstance(f, io.TextIOBase) else b'abc')
        together(f.close, f.close)
        assert f.closed
