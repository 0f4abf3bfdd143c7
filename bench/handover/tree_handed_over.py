"""Trees that threads make are taken apart by the main one, and the other way about."""
import threading


def tree(depth):
    return [tree(depth - 1), tree(depth - 1)] if depth else [None]


def count(t):
    return 1 + sum(count(child) for child in t if child)


results = []
for _ in range(4):
    threads = [threading.Thread(target=lambda: results.append(tree(14))) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    while results:
        assert count(results.pop()) == 2 ** 15 - 1
    mine = tree(14)
    counted = []
    t = threading.Thread(target=lambda: counted.append(count(mine)))
    t.start()
    t.join()
    assert counted == [2 ** 15 - 1]
    del mine
