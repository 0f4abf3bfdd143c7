# print: separators, ends, files, conversion.
class Sink:
    def __init__(self):
        self.parts = []
        self.flushed = 0

    def write(self, text):
        self.parts.append(text)

    def flush(self):
        self.flushed += 1

    def text(self):
        out, self.parts = ''.join(self.parts), []
        return out


s = Sink()
print(1, 'a', None, [2], file=s)
assert s.text() == '1 a None [2]\n'
print(file=s)
assert s.text() == '\n'
print('a', 'b', sep='-', end='!', file=s)
assert s.text() == 'a-b!' and s.flushed == 0
print('x', end='', flush=True, file=s)
assert s.text() == 'x' and s.flushed == 1
print(*range(3), sep='', file=s)
assert s.text() == '012\n'
print('a', sep=None, end=None, file=s)
assert s.text() == 'a\n'
for kw, text in ((dict(sep=5), 'sep must be None or a string, not int'),
                 (dict(end=5), 'end must be None or a string, not int'),
                 (dict(x=5), "print() got an unexpected keyword argument 'x'")):
    try:
        print(file=s, **kw)
    except TypeError as error:
        assert str(error) == text
    else:
        assert False


class Bad:
    def __str__(self):
        raise KeyError('str')


try:
    print('before', Bad(), file=s)
except KeyError:
    pass
assert s.text() == 'before '
try:
    print(1, file=5)
except AttributeError as error:
    assert str(error) == "'int' object has no attribute 'write'"
assert print('', end='') is None
