"""pickle: every protocol there and back, circles, persistent ids, reducers, buffers, and what is refused."""
import _pickle, io, pickle
from check import raises

class Point:
    def __init__(self, x):
        self.x = x

class Slotted:
    __slots__ = "a"

class Listy(list):
    pass

class Newargs:
    def __new__(cls, a, *, b=1):
        self = super().__new__(cls)
        self.v = a, b
        return self

    def __getnewargs_ex__(self):
        return (5,), {"b": 7}

listy = Listy([1, 2])
listy.z = 1
values = [None, True, 0, -1, 255, 65536, -2**31, 2**63, -2**100, 1.5, b"a" * 300, bytearray(b"abc"), "\xe9", "\ud800", "a" * 300,
          (), (1,), (1, 2, 3, 4), [1], {1: 2, "a": [1]}, {1, 2}, frozenset([1]), int, len, range(3), 1j, ..., type(None),
          list(range(2500)), dict.fromkeys(range(2500)), set(range(2500)), b"x" * 70000]
for protocol in range(6):
    for dumps, loads in (_pickle.dumps, _pickle.loads), (pickle._dumps, _pickle.loads), (_pickle.dumps, pickle._loads):
        for value in values:
            back = loads(dumps(value, protocol))
            assert back == value and type(back) is type(value), (protocol, value)
        p = loads(dumps([Point([1]), Point("x")], protocol))
        assert [q.x for q in p] == [[1], "x"]
        q = loads(dumps(listy, protocol))
        assert q == [1, 2] and q.z == 1 and type(q) is Listy
        circle = ([],)
        circle[0].append(circle)
        back = loads(dumps(circle, protocol))
        assert back[0][0] is back
    if protocol >= 2:
        s = Slotted()
        s.a = 3
        assert _pickle.loads(_pickle.dumps(s, protocol)).a == 3
        assert _pickle.loads(_pickle.dumps(Newargs(1), protocol)).v == (1, 1)
assert _pickle.dumps([[1] * 2] * 2, 4) == b"\x80\x04\x95\x0f\0\0\0\0\0\0\0]\x94(]\x94(K\x01K\x01eh\x01e."

class Ids(pickle.Pickler):
    def persistent_id(self, obj):
        return "id" if obj == "x" else None

    def reducer_override(self, obj):
        return (str, ("over",)) if obj is io else NotImplemented

class Back(pickle.Unpickler):
    def persistent_load(self, pid):
        return "from", pid

out = io.BytesIO()
Ids(out).dump(["x", io, "y"])
out.seek(0)
assert Back(out).load() == [("from", "id"), "over", "y"]
kept = []
data = _pickle.dumps([pickle.PickleBuffer(b"abc"), pickle.PickleBuffer(bytearray(b"q"))], 5, buffer_callback=kept.append)
assert [bytes(b) for b in _pickle.loads(data, buffers=kept)] == [b"abc", b"q"]
raises(pickle.UnpicklingError, "not enough out-of-band buffers", _pickle.loads, data, buffers=kept[:1])
out = io.BytesIO()
p = _pickle.Pickler(out)
for i in range(3):
    p.dump(["abc", i])
out.seek(0)
u = _pickle.Unpickler(io.BufferedReader(out))
assert [u.load() for _ in range(3)] == [["abc", i] for i in range(3)]
raises(EOFError, "Ran out of input", u.load)
error = raises(TypeError, "cannot pickle 'module' object", _pickle.dumps, {"a": [io]})
assert error.__notes__ == ["when serializing list item 0", "when serializing dict item 'a'"]
raises(pickle.UnpicklingError, "pickle data was truncated", _pickle.loads, b"K")
raises(pickle.UnpicklingError, "invalid load key, 'x'.", _pickle.loads, b"x")
raises(ValueError, "unsupported pickle protocol: 9", _pickle.loads, b"\x80\x09N.")
for damaged in range(len(data)):
    try:
        _pickle.loads(data[:damaged] + bytes([data[damaged] ^ 0x15]) + data[damaged + 1:])
    except Exception:
        pass


# fast mode switched while it pickles
class Switch:
    def __init__(self, on):
        self.on = on

    def __reduce__(self):
        p.fast = self.on
        return int, ()


def deep(n, v):
    for _ in range(n):
        v = [v]
    return v


for _ in range(3):
    for fast in True, False:
        out = io.BytesIO()
        p = _pickle.Pickler(out)
        p.fast = fast
        p.dump([deep(3, Switch(False)), {"a": Switch(True)}, deep(60, 5), deep(7, Switch(False)), Switch(True), deep(60, 5)])
        assert _pickle.loads(out.getvalue()) == [deep(3, 0), {"a": 0}, deep(60, 5), deep(7, 0), 0, deep(60, 5)]
