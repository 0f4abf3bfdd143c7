# re: syntax, functions, groups, flags, errors.
import re
from check import raises

m = re.match(r'(\w+)-(?P<n>\d+)', 'abc-42 rest')
assert m.group() == 'abc-42' and m.group(1, 'n') == ('abc', '42') and m.groups() == ('abc', '42')
assert m.groupdict() == {'n': '42'} and m.span() == (0, 6) and m['n'] == '42'
assert m.start(2) == 4 and m.end('n') == 6 and m.lastgroup == 'n' and m.lastindex == 2
assert m.string == 'abc-42 rest' and m.re.groups == 2 and m.expand(r'\2-\1') == '42-abc'
assert repr(m) == "<re.Match object; span=(0, 6), match='abc-42'>"
assert re.search('b+', 'abbbc').span() == (1, 4) and re.match('b', 'abc') is None
assert re.fullmatch('a.c', 'abc')
assert re.findall(r'\d+', 'a1b22') == ['1', '22']
assert re.findall(r'(a)(b)?', 'aab') == [('a', ''), ('a', 'b')]
assert [m.start() for m in re.finditer('a', 'aba')] == [0, 2]
assert re.sub(r'(\w)(\d)', r'\2\1', 'a1 b2') == '1a 2b'
assert re.sub('x', lambda m: m.group().upper(), 'axbx', count=1) == 'aXbx'
assert re.subn('a', 'b', 'aaa') == ('bbb', 3) and re.sub('', '-', 'ab') == '-a-b-'
assert re.split(r'[,;]', 'a,b;c') == ['a', 'b', 'c'] and re.split(r'(,)', 'a,b') == ['a', ',', 'b']
assert re.split(',', 'a,b,c', maxsplit=1) == ['a', 'b,c']
assert re.split(r'\b', 'a b') == ['', 'a', ' ', 'b', '']
for pattern, text, expected in ((r'a*?b', 'aab', 'aab'), (r'a{2,3}', 'aaaa', 'aaa'),
                                (r'(?:ab)+', 'ababx', 'abab'), (r'[^a-c\s]+', 'abc xyz', 'xyz'),
                                (r'x|yz|y', 'yz', 'yz'), (r'^b', 'a\nb', None),
                                (r'(?m)^b', 'a\nb', 'b'), (r'(?s)a.b', 'a\nb', 'a\nb'),
                                (r'(?i)ABC', 'xabc', 'abc'), (r'(?x) a  b # c', 'ab', 'ab'),
                                (r'a(?=b)', 'acab', 'a'), (r'a(?!c)', 'acab', 'a'),
                                (r'(?<=x)a', 'axa', 'a'), (r'(?<!x)a', 'xaa', 'a'),
                                (r'(a)\1', 'abaa', 'aa'),
                                (r'(?P<q>[\'"]).*?(?P=q)', 'say "hi" \'x', '"hi"'),
                                (r'\bfoo\b', 'afoo foo', 'foo'),
                                (r'\w+', 'déjà vu', 'déjà'), (r'(?a)\w+', 'déjà', 'd'),
                                (r'[\d.]+', 'v1.2.3', '1.2.3'), (r'(a|b)*c', 'ababc', 'ababc'),
                                (r'(?>a+)b', 'aab', 'aab'), (r'a++b', 'aab', 'aab'),
                                (r'\Aab\Z', 'ab', 'ab'), (r'\x41\u0042\101', 'ABA', 'ABA'),
                                (r'()', 'x', '')):
    found = re.search(pattern, text)
    assert (found and found.group()) == expected, (pattern, found)
assert re.compile('a', re.I).flags & re.I and re.compile(b'a').search(b'ba').start() == 1
assert re.escape('a.b*') == r'a\.b\*' and re.I | re.M == re.IGNORECASE | re.MULTILINE
assert re.search('ß', 'STRASSE', re.I) is None and re.search('é', 'É', re.I)
assert re.search('[à-ý]', 'É', re.I)
p = re.compile('b')
assert p.search('abab', 2).start() == 3 and p.match('ab', 1) and p.search('ab', 0, 1) is None
assert p.pattern == 'b' and repr(p) == "re.compile('b')" and p == re.compile('b')
assert hash(p) == hash(re.compile('b'))
assert re.fullmatch(r'(?:(\w+)\s*)*', 'one two three').group(1) == 'three'
assert len(re.findall('a?', 'aaa')) == 4
assert re.match(r'(?:a|b)*' * 3 + 'c', 'ab' * 50 + 'c')
assert re.search(r'(x+x+)+y', 'x' * 20 + 'y').span() == (0, 21)
assert re.match('.*', 'x' * 100_000).end() == 100_000
for bad, text in (('(', 'missing ), unterminated subpattern at position 0'),
                  (')', 'unbalanced parenthesis at position 0'),
                  ('*', 'nothing to repeat at position 0'),
                  ('[', 'unterminated character set at position 0'),
                  ('a**', 'multiple repeat at position 2'),
                  ('(?P<1>a)', "bad character in group name '1' at position 4"),
                  (r'\1', 'invalid group reference 1 at position 1'),
                  ('[b-a]', 'bad character range b-a at position 1'),
                  ('(?P<a>x)(?P<a>y)',
                   "redefinition of group name 'a' as group 2; was group 1 at position 12"),
                  (r'(?<=a*)b', 'look-behind requires fixed-width pattern'),
                  ('\\', 'bad escape (end of pattern) at position 0'),
                  (r'\q', r'bad escape \q at position 0')):
    error = raises(re.PatternError, text, re.compile, bad)
    assert error.pattern in (bad, None)
