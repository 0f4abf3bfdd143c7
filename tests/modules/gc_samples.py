"""A heap that grows without garbage is seldom collected whole; garbage among its old objects is found all the same."""
import gc
import os
from collections import deque


class Node:
    def __init__(self, links):
        self.links = links


gc.collect()
fulls_before = gc.get_stats()[2]["collections"]
live = [Node([]) for _ in range(150_000)]
assert gc.get_stats()[2]["collections"] - fulls_before <= 8, gc.get_stats()


def collected():
    return sum(generation["collected"] for generation in gc.get_stats())


found_before = collected()
window = deque()
for i in range(2_000_000):  # one sample may miss what there is, but not each of those while the heap doubles thrice
    node = Node([])
    node.links.append(node)
    window.append(node)
    if len(window) > 30_000:  # long enough for young collections to have passed over it
        window.popleft()
    if i % 10_000 == 0 and collected() - found_before > 400_000:
        break
assert collected() - found_before > 400_000
assert all(node.links == [] for node in live)
assert all(node.links[0] is node for node in window)


# what a collection in slices sees of instances whose base is traversed in parts
class Listed(list):
    pass


class Paired(tuple):
    pass


gc.collect()
for cls in Listed, Paired:
    o = cls([1])
    o.me = o
    o = None
    assert gc.collect() == 1, cls
gc.disable()
gc.collect()
for _ in range(100):
    s = os.terminal_size([[], []])
    s[0].append(s)
s = None
found = gc.collect()
assert found == 300, found
