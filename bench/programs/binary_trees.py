"""Object graphs: building, walking and dropping many trees."""


class Node:
    __slots__ = 'left', 'right'

    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def build(depth):
    if depth == 0:
        return Node(None, None)
    return Node(build(depth - 1), build(depth - 1))


def main():
    depth = 16
    kept = build(depth)
    totals = []
    for d in range(4, depth + 1, 4):
        totals.append(sum(build(d).count() for _ in range(1 << depth - d + 3)))
    return totals, kept.count()


assert main() == ([1015808, 1046528, 1048448, 1048568], 131071)
