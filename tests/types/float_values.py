# float: parsing, shortest repr, arithmetic, rounding, hex, ratios, special values.
inf, nan = float('inf'), float('nan')
assert float() == 0.0 and float('1.5') == 1.5 and float(' -1e-3 ') == -0.001
assert float('1_0.5') == 10.5 and float('.5') == .5 and float('5.') == 5
assert float('infinity') == inf == float('INF') and -inf == float('-Infinity') and nan != nan
assert float(b'2.5') == 2.5 and float('١٫٥'.replace('٫', '.')) == 1.5
for x, text in ((0.1, '0.1'), (1.0, '1.0'), (1e16, '1e+16'),
                (123456789012345.6, '123456789012345.6'), (1e-5, '1e-05'), (0.0001, '0.0001'),
                (2 / 3, '0.6666666666666666'), (1e22, '1e+22'), (1e23, '1e+23'), (5e-324, '5e-324'),
                (-0.0, '-0.0'), (inf, 'inf'),
                (-inf, '-inf'), (nan, 'nan'), (9007199254740993.0, '9007199254740992.0'),
                (1.7976931348623157e308, '1.7976931348623157e+308'),
                (2.2250738585072014e-308, '2.2250738585072014e-308'), (100.0, '100.0'),
                (1e15, '1000000000000000.0'), (4.35, '4.35'), (0.3, '0.3')):
    assert repr(x) == text == str(x), (x, text)
    assert float(text) == x or x != x
assert 0.1 + 0.2 == 0.30000000000000004 and 1.5 // 0.4 == 3.0 and -7.5 // 2 == -4.0
assert -7.5 % 2 == 0.5 and 7.5 % -2 == -0.5
assert divmod(-7.5, 2) == (-4.0, 0.5) and 2.0 ** 0.5 == 1.4142135623730951
assert 2 ** 0.5 == 1.4142135623730951 and (-8.0) ** 3 == -512.0
assert type((-8) ** (1 / 3)) is complex and 0.0 ** 0 == 1.0 and nan ** 0 == 1.0
assert 1.0 ** nan == 1.0 and inf ** -1 == 0.0
assert inf - inf != inf - inf and inf > 1e308 and -inf < -1e308 and not nan < 1 and not nan > 1
assert inf == inf and 1e308 * 10 == inf
assert -0.0 == 0.0 and str(0.0 * -1) == '-0.0' and str(-0.0 + 0.0) == '0.0'
assert str(-0.0 - 0.0) == '-0.0'
assert round(2.5) == 2 and round(3.5) == 4 and round(-2.5) == -2 and type(round(2.5)) is int
assert round(2.675, 2) == 2.67 and round(1234.5, -2) == 1200.0
assert round(1e300, 400) == 1e300 and round(1.5, -400) == 0.0 and str(round(-0.4, 0)) == '-0.0'
assert round(0.5, 0) == 0.0 and round(2.5, None) == 2
assert (2.0).is_integer() and not (2.5).is_integer() and not inf.is_integer()
assert (0.75).as_integer_ratio() == (3, 4)
assert (0.1).as_integer_ratio() == (3602879701896397, 36028797018963968)
assert (1e300).as_integer_ratio()[1] == 1
assert (1.0).hex() == '0x1.0000000000000p+0' and (0.1).hex() == '0x1.999999999999ap-4'
assert (-0.0).hex() == '-0x0.0p+0' and inf.hex() == 'inf'
assert (5e-324).hex() == '0x0.0000000000001p-1022' and float.fromhex('0x1.8p1') == 3.0
assert float.fromhex('-inf') == -inf and float.fromhex('0x.8') == 0.5
assert float.fromhex('1.8') == 1.5 and float.from_number(3) == 3.0
assert (1.5).real == 1.5 and (1.5).imag == 0.0 and (1.5).conjugate() == 1.5 and int(1.9) == 1
assert (2.5).__trunc__() == 2
assert (2.5).__floor__() == 2 and (2.5).__ceil__() == 3 and (-2.5).__floor__() == -3
assert abs(-1.5) == 1.5 and +1.5 == 1.5
assert hash(1.0) == hash(1) == 1 and hash(0.5) == 1152921504606846976 and hash(inf) == 314159
assert hash(-inf) == -314159 and hash(1e300) == hash(int(1e300))
assert 1.0 == 1 and 1.5 > 1 and 2 > 1.5 and 2 ** 53 == 2.0 ** 53 and 2 ** 53 + 1 > 2.0 ** 53
assert 10 ** 400 > 1e308
assert 10 ** 400 < inf and 10 ** 400 != inf and not 5 == nan
assert 1e-320 > 0 and 1e-320 / 10 > 0 and 5e-324 / 2 == 0.0 and 1.1e-310 + 1.2e-310 == 2.3e-310
assert 1e200 * 1e200 == inf and 1e-200 * 1e-200 == 0.0 and 1e300 - 1e300 == 0.0
assert 1e160 * 1e-160 == 1.0
for e in range(-1074, 1024, 7):
    x = 2.0 ** e
    assert x * 2 / 2 == x or e < -1070 and x == x
    assert float(repr(x)) == x and float.fromhex(x.hex()) == x and -(-x) == x and x > 0
    assert x - x == 0
x = 1.0
for _ in range(2000):
    x /= 2.5
assert x == 0.0
x = 1.0
for _ in range(2000):
    x *= 1.7
assert x == inf
assert sum([0.1] * 10) == 1.0 and sum([1e100, 1.0, -1e100]) == 1.0  # sum() of floats is compensated
assert max(1, 2.5) == 2.5 and min(0.5, 1) == 0.5 and float.__name__ == 'float'
assert (5.0).__eq__('a') is NotImplemented
n = nan
assert n is n and [n] == [n] and n in [n] and n != n
assert f'{1e16:.0f}' == '10000000000000000' and f'{0.1:.20f}' == '0.10000000000000000555'
assert f'{1e-7:g}' == '1e-07' and f'{123456789.0:g}' == '1.23457e+08'
assert f'{1.0:#g}' == '1.00000' and f'{1.5:.0e}' == '2e+00' and f'{0.00001234:.3}' == '1.23e-05'
assert f'{1e5:.3}' == '1e+05' and f'{12.0:.3}' == '12.0'
