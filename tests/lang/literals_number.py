# Number literals: every base, underscores, exponents, the imaginary suffix.
assert 0 == 00 == 0_0 == 000
assert 0x_ff == 0XFF == 255
assert 0o17 == 0O1_7 == 15
assert 0b101 == 0B1_01 == 5
assert 1_000_000 == 10 ** 6
assert 123456789012345678901234567890 == 123456789012345678901234567889 + 1
assert 0xdeadbeefcafebabe0123456789 == 0xdeadbeef * 16 ** 18 + 0xcafebabe * 16 ** 10 + 0x0123456789
assert 1.5 == 15e-1 == .15e1 == 1_5.0e-1_0 * 1e9
assert 10. == 1e1 == 1E+1
assert 1e400 > 1e308 and -1e400 < -1e308
assert 3j * 3j == -9 and 2.5J == 2.5j and 0j == 0
assert type(1) is int and type(1.) is float and type(1j) is complex
assert repr(1e16) == '1e+16' and repr(1e15) == '1000000000000000.0'
assert repr(0.1 + 0.2) == '0.30000000000000004'
assert repr(5e-324) == '5e-324' and 5e-325 == 0.0
assert repr(1.7976931348623157e308) == '1.7976931348623157e+308'
assert repr(-0.0) == '-0.0' and -0.0 == 0.0
assert (1 if 1 else 0) == 1
assert 4611686018427387903 + 1 == 4611686018427387904
assert -4611686018427387904 - 1 == -4611686018427387905
assert 9223372036854775807 + 1 == 0x8000000000000000
