"""collections.deque: breadth-first search, a sliding window, a round robin, a bounded history."""
from collections import deque


def sliding_maximum(values, size):
    out, window = [], deque()
    for i, v in enumerate(values):
        while window and values[window[-1]] <= v:
            window.pop()
        window.append(i)
        if window[0] <= i - size:
            window.popleft()
        if i >= size - 1:
            out.append(values[window[0]])
    return out


def jugs(a, b, goal):
    "fewest pourings until one jug holds the goal"
    seen, queue = {(0, 0)}, deque([(0, 0, 0)])
    while queue:
        x, y, steps = queue.popleft()
        if goal in (x, y):
            return steps
        move, back = min(x, b - y), min(y, a - x)
        for state in ((a, y), (x, b), (0, y), (x, 0), (x - move, y + move), (x + back, y - back)):
            if state not in seen:
                seen.add(state)
                queue.append((*state, steps + 1))


def maze(size):
    walls = {(r, c) for r in range(size) for c in range(size) if (r * 5 + c * 3 + r * c) % 7 == 1
             and r != c}
    distance, queue = {(0, 0): 0}, deque([(0, 0)])
    while queue:
        r, c = queue.popleft()
        d = distance[r, c] + 1
        for cell in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            inside = 0 <= cell[0] < size and 0 <= cell[1] < size
            if inside and cell not in walls and cell not in distance:
                distance[cell] = d
                queue.append(cell)
    return len(distance), max(distance.values())


def main():
    values = [(i * 7919) % 10_007 for i in range(700_000)]
    top = sliding_maximum(values, 50)
    ring = deque(range(1000))
    for i in range(1_300_000):
        ring.rotate(-1)
        ring.append(ring.popleft() + 1)
    history = deque(maxlen=100)
    for i in range(1_000_000):
        history.appendleft(i)
    return sum(top), jugs(1021, 577, 333), maze(420), sum(ring), history[99]


assert main() == (6904267041, 800, (154799, 838), 1799500, 999900)
