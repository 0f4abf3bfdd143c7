# int: construction, conversion, methods, string forms, hashing, small and large.
assert int() == 0 and int('42') == 42 and int(' -7\n') == -7 and int('0x1f', 16) == 31
assert int('z', 36) == 35 and int('0b101', 0) == 5
assert int('1_000') == 1000 and int(3.99) == 3 and int(-3.99) == -3 and int(True) == 1
assert int(b'12') == 12 and int('٣') == 3
assert int('123456789' * 10) == int('123456789' * 9) * 10 ** 9 + 123456789
assert int(1e30) == 1000000000000000019884624838656
for base in (2, 3, 7, 8, 10, 16, 31, 36):
    n = 3 ** 150 + 12345
    digits, m = '', n
    while m:
        digits = '0123456789abcdefghijklmnopqrstuvwxyz'[m % base] + digits
        m //= base
    assert int(digits, base) == n and int('-' + digits, base) == -n
assert bin(10) == '0b1010' and oct(-8) == '-0o10' and hex(255) == '0xff'
assert hex(2 ** 64) == '0x10000000000000000' and bin(0) == '0b0'
assert (255).bit_length() == 8 and (0).bit_length() == 0 and (-256).bit_length() == 9
assert (2 ** 100).bit_length() == 101
assert (0b1011).bit_count() == 3 and (-7).bit_count() == 3 and (2 ** 100 - 1).bit_count() == 100
assert (5).conjugate() == 5 and (5).real == 5 and (5).imag == 0 and (5).numerator == 5
assert (5).denominator == 1
assert (6).as_integer_ratio() == (6, 1) and (5).is_integer() and (5).__index__() == 5
assert (5).__trunc__() == 5
assert (1024).to_bytes(2, 'big') == b'\x04\x00'
assert (1024).to_bytes(10, 'little') == b'\x00\x04' + b'\0' * 8
assert (-1).to_bytes(3, 'big', signed=True) == b'\xff\xff\xff' and (5).to_bytes() == b'\x05'
assert (0).to_bytes(0, 'big') == b''
assert int.from_bytes(b'\x00\x10', 'big') == 16
assert int.from_bytes(b'\xfc\x00', 'big', signed=True) == -1024
assert int.from_bytes([255, 0, 0], byteorder='big') == 16711680 and int.from_bytes(b'') == 0
for n in (0, 1, -1, 2 ** 61, -2 ** 61, 2 ** 62 - 1, 2 ** 62, -2 ** 62, 2 ** 63, 10 ** 40,
          -10 ** 40):
    assert int(str(n)) == n and int(repr(n)) == n and int(hex(n), 16) == n and int(bin(n), 0) == n
    assert int.from_bytes(n.to_bytes(40, 'little', signed=True), 'little', signed=True) == n
    assert n - n == 0 and n + 1 - 1 == n and -(-n) == n and ~~n == n and n ^ n == 0
    assert (n << 3) >> 3 == n
    assert abs(n) >= 0 and n * n >= 0 and divmod(n, 7)[0] * 7 + divmod(n, 7)[1] == n
assert pow(3, 100, 7) == 3 ** 100 % 7 and pow(3, -1, 7) == 5 and pow(2, 10) == 1024
assert pow(2, -2) == 0.25 and pow(-3, 3, 5) == 3
assert pow(10 ** 30, 10 ** 20, 10 ** 25 + 13) == pow(pow(10, 30, 10 ** 25 + 13), 10 ** 20,
                                                     10 ** 25 + 13)
assert pow(5, 3, -7) == -1
assert round(15, -1) == 20 and round(25, -1) == 20 and round(-15, -1) == -20 and round(5) == 5
assert round(10 ** 30 + 5, -1) == 10 ** 30
assert abs(-5) == 5 and abs(-2 ** 62) == 2 ** 62 and divmod(7, -2) == (-4, -1) and (-7) // 2 == -4
assert -7 % 2 == 1
assert 10 ** 20 // 3 == 33333333333333333333 and -10 ** 20 // 3 == -33333333333333333334
assert 10 ** 20 % -7 == -5
assert 2 ** 100 / 2 ** 99 == 2.0 and (10 ** 400) / (10 ** 399) == 10.0
assert 1 / 3 == 0.3333333333333333
assert (2 ** 53 + 1) / 1 == 9007199254740992.0 and float(2 ** 53 + 1) == 9007199254740992.0
assert float(2 ** 53 + 3) == 9007199254740996.0
assert 5 & ~1 == 4 and -1 & 2 ** 70 == 2 ** 70 and -2 ** 70 | 1 == -2 ** 70 + 1
assert -2 ** 70 ^ -1 == 2 ** 70 - 1 and ~(2 ** 70) == -2 ** 70 - 1
assert -2 ** 70 >> 69 == -2 and (-2 ** 70 - 1) >> 70 == -2 and -1 >> 10 ** 10 == -1
assert 5 >> 10 ** 10 == 0 and 0 << 10 ** 10 == 0
assert 2 ** 64 > 2 ** 63 > -2 ** 64 and 2 ** 64 == 2 ** 64 and 2 ** 64 != 2 ** 64 + 1
assert not 2 ** 64 < 2 ** 64
assert sorted([2 ** 70, -2 ** 70, 0, 2 ** 62, -1]) == [-2 ** 70, -1, 0, 2 ** 62, 2 ** 70]
assert hash(2 ** 61 - 2) == 2 ** 61 - 2 and hash(2 ** 122) == 1 and hash(-2 ** 61) == -2
assert {1: 'a'}[True] == 'a' and {2 ** 70: 1}[2.0 ** 70] == 1 and 2 ** 70 in {2.0 ** 70}
fact = 1
for i in range(1, 101):
    fact *= i
assert str(fact).startswith('93326215443944152681699238856266700490715968264381621468592963895217599993229915608941463976156518286253697920827223758251185210916864')
assert fact % 10 ** 24 == 0 and fact % 10 ** 25 != 0
assert (10 ** 18 + 9) * (10 ** 18 + 7) == 10 ** 36 + 16 * 10 ** 18 + 63
assert 99999999999 ** 7 % 1000 == 999
assert int.__new__(int, 5) == 5 and int.__doc__ and type(5).__name__ == 'int'
assert 7 .__divmod__(2) == (3, 1) and (7).__rsub__(10) == 3 and (7).__pow__(2) == 49
assert (7).__eq__('a') is NotImplemented
assert f'{2 ** 70:x}' == '400000000000000000'
assert f'{-2 ** 70:,}' == '-1,180,591,620,717,411,303,424' and f'{2 ** 70:e}' == '1.180592e+21'
