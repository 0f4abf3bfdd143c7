"""Objects go from thread to thread through queues, and die where they arrive."""
import queue
import threading

N = 60_000
first, second = queue.SimpleQueue(), queue.SimpleQueue()


def make():
    for i in range(N):
        first.put([i, str(i)])
    first.put(None)


def change():
    while (item := first.get()) is not None:
        item.append(len(item[1]))
        second.put(item)
    second.put(None)


workers = [threading.Thread(target=make), threading.Thread(target=change)]
for w in workers:
    w.start()
total = 0
while (item := second.get()) is not None:
    total += item[2]
for w in workers:
    w.join()
assert total == sum(len(str(i)) for i in range(N))
