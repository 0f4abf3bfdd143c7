#!/usr/bin/env python3
"""Writes the tables behind src/base/unicode.h from the files of the Unicode Character Database.

usage: unicodegen.py DATA OUTPUT     (DATA: the folder with UnicodeData.txt, Debian's package unicode-data)

What is newer than Unicode 16.0, which Python 3.14 has, is left out by its age, and what 17.0 changed of older
characters is undone, so that newer data will do. Older data gives tables of its own version.

The tables, in the order of the output: records (a character's properties, those alike share one) behind a two-stage
index; characters whose case mapping is more than one character; numeric values; decompositions behind an index of
their own; the pairs that compose; names as tokens (a word, or a part of one between hyphens), 16 names a group; a
hash table of names; names that are a prefix and the code point; Hangul jamo names.
"""
import bz2
import collections
import os
import re
import sys
from fractions import Fraction

NEWEST = (16, 0)
# Of characters that 16.0 has, 17.0 made one a letter without case, gave some numeric values, and corrected names.
CATEGORY_OF_16 = {0x295: "Ll"}
NO_NUMBER_IN_16 = {0x12038, 0x12039, 0x12079, 0x12226, 0x1222B, 0x1230B, 0x1230D, 0x12399}
NO_ALIAS_IN_16 = {"BAMUM LETTER PHASE-B PUNGGAAM", "BAMUM LETTER PHASE-B NGGOM", "BAMUM LETTER PHASE-C SHETFON",
                  "BAMUM LETTER PHASE-E NGGOP"}
# Unassigned code points here are taken to become ideographs, which are wide.
WIDE_RANGES = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD)]
OLD = (3, 2)  # what `unicodedata.ucd_3_2_0` knows
SIZE = 0x110000
CATEGORIES = ("Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp "
              "Cc Cf Cs Co Cn").split()
BIDIS = "'' L R AL EN ES ET AN CS NSM BN B S WS ON LRE LRO LRI RLE RLO RLI PDF PDI FSI".replace("'", "").split(" ")
WIDTHS = "N Na A H W F".split()
TAGS = ("'' font noBreak initial medial final isolated circle super sub vertical wide narrow small square "
        "fraction compat").replace("'", "").split(" ")
FLAGS = ("ALPHA LOWER UPPER TITLE SPACE LINE_BREAK PRINTABLE XID_START XID_CONTINUE CASED CASE_IGNORABLE MIRRORED "
         "SPECIAL_CASE IN_3_2").split()
FLAG = {name: 1 << i for i, name in enumerate(FLAGS)}
QUICK = {"NFD_QC": 1, "NFKD_QC": 2, "NFC_QC": 4, "NFKC_QC": 16}  # N; the double of it is M
TANGUT = "TANGUT IDEOGRAPH-"  # CPython finds these by name, but has no name for them
NAME_GROUP, SHORT_TOKENS = 16, 192  # tokens below SHORT_TOKENS take one byte, others two


class Data:
    """The files, line by line, and what they say of code points that are not too new."""

    def __init__(self, folder):
        self.folder = folder
        self.age = [None] * SIZE
        for codes, age in self.ranges("DerivedAge.txt"):
            for c in codes:
                self.age[c] = tuple(map(int, age.split(".")))
        newest = max(age for age in self.age if age)
        self.newer = newest > NEWEST
        self.version = ".".join(map(str, min(newest, NEWEST))) + ".0"

    def lines(self, name):
        path = os.path.join(self.folder, name)
        with (bz2.open(path + ".bz2", "rt") if not os.path.exists(path) else open(path, encoding="utf-8")) as file:
            for line in file:
                line = line.split("#")[0].strip()
                if line:
                    yield line

    def fields(self, name):
        for line in self.lines(name):
            yield [field.strip() for field in line.split(";")]

    def ranges(self, name):
        """(code points, value, further values...) a line."""
        for codes, *values in self.fields(name):
            first, _, last = codes.partition("..")
            yield range(int(first, 16), int(last or first, 16) + 1), *values

    def having(self, name, value):
        """The code points that a file of properties gives this one."""
        return {c for codes, which, *_ in self.ranges(name) if which == value for c in codes}

    def known(self, c):
        return self.age[c] is not None and self.age[c] <= NEWEST


