# re: patterns, matches and scanners used by all threads; the cache of compiled ones.
import gc
import re
from collections import Counter

from together import in_threads, together

N, ROUNDS = 4, 200
text = 'one 1, two 22, three 333; ' * 20
pattern = re.compile(r'(?P<word>[a-z]+) (?P<number>\d+)')
expected = pattern.findall(text)
match = pattern.match(text)


def use(i):
    for n in range(ROUNDS):
        assert pattern.findall(text) == expected
        assert [m['word'] for m in pattern.finditer(text)] == [w for w, _ in expected]
        assert pattern.sub(lambda m: m['number'], text).count('22') == 20
        assert pattern.sub(r'\2', text).startswith('1, 22, 333')
        assert pattern.search(text, n % 20) and pattern.fullmatch('a 1') and pattern.split(text)
        assert match.group('word', 'number') == ('one', '1') and match.groupdict() == {'word': 'one', 'number': '1'}
        assert match.span() == (0, 5) and match.expand(r'\1-\2') == 'one-1' and match.regs and match.lastgroup == 'number'
        assert hash(pattern) == hash(re.compile(pattern.pattern)) and pattern.groupindex['word'] == 1
        assert re.match(f'(a{{{n % 50}}})b', 'a' * (n % 50) + 'b').end() == n % 50 + 1
        if n % 20 == 0:
            re.purge()
        assert re.escape('a.b') == r'a\.b' and re.sub('x{1,3}', '-', 'axxxb') == 'a-b'


in_threads(N, use)

# one iterator of matches and one scanner: each match once
found = pattern.finditer(text)
got = sum(in_threads(N, lambda i: [m.span() for m in found]), [])
assert Counter(got) == Counter(m.span() for m in pattern.finditer(text)), got
scanner = pattern.scanner(text)


def scan(i):
    got = []
    while m := scanner.search():
        got.append(m.span())
    return got


assert Counter(sum(in_threads(N, scan), [])) == Counter(m.span() for m in pattern.finditer(text))

# also where a search is long, and stopped meanwhile
long_text = ('ab' * 300_000 + 'c') * 6
found, searching = re.finditer('(?:a|b)*?c', long_text), [1, 1]


def search_long(i):
    if i == 2:
        while any(searching):
            gc.collect()
        return []
    got = [m.span() for m in found]
    searching[i] = 0
    return got


assert sorted(sum(in_threads(3, search_long), [])) == [(n * 600_001, (n + 1) * 600_001) for n in range(6)]

# the text under a pattern changes
buffer = bytearray(b'abc ' * 100)


def change(i):
    for n in range(ROUNDS):
        if i == 0:
            buffer[n % 400] = 32 + n % 64
        elif i == 1:
            try:
                buffer.append(32)
            except BufferError:
                continue
            while True:  # the searches lend it, too
                try:
                    buffer.pop()
                    break
                except BufferError:
                    pass
        else:
            assert re.findall(rb'[a-z]+', buffer) is not None and re.sub(rb'\s', b'', buffer) is not None


in_threads(N, change)
assert len(buffer) == 400


# A template takes the items of one moment from a list that changes.
import _sre

template, pattern = ['a', 1, 'b', 2, 'c'], re.compile('(x)(y)')


def shrink():
    for _ in range(2000):
        template.clear()
        template.extend(['a', 1, 'b', 2, 'c'])


def make():
    for _ in range(2000):
        try:
            _sre.template(pattern, template)
        except TypeError:
            pass


together(shrink, make)
