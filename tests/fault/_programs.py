"""What runs while memory is refused: functions without arguments whose results can be compared, one for each part of the interpreter."""
import array
import ast
import asyncio
import collections
import contextvars
import copy
import csv
import datetime
import decimal
import functools
import gc
import hashlib
import io
import itertools
import json
import operator
import os
import pickle
import queue
import re
import struct
import sys
import tempfile
import threading
import time
import types
import typing
import weakref
import zlib


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

    def __repr__(self):
        return f"Plain{self.args}"


class Slotted:
    __slots__ = "a", "b", "__weakref__"


class Cyclic:
    def __init__(self):
        self.me = self


def strings():
    s = "abc" + "d\xe9f" * 3
    t = f"{s!r:>30} {len(s):x} {1.5:.3e} {10**30:,} {s!a}"
    u = "".join([s, t, "\u20ac", "\U0001F600"]).replace("d", "--").split("-")
    v = t.translate({ord("a"): "\u20ac", ord("b"): None}).casefold().partition("\u20ac")
    return ("%s %d %r" % (s, 10**25, u)).encode().decode().upper().title(), "{0} {a}".format(1, a=[1]), b"%a" % s, v, s.splitlines(), \
        str.maketrans("ab", "cd"), "\u0130x".lower(), s.encode("utf-16"), s.encode("ascii", "xmlcharrefreplace"), "x\ty".expandtabs()


def byte_strings():
    b = b"abc" * 40
    a = bytearray(b)
    a += b"more" * 30
    a[3:5] = b"longer"
    del a[::7]
    m = memoryview(a)[::2]
    parts = b.split(b"c")[:4], b.replace(b"a", b"zz")[:9], b.hex(), bytes.fromhex("00ff"), m.tolist()[:5], m.cast if 0 else bytes(m[:3])
    m.release()
    a.extend(range(50))
    x = array.array("i", range(30))
    x.extend([1, 2, 3])
    return parts, a, x.tolist(), x[::3], bytes(memoryview(x).cast("B"))[:8], b"%d-%s" % (10**20, b"x"), b.decode("latin-1")


def numbers():
    x = 3**200
    y = 7**2000
    return (x * x // 7 + (x >> 3), pow(x, 5, 10**30 + 7), int(str(x)), divmod(-x, 10**20), float(x), complex("1+2j") ** 2, hash(x), y * y % 10**50,
            int(str(y)) == y, y & x | 5 ^ x, (-y).to_bytes(900, "big", signed=True)[:9], int.from_bytes(b"\x01" * 40), float("1" * 60), (2.5).hex(), round(1.25, 1),
            sum([x, 0.5]) > 0, x.bit_length(), ~x, (10**40).as_integer_ratio(), f"{x:x}", f"{y % 10**60:_d}")


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
    n = collections.ChainMap({1: 2}, {3: 4})
    f = collections.defaultdict(list)
    f[1].append(2)
    for i in range(30):
        del d[i]
    d.update(zip(range(100, 160), range(60)))
    return len(d), len(s), list(zip(t, q)), c.most_common(2), list(o)[-1], frozenset(s), dict.fromkeys("abc", []), dict(n), f, \
        s ^ {1, 2}, s & {4, 5}, s | {"z"}, list(d.items())[:4], [*reversed(items)][:3], d.copy() == d, d.popitem(), [1, 2] * 20


def sorting():
    words = [f"w{i * 7919 % 101}" for i in range(120)]
    a = sorted(words, key=lambda w: (len(w), w))
    words.sort(key=str.upper, reverse=True)
    pairs = sorted(enumerate(words), key=operator.itemgetter(1))
    objects = sorted([Plain(i % 7, i) for i in range(40)], key=lambda p: p.args)
    return a, words, pairs[:9], objects[:4], min(words, key=len), max(a), sorted([3.5, 1, 2, True]), sorted({(3, "a"), (1, "b")})


