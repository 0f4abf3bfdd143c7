# What arguments of methods of bytearray and memoryview may do to them while they are looked at.
from check import raises


class Evil:
    def __init__(self, act):
        self.act = act

    def __buffer__(self, flags):
        self.act()
        return memoryview(b'ABCDEFGH')

    def __index__(self):
        self.act()
        return 4


for name in ('find', 'rfind', 'index', 'rindex', 'count', 'split', 'rsplit', '__contains__'):
    array = bytearray(b'A' * 8)
    raises(BufferError, None, getattr(array, name), Evil(array.clear))
    array.append(1)   # and it may change again
    assert array == b'A' * 8 + b'\1', name


class Separator(bytes):
    def __len__(self):
        array.clear()
        return 1


array = bytearray(b'abc')
raises(BufferError, None, array.hex, Separator(b':'))


class Shown:
    def __repr__(self):
        template.clear()
        return 'E'


template = bytearray(b'%a end')
raises(BufferError, None, template.__mod__, Shown())
array = bytearray(b',')
raises(BufferError, None, array.join, (array.clear() for _ in range(2)))

array = bytearray(b'x' * 10)
array.extend(Evil(lambda: array.extend(b'y' * 5)))
assert array == b'x' * 10 + b'ABCDEFGH' + b'y' * 5
array.extend(Evil(array.clear))
assert array == b'ABCDEFGH'

items = [b'a', Evil(lambda: items.clear()), b'c']
raises(RuntimeError, 'sequence changed size during iteration', b''.join, items)

released = 'operation forbidden on released memoryview object'
for cast, key in (('B', lambda e: e), ('B', lambda e: slice(0, e)), ('d', lambda e: 0)):
    view = memoryview(bytearray(64)).cast(cast)
    raises(ValueError, released, view.__setitem__, key(Evil(view.release)),
           b'spam' if cast == 'B' and isinstance(key(1), slice) else Evil(view.release))
view = memoryview(bytearray(64))
raises(ValueError, released, view.__getitem__, Evil(view.release))
view = memoryview(bytearray(b'\xff' * 8))
assert list(view[:Evil(view.release)]) == [255] * 4
view = memoryview(bytearray(64)).cast('B', (8, 8))
raises(ValueError, released, view.__getitem__, (0, Evil(view.release)))

assert b'\1\2'.hex('\0') == '01\x0002' and b'\1\2\3'.hex(':', 2) == '01:0203'
raises(TypeError, "can't concat memoryview to bytes", lambda: b'' + memoryview(b'abcd')[::2])
raises(TypeError, "a bytes-like object is required, not 'object'", b'a'.__contains__, object())
raises(TypeError, 'center() argument 2 must be a byte string of length 1, not None', b'a'.center, 3, None)
raises(OverflowError, 'Python int too large to convert to C ssize_t', b'a'.center, 10 ** 30)
raises(OverflowError, 'Python int too large to convert to C int', b'a'.expandtabs, 10 ** 30)
