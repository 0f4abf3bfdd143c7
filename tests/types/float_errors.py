# float and complex: the messages of what they refuse.
from check import raises

for text in ('', 'x', '1.5.2', '1e', '--1', 'nan1', '1_', '1__0', '0x10', '1 2'):
    raises(ValueError, f'could not convert string to float: {text!r}', float, text)
raises(ValueError, "could not convert string to float: b'x'", float, b'x')
raises(TypeError, "float() argument must be a string or a real number, not 'list'", float, [])
raises(TypeError, "float() argument must be a string or a real number, not 'complex'", float, 1j)
raises(ZeroDivisionError, 'division by zero', lambda: 1.0 / 0)
raises(ZeroDivisionError, 'division by zero', lambda: 1.0 // 0)
raises(ZeroDivisionError, 'division by zero', lambda: 1.0 % 0)
raises(ZeroDivisionError, 'division by zero', lambda: divmod(1.0, 0.0))
raises(ZeroDivisionError, 'zero to a negative power', lambda: 0.0 ** -1)
raises(OverflowError, '(34, \'Numerical result out of range\')', lambda: 10.0 ** 400)
raises(OverflowError, 'cannot convert float infinity to integer', round, float('inf'))
raises(ValueError, 'cannot convert float NaN to integer', round, float('nan'))
raises(OverflowError, 'cannot convert Infinity to integer ratio', float('inf').as_integer_ratio)
raises(ValueError, 'cannot convert NaN to integer ratio', float('nan').as_integer_ratio)
raises(ValueError, 'invalid hexadecimal floating-point string', float.fromhex, '0xg')
raises(OverflowError, 'hexadecimal value too large to represent as a float', float.fromhex,
       '0x1p5000')
raises(OverflowError, 'rounded value too large to represent', round, 1.7976931348623157e308, -308)
raises(TypeError, "unsupported operand type(s) for +: 'float' and 'str'", lambda: 1.0 + 'a')
raises(TypeError, "'str' object cannot be interpreted as an integer", round, 1.0, 'a')
raises(TypeError, "must be real number, not str", float.from_number, '1')
raises(ZeroDivisionError, 'division by zero', lambda: 1j / 0)
raises(ValueError, 'complex() arg is a malformed string', complex, '1+')
raises(TypeError, "complex() argument 'real' must be a real number, not str", complex, '1', 2)
raises(TypeError, "complex() argument 'imag' must be a real number, not str", complex, 1, '2')
raises(TypeError, "'<' not supported between instances of 'complex' and 'complex'", lambda: 1j < 2j)
raises(TypeError, "unsupported operand type(s) for //: 'complex' and 'int'", lambda: 1j // 2)
raises(TypeError, "unsupported operand type(s) for %: 'complex' and 'complex'", lambda: 1j % 1j)


class BadFloat:
    def __float__(self):
        return 'x'


raises(TypeError, "BadFloat.__float__ returned non-float (type str)", float, BadFloat())
