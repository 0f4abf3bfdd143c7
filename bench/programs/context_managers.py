"""with and finally: blocks entered and left, normally, by return, by break and by exceptions."""
from contextlib import contextmanager, suppress


class Depth:
    def __init__(self):
        self.now = self.most = 0

    def __enter__(self):
        self.now += 1
        if self.now > self.most:
            self.most = self.now
        return self

    def __exit__(self, kind, value, traceback):
        self.now -= 1
        return kind is KeyError


@contextmanager
def logged(log):
    log[0] += 1
    try:
        yield log
    finally:
        log[1] += 1


def find(depth, i):
    for k in range(5):
        with depth:
            if k == i % 5:
                return k
    return -1


def main():
    depth, total, log = Depth(), 0, [0, 0]
    for i in range(800_000):
        with depth, depth:
            total += i & 3
        try:
            total += 1
            if i % 50 == 0:
                continue
        finally:
            total += 2
    for i in range(300_000):
        total += find(depth, i)
        with depth:
            raise KeyError
    for i in range(260_000):
        with logged(log) as l, suppress(IndexError):
            total += l[2]
    return total, depth.now, depth.most, log


assert main() == (4200000, 0, 2, [260000, 260000])
