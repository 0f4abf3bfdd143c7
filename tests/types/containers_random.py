# dict, set, OrderedDict, list, deque, heaps and sort under long random changes. Each is checked
# against another one that must agree; `mix` folds all that was seen into one number, the same
# everywhere.
from collections import OrderedDict, deque
from heapq import heappop, heappush

state, seen = 12345, 0


def rnd(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
    return (state >> 33) % n


def mix(x):
    global seen
    seen = (seen * 1000003 ^ x) & (2**61 - 1)


class K:
    def __init__(self, v):
        self.v = v

    def __hash__(self):
        return self.v % 7

    def __eq__(self, other):
        return isinstance(other, K) and self.v == other.v

    def __lt__(self, other):
        return self.v < other.v


def key(i):
    makers = (int, str, float, lambda i: (i, 'x'), lambda i: K(i % 50), lambda i: i * 2**62)
    return makers[i % 6](i)


def mappings(kinds):
    d, s, od = {}, set(), OrderedDict()
    for n in range(20000):
        k, op = key(rnd(400) * 6 + rnd(kinds)), rnd(10)
        if op < 5:
            d[k] = od[k] = n
            s.add(k)
        elif op < 7:
            mix(d.pop(k, -1))
            s.discard(k)
            od.pop(k, None)
        elif op == 7 and d:
            k, value = d.popitem()
            mix(value)
            s.discard(k)
            od.popitem()
        elif op == 8 and k in od:
            od.move_to_end(k, last=bool(rnd(2)))
        elif op == 9 and rnd(20) == 0 and od:
            mix(od.popitem(last=False)[1])
        mix(len(od))
        assert len(d) == len(s), (n, len(d), len(s))
    for value in list(d.values()) + list(od.values()):
        mix(value)
    assert list(s) and set(d) == s and len(list(s)) == len(s) and len(list(od)) == len(od)


for kinds in (1, 2, 6):
    mappings(kinds)

for n in (0, 1, 2, 5, 33, 64, 100, 1000):
    for mode in range(6):
        numbers = [(rnd(10**9), rnd(5), i, -i, i if rnd(10) else rnd(n + 1), i % 100)[mode]
                   for i in range(n)]
        for make in (int, float, str, lambda x: (x % 3, str(x)), K):
            m = [make(x) for x in numbers]
            ordered = sorted(m)
            assert not any(ordered[i] < ordered[i - 1] for i in range(1, n))
            up = sorted(range(n), key=lambda i: m[i])
            down = sorted(range(n), key=lambda i: m[i], reverse=True)
            for i in range(1, n):      # equal ones keep their order
                assert m[up[i - 1]] < m[up[i]] or up[i - 1] < up[i]
                assert m[down[i]] < m[down[i - 1]] or down[i - 1] < down[i]
            for i in up + down:
                mix(i)

items, ring = [], deque()
for n in range(30000):
    op, i = rnd(12), rnd(len(items) + 1)
    if op < 4:
        items.append(n)
        ring.append(n)
    elif op == 4:
        items.insert(i, n)
        ring.insert(i, n)
    elif op == 5 and items:
        j = rnd(len(items))
        assert items[j] == ring[j]
        del items[j], ring[j]
    elif op == 6 and items:
        assert items.pop() == ring.pop()
    elif op == 7 and items:
        assert items.pop(0) == ring.popleft()
    elif op == 8:
        ring.rotate(i)
        ring.rotate(-i)
    elif op == 9:
        items[i:i + 3] = [n] * rnd(5)
        ring = deque(items)
    elif op == 10:
        del items[i::(1 + rnd(4)) * 20]
        ring = deque(items)
    elif op == 11:
        items.reverse()
        ring.reverse()
    assert len(items) == len(ring)
assert list(ring) == items
heap = []
for n in range(5000):
    if rnd(3) or not heap:
        heappush(heap, rnd(1000))
    else:
        least = min(heap)
        assert heappop(heap) == least
        mix(least)
for x in items:
    mix(x)
assert seen == 1333163236855179735, seen
