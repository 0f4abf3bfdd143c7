#!/usr/bin/env python3
"""Compares src/base with CPython 3.14: every code point's properties, names, normalization; text of floats; UTF-8.

usage: cpython.py LIBRARY UNICODE_DATA     (LIBRARY: src/base as a shared library; the build passes both)

Runs under python3.14, which it looks for in the peers' folder and on the path; without one it exits with 77,
"skipped". Where the tables are of an older Unicode version than CPython's, characters newer than that are left out,
and of each property up to 200 values may differ. The tests of normalization that come with the data are run too.
"""
import bz2
import ctypes
import os
import random
import shutil
import struct
import sys

if sys.version_info[:2] != (3, 14):
    peer = os.path.join(os.environ.get("PEERS", os.path.expanduser("~/.cache/weft-peers")), "usr/bin/python3.14")
    peer = peer if os.path.exists(peer) else shutil.which("python3.14")
    if not peer:
        print("no CPython 3.14 here")
        sys.exit(77)
    os.execv(peer, [peer, "-I", *sys.argv])

import unicodedata

lib = ctypes.CDLL(sys.argv[1])
failures = 0
# Every code point of the planes that have characters; of what is behind, some.
CODES = [*range(0x33500), *range(0xE0000, 0xE0200), *range(0x33500, 0x110000, 97), 0x10FFFF]


def check(name, difference, allowed=0):
    """Prints the verdict of a comparison, which is a list of what differs."""
    global failures
    failed = len(difference) > allowed
    print("FAILED" if failed else "ok", name, f"({len(difference)} differ)" if difference else "")
    if failed:
        for item in difference[:10]:
            print("  ", item)
    failures += failed


class Record(ctypes.Structure):
    _fields_ = [("flags", ctypes.c_uint32), ("lower", ctypes.c_int32), ("upper", ctypes.c_int32),
                ("title", ctypes.c_int32), ("category", ctypes.c_uint8), ("bidi", ctypes.c_uint8),
                ("width", ctypes.c_uint8), ("combining", ctypes.c_uint8), ("decimal", ctypes.c_int8),
                ("digit", ctypes.c_int8), ("number", ctypes.c_uint8), ("quick", ctypes.c_uint8)]


(ALPHA, LOWER, UPPER, TITLE, SPACE, LINE_BREAK, PRINTABLE, XID_START, XID_CONTINUE, CASED, CASE_IGNORABLE, MIRRORED,
 SPECIAL_CASE, IN_3_2) = (1 << i for i in range(14))


def table(type_, name, count=1 << 20):
    return (type_ * count).in_dll(lib, name)


def strings(name, count):
    return [text.decode() for text in table(ctypes.c_char_p, name, count)]


version = ctypes.cast(lib.unicode_version, ctypes.c_char_p).value.decode()
blocks = table(ctypes.c_uint16, "unicode_record_blocks", 8704)
places = table(ctypes.c_uint16, "unicode_record_places", (max(blocks) + 1) * 128)
records = table(Record, "unicode_records", max(places) + 1)
numbers = table(ctypes.c_double, "unicode_numbers", 256)
categories, bidis = strings("unicode_category_names", 30), strings("unicode_bidi_names", 24)
widths = strings("unicode_width_names", 6)


def record(c):
    return records[places[blocks[c >> 7] * 128 + c % 128]]


def new_characters():
    """Those that CPython's database has and the tables, of an older version, have not."""
    if version == unicodedata.unidata_version:
        return set()
    return {c for c in CODES if categories[record(c).category] == "Cn" != unicodedata.category(chr(c))}


def codes_of(function, c, room=18):
    to = (ctypes.c_uint32 * room)()
    count = function(c, to)
    return "".join(map(chr, to[:count]))


