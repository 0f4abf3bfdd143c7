# memoryview: indexing, slicing, casting, writing through, release, comparison.
from check import raises

b = bytearray(b'abcdef')
m = memoryview(b)
assert m[0] == 97 and m[-1] == 102 and len(m) == 6 and bytes(m[1:3]) == b'bc'
assert m.tolist() == [97, 98, 99, 100, 101, 102]
assert (m.format, m.itemsize, m.ndim, m.shape, m.strides, m.nbytes, m.readonly) == ('B', 1, 1, (6,),
                                                                                    (1,), 6, False)
assert m.contiguous and m.c_contiguous and m.obj is b and m.suboffsets == ()
m[0] = 65
m[1:3] = b'XY'
assert b == b'AXYdef' and m[::2].tolist() == [65, 89, 101] and m[::-1].tobytes() == b'fedYXA'
m[::2] = b'...'
assert b == b'.X.d.f' and m == b'.X.d.f' and m == bytearray(b'.X.d.f') and m != b'other'
assert not m == 5
assert memoryview(b'abc') == memoryview(b'abc') and hash(memoryview(b'abc')) == hash(b'abc')
assert 97 in memoryview(b'abc')
w = memoryview(bytearray(8)).cast('I')
w[0] = 0x01020304
assert len(w) == 2 and w.itemsize == 4 and w.tolist() == [0x01020304, 0] and w.cast('B')[0] == 4
assert w.nbytes == 8
d = memoryview(bytearray(16)).cast('d')
d[1] = 2.5
assert d.tolist() == [0.0, 2.5] and d.format == 'd'
grid = memoryview(bytes(range(6))).cast('B', (2, 3))
assert grid.shape == (2, 3) and grid[1, 2] == 5 and grid.tolist() == [[0, 1, 2], [3, 4, 5]]
assert grid.ndim == 2
assert memoryview(b'\x01\xff').hex() == '01ff' and memoryview(b'ab').toreadonly().readonly
assert list(memoryview(b'ab')) == [97, 98]
assert list(reversed(memoryview(b'ab'))) == [98, 97] and memoryview(b'abc').tobytes() == b'abc'
raises(TypeError, 'cannot modify read-only memory', memoryview(b'abc').__setitem__, 0, 1)
raises(TypeError, "memoryview: a bytes-like object is required, not 'str'", memoryview, 'abc')
raises(IndexError, 'index out of bounds on dimension 1', lambda: m[10])
raises(TypeError, 'memoryview: invalid slice key', lambda: m['a'])
raises(ValueError, "memoryview assignment: lvalue and rvalue have different structures",
       m.__setitem__, slice(0, 2), b'x')
raises(ValueError, "memoryview: invalid value for format 'B'", m.__setitem__, 0, 256)
raises(TypeError, "memoryview: invalid type for format 'B'", m.__setitem__, 0, 'a')
raises(TypeError, 'cannot delete memory', m.__delitem__, 0)
raises(TypeError, 'memoryview: length is not a multiple of itemsize', memoryview(b'abc').cast, 'H')
raises(ValueError, 'cannot hash writable memoryview object', hash, m)
raises(NotImplementedError, 'multi-dimensional sub-views are not implemented', lambda: grid[0])
with memoryview(b) as v:
    raises(BufferError, 'Existing exports of data: object cannot be re-sized', b.append, 1)
raises(ValueError, 'operation forbidden on released memoryview object', lambda: v[0])
assert repr(v).startswith('<released memory at 0x') and repr(m).startswith('<memory at 0x')