def hexes(text):
    return [int(code, 16) for code in text.split()]


class Characters:
    """UnicodeData.txt: fields by code point, ranges filled in."""

    def __init__(self, data):
        self.fields = {}
        self.ranges = []  # (label, first, last)
        first = None
        for code, *fields in data.fields("UnicodeData.txt"):
            c = int(code, 16)
            if fields[0].endswith(", First>"):
                first = c
            elif fields[0].endswith(", Last>"):
                label = fields[0][1:-7]
                codes = [x for x in range(first, c + 1) if data.known(x)]
                if codes:
                    self.ranges.append((label, codes[0], codes[-1]))
                for x in codes:
                    self.fields[x] = ["<" + label + ">", *fields[1:]]
            elif data.known(c):
                self.fields[c] = fields
        if data.newer:
            for c, category in CATEGORY_OF_16.items():
                self.fields[c][1] = category
            for c in NO_NUMBER_IN_16:
                self.fields[c][7] = ""


def case_of(data, characters):
    """Simple mappings (lower, upper, title) by code point, and those of more: {code: (lower, upper, title, fold)}."""
    simple, full = {}, {}
    for c, f in characters.fields.items():
        upper, lower, title = (int(x, 16) if x else None for x in f[11:14])
        simple[c] = tuple(x if x and data.known(x) else c for x in (lower, upper, title or upper))
    fold = {}
    for code, status, mapping, *_ in data.fields("CaseFolding.txt"):
        if status in "CF" and data.known(int(code, 16)):
            fold[int(code, 16)] = hexes(mapping)
    special = {}
    for code, lower, title, upper, *rest in data.fields("SpecialCasing.txt"):
        if not rest[0] and data.known(int(code, 16)):
            special[int(code, 16)] = (hexes(lower), hexes(upper), hexes(title))
    for c, (lower, upper, title) in simple.items():
        mapped = special.get(c, ([lower], [upper], [title]))
        folded = fold.get(c, [c])
        # Without an entry, full mappings are the simple ones, and folding is lower case.
        if c in special or folded != [lower]:
            full[c] = (*mapped, folded)
    return simple, full


def numeric_values(data, characters):
    values = {c: Fraction(f[7]) for c, f in characters.fields.items() if f[7]}
    for line in data.lines("Unihan_NumericValues.txt"):
        code, kind, value = line.split("\t")
        c = int(code[2:], 16)
        if kind in ("kPrimaryNumeric", "kAccountingNumeric", "kOtherNumeric") and data.known(c):
            values.setdefault(c, min(map(Fraction, value.split())))  # of several, CPython has the least
    return values


