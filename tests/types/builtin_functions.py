# The built-in functions on ordinary and odd arguments.
assert abs(-3) == 3 and all([]) and all([1, 2]) and not all([1, 0]) and any([0, 1]) and not any([])
assert ascii('é') == "'\\xe9'"
assert callable(len) and callable(int) and callable(lambda: 0) and not callable(1)
assert chr(65) == 'A' and divmod(7, 2) == (3, 1)
assert list(enumerate('ab')) == [(0, 'a'), (1, 'b')] and list(enumerate('a', start=5)) == [(5, 'a')]
assert list(filter(str.isdigit, 'a1b2')) == ['1', '2']
assert getattr(5, 'real') == 5 and hasattr(5, 'imag') and isinstance(5, (str, int))
assert isinstance(True, int) and isinstance(5, int | str) and issubclass(bool, (int, str))
assert not isinstance(5, ())
assert id(None) == id(None) and len('abc') == 3 and list(map(max, [1, 5], [3, 2])) == [3, 5]
assert max(3, 1, 2) == 3 and max([1, 3]) == 3 and max('b', 'a', key=ord) == 'b'
assert max([], default=7) == 7 and min([3, 1, 2], key=lambda x: -x) == 3 and min(2, 1.5) == 1.5
assert max(1, 1.0) == 1 and type(max(1, 1.0)) is int
assert sum([1, 2, 3]) == 6 and sum([[1], [2]], []) == [1, 2] and sum([0.5, 0.25]) == .75
assert sum([], 5) == 5 and sum((1, 2.5, 2)) == 5.5 and sum(range(10), start=100) == 145
assert sum([2 ** 62, 2 ** 62]) == 2 ** 63
assert next(iter([1])) == 1 and next(iter([]), 'd') == 'd' and oct(8) == '0o10' and ord('a') == 97
assert pow(2, 3) == 8 and pow(2, 3, 5) == 3 and pow(base=2, exp=3) == 8
assert repr('a') == "'a'" and round(3.7) == 4 and round(3.14159, 2) == 3.14
assert round(number=2.5) == 2 and sorted([3, 1]) == [1, 3]
assert sorted('ba', reverse=True) == ['b', 'a'] and type(5) is int
assert list(zip('ab', [1, 2], (True, False))) == [('a', 1, True), ('b', 2, False)]
assert list(zip('ab')) == [('a',), ('b',)] and dict(zip([1], [2])) == {1: 2}
assert list(reversed([1, 2, 3])) == [3, 2, 1] and bool([]) is False and bin(-5) == '-0b101'
assert hex(-255) == '-0xff' and format(5, '03') == '005' and hash('a') == hash('a')
assert vars(type('T', (), {'x': 1}))['x'] == 1 and 'x' in dir(type('T', (), {'x': 1}))
assert (lambda: vars())() == {} and isinstance(globals(), dict)
assert (lambda a: locals())(1) == {'a': 1}
assert complex(1, 2) == 1 + 2j and bytes(2) == b'\0\0' and bytearray(b'a') == b'a'
assert frozenset('a') == {'a'} and slice(1).stop == 1 and object() != object()
assert eval('1 + 1') == 2
for call, kind, text in ((lambda: len(5), TypeError, "object of type 'int' has no len()"),
                         (lambda: abs('a'), TypeError, "bad operand type for abs(): 'str'"),
                         (lambda: max(), TypeError, 'max expected at least 1 argument, got 0'),
                         (lambda: max([]), ValueError, 'max() iterable argument is empty'),
                         (lambda: max(5), TypeError, "'int' object is not iterable"),
                         (lambda: max(1, 'a'), TypeError,
                          "'>' not supported between instances of 'str' and 'int'"),
                         (lambda: min(1, 'a'), TypeError,
                          "'<' not supported between instances of 'str' and 'int'"),
                         (lambda: sum(['a']), TypeError,
                          "unsupported operand type(s) for +: 'int' and 'str'"),
                         (lambda: sum([], ''), TypeError,
                          "sum() can't sum strings [use ''.join(seq) instead]"),
                         (lambda: isinstance(5, 5), TypeError,
                          'isinstance() arg 2 must be a type, a tuple of types, or a union'),
                         (lambda: issubclass(5, int), TypeError,
                          'issubclass() arg 1 must be a class'),
                         (lambda: iter(5), TypeError, "'int' object is not iterable"),
                         (lambda: next([]), TypeError, "'list' object is not an iterator"),
                         (lambda: next(iter([])), StopIteration, ''),
                         (lambda: reversed({1}), TypeError, "'set' object is not reversible"),
                         (lambda: ord(''), TypeError,
                          'ord() expected a character, but string of length 0 found'),
                         (lambda: getattr(5, 'x'), AttributeError,
                          "'int' object has no attribute 'x'"),
                         (lambda: round('a'), TypeError,
                          "type str doesn't define __round__ method"),
                         (lambda: divmod('a', 1), TypeError,
                          "unsupported operand type(s) for divmod(): 'str' and 'int'"),
                         (lambda: pow('a', 1), TypeError,
                          "unsupported operand type(s) for ** or pow(): 'str' and 'int'"),
                         (lambda: map(), TypeError, 'map() must have at least two arguments.'),
                         (lambda: map(5), TypeError, 'map() must have at least two arguments.'),
                         (lambda: zip(5), TypeError, "'int' object is not iterable"),
                         (lambda: enumerate(), TypeError,
                          "enumerate() missing required argument 'iterable'"),
                         (lambda: format(5, 5), TypeError,
                          'format() argument 2 must be str, not int'),
                         (lambda: vars(5), TypeError,
                          'vars() argument must have __dict__ attribute'),
                         (lambda: __import__(5), TypeError, 'module name must be a string'),
                         (lambda: hash([]), TypeError, "unhashable type: 'list'"),
                         (lambda: chr(-1), ValueError, 'chr() arg not in range(0x110000)'),
                         (lambda: bin('a'), TypeError,
                          "'str' object cannot be interpreted as an integer"),
                         (lambda: sorted(), TypeError, 'sorted expected 1 argument, got 0'),
                         (lambda: filter(None), TypeError, 'filter expected 2 arguments, got 1'),
                         (lambda: any(5), TypeError, "'int' object is not iterable"),
                         (lambda: list(zip([1], [1, 2], strict=True)), ValueError,
                          'zip() argument 2 is longer than argument 1'),
                         (lambda: list(map(lambda a, b: 0, [1], [], strict=True)), ValueError,
                          'map() argument 2 is shorter than argument 1')):
    try:
        call()
    except kind as error:
        assert str(error) == text, (text, str(error))
    else:
        assert False, text


# sum: each float, and each int among floats, is added with what the sums before lost
import fractions
from check import raises
assert sum([1.0, 10 ** 100, 1.0, -10 ** 100]) == 2.0 and sum([2j, 1.0, 10 ** 100, 1.0, -10 ** 100]) == 2 + 2j
assert sum([1, True, 2.5, 1e16, 1, 1]) == 1.0000000000000006e16 and sum([1.5, True]) == 2.5
assert sum([0.1j] * 10 + [fractions.Fraction(1, 10)]) == 0.1 + 1j
raises(OverflowError, "int too large to convert to float", sum, [1.0, 10 ** 400])
raises(OverflowError, "int too large to convert to float", sum, [1j, 10 ** 400])
