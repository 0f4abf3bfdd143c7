# bytearray, array and memoryview changed by several threads: nothing is lost, sizes are whole, and memory that is lent is not moved.
import array
import itertools
import threading
from collections import Counter

from together import in_threads, together

N, ROUNDS = 3, 400

# each method against each other one
for make, piece, item in ((bytearray, lambda x: bytes([x] * 4), lambda x: x),
                          (lambda *a: array.array('B', *a), lambda x: array.array('B', [x] * 4), lambda x: x)):
    shared = make()

    def work(i):
        for n in range(ROUNDS):
            shared.append(item(i))
            shared.extend(piece(i))
            shared[0:0] = piece(i)
            shared.insert(n % 10, item(i))
            shared.pop()
            shared.pop(0)
            shared.count(item(i)), shared[-1], len(shared), shared[:10], bytes(shared), item(i) in shared
            shared.reverse()
            shared == shared, shared + piece(1), shared * 2 if n % 50 == 0 else None, repr(shared) if n % 50 == 0 else None

    in_threads(N, work)
    assert len(shared) == N * ROUNDS * (1 + 4 + 4 + 1 - 2)
    assert set(shared) <= set(range(N))

    def shrink(i):
        taken = []
        try:
            while True:
                taken.append(shared.pop())
        except IndexError:
            return taken

    before = Counter(shared)
    assert Counter(sum(in_threads(N, shrink), [])) == before and not shared

# in place: += is one step each, *= and slices too
grown = bytearray()
in_threads(N, lambda i: [grown.__iadd__(b'abcd') for _ in range(ROUNDS)])
assert grown == b'abcd' * N * ROUNDS

# what extend adds goes behind what others appended meanwhile: nothing is moved
logs, meet = [bytearray(20_000) for _ in range(200)], threading.Barrier(4)


def for_each_log(work):
    places = []
    for log in logs:
        meet.wait()
        places.append(work(log))
    return places


def append_all(log):
    places = []
    for n in range(1, 60):
        log.append(n)
        places.append(log.rfind(n))
    return places


def extend_often(log):
    for _ in range(20):
        log.extend(b'\xff')


def hold_long(log):
    for _ in range(5):
        log.translate(bytes(256))


found, *_ = together(*[lambda work=work: for_each_log(work) for work in (append_all, extend_often, extend_often, hold_long)])
for log, places in zip(logs, found):
    assert [log[place] for place in places] == list(range(1, 60)), places

words = array.array('q', range(100))


def churn(i):
    for n in range(ROUNDS):
        words[10:20] = array.array('q', [n] * 10)
        words[0] = n
        words.tolist(), words.tobytes(), words.index(99), words.buffer_info(), words.byteswap(), words.byteswap()
        assert len(words) == 100


def read(i):
    for n in range(ROUNDS):
        assert len(words.tobytes()) == 800 and len(words[:]) == 100 and len(list(words)) == 100
        m = memoryview(words)
        assert m.nbytes == 800 and len(m) == 100 and len(bytes(m)) == 800 and len(m.tobytes()) == 800
        m.release()


churned = words[:]
words = array.array('q', range(100))


def churn_without_swap():
    for n in range(ROUNDS):
        words[10:20] = array.array('q', [n] * 10)
        words[0] = n
        words.tolist(), words.index(99), words.buffer_info()
        assert len(words) == 100


together(churn_without_swap, churn_without_swap, lambda: read(0), lambda: read(1))

# lent memory does not move: growing is refused, as often as it is lent
lent = bytearray(b'0123456789')
outcomes = Counter()


def lend():
    for _ in range(ROUNDS):
        with memoryview(lent) as m:
            assert len(m) >= 10 and bytes(m[:10]) == b'0123456789', bytes(m)
            n = len(m)
            assert len(m) == n == len(m.tobytes())


def grow():
    for _ in range(ROUNDS):
        try:
            lent.extend(b'x')
            outcomes['grown'] += 1
        except BufferError:
            outcomes['refused'] += 1


together(lend, lend, grow)
assert len(lent) == 10 + outcomes['grown'] and outcomes['grown'] + outcomes['refused'] == ROUNDS

# one view, released by one while others read it
for _ in range(50):
    view = memoryview(bytearray(range(100)))

    def use_view():
        try:
            for n in range(1000):
                view[n % 100], view[5:10].tolist(), view.tobytes(), view.cast('I'), hash, view.hex(), view == view
        except ValueError as error:
            assert 'released' in str(error), error

    def release():
        for _ in itertools.repeat(None, 50):
            pass
        while True:
            try:
                view.release()
                return
            except BufferError:
                pass  # another thread is using it

    together(use_view, use_view, release)

# threads write items of one view: whole ones
view = memoryview(array.array('Q', [0] * 10))


def write(i):
    value = 0x1111111111111111 * (i + 1)
    for n in range(ROUNDS):
        view[n % 10] = value
        assert view[(n + 1) % 10] % 0x1111111111111111 == 0


in_threads(N, write)

translate = bytearray(b'abc' * 100)
in_threads(N, lambda i: [(translate.upper(), translate.find(b'c'), translate.split(b'b'), translate.replace(b'a', b'x'),
                          translate.hex(), translate.partition(b'c'), translate.join([b'1', b'2']),
                          translate.__setitem__(n % 300, 97 + n % 3), translate.startswith(b'a')) for n in range(ROUNDS)])
assert len(translate) == 300
