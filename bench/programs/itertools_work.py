"""itertools and functools: chains, groups, products, accumulations, reductions."""
from functools import reduce
from itertools import (accumulate, chain, combinations, compress, count, cycle, groupby, islice,
                       pairwise, permutations, product, repeat, starmap, takewhile, zip_longest)
from operator import add, itemgetter, mul


def main():
    total = sum(islice(filter(lambda n: n % 3, count(1)), 2_000_000))
    total += sum(starmap(mul, zip(range(2_000_000), cycle((1, 2, 3)))))
    groups = [(k, len(list(g))) for k, g in groupby(sorted((i * i % 101 for i in range(150_000))))]
    total += sum(a * b for a, b in combinations(range(1400), 2))
    total += sum(1 for p in permutations(range(8)) if p[0] < p[-1])
    total += sum(a ^ b ^ c for a, b, c in product(range(120), repeat=3))
    sums = list(accumulate(range(600_000)))
    steps = sum(b - a for a, b in pairwise(sums))
    flat = sum(chain.from_iterable([i, i + 1] for i in range(400_000)))
    chosen = sum(compress(range(600_000), cycle([1, 0, 0])))
    most = reduce(lambda a, b: a if a[1] > b[1] else b, groups)
    rows = sorted(zip(range(80_000), repeat('x'), range(80_000, 0, -1)), key=itemgetter(2))
    small = sum(takewhile(lambda v: v < 100_000, count(0, 3)))
    gaps = sum(1 for a, b in zip_longest(range(100_000), range(60_000)) if b is None)
    return total, steps, flat, chosen, most, rows[0], small, gaps, reduce(add, range(400_000))


assert main() == (7479164452324, 179999700000, 160000000000, 59999700000, (100, 2971),
                  (79999, 'x', 1), 1666683333, 40000, 79999800000)
