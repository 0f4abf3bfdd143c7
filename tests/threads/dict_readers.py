# Readers see a whole entry or none while writers replace, delete, clear and grow; iteration fails
# cleanly.
import threading

from together import together

shared = {i: (i, i * 2) for i in range(100)}
done = threading.Event()


def read():
    seen = 0
    while not done.is_set() or seen == 0:
        for i in range(200):
            pair = shared.get(i)
            if pair is not None:
                assert pair[0] == i and pair[1] == i * 2
                seen += 1
    return seen


def iterate():
    rounds = 0
    while not done.is_set() or rounds == 0:
        try:
            for key, pair in shared.items():
                assert pair == (key, key * 2)
        except RuntimeError as error:
            assert 'changed' in str(error)
        for copy in (dict(shared), shared.copy()):
            assert all(v == (k, k * 2) for k, v in copy.items())
        assert all(isinstance(k, int) for k in list(shared))
        rounds += 1
    return rounds


def write():
    try:
        for round_ in range(300):
            for i in range(200):
                shared[i] = (i, i * 2)
            for i in range(0, 200, 3):
                shared.pop(i, None)
            if round_ % 50 == 0:
                shared.clear()
    finally:
        done.set()


results = together(read, read, iterate, write)
assert results[0] and results[1] and results[2]