def compare_properties(new):
    different = {}
    for c in CODES:
        if c in new:
            continue
        r, s = record(c), chr(c)
        flags = r.flags
        cased = bool(flags & (LOWER | UPPER | TITLE))
        pairs = {
            "category": (categories[r.category], unicodedata.category(s)),
            "bidirectional": (bidis[r.bidi], unicodedata.bidirectional(s)),
            "east_asian_width": (widths[r.width], unicodedata.east_asian_width(s)),
            "combining": (r.combining, unicodedata.combining(s)),
            "mirrored": (bool(flags & MIRRORED), bool(unicodedata.mirrored(s))),
            "decimal": (r.decimal, unicodedata.decimal(s, -1)),
            "digit": (r.digit, unicodedata.digit(s, -1)),
            "numeric": (numbers[r.number] if r.number else None, unicodedata.numeric(s, None)),
            "isalpha": (bool(flags & ALPHA), s.isalpha()),
            "isdecimal": (r.decimal >= 0, s.isdecimal()),
            "isdigit": (r.digit >= 0, s.isdigit()),
            "isnumeric": (r.number > 0, s.isnumeric()),
            "islower": (bool(flags & LOWER), s.islower()),
            "isupper": (bool(flags & UPPER), s.isupper()),
            "istitle": (bool(flags & (UPPER | TITLE)), s.istitle()),
            "isspace": (bool(flags & SPACE), s.isspace()),
            "isprintable": (bool(flags & PRINTABLE), s.isprintable()),
            "splitlines": (bool(flags & LINE_BREAK), len((s + "a").splitlines()) == 2),
            "isidentifier": (bool(flags & XID_START) or s == "_", s.isidentifier()),
            "xid_continue": (bool(flags & XID_CONTINUE), ("a" + s).isidentifier()),
            "cased, not ignorable": (bool(flags & CASED) and not flags & CASE_IGNORABLE, starts_word(s)),
            "ignorable": (bool(flags & CASE_IGNORABLE), is_ignorable(s)),
            "lower": (codes_of(lib.unicode_lower_full, c, 3), s.lower()),
            "upper": (codes_of(lib.unicode_upper_full, c, 3), s.upper()),
            "title": (codes_of(lib.unicode_title_full, c, 3), s.title()),
            "casefold": (codes_of(lib.unicode_fold_full, c, 3), s.casefold()),
        }
        for name, (got, want) in pairs.items():
            found = different.setdefault(name, [])
            if got != want:
                found.append((hex(c), got, want))
    for name, found in different.items():
        check(name, found, 200 if new else 0)


def starts_word(s):
    """Cased and not ignorable: a sigma behind it ends a word."""
    return (s + "Σ").lower()[-1] == "ς"


def is_ignorable(s):
    """A sigma behind it ends a word only if there is a cased character before it."""
    return ("a" + s + "Σ").lower()[-1] == "ς" and not starts_word(s)


def compare_names(new):
    room = ctypes.create_string_buffer(100)
    to = (ctypes.c_uint32 * 4)()
    by_code, by_name = [], []
    for c in CODES:
        if c in new:
            continue
        want = unicodedata.name(chr(c), "")
        length = lib.unicode_name(c, room)
        got = room.raw[:length].decode()
        if got != want:
            by_code.append((hex(c), got, want))
        if got:
            for name in (got, got.lower()):
                if lib.unicode_lookup(name.encode(), len(name), to) != 1 or to[0] != c:
                    by_name.append((name, hex(c)))
    check("names of code points", by_code)
    check("code points of names", by_name)


def lookup(name):
    to = (ctypes.c_uint32 * 4)()
    count = lib.unicode_lookup(name.encode(), len(name.encode()), to)
    return "".join(map(chr, to[:count])) or None


def cpython_lookup(name):
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return None


