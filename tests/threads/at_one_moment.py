"""Methods of array and deque that go through all items see them as they are at one moment, and -1 is the last one, while others change them."""
import operator
import sys
from array import array
from collections import deque

from together import together

ROUNDS = 3000
EXACT = sys.implementation.name != 'cpython'  # else some are errors, or see two moments


def check(shared, change, looks):
    def work():
        for _ in range(ROUNDS):
            change()

    def look():
        for i in range(ROUNDS):
            if EXACT:
                looks[i % len(looks)]()

    together(work, look, look)


def expect(function, *answers):
    def look():
        got = function()
        assert got in answers, got
    return look


# an item comes at the front and goes again
numbers = array('i', range(20))
more = array('i', [-1, *range(20)])


def shift():
    numbers.insert(0, -1)
    numbers.pop(0)


check(numbers, shift, [
    expect(numbers.tolist, list(numbers), list(more)),
    expect(lambda: repr(numbers), repr(numbers), repr(more)),
    expect(lambda: numbers.count(10), 1),
    expect(lambda: numbers.index(19), 19, 20),
    expect(lambda: 19 in numbers, True),
    expect(lambda: numbers == numbers[:], True, False),
    expect(lambda: numbers + numbers, numbers + numbers, more + more),
    expect(lambda: numbers[-1], 19)])


# what is removed is what was found
def remove():
    for i in range(ROUNDS):
        numbers.append(50)
        numbers.remove(50)


def shift_often():
    for _ in range(ROUNDS):
        shift()


together(remove, shift_often)
assert numbers.tolist() == list(range(20))

# a list is added at once
numbers = array('i')
together(*[lambda i=i: [numbers.extend([i] * 20) for _ in range(100)] for i in range(3)])
assert all(len(set(numbers[i:i + 20])) == 1 for i in range(0, len(numbers), 20)) and len(numbers) == 6000

# an array is always equal to one of two
low, high = array('i', range(30)), array('i', range(1, 31))
swapped = array('i', range(30))


def swap():
    swapped[:] = high
    swapped[:] = low


check(swapped, swap, [expect(lambda: swapped < low, False), expect(lambda: high < swapped, False)])

# the last item of a deque stays
ends = deque([1])


def add_and_take():
    ends.appendleft(0)
    ends.popleft()


def assign_last():
    ends[-1] = 1


check(ends, add_and_take, [expect(lambda: ends[-1], 1), assign_last])
assert ends == deque([1])

# a deque is repeated before an item comes or after
for turn in range(100):
    d = deque([1, 2])

    def append():
        for _ in range(turn):
            pass
        d.append(9)

    together(append, lambda: operator.imul(d, 300))
    assert not EXACT or list(d) in ([1, 2] * 300 + [9], [1, 2, 9] * 300), (len(d), d.count(9))
