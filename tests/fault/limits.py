"""A process whose address space is limited: MemoryError where it runs out, and it goes on when the memory is free again."""
# run: timeout=120
import subprocess
import sys

PROGRAM = r"""
import resource, sys, threading, gc
MIB = 1 << 20
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 60 * MIB, resource.RLIM_INFINITY))

def refused(call):
    try:
        call()
    except MemoryError as error:
        assert type(error) is MemoryError
        return
    raise AssertionError("it had the memory")

def chain(make):
    a = None
    try:
        while True:
            a = make(0), a
    except MemoryError:
        pass
    count = 0
    while a:
        a = a[1]
        count += 1
    return count
"""

CASES = {
    "much at once": r"""
for call in (lambda: bytearray(2**40), lambda: bytes(2**40), lambda: [0] * 2**40, lambda: (0,) * 2**40, lambda: "x" * 2**40, lambda: b"x" * 2**40,
             lambda: list(range(2**40)), lambda: 1 << 2**40, lambda: bytearray(10) * 2**40, lambda: " ".join(["x" * 2**20] * 2**10), lambda: "x".zfill(2**40),
             lambda: "%*d" % (2**30, 1), lambda: b"".join([b"x" * 2**20] * 2**10), lambda: tuple(range(2**40)), lambda: "\t".expandtabs(2**30)):
    refused(call)
    assert [1, 2] + [3] == [1, 2, 3]
""",
    "a list grows": r"""
def fill():
    a = []
    while True:
        a.append([])
for _ in range(3):
    refused(fill)
    gc.collect()
    assert sum(len(x) for x in [[1] * 10 for i in range(1000)]) == 10000
""",
    "one caught where it is raised, with all of it alive": r"""
for make in (lambda i: [i], lambda i: "%d" % i, lambda i: 10**30 + i, lambda i: i + .5 and {}, lambda i: {i: i}, lambda i: (i, i), lambda i: type("C", (), {}),
             lambda i: lambda: i, lambda i: ValueError(i), lambda i: iter([i]), lambda i: object()):
    assert chain(make) > 10, make
""",
    "the same with buffers": r"""    # the address space that small objects have had is not theirs
for make in (lambda i: "x" * 100000, lambda i: bytearray(1000), lambda i: set([i])):
    assert chain(make) > 10, make
""",
    "a dict and a set grow": r"""
def fill_dict():
    d = {}
    i = 0
    while True:
        d[i] = str(i)
        i += 1
def fill_set():
    s = set()
    i = 0
    while True:
        s.add(str(i))
        i += 1
refused(fill_dict)
refused(fill_set)
refused(fill_dict)
assert {i: i for i in range(5)} == dict(zip(range(5), range(5)))
""",
    "what is doubled": r"""
def double(x):
    def call():
        y = x
        while True:
            y = y + y
    return call
for x in ("abc", "a\u20ac", b"abc", [1, 2], (1, 2), bytearray(b"abc")):
    refused(double(x))
    refused(double(x))
def square():
    x = 3
    while True:
        x = x * x
def shift():
    x = 3
    while True:
        x <<= x.bit_length()
refused(shift)
""",
    "deep recursion": r"""
sys.setrecursionlimit(10**8)
def deep(n):
    a, b, c, d = n, n, n, n
    return deep(n + 1) + a + b + c + d
for _ in range(3):
    try:
        deep(0)
    except (MemoryError, RecursionError):
        pass
    else:
        raise AssertionError
assert (lambda: 5)() == 5
""",
    "generators and frames": r"""
def numbers():
    yield from range(10)
def fill():
    a = []
    while True:
        g = numbers()
        next(g)
        a.append(g)
refused(fill)
assert list(numbers()) == list(range(10))
""",
    "several threads": r"""
results = []
lost = []
threading.excepthook = lambda args: lost.append(args.exc_type)
begin = threading.Event()
limits = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (limits[1], limits[1]))  # while threads start: the library waits for ever for one that had no memory to say so
def body(n):
    begin.wait()
    a = []
    try:
        while True:
            a.append([n] * 100)
    except MemoryError:
        a = None
threads = []
try:
    for n in range(4):
        t = threading.Thread(target=body, args=(n,))
        t.start()    # refused where stacks are large
        threads.append(t)
except (MemoryError, RuntimeError):
    assert threads
resource.setrlimit(resource.RLIMIT_AS, (used + 200 * MIB, limits[1]))
begin.set()
for t in threads:
    t.join()
assert {*lost} <= {MemoryError}, lost    # what a thread does after its own has been caught may meet that of another
assert sum(len(x) for x in [[1] * 10 for i in range(1000)]) == 10000
""",
    "a text that is read, compiled, matched and sorted": r"""
import re, json, ast, pickle, io
def grow(step):
    def call():
        n = 1000
        while True:
            step(n)
            n *= 2
    return call
for step in (lambda n: compile("x = [" + "1, " * n + "]", "f", "exec"), lambda n: json.loads("[" + "1.5," * n + "1]"), lambda n: re.findall("(a)(b)", "ab" * n),
             lambda n: sorted(str(i) for i in range(n)), lambda n: pickle.dumps([str(i) for i in range(n)]), lambda n: io.StringIO("x\n" * n).readlines(),
             lambda n: ast.parse("x\n" * n), lambda n: json.dumps(["x" * 10] * n), lambda n: re.match("(?:a|b)*c", "ab" * n), lambda n: str(list(range(n))).split(",")):
    refused(grow(step))
assert eval("1 + 1") == 2
""",
    "big numbers": r"""
def grow(step):
    def call():
        x = 7 ** 1000
        while True:
            x = step(x)
    return call
refused(grow(lambda x: x * x))
sys.set_int_max_str_digits(0)
assert 7 ** 50 == 1798465042647412146620280340569649349251249
""",
    "it is not caught": r"""
def fill():
    a = [0]
    while True:
        a += a
threading.Thread(target=fill).start()
a = bytearray(2**45)
""",
}


def run(name, body):
    try:
        ended = subprocess.run([sys.executable, "-c", PROGRAM + body], capture_output=True, text=True, timeout=100)
    except subprocess.TimeoutExpired:
        print(f"{name}: takes too long")
        return False
    expected = 1 if name == "it is not caught" else 0
    if expected:
        assert "MemoryError" in ended.stderr, ended.stderr
    if ended.returncode != expected:
        print(f"{name}: exit code {ended.returncode}\n{ended.stderr[-1500:]}")
    return ended.returncode == expected


if int(open("/proc/self/statm").read().split()[0]) > 1 << 28:    # pages of address space
    print("SKIP sanitizers want all of the address space")
else:
    names = [name for name in CASES if len(sys.argv) < 2 or sys.argv[1] in name]
    failed = [name for name in names if not run(name, CASES[name])]
    assert not failed, failed
