# What Python 3.14 added to the language: except without parentheses, warnings about leaving
# finally, and more.
import warnings

caught = []
for error in (ValueError, KeyError, TypeError):
    try:
        raise error('x')
    except ValueError, KeyError:
        caught.append('first')
    except TypeError:
        caught.append('second')
assert caught == ['first', 'first', 'second']
try:
    raise ExceptionGroup('g', [ValueError(1), KeyError(2)])
except* ValueError, KeyError:
    caught.append('group')
assert caught[-1] == 'group'
try:
    compile('try: pass\nexcept A, B as e: pass', 'f', 'exec')
except SyntaxError as error:
    assert error.msg == 'multiple exception types must be parenthesized when using \'as\''
else:
    assert False


def warned(source):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter('always')
        compile(source, 'f', 'exec')
    return [(w.category.__name__, str(w.message), w.lineno) for w in seen]


assert warned('def f():\n  try: pass\n  finally:\n    return 1') == [
    ('SyntaxWarning', "'return' in a 'finally' block", 4)]
assert warned('for x in y:\n  try: pass\n  finally:\n    break') == [
    ('SyntaxWarning', "'break' in a 'finally' block", 4)]
assert warned('for x in y:\n  try: pass\n  finally:\n    continue') == [
    ('SyntaxWarning', "'continue' in a 'finally' block", 4)]
assert warned('for x in y:\n  try: pass\n  finally:\n    for z in x: break') == []
assert warned('x = "\\d"') == [('SyntaxWarning',
                                '"\\d" is an invalid escape sequence. Such sequences '
                                'will not work in the future. Did you mean "\\\\d"? A raw string is '
                                'also an option.', 1)]
assert warned('x is 5') == [('SyntaxWarning', '"is" with \'int\' literal. Did you mean "=="?', 1)]
assert warned('assert (x, "message")') == [
    ('SyntaxWarning', 'assertion is always true, perhaps remove parentheses?', 1)]
assert warned('5()') == [
    ('SyntaxWarning', "'int' object is not callable; perhaps you missed a comma?", 1)]
assert warned('[1][2, 3]') == [('SyntaxWarning',
                                'list indices must be integers or slices, not tuple; '
                                'perhaps you missed a comma?', 1)]
assert warned('"x"["y"]') == [('SyntaxWarning', 'str indices must be integers or slices, not str; '
                               'perhaps you missed a comma?', 1)]

import annotationlib


def f(a: int, b: undefined) -> 'text':
    pass


assert annotationlib.get_annotations(f, format=annotationlib.Format.STRING) == {
    'a': 'int', 'b': 'undefined', 'return': 'text'}
forward = annotationlib.get_annotations(f, format=annotationlib.Format.FORWARDREF)
assert forward['a'] is int and type(forward['b']).__name__ == 'ForwardRef'
assert forward['b'].__forward_arg__ == 'undefined'
assert int | None == None | int and repr(int | str) == 'int | str'
assert type(int | str).__name__ == 'Union'
assert NotImplemented is not None
try:
    bool(NotImplemented)
except TypeError as error:
    assert str(error) == 'NotImplemented should not be used in a boolean context'
else:
    assert False
try:
    raise ValueError from None
except ValueError:
    pass
x: int = 1
assert map(str, [1], strict=True).__next__() == '1'
assert float.from_number(3) == 3.0 and complex.from_number(2j) == 2j
assert memoryview(b'ab').count(97) == 1 and memoryview(b'ab').index(98) == 1
import sys
assert sys.version_info[:2] == (3, 14) and sys.hexversion >> 16 == 0x030e
