"""For tests of threads: `every_pair` runs each operation of a type against each other one."""
import threading
from collections import Counter


class Ledger:
    """What one thread has put into a container and taken out; `lost` when it cannot know what."""

    def __init__(self, tag):
        self.tag, self.n, self.lost = tag, 0, False
        self.added, self.removed = [], []

    def new(self):
        """An item that nobody has made before, noted as added."""
        self.n += 1
        item = (self.tag, self.n)
        self.added.append(item)
        return item


class Crew:
    """Threads that do one job each at the same time, again and again."""

    def __init__(self, size):
        self.jobs, self.errors, self.barrier = [None] * size, [], threading.Barrier(size + 1)
        self.threads = [threading.Thread(target=self.work, args=(i,)) for i in range(size)]
        for t in self.threads:
            t.start()

    def work(self, i):
        while True:
            self.barrier.wait()
            if self.jobs[i] is None:
                return
            try:
                self.jobs[i]()
            except BaseException as error:
                self.errors.append(error)
            self.barrier.wait()

    def run(self, *jobs):
        self.jobs = list(jobs)
        self.barrier.wait()
        self.barrier.wait()
        if self.errors:
            raise self.errors[0]

    def end(self):
        self.jobs = [None] * len(self.jobs)
        self.barrier.wait()
        for t in self.threads:
            t.join()


def every_pair(make, operations, readers, items, rounds=60):
    """For every two operations (also the same twice): make(items) gives a container, on which two
    threads do one of them each, `rounds` times, while a third does all the readers. Then what the
    container holds (by the function `items`) must be what went in and did not come out."""
    crew = Crew(3)
    try:
        for i, first in enumerate(operations):
            for second in operations[i:]:
                pair(crew, make, first, second, readers, items, rounds)
    finally:
        crew.end()


def pair(crew, make, first, second, readers, items, rounds):
    start = [('start', n) for n in range(20)]
    container, ledgers = make(start), (Ledger('first'), Ledger('second'))
    done = []

    def change(operation, ledger):
        try:
            for _ in range(rounds):
                operation(container, ledger)
        finally:
            done.append(ledger)

    def read():
        while len(done) < 2:
            for reader in readers:
                reader(container)

    crew.run(lambda: change(first, ledgers[0]), lambda: change(second, ledgers[1]), read)
    names = f'{first.__name__} against {second.__name__}'
    wanted = Counter(start)
    for ledger in ledgers:
        wanted.update(ledger.added)
    for ledger in ledgers:
        wanted.subtract(ledger.removed)
    there = Counter(items(container))
    assert len(container) == sum(there.values()), names
    assert not there - wanted, (names, 'invented', there - wanted)
    assert all(n >= 0 for n in wanted.values()), (names, 'given out twice', wanted)
    if not any(ledger.lost for ledger in ledgers):
        assert not wanted - there, (names, 'lost', wanted - there)


def is_item(x):
    return type(x) is tuple and len(x) == 2 and x[0] in ('start', 'first', 'second') \
        and type(x[1]) is int
