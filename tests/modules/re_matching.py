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
