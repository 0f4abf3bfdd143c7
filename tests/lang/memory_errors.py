"""Whichever allocation fails: a MemoryError, or nothing at all, but no crash, and what failed can be done again."""
# run: timeout=240
import ast
import asyncio
import collections
import copy
import functools
import io
import itertools
import json
import pickle
import re
import struct
import sys
import threading
import weakref

try:
    from _weft_faults import count, fail
    able = count() >= 0
except ImportError:
    able = False


class Plain:
    """A class with attributes."""

    def __init__(self, *args, **kwargs):
        self.args = args
        self.__dict__.update(kwargs)

    @property
    def first(self):
        return self.args[0]

    def __eq__(self, other):
        return self.args == other.args

    def __hash__(self):
        return hash(self.args)


class Slotted:
    __slots__ = "a", "b", "__weakref__"


def strings():
    s = "abc" + "d\xe9f" * 3
    t = f"{s!r:>30} {len(s):x} {1.5:.3e}"
    u = "".join([s, t, "\u20ac", "\U0001F600"]).replace("d", "--").split("-")
    return ("%s %d %r" % (s, 10**25, u)).encode().decode().upper().title(), "{0} {a}".format(1, a=[1]), b"%a" % s


def numbers():
    x = 3**200
    return x * x // 7 + (x >> 3), pow(x, 5, 10**30 + 7), int(str(x)), divmod(-x, 10**20), float(x), complex("1+2j") ** 2, hash(x)


def containers():
    d = {i: str(i) for i in range(40)}
    d |= {"a": 1}
    s = {*d, 1.5} - {3}
    items = sorted(d.items(), key=str, reverse=True)
    items[3:9:2] = [1, 2, 3]
    t = (*items, *s)
    q = collections.deque(t, 50)
    q.extendleft(range(20))
    c = collections.Counter("abracadabra")
    o = collections.OrderedDict(d)
    o.move_to_end(3)
    b = bytearray(b"xyz") * 30
    b[3:5] = b"longer"
    m = memoryview(b)[::2].tolist()
    return len(d), len(s), list(zip(t, q)), c.most_common(2), list(o)[-1], m, frozenset(s), dict.fromkeys("abc", [])


def calls():
    def f(a, b=2, *args, c, d=4, **kwargs):
        return a, b, args, c, d, kwargs

    p = functools.partial(f, 1, c=3)
    lru = functools.lru_cache(5)(lambda x: x * 2)
    try:
        f(1, 2, 3)
    except TypeError as error:
        text = str(error)
    return p(5, 6, 7, e=8), [lru(i) for i in range(9)], f(*[1, 2, 3], **{"c": 1, "z": 2}), text, list(map(lambda a, b: a + b, "ab", "cd"))


def classes():
    class Meta(type):
        def __new__(mcls, name, bases, ns):
            return super().__new__(mcls, name, bases, ns)

    class A(Plain, metaclass=Meta):
        x: int = 5

        def method(self):
            return super().first

    class B(A):
        __slots__ = ("more",)

    a = A(1, 2, z=3)
    a.new = 4
    b = B(5)
    b.more = [b]
    b.more = None
    s = Slotted()
    s.a = s
    r = weakref.ref(s, lambda r: None)
    w = weakref.WeakValueDictionary()
    w[1] = s
    s.a = None
    return a.method(), b.method(), vars(a), r() is s, A.__mro__[1].__name__, repr(type("C", (B,), {"y": 1}).y)


def generators():
    def inner(n):
        try:
            for i in range(n):
                got = yield i
        finally:
            pass
        return n

    def outer():
        r = yield from inner(3)
        yield r

    async def agen():
        for i in range(3):
            yield i

    async def run():
        return [x async for x in agen()]

    g = outer()
    result = [next(g), g.send(5), list(g)]
    c = run()
    try:
        c.send(None)
    except StopIteration as stop:
        result.append(stop.value)
    g = outer()
    next(g)
    try:
        g.throw(ValueError("x"))
    except ValueError as error:
        result.append(error.args)
    return result, list(itertools.islice(itertools.permutations("abc"), 3)), list(itertools.groupby([1, 1, 2]))[0][0]


