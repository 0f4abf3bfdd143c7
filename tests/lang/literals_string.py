# String and bytes literals: quotes, prefixes, escapes, concatenation.
assert 'a' "b" '''c''' """d""" == 'abcd'
assert '\x41\u0042\U00000043\N{LATIN SMALL LETTER D}' == 'ABCd'
assert '\101\7\0' == 'A' + chr(7) + chr(0) and len('\0011') == 2
assert '\a\b\f\n\r\t\v\\\'\"' == ''.join(map(chr, [7, 8, 12, 10, 13, 9, 11, 92, 39, 34]))
assert r'\n\'' == '\\n' + "\\'" and R"a\b" == 'a\\b'
assert u'x' == 'x'
assert b'\x00\xff\n' == bytes([0, 255, 10])
assert rb'\x' == Rb'\x' == bR'\x' == Br'\x' == b'\\x'
assert b'a' b'b' == b'ab'
assert 'one\
two' == 'onetwo'
assert '''a
b''' == 'a\nb'
assert """say "hi" now""" == 'say "hi" now'
assert ('x'
        'y'
        'z') == 'xyz'
assert len('é') == 1 and 'é' == '\xe9' and len('日本語') == 3 and len('🙂') == 1
assert '\N{GREEK SMALL LETTER ALPHA}' == 'α'
assert 'a' 'b' * 2 == 'abab'
assert 'tab\there'.expandtabs(8) == 'tab     here'
assert repr('it\'s') == '"it\'s"' and repr('"\'') == '\'"\\\'\''
assert repr('\x00\x7f\xa0\u2028\U000e0001é') == "'\\x00\\x7f\\xa0\\u2028\\U000e0001é'"
assert repr(b'\'a"\x80\n') == 'b\'\\\'a"\\x80\\n\''