def records_of(data, characters, simple, full, numbers):
    """The list of distinct records, and each code point's place in it; and the distinct numeric values."""
    core = {name: data.having("DerivedCoreProperties.txt", name)
            for name in ("Lowercase", "Uppercase", "XID_Start", "XID_Continue", "Cased", "Case_Ignorable")}
    if data.newer:
        for name, category in (("Lowercase", "Ll"), ("Uppercase", "Lu")):
            core[name] |= {c for c, is_now in CATEGORY_OF_16.items() if is_now == category}
        core["Cased"] |= core["Lowercase"] | core["Uppercase"]
    breaks = set()
    for kind in ("BK", "CR", "LF", "NL"):
        breaks |= data.having("LineBreak.txt", kind)
    width = ["N"] * SIZE
    for first, last in WIDE_RANGES:
        width[first:last + 1] = ["W"] * (last + 1 - first)
    for codes, value in data.ranges("EastAsianWidth.txt"):
        for c in codes:
            if data.age[c] is None or data.known(c):
                width[c] = value
    quick = [0] * SIZE
    for codes, name, value, *_ in [(r + (None,))[:4] for r in data.ranges("DerivedNormalizationProps.txt")]:
        if name in QUICK:
            for c in codes:
                quick[c] |= QUICK[name] * (2 if value == "M" else 1)
    values = [None, *sorted(set(numbers.values()))]
    value_at = {value: i for i, value in enumerate(values)}
    records, places = {}, [0] * SIZE
    for c in range(SIZE):
        f = characters.fields.get(c)
        if not f:
            key = (0, 0, 0, 0, "Cn", "", width[c], 0, -1, -1, 0, 0)
        else:
            category, bidi = f[1], f[3]
            flags = sum(FLAG[name] for name, on in {
                "ALPHA": category[0] == "L",
                "LOWER": c in core["Lowercase"], "UPPER": c in core["Uppercase"], "TITLE": category == "Lt",
                "SPACE": category == "Zs" or bidi in ("WS", "B", "S"),
                "LINE_BREAK": bidi == "B" or c in breaks,
                "PRINTABLE": c == 0x20 or category[0] not in "CZ",
                "XID_START": c in core["XID_Start"], "XID_CONTINUE": c in core["XID_Continue"],
                "CASED": c in core["Cased"], "CASE_IGNORABLE": c in core["Case_Ignorable"],
                "MIRRORED": f[8] == "Y", "SPECIAL_CASE": c in full, "IN_3_2": data.age[c] <= OLD,
            }.items() if on)
            decimal, digit = (int(x) if x else -1 for x in f[5:7])
            key = (flags, *(mapped - c for mapped in simple[c]), category, bidi, width[c], int(f[2]), decimal, digit,
                   value_at[numbers.get(c)], quick[c])
        places[c] = records.setdefault(key, len(records))
    return list(records), places, values


def decompositions_of(data, characters):
    """{code: (tag, code points)}, as UnicodeData.txt has them: one step."""
    found = {}
    for c, f in characters.fields.items():
        if f[4]:
            tag, codes = ("", f[4]) if f[4][0] != "<" else f[4][1:].split("> ")
            found[c] = (TAGS.index(tag), hexes(codes))
    return found


def compositions_of(data, decompositions):
    excluded = data.having("DerivedNormalizationProps.txt", "Full_Composition_Exclusion")
    return sorted((*codes, c) for c, (tag, codes) in decompositions.items()
                  if tag == 0 and len(codes) == 2 and c not in excluded)


def name_hash(name):
    """As name_hash in unicode_name.c."""
    h = 0x811C9DC5
    for byte in name.encode():
        h = (h ^ byte) * 0x01000193 & 0xFFFFFFFF
    return h ^ h >> 15


