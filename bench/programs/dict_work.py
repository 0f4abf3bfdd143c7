"""Dictionaries: counting, grouping, nested tables, inserting and deleting, merging."""


def main():
    counts, state = {}, 1
    for _ in range(1_400_000):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        key = state >> 16 & 0xFFF
        counts[key] = counts.get(key, 0) + 1
    groups = {}
    for key, n in counts.items():
        groups.setdefault(n % 17, []).append(key)
    nested = {}
    for i in range(200_000):
        nested.setdefault(i % 10, {}).setdefault(i % 100, {})[i % 7] = i
    live = {}
    for i in range(1_000_000):
        live[i] = i * 2
        if i >= 1000:
            del live[i - 1000]
    merged = {}
    for i in range(60):
        merged |= {f'key{j}': j * i for j in range(i, i + 300)}
    hits = sum(1 for i in range(1_000_000) if i & 0x1FFF in counts)
    largest = max(map(len, groups.values()))
    return (sum(counts.values()), largest > 0, nested[3][33][5], sum(live.values()), len(merged),
            hits)


assert main() == (1400000, True, 199533, 1998999000, 359, 500288)
