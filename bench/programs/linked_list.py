"""Pointer chasing: a doubly linked list and a hash table of chains."""


class Cell:
    def __init__(self, value):
        self.value = value
        self.before = self.after = None


class Chain:
    def __init__(self):
        self.first = self.last = None
        self.length = 0

    def append(self, value):
        cell = Cell(value)
        if self.last is None:
            self.first = cell
        else:
            self.last.after = cell
            cell.before = self.last
        self.last = cell
        self.length += 1
        return cell

    def remove(self, cell):
        if cell.before is None:
            self.first = cell.after
        else:
            cell.before.after = cell.after
        if cell.after is None:
            self.last = cell.before
        else:
            cell.after.before = cell.before
        self.length -= 1

    def __iter__(self):
        cell = self.first
        while cell is not None:
            yield cell.value
            cell = cell.after


class Table:
    def __init__(self, size):
        self.chains = [Chain() for _ in range(size)]

    def add(self, key):
        chain = self.chains[key % len(self.chains)]
        cell = chain.first
        while cell is not None:
            if cell.value == key:
                return False
            cell = cell.after
        chain.append(key)
        return True


def josephus(n, k):
    ring = Chain()
    for i in range(n):
        ring.append(i)
    cell = ring.first
    while ring.length > 1:
        for _ in range(k - 1):
            cell = cell.after or ring.first
        following = cell.after or ring.first
        ring.remove(cell)
        cell = following
    return ring.first.value


def main():
    chain = Chain()
    cells = [chain.append(i) for i in range(500_000)]
    for cell in cells[::3]:
        chain.remove(cell)
    table, key, added = Table(4096), 1, 0
    for _ in range(500_000):
        key = key * 1103515245 + 12345 & 0xFFFF
        added += table.add(key)
    return chain.length, sum(chain), added, josephus(90_000, 7)


assert main() == (333333, 83333166667, 65536, 53273)
