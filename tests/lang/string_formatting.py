# The % operator and str.format: every conversion, flags, mappings, errors.
assert '%d %s %r %a' % (5, 'x', 'y', 'é') == "5 x 'y' '\\xe9'" and '%%' % () == '%'
assert '%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o' % (42, 42, 42, 42, 42, 255, 255, 255, 8, 8) == (
    '   42|42   |00042|+42| 42|ff|FF|0xff|10|0o10')
assert '%.2f|%8.3f|%-8.1f|%e|%.1E|%g|%G' % (3.14159, 2.5, 1.25, 12345.678, 0.001, 1e-10, 1e20) == (
    '3.14|   2.500|1.2     |1.234568e+04|1.0E-03|1e-10|1E+20')
assert '%c%c' % ('a', 98) == 'ab' and '%s' % (None,) == 'None' and '%.2s' % 'abc' == 'ab'
assert '%*d' % (5, 1) == '    1'
assert '%(a)s %(b)03d' % {'a': 1, 'b': 2} == '1 002' and '%s' % [1] == '[1]'
assert '%.*f' % (1, 2.55) == '2.5'
assert '%d' % 3.9 == '3' and '%i' % -7 == '-7' and '%u' % 7 == '7' and '%x' % -255 == '-ff'
assert '%d' % (2 ** 70) == '1180591620717411303424'
assert '%s %s' % ('a', ('b',)) == "a ('b',)"
for fmt, arg, kind, text in (('%d', 'x', TypeError,
                              '%d format: a real number is required, not str'),
                             ('%s %s', 'x', TypeError, 'not enough arguments for format string'),
                             ('%s', (1, 2), TypeError,
                              'not all arguments converted during string formatting'),
                             ('x', 5, TypeError,
                              'not all arguments converted during string formatting'),
                             ('%(a)s', 5, TypeError, 'format requires a mapping'),
                             ('%(a)s', {}, KeyError, "'a'"),
                             ('%', (), ValueError, 'incomplete format'),
                             ('%x', 1.5, TypeError, '%x format: an integer is required, not float'),
                             ('%c', 'ab', TypeError,
                              '%c requires an int or a unicode character, not a string of length 2'),
                             ('%c', -1, OverflowError, '%c arg not in range(0x110000)'),
                             ('%y', 5, ValueError,
                              "unsupported format character 'y' (0x79) at index 1")):
    try:
        fmt % arg
    except kind as error:
        assert str(error) == text, (fmt, str(error))
    else:
        assert False, fmt
assert '{} {}'.format(1, 2) == '1 2' and '{1} {0} {1}'.format('a', 'b') == 'b a b'
assert '{x}{y}'.format(x=1, y=2) == '12'
assert '{0.real} {0.imag}'.format(3 + 4j) == '3.0 4.0'
assert '{0[1]} {a[k]}'.format([5, 6], a={'k': 7}) == '6 7'
assert '{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd') == '    a|b    |  c  |***d***'
assert '{!r:>5} {!s} {!a}'.format('a', 'b', 'ü') == "  'a' b '\\xfc'" and '{{}}'.format() == '{}'
assert '{:{w}.{p}}'.format('abcdef', w=5, p=2) == 'ab   ' and '{:,}'.format(1234567) == '1,234,567'
assert '{:08.3f} {:+.1e} {:%} {:b} {:#o} {:_}'.format(3.14159, 1234.5, .25, 10, 8, 10 ** 6) == (
    '0003.142 +1.2e+03 25.000000% 1010 0o10 1_000_000')
assert '{:n}'.format(1000) == '1000' and '{:c}'.format(97) == 'a'
assert '{:=+8}'.format(42) == '+     42'
assert '{0:>{1}}'.format('x', 4) == '   x' and '{a.b}'.format(a=type('T', (), {'b': 5})) == '5'
for fmt, args, kind, text in (('{', (), ValueError, "Single '{' encountered in format string"),
                              ('}', (), ValueError, "Single '}' encountered in format string"),
                              ('{}{1}', (1, 2), ValueError,
                               'cannot switch from automatic field numbering to manual field specification'),
                              ('{2}', (1,), IndexError,
                               'Replacement index 2 out of range for positional args tuple'),
                              ('{a}', (), KeyError, "'a'"),
                              ('{!x}', (1,), ValueError, 'Unknown conversion specifier x'),
                              ('{:d}', ('a',), ValueError,
                               "Unknown format code 'd' for object of type 'str'"),
                              ('{:,s}', ('a',), ValueError, "Cannot specify ',' with 's'."),
                              ('{:=5}', ('a',), ValueError,
                               "'=' alignment not allowed in string format specifier"),
                              ('{0.x}', (5,), AttributeError, "'int' object has no attribute 'x'")):
    try:
        fmt.format(*args)
    except kind as error:
        assert str(error) == text, (fmt, str(error))
    else:
        assert False, fmt
assert '{x}'.format_map({'x': 1}) == '1' and '%s' % 'é' == 'é' and '{:é>3}'.format('x') == 'ééx'
assert format(3.0, '.0f') == '3' and format(2.5, '.0f') == '2' and format(-0.0, '.1f') == '-0.0'
assert format(-0.0, 'z.1f') == '0.0'
assert format(1e100, 'f').startswith('1000000000000000015902891109759918046836080856394528')
assert format(float('inf'), '08.2f') == '00000inf' and format(float('nan'), '+') == '+nan'
assert format(123, '') == '123' and format('a', '') == 'a' and format(True, 'd') == '1'
assert format(True) == 'True'
assert format(1 + 2j, '.2f') == '1.00+2.00j' and format(12345.6789, ',.1f') == '12,345.7'
assert format(1e6, ',') == '1,000,000.0'
assert b'%d %s %b %r' % (5, b'x', b'y', 'z') == b"5 x y 'z'"
assert b'%5.1f|%c' % (2.25, 65) == b'  2.2|A'
