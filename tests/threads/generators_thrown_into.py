"""A generator that waits for another iterator, resumed, thrown into and closed by many threads: the iterator is used by one at a time, and gets what was thrown once."""
import threading

from together import together

ROUNDS = 3_000


class Thrown(Exception):
    pass


class Delegate:
    """Counts what it is asked; whoever asks it while another does finds it busy."""

    def __init__(self):
        self.busy = threading.Lock()
        self.thrown = self.closed = 0

    def __iter__(self):
        return self

    def __next__(self):
        assert self.busy.acquire(blocking=False)
        self.busy.release()

    def throw(self, exception):
        assert self.busy.acquire(blocking=False)
        self.thrown += 1
        self.busy.release()

    def close(self):
        assert self.busy.acquire(blocking=False)
        self.closed += 1
        self.busy.release()


def delegating(delegates):
    for delegate in delegates:
        try:
            yield from delegate
        except Thrown:
            pass


delegates = [Delegate() for _ in range(3)]
shared = delegating(delegates)
next(shared)


def tries(f, *args):
    """How often f could be called: not while another thread runs the generator."""
    done = 0
    for _ in range(ROUNDS):
        try:
            f(*args)
            done += 1
        except ValueError as e:
            assert str(e) == "generator already executing"
    return done


resumed, *thrown = together(lambda: tries(next, shared), lambda: tries(shared.throw, Thrown()), lambda: tries(shared.throw, Thrown()))
assert sum(thrown) == delegates[0].thrown and delegates[0].closed == 0

# closed by one, while others resume it: the delegate is closed once
for _ in range(ROUNDS // 10):
    delegate = Delegate()
    shared = delegating([delegate])
    next(shared)

    def resume():
        for _ in range(10):
            try:
                next(shared)
            except StopIteration:
                return
            except ValueError as e:
                assert str(e) == "generator already executing"

    def close():
        while True:
            try:
                return shared.close()
            except ValueError as e:
                assert str(e) == "generator already executing"

    together(resume, close, resume)
    assert shared.gi_frame is None
    assert next(shared, None) is None and shared.gi_suspended is False