def compare_lookups(folder, new):
    """Aliases and sequences, and names that are nearly right."""
    names = ["", "-", "A", "HANGUL SYLLABLE", "HANGUL SYLLABLE ", "HANGUL SYLLABLE G", "HANGUL SYLLABLE GAGG",
             "HANGUL SYLLABLE GAGGX", "HANGUL SYLLABLE AE", "CJK UNIFIED IDEOGRAPH-", "CJK UNIFIED IDEOGRAPH-4E0",
             "CJK UNIFIED IDEOGRAPH-04E00", "CJK UNIFIED IDEOGRAPH-F900", "CJK UNIFIED IDEOGRAPH-A000",
             "CJK UNIFIED IDEOGRAPH-110000", "CJK UNIFIED IDEOGRAPH-4E0G", "CJK UNIFIED IDEOGRAPH 4E00",
             "TANGUT IDEOGRAPH-17000", "LATIN  SMALL LETTER A", " SPACE", "SPACE ", "LATIN SMALL LETTER\0A",
             "É", "x" * 99, "x" * 100, "x" * 101, "x" * 1000]
    for file in ("NameAliases.txt", "NamedSequences.txt"):
        for line in open(os.path.join(folder, file)):
            fields = line.split(";")
            if len(fields) > 1 and line[0] != "#":
                names.append(fields[file == "NameAliases.txt"])
    for c in range(0x20, 0x3000, 7):
        name = unicodedata.name(chr(c), "")
        names += [name[:-1], name + "X", name.replace(" ", "-"), name.replace(" ", "", 1)]
    different = []
    for name in names:
        got, want = lookup(name), cpython_lookup(name)
        if got != want and not any(ord(c) in new for c in want or ""):
            different.append((name, got, want))
    check("lookup", different)


class Vector(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.c_uint32)), ("len", ctypes.c_size_t), ("cap", ctypes.c_size_t)]


FORMS = ["NFC", "NFD", "NFKC", "NFKD"]
lib.unicode_normalize.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t, ctypes.c_bool,
                                  ctypes.c_void_p]
lib.unicode_quick_check.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t]
out = Vector()


def normalize(form, text, old=False):
    chars = text.encode("utf-32-le", "surrogatepass")
    out.len = 0
    assert lib.unicode_normalize(FORMS.index(form), chars, 4, len(text), old, ctypes.byref(out)) == 0
    got = ctypes.string_at(out.data, out.len * 4).decode("utf-32-le", "surrogatepass") if out.len else ""
    quick = lib.unicode_quick_check(FORMS.index(form), chars, 4, len(text))
    assert old or (quick != 2 or got == text) and (quick != 0 or got != text), (form, text, quick)
    return got


def compare_normalization(new):
    tags = table(ctypes.c_char_p, "unicode_tag_names", 17)
    tag = ctypes.c_char_p()
    to = (ctypes.c_uint32 * 18)()
    different = []
    for c in CODES:
        if c not in new:
            count = lib.unicode_decomposition(c, to, ctypes.byref(tag))
            got = " ".join(([f"<{tag.value.decode()}>"] if tag.value else []) + [f"{x:04X}" for x in to[:count]])
            if got != unicodedata.decomposition(chr(c)):
                different.append((hex(c), got, unicodedata.decomposition(chr(c))))
    check("decomposition", different)
    old = unicodedata.ucd_3_2_0
    for form in FORMS:
        different, old_different = [], []
        for c in CODES:
            s = chr(c)
            if c not in new and (got := normalize(form, s)) != (want := unicodedata.normalize(form, s)):
                different.append((hex(c), ascii(got), ascii(want)))
            if (got := normalize(form, s, True)) != (want := old.normalize(form, s)):
                old_different.append((hex(c), ascii(got), ascii(want)))
        check(form, different)
        check(form + " of 3.2", old_different)
    random.seed(1)
    pool = [c for c in CODES if c not in new and (record(c).combining or record(c).quick)]
    different = []
    for _ in range(20000):
        text = "".join(chr(random.choice(pool) if random.random() < .8 else random.randrange(0x2000))
                       for _ in range(random.randrange(40)))
        if any(ord(c) in new for c in text):
            continue
        for form in FORMS:
            if normalize(form, text) != unicodedata.normalize(form, text):
                different.append((form, ascii(text)))
    check("normal forms of random texts", different)
    assert len(tags) == 17