def exceptions():
    seen = []
    try:
        try:
            raise KeyError("a")
        except KeyError as error:
            raise ValueError("b", 1) from error
    except ValueError as error:
        seen.append((error.args, error.__cause__.args, error.__traceback__.tb_lineno > 0))
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("h", [OSError(2, "no")])])
    except* ValueError as group:
        seen.append(len(group.exceptions))
    except* (TypeError, OSError) as group:
        seen.append(str(group))
    try:
        undefined_name
    except NameError as error:
        seen.append(str(error))
    try:
        int("x" * 20)
    except ValueError as error:
        seen.append(str(error))
    return seen


def compiling():
    names = {}
    exec("def f(a, *, b=[1, 'x']):\n    class C:\n        z = lambda q: (a, q)\n    return C.z(b)\nr = f(3)", names)
    tree = ast.parse("x = [i * 2 for i in range(5) if i % 2]\nmatch x:\n case [a, *r]: y = f'{a!r:>4}'")
    exec(compile(tree, "f", "exec"), names)
    try:
        compile("def f(:", "f", "exec")
    except SyntaxError as error:
        text = error.msg
    return names["r"], names["x"], names["y"], ast.dump(tree)[:40], text


def modules():
    data = {"a": [1, 2.5, None, True, "\u20ac\n"], "b": {"c": [10**20]}}
    text = json.dumps(data, indent=1)
    p = pickle.dumps([data, Plain, Plain(1, z=2), (1,) * 5, {1, 2}, b"x" * 300])
    m = re.match(r"(?P<a>\w+)-(\d+)(?:x|y)*?(?=z)", "abc-123xyxyz")
    f = io.StringIO()
    print("a", 1, 2.5, file=f, sep="-")
    b = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\r\n")
    b.write("line\n\xe9")
    b.flush()
    return (json.loads(text) == data, pickle.loads(p)[0] == data, m.groupdict(), re.sub("[aeiou]", lambda m: m[0] * 2, "education"),
            f.getvalue(), b.buffer.getvalue(), struct.pack("<iqd5s", 1, 2, 3.5, b"abc"), copy.deepcopy(data) == data)


def threads():
    out = []
    lock = threading.Lock()
    local = threading.local()

    def body():
        local.x = [1]
        with lock:
            out.append(local.x)

    t = threading.Thread(target=body)
    t.start()
    t.join()
    return len(out)


def keep(make):
    """Runs it, and gives the text of what it returned; or the MemoryError's name."""
    try:
        return repr(make())
    except MemoryError:
        return "MemoryError"


def check(make, threshold, forever):
    right = repr(make())
    assert repr(make()) == right, make
    fail(1 << 40)
    make()
    total = count()
    fail(0)
    step = max(1, total // threshold)
    failed = 0
    for n in range(1, total + 1, step):
        fail(n, 0 if forever else n + 1)
        try:
            result = make()
        except MemoryError:
            fail(0)
            failed += 1
        except Exception:   # a part that failed may show as something else: half of what a callback was to do
            fail(0)
            failed += 1
        else:
            fail(0)
        del_result = result = None
    assert failed, make
    assert repr(make()) == right, make


if not able:
    print("SKIP this build cannot let allocations fail")
else:
    unraisable = []
    sys.unraisablehook = lambda args: None
    threading.excepthook = lambda args: None
    for make in (strings, numbers, containers, calls, classes, generators, exceptions, compiling, modules):
        if len(sys.argv) > 2 and make.__name__ not in sys.argv:
            continue
        for forever in (False, True):
            check(make, int(sys.argv[1]) if len(sys.argv) > 1 else 150, forever)
