# What no machine has memory for is a MemoryError at once, and the program goes on.
from check import raises

HUGE = 1 << 45

for make in (lambda: "abc" * HUGE, lambda: b"x" * HUGE, lambda: bytearray(HUGE), lambda: [0] * HUGE, lambda: (None,) * HUGE, lambda: bytes(HUGE),
             lambda: bytearray(b"ab") * HUGE, lambda: "\u20ac".center(HUGE), lambda: b"".ljust(HUGE)):
    raises(MemoryError, "", make)

# `*=` of what is a container of another kind, or an instance of a class, does not repeat the right side


class Plain:
    pass


def repeat(value):
    value *= "ab"
    return value


assert repeat(3) == "ababab"
for value in ({}, set(), Plain()):
    raises(TypeError, f"unsupported operand type(s) for *=: '{type(value).__name__}' and 'str'", repeat, value)
raises(TypeError, "can't multiply sequence by non-int of type 'float'", repeat, 1.5)
