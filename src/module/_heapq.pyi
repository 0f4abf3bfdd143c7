"""Heaps in lists: heap[k] <= heap[2*k+1] and heap[k] <= heap[2*k+2], so heap[0] is the least item.

The functions with _max keep heaps the other way round: heap[0] is the greatest item."""

def heappush(heap: list, item, /) -> None: "Adds item."
def heappop(heap: list, /): "Takes the least item out."
def heapreplace(heap: list, item, /): "Takes the least item out, then adds item: faster than heappop() and heappush()."
def heappushpop(heap: list, item, /): "Adds item, then takes the least one out: faster than heappush() and heappop()."
def heapify(heap: list, /) -> None: "Makes a heap of any list, in place, in time proportional to its length."
def heappush_max(heap: list, item, /) -> None: "Adds item to a max-heap."
def heappop_max(heap: list, /): "Takes the greatest item out of a max-heap."
def heapreplace_max(heap: list, item, /): "Takes the greatest item out of a max-heap, then adds item."
def heappushpop_max(heap: list, item, /): "Adds item to a max-heap, then takes the greatest one out."
def heapify_max(heap: list, /) -> None: "Makes a max-heap of any list, in place."
