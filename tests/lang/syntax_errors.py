# The messages and places of syntax errors.
def error(source):
    try:
        compile(source, '<t>', 'exec')
    except SyntaxError as e:
        return e
    raise AssertionError('compiled: ' + source)


for source, message in (
        ('a b', 'invalid syntax'),
        ('1 = x', "cannot assign to literal here. Maybe you meant '==' instead of '='?"),
        ('f() = 1', "cannot assign to function call here. Maybe you meant '==' instead of '='?"),
        ('a + 1 = 2', "cannot assign to expression here. Maybe you meant '==' instead of '='?"),
        ('None = 1', 'cannot assign to None'),
        ('True = 1', 'cannot assign to True'),
        ('(a, 1) = 2', 'cannot assign to literal'),
        ('x + 1 += 2', "'expression' is an illegal expression for augmented assignment"),
        ('del f()', 'cannot delete function call'),
        ('for 1 in x: pass', 'cannot assign to literal'),
        ('if x\n  pass', "expected ':'"),
        ('if x:\npass', "expected an indented block after 'if' statement on line 1"),
        ('def f():\npass', "expected an indented block after function definition on line 1"),
        ('class C:\npass', "expected an indented block after class definition on line 1"),
        ('try:\n  pass\nx', "expected 'except' or 'finally' block"),
        ('  x', 'unexpected indent'),
        ('if 1:\n    x\n  y', 'unindent does not match any outer indentation level'),
        ('"abc', 'unterminated string literal (detected at line 1)'),
        ("'''abc\n", 'unterminated triple-quoted string literal (detected at line 1)'),
        ('(1, 2', "'(' was never closed"),
        ('(1]', "closing parenthesis ']' does not match opening parenthesis '('"),
        (')', "unmatched ')'"),
        ('x = $', 'invalid syntax'),
        ('0777', 'leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers'),
        ('1__0', 'invalid decimal literal'),
        ('0b2', "invalid digit '2' in binary literal"),
        ('0xg', 'invalid hexadecimal literal'),
        ('1a', 'invalid decimal literal'),
        ('return 1', "'return' outside function"),
        ('yield 1', "'yield' outside function"),
        ('await x', "'await' outside function"),
        ('break', "'break' outside loop"),
        ('continue', "'continue' not properly in loop"),
        ('def f():\n  await x', "'await' outside async function"),
        ('def f(a, a): pass', "duplicate argument 'a' in function definition"),
        ('def f(a=1, b): pass', 'parameter without a default follows parameter with a default'),
        ('def f(*): pass', 'named arguments must follow bare *'),
        ('f(a=1, 2)', 'positional argument follows keyword argument'),
        ('f(**k, *a)', 'iterable argument unpacking follows keyword argument unpacking'),
        ('f(a=1, a=2)', 'keyword argument repeated: a'),
        ('f(1=2)', 'expression cannot contain assignment, perhaps you meant "=="?'),
        ('def f():\n  x = 1\n  global x', "name 'x' is assigned to before global declaration"),
        ('def f():\n  print(x)\n  global x', "name 'x' is used prior to global declaration"),
        ('def f(x):\n  global x', "name 'x' is parameter and global"),
        ('nonlocal x', 'nonlocal declaration not allowed at module level'),
        ('def f():\n  nonlocal x', "no binding for nonlocal 'x' found"),
        ('*a = 1', 'starred assignment target must be in a list or tuple'),
        ('*a, *b = 1', 'multiple starred expressions in assignment'),
        ('x = *a', "can't use starred expression here"),
        ('[x := 1 for x in y]', "assignment expression cannot rebind comprehension iteration variable 'x'"),
        ('(x.y := 1)', 'cannot use assignment expressions with attribute'),
        ('from __future__ import nothing', 'future feature nothing is not defined'),
        ('x = 1\nfrom __future__ import annotations', 'from __future__ imports must occur at the beginning of the file'),
        ('def f():\n  from m import *', 'import * only allowed at module level'),
        ('import a.b as c.d', 'cannot use attribute as import target'),
        ('raise x from', 'invalid syntax'),
        ("f'{'", "f-string: expecting '}'"),
        ("f'{}'", "f-string: valid expression required before '}'"),
        ("f'}'", "f-string: single '}' is not allowed"),
        ("f'{a!x}'", "f-string: invalid conversion character 'x': expected 's', 'r', or 'a'"),
        ("b'é'", 'bytes can only contain ASCII literal characters'),
        ("'a' b'b'", 'cannot mix bytes and nonbytes literals'),
        ("'\\N{no such}'", "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-10: unknown Unicode character name"),
        ("'\\xz'", "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: truncated \\xXX escape"),
        ('match x:\n  case a: pass\n  case b: pass', "name capture 'a' makes remaining patterns unreachable"),
        ('match x:\n  case a | b: pass', "name capture 'a' makes remaining patterns unreachable"),
        ('match x:\n  case (a, a): pass', "multiple assignments to name 'a' in pattern"),
        ('match x:\n  case [a] | [b]: pass', 'alternative patterns bind different names'),
        ('try: pass\nexcept: pass\nexcept A: pass', "default 'except:' must be last"),
        ('try: pass\nexcept A: pass\nexcept* B: pass', "cannot have both 'except' and 'except*' on the same 'try'"),
        ('print 1', "Missing parentheses in call to 'print'. Did you mean print(...)?"),
        ('class C(x for x in y): pass', 'invalid syntax'),
        ('a = 5 if b', "expected 'else' after 'if' expression"),
        ('if a = 1: pass', "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
        ('x = {1: 2, 3}', "':' expected after dictionary key"),
        ('x = 1 2', 'invalid syntax'),
        ('[1 2]', 'invalid syntax. Perhaps you forgot a comma?'),
        ('lambda *: 0', 'named arguments must follow bare *'),
        ('async x', 'invalid syntax'),
        ('else: pass', 'invalid syntax'),
        ('def f(:', None),
        ('\tx', 'unexpected indent'),
        ('x = "\\', None)):
    got = error(source)
    assert message is None or got.msg == message, (source, got.msg)

e = error('x = 1\ny = (2 +* 3)\n')
assert (e.lineno, e.offset, e.text, e.filename) == (2, 9, 'y = (2 +* 3)\n', '<t>'), (e.lineno, e.offset, e.text)
e = error('abc def')
assert (e.lineno, e.offset, e.end_lineno, e.end_offset) == (1, 5, 1, 8), (e.offset, e.end_offset)
e = error('if 1:\n\tx\n        y')
assert type(e) is TabError and e.msg == 'inconsistent use of tabs and spaces in indentation'
assert type(error('  x')) is IndentationError
