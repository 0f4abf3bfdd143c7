# Memory that one thread stores into while others read it through what C code was lent: each reader finds bytes that were there at some
# moment, and none of them is led out of the memory by a change halfway.
import array
import binascii
import bz2
import codecs
import hashlib
import io
import lzma
import marshal
import mmap
import os
import pickle
import re
import struct
import zlib

from together import together

ROUNDS, SIZE = 40, 256
digits = re.compile(rb'[0-9]+')
null = os.open(os.devnull, os.O_WRONLY)


def read(memory):
    """Every way of reading, of a bytes-like object whose bytes are all '1' or '2'."""
    assert set(bytes(memory)) <= {49, 50} and len(bytes(memory)) == SIZE
    assert digits.fullmatch(memory)[0].isdigit() and len(digits.findall(memory)) == 1
    assert set(re.sub(rb'1', b'2', memory)) <= {49, 50} and re.search(b'1?.', memory) and re.match(b'(.)*', memory)[1] in (b'1', b'2')
    assert not re.search(b'3', memory) and len(re.split(b'3', memory)[0]) == SIZE
    assert 0 < int.from_bytes(memory) and int(memory) > 0 and float(memory) > 0
    assert set(struct.unpack(f'{SIZE}B', memory)) <= {49, 50} and struct.unpack_from('B', memory, 5)[0] in (49, 50)
    assert all(set(pair) <= {49, 50} for pair in struct.iter_unpack('BB', memory))
    assert set(codecs.decode(memory, 'utf-8')) <= {'1', '2'} and set(str(memory, 'ascii')) <= {'1', '2'}
    assert len(codecs.utf_7_decode(memory)[0]) == SIZE and len(codecs.latin_1_decode(memory)[0]) == SIZE
    assert set(b''.join([memory, memory])) <= {49, 50} and b'1' * SIZE + memory and b'112'.find(memory) == -1
    assert b'x'.replace(b'x', memory) != b'x' and b'11'.strip(memory) in (b'', b'11') and b'3'.split(memory) == [b'3']
    assert set(binascii.unhexlify(memory)) <= {0x11, 0x12, 0x21, 0x22} and len(binascii.hexlify(memory)) == 2 * SIZE
    assert len(binascii.a2b_base64(memory)) == SIZE // 4 * 3 and binascii.b2a_base64(memory)
    zlib.crc32(memory), zlib.adler32(memory), binascii.crc32(memory), hashlib.sha256(memory).digest()
    packed = zlib.compress(memory), bz2.compress(memory, 1), lzma.compress(memory, preset=0)
    assert all(set(module.decompress(p)) <= {49, 50} for module, p in zip((zlib, bz2, lzma), packed))
    assert os.write(null, memory) == SIZE and io.BytesIO(memory).write(memory) == SIZE
    file = io.BytesIO()
    file.write(memory), file.writelines([memory])
    assert len(file.getvalue()) == 2 * SIZE and set(file.getvalue()) <= {49, 50}
    assert memory == memory or True
    grown = bytearray(memory)
    grown += memory
    grown[:SIZE] = memory
    grown.extend(memory)
    assert set(grown) <= {49, 50} and len(grown) == 3 * SIZE
    for load in pickle.loads, marshal.loads:
        try:
            load(memory)
        except (pickle.UnpicklingError, ValueError, EOFError, TypeError, IndexError, KeyError):
            pass
    if isinstance(memory, memoryview):
        assert set(memory.tobytes()) <= {49, 50} and set(memory.tolist()) <= {49, 50} and len(memory.hex()) == 2 * SIZE
    elif isinstance(memory, array.array):
        assert all(set(part) <= {49, 50} for part in (memory[:], memory[::2], memory[::-1], memory.tobytes(), memory.tolist(), memory * 2))
    elif isinstance(memory, mmap.mmap):
        memory.seek(0)
        assert memory.readline() != memory.read() == b'' and memory.seek(0) == 0 and set(memory.read(SIZE)) <= {49, 50}
        assert memory.find(b'3') == memory.rfind(b'113') == -1 and all(byte in b'12' for byte in memory)
        assert set(memory[:]) <= {49, 50} and set(memory[::2]) <= {49, 50}
    elif isinstance(memory, bytearray):
        assert set(memory.replace(b'1', b'22')) == {50} and SIZE == len(memory.upper()) and memory.find(b'3') == -1
        assert sum(map(len, memory.split(b'1'))) <= SIZE and set(memory.translate(None, b'1')) <= {50}
        assert memory.isdigit() and set(memory.decode()) <= {'1', '2'} and set(memory.hex()) <= {'3', '1', '2'}
        assert memory.count(b'1') + memory.count(b'2') >= 0 and set(memory * 2) <= {49, 50} and len(memory.splitlines()) == 1
        assert set(memory + view) <= {49, 50} and set(memory[5:]) <= {49, 50} and set(memory.copy()) <= {49, 50}
        assert set(repr(memory)) <= set("bytearray(b'12')")
        for shrink in memory.pop, lambda: memory.remove(49):
            try:
                shrink()
                assert False
            except (BufferError, ValueError):  # lent; or none is there
                pass


def store(memory, view, done):
    n = 0
    while len(done) < 2:
        n += 1
        view[n % SIZE] = 49 + n % 2
        memory[(n + 7) % SIZE] = memory[n % SIZE] if not isinstance(memory, mmap.mmap) else memory[n % SIZE]
        view[10:20] = bytes([49 + n % 3 // 2]) * 10
        if isinstance(memory, bytearray):
            memory[30:40] = view[10:20]
            memory.reverse()
        elif isinstance(memory, array.array):
            memory.reverse(), memory.byteswap()


shared = mmap.mmap(-1, SIZE)
shared[:] = b'1' * SIZE
for memory in bytearray(b'1' * SIZE), array.array('B', b'1' * SIZE), shared:
    view, done = memoryview(memory), []

    def reader(target):
        try:
            for _ in range(ROUNDS):
                read(target)
        finally:
            done.append(target)

    together(lambda: store(memory, view, done), lambda: reader(view), lambda: reader(memory))
    view.release()

# bytes of a file's own memory
file = io.BytesIO(b'1' * SIZE)
view, done = file.getbuffer(), []


def file_reader():
    try:
        for _ in range(ROUNDS * 10):
            assert set(file.getvalue()) <= {49, 50} and file.seek(0) == 0 and len(file.read()) <= SIZE
            assert file.seek(0) == 0 and len(file.readline()) == SIZE and file.seek(0) == 0 and len(file.readlines()) == 1
    finally:
        done.append(1)


def file_writer():
    n = 0
    while not done:
        n += 1
        view[n % SIZE] = 49 + n % 2


together(file_writer, file_reader)

# what files put into memory that others look at
class Twos(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, memory):
        memory[:] = b'2' * len(memory)
        return len(memory)


class Ones(io.BufferedIOBase):
    def read(self, size=-1):
        return b'1' * size


target, done = bytearray(b'1' * SIZE), []


def filler():
    try:
        twos, ones = io.BufferedReader(Twos(), SIZE * 2), Ones()
        with memoryview(target) as memory:
            for _ in range(ROUNDS * 10):
                assert file.seek(0) == 0 and file.readinto(memory) == SIZE
                twos.readinto(memory), ones.readinto(memory), twos.read(1), twos.readinto1(memory)
            file.seek(0)
            assert file.readinto(view[1:]) == SIZE - 1    # from its own memory
    finally:
        done.append(1)


def looker():
    while not done:
        assert set(bytes(target)) <= {49, 50}


together(filler, looker)
view.release()
os.close(null)
