"""array: kinds of items, slices, conversions, and refusals."""
from array import array
from check import raises

for code, low, high in ("b", -2**7, 2**7 - 1), ("B", 0, 2**8 - 1), ("h", -2**15, 2**15 - 1), ("H", 0, 2**16 - 1), \
        ("i", -2**31, 2**31 - 1), ("I", 0, 2**32 - 1), ("q", -2**63, 2**63 - 1), ("Q", 0, 2**64 - 1):
    a = array(code, [low, 0, high])
    assert a.tolist() == [low, 0, high] and array(code, a.tobytes()) == a and eval(repr(a)) == a
    for bad in low - 1, high + 1:
        try:
            a.append(bad)
            assert False, (code, bad)
        except OverflowError:
            pass
    assert len(a) == 3
a = array("i", range(10))
a[2:4] = array("i", [20, 21, 22])
assert a.tolist() == [0, 1, 20, 21, 22, 4, 5, 6, 7, 8, 9]
del a[::3]
assert a.tolist() == [1, 20, 22, 4, 6, 7, 9]
a[::-2] = array("i", [1, 2, 3, 4])
assert a.tolist() == [4, 20, 3, 4, 2, 7, 1] and a[::-3].tolist() == [1, 4, 4]
assert (a[:2] * 2 + a[-1:]).tolist() == [4, 20, 4, 20, 1]
assert array("w", "a\U00012345").tounicode() == "a\U00012345"
m = memoryview(a)
assert m.format == "i" and m.shape == (7,) and m[1] == 20
raises(BufferError, "cannot resize an array that is exporting buffers", lambda: a.append(1))
m.release()
raises(TypeError, "can only assign array (not \"list\") to array slice", lambda: a.__setitem__(slice(0, 1), [1]))
raises(ValueError, "array.index(x): x not in array", lambda: a.index(99))
raises(OverflowError, "signed char is greater than maximum", lambda: array("b", [200]))
