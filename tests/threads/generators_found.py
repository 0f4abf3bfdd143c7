"""Generators that a thread uses alone, found by others through their frames, and asynchronous ones used by two: each is run by one at a time."""
import sys
import threading

from together import together

place = None


def numbers():
    global place
    place = sys._getframe()
    yield from range(3000)


def uses(over):
    global place
    for _ in range(40):
        for _ in range(3):
            generator, got = numbers(), []
            while True:
                try:
                    got.append(next(generator))
                except ValueError as e:
                    assert str(e) == "generator already executing"
                except StopIteration:
                    break
            assert got == sorted(set(got))
        place = None
    over.set()


def follows(over):
    while not over.is_set():
        generator = getattr(place, "f_generator", None)
        for _ in range(100 if generator else 0):
            try:
                next(generator)
            except ValueError as e:
                assert str(e) == "generator already executing"
            except StopIteration:
                break


def clears(over):
    while not over.is_set():
        if (frame := place) is not None:
            try:
                frame.clear()
            except RuntimeError as e:
                assert str(e) in ("cannot clear a suspended frame", "cannot clear an executing frame")
            except ValueError as e:
                assert str(e) == "generator already executing"


for other in follows, clears:
    over = threading.Event()
    together(lambda: uses(over), lambda: other(over))


class Thrown(Exception):
    pass


async def asynchronous():
    while True:
        try:
            yield 1
        except Thrown:
            pass


shared = asynchronous()


def step(make):
    """Each call ends: with the value, or as one of two at the same time."""
    for _ in range(10_000):
        try:
            make().send(None)
            assert False
        except StopIteration as e:
            assert e.value == 1
        except RuntimeError as e:
            assert "already running" in str(e), e
        except ValueError as e:
            assert "already executing" in str(e), e


try:
    shared.asend(None).send(None)  # it begins
except StopIteration:
    pass
together(lambda: step(lambda: shared.asend(None)), lambda: step(lambda: shared.athrow(Thrown)))


# one call that several threads resume: who begins it ends it, and the next can begin
def resume_both():
    calls = [shared.asend(None) for _ in range(300)]
    places = [0, 0]

    def resume(me):
        for i, call in enumerate(calls):
            places[me] = i
            while places[1 - me] < i:
                pass
            try:
                call.send(None)
                assert False
            except StopIteration as e:
                assert e.value == 1
            except (RuntimeError, ValueError) as e:
                assert "already" in str(e), e

    together(lambda: resume(0), lambda: resume(1))


resume_both()
step(lambda: shared.asend(None))