raises(TypeError, 'cannot use a string pattern on a bytes-like object', re.search, 'a', b'a')
raises(IndexError, 'no such group', lambda: m.group(5))
raises(TypeError, "expected string or bytes-like object, got 'int'", re.search, 'a', 5)

# made-up code: what cannot be run is refused, with CPython's error
import _sre
MOST = 2**32 - 1


def made(code, groups=0, names={}, indexgroup=()):
    return _sre.compile(None, 0, code, groups, names, indexgroup)


for code, groups in (([], 0), ([16, 97], 0), ([0], 0), ([17, 10**6, 1], 0), ([17, 2, 1], 1), ([11, 0, 1], 0),
                     ([18, 1], 0), ([19, 1], 0), ([15, 1, 1], 0), ([15, MOST, 1], 0), ([43, 1], 0), ([MOST, 1], 0),
                     ([21, 1], 0), ([25, 0, 1], 0), ([8, 0, 1], 0), ([6, 12, 1], 0), ([13, 4, 8, 18, 0, 1], 0),
                     ([13, 3, 16, 97, 1], 0), ([13, 99, 16, 97, 0, 1], 0), ([13, 67, 10, 0] + [0] * 64 + [0, 1], 0),
                     ([13, 75, 10, 1] + [2**24] * 64 + [0] * 8 + [0, 1], 0), ([7, 0, 1], 0),
                     ([7, 5, 16, 97, 15, 3, 0, 1], 0), ([7, 3, 16, 97, 0, 1], 0), ([24, 6, 3, 2, 16, 97, 1, 1], 0),
                     ([24, 5, 0, 9, 16, 97, 1], 0), ([23, 7, 0, 9, 16, 97, 16, 98, 1, 1], 0),
                     ([28, 7, 0, 9, 16, 97, 16, 98, 18, 1], 0), ([4, 4, 0, 16, 97, 1], 0), ([27, 3, 16, 97, 1], 0),
                     ([12, 1, 4, 16, 97, 1], 1), ([12, 0, MOST, 16, 97, 1], 1), ([12, 0, 6, 16, 97, 15, 9, 16, 98, 1], 1),
                     ([14, 3, 0, 0, 1], 0), ([14, MOST, 0, 0, 0, 1], 0), ([14, 4, 1, 0, 0, 1], 0),
                     ([14, 8, 1, 1, 1, 1, 1, 97, 1, 16, 97, 1], 0), ([14, 4, 8, 0, 0, 1], 0),
                     ([1], -1), ([1], 2**30), ([1], 2**31), ([1], -2**40)):
    raises(RuntimeError, 'invalid SRE code', made, code, groups)
if hasattr(_sre, 'getlower'):  # CPython crashes at the first two, and is less strict about the others
    for code, groups in (([13, 0, 1], 0), ([13, 1, 1], 0), ([17, 1, 17, 0, 1], 1), ([17, 0, 17, 2, 17, 1, 17, 3, 1], 2),
                         ([13, 5, 16, 97, 21, 0, 1], 0), ([24, 6, 0, 9, 17, 0, 1, 1], 1), ([24, 4, 0, 9, 1, 1], 0)):
        raises(RuntimeError, 'invalid SRE code', made, code, groups)
for code, groups, text, span in (([1], 5, '', (0, 0)), ([24, 6, 0, MOST, 16, 97, 1, 1], 0, 'aab', (0, 2)),
                                 ([24, 5, 0, 9, 0, 1, 1], 0, 'a', (0, 0)), ([7, 3, 15, 2, 0, 1], 0, 'a', (0, 0)),
                                 ([4, 5, MOST, 16, 97, 1, 1], 0, 'a', None), ([14, 6, 1, 0, 0, 0, 0, 1], 0, 'a', (0, 0)),
                                 ([12, 0, 6, 16, 97, 15, 3, 16, 98, 1], 1, 'b', (0, 1)),
                                 ([23, 7, 2, 9, 16, 97, 16, 98, 18, 1], 0, 'ababab', (0, 6))):
    found = made(code, groups).search(text)
    assert (found and found.span()) == span, (code, found)
for kind, message, code in ((TypeError, 'an integer is required', ['a']), (TypeError, 'an integer is required', [1.0]),
                            (OverflowError, "can't convert negative value to unsigned int", [-1]),
                            (OverflowError, 'regular expression code size limit exceeded', [2**32])):
    raises(kind, message, made, code)
raises(TypeError, "expected string or bytes-like object, got 'int'", _sre.compile, 5, 0, [1], 0, {}, ())
raises(TypeError, "compile() argument 'code' must be list, not tuple", made, (1,))
raises(TypeError, "compile() argument 'groupindex' must be dict, not list", made, [1], 0, [])
raises(TypeError, "compile() argument 'indexgroup' must be tuple, not list", made, [1], 0, {}, [])
raises(OverflowError, None, made, [1], 2**63)
for number in (5, -1, 'b', None, 1.0):  # dicts of groups that lie
    raises(IndexError, 'no such group', made([1], 1, {'a': number}).match('').groupdict)
assert made([1], 1, {'a': True}).match('').groupdict() == {'a': None}
if hasattr(_sre, 'getlower'):  # CPython keeps the first _compile_template() that it finds
    template = _sre.template(re.compile('(a)(b)(c)'), ['', 3, ''])
    usual, re._compile_template = re._compile_template, lambda pattern, repl: template
    raises(IndexError, 'no such group', re.compile('(q)').sub, r'\1', 'q')
    raises(IndexError, 'no such group', re.match('q', 'q').expand, r'\1')
    re._compile_template = usual
assert _sre.unicode_tolower(0x110000) == 0x110000 and _sre.unicode_tolower(-1) == -1 == _sre.ascii_tolower(-1)
assert not _sre.unicode_iscased(-1) and not _sre.unicode_iscased(2**31 - 1)
