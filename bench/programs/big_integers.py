"""Big integers: digits of pi, factorials, powers, a primality test, conversion to text and back."""


def pi_digits(n):
    "Gibbons' unbounded spigot"
    digits = []
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    while len(digits) < n:
        if 4 * q + r - t < m * t:
            digits.append(m)
            q, r, m = q * 10, (r - m * t) * 10, 10 * (3 * q + r) // t - 10 * m
        else:
            digit = (q * (7 * k + 2) + r * x) // (t * x)
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, digit, x + 2
    return ''.join(map(str, digits))


def probably_prime(n):
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for a in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29):
        x = pow(a, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def main():
    fact = 1
    for i in range(1, 3500):
        fact *= i
    a, b = 0, 1
    for _ in range(70_000):
        a, b = b, a + b
    text = str(3 ** 8000)
    mersenne = [p for p in (521, 607, 1279, 1283) if probably_prime(2 ** p - 1)]
    mixed = 0
    for i in range(800_000):
        mixed = (mixed * 6364136223846793005 + 1442695040888963407) % (1 << 64)
    return (pi_digits(1800)[-10:], fact % 1_000_000_007, a % 10 ** 9, int(text) == 3 ** 8000, text[:5],
            mersenne, mixed)


assert main() == ('8608578438', 870803524, 268286875, True, '93333', [521, 607, 1279],
                  11647205268831209728)
