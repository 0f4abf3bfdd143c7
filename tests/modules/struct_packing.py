"""struct: sizes, values in each format and byte order, and refusals."""
import struct
from check import raises

assert struct.calcsize("@bi") == 8 and struct.calcsize("=bi") == 5 and struct.calcsize("bi0q") == 8
assert struct.pack(">bBhHiIqQ", -1, 255, -2, 65535, -3, 2**32 - 1, -4, 2**64 - 1).hex() == (
    "ffff" "fffe" "ffff" "fffffffd" "ffffffff" "fffffffffffffffc" "ffffffffffffffff")
assert struct.pack("<efd", 1.5, -2.25, 1e300) == b"\0>" + b"\0\0\x10\xc0" + struct.pack("<Q", 0x7E37E43C8800759C)
assert struct.unpack("<3s4pc?x", b"abc\x02xyzq\x05\0") == (b"abc", b"xy", b"q", True)
assert struct.unpack("<F", struct.pack("<F", 1.5 - 2j)) == (1.5 - 2j,)
data = bytearray(10)
struct.pack_into("<h", data, 3, 258)
assert data == b"\0\0\0\2\1\0\0\0\0\0"
assert struct.unpack_from("<h", data, -7) == (258,)
assert list(struct.iter_unpack("<H", b"abcd")) == [(25185,), (25699,)]
s = struct.Struct("3i")
assert s.size == 12 and s.format == "3i" and repr(s) == "Struct('3i')"
assert s.unpack(s.pack(1, 2, -3)) == (1, 2, -3)

raises(struct.error, "'b' format requires -128 <= number <= 127", lambda: struct.pack("b", 200))
raises(struct.error, "'H' format requires 0 <= number <= 65535", lambda: struct.pack("<H", -1))
raises(struct.error, "required argument is not an integer", lambda: struct.pack("i", 1.0))
raises(struct.error, "pack expected 1 items for packing (got 0)", lambda: struct.pack("i"))
raises(struct.error, "unpack requires a buffer of 4 bytes", lambda: struct.unpack("i", b""))
raises(struct.error, "repeat count given without format specifier", lambda: struct.calcsize("3"))
raises(struct.error, "bad char in struct format", lambda: struct.calcsize("z"))
raises(OverflowError, "float too large to pack with f format", lambda: struct.pack("f", 1e39))
