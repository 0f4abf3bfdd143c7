# io: memory streams, files, text layers, modes, errors.
import io
import os
from check import raises

b = io.BytesIO(b'abc\ndef\n')
assert b.read(2) == b'ab' and b.tell() == 2 and b.readline() == b'c\n' and b.read() == b'def\n'
assert b.read() == b'' and b.seek(-2, 2) == 6 and b.read() == b'f\n'
b.seek(0)
b.write(b'XY')
assert b.getvalue() == b'XYc\ndef\n' and list(io.BytesIO(b'a\nb')) == [b'a\n', b'b']
assert b.truncate(3) == 3 and b.getbuffer().nbytes == 3
s = io.StringIO('one\ntwo\r\nthree', newline=None)
assert s.readline() == 'one\n' and s.read() == 'two\nthree' and s.seek(0) == 0
assert s.readlines() == ['one\n', 'two\n', 'three']
o = io.StringIO()
print('x', 1, file=o)
assert o.getvalue() == 'x 1\n' and o.writable() and o.seekable()
o.close()
raises(ValueError, 'I/O operation on closed file', o.getvalue)
with open('f.txt', 'w', encoding='utf-8') as f:
    assert f.write('héllo\nworld\n') == 12 and f.mode == 'w' and f.name == 'f.txt'
    assert f.encoding == 'utf-8' and not f.closed
assert f.closed and os.path.getsize('f.txt') == 13
with open('f.txt', encoding='utf-8') as f:
    assert f.read(3) == 'hél' and f.readline() == 'lo\n' and next(f) == 'world\n' and f.read() == ''
with open('f.txt', 'rb') as f:
    assert f.read() == b'h\xc3\xa9llo\nworld\n' and f.seek(1) == 1 and f.read1(2) == b'\xc3\xa9'
    assert f.raw.name == 'f.txt' and f.peek(1)[:1] == b'l'
with open('f.txt', 'a', encoding='utf-8') as f:
    f.writelines(['a\n', 'b\n'])
with open('f.txt', 'r+b') as f:
    f.seek(0)
    f.write(b'H')
    assert f.seek(0, 2) == 17 and f.tell() == 17
    f.seek(0)
    buffer = bytearray(3)
    assert f.readinto(buffer) == 3 and buffer == b'H\xc3\xa9'
with open('f.txt', encoding='utf-8') as f:
    assert [line.rstrip() for line in f] == ['Héllo', 'world', 'a', 'b']
with open('crlf', 'wb') as f:
    f.write(b'a\r\nb\rc\n')
assert open('crlf').read() == 'a\nb\nc\n' and open('crlf', newline='').read() == 'a\r\nb\rc\n'
assert open('crlf', newline='\n').readlines() == ['a\r\n', 'b\rc\n']
with open('x', 'x') as f:
    pass
raises(FileExistsError, "[Errno 17] File exists: 'x'", open, 'x', 'x')
raises(FileNotFoundError, "[Errno 2] No such file or directory: 'none'", open, 'none')
raises(IsADirectoryError, "[Errno 21] Is a directory: '.'", open, '.')
raises(ValueError, "invalid mode: 'q'", open, 'x', 'q')
raises(ValueError, "must have exactly one of create/read/write/append mode", open, 'x', 'rw')
raises(ValueError, "binary mode doesn't take an encoding argument", open, 'x', 'rb',
       encoding='utf-8')
raises(ValueError, "can't have text and binary mode at once", open, 'x', 'rtb')
raises(ValueError, "can't have unbuffered text I/O", open, 'x', 'r', 0)
raises(LookupError, 'unknown encoding: nope', open, 'x', encoding='nope')
raises(TypeError, "expected str, bytes or os.PathLike object, not float", open, 1.5)
with open('x', 'w') as f:
    raises(io.UnsupportedOperation, 'not readable', f.read)
    raises(TypeError, 'write() argument must be str, not bytes', f.write, b'a')
with open('x', 'rb') as f:
    raises(io.UnsupportedOperation, 'write', f.write, b'a')
raises(ValueError, 'read of closed file', f.read)
t = io.TextIOWrapper(io.BytesIO(), encoding='ascii', errors='backslashreplace', newline='\r\n',
                     write_through=True)
t.write('é\n')
assert t.buffer.getvalue() == b'\\xe9\r\n' and t.errors == 'backslashreplace'
assert t.detach().getvalue() == b'\\xe9\r\n'
r, w = os.pipe()
with open(r, 'rb', buffering=0) as reader, open(w, 'wb', buffering=0) as writer:
    assert writer.write(b'through') == 7 and reader.read(3) == b'thr' and reader.readall is not None
    assert type(reader) is io.FileIO
big = b'0123456789' * 100_000
with open('big', 'wb') as f:
    f.write(big)
with open('big', 'rb', buffering=1000) as f:
    assert b''.join(iter(lambda: f.read(777), b'')) == big
assert sum(1 for _ in open('big', encoding='latin-1')) == 1 and io.open is open
assert isinstance(f, io.BufferedReader) and issubclass(io.StringIO, io.TextIOBase)


# a file in memory is no buffer; what getbuffer() gives is
import pickle
raises(TypeError, "memoryview: a bytes-like object is required, not '_io.BytesIO'", memoryview, io.BytesIO(b"abc"))
file = io.BytesIO(b"abc")
with file.getbuffer() as view:
    assert type(view.obj).__name__ == "_BytesIOBuffer" and view.tobytes() == b"abc"
    raises(BufferError, "Existing exports of data: object cannot be re-sized", file.write, b"defghi")
    view[0] = 65
assert file.getvalue() == b"Abc" and file.write(b"defghi") == 6
raises(TypeError, "cannot create '_io._BytesIOBuffer' instances", type(file.getbuffer().obj))


