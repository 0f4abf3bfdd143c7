"""Dynamic programming over lists: edit distance, longest common subsequence, knapsack, matrix
chains."""


def edit_distance(a, b):
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            cost = previous[j - 1] if x == y else 1 + min(previous[j - 1], previous[j],
                                                          current[j - 1])
            current.append(cost)
        previous = current
    return previous[-1]


def common(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            if a[i] == b[j]:
                table[i][j] = table[i + 1][j + 1] + 1
            else:
                table[i][j] = max(table[i + 1][j], table[i][j + 1])
    return table[0][0]


def knapsack(items, room):
    best = [0] * (room + 1)
    for weight, value in items:
        for r in range(room, weight - 1, -1):
            with_it = best[r - weight] + value
            if with_it > best[r]:
                best[r] = with_it
    return best[room]


def chain_order(sizes):
    n = len(sizes) - 1
    cost = [[0] * n for _ in range(n)]
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            cost[i][j] = min(cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
                             for k in range(i, j))
    return cost[0][n - 1]


def main():
    a = ''.join('acgt'[i * i * 7 % 13 % 4] for i in range(1300))
    b = ''.join('acgt'[i * i * 5 % 17 % 4] for i in range(1300))
    items = [(i * 7 % 23 + 3, i * 13 % 37 + 1) for i in range(120)]
    return edit_distance(a, b), common(a, b), knapsack(items,
                                                       15_000), chain_order([i * 17 % 29 + 3
                                                                             for i in range(90)])


assert main() == (664, 853, 2253, 66846)
