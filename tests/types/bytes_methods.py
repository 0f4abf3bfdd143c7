# bytes and bytearray: construction and the methods that they share; bytearray's own changes in
# place.
for B in (bytes, bytearray):
    b = B(b'hello world')
    assert B() == b'' and B(3) == b'\0\0\0' and B([1, 255]) == b'\x01\xff'
    assert B('é', 'utf-8') == b'\xc3\xa9' and B(B(b'x')) == b'x' and B(range(3)) == b'\0\1\2'
    assert b[0] == 104 and b[-1] == 100 and b[1:4] == b'ell' and b[::-1] == b'dlrow olleh'
    assert list(b[:2]) == [104, 101] and type(b[1:]) is B
    assert b + b'!' == b'hello world!' and b * 2 == b'hello worldhello world'
    assert 2 * B(b'a') == b'aa' and len(b) == 11
    assert b'o w' in b and 104 in b and 0 not in b and b'z' not in b and b.find(b'o') == 4
    assert b.rfind(b'o') == 7 and b.find(111) == 4 and b.index(b'w') == 6
    assert b.count(b'l') == 3 and b.count(108) == 3 and b.replace(b'l', b'L', 1) == b'heLlo world'
    assert b.split() == [b'hello', b'world'] and b.split(b'o') == [b'hell', b' w', b'rld']
    assert b.upper() == b'HELLO WORLD' and B(b'aB').swapcase() == b'Ab'
    assert b.title() == b'Hello World' and b.capitalize() == b'Hello world'
    assert b.partition(b' ') == (b'hello', b' ', b'world')
    assert B(b' x ').strip() == b'x' and B(b'xax').strip(b'x') == b'a'
    assert B(b'ab').center(4, b'-') == b'-ab-' and B(b'5').zfill(3) == b'005'
    assert B(b'a').ljust(2) == b'a ' and B(b'a').rjust(2, b'.') == b'.a'
    assert B(b',').join([b'a', B(b'b')]) == b'a,b' and b.startswith(b'he')
    assert b.endswith((b'x', b'd')) and B(b'a\nb\r\nc').splitlines() == [b'a', b'b', b'c']
    assert B(b'a\tb').expandtabs(4) == b'a   b'
    assert b.hex() == '68656c6c6f20776f726c64' and B(b'\x01\xab').hex('-') == '01-ab'
    assert B.fromhex('01 aB') == b'\x01\xab' and B(b'abcd').hex('_', 2) == '6162_6364'
    assert b.decode() == 'hello world' and B(b'\xe9').decode('latin-1') == 'é'
    assert B(b'\xff').decode('utf-8', 'ignore') == '' and B(b'abc').translate(None, b'b') == b'ac'
    assert B(b'ab').translate(bytes.maketrans(b'a', b'z')) == b'zb'
    assert B(b'abc').isalpha() and B(b'12').isdigit() and B(b'a1').isalnum() and B(b' ').isspace()
    assert B(b'a').islower() and B(b'A').isupper() and B(b'Ab').istitle() and B(b'a').isascii()
    assert not B(b'\x80').isascii()
    assert b < b'hello x' and b == b'hello world' and b != 'hello world' and B(b'a') <= b'a'
    assert sorted([B(b'b'), B(b'a')]) == [b'a', b'b'] and B(b'xy').removeprefix(b'x') == b'y'
    assert B(b'xy').removesuffix(b'y') == b'x'
    assert B(b'%d-%s') % (5, b'x') == b'5-x' and B(b'abc').rsplit(b'b') == [b'a', b'c']
    assert B(b'a.b.c').rpartition(b'.') == (b'a.b', b'.', b'c') and B(b'ab').lstrip(b'a') == b'b'
    assert bool(B()) is False
assert repr(b'a\'"\\\n\xff') == 'b\'a\\\'"\\\\\\n\\xff\''
assert repr(bytearray(b'x')) == "bytearray(b'x')" and hash(b'abc') == hash(b'abc')
assert {b'a': 1}[b'a'] == 1
a = bytearray(b'abc')
a[0] = 122
a[1:2] = b'XYZ'
assert a == b'zXYZc' and a.pop() == 99 and a.pop(0) == 122 and a == b'XYZ'
a.append(65)
a.extend(b'BC')
a.extend([68])
a.insert(0, 33)
assert a == b'!XYZABCD'
a.remove(33)
a.reverse()
assert a == b'DCBAZYX'
del a[0], a[-1]
a += b'!'
a *= 2
assert a == b'CBAZY!CBAZY!' and a.copy() == a and a.copy() is not a
a[::2] = b'......'
assert a == b'.B.Z.!.B.Z.!'
del a[::2]
assert a == b'BZ!BZ!'
a.clear()
assert a == b'' and a.append(1) is None
a.resize(3)
assert a == b'\1\0\0'


class HasBytes:
    def __bytes__(self):
        return b'made'


assert bytes(HasBytes()) == b'made' and bytes(memoryview(b'mv')) == b'mv'
assert bytes.fromhex('') == b'' and b''.join([]) == b'' and bytes.fromhex(b'0a') == b'\n'