# subclasses that say how they are pickled
class Buffered(io.BufferedReader):
    def __init__(self, raw, tag):
        super().__init__(raw)
        self.tag = tag

    def __getstate__(self):
        return self.tag, self.raw.getvalue()

    def __setstate__(self, state):
        self.__init__(io.BytesIO(state[1]), state[0])


for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    copy = pickle.loads(pickle.dumps(Buffered(io.BytesIO(b"data"), "tag"), protocol))
    assert (type(copy), copy.tag, copy.read()) == (Buffered, "tag", b"data")
assert io.BufferedReader.__new__ is object.__new__ and io.IOBase.__new__ is object.__new__

# a closed file keeps no buffer
import sys
file = io.BufferedReader(io.BytesIO(b"x"), 4096)
size = sys.getsizeof(file)
file.close()
assert sys.getsizeof(file) == size - 4096
raises(ValueError, "read of closed file", file.read)


# what readinto() says it has read is no more than the buffer that it was given
class Shrinking(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, buffer):
        given.append(type(buffer))
        n = len(buffer)
        buffer[:3] = b"abc"
        if isinstance(buffer, memoryview):
            buffer = buffer.obj
        for change in changes:
            try:
                change(buffer)
            except (AttributeError, BufferError):
                pass  # the memory belongs to nobody, or is lent
        return n


given = []
for changes in [], [lambda b: b.clear()], [lambda b: b.__delitem__(slice(3, None))]:
    assert io.BufferedReader(Shrinking()).read(10)[:3] == b"abc" and io.BufferedReader(Shrinking()).read1(40)[:3] == b"abc"
    assert len(Shrinking().read(40)) == 40
assert set(given) == {bytearray, memoryview}

# readlines() stops when there is more than the hint, of a BytesIO as much
data = b"ab\nab\n\nab\nc"
for make in lambda: io.BufferedReader(io.BytesIO(data)), lambda: io.BufferedRandom(io.BytesIO(data)), lambda: io.TextIOWrapper(io.BytesIO(data)), \
        lambda: io.StringIO(data.decode()):
    assert [len(make().readlines(i)) for i in (None, -1, 0, 1, 3, 6, 7, 10, 100)] == [5, 5, 5, 1, 2, 3, 4, 5, 5]
assert [len(io.BytesIO(data).readlines(i)) for i in (None, -1, 0, 1, 3, 6, 7, 10, 100)] == [5, 5, 5, 1, 1, 2, 3, 4, 5]


# without a hint nothing is asked of what a class gives as its lines; with one, their length
class Lines(io.IOBase):
    def __iter__(self):
        return iter([1, 2])


assert Lines().readlines() == [1, 2]
try:
    Lines().readlines(5)
    assert False
except TypeError as e:
    assert str(e) == "object of type 'int' has no len()"


class Written(io.BytesIO):
    def write(self, data):
        raise AssertionError


file = Written()
file.writelines([b"a", bytearray(b"b")]), file.writelines(iter([b"c"]))
assert file.getvalue() == b"abc"

# positions behind which nothing can be written
for file, position, message in (io.BytesIO(), 2**63 - 1, "new buffer size too large"), (io.StringIO(), 2**63 - 1, "new position too large"), \
        (io.StringIO(), 2**62, "new buffer size too large"):
    text = "x" if isinstance(file, io.StringIO) else b"x"
    file.seek(position)
    assert file.write(text[:0]) == 0 and file.tell() == position and file.read(5) == file.readline() == text[:0]
    raises(OverflowError, message, file.write, text)
    raises(OverflowError, message, file.writelines, [text])
    file.__setstate__((text, "\n", position, None) if text == "x" else (text, position, None))
    raises(OverflowError, message, file.write, text)
    assert file.tell() == position and file.getvalue() == text and file.truncate() == position and file.seek(0) == 0
raises(OverflowError, "new position too large", lambda f: (f.seek(2**63 - 2), f.write("\n")), io.StringIO(newline="\r\n"))
for file, kept in (io.BytesIO(), "'str' object cannot be interpreted as an integer"), (io.StringIO(), "argument should be integer or None, not 'str'"):
    raises(TypeError, kept, file.truncate, "x")
    raises(OverflowError, None, file.truncate, 2**63)
    assert file.truncate(2**63 - 1) == 2**63 - 1
    file.close()
    assert "closed file" in str(raises(ValueError, None, file.truncate, -1))
raises(OverflowError, "new position too large", lambda f: (f.seek(1), f.seek(2**63 - 1, 1)), io.BytesIO())


# positions that tell() has not given: characters before the first are not there
def cookie(start=0, flags=0, feed=0, skip=0, end=0):
    return start | flags << 64 | feed % 2**32 << 96 | skip % 2**32 << 128 | end << 160


for encoding in "ascii", "utf-8", "cp1252":
    for skip in -1, -3, -1_000_000, -2**31, 6, 2**31 - 1:
        file = io.TextIOWrapper(io.BytesIO(b"hello world\n" * 10), encoding)
        try:
            file.seek(cookie(feed=5, skip=skip))
            assert False, file.read(5)
        except OSError as error:
            assert str(error) == "can't restore logical file position"
        except AssertionError:
            raise
        except IndexError:
            assert sys.implementation.name == "cpython"    # read() finds it

# what an opener gives is not inherited either
def inherited(name, flags):
    fd = os.open(name, flags)
    os.set_inheritable(fd, True)
    return fd


with open(os.devnull, opener=inherited) as file:
    assert not os.get_inheritable(file.fileno())
raises(OSError, f'[Errno 9] {os.strerror(9)}', open, os.devnull, opener=lambda name, flags: 1_000_000)
