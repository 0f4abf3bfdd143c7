# run: timeout=120
# Containers that all threads change at once lose nothing, and what they show is never garbage.
from collections import OrderedDict, defaultdict, deque
from functools import lru_cache
from itertools import count
from together import in_threads

THREADS, ROUNDS = 4, 2000
TOTAL = THREADS * ROUNDS

numbers, members = {}, set()


def add(i):
    for n in range(ROUNDS):
        numbers[i, n] = numbers[n] = n
        numbers[str(n)] = i
        members.add((i, n))
        members.add(n)
        members.discard(-n)
        members.add(-n)


in_threads(THREADS, add)
assert len(numbers) == TOTAL + 2 * ROUNDS and len(members) == TOTAL + 2 * ROUNDS - 1
assert len(set(members)) == len(members) == len(list(members))

few = {}


def churn(i):
    for n in range(ROUNDS):
        k = n % 50
        few[k] = [i]
        value = few.get(k)
        assert value is None or type(value) in (list, int), value
        few.pop(k, None)
        few.setdefault(k, n)
        if n % 200 == 0:
            assert all(len(pair) == 2 for pair in list(few.items())) and len(dict(few)) <= 50


in_threads(THREADS, churn)

ring, tickets = deque(), count()


def pass_on(i):
    for n in range(ROUNDS):
        ring.append(next(tickets))
    return [ring.popleft() for n in range(ROUNDS)]


assert sorted(sum(in_threads(THREADS, pass_on), [])) == list(range(TOTAL)) and not ring

shifting = list(range(1000))


def shift(i):
    for n in range(ROUNDS):
        try:
            assert type(shifting[n % 900]) in (int, str)
        except IndexError:
            pass
        if i == 0:
            shifting.append('x')
            shifting.pop(0)
        elif i == 1 and n % 10 == 0:
            shifting[5:10] = range(6)
            del shifting[3]
        elif i == 2 and n % 50 == 0:
            assert all(type(x) in (int, str) for x in shifting)
        elif n % 100 == 0:
            assert 1000 <= len(shifting[:]) <= 1002


in_threads(THREADS, shift)
assert len(shifting) == 1000

calls = []


@lru_cache(maxsize=64)
def cached(x):
    calls.append(x)
    return [x]


def ask(i):
    for n in range(ROUNDS):
        assert cached((n * 7 + i) % 100) == [(n * 7 + i) % 100]


in_threads(THREADS, ask)
info = cached.cache_info()
assert info.hits + info.misses == TOTAL and info.misses == len(calls) and info.currsize <= 64, info

shared = iter(range(TOTAL))
assert sorted(sum(in_threads(THREADS, lambda i: [n for n in shared]), [])) == list(range(TOTAL))

groups = defaultdict(list)


def group(i):
    for n in range(ROUNDS):
        groups[n % 100].append((i, n))


in_threads(THREADS, group)
assert sum(map(len, groups.values())) == TOTAL

ordered = OrderedDict()


def reorder(i):
    for n in range(ROUNDS):
        ordered[i, n % 40] = n
        try:
            ordered.move_to_end((i, n % 40), last=n % 2 == 0)
            if n % 7 == 0:
                ordered.popitem(last=False)
        except KeyError:
            pass


in_threads(THREADS, reorder)
assert len(ordered) == len(list(ordered)) == len(set(ordered))