def calls():
    def f(a, b=2, *args, c, d=4, **kwargs):
        return a, b, args, c, d, kwargs

    p = functools.partial(f, 1, c=3)
    lru = functools.lru_cache(5)(lambda x: x * 2)
    try:
        f(1, 2, 3)
    except TypeError as error:
        text = str(error)

    def deep(n):
        return n and deep(n - 1) + 1

    def closure(x):
        def inner(y):
            nonlocal x
            x += y
            return lambda: (x, y)
        return inner

    return p(5, 6, 7, e=8), [lru(i) for i in range(9)], f(*[1, 2, 3], **{"c": 1, "z": 2}), text, list(map(lambda a, b: a + b, "ab", "cd")), \
        deep(300), closure(1)(2)(), functools.reduce(operator.add, range(50)), [functools.partialmethod(f, 1) and 1], locals().keys() == 0


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

        def __init_subclass__(cls, **kw):
            cls.made = kw

        def __set_name__(self, owner, name):
            self.owner = name

        @classmethod
        def k(cls):
            return cls.__name__

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
    for i in range(30):
        setattr(a, f"attribute{i}", i)
    del a.attribute3
    a.__class__ = type("D", (A,), {})
    A.x = 6
    return a.method(), b.method(), vars(a), r() is s, A.__mro__[1].__name__, repr(type("C", (B,), {"y": 1}).y), B.k(), dir(b)[-1], \
        types.SimpleNamespace(a=1), A.__annotations__, isinstance(a, Plain), B.__subclasses__() == 0, a.x


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
    g = outer()
    next(g)
    g.close()
    return (result, list(itertools.islice(itertools.permutations("abc"), 3)), list(itertools.groupby([1, 1, 2]))[0][0], sum(i for i in range(40)),
            list(itertools.combinations(range(5), 3))[-1], [list(t) for t in itertools.tee(range(5))], list(itertools.product("ab", repeat=2)),
            list(itertools.accumulate(range(6))), list(itertools.batched("abcde", 2)), list(itertools.chain.from_iterable(["ab", "c"])))


def exceptions():
    seen = []
    try:
        try:
            raise KeyError("a")
        except KeyError as error:
            raise ValueError("b", 1) from error
    except ValueError as error:
        error.add_note("n")
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
    for bad in (lambda: [][1], lambda: {}["k"], lambda: None.x, lambda: 1 / 0, lambda: open("/no/such/file"), lambda: (1).real(), lambda: "a" + 1):
        try:
            bad()
        except MemoryError:
            raise
        except Exception as error:
            seen.append((type(error).__name__, str(error)))
    import traceback
    try:
        def deep(n):
            return deep(n - 1) if n else 1 // 0
        deep(5)
    except ZeroDivisionError as error:
        seen.append(len(traceback.format_exception(error)) > 0)     # without memory there are fewer entries

    class Manager:
        def __enter__(self):
            return self

        def __exit__(self, *exc):
            seen.append(exc[0].__name__)
            return True

    with Manager():
        raise LookupError
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
    code = compile("async def g[T](x: T):\n try:\n  async with x as (y, z): yield y\n except* E as e: pass\n else: return\n"
                   "t = t'{1}'\ntype A[B] = list[B]\nfor i in (1, 2, 3): del i\n", "h", "exec")
    return names["r"], names["x"], names["y"], ast.dump(tree)[:40], text, len(code.co_consts), ast.unparse(tree), eval("[1, *(2, 3), {4: 5}]"), len(list(code.co_lines()))


def text_modules():
    data = {"a": [1, 2.5, None, True, "\u20ac\n"], "b": {"c": [10**20]}}
    text = json.dumps(data, indent=1)
    m = re.match(r"(?P<a>\w+)-(\d+)(?:x|y)*?(?=z)", "abc-123xyxyz")
    rows = list(csv.reader(["a,b,\"c d\"", "1,2,3"]))
    return (json.loads(text) == data, m.groupdict(), re.sub("[aeiou]", lambda m: m[0] * 2, "education"), rows, re.findall("(a|b)+?c", "abcbac"),
            struct.pack("<iqd5s", 1, 2, 3.5, b"abc"), struct.unpack("<hh", b"abcd"), re.compile("(?i)x{2,3}[^a-z]*" + str(1)).pattern, re.split("[,;]", "a,b;c"))


def pickling():
    data = {"a": [1, 2.5, None, True, "\u20ac\n"], "b": {"c": [10**20]}}
    p = pickle.dumps([data, Plain, Plain(1, z=2), (1,) * 5, {1, 2}, b"x" * 300])
    s = Slotted()
    s.a = [1]
    return pickle.loads(p)[0] == data, copy.deepcopy(data) == data, copy.copy(s).a, pickle.loads(pickle.dumps(s)).a, len(pickle.dumps(data, 0))


