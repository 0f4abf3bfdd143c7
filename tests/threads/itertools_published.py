"""Iterators of itertools that one thread begins to use alone, and whose source makes them known to others in the middle of a step: nothing is given twice or dropped twice."""
import itertools
import threading

from together import together

ROUNDS = 300
ITEMS = 40

place = None  # where the others find the iterator


class Source:
    """Numbers; each time the iterator over it is made known."""

    def __init__(self):
        self.numbers = itertools.count()
        self.over = None

    def __iter__(self):
        return self

    def __next__(self):
        global place
        place = self.over
        n = next(self.numbers)
        if n >= ITEMS:
            raise StopIteration
        return n


def flat(items):
    for item in items:
        if type(item) is tuple:
            yield from (i for i in item if type(i) is int)
        elif type(item) is int:
            yield item


makers = {
    "islice": lambda s: itertools.islice(s, 0, None, 1),
    "chain": lambda s: itertools.chain(s, ()),
    "chain of chains": lambda s: itertools.chain.from_iterable((s, s)),
    "zip_longest": lambda s: itertools.zip_longest(s, s),
    "batched": lambda s: itertools.batched(s, 3),
    "starmap": lambda s: itertools.starmap(lambda n: n, zip(s)),
    "takewhile": lambda s: itertools.takewhile(lambda n: True, s),
}
# these give an item more than once, or as a sum
others = {
    "pairwise": itertools.pairwise,
    "accumulate": itertools.accumulate,
    "groupby": lambda s: itertools.groupby(s, lambda n: n // 3),
    "cycle": lambda s: itertools.islice(itertools.cycle(s), 2 * ITEMS),
    "islice with steps": lambda s: itertools.islice(s, 2, 30, 3),
}


def follow(over):
    """Steps whatever is made known, until the one that makes known is done."""
    got = []
    while not over.is_set():
        if (iterator := place) is not None:
            got += itertools.islice(iterator, 3)
    return got


def use(make, over):
    global place
    got = []
    for _ in range(ROUNDS):
        source = Source()
        iterator = source.over = make(source)
        got.append(list(itertools.islice(iterator, 5 * ITEMS)))
        place = None
        source.over = None
    over.set()
    return got


for name, make in (makers | others).items():
    over = threading.Event()
    mine, *theirs = together(lambda: use(make, over), lambda: follow(over), lambda: follow(over))
    if name in makers:
        counts = [0] * ITEMS
        for items in mine + theirs:
            for n in flat(items):
                counts[n] += 1
        assert max(counts) <= ROUNDS, (name, counts)  # those that a batch held when it was given up may be missing
        for items in mine:
            numbers = list(flat(items))
            assert numbers == sorted(set(numbers)), (name, numbers)
