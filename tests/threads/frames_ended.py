"""The variables of a function that has ended, read, replaced and cleared by several threads through its frame object."""
import sys

from together import together

ROUNDS = 6000


class Held:
    def __init__(self, number):
        self.numbers = [number]


def ends(number):
    plain, cell = Held(number), [number]

    def inner():
        return cell
    return sys._getframe()


frames = [ends(0)]


def writes():
    for number in range(ROUNDS):
        names = frames[0].f_locals
        names["plain"] = Held(number)
        names["cell"] = [number]


def reads():
    for _ in range(ROUNDS):
        names = frames[0].f_locals
        for name, value in names.items():
            assert name in ("number", "plain", "cell", "inner"), name
            if name == "plain":
                assert type(value.numbers[0]) is int
            elif name == "cell":
                assert type(value) is list and len(value) == 1
        assert names.get("number", 0) == 0


def clears():
    for _ in range(ROUNDS // 10):
        frame = frames[0]
        frame.clear()
        assert frame.f_locals.get("number") is None
        frames[0] = ends(0)


together(writes, writes, reads)
together(writes, reads, clears, clears)
