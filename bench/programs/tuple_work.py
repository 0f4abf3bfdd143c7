"""Tuples: packing and unpacking, as keys, multiple results, swaps, comparison."""


def divide(a, b):
    return a // b, a % b


def bounds(points):
    low_x, low_y = high_x, high_y = points[0]
    for x, y in points:
        if x < low_x:
            low_x = x
        elif x > high_x:
            high_x = x
        if y < low_y:
            low_y = y
        elif y > high_y:
            high_y = y
    return (low_x, low_y), (high_x, high_y)


def main():
    total, a, b, c = 0, 1, 2, 3
    for i in range(1_400_000):
        q, r = divide(i, 7)
        a, b, c = b, c, a
        total += q + r * a
    points = [(i * 7919 % 1009, i * 104729 % 2003) for i in range(300_000)]
    corner = bounds(points)
    seen = {}
    for p in points:
        seen[p] = seen.get(p, 0) + 1
    segments = [((x, y), (y, x)) for x, y in points]
    crossing = sum(1 for (ax, ay), (bx, by) in segments if (ax, ay) < (bx, by))
    longest = max((y, x) for x, y in points)
    head, *middle, tail = points
    total += sum(first for first, *_ in points[:300_000])
    return total, corner, len(seen), crossing, longest, head, len(middle), tail


assert main() == (140158900355, ((0, 0), (1008, 2002)), 300000, 224358, (2002, 1008), (0, 0),
                  299998, (572, 1967))
