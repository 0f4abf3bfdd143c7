# marshal: values and code objects there and back, what it refuses, and code that was damaged on the way.
import marshal
import random
import sys
import types
from check import raises


def same(value):
    back = marshal.loads(marshal.dumps(value))
    assert back == value and type(back) is type(value), (value, back)


for value in (None, True, ..., 0, -1, 1 << 31, -(1 << 100), 0.1, float('inf'), 1 - 2j, '', 'é', '\udc80', b'\0x', (), (1, (2,)),
              [1, [2]], {'a': {1: 2}}, {1, 2}, frozenset('ab'), bytearray(b'z'), slice(1, None, 2)):
    if type(value) is bytearray:
        assert marshal.loads(marshal.dumps(value)) == b'z'
    else:
        same(value)
assert str(marshal.loads(marshal.dumps(float('nan')))) == 'nan'
raises(ValueError, 'unmarshallable object', marshal.dumps, object())
raises(EOFError, 'EOF read where object expected', marshal.loads, b'')
raises(EOFError, 'EOF read where object expected', marshal.loads, b'[\1\0\0\0')
raises(ValueError, 'bad marshal data (unknown type code)', marshal.loads, b'?')

SOURCE = '''
def plain(a, b=2, *c, **d):
    try:
        return [i * a for i in range(b)], {k: v for k, v in d.items()}, c
    finally:
        a = True
def closed(x):
    def inner(): return x
    return inner()
def made(n):
    for i in range(n):
        yield i
class C(object, metaclass=type):
    z = 1
    def m(self): return self.z + len(plain(1)[0])
try:
    {}['no']
except* KeyError as e:
    missed = True
result = C().m(), list(made(3)), closed(5), f"{plain(2, 3, 4, e=5)!r:>40}", missed
'''
code = compile(SOURCE, 'source', 'exec')
once = marshal.dumps(code)
twice = marshal.dumps(marshal.loads(once))
assert marshal.loads(once) == code == marshal.loads(twice)
for data in once, twice:
    namespace = {}
    exec(marshal.loads(data), namespace)
    assert namespace['result'] == (3, [0, 1, 2], 5, '             ([0, 2, 4], {\'e\': 5}, (4,))', True), namespace['result']

if sys.implementation.name == 'weft':   # CPython believes what it reads
    random.seed(5)
    refused = 0
    for _ in range(500):
        damaged = bytearray(once)
        damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
        try:
            found = marshal.loads(damaged)
            for f in getattr(found, "co_consts", ()):
                if getattr(f, "co_name", "") == "plain":
                    types.FunctionType(f, {"range": range})(1)
        except (ValueError, EOFError, TypeError, MemoryError, NameError, AttributeError, LookupError, RuntimeError, SystemError):
            refused += 1
    assert refused > 100


# a readinto() that shortens what it was given, and says that it has read all
class Shrinking:
    def __init__(self, data):
        self.rest = data

    def readinto(self, buffer):
        n = len(buffer)
        buffer[:], self.rest = self.rest[:n], self.rest[n:]
        if n > 1000 and isinstance(buffer, bytearray):
            del buffer[3:]
        return n

    def read(self, n):
        return b""


assert marshal.load(Shrinking(marshal.dumps(b"x" * 500_000))) in (b"x" * 500_000, b"xxx" + bytes(499_997))
