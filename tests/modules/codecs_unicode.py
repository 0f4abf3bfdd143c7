"""The Unicode encodings and those of literals: values, what is wrong with bad input, incremental use."""
import codecs

from check import raises

# UTF-16 and UTF-32
assert "a\U0001f600".encode("utf-16") == b"\xff\xfea\0\x3d\xd8\0\xde"
assert "a".encode("utf-16-be") == b"\0a" and "a".encode("utf-32-be") == b"\0\0\0a"
assert b"\xfe\xff\0a\xd8\x3d\xde\0".decode("utf-16") == "a\U0001f600"
assert b"\0\0\xfe\xff\0\0\0a".decode("utf-32") == "a"
raises(UnicodeDecodeError, "'utf-16-le' codec can't decode byte 0x00 in position 0: truncated data",
       lambda: b"\0".decode("utf-16"))
raises(UnicodeDecodeError, "'utf-16-le' codec can't decode bytes in position 0-1: illegal encoding",
       lambda: b"\0\xdc".decode("utf-16-le"))
raises(UnicodeDecodeError, "'utf-32-le' codec can't decode bytes in position 0-3: code point not in range(0x110000)",
       lambda: b"\0\0\x11\0".decode("utf-32"))
raises(UnicodeEncodeError, "'utf-32' codec can't encode character '\\udc80' in position 1: surrogates not allowed",
       lambda: "a\udc80\udc81".encode("utf-32"))
assert "\ud800".encode("utf-16-le", "surrogatepass") == b"\0\xd8"
assert b"\0\xd8a\0".decode("utf-16-le", "surrogatepass") == "\ud800a"
assert "\ud800x".encode("utf-16-le", "backslashreplace").decode("utf-16-le") == "\\ud800x"

# UTF-7
assert "a+é/\U0001f600-".encode("utf-7") == b"a+-+AOk-/+2D3eAA--"
assert b"a+-+AOk-/+2D3eAA--".decode("utf-7") == "a+é/\U0001f600-"
raises(UnicodeDecodeError, "'utf7' codec can't decode bytes in position 0-2: unterminated shift sequence",
       lambda: b"+2D".decode("utf-7"))
raises(UnicodeDecodeError, "'utf7' codec can't decode byte 0xff in position 1: unexpected special character",
       lambda: b"a\xff".decode("utf-7"))

# escapes
assert "\t'\\é\u1234\U0001f600".encode("unicode_escape") == rb"\t'\\\xe9\u1234\U0001f600"
assert rb"\x41\u0042\U00000043\N{LATIN SMALL LETTER D}\105\n".decode("unicode_escape") == "ABCdE\n"
assert "\t\\é\u1234".encode("raw_unicode_escape") == b"\t\\\xe9\\u1234"
assert rb"\n\u0041".decode("raw_unicode_escape") == "\\nA"
assert codecs.escape_decode(rb"a\x41\'\101") == (b"aA'A", 11)
assert codecs.escape_encode(b"'\n\xff") == (rb"\'\n\xff", 3)
raises(UnicodeDecodeError, r"'unicodeescape' codec can't decode bytes in position 1-3: truncated \xXX escape",
       lambda: rb"a\x4".decode("unicode_escape"))
raises(ValueError, r"invalid \x escape at position 1",
       lambda: codecs.escape_decode(rb"a\x4"))

# incremental decoders keep what is cut off
for encoding in "utf-7", "utf-8", "utf-8-sig", "utf-16", "utf-32-be", "unicode_escape", "raw_unicode_escape":
    text = "aé€\U0001f600+-z"
    data = text.encode(encoding)
    decoder = codecs.getincrementaldecoder(encoding)()
    got = "".join(decoder.decode(data[i:i + 1]) for i in range(len(data))) + decoder.decode(b"", True)
    assert got == text, encoding

# charmaps
table = codecs.charmap_build("\0" + "abc€" * 63 + "xyz")
assert codecs.charmap_encode("x\0", "strict", table) == (b"\xfd\0", 2)
assert codecs.charmap_encode("aβ", "xmlcharrefreplace", {i: i for i in range(128)}) == (b"a&#946;", 2)
assert codecs.charmap_decode(b"\0\1\2", "replace", {0: "xyz", 1: 65}) == ("xyzA\ufffd", 3)
assert codecs.charmap_decode(b"\1\5", "ignore", "ab\ufffe") == ("b", 2)
raises(UnicodeEncodeError, "'charmap' codec can't encode characters in position 1-2: character maps to <undefined>",
       lambda: codecs.charmap_encode("abc", "strict", {97: 1}))
raises(TypeError, "character mapping must be in range(256)",
       lambda: codecs.charmap_encode("a", "strict", {97: 256}))
