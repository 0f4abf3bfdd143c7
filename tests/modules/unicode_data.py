"""unicodedata: properties, names, normal forms, and the old database."""
import unicodedata as u
from check import raises

assert (u.category("a"), u.bidirectional("\u0660"), u.combining("\u0300"), u.mirrored("("), u.east_asian_width("\uac00")) == \
       ("Ll", "AN", 230, 1, "W")
assert (u.decimal("\u0663"), u.digit("\u2460"), u.numeric("\xbd"), u.decimal("a", None)) == (3, 1, 0.5, None)
assert u.decomposition("\xc0") == "0041 0300" and u.decomposition("\ufb01") == "<compat> 0066 0069"
assert u.name("\U0001f600") == "GRINNING FACE" and u.lookup("hangul syllable ga") == "\uac00"
for form, text in ("NFC", "\xe9\ufb01"), ("NFD", "e\u0301\ufb01"), ("NFKC", "\xe9fi"), ("NFKD", "e\u0301fi"):
    assert u.normalize(form, "\xe9\ufb01") == text and u.is_normalized(form, text)
text = "abc"
assert u.normalize("NFC", text) is text
assert u.ucd_3_2_0.unidata_version == "3.2.0" and u.ucd_3_2_0.category("\u0221") == "Cn"
raises(ValueError, "not a decimal", u.decimal, "a")
raises(ValueError, "no such name", u.name, "\n")
raises(KeyError, "\"undefined character name 'FOO'\"", u.lookup, "FOO")
raises(TypeError, "category(): argument must be a unicode character, not a string of length 2", u.category, "ab")
raises(ValueError, "invalid normalization form", u.normalize, "X", "a")
