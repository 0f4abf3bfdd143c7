# Integer operators, small and large, and how division and modulo round.
assert 7 // 2 == 3 and -7 // 2 == -4 and 7 // -2 == -4 and -7 // -2 == 3
assert 7 % 3 == 1 and -7 % 3 == 2 and 7 % -3 == -2 and -7 % -3 == -1
assert 7 / 2 == 3.5 and type(4 / 2) is float
assert divmod(-7, 2) == (-4, 1)
assert 2 ** 10 == 1024 and 2 ** -1 == 0.5 and (-2) ** 3 == -8 and -2 ** 2 == -4
assert 0 ** 0 == 1
assert 1 << 70 == 1180591620717411303424 and (1 << 70) >> 69 == 2
assert -1 >> 100 == -1 and -5 >> 1 == -3
assert 5 & 3 == 1 and 5 | 3 == 7 and 5 ^ 3 == 6 and ~5 == -6
assert -5 & 0xff == 251 and -1 ^ 1 == -2
big = 2 ** 200
assert big + 1 - big == 1 and big * big == 2 ** 400 and big // 3 * 3 + big % 3 == big
assert -big // 7 * 7 + -big % 7 == -big and 0 <= -big % 7 < 7
assert str(2 ** 100) == '1267650600228229401496703205376'
assert hash(2 ** 61 - 1) == 0 and hash(-1) == -2 and hash(2 ** 61) == 1
assert +7 == 7 and -(-7) == 7 and not 0 and not not 5
x = 4611686018427387903
assert x + x == 9223372036854775806 and x * 4 == 18446744073709551612
assert -x - x - 2 == -9223372036854775808
assert (x + 1) - 1 == x and x + 1 > x and x * x // x == x
assert 3 .__add__(4) == 7 and (3).__add__('a') is NotImplemented
for op in (lambda: 1 // 0, lambda: 1 % 0, lambda: divmod(1, 0), lambda: 1 / 0, lambda: 0 ** -1):
    try:
        op()
    except ZeroDivisionError:
        pass
    else:
        assert False, op
try:
    1 << -1
except ValueError as error:
    assert str(error) == 'negative shift count'
else:
    assert False
try:
    1 + 'a'
except TypeError as error:
    assert str(error) == "unsupported operand type(s) for +: 'int' and 'str'"
else:
    assert False
