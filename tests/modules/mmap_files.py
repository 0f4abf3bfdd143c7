# mmap: files and anonymous memory, as bytes and as files, resizing, refusals.
import mmap
import os
from check import raises

with open('data', 'w+b') as f:
    f.write(b'0123456789\nline\n' * 300)
    f.flush()
    m = mmap.mmap(f.fileno(), 0)
    assert len(m) == m.size() == 4800 and m[0] == 48 and m[2:5] == b'234' and m[-1:] == b'\n' and m[0:9:3] == b'036'
    m[0:3] = b'abc'
    m[3] = 100
    m.flush()
    f.seek(0)
    assert f.read(5) == b'abcd4'
    assert m.read(4) == b'abcd' and m.readline() == b'456789\n' and m.tell() == 11 and m.read_byte() == 108
    assert m.find(b'line') == 27 and m.find(b'line', 0) == 11 and m.rfind(b'abc') == -1 and m.find(b'nothing') == -1
    assert m.seek(-5, 2) == 4795 and m.read() == b'line\n' and m.read(1) == b''
    m.seek(0)
    assert m.write(b'XY') == 2
    m.write_byte(90)
    m.move(10, 0, 3)
    assert m[10:13] == b'XYZ'
    m.resize(100)
    assert len(m) == 100 and os.path.getsize('data') == 100
    view = memoryview(m)
    raises(BufferError, 'cannot close exported pointers exist', m.close)
    raises(BufferError, "mmap can't resize with extant buffers exported.", lambda: m.resize(5))
    view.release()
    raises(IndexError, 'mmap index out of range', lambda: m[100])
    raises(TypeError, 'mmap indices must be integers', lambda: m['a'])
    raises(ValueError, 'seek out of range', lambda: m.seek(-1))
    m.close()
    assert m.closed
    raises(ValueError, 'mmap closed or invalid', lambda: m[0])
    only = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
    raises(TypeError, "mmap can't modify a readonly memory map.", lambda: only.write(b'x'))
    copy = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_COPY)
    copy[0] = 0
    assert only[0] != 0
    raises(ValueError, 'mmap length is greater than file size', lambda: mmap.mmap(f.fileno(), 200))
with mmap.mmap(-1, 10) as m:
    assert bytes(m) == bytes(10) and list(m)[:2] == [b'\0', b'\0']
    m[:] = b'abcdefghij'
    assert repr(m) == '<mmap.mmap closed=False, access=ACCESS_DEFAULT, length=10, pos=0, offset=0>'
assert repr(m) == '<mmap.mmap closed=True>'
