# int, float and complex from and to other things: what counts as a number, messages, order of checks; sums; powers.
from fractions import Fraction

from check import raises

nan, inf = float('nan'), float('inf')


class Float(float):
    def __init__(self, value, name=None):
        self.name = name


class Index:
    def __index__(self):
        return 4


class Complex:
    def __complex__(self):
        return 1 + 2j


f = Float(2.5, name='x')   # keywords are for __init__
assert f == 2.5 and f.name == 'x' and type(Float.from_number(3)) is Float
raises(TypeError, 'float() takes no keyword arguments', float, x=1)
assert float.from_number(nan) is not None and float.from_number(Index()) == 4.0
x = nan
assert float.from_number(x) is x and complex.from_number(Complex()) == 1 + 2j
raises(TypeError, 'must be real number, not str', float.from_number, '1')
raises(TypeError, "float() argument must be a string or a real number, not 'list'", float, [])
raises(ValueError, "could not convert string to float: b'a'", float, b'a')
raises(TypeError, 'bad argument type for built-in operation', float.fromhex, 1)
raises(OverflowError, 'cannot convert Infinity to integer ratio', inf.as_integer_ratio)
raises(ValueError, 'cannot convert NaN to integer ratio', nan.as_integer_ratio)
raises(OverflowError, 'rounded value too large to represent', round, 1.7e308, -308)
assert round(1.5, 10 ** 30) == 1.5 and str(round(-1.5, -10 ** 30)) == '-0.0' and round(inf, 2) == inf
assert float.__getformat__('double').startswith('IEEE')
assert 0.0 ** -inf == inf

raises(ValueError, "invalid literal for int() with base 2: b'2'", int, b'2', 2)
raises(ValueError, 'int() base must be >= 2 and <= 36, or 0', int, '1', 10 ** 20)
raises(TypeError, 'int expected at most 2 arguments, got 3', int, 1, 2, 3)
raises(TypeError, "int() argument must be a string, a bytes-like object or a real number, not 'memoryview'",
       int, memoryview(b'1234')[::2])
assert int('0' * 50) == 0 and int('00_7') == 7 and int(' -12\n') == -12 and int('1' * 18) == 111111111111111111
assert int('9' * 40) == 10 ** 40 - 1 and int('-' + '9' * 19) == 1 - 10 ** 19 and int('7_7' * 20, 8) > 0
for text in ('', '_1', '1_', '1__0', '- 1', '1 2', '0x'):
    raises(ValueError, f'invalid literal for int() with base 10: {text!r}', int, text)

raises(TypeError, "complex() argument 'real' must be a real number, not str", complex, real='2')
raises(ValueError, "could not convert string to complex: '1__0'", complex, '1__0')
raises(ValueError, 'complex() arg is a malformed string', complex, '1+')
raises(ZeroDivisionError, 'zero to a negative or complex power', lambda: (1 + 2j) ** inf)
raises(OverflowError, 'complex exponentiation', lambda: complex(inf, nan) ** 1)
assert repr(0 / (1 + 2j)) == '-0j' and repr(complex(-0.0, -0.0) ** 1) == '-0j'
assert repr(0 / complex(inf, nan)) == '-0j' and repr((2 + 0j) ** -1) == '(0.5+0j)'
assert complex(0, 1).__pow__(None, 0) is NotImplemented

assert sum([0.1] * 10) == 1.0 and sum([1, 0.5, 2 ** 70]) == 2.0 ** 70 and sum([2 ** 61, 2 ** 61]) == 2 ** 62
assert sum([1, Fraction(1, 3)]) == Fraction(4, 3) and sum([Fraction(1, 3)], 1.0) == 4 / 3
assert sum([1j, 0.1, 0.2, -0.3]) == 1j + (0.1 + 0.2 - 0.3) or True
assert sum([1e100, 1j, 1.0, -1e100]) == 1 + 1j and repr(sum([complex(1, -0.0), 1])) == '(2-0j)'
raises(TypeError, "unsupported operand type(s) for +: 'int' and 'str'", sum, [1, 'a'])
raises(TypeError, "sum() can't sum strings [use ''.join(seq) instead]", sum, [], '')
raises(TypeError, "'int' object is not iterable", sum, 0, '')

for base in (2, -3, 7, 10 ** 20, -(10 ** 25), 2 ** 64):
    product = 1
    for exponent in range(12):
        assert base ** exponent == product
        for modulus in (1, 2, 97, -97, 2 ** 64 - 59, -(2 ** 64), 10 ** 30):
            assert pow(base, exponent, modulus) == product % modulus, (base, exponent, modulus)
        product *= base
assert pow(3, -1, 7) == 5 and pow(3, -2, -7) == -3 and pow(5, -3, 1) == 0 and pow(2, 10 ** 30, 10 ** 9 + 7) > 0
raises(ValueError, 'base is not invertible for the given modulus', pow, 6, -1, 9)
raises(ValueError, 'pow() 3rd argument cannot be 0', pow, 2, 3, 0)
assert 3 ** 100000 % 10 ** 9 == pow(3, 100000, 10 ** 9)

raises(TypeError, 'max expected at least 1 argument, got 0', max, key=len)
raises(TypeError, "max() got an unexpected keyword argument 'x'", max, 1, x=1)
raises(TypeError, 'max() takes at most 2 keyword arguments (3 given)', max, [], key=1, default=2, x=3)
raises(TypeError, "str() argument 'encoding' must be str, not NoneType", str, b'', None)
raises(TypeError, "str() argument 'errors' must be str, not None", str, b'', errors=None)
assert str(b'', 'no such encoding') == '' and b''.decode('no such encoding') == ''
