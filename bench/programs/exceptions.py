"""Exceptions: raised and caught near and far, with else and finally, as loop exits and as lookups
that fail."""


class Retry(Exception):
    def __init__(self, attempt):
        super().__init__(attempt)
        self.attempt = attempt


def sometimes(i):
    if i % 3 == 0:
        raise ValueError(i)
    if i % 7 == 0:
        raise Retry(i)
    return i


def deep(n):
    if n == 0:
        raise LookupError('bottom')
    return deep(n - 1) + 1


def main():
    total = 0
    for i in range(600_000):
        try:
            total += sometimes(i)
        except ValueError as error:
            total -= error.args[0]
        except Retry as error:
            total += error.attempt // 2
        else:
            total += 1
        finally:
            total &= 0xFFFFFFF
    table = {i: i for i in range(0, 1000, 2)}
    for i in range(900_000):
        try:
            total += table[i % 1000]
        except KeyError:
            total += 1
    for _ in range(20_000):
        try:
            deep(12)
        except LookupError:
            total += 1
    for i in range(1_000_000):
        try:
            int('x') if i % 10 == 0 else int('5')
        except ValueError:
            total += 1
    return total


assert main() == 383105046
