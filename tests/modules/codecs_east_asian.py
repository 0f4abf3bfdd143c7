"""East Asian encodings: values, errors, pieces, states, streams."""
import codecs
import io

from check import raises

SAMPLES = {
    "gb2312": ("你好a", b"\xc4\xe3\xba\xc3a"), "gbk": ("丂€", b"\x81\x40\x80"[:2] + b""),
    "gb18030": ("你㐀\U0001f600", b"\xc4\xe3\x81\x39\xee\x39\x94\x39\xfc\x36"), "hz": ("你好a~", b"~{Dc:C~}a~~"),
    "big5": ("中文", b"\xa4\xa4\xa4\xe5"), "big5hkscs": ("\u00ca\u0304\u00ca", b"\x88\x62\x88\x66"),
    "cp950": ("€", b"\xa3\xe1"), "cp932": ("①ｱ", b"\x87\x40\xb1"), "shift_jis": ("亜¥", b"\x88\x9f\x5c"),
    "euc_jp": ("亜丂ｱ", b"\xb0\xa1\x8f\xb0\xa1\x8e\xb1"), "euc_jis_2004": ("か\u309aか", b"\xa4\xf7\xa4\xab"),
    "shift_jis_2004": ("か\u309a𠀋", b"\x82\xf5\x87\x9f"[:2] + b"\x98\x73"), "euc_kr": ("가갂", b"\xb0\xa1\xa4\xd4\xa4\xa1\xa4\xbf\xa4\xa2"),
    "cp949": ("갂", b"\x81\x41"), "johab": ("가", b"\x88\x61"),
    "iso2022_jp": ("a亜b", b"a\x1b$B0!\x1b(Bb"), "iso2022_jp_2": ("é你", b"\x1b$(D+10_\x1b(B"),
    "iso2022_kr": ("가a\n", b"\x1b$)C\x0e0!\x0fa\n"), "iso2022_jp_2004": ("か\u309a", b"\x1b$(Q$w\x1b(B"),
    "iso2022_jp_ext": ("ｱ", b"\x1b(I1\x1b(B"),
}
SAMPLES["gbk"] = ("丂", b"\x81\x40")
SAMPLES["shift_jis_2004"] = ("か\u309a", b"\x82\xf5")
for name, (text, data) in SAMPLES.items():
    assert text.encode(name) == data, (name, text.encode(name))
    assert data.decode(name) == text or name in ("johab", "shift_jis"), (name, data.decode(name))
    decoder, encoder = codecs.getincrementaldecoder(name)(), codecs.getincrementalencoder(name)()
    got = "".join(decoder.decode(data[i:i + 1]) for i in range(len(data))) + decoder.decode(b"", True)
    assert got == data.decode(name), name
    assert b"".join(encoder.encode(c) for c in text) + encoder.encode("", True) == data, name

# errors
raises(UnicodeDecodeError, "'gb2312' codec can't decode byte 0xff in position 1: illegal multibyte sequence",
       lambda: b"a\xff\xff".decode("gb2312"))
raises(UnicodeDecodeError, "'euc_jp' codec can't decode bytes in position 0-1: incomplete multibyte sequence",
       lambda: b"\x8f\xb0".decode("euc_jp"))
assert "中\U0001f600".encode("big5", "xmlcharrefreplace") == b"\xa4\xa4&#128512;"
assert "亜\U0001f600亜".encode("iso2022_jp", "replace") == b"\x1b$B0!\x1b(B?\x1b$B0!\x1b(B"
assert b"\xa4\xff\xa4\xa4".decode("big5", "backslashreplace") == "\\xa4\\xff中"
codecs.register_error("test.east", lambda error: ("亜", error.end))
assert "\U0001f600".encode("shift_jis", "test.east") == b"\x88\x9f"

# states
decoder = codecs.getincrementaldecoder("iso2022_jp")()
assert decoder.decode(b"\x1b$B0") == ""
state = decoder.getstate()
assert state[0] == b"0" and decoder.decode(b"!") == "亜"
decoder.setstate(state)
assert decoder.decode(b"!") == "亜"
decoder.reset()
assert decoder.decode(b"0!") == "0!"
encoder = codecs.getincrementalencoder("euc_jis_2004")()
assert encoder.encode("か") == b""
state = encoder.getstate()
assert encoder.encode("\u309a") == b"\xa4\xf7"
encoder.setstate(state)
assert encoder.encode("", True) == b"\xa4\xab"
assert encoder.errors == "strict"
encoder.errors = "ignore"
raises(TypeError, "errors must be a string", lambda: setattr(encoder, "errors", 3))

# streams
text = "亜a\nかb\n" * 50
raw = io.BytesIO(text.encode("euc_jp"))
reader = codecs.getreader("euc_jp")(raw)
assert reader.read(3) == "亜a" and reader.readline() == "\n" and reader.readlines() == text.splitlines(True)[1:]
raw = io.BytesIO()
writer = codecs.getwriter("iso2022_jp")(raw)
writer.writelines(["亜", "a"])
writer.write("亜")
writer.reset()
assert raw.getvalue() == b"\x1b$B0!\x1b(Ba\x1b$B0!" and writer.stream is raw
for name in "euc_jp", "iso2022_jp", "gb18030":
    file = io.TextIOWrapper(io.BytesIO(), encoding=name, newline="")
    file.write(text)
    file.seek(0)
    assert file.readline() == "亜a\n"
    position = file.tell()
    rest = file.read()
    file.seek(position)
    assert file.read() == rest == text[3:]
raises(LookupError, "no such codec is supported.", __import__("_codecs_cn").getcodec, "euc_jp")
