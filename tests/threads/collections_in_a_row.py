# Full collections one directly after the other, once there has been a second thread: what the first one freed, functions and
# classes above all, must not be found again while its memory waits for readers.
import gc
import threading

thread = threading.Thread(target=lambda: None)
thread.start()
thread.join()


class Node:
    pass


def garbage():
    for i in range(50):
        def recursive():
            return recursive
        recursive.attribute = recursive

        class Cyclic:
            def method(self):
                return Cyclic
        node = Node()
        node.self = node
        node.made = Cyclic(), recursive


for round in range(10):
    garbage()
    gc.collect()
    gc.collect()
    nodes = [Node() for i in range(300)]
    for node in nodes:
        node.a, node.b, node.c = {}, [], Node()
    functions = [lambda i=i: i for i in range(300)]
    assert [f() for f in functions] == list(range(300))
    gc.collect()
    assert all(node.a == {} and node.b == [] and type(node.c) is Node for node in nodes)
