"""Sets of tuples: Conway's game of life on an unbounded board."""


def step(live):
    near = {}
    for x, y in live:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    cell = x + dx, y + dy
                    near[cell] = near.get(cell, 0) + 1
    return {cell for cell, n in near.items() if n == 3 or n == 2 and cell in live}


def main():
    board = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2), (30, 30), (31, 30), (30, 31), (29, 31),
             (30, 32)}
    sizes = []
    for generation in range(3500):
        board = step(board)
        if generation % 250 == 0:
            sizes.append(len(board))
    return sizes, len(board), sum(x * 3 + y for x, y in board)


assert main() == ([11, 90, 103, 103, 103, 103, 103, 103, 103, 103, 103, 103, 103, 103], 103, 49198)
