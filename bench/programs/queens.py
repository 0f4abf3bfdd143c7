"""Recursion and backtracking: the queens' problem with bit masks and with sets."""


def by_masks(n, columns=0, left=0, right=0):
    full = (1 << n) - 1
    if columns == full:
        return 1
    found, free = 0, full & ~(columns | left | right)
    while free:
        bit = free & -free
        free ^= bit
        found += by_masks(n, columns | bit, (left | bit) << 1, (right | bit) >> 1)
    return found


def by_sets(n):
    columns, up, down, boards = set(), set(), set(), []

    def place(row, board):
        if row == n:
            boards.append(tuple(board))
            return
        for column in range(n):
            if column in columns or row + column in up or row - column in down:
                continue
            columns.add(column)
            up.add(row + column)
            down.add(row - column)
            board.append(column)
            place(row + 1, board)
            board.pop()
            columns.remove(column)
            up.remove(row + column)
            down.remove(row - column)

    place(0, [])
    return len(boards), boards[0]


def main():
    return by_masks(13), by_sets(10)


assert main() == (73712, (724, (0, 2, 5, 7, 9, 4, 8, 1, 3, 6)))
