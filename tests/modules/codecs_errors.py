"""Error handlers, and the registry of codecs."""
import codecs

from check import raises

MODES = {
    "ignore": b"ab", "replace": b"a??b", "backslashreplace": b"a\\xe9\\u20acb",
    "xmlcharrefreplace": b"a&#233;&#8364;b",
    "namereplace": b"a\\N{LATIN SMALL LETTER E WITH ACUTE}\\N{EURO SIGN}b",
}
for mode, expected in MODES.items():
    assert "aé€b".encode("ascii", mode) == expected, mode
    pair = codecs.lookup_error(mode)(UnicodeEncodeError("ascii", "aé€b", 1, 3, "why"))
    assert pair == (expected[1:-1].decode(), 3), mode
assert b"a\xffb".decode("ascii", "backslashreplace") == "a\\xffb"
assert b"a\xff\xfeb".decode("utf-8", "surrogateescape").encode("utf-8", "surrogateescape") == b"a\xff\xfeb"
assert b"\xed\xa0\x80".decode("utf-8", "surrogatepass") == "\ud800"
raises(UnicodeEncodeError, "'ascii' codec can't encode characters in position 1-2: ordinal not in range(128)",
       lambda: "aé€b".encode("ascii"))
raises(LookupError, "unknown error handler name 'nope'",
       lambda: "é".encode("ascii", "nope"))

# handlers of one's own: text, bytes, positions, another input
calls = []


def handler(error):
    calls.append((type(error), error.start, error.end))
    return ("<?>", error.end) if error.start < 3 else (b"\xff", error.start + 1)


codecs.register_error("test.own", handler)
assert "é€x€€".encode("ascii", "test.own") == b"<?>x\xff\xff"
assert calls == [(UnicodeEncodeError, 0, 2), (UnicodeEncodeError, 3, 5), (UnicodeEncodeError, 4, 5)]
codecs.register_error("test.far", lambda error: ("x", 100))
raises(IndexError, "position 100 from error handler out of bounds",
       lambda: "é".encode("latin-1", "test.far") + "€".encode("latin-1", "test.far"))
codecs.register_error("test.bad", lambda error: 3)
raises(TypeError, "decoding error handler must return (str, int) tuple",
       lambda: b"\xff".decode("utf-8", "test.bad"))
raises(TypeError, "encoding error handler must return (str/bytes, int) tuple",
       lambda: "é".encode("ascii", "test.bad"))
codecs.register_error("test.back", lambda error: ("€", error.end))
raises(UnicodeEncodeError, "'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in range(128)",
       lambda: "é".encode("ascii", "test.back"))


def other_input(error):
    error.object = b"xyz"
    return "-", 1


codecs.register_error("test.other", other_input)
assert b"\xff\xff".decode("utf-8", "test.other") == "-yz"

# the registry
asked = []


def search(name):
    asked.append(name)
    if name == "test_codec.1":
        return codecs.CodecInfo(lambda text, errors="strict": (text.encode() + b"!", len(text)),
                                lambda data, errors="strict": (bytes(data).decode() + "?", len(data)), name=name)


codecs.register(search)
assert "a".encode("Test-Codec.1") == b"a!" and b"a".decode("TEST  codec.1") == "a?"
assert asked[-1] == "test_codec.1" and len(asked) == 1
codecs.unregister(search)
raises(LookupError, "unknown encoding: Test-Codec.1",
       lambda: "a".encode("Test-Codec.1"))
raises(TypeError, "argument must be callable",
       lambda: codecs.register(3))
raises(LookupError, "'rot13' is not a text encoding; use codecs.encode() to handle arbitrary codecs",
       lambda: "a".encode("rot13"))
assert codecs.encode("abc", "rot13") == "nop"
try:
    "\u1234".encode("cp437")
except UnicodeEncodeError as error:
    assert error.__notes__ == ["encoding with 'cp437' codec failed"]