def normalization_test(folder):
    path = os.path.join(folder, "NormalizationTest.txt")
    lines = bz2.open(path + ".bz2", "rt") if os.path.exists(path + ".bz2") else open(path)
    different, tested = [], 0
    for line in lines:
        fields = line.split("#")[0].split(";")
        if len(fields) < 5:
            continue
        c1, c2, c3, c4, c5 = ("".join(chr(int(x, 16)) for x in field.split()) for field in fields[:5])
        if any(categories[record(ord(x)).category] == "Cn" for x in c1):
            continue
        tested += 1
        good = (all(normalize("NFC", c) == c2 for c in (c1, c2, c3)) and all(normalize("NFC", c) == c4 for c in (c4, c5))
                and all(normalize("NFD", c) == c3 for c in (c1, c2, c3))
                and all(normalize("NFD", c) == c5 for c in (c4, c5))
                and all(normalize("NFKC", c) == c4 for c in (c1, c2, c3, c4, c5))
                and all(normalize("NFKD", c) == c5 for c in (c1, c2, c3, c4, c5)))
        if not good:
            different.append(fields)
    check("NormalizationTest.txt", different if tested > 10000 else ["only %d tests" % tested])


def compare_old():
    """What ucd_3_2_0 calls unassigned."""
    old = unicodedata.ucd_3_2_0
    check("assigned in 3.2", [hex(c) for c in CODES
                              if bool(record(c).flags & IN_3_2) != (old.category(chr(c)) != "Cn")])


def random_doubles(count):
    random.seed(2)
    for i in range(count):
        kind = i % 6
        if kind == 0:
            x = random.random()
        elif kind == 1:
            x = random.randrange(-10**9, 10**9) / 10**random.randrange(8)
        elif kind == 2:
            x = random.randrange(10**random.randrange(1, 25)) * 10.0**random.randrange(-300, 280)
        elif kind == 3:
            x = random.randrange(4000) / 16
        else:
            x, = struct.unpack("d", random.randbytes(8))
        yield x


def compare_floats():
    double_p = ctypes.POINTER(ctypes.c_double)
    room = ctypes.create_string_buffer(64)
    start = ctypes.addressof(room)
    for function, arguments in (("double_repr", [ctypes.c_void_p, ctypes.c_double]),
                                ("double_hex", [ctypes.c_void_p, ctypes.c_double]),
                                ("double_parse", [ctypes.c_char_p, ctypes.c_void_p, double_p]),
                                ("double_text_int", [ctypes.c_void_p, ctypes.c_void_p]),
                                ("double_text_rest", [ctypes.c_void_p, ctypes.c_void_p])):
        getattr(lib, function).argtypes = arguments
        getattr(lib, function).restype = ctypes.c_void_p
    lib.double_round.argtypes, lib.double_round.restype = [ctypes.c_double, ctypes.c_int64], ctypes.c_double
    lib.hash_double.argtypes, lib.hash_double.restype = [ctypes.c_double], ctypes.c_int64

    def same(a, b):
        return struct.pack("d", a) == struct.pack("d", b) or a != a and b != b

    def parse(text):
        value = ctypes.c_double()
        block = ctypes.create_string_buffer(text.encode())
        at = ctypes.addressof(block)
        end = lib.double_parse(ctypes.cast(at, ctypes.c_char_p), at + len(text), ctypes.byref(value))
        return value.value if end == at + len(text) else None

    reprs, hexes, parses, rounds, hashes = [], [], [], [], []
    for x in random_doubles(100000):
        got = ctypes.string_at(start, lib.double_repr(start, x) - start).decode()
        if got != repr(x):
            reprs.append((got, repr(x)))
        got = ctypes.string_at(start, lib.double_hex(start, x) - start).decode()
        if got != x.hex():
            hexes.append((got, x.hex()))
        if x != x or x in (float("inf"), -float("inf")):
            continue
        text = f"{x:.{random.randrange(30)}e}"
        if not same(parse(text), float(text)):
            parses.append((text, parse(text)))
        places = random.randrange(-20, 30)
        try:
            want = round(x, places)
        except OverflowError:
            want = float("inf") if x > 0 else -float("inf")
        if not same(lib.double_round(x, places), want):
            rounds.append((x, places, lib.double_round(x, places), want))
        if lib.hash_double(x) != hash(x):
            hashes.append((x, lib.hash_double(x), hash(x)))
    for name, found in (("repr", reprs), ("hex", hexes), ("float()", parses), ("round", rounds), ("hash", hashes)):
        check(name, found)
    compare_formats()


