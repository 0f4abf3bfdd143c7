"""Lists: append, pop, insert, slices, concatenation, search, reversal, a stack and a ring."""


def main():
    stack, total = [], 0
    for i in range(1_800_000):
        stack.append(i)
        if i % 3 == 2:
            total += stack.pop() - stack.pop()
    parts = []
    for i in range(3_000):
        parts.insert(i // 2, i)
    for i in range(200):
        parts = parts[10:] + parts[:10]
        parts.reverse()
    for i in range(1_000):
        total += parts.index(i)
    for i in range(400_000):
        a = [i, i + 1, i + 2]
        b = a + [i]
        b[1:3] = [0]
        total += len(b) + b[-1] - a[0]
    ring = [0] * 64
    for i in range(1_200_000):
        ring[i & 63] += i
        total += ring[i + 7 & 63] & 1
    evens = [x for x in stack if not x & 1]
    return total, len(stack), sum(evens), parts[:3], sum(ring)


assert main() == (3599500, 600000, 269999100000, [1, 3, 5], 719999400000)
