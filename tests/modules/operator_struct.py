# operator and struct.
import operator as o
import struct
from check import raises

assert o.add(1, 2) == 3 and o.floordiv(7, 2) == 3 and o.matmul is not None and o.truth([]) is False
assert o.not_(0) and o.is_(None, None) and o.contains([1], 1) and o.index(True) == 1
assert o.itemgetter(1)('abc') == 'b' and o.itemgetter(0, 2)('abc') == ('a', 'c')
assert o.attrgetter('real')(5) == 5 and o.attrgetter('real', 'imag')(5) == (5, 0)
assert o.attrgetter('__class__.__name__')(5) == 'int'
assert o.methodcaller('upper')('a') == 'A'
assert o.methodcaller('split', ',', maxsplit=1)('a,b,c') == ['a', 'b,c']
assert o.concat([1], [2]) == [1, 2] and o.countOf([1, 1], 1) == 2 and o.indexOf('abc', 'c') == 2
assert o.iadd([1], [2]) == [1, 2] and o.setitem([0], 0, 1) is None
assert o.length_hint(iter([1, 2])) == 2 and o.lt(1, 2) and o.inv(5) == -6 and o.is_none(None)
assert o.call(max, 1, 2) == 2
raises(TypeError, "attribute name must be a string", o.attrgetter, 5)
raises(ValueError, 'sequence.index(x): x not in sequence', o.indexOf, [], 1)
assert repr(o.itemgetter(1)) == 'operator.itemgetter(1)'
assert repr(o.methodcaller('f', 1, k=2)) == "operator.methodcaller('f', 1, k=2)"
assert struct.pack('<ihb', 1, -2, 3) == b'\x01\0\0\0\xfe\xff\x03'
assert struct.unpack('<ihb', b'\x01\0\0\0\xfe\xff\x03') == (1, -2, 3)
assert struct.calcsize('<ihb') == 7 and struct.calcsize('@bi') == 8
assert struct.pack('>d', 1.5) == b'?\xf8\0\0\0\0\0\0'
assert struct.unpack('<f', struct.pack('<f', 0.5)) == (0.5,)
assert struct.pack('5s', b'abc') == b'abc\0\0' and struct.pack('3p', b'ab') == b'\x02ab'
assert struct.pack('?c', True, b'x') == b'\x01x'
assert struct.pack('<Q', 2 ** 64 - 1) == b'\xff' * 8 and struct.unpack('<q', b'\xff' * 8) == (-1,)
assert struct.pack('<e', 1.0) == b'\0<' and struct.pack('2x3h', 1, 2, 3)[:2] == b'\0\0'
s = struct.Struct('<hh')
b = bytearray(6)
s.pack_into(b, 2, 1, 2)
assert b == b'\0\0\x01\0\x02\0' and s.unpack_from(b, 2) == (1, 2) and s.size == 4
assert s.format == '<hh' and list(s.iter_unpack(b'\x01\0\x02\0' * 2)) == [(1, 2), (1, 2)]
raises(struct.error, 'unpack requires a buffer of 4 bytes', struct.unpack, '<i', b'abc')
raises(struct.error, 'bad char in struct format', struct.calcsize, 'y')
raises(struct.error, "'b' format requires -128 <= number <= 127", struct.pack, 'b', 200)
raises(struct.error, 'pack expected 1 items for packing (got 2)', struct.pack, 'b', 1, 2)
raises(struct.error, 'required argument is not an integer', struct.pack, 'i', 1.5)
raises(struct.error, "argument for 's' must be a bytes object", struct.pack, 's', 'a')
