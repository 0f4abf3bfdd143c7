"""Floats in locals: how fast points escape, with real and with complex numbers."""


def escape(cr, ci, limit):
    x = y = 0.0
    for n in range(limit):
        xx, yy = x * x, y * y
        if xx + yy > 4.0:
            return n
        y = 2.0 * x * y + ci
        x = xx - yy + cr
    return limit


def escape_complex(c, limit):
    z = 0j
    for n in range(limit):
        z = z * z + c
        if abs(z) > 2.0:
            return n
    return limit


def main():
    size, total = 500, 0
    for row in range(size):
        for column in range(size):
            total += escape(column * 3.0 / size - 2.0, row * 2.0 / size - 1.0, 80)
    small = sum(escape_complex(complex(c * 3.0 / 200 - 2.0, r * 2.0 / 200 - 1.0), 60)
                for r in range(200) for c in range(200))
    return total, small


assert main() == (6292377, 768814)
