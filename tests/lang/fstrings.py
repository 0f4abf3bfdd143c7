# f-strings: expressions, conversions, format specs, nesting, quotes, = and escapes.
x, name, pi = 42, 'weft', 3.14159
assert f'{x}' == '42' and f'a{x}b{name}c' == 'a42bweftc' and f'' == '' and f'{{}}' == '{}'
assert f'{x!r} {name!r} {name!s} {"é"!a}' == "42 'weft' weft '\\xe9'"
assert f'{pi:.2f}|{x:5}|{x:<5}|{x:^5}|{x:05}|{x:+}|{x:x}|{x:#b}|{x:,}' == '3.14|   42|42   | 42  |00042|+42|2a|0b101010|42'
assert f'{name:>8}|{name:*^10}|{name:.2}' == '    weft|***weft***|we'
width, precision = 10, 3
assert f'{pi:{width}.{precision}}' == '      3.14' and f'{pi:{width}.{precision}f}' == '     3.142'
assert f'{x=}' == 'x=42' and f'{x = }' == 'x = 42' and f'{name=}' == "name='weft'"
assert f'{pi=:.1f}' == 'pi=3.1'
assert f'{x + 1 = !s}' == 'x + 1 = 43'
assert f'{f"{f'{x}'}"}' == '42' and f'{"a" "b"}' == 'ab'
assert f"{'nested "quotes"'}" == 'nested "quotes"'
assert f'{ {"a": 1}["a"] }' == '1' and f'{[i for i in range(3)]}' == '[0, 1, 2]'
assert f'{(lambda v: v * 2)(4)}' == '8'
assert f'{x if x > 1 else 0}' == '42' and f'{x!r:>5}' == '   42' and f'{"a\nb"}' == 'a\nb'
assert rf'\n{x}' == '\\n42' and fR'{x}\t' == '42\\t' and F'{x}' == '42'
assert f'''{
    x
}''' == '42'
assert f'{x:{"{"}>5}' == '{{{42' and f'{x,}' == '(42,)' and f'{1, 2}' == '(1, 2)'
assert 'a' f'{x}' 'b' f'{x}' == 'a42b42' and f'\N{DIGIT ONE}{x}' == '142'
assert f'{"\N{DIGIT TWO}"}' == '2'
assert f'{(y := 5)}{y}' == '55' and f'{x:=5}' == '   42'


class F:
    def __format__(self, spec):
        return f'[{spec}]'


assert f'{F()}' == '[]' and f'{F():anything {x}!}' == '[anything 42!]' and format(F(), 'q') == '[q]'
assert f'{True}{None}{1.0}{1j}' == 'TrueNone1.01j' and f'{b"x"}' == "b'x'"
assert f'{2 ** 100:,}' == '1,267,650,600,228,229,401,496,703,205,376'


def f():
    inner = 'cell'
    return (lambda: f'{inner}!')()


assert f() == 'cell!'
for spec, value, text in (('d', 'a', "Unknown format code 'd' for object of type 'str'"),
                          ('.2d', 5, 'Precision not allowed in integer format specifier'),
                          ('q', 5, "Unknown format code 'q' for object of type 'int'"),
                          ('10', [], 'unsupported format string passed to list.__format__')):
    try:
        f'{value:{spec}}'
    except (ValueError, TypeError) as error:
        assert str(error) == text, str(error)
    else:
        assert False
assert f'{x:%}' == '4200.000000%' and f'{0.5:%}' == '50.000000%' and f'{1e10:g}' == '1e+10'
assert f'{255:_x}' == 'ff'
assert f'{1234567.891:,.2f}' == '1,234,567.89' and f'{-5:=+6}' == '-    5' and f'{65:c}' == 'A'
# a comment after
assert f'{x # comment inside
         }' == '42'
