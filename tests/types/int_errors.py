# int: the messages of what it refuses.
from check import raises

for text, base in (('x', 10), ('', 10), ('1.5', 10), ('1__0', 10), ('_1', 10), ('1_', 10),
                   ('0x', 16), ('12', 2), ('-', 10), ('+-1', 10)):
    raises(ValueError, f"invalid literal for int() with base {base}: {text!r}", int, text, base)
raises(ValueError, "invalid literal for int() with base 10: b'x'", int, b'x')
raises(ValueError, 'int() base must be >= 2 and <= 36, or 0', int, '1', 1)
raises(ValueError, 'int() base must be >= 2 and <= 36, or 0', int, '1', 37)
raises(TypeError, "int() can't convert non-string with explicit base", int, 5, 10)
raises(TypeError,
       "int() argument must be a string, a bytes-like object or a real number, not 'list'", int, [])
raises(TypeError,
       "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'", int,
       None)
raises(TypeError,
       "int() argument must be a string, a bytes-like object or a real number, not 'complex'", int,
       1j)
raises(OverflowError, 'cannot convert float infinity to integer', int, float('inf'))
raises(ValueError, 'cannot convert float NaN to integer', int, float('nan'))
raises(TypeError, 'int() missing string argument', int, base=10)
raises(OverflowError, 'int too big to convert', (256).to_bytes, 1, 'big')
raises(OverflowError, "can't convert negative int to unsigned", (-1).to_bytes, 1, 'big')
raises(ValueError, "byteorder must be either 'little' or 'big'", (1).to_bytes, 1, 'middle')
raises(ValueError, 'length argument must be non-negative', (1).to_bytes, -1, 'big')
raises(ValueError, 'base is not invertible for the given modulus', pow, 2, -1, 4)
raises(ValueError, 'pow() 3rd argument cannot be 0', pow, 2, 3, 0)
raises(TypeError, 'pow() 3rd argument not allowed unless all arguments are integers', pow, 2, 3,
       1.5)
raises(ZeroDivisionError, 'division by zero', lambda: 1 // 0)
raises(ZeroDivisionError, 'division by zero', lambda: 1 / 0)
raises(ZeroDivisionError, 'division by zero', lambda: 1 % 0)
raises(ZeroDivisionError, 'division by zero', lambda: 10 ** 50 // 0)
raises(ZeroDivisionError, 'zero to a negative power', lambda: 0 ** -1)
raises(ValueError, 'negative shift count', lambda: 1 >> -1)
raises(OverflowError, 'int too large to convert to float', float, 10 ** 400)
raises(OverflowError, 'integer division result too large for a float', lambda: 10 ** 400 / 3)
raises(OverflowError, 'int too large to convert to float', lambda: 10 ** 400 + 1.0)
raises(TypeError, "unsupported operand type(s) for +: 'int' and 'str'", lambda: 1 + 'a')
raises(TypeError, "unsupported operand type(s) for -: 'str' and 'int'", lambda: 'a' - 1)
raises(TypeError, "unsupported operand type(s) for <<: 'int' and 'float'", lambda: 1 << 1.0)
raises(TypeError, "unsupported operand type(s) for &: 'int' and 'float'", lambda: 1 & 1.0)
raises(TypeError, "bad operand type for unary ~: 'float'", lambda: ~1.0)
raises(TypeError, "bad operand type for unary -: 'str'", lambda: -'a')
raises(TypeError, "bad operand type for unary +: 'list'", lambda: +[])
raises(TypeError, "'<' not supported between instances of 'int' and 'str'", lambda: 1 < 'a')
raises(TypeError, "'int' object is not callable", lambda n=5: n())
raises(TypeError, "'float' object cannot be interpreted as an integer", bin, 1.0)
raises(TypeError, "'str' object cannot be interpreted as an integer", range, 'a')
raises(TypeError, "descriptor '__add__' requires a 'int' object but received a 'str'", int.__add__,
       'a', 1)
raises(ValueError,
       "Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits; "
       "use sys.set_int_max_str_digits() to increase the limit", int, '1' * 5000)
raises(ValueError,
       'Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit',
       str, 10 ** 5000)
assert len(hex(10 ** 5000)) > 4000


class BadIndex:
    def __index__(self):
        return 'x'


class BadInt:
    def __int__(self):
        return 1.5


raises(TypeError, '__index__ returned non-int (type str)', bin, BadIndex())
raises(TypeError, '__int__ returned non-int (type float)', int, BadInt())
