"""Set algebra: unions, differences, membership, connected components, a puzzle solved by
elimination.
"""


def components(edges, n):
    neighbours = [set() for _ in range(n)]
    for a, b in edges:
        neighbours[a].add(b)
        neighbours[b].add(a)
    unseen, sizes = set(range(n)), []
    while unseen:
        frontier = {unseen.pop()}
        found = set(frontier)
        while frontier:
            frontier = set().union(*(neighbours[x] for x in frontier)) - found
            found |= frontier
        unseen -= found
        sizes.append(len(found))
    return sorted(sizes)[-3:]


PEERS = [{c for c in range(81) if c != i and (c // 9 == i // 9 or c % 9 == i % 9
                                              or (c // 27 == i // 27 and c % 9 // 3 == i % 9 // 3))}
         for i in range(81)]


def solve(grid):
    best = None
    for i in range(81):
        if grid[i] == 0:
            free = {1, 2, 3, 4, 5, 6, 7, 8, 9} - {grid[p] for p in PEERS[i]}
            if best is None or len(free) < len(best[1]):
                best = i, free
                if len(free) < 2:
                    break
    if best is None:
        return True
    i, free = best
    for value in sorted(free):
        grid[i] = value
        if solve(grid):
            return True
    grid[i] = 0
    return False


def main():
    x, edges = 3, []
    for _ in range(120_000):
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        y = x * 1103515245 + 12345 & 0x7FFFFFFF
        edges.append((x % 180_000, y % 180_000))
    puzzle = [int(c) for c in '000000907000420180000705026100904000050000040000507009'
                              '920108000034059000507000000']
    solved = puzzle[:]
    ok = solve(solved)
    a, b, total = set(range(0, 3000, 2)), set(range(0, 3000, 3)), 0
    for _ in range(1400):
        total += len(a & b) + len(a | b) + len(a - b) + len(a ^ b)
        total += a.isdisjoint(b) + (a & b <= b)
    return components(edges, 180_000), ok, ''.join(map(str, solved))[:18], total


assert main() == ([1, 1, 87712], True, '462831957795426183', 7001400)
