"""Lists and bytearrays: the sieve of Eratosthenes, by loops and by slices."""


def sieve_list(n):
    prime = [True] * (n + 1)
    prime[0] = prime[1] = False
    i = 2
    while i * i <= n:
        if prime[i]:
            for j in range(i * i, n + 1, i):
                prime[j] = False
        i += 1
    return sum(prime)


def sieve_slices(n):
    prime = bytearray([1]) * (n + 1)
    prime[0:2] = b'\0\0'
    for i in range(2, int(n ** 0.5) + 1):
        if prime[i]:
            prime[i * i::i] = bytes(len(range(i * i, n + 1, i)))
    return [i for i in range(n + 1) if prime[i]]


def main():
    primes = sieve_slices(5_000_000)
    return sieve_list(7_000_000), len(primes), primes[-1]


assert main() == (476648, 348513, 4999999)
