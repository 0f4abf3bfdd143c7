"""Memory that a function reads at once is not found lent by others: they may change its size meanwhile."""
import array
import binascii
import codecs
import hashlib
import struct
import zlib

from together import together

ROUNDS = 1000


def check(memory, *reads):
    done = []

    def read(i):
        try:
            for n in range(ROUNDS):
                reads[(n + i) % len(reads)](memory)
        finally:
            done.append(i)

    def change():
        while len(done) < 2:
            memory.append(1)
            memory.pop()

    together(change, lambda: read(0), lambda: read(1))
    assert bytes(memory) == b'1' * 100


reads = (lambda m: b''.join([m, m]), lambda m: b'11'.find(m), lambda m: bytearray().extend(m), lambda m: b'1'.startswith(m),
         lambda m: codecs.decode(m, 'latin-1'), lambda m: int.from_bytes(m), lambda m: zlib.crc32(m), lambda m: binascii.hexlify(m),
         lambda m: hashlib.sha256(m), lambda m: struct.unpack_from('50B', m), lambda m: array.array('B').frombytes(m),
         lambda m: b'x'.replace(b'x', m), lambda m: b'11' + m)
check(bytearray(b'1' * 100), *reads, lambda m: m + m, lambda m: m.hex(), lambda m: str(m, 'latin-1'))
check(array.array('B', b'1' * 100), *reads)
