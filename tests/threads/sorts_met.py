"""Lists that their own key functions make known to others, and that two threads sort at once."""
import threading

N, ROUNDS = 5000, 10


def sort_and_publish(l):
    """The key function, which runs when the list seems to be empty, is the first to show it to others."""
    def key(x):
        if not place:
            place.append(l)
        return 0
    l.sort(key=key)


def add_to_first(numbers):
    first = place[0][0]
    both_are_there.wait()
    for i in numbers:
        first.add(i)


both_are_there = threading.Barrier(2)
for _ in range(ROUNDS):
    place = []
    l = [set(), set()]
    sort_and_publish(l)
    other = threading.Thread(target=add_to_first, args=(range(N),))
    other.start()
    add_to_first(range(N, 2 * N))
    other.join()
    assert l[0] == set(range(2 * N)), len(l[0])


# a sort within a sort, of what was added meanwhile: neither goes unnoticed
l = [3, 1, 2]
first_is_in, second_is_in, first_is_out = threading.Event(), threading.Event(), threading.Event()


def first_key(x):
    first_is_in.set()
    second_is_in.wait()
    return x


def second_key(x):
    second_is_in.set()
    first_is_out.wait()
    return x


def sort_noticing(key):
    try:
        l.sort(key=key)
    except ValueError as error:
        noticed.append(str(error))


def sort_first():
    sort_noticing(first_key)
    first_is_out.set()


def sort_second():
    first_is_in.wait()
    l.append(99)
    sort_noticing(second_key)


noticed = []
threads = [threading.Thread(target=sort_first), threading.Thread(target=sort_second)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert noticed == ["list modified during sort"] * 2 and l == [99], (noticed, l)


# of one that is sorted by its own key function there is nothing to sort
l = [2, 1, 3]
assert l.sort(key=lambda x: (l.sort(), l.sort(key=lambda x: 1 / 0), x)) is None and l == [1, 2, 3]
