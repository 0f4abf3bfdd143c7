# Subscripts and slices: what __getitem__ receives, bounds, steps, assignment, deletion.
class Show:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        self.set = key, value

    def __delitem__(self, key):
        self.deleted = key


s = Show()
assert s[1] == 1 and s[1, 2] == (1, 2) and s[()] == () and s[1,] == (1,)
assert s[1:2] == slice(1, 2, None) and s[:] == slice(None) and s[::3] == slice(None, None, 3)
assert s[1:2, ::3, ...] == (slice(1, 2), slice(None, None, 3), Ellipsis)
assert s[*[1, 2], 3] == (1, 2, 3) and s[*'ab'] == ('a', 'b')
s[1:] = 5
assert s.set == (slice(1, None), 5)
s[1, 2] = 6
assert s.set == ((1, 2), 6)
del s[1:2, 3]
assert s.deleted == (slice(1, 2), 3)
text = 'abcdefgh'
assert text[2:5] == 'cde' and text[-3:] == 'fgh' and text[::-1] == 'hgfedcba' and text[10:] == ''
assert text[5:2] == ''
assert text[1:7:2] == 'bdf' and text[-2:1:-2] == 'gec' and text[:100] == text
assert text[-100:2] == 'ab'
t = tuple(range(10))
assert t[::3] == (0, 3, 6, 9) and t[8:2:-3] == (8, 5) and t[2 ** 70:] == ()
assert t[-2 ** 70:2] == (0, 1)
l = list(range(10))
l[2:4] = 'xyz'
assert l == [0, 1, 'x', 'y', 'z', 4, 5, 6, 7, 8, 9]
l[::2] = [None] * 6
assert l[::2] == [None] * 6 and l[1] == 1
del l[::2]
assert l == [1, 'y', 4, 6, 8]
del l[1:3], l[-1]
assert l == [1, 6]
l[1:1] = [2, 3]
assert l == [1, 2, 3, 6]
l[5:10] = [7]
assert l == [1, 2, 3, 6, 7]
l[3:1] = ['in']
assert l == [1, 2, 3, 'in', 6, 7]
l[:] = l
assert len(l) == 6
l[::-1] = l[:]
assert l == [7, 6, 'in', 3, 2, 1]
for bad, text in ((lambda: [1, 2][::0], 'slice step cannot be zero'),
                  (lambda: [1]['a'], "list indices must be integers or slices, not str"),
                  (lambda: (1,)['a'], "tuple indices must be integers or slices, not str"),
                  (lambda: 'a'['a'], "string indices must be integers, not 'str'"),
                  (lambda: b'a'['a'], "byte indices must be integers or slices, not str"),
                  (lambda: [1][5], 'list index out of range'),
                  (lambda: ()[0], 'tuple index out of range'),
                  (lambda: ''[0], 'string index out of range'),
                  (lambda: b''[0], 'index out of range'),
                  (lambda: range(3)[5], 'range object index out of range'),
                  (lambda: [1][2 ** 70], "cannot fit 'int' into an index-sized integer"),
                  (lambda: [1]['a':],
                   'slice indices must be integers or None or have an __index__ method'),
                  (lambda: 5[0], "'int' object is not subscriptable"),
                  (lambda: {1}[0], "'set' object is not subscriptable")):
    try:
        bad()
    except (TypeError, ValueError, IndexError) as error:
        assert str(error) == text, str(error)
    else:
        assert False, text
try:
    l[::2] = [1]
except ValueError as error:
    assert str(error) == 'attempt to assign sequence of size 1 to extended slice of size 3'
else:
    assert False
try:
    'abc'[0] = 'x'
except TypeError as error:
    assert str(error) == "'str' object does not support item assignment"
try:
    del (1,)[0]
except TypeError as error:
    assert str(error) == "'tuple' object doesn't support item deletion"
sl = slice(1, 10, 2)
assert (sl.start, sl.stop, sl.step) == (1, 10, 2) and sl.indices(5) == (1, 5, 2)
assert repr(sl) == 'slice(1, 10, 2)'
assert slice(None, None, -1).indices(4) == (3, -1, -1) and slice(-2, None).indices(5) == (3, 5, 1)
assert slice(1) == slice(None, 1, None) and hash(slice(1, 2)) == hash(slice(1, 2))
assert slice(1, 2) < slice(1, 3)
