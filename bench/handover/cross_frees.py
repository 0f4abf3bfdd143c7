"""A million objects that one thread made are dropped by two others."""
import threading


class Node:
    def __init__(self, n):
        self.n = n


def drop(objects):
    while objects:
        objects.pop()


for _ in range(2):
    halves = [[Node(i) for i in range(250_000)] for _ in range(2)]
    threads = [threading.Thread(target=drop, args=(half,)) for half in halves]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not any(halves)