def streams():
    f = io.StringIO()
    print("a", 1, 2.5, file=f, sep="-")
    b = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\r\n")
    b.write("line\n\xe9")
    b.flush()
    name = os.path.join(tempfile.gettempdir(), f"weft-fault-{os.getpid()}")
    try:
        with open(name, "w") as out:
            out.write("text\n" * 300)
        with open(name) as again:
            lines = list(again)
        with open(name, "rb") as again:
            size = len(again.read())
    finally:
        try:
            os.unlink(name)
        except FileNotFoundError:
            pass
    return f.getvalue(), b.buffer.getvalue(), len(lines), size


def weak_and_cyclic():
    seen = []
    for i in range(10):
        c = Cyclic()
        weakref.finalize(c, seen.append, i).atexit = False
    del c
    collected = gc.collect()    # 0: it had no memory to do so
    keys = weakref.WeakKeyDictionary()
    values = weakref.WeakSet()
    kept = [Plain(i) for i in range(10)]
    for p in kept:
        keys[p] = 1
        values.add(p)
    del kept[3:], p
    proxy = weakref.proxy(kept[0])
    return sorted(seen) if collected else list(range(10)), len(keys), len(values), proxy.first


def threads():
    out = []
    lock = threading.Lock()
    local = threading.local()
    condition = threading.Condition()

    def body(n):
        local.x = [n]
        with lock:
            out.append(local.x)
        with condition:
            condition.notify_all()

    them = [threading.Thread(target=body, args=(n,)) for n in range(3)]
    for t in them:
        t.start()
    for t in them:
        t.join()
    q = queue.SimpleQueue()
    q.put([1])
    r = queue.Queue()
    r.put({2})
    return q.get(), r.get()


def loops():
    async def child(n):
        await asyncio.sleep(0)
        return n * 2

    async def main():
        results = await asyncio.gather(*[child(i) for i in range(5)])
        async with asyncio.timeout(100):
            task = asyncio.create_task(child(7))
            results.append(await task)
        future = asyncio.get_running_loop().create_future()
        future.set_result(1)
        return results, await future

    return asyncio.run(main())


def contexts():
    v = contextvars.ContextVar("v", default=1)

    def inside():
        v.set([2])
        return v.get()

    c = contextvars.copy_context()
    return c.run(inside), v.get(), len(contextvars.copy_context()) >= len(c) - 1, [c[k] for k in c if k is v]


def importing():
    for name in ("colorsys", "this_is_no_module", "stringprep"):
        sys.modules.pop(name, None)
    import colorsys
    import stringprep
    try:
        import this_is_no_module
    except ModuleNotFoundError as error:
        text = str(error)
    return colorsys.rgb_to_hsv(.2, .4, .6), text, stringprep.in_table_c11(" ")


def data_types():
    x = decimal.Decimal("1.1") ** 20 + decimal.Decimal(10**30) / 7
    d = datetime.datetime(2026, 11, 28, 12) + datetime.timedelta(days=1.5)
    return (x, str(d), d.isoformat(), hashlib.sha256(b"x" * 100).hexdigest(), zlib.decompress(zlib.compress(b"abc" * 100)) == b"abc" * 100,
            zlib.crc32(b"a"), typing.Optional[int], list[int], int | str, d.strftime("%Y %j"), time.strftime("%Y", (2026, 1, 1, 0, 0, 0, 0, 1, 0)))


def frames():
    import inspect

    def here():
        f = sys._getframe()
        local = f.f_locals
        local["extra"] = 5
        return sorted(local), f.f_code.co_name, f.f_back.f_lineno > 0, len(list(f.f_code.co_positions())) > 5

    events = []
    sys.settrace(lambda frame, event, arg: events.append(event))
    try:
        here()
    finally:
        sys.settrace(None)
    return here(), len(events) > 0, str(inspect.signature(here)), inspect.getsource(here)[:12]


PROGRAMS = [strings, byte_strings, numbers, containers, sorting, calls, classes, generators, exceptions, compiling, text_modules, pickling, streams, weak_and_cyclic,
            threads, loops, contexts, importing, data_types, frames]
