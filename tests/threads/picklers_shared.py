# A pickler's memo is copied whole from a pickler that others use.
import io
import pickle

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
