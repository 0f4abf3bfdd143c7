"""Files that one thread detaches, or makes again, while others use them: each call finds a whole file, or says that it is not ready."""
import io
import sys
import threading

from together import together

ROUNDS = 3000


def each(files, work):
    """Does the work on one file after the other; a file that is not ready is passed over. Gives how often that was not so."""
    good = 0
    for f in files:
        try:
            work(f)
            good += 1
        except ValueError as error:
            assert 'detached' in str(error) or 'uninitialized' in str(error), error
    return good


# a buffer is given to one of those who detach it
files = [io.TextIOWrapper(io.BytesIO()) for _ in range(ROUNDS)]
assert sum(together(*[lambda: each(files, lambda f: f.detach())] * 3)) == len(files)


class Text(io.TextIOWrapper):
    before = None    # called in place of flush()

    def flush(self):
        (self.before or super().flush)()


class Slow(io.BytesIO):
    """Calls `meanwhile` the first time that it is read."""
    meanwhile = None

    def read1(self, size=-1):
        call, self.meanwhile = self.meanwhile, None
        if call:
            call()
        return super().read1(size)


def at_work(work, inside):
    """The other thread's work, which has begun when this returns, and goes on when the lock of the file is free."""
    begun = threading.Event()
    thread = threading.Thread(target=lambda: (begun.set(), work()))
    thread.start()
    begun.wait()
    inside.append(thread)
    for _ in range(3000):
        pass


if sys.implementation.name != 'cpython':    # which has no such lock, and crashes
    # those who wait for the lock find that another one has detached the buffer
    for _ in range(20):
        flushed, given, threads, slow = threading.Barrier(3), [], [], Slow(b'abc')
        f = Text(slow, 'ascii')

        def meanwhile():
            f.before = flushed.wait
            for _ in range(2):
                at_work(lambda: each([f], lambda f: given.append(f.detach())), threads)
            flushed.wait()
            f.before = None
            for _ in range(3000):
                pass

        slow.meanwhile = meanwhile
        assert f.read(1) == 'a'
        for thread in threads:
            thread.join()
        assert given == [slow]

    # truncated while another thread detaches it, or behind its own flush
    files = [io.TextIOWrapper(io.BytesIO(b'12345678')) for _ in range(ROUNDS // 5)]
    together(lambda: each(files, lambda f: [f.truncate(4) for _ in range(5)]), lambda: each(files, lambda f: f.detach()))
    f = Text(Slow(b'abc'))
    f.before = lambda: (setattr(f, 'before', None), f.detach())
    assert each([f], lambda f: f.truncate(1)) == 0

    # made again, when the call before it is done
    threads, slow = [], Slow('é'.encode() * 100)
    f = io.TextIOWrapper(slow, 'utf-8')
    slow.meanwhile = lambda: at_work(lambda: f.__init__(io.BytesIO('b'.encode('utf-16')), 'utf-16'), threads)
    assert f.read(100) == 'é' * 100
    threads[0].join()
    assert f.read(100) == 'b' and f.encoding == 'utf-16'


def made_again(f, rounds, again, use):
    """Uses f while another thread makes it again."""
    done = []

    def make():
        try:
            for i in range(rounds):
                again(f, i)
        finally:
            done.append(True)

    def go_on():
        while not done:
            each([f] * 50, use)

    together(make, go_on, go_on)


raw = io.BytesIO('ééééééé\n'.encode('utf-16') * 20)
made_again(io.TextIOWrapper(raw, 'utf-16'), ROUNDS // 10, lambda f, i: f.__init__(raw, 'utf-16' if i % 2 else 'latin-1'),
           lambda f: (raw.seek(0), f.readline(), f.read(5)))


def decoder():
    return io.IncrementalNewlineDecoder(None, True)


def decode(d):
    assert d.decode('x\r\n', True) == 'x\n' and d.getstate() == (b'', 0)


made_again(io.IncrementalNewlineDecoder(decoder(), False), ROUNDS * 10, lambda d, i: d.__init__(decoder(), False), decode)


def ask(pair):
    assert pair.readable() and pair.writable() and pair.peek() == b'abc'


made_again(io.BufferedRWPair(io.BytesIO(b'abc'), io.BytesIO()), ROUNDS * 2,
           lambda pair, i: pair.__init__(io.BytesIO(b'abc'), io.BytesIO()), ask)
