# str: every method, on narrow and wide text.
s = 'Hello, Wörld'
assert s.upper() == 'HELLO, WÖRLD' and s.lower() == 'hello, wörld'
assert s.swapcase() == 'hELLO, wÖRLD' and 'ß'.upper() == 'SS'
assert 'hello world'.title() == 'Hello World' and "they're".title() == "They'Re"
assert 'hELLO'.capitalize() == 'Hello' and 'ǆ'.title() == 'ǅ'
assert 'ẞß'.casefold() == 'ssss' and 'ΑΣ'.lower() == 'ας' and 'İ'.lower() == 'i̇'
assert 'ﬁ'.upper() == 'FI'
assert s.find('l') == 2 and s.find('l', 3) == 3 and s.find('l', 4, 6) == -1 and s.rfind('l') == 10
assert s.find('') == 0 and s.find('', 20) == -1
assert s.index('W') == 7 and s.rindex('l') == 10 and s.count('l') == 3 and 'aaaa'.count('aa') == 2
assert 'abc'.count('') == 4 and s.find('ö') == 8
assert 'a,b,,c'.split(',') == ['a', 'b', '', 'c'] and 'a,b,c'.split(',', 1) == ['a', 'b,c']
assert 'a,b,c'.rsplit(',', 1) == ['a,b', 'c']
assert '  a  b '.split() == ['a', 'b'] and ' a b c '.split(None, 1) == ['a', 'b c ']
assert ' a b c '.rsplit(None, 1) == [' a b', 'c'] and ''.split() == [] and ''.split(',') == ['']
assert 'a\u2003b\x85c'.split() == ['a', 'b', 'c'] and 'a<>b<>c'.split('<>') == ['a', 'b', 'c']
assert 'a\nb\r\nc\rd\x0be\u2028f'.splitlines() == ['a', 'b', 'c', 'd', 'e', 'f']
assert 'a\n\nb\n'.splitlines(True) == ['a\n', '\n', 'b\n']
assert 'k=v=w'.partition('=') == ('k', '=', 'v=w') and 'k=v=w'.rpartition('=') == ('k=v', '=', 'w')
assert 'kv'.partition('=') == ('kv', '', '') and 'kv'.rpartition('=') == ('', '', 'kv')
assert ','.join(['a', 'b']) == 'a,b' and ''.join([]) == '' and '-'.join('abc') == 'a-b-c'
assert ','.join(x for x in ('é', 'z')) == 'é,z' and ''.join(['x']) == 'x'
assert 'aXbX'.replace('X', 'yy') == 'ayybyy' and 'aaa'.replace('a', 'b', 2) == 'bba'
assert 'abc'.replace('', '-') == '-a-b-c-' and 'aaa'.replace('a', 'é') == 'ééé'
assert 'abc'.replace('b', '', count=1) == 'ac'
assert '  x '.strip() == 'x' and 'xxaxx'.strip('x') == 'a' and 'abcba'.strip('ab') == 'c'
assert ' x '.lstrip() == 'x ' and ' x '.rstrip() == ' x' and '\u3000é\u3000'.strip() == 'é'
assert 'prefix_x'.removeprefix('prefix_') == 'x' and 'x.py'.removesuffix('.py') == 'x'
assert 'x'.removesuffix('') == 'x'
assert s.startswith('Hell') and s.startswith(('x', 'H')) and s.startswith('W', 7)
assert s.endswith('ld') and s.endswith(('a', 'd')) and not s.startswith('') is False
assert 'a'.center(4) == ' a  ' and 'a'.center(5, '*') == '**a**' and 'a'.ljust(3, '.') == 'a..'
assert 'a'.rjust(3, 'é') == 'éé' + 'a' and 'abc'.center(2) == 'abc' and 'ab'.center(5) == '  ab '
assert 'ab'.ljust(-2**63) == 'ab'.rjust(-2**63) == 'ab'.center(-2**63) == 'ab'.zfill(-2**63) == 'ab'
assert '42'.zfill(5) == '00042' and '-42'.zfill(5) == '-0042' and '+x'.zfill(4) == '+00x'
assert 'a\tb\t'.expandtabs() == 'a       b       ' and 'a\tb'.expandtabs(3) == 'a  b'
assert 'abc'.isalpha() and 'é'.isalpha() and not 'a1'.isalpha() and not ''.isalpha()
assert '12'.isdigit() and '²'.isdigit() and not '²'.isdecimal() and '½'.isnumeric()
assert '五'.isnumeric()
assert 'a1'.isalnum() and ' \t\u2003'.isspace() and 'abc'.islower() and 'ABC1'.isupper()
assert not '1'.isupper() and 'Ab Cd'.istitle() and not 'ab'.istitle()
assert 'abc_1'.isidentifier() and 'é'.isidentifier() and not '1a'.isidentifier()
assert 'def'.isidentifier() and 'abc'.isascii() and not 'é'.isascii() and ''.isascii()
assert 'abc'.isprintable() and not '\n'.isprintable() and ''.isprintable()
table = str.maketrans({'a': '1', 'b': None, ord('c'): 'XYZ', 'd': 0x1F600})
assert 'abcd'.translate(table) == '1XYZ😀'
assert 'abc'.translate(str.maketrans('ab', 'ba', 'c')) == 'ba'
assert 'xyz'.translate({120: 'é'}) == 'éyz'
assert 'é'.encode() == b'\xc3\xa9' and 'é'.encode('latin-1') == b'\xe9'
assert 'aé'.encode('ascii', 'ignore') == b'a' and 'é'.encode('ascii', 'replace') == b'?'
assert 'é'.encode('ascii', 'xmlcharrefreplace') == b'&#233;'
assert 'é'.encode('ascii', 'backslashreplace') == b'\\xe9' and 'a'.encode('utf-16-le') == b'a\0'
assert '😀'.encode('utf-16-be') == b'\xd8=\xde\x00'
assert 'é'.encode('ascii', 'namereplace') == b'\\N{LATIN SMALL LETTER E WITH ACUTE}'
assert '\udc80'.encode('utf-8', 'surrogateescape') == b'\x80'
assert len('🙂é') == 2 and '🙂é'[1] == 'é' and '🙂é'[::-1] == 'é🙂' and 'é' in '🙂é' and '🙂' not in 'é'
assert 'ab' + 'é' + '🙂' == 'abé🙂' and 'é' * 3 == 'ééé' and '' * 5 == ''
assert 'a' < 'b' and 'a' < 'é' < '日' < '🙂' and 'Z' < 'a' and '' < 'a' and 'abc' < 'abd'
assert max('abc') == 'c' and sorted('hello') == ['e', 'h', 'l', 'l', 'o']
assert hash('abc') == hash('ab' + 'c') and {'é': 1}['\xe9'] == 1 and 'abc' == 'abc'
assert 'abc' != 'abd' and 'a' != b'a' and 'a' in {'a'}
assert str(b'abc', 'utf-8') == 'abc' and str(b'\xff', 'utf-8', 'replace') == '\ufffd'
assert str(b'abc') == "b'abc'" and str() == '' and str('x') == 'x' and str(object=5) == '5'
assert chr(97) == 'a' and chr(0x1F600) == '😀' and ord('é') == 233
assert ascii('é😀') == "'\\xe9\\U0001f600'" and list('ab') == ['a', 'b'] and 'a' 'b' == 'ab'
assert 'abcdef'[1:-1:2] == 'bd' and 'abc'[-1] == 'c' and 'é日🙂'[1:] == '日🙂' and 'é日🙂'[:1] == 'é'
assert '%s' % 'é' == 'é' and 'ab'.__contains__('a') and 'ab'.__len__() == 2
assert 'ab'.__add__('c') == 'abc' and 'ab'.__mul__(2) == 'abab' and 'ab'.__mod__(()) == 'ab'
text = 'x' * 1000 + 'needle' + 'y' * 1000
assert text.find('needle') == 1000 and text.rfind('needle') == 1000 and text.count('needle') == 1
assert ('ab' * 500).count('ba') == 499 and ('a' * 300 + 'b').find('a' * 10 + 'b') == 290
assert 'é'.join(['a'] * 3) == 'aéaéa' and 'aéb🙂c'.split('é') == ['a', 'b🙂c']
assert 'ab🙂'.rstrip('🙂') == 'ab' and 'ab🙂'[:2].isascii()
