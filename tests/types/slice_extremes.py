"""Steps of any size over short sequences."""
import array
import sys

M = sys.maxsize
for step in (M, -M, M - 1, -M - 1, 1 << 70, -(1 << 70), M // 2, -M // 2):
    for make in (list, tuple, bytes, bytearray, lambda items: "".join(map(chr, items)), lambda items: array.array("i", items)):
        for length in (0, 1, 2, 3):
            items = make(list(range(1, length + 1)))
            for start in (None, 0, 1, -1, M, -M, 1 << 70):
                got = items[start::step]
                assert len(got) <= 1 or length == 0, (got, step)
                if length and start is None:
                    assert got[0] == (items[0] if step > 0 else items[-1])
                if hasattr(items, "append"):
                    left = items[:]
                    del left[start::step]
                    assert len(left) + len(got) == length
                    left = items[:]
                    left[start::step] = got
                    assert left == items
    assert list(range(5))[::step] == list(range(5)[::step]) == [0 if step > 0 else 4]
    assert memoryview(b"abc")[::step].tobytes() == (b"a" if step > 0 else b"c")
