# Source as text and bytes: encodings, line ends, continuation, indentation, identifiers, comments.
def run(source):
    ns = {}
    exec(source, ns)
    return ns


assert run('x = 1\r\ny = 2\rz = 3\n')['z'] == 3
assert run('x = 1')['x'] == 1 and run('')['__builtins__'] and run('# only a comment')
assert run('\n\n  \n')
assert run('if 1:\n\tx = 1\n\tif 1:\n\t\ty = 2\n')['y'] == 2
assert run('if 1:\n  x = 1\n\n  # comment\n\n  y = 2\n# left\n  z = 3\n')['z'] == 3
assert run('x = 1; y = 2;\nz = x; w = y')['w'] == 2
assert run('if 1: x = 1; y = 2\nelse: x = 3')['y'] == 2
assert run('x = 1 + \\\n    2')['x'] == 3
assert run('x = (1 +\n\n   # comment\n 2)')['x'] == 3
assert run('x = [\n1,\n  2,\n]')['x'] == [1, 2]
assert run('\x0cx = 1\n\x0cif x:\n    y = 2')['y'] == 2                     # form feeds are blanks
assert run(b'# -*- coding: latin-1 -*-\nx = "\xe9"')['x'] == 'é'
assert run('# coding: utf-8\nx = "é"'.encode())['x'] == 'é'
assert run(b'\xef\xbb\xbfx = 1')['x'] == 1
assert run('#!/usr/bin/weft\n# vim: set fileencoding=iso-8859-15 :\nx = "\xa4"'.encode('latin-1'))['x'] == '€'
ns = run('ﬁ = 1\nµ = 2\nªº = 3\ndéjà = 4\n变量 = 5\n_ = 6\n__x1__ = 7')
assert ns['fi'] == 1 and ns['μ'] == 2 and ns['ao'] == 3 and ns['déjà'] == 4 and ns['变量'] == 5
for source, text in ((b'x = "\xff"', None), (b'# coding: nope\nx', "unknown encoding: nope"),
                     ('x = 1\n  y = 2', 'unexpected indent'),
                     ('€ = 1', "invalid character '€' (U+20AC)"),
                     ('x = 1\\ \ny', 'unexpected character after line continuation character'),
                     ('x = \\', 'unexpected EOF while parsing'),
                     ('\u00a0x = 1', 'invalid non-printable character U+00A0'),
                     ('x = “a”', "invalid character '“' (U+201C)")):
    try:
        run(source)
    except SyntaxError as error:
        assert text is None or error.msg == text, (source, error.msg)
    else:
        assert False, source
deep = 'if 1:\n'
source = ''.join('    ' * i + deep for i in range(90)) + '    ' * 90 + 'x = 1'
assert run(source)['x'] == 1
try:
    run(''.join('    ' * i + deep for i in range(120)) + '    ' * 120 + 'x = 1')
except IndentationError as error:
    assert error.msg == 'too many levels of indentation'
else:
    assert False
assert run('class C:\n  "doc"\n  x = 1\n  def f(self): return self.x\n\ny = C().f()')['y'] == 1
assert run('def f():\n    """\n    First.\n\n      Indented.\n    """')['f'].__doc__ == (
    '\nFirst.\n\n  Indented.\n')
assert run('x = 1 if True else\\\n 2')['x'] == 1
assert run('async def f(): pass\nmatch = 1\ncase = 2\ntype = 3\n_ = match')['_'] == 1
assert run('lambda_ = 1\nif_ = lambda_')['if_'] == 1
