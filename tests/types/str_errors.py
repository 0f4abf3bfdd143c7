# str: the messages of what it refuses.
from check import raises

raises(ValueError, 'substring not found', 'abc'.index, 'z')
raises(ValueError, 'substring not found', 'abc'.rindex, 'z')
raises(ValueError, 'empty separator', 'abc'.split, '')
raises(ValueError, 'empty separator', 'abc'.partition, '')
raises(TypeError, 'must be str or None, not int', 'abc'.split, 5)
raises(TypeError, 'must be str, not int', 'abc'.partition, 5)
raises(TypeError, 'sequence item 1: expected str instance, int found', ','.join, ['a', 1])
raises(TypeError, 'can only join an iterable', ','.join, 5)
raises(TypeError, 'can only concatenate str (not "int") to str', lambda: 'a' + 1)
raises(TypeError, "can't multiply sequence by non-int of type 'str'", lambda: 'a' * 'b')
raises(TypeError, "can't multiply sequence by non-int of type 'float'", lambda: 'a' * 1.5)
raises(TypeError, "unsupported operand type(s) for -: 'str' and 'str'", lambda: 'a' - 'b')
raises(TypeError, "'in <string>' requires string as left operand, not int", lambda: 5 in 'abc')
raises(TypeError, 'startswith first arg must be str or a tuple of str, not int', 'a'.startswith, 5)
raises(TypeError, 'tuple for startswith must only contain str, not int', 'a'.startswith, (5,))
raises(TypeError, 'replace() argument 1 must be str, not int', 'a'.replace, 1, 'b')
raises(TypeError, 'find() argument 1 must be str, not int', 'a'.find, 1)
raises(TypeError, 'strip arg must be None or str', 'a'.strip, 5)
raises(TypeError, 'The fill character must be exactly one character long', 'a'.center, 5, 'ab')
raises(TypeError, 'The fill character must be a unicode character, not int', 'a'.center, 5, 5)
raises(TypeError, "'str' object cannot be interpreted as an integer", 'a'.zfill, 'x')
raises(ValueError, 'the first two maketrans arguments must have equal length', str.maketrans, 'a',
       'bc')
raises(TypeError, 'if you give only one argument to maketrans it must be a dict', str.maketrans,
       'a')
raises(ValueError, 'string keys in translatetable must be of length 1', str.maketrans, {'ab': 1})
raises(UnicodeEncodeError,
       "'ascii' codec can't encode character '\\xe9' in position 1: ordinal not in range(128)",
       'aé'.encode, 'ascii')
raises(UnicodeEncodeError,
       "'latin-1' codec can't encode characters in position 0-1: ordinal not in range(256)",
       '日本'.encode, 'latin-1')
raises(UnicodeEncodeError,
       "'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed",
       '\ud800'.encode)
raises(UnicodeDecodeError, "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte",
       b'a\xff'.decode)
raises(UnicodeDecodeError,
       "'utf-8' codec can't decode byte 0xc3 in position 0: unexpected end of data", b'\xc3'.decode)
raises(UnicodeDecodeError,
       "'utf-8' codec can't decode byte 0xc3 in position 0: invalid continuation byte",
       b'\xc3a'.decode)
raises(UnicodeDecodeError,
       "'ascii' codec can't decode byte 0x80 in position 0: ordinal not in range(128)",
       b'\x80'.decode, 'ascii')
raises(LookupError, 'unknown encoding: nope', 'a'.encode, 'nope')
raises(LookupError, "unknown error handler name 'nope'", 'é'.encode, 'ascii', 'nope')
raises(TypeError, 'decoding str is not supported', str, 'a', 'utf-8')
raises(TypeError, "decoding to str: need a bytes-like object, int found", str, 5, 'utf-8')
raises(TypeError, 'ord() expected a character, but string of length 2 found', ord, 'ab')
raises(TypeError, 'ord() expected string of length 1, but int found', ord, 5)
raises(ValueError, 'chr() arg not in range(0x110000)', chr, -1)
raises(ValueError, 'chr() arg not in range(0x110000)', chr, 0x110000)
raises(TypeError, "'str' object cannot be interpreted as an integer", chr, 'a')
raises(IndexError, 'string index out of range', lambda: 'abc'[3])
raises(IndexError, 'string index out of range', lambda: 'abc'[-4])
raises(TypeError, "string indices must be integers, not 'str'", lambda s='abc': s['a'])
raises(TypeError, "'str' object does not support item assignment", exec, "'abc'[0] = 'x'")
raises(AttributeError, "'str' object has no attribute 'nope'", lambda: 'a'.nope)
raises(AttributeError, "'str' object has no attribute 'appendd'", lambda: 'a'.appendd)
raises(TypeError, "str() argument 'encoding' must be str, not int", str, b'', 5)
raises(TypeError, 'count expected at least 1 argument, got 0', 'a'.count)
raises(TypeError, "encode() argument 'encoding' must be str, not int", 'a'.encode, 5)
raises(ValueError, 'embedded null character', compile, 'a', 'f\0', 'exec')


class BadStr:
    def __str__(self):
        return 5

    def __repr__(self):
        return b'x'


raises(TypeError, '__str__ returned non-string (type int)', str, BadStr())
raises(TypeError, '__repr__ returned non-string (type bytes)', repr, BadStr())
raises(OverflowError, None, lambda: 'ab' * (2 ** 62))
raises(OverflowError, "cannot fit 'int' into an index-sized integer", lambda: 'a' * 2 ** 70)
assert 'a' * -5 == '' and 'abc'.find('b', -2 ** 70, 2 ** 70) == 1
