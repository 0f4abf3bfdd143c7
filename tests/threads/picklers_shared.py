# A pickler's memo is copied whole from a pickler that others use.
import io
import pickle
import threading

from together import together

ROUNDS = 300
source = pickle.Pickler(io.BytesIO())
things = [[str(n)] for n in range(50)]


def fill():
    for _ in range(ROUNDS):
        source.dump(things)
        source.clear_memo()


def take():
    for _ in range(ROUNDS):
        p = pickle.Pickler(io.BytesIO())
        p.memo = source.memo
        memo = p.memo.copy()
        assert sorted(number for number, thing in memo.values()) == list(range(len(memo)))
        assert all(id(thing) == key for key, (number, thing) in memo.items())


together(fill, take, take)
source.dump(things)
source.memo = source.memo
assert len(source.memo.copy()) == 101


class Looked:
    """While it is dumped or loaded, another thread copies the memo and asks for sizes."""

    def __reduce__(self):
        look(self.pickler)
        return Looked.made, ()

    @staticmethod
    def made():
        look(unpickler)
        return 'made'


def look(user):
    def body():
        found.append((user.memo.copy(), user.__sizeof__()))
        seen.set()
    seen = threading.Event()
    t = threading.Thread(target=body)
    t.start()
    assert seen.wait(60)  # it does not wait for the end of the dump
    t.join()


found, file = [], io.BytesIO()
thing = Looked()
thing.pickler = pickle.Pickler(file)
thing.pickler.dump([['before'], thing])
unpickler = pickle.Unpickler(io.BytesIO(file.getvalue()))
assert unpickler.load() == [['before'], 'made']
(dumped, size), (loaded, size_2) = found
assert (1, ['before']) in dumped.values() and size > 0
assert loaded[1] == ['before'] and size_2 > 0