class Names:
    def __init__(self, data, characters):
        self.prefixes = []     # text before the hyphen, by number
        self.prefix_runs = []  # (first, last, prefix)
        listed = []            # (code, name)
        for c, f in characters.fields.items():
            name = f[0]
            if name[0] == "<":
                continue
            if name.endswith(f"-{c:04X}"):
                self.add_prefixed(c, c, name.rpartition("-")[0] + "-")
            else:
                listed.append((c, name))
        for label, first, last in characters.ranges:
            if label.startswith("CJK Ideograph"):
                self.add_prefixed(first, last, "CJK UNIFIED IDEOGRAPH-")
            elif label.startswith("Tangut Ideograph"):
                self.add_prefixed(first, last, TANGUT)
        self.prefix_runs = [(first, last, which, int(self.prefixes[which] != TANGUT))
                            for first, last, which in sorted(self.prefix_runs)]
        self.runs = []  # (first code, its number): code points in a row have numbers in a row
        for number, (c, _) in enumerate(listed):
            if not number or c != listed[number - 1][0] + 1:
                self.runs.append((c, number))
        self.characters = len(listed)
        self.aliases = [(int(c, 16), name) for c, name, _ in data.fields("NameAliases.txt")
                        if data.known(int(c, 16)) and not (data.newer and name in NO_ALIAS_IN_16)]
        self.sequences = [(hexes(codes), name) for name, codes in data.fields("NamedSequences.txt")
                          if all(map(data.known, hexes(codes)))]
        self.names = [name for _, name in listed + self.aliases] + [name for _, name in self.sequences]
        self.encode()

    def add_prefixed(self, first, last, prefix):
        if prefix not in self.prefixes:
            self.prefixes.append(prefix)
        which = self.prefixes.index(prefix)
        if self.prefix_runs and self.prefix_runs[-1][1:] == (first - 1, which):
            first = self.prefix_runs.pop()[0]
        self.prefix_runs.append((first, last, which))

    @staticmethod
    def tokens(name):
        """A space stands between two tokens, unless one of them is a hyphen."""
        found = []
        for word in name.split(" "):
            found += [word] if word[0] == "-" or word[-1] == "-" else re.split("(-)", word)
        return found

    def encode(self):
        tokens = [self.tokens(name) for name in self.names]
        count = collections.Counter(token for name in tokens for token in name)
        del count["-"]
        self.words = ["-", *sorted(count, key=lambda word: (-count[word], word))]
        number = {word: i for i, word in enumerate(self.words)}
        assert len(self.words) <= SHORT_TOKENS + (256 - SHORT_TOKENS) * 256
        self.bytes, self.groups = bytearray(), []
        for i, name in enumerate(tokens):
            if i % NAME_GROUP == 0:
                self.groups.append(len(self.bytes))
            coded = bytearray()
            for token in name:
                n = number[token]
                if n >= SHORT_TOKENS:
                    n -= SHORT_TOKENS
                    coded.append(SHORT_TOKENS + n // 256)
                coded.append(n % 256)
            self.bytes.append(len(coded))
            self.bytes += coded
        self.longest = max(map(len, self.names))
        size = 1 << (len(self.names) * 4 // 3).bit_length()
        assert len(self.names) < 65535 and size <= 65536
        self.table = [0] * size
        for i, name in enumerate(self.names):
            h = name_hash(name)
            at = h % size
            while self.table[at]:
                at = (at + 1) % size
            self.table[at] = h >> 16 << 16 | (i + 1)


def two_stage(places, shift):
    """(blocks by number of block, distinct blocks one after the other)."""
    blocks, first = {}, []
    for at in range(0, SIZE, 1 << shift):
        block = tuple(places[at:at + (1 << shift)])
        first.append(blocks.setdefault(block, len(blocks)))
    return first, [place for block in blocks for place in block]


class Output:
    def __init__(self, path):
        self.file = open(path, "w", encoding="ascii")

    def line(self, text):
        print(text, file=self.file)

    def array(self, type_, name, values):
        """Integers, or tuples of them."""
        self.line(f"const {type_} {name}[{len(values)}] = {{")
        text = ""
        for value in values:
            item = ("{" + ",".join(map(str, value)) + "}" if isinstance(value, tuple) else str(value)) + ","
            if len(text) + len(item) > 110:
                self.line(text)
                text = ""
            text += item
        self.line(text + "\n};\n")

    def strings(self, name, texts):
        self.line(f"const char *const {name}[{len(texts)}] = {{")
        self.line(", ".join(f'"{text}"' for text in texts) + "\n};\n")

    def stages(self, name, places, shift):
        first, blocks = two_stage(places, shift)
        self.array("uint16_t", name + "_blocks", first)
        self.array("uint16_t", name + "_places", blocks)


def write_properties(out, data, characters):
    simple, full = case_of(data, characters)
    records, places, values = records_of(data, characters, simple, full, numeric_values(data, characters))
    out.line(f'const char unicode_version[] = "{data.version}";')
    out.strings("unicode_category_names", CATEGORIES)
    out.strings("unicode_bidi_names", BIDIS)
    out.strings("unicode_width_names", WIDTHS)
    out.strings("unicode_tag_names", TAGS)
    out.array("UnicodeRecord", "unicode_records",
              [(flags, lower, upper, title, CATEGORIES.index(category), BIDIS.index(bidi), WIDTHS.index(width),
                combining, decimal, digit, number, quick)
               for flags, lower, upper, title, category, bidi, width, combining, decimal, digit, number, quick
               in records])
    out.stages("unicode_record", places, 7)
    out.array("double", "unicode_numbers", [f"{v.numerator}.0/{v.denominator}" if v is not None else 0 for v in values])
    out.array("UnicodeSpecialCase", "unicode_special_cases",
              [(c, "{%s}" % ",".join("{%d,{%s}}" % (len(m), ",".join(map(str, m))) for m in maps))
               for c, maps in sorted(full.items())])
    out.line(f"const size_t unicode_special_case_count = {len(full)};\n")


def write_normalization(out, data, characters):
    decompositions = decompositions_of(data, characters)
    pool, places, seen = [0], [0] * SIZE, {}
    for c, (tag, codes) in decompositions.items():
        entry = (tag | len(codes) << 8, *codes)
        if entry not in seen:
            seen[entry] = len(pool)
            pool += entry
        places[c] = seen[entry]
    out.array("uint32_t", "unicode_decompositions", pool)
    out.stages("unicode_decomposition", places, 6)
    pairs = compositions_of(data, decompositions)
    out.array("UnicodePair", "unicode_pairs", pairs)
    out.line(f"const size_t unicode_pair_count = {len(pairs)};\n")
    corrections = [(int(code, 16), int(old, 16)) for code, old, _, version in data.fields("NormalizationCorrections.txt")
                   if tuple(map(int, version.split(".")))[:2] > OLD]
    out.array("UnicodeCorrection", "unicode_corrections", corrections)
    out.line(f"const size_t unicode_correction_count = {len(corrections)};\n")


def write_names(out, data, characters):
    names = Names(data, characters)
    offsets, text = [], ""
    for word in names.words:
        offsets.append(len(text))
        text += word
    out.line(f"const UnicodeNameCounts unicode_name_counts = {{{names.characters}, {len(names.aliases)}, "
             f"{len(names.sequences)}, {len(names.runs)}, {len(names.prefix_runs)}, {len(names.table)}}};")
    out.line(f'static_assert(UNICODE_NAME_MAX >= {names.longest}, "a name is longer");')
    out.line(f"static_assert(UNICODE_SEQUENCE_MAX >= {max(len(codes) for codes, _ in names.sequences)}, \"a sequence is longer\");")
    out.line(f'static_assert(NAME_GROUP == {NAME_GROUP} && NAME_SHORT_TOKENS == {SHORT_TOKENS}, "unicode_priv.h");\n')
    out.array("uint32_t", "unicode_word_offsets", [*offsets, len(text)])
    out.line("const char unicode_words[] =")
    for at in range(0, len(text), 100):
        out.line(f'    "{text[at:at + 100]}"')
    out.line("    ;\n")
    out.array("uint8_t", "unicode_name_bytes", list(names.bytes))
    out.array("uint32_t", "unicode_name_groups", names.groups)
    out.array("UnicodeNameRun", "unicode_name_runs", names.runs)
    out.array("uint32_t", "unicode_name_table", names.table)
    out.array("uint32_t", "unicode_alias_codes", [c for c, _ in names.aliases])
    sequence_offsets, sequences = [0], []
    for codes, _ in names.sequences:
        sequences += codes
        sequence_offsets.append(len(sequences))
    out.array("uint32_t", "unicode_sequences", sequences)
    out.array("uint16_t", "unicode_sequence_offsets", sequence_offsets)
    out.strings("unicode_name_prefixes", names.prefixes)
    out.array("UnicodePrefixRun", "unicode_prefix_runs", names.prefix_runs)
    jamo = {int(code, 16): name for code, name in data.fields("Jamo.txt")}
    for part, first, count in (("l", 0x1100, 19), ("v", 0x1161, 21)):
        out.strings(f"unicode_jamo_{part}", [jamo[first + i] for i in range(count)])
    out.strings("unicode_jamo_t", ["", *(jamo[0x11A8 + i] for i in range(27))])


def main():
    data = Data(sys.argv[1])
    characters = Characters(data)
    out = Output(sys.argv[2])
    out.line("/* Generated by tools/unicodegen.py. */")
    out.line('#include "base/unicode_priv.h"\n')
    for i, name in enumerate(FLAGS):
        out.line(f'static_assert(UNICODE_{name} == 1 << {i}, "unicode.h");')
    write_properties(out, data, characters)
    write_normalization(out, data, characters)
    write_names(out, data, characters)


main()
