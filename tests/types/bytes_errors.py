# bytes and bytearray: the messages of what they refuse.
from check import raises

raises(ValueError, 'bytes must be in range(0, 256)', bytes, [256])
raises(ValueError, 'bytes must be in range(0, 256)', bytes, [-1])
raises(ValueError, 'byte must be in range(0, 256)', bytearray(1).append, 256)
raises(ValueError, 'byte must be in range(0, 256)', bytearray(1).__setitem__, 0, 300)
raises(ValueError, 'negative count', bytes, -1)
raises(TypeError, 'string argument without an encoding', bytes, 'a')
raises(TypeError, 'encoding without a string argument', bytes, b'a', 'utf-8')
raises(TypeError, "cannot convert 'float' object to bytes", bytes, 1.5)
raises(TypeError, "'str' object cannot be interpreted as an integer", bytes, ['a'])
raises(TypeError, "can't concat str to bytes", lambda: b'a' + 'b')
raises(TypeError, "can't concat int to bytearray", lambda: bytearray() + 1)
raises(TypeError, "a bytes-like object is required, not 'str'", lambda: 'a' in b'abc')
raises(ValueError, 'byte must be in range(0, 256)', lambda: 256 in b'abc')
raises(TypeError, "argument should be integer or bytes-like object, not 'str'", b'a'.find, 'a')
raises(ValueError, 'subsection not found', b'a'.index, b'z')
raises(ValueError, 'empty separator', b'a'.split, b'')
raises(TypeError, "a bytes-like object is required, not 'str'", b'a'.split, 'a')
raises(TypeError, 'sequence item 0: expected a bytes-like object, str found', b','.join, ['a'])
raises(TypeError, "startswith first arg must be bytes or a tuple of bytes, not str",
       b'a'.startswith, 'a')
raises(IndexError, 'index out of range', lambda: b'a'[1])
raises(IndexError, 'bytearray index out of range', lambda: bytearray(1)[1])
raises(IndexError, 'pop from empty bytearray', bytearray().pop)
raises(IndexError, 'pop index out of range', bytearray(1).pop, 5)
raises(ValueError, 'value not found in bytearray', bytearray(1).remove, 5)
raises(TypeError, 'byte indices must be integers or slices, not str', lambda b=b'a': b['a'])
raises(ValueError, 'non-hexadecimal number found in fromhex() arg at position 1', bytes.fromhex,
       '0x')
raises(ValueError, 'fromhex() arg must contain an even number of hexadecimal digits', bytes.fromhex,
       '0')
raises(ValueError, 'sep must be length 1.', b'ab'.hex, 'xx')
raises(TypeError, "'bytes' object does not support item assignment", exec, "b'a'[0] = 1")
raises(TypeError, "unhashable type: 'bytearray'", hash, bytearray())
raises(ValueError, 'maketrans arguments must have same length', bytes.maketrans, b'a', b'')
raises(ValueError, 'translation table must be 256 characters long', b'a'.translate, b'short')
raises(TypeError, "ord() expected a character, but string of length 2 found", ord, b'ab')
view = memoryview(bytearray(b'abc'))
held = view.obj
raises(BufferError, 'Existing exports of data: object cannot be re-sized', held.append, 1)
view.release()
held.append(100)
assert held == b'abcd'
raises(ValueError, 'attempt to assign bytes of size 1 to extended slice of size 2',
       held.__setitem__, slice(None, None, 2), b'x')
