"""Nested lists: matrix product, transpose and a determinant in fractions of integers."""


def multiply(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def multiply_indexed(a, b):
    n = len(a)
    c = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            total = 0
            for k in range(n):
                total += a[i][k] * b[k][j]
            c[i][j] = total
    return c


def determinant(m):
    "Bareiss: exact, with integers"
    m = [row[:] for row in m]
    previous, n, sign = 1, len(m), 1
    for k in range(n - 1):
        if m[k][k] == 0:
            for i in range(k + 1, n):
                if m[i][k]:
                    m[k], m[i], sign = m[i], m[k], -sign
                    break
            else:
                return 0
        for i in range(k + 1, n):
            for j in range(k + 1, n):
                m[i][j] = (m[i][j] * m[k][k] - m[i][k] * m[k][j]) // previous
        previous = m[k][k]
    return sign * m[-1][-1]


def main():
    n = 200
    a = [[(i * j + i) % 17 - 8 for j in range(n)] for i in range(n)]
    b = [[(i * 3 + j * 5) % 13 - 6 for j in range(n)] for i in range(n)]
    c, d = multiply(a, b), multiply_indexed(a, b)
    small = [[(i * i * 31 + j * j * 17 + i * j * 7 + 13 * j) % 101 - 50 for j in range(40)]
             for i in range(40)]
    return c == d, sum(map(sum, c)), determinant(small) % 1_000_003


assert main() == (True, 3063, 294673)
