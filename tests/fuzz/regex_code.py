"""Damages the code of regular expressions, and runs what _sre.compile() lets pass.

usage: WEFT tests/fuzz/regex_code.py [SECONDS [SEED]]     (WEFT: best of an ASan build)

A finding is a crash: what is about to run stands in regex_code.last, in the current folder.
"""
import random
import re
import signal
import sys
import time
import _sre
from collections import Counter
from re import _compiler, _parser

ATOMS = ["a", "b", ".", r"\w", r"\d", r"\S", "[a-c]", "[^a]", "[abx-z_]", "[\u0100-\u0400\u4e00xq]",
         "[a\U00010400-\U00010420]", "(?i:k)", "(?i:[k-s])", "(?a:\\w)", "\\b", "\\B", "^", "$",
         "\\A", "\\Z", "(?!)", r"(?i:\u0450)", "[\\s\\S]", "ab", "foo", "", "\n", "(?s:.)"]
SHAPES = ["({})", "(?:{})*", "(?:{}){{2,3}}", "(?:{})+?", "(?:{})*+", "(?>{})", "(?={})", "(?!{})",
          "(?<=a)(?:{})", "(?<!b)(?:{})", "({})\\1", "({})(?i:\\1)", "({})?(?(1)a|b)",
          "({})?(?(1)b)", "(?:{})|b|c", "x|(?:{})", "a*{}", "a*?{}", "[a-z]++{}", "(?:{}|ab)*c", "{}b"]
SUBJECTS = ["", "a", "abcabcab\nfoo bar_k\u212a", "a\u0150b\u4e00" * 3, "x\U00010401ab" * 2]


def pattern(rand):
    text = rand.choice(ATOMS)
    for _ in range(rand.randrange(4)):
        shape = rand.choice(SHAPES)
        text = text + rand.choice(ATOMS) if "\\1" in shape + text or "(1)" in shape + text else \
            shape.format(text)
    return text


def damaged(rand, code):
    code = list(code)
    for _ in range(rand.choice((1, 1, 1, 2, 3))):
        i = rand.randrange(len(code))
        what = rand.randrange(6)
        if what == 0:
            code[i] = rand.randrange(45)
        elif what == 1:
            code[i] = max(0, code[i] + rand.choice((-3, -2, -1, 1, 2, 3)))
        elif what == 2:
            code[i] = rand.choice((0, 1, 2**31 - 1, 2**31, 2**32 - 1, 2**32 - 2, rand.randrange(2**32)))
        elif what == 3:
            code[i] = rand.choice(code)
        elif what == 4:
            del code[i:i + rand.choice((1, 2))]
            if not code:
                code = [1]
        else:
            code[i:i] = [rand.randrange(45)] * rand.choice((1, 2))
    return code


def stop(*_):
    raise InterruptedError


def use(p):
    for subject in SUBJECTS:
        for call in (p.match, p.search, p.fullmatch, p.findall, p.split):
            call(subject)
        p.sub("-", subject)
        m = p.search(subject, 1)
        if m:
            m.groups(), m.regs, m.lastgroup
    p.sub(b"-", b"abab cd\xe0\n")


def damage_one(rand, last, count):
    """One pattern, damaged again and again. InterruptedError: it took long, and was told late."""
    text = pattern(rand)
    try:
        parsed = _parser.parse(text, rand.choice((0, 0, re.I, re.A, re.M, re.I | re.A, re.S)))
        code = _compiler._code(parsed, 0)
    except (re.error, OverflowError):
        return
    groups = parsed.state.groups - 1
    _sre.compile(text, 0, code, groups, {}, ())  # what the library makes passes
    count["patterns"] += 1
    for _ in range(40):
        made = damaged(rand, code)
        count["damaged"] += 1
        try:
            p = _sre.compile(None, 0, made, groups, {}, ())
        except (RuntimeError, OverflowError):
            continue
        count["let pass and run"] += 1
        last.seek(0)
        last.write(f"{groups} {made}\n")
        last.truncate()
        last.flush()
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            use(p)
        except (InterruptedError, RecursionError, MemoryError):
            count["of them not to the end"] += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def main(seconds=60, seed=None):
    seed = int(seed or time.time())
    rand, count = random.Random(seed), Counter()
    signal.signal(signal.SIGALRM, stop)
    end = time.monotonic() + float(seconds)
    with open("regex_code.last", "w") as last:
        while time.monotonic() < end:
            try:
                damage_one(rand, last, count)
            except InterruptedError:
                count["of them not to the end"] += 1
    print(f"seed {seed}: " + ", ".join(f"{n} {what}" for what, n in count.items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
