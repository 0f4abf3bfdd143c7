"""io.TextIOWrapper: what it calls, a raw file, a codec or an error handler, uses or changes the same wrapper."""
import codecs
import io
import sys

weft = sys.implementation.name == "weft"  # CPython frees what is at work


# a raw file whose write() makes the wrapper anew: the buffered file that called it is at work
class Raw(io.RawIOBase):
    change = None

    def writable(self):
        return True

    def readable(self):
        return True

    def write(self, data):
        written.append(bytes(data))
        self.once()
        return len(data)

    def readinto(self, buffer):
        self.once()
        buffer[:3] = b"xyz"
        return 3

    def once(self):
        change, self.change = self.change, None
        if change:
            change()


def again():
    t.__init__(io.BytesIO(b"new"), encoding="utf-8")


if weft:
    for use in lambda: t.flush(), lambda: t.write("d" * 300_000), lambda: t.close():
        written = []
        raw = Raw()
        t = io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8")
        t.write("abc")
        raw.change = again
        use()
        assert written[0].startswith(b"abc"), written
    for use, expected in (lambda: t.read(5), "xyzne"), (lambda: t.readline(), "xyznew"), (lambda: next(t), "xyznew"):
        raw = Raw()
        t = io.TextIOWrapper(io.BufferedReader(raw), encoding="utf-8")
        raw.change = again
        assert use() == expected


# a decoder, and an encoder, that make the wrapper anew or configure it while they are at work
class Inner:
    def decode(self, data, final=False):
        change()
        return bytes(data).decode()

    def encode(self, text, final=False):
        change()
        return text.encode()

    def getstate(self):
        return b"", 0

    def setstate(self, state):
        pass

    def reset(self):
        pass


def search(name):
    if name == "reentered":
        return codecs.CodecInfo(None, None, incrementaldecoder=lambda errors: io.IncrementalNewlineDecoder(Inner(), False),
                                incrementalencoder=lambda errors: Inner(), name=name)


codecs.register(search)


def configure():
    t.reconfigure(encoding="latin-1", errors="replace")


for change in again, configure:
    t = io.TextIOWrapper(io.BytesIO(b"hello\nworld\n"), encoding="reentered")
    assert t.readline() == "hello\n"
    t = io.TextIOWrapper(io.BytesIO(), encoding="reentered")
    assert t.write("hello") == 5
    t.flush()
    assert t.buffer.getvalue()[:5] == b"hello"


# an error handler that gives the wrapper other errors
def other(error):
    t.reconfigure(errors="a-name-of-" + "its-own")
    return "?", error.end


def plain(error):
    return "!", error.end


codecs.register_error("other" * 5, other)
codecs.register_error("a-name-of-its-own", plain)
for encoding in "utf-8", "latin-1", "ascii":
    t = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="".join(["other"] * 5))
    t.write("a\ud800b\ud800")
    t.write("\ud801")
    t.flush()
    assert t.buffer.getvalue() in (b"a?b?!", b"a?b!!"), t.buffer.getvalue()


# an error handler that flushes, or writes a line to the same file, and then gives up: nothing is written twice
def flushing(error):
    t.flush()
    raise error


def logging(error):
    t.write("log\n")
    raise error


def telling(error):
    t.write("log" * 2000)
    return "?", error.end


for name in "flushing", "logging", "telling":
    codecs.register_error(name, globals()[name])
for lines in False, True:
    for errors, expected in ("flushing", b"abc"), ("logging", b"abclog\n"), ("telling", b"abc" + b"log" * 2000 + b"?"):
        for encoding in "utf-8", "ascii", "cp1252":
            t = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=errors, line_buffering=lines)
            t.write("abc")
            try:
                t.write("\ud800")
            except UnicodeEncodeError:
                assert errors != "telling"
            t.flush()
            assert t.buffer.getvalue() == expected, (errors, encoding, t.buffer.getvalue()[:20])
t = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="telling")
t.write("abc")
t.write("x" * 8000 + "\ud800")
t.flush()
assert t.buffer.getvalue() == b"abc" + b"log" * 2000 + b"x" * 8000 + b"?"


# bytes of a class with a + of its own, behind a character that has not ended
class Odd(bytes):
    def __radd__(self, other):
        return 5


class Pieces(io.BytesIO):
    def read1(self, n=-1):
        return Odd(super().read1(1))


if weft:  # CPython's decoder is one of Python code that adds
    t = io.TextIOWrapper(Pieces("\u20acb\n".encode()), encoding="utf-8")
    assert t.readline() == "\u20acb\n"
    t = io.TextIOWrapper(Pieces("\u20acb\n".encode()), encoding="utf-8", newline="")
    assert t.read(1) == "\u20ac" and t.tell() == 3
