# match: literals, captures, sequences, mappings, classes, or, as, guards, values.
def kind(x):
    match x:
        case 0:
            return 'zero'
        case 1 | 2 | 3:
            return 'small'
        case -1.5:
            return 'float'
        case 'a' | b'a':
            return 'a'
        case None | True | False:
            return 'singleton'
        case []:
            return 'empty'
        case [single]:
            return 'one', single
        case [first, second]:
            return 'two', first, second
        case [first, *middle, last]:
            return 'many', first, middle, last
        case {'type': 'point', 'x': x, 'y': y}:
            return 'point', x, y
        case {'type': t, **rest}:
            return 'typed', t, rest
        case {}:
            return 'mapping'
        case str() as s if len(s) > 3:
            return 'long', s
        case str(s):
            return 'str', s
        case int(n) | float(n):
            return 'number', n
        case _:
            return 'other'


assert kind(0) == 'zero' and kind(0.0) == 'zero' and kind(2) == 'small' and kind(-1.5) == 'float'
assert kind('a') == 'a' and kind(b'a') == 'a' and kind(None) == 'singleton'
assert kind(True) == 'small' and kind(False) == 'zero'  # 1 == True: literals compare by equality
assert kind([]) == 'empty' and kind((1,)) == ('one', 1) and kind([1, 2]) == ('two', 1, 2)
assert kind(range(5)) == ('many', 0, [1, 2, 3], 4)
assert kind({'type': 'point', 'x': 1, 'y': 2, 'z': 3}) == ('point', 1, 2)
assert kind({'type': 'other', 'k': 1}) == ('typed', 'other', {'k': 1})
assert kind({}) == 'mapping' and kind({'a': 1}) == 'mapping'   # {} matches every mapping
assert kind('long one') == ('long', 'long one') and kind('xy') == ('str', 'xy')
assert kind(77) == ('number', 77) and kind(7.5) == ('number', 7.5) and kind(object) == 'other'
assert kind({1}) == 'other'


class Point:
    __match_args__ = ('x', 'y')

    def __init__(self, x, y):
        self.x, self.y = x, y


class Color:
    RED = 'r'
    GREEN = 'g'


def where(p):
    match p:
        case Point(0, 0):
            return 'origin'
        case Point(0, y=y):
            return 'y axis', y
        case Point(x, 0):
            return 'x axis', x
        case Point(x=a, y=b) if a == b:
            return 'diagonal'
        case Point():
            return 'somewhere'
        case Color.RED | Color.GREEN as c:
            return 'color', c
        case [Point(x=1), *_] | (Point(x=2), _):
            return 'list of points'
        case (1, (2, [3, *rest])), {'k': [_, v]}:
            return rest, v
    return 'nothing'


assert where(Point(0, 0)) == 'origin' and where(Point(0, 5)) == ('y axis', 5)
assert where(Point(3, 0)) == ('x axis', 3)
assert where(Point(4, 4)) == 'diagonal' and where(Point(1, 2)) == 'somewhere'
assert where('r') == ('color', 'r') and where('b') == 'nothing'
assert where([Point(1, 9), 2, 3]) == 'list of points'
assert where((Point(2, 9), 3)) == 'list of points'
assert where([(1, (2, [3, 4, 5])), {'k': (0, 'v')}]) == ([4, 5], 'v')
# text is not a sequence pattern's subject
assert where('ab') == 'nothing' and where(b'ab') == 'nothing'

match [1, 2]:
    case [1, bound] if bound > 5:
        assert False
    case [1, bound]:
        result = bound
assert result == 2

match 5:
    case 6:
        result = 'wrong'
assert result == 2

match 1, 2:
    case 1, x:
        assert x == 2

match -3 + 4j:
    case -3 + 4j:
        result = 'complex'
assert result == 'complex'
for subject, text in ((Point(1, 2), 'Point() accepts 2 positional sub-patterns (3 given)'),
                      (5, None)):
    try:
        match subject:
            case Point(1, 2, 3):
                pass
            case int(_):
                result = 'int'
    except TypeError as error:
        assert str(error) == text
assert result == 'int'
try:
    match 5:
        case result():
            pass
except TypeError as error:
    assert str(error) == 'called match pattern must be a class'
else:
    assert False
match = case = type = 1                 # soft keywords are names
assert match + case + type == 3
match (match):
    case 1:
        case = 'soft'
assert case == 'soft'