def compare_formats():
    text = ctypes.create_string_buffer(4096)  # a DoubleText, which begins with digits, and then lengths
    room = ctypes.create_string_buffer(8192)
    start = ctypes.addressof(room)
    lib.double_layout.argtypes = [ctypes.c_void_p, ctypes.c_double, ctypes.c_char, ctypes.c_int64, ctypes.c_uint]
    lib.double_layout.restype = None
    different = []
    for x in random_doubles(100000):
        x = abs(x)  # the sign is a field, which the unit tests look at
        kind = random.choice("eEfFgG%0rr")
        precision = random.randrange(25) if random.random() < .98 else random.randrange(1200)
        alternate = random.random() < .3
        spec = ("#" if alternate else "") + ("" if kind == "r" else f".{precision}") + (kind if kind not in "0r" else "")
        want = format(x, spec)
        type_ = "g" if kind == "0" else kind  # no type: as 'g' but with ".0"; without precision, as repr
        lib.double_layout(text, x, type_.encode(), precision, alternate | 2 * (kind in "0r"))
        end = lib.double_text_rest(text, lib.double_text_int(text, start))
        got = ctypes.string_at(start, end - start).decode()
        if got != want:
            different.append((repr(x), spec, got, want))
    check("format", different)


class Scan(ctypes.Structure):
    _fields_ = [("valid", ctypes.c_size_t), ("chars", ctypes.c_size_t), ("max", ctypes.c_uint32),
                ("error", ctypes.c_int), ("error_end", ctypes.c_size_t)]


def compare_utf8():
    lib.utf8_scan.restype, lib.utf8_scan.argtypes = Scan, [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_bool]
    lib.utf8_reason.restype = ctypes.c_char_p
    random.seed(3)
    good = ["a", "é", "ÿ", "€", "\uffff", "😀", "\U0010ffff", "x" * 40]
    different = []
    for _ in range(100000):
        text = bytearray("".join(random.choice(good) for _ in range(random.randrange(12))).encode())
        for _ in range(random.randrange(3)):
            if text:
                text[random.randrange(len(text))] = random.choice(b"\x7f\x80\x9f\xa0\xbf\xc0\xc2\xdf\xe0\xed\xf0\xf4\xf5\xff")
        if random.random() < .3:
            del text[random.randrange(len(text) + 1):]
        text = bytes(text)
        scan = lib.utf8_scan(text, len(text), False)
        got = scan.valid, scan.error_end, scan.error and lib.utf8_reason(scan.error).decode()
        try:
            want = len(text), len(text), 0
            chars = len(text.decode())
        except UnicodeDecodeError as e:
            want = e.start, e.end, e.reason
            chars = len(text[:e.start].decode())
        if got != want or scan.chars != chars:
            different.append((text, got, want))
    check("UTF-8 errors", different)


new = new_characters()
print(f"CPython {sys.version.split()[0]} has Unicode {unicodedata.unidata_version}, the tables {version}: "
      f"{len(new)} characters left out")
compare_utf8()
compare_floats()
compare_properties(new)
compare_names(new)
compare_lookups(sys.argv[2], new)
compare_normalization(new)
normalization_test(sys.argv[2])
compare_old()
sys.exit(failures != 0)
