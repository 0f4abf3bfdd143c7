"""heapq, tuples and dicts: shortest paths in a grid and in a random graph."""
from heapq import heapify, heappop, heappush


def distances(graph, start):
    best = {start: 0}
    queue = [(0, start)]
    while queue:
        d, node = heappop(queue)
        if d > best[node]:
            continue
        for other, cost in graph[node]:
            total = d + cost
            if other not in best or total < best[other]:
                best[other] = total
                heappush(queue, (total, other))
    return best


def grid_path(size):
    cost = [[(r * 7 + c * 13 + r * c) % 9 + 1 for c in range(size)] for r in range(size)]
    best, queue = {(0, 0): 0}, [(0, 0, 0)]
    while queue:
        d, r, c = heappop(queue)
        if (r, c) == (size - 1, size - 1):
            return d
        for nr, nc in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            if 0 <= nr < size and 0 <= nc < size:
                total = d + cost[nr][nc]
                if total < best.get((nr, nc), 1 << 30):
                    best[nr, nc] = total
                    heappush(queue, (total, nr, nc))


def main():
    n, x = 50_000, 11
    graph = {i: [] for i in range(n)}
    for i in range(n):
        for _ in range(4):
            x = x * 1103515245 + 12345 & 0x7FFFFFFF
            graph[i].append((x % n, x >> 8 & 63))
    best = distances(graph, 0)
    heap = [(i * 7919) % 100_003 for i in range(200_000)]
    heapify(heap)
    smallest = [heappop(heap) for _ in range(50_000)]
    return len(best), max(best.values()), grid_path(300), smallest[-1]


assert main() == (49035, 347, 2298, 24999)
