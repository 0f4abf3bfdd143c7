# del: names, attributes, items, nested targets, and errors.
a = b = c = d = 1
del a
del b, (c, [d])
for name in 'abcd':
    assert name not in globals()
try:
    del a
except NameError as error:
    assert str(error) == "name 'a' is not defined"
else:
    assert False


def local():
    x = 1
    del x
    try:
        x
    except UnboundLocalError as error:
        first = str(error)
    try:
        del x
    except UnboundLocalError as error:
        return first, str(error)


assert local() == ("cannot access local variable 'x' where it is not associated with a value",) * 2


class C:
    attribute = 1
    other = 2
    del other


assert not hasattr(C, 'other')
o = C()
o.x = 1
del o.x
del C.attribute
assert not hasattr(o, 'attribute') and not hasattr(o, 'x')
l, d = [1, 2, 3, 4], {'a': 1, 'b': 2}
del l[0], d['a'], l[-1:]
assert l == [2, 3] and d == {'b': 2}
try:
    del d['zz']
except KeyError as error:
    assert error.args == ('zz',)
else:
    assert False
del ()
del []
x = y = 1
del (x), [y]


def loop():
    out = []
    for i in range(3):
        v = i
        out.append(v)
        del v
    return out


assert loop() == [0, 1, 2]


def glob():
    global g
    g = 1
    del g


glob()
assert 'g' not in globals()
