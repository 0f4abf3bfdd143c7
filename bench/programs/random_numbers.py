"""Integers: two pseudo-random generators and a Monte Carlo estimate."""


def xorshift(seed, n):
    x, total = seed, 0
    for _ in range(n):
        x ^= x << 13 & 0xFFFFFFFF
        x ^= x >> 17
        x ^= x << 5 & 0xFFFFFFFF
        total += x & 0xFF
    return x, total


def monte_carlo(n):
    state, inside = 12345, 0
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        x = state / 2147483648
        state = (state * 1103515245 + 12345) % 2147483648
        y = state / 2147483648
        if x * x + y * y <= 1.0:
            inside += 1
    return inside


def main():
    return xorshift(2463534242, 1_200_000), monte_carlo(900_000)


assert main() == ((2188721210, 152837039), 707139)
