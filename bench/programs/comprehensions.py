"""Comprehensions of lists, sets and dicts, nested and filtered."""


def main():
    total = 0
    for i in range(550):
        squares = [x * x for x in range(6000)]
        even = [x for x in squares if x % 2 == 0]
        total += len({x % 97 for x in even})
        index = {x: i for i, x in enumerate(even)}
        total += sum(index[x] for x in even[::10])
        grid = [[r * c for c in range(40)] for r in range(40)]
        total += sum(v for row in grid for v in row if v & 1)
        pairs = [(a, b) for a in range(40) for b in range(40) if a < b]
        total += sum(b - a for a, b in pairs)
        total += len([str(x) for x in range(1500) if x % 3])
    return total


assert main() == 341114950
