# t-strings: templates keep their parts apart (new in 3.14).
from string.templatelib import Interpolation, Template

x, name = 42, 'weft'
t = t'a{x}b{name!r:>10}c'
assert type(t) is Template
assert t.strings == ('a', 'b', 'c') and t.values == (42, 'weft')
i, j = t.interpolations
assert type(i) is Interpolation
assert (i.value, i.expression, i.conversion, i.format_spec) == (42, 'x', None, '')
assert (j.value, j.expression, j.conversion, j.format_spec) == ('weft', 'name', 'r', '>10')
assert [type(p).__name__ for p in t] == ['str', 'Interpolation', 'str', 'Interpolation', 'str']
assert list(t'') == [] and t''.strings == ('',) and t'{x}'.strings == ('', '')
assert list(t'{x}')[0].value == 42
assert t'{x = }'.strings == ('x = ', '') and t'{x = }'.interpolations[0].conversion == 'r'
assert t'{ x + 1 }'.interpolations[0].expression.strip() == 'x + 1'
assert (t'a' + t'b{x}').strings == ('ab', '') and (t'a' t'{x}').strings == ('a', '')
assert t'{x:{name}}'.interpolations[0].format_spec == 'weft'
assert rt'\n{x}'.strings == ('\\n', '')
try:
    t'a' + 'b'
except TypeError as error:
    assert str(error) == 'can only concatenate string.templatelib.Template (not "str") to string.templatelib.Template'
else:
    assert False
assert repr(t'a{x}') == "Template(strings=('a', ''), interpolations=(Interpolation(42, 'x', None, ''),))"
t2 = Template('hi ', Interpolation(1, 'one', None, ''), 'and', ' more')
assert t2.strings == ('hi ', 'and more') and t2.values == (1,)
match t'{x}'.interpolations[0]:
    case Interpolation(value, expression):
        assert value == 42 and expression == 'x'
