"""Calls what built-in types and C modules offer with arguments that nobody would give, in several threads at once.

usage: WEFT tests/fuzz/calls.py LOG [SEED [CALLS [THREADS]]]     (WEFT: best of an ASan build)

A finding is a crash or a hang: the last lines of LOG say what each thread was about to do. Left out is what ends
or stops a program as it should: exits, signals, waits for other threads, locks that are never given back.
"""
import importlib
import os
import random
import resource
import sys
import threading
import types
import warnings

MODULES = """
    _abc _ast _asyncio _bisect _blake2 _bz2 _codecs _codecs_jp _collections _contextvars _csv _functools _hashlib
    _heapq _imp _interpolation _io _json _locale _lsprof _lzma _md5 _multibytecodec _multiprocessing _opcode _operator
    _pickle _queue _random _sha1 _sha2 _sha3 _socket _sre _stat _statistics _string _struct _suggestions _symtable
    _thread _tokenize _tracemalloc _typing _uuid _warnings _weakref _zstd array atexit binascii builtins cmath errno
    fcntl gc grp itertools marshal math mmap pwd pyexpat select string.templatelib sys termios time typing types
    unicodedata zlib""".split()
LEFT_OUT = set("""
    __excepthook__ __import__ __stderr__ __stdin__ __stdout__ _acquire_lock _acquire_restore _clear_type_cache
    _debugmallocstats _enter_task _exit _fix_co_filename _release_lock _run_exitfuncs _setprofileallthreads
    _settraceallthreads _shutdown abort accept acquire acquire_lock activate_stack_trampoline addaudithook alarm audit
    breakpoint breakpointhook callbacks clock_settime close comb compile connect connect_ex create_dynamic disable
    displayhook dup enable eval excepthook exec exec_dynamic exit factorial fcntl flock freeze get getaddrinfo
    gethostbyaddr gethostbyname gethostbyname_ex getnameinfo help input interrupt_main ioctl join kill lcm lockf meta_path
    modules monitoring mro open_code path_hooks path_importer_cache pause perm poll print pthread_kill put quit
    raise_signal recv recv_into recvfrom recvfrom_into recvmsg recvmsg_into register release_lock remote_exec
    run_forever select send sendall sendmsg sendto set_debug set_threshold sethostname setitimer setlocale sleep
    stack_size start_joinable_thread start_new start_new_thread stderr stdin stdout tcdrain tcflow tcflush tcsendbreak
    tcsetattr tzset unraisablehook wait""".split())
KEYWORDS = """default encoding errors initial key level loop max_length maxlen maxsize n name newline obj reverse sep
    size start stop strict""".split()
MOST_SHARED = 60
MOST_MEMORY = 1 << 30

shared = []     # what calls returned; all threads take from it, and put into it


class Odd:
    """Answers whatever it is asked, seldom as it should."""
    def __init__(self, rand):
        self.rand = rand

    def value(self):
        return value(self.rand)

    def maybe(self, error, odds):
        if self.rand.random() < odds:
            raise error

    def __index__(self):
        return self.rand.choice([0, 1, -1, 3, 255, 2**31, 2**63, -2**63])

    def __len__(self):
        return self.rand.choice([0, 1, 5, -1, 2**62])

    def __eq__(self, other):
        return self.rand.random() < 0.5 or self.value()

    def __lt__(self, other):
        return self.rand.random() < 0.5

    def __hash__(self):
        return self.rand.choice([1, 2, -1, 2**40])

    def __bool__(self):
        self.maybe(ValueError, 0.1)
        return self.rand.random() < 0.5

    def __iter__(self):
        yield self.value()
        yield self.value()
        self.maybe(KeyError, 0.1)

    def __getitem__(self, key):
        self.maybe(IndexError, 0.5)
        return self.value()

    def __getattr__(self, name):
        self.maybe(AttributeError(name), 1 if name.startswith("__") else 0.7)
        return self.value()

    def __call__(self, *args, **kwargs):
        return self.value()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return True

    def __del__(self):
        shared.append(1)

    def read(self, *args):
        return self.rand.choice([b"", b"abc", "", "x\n", None, 5])

    readline = read

    def readinto(self, buffer):
        return self.rand.choice([0, 1, 5, -1, None, 2**40])

    def write(self, data):
        return self.rand.choice([0, 1, -1, None, 2**40])

    def keys(self):
        return self.value()

    def fileno(self):
        return self.rand.choice([-1, 1000, 2**40])


class Slots:
    __slots__ = "a", "b", "__weakref__"


class Meta(type):
    pass


class Default(dict):
    def __missing__(self, key):
        return key


def function(*args, **kwargs):
    return args[0] if args else None


def numbers():
    n = 0
    while n < 50:
        try:
            n = (yield n) or n + 1
        except ValueError:
            yield "v"


SUBCLASSES = [type("Sub", (base,), {}) for base in (str, int, list, tuple, bytes, float, set, bytearray)]
PLAIN = [
    [0, 1, -1, 2, 3, 7, 8, 10, 63, 64, 255, 256, 1000],
    [2**16, 2**31, 2**31 - 1, -2**31, 2**32, 2**63, 2**63 - 1, -2**63, 2**64, 10**30, -10**40, 1 << 200],
    ["", "a", "abc", "\0", "\xe9", "\U0001f600", "\ud800", "x" * 300, "utf-8", "rb", "r", "strict", "ascii", "%s",
     "{}", "__class__", "__dict__", "replace", "idna", "1.5", "0x10", "  12 ", "\n"],
    [b"", b"a", b"abc\0", bytes(range(256)), b"x" * 1000, b"\xff\xfe", b"1 2", b"\x80\x03N."],
    [0.0, -0.0, 1.5, float("nan"), float("inf"), 1e308, 5e-324, 1e20, 1j, complex("nan"), 1e308 + 1e308j],
    [None, True, False, ..., NotImplemented],
    [ValueError, ValueError("x"), StopIteration(), BaseException(), OSError(2, "x"), KeyError,
     ExceptionGroup("g", [ValueError(1)]), UnicodeDecodeError("utf-8", b"abc", 0, 1, "bad")],
    [function, numbers, function.__code__, len, str.join, [].append, type, int, Slots, Odd, Meta, Meta("M", (), {}),
     object, dict, list, lambda *args: None],
]


def value(rand, depth=0):
    """An argument: plain in nearly half of the cases, else a container, an odd object, or a shared one."""
    def parts():
        return [value(rand, depth + 1) for _ in range(rand.randrange(4))]

    what = rand.random()
    if what < 0.45 or depth == 3:
        return rand.choice(rand.choice(PLAIN))
    if what < 0.62:
        return rand.choice(shared or PLAIN)     # other threads may empty it meanwhile: then there is no call
    if what < 0.68:
        return Odd(rand)
    return rand.choice([
        parts, parts, lambda: tuple(parts()), lambda: {str(i): v for i, v in enumerate(parts())},
        lambda: dict.fromkeys(map(id, parts())), lambda: Default(a=1), lambda: set(map(id, parts())),
        lambda: frozenset([1, 2]), lambda: iter(parts()), lambda: slice(*(parts() + [None])[:3]), numbers,
        lambda: range(rand.choice([0, 5, 100])), lambda: bytearray(rand.choice([b"", b"abc", b"z" * 100])),
        lambda: memoryview(bytearray(b"12345678"))[::rand.choice([1, 2, -1])], Slots, object,
        lambda: types.SimpleNamespace(a=1), lambda: rand.choice(SUBCLASSES)(), lambda: type(value(rand, 3)),
        lambda: type("T", (rand.choice([object, list, dict, int, str, Exception]),), {}),
    ])()


def targets():
    """[(name, callable)] of all modules."""
    found = []
    for module in MODULES:
        try:
            names = vars(importlib.import_module(module))
        except ImportError:
            continue
        found += [(f"{module}.{name}", v) for name, v in names.items() if callable(v) and name not in LEFT_OUT and
                  not (module == "sys" and name.startswith("set"))]
    return found


def shown(arg):
    return ascii(arg)[:60] if type(arg) in (int, str, bytes, float, bool, type(None)) else type(arg).__name__


def one_call(rand, functions, say):
    """One call, or one attribute set; what it raises is for the caller to forget."""
    if rand.random() < 0.45 or not shared:
        name, call = rand.choice(functions)
    else:
        owner = value(rand) if rand.random() < 0.2 else rand.choice(shared)
        attribute = rand.choice(dir(type(owner)))
        if attribute in LEFT_OUT or isinstance(owner, types.ModuleType):
            return
        name = f"{type(owner).__name__}.{attribute}"
        if rand.random() < 0.1 and not isinstance(owner, (type, types.FunctionType)) and attribute != "__class__":
            new = value(rand)
            say(f"{name} = {shown(new)}")
            setattr(owner, attribute, new)
            return
        call = getattr(owner, attribute)
    args = [value(rand) for _ in range(rand.choice([0, 1, 1, 1, 2, 2, 3, 4]))]
    keywords = {rand.choice(KEYWORDS): value(rand)} if rand.random() < 0.1 else {}
    say(f"{name}({', '.join(map(shown, args))}) {[*keywords]}")
    result = call(*args, **keywords)
    if type(result) in (int, str, bytes, bool, float, type(None)) and rand.random() < 0.998:
        return
    if len(shared) < MOST_SHARED:
        shared.append(result)
    else:
        shared[rand.randrange(MOST_SHARED)] = result


def work(seed, number, calls, functions, log):
    rand = random.Random(seed * 1000 + number)
    for i in range(calls):
        try:
            one_call(rand, functions, lambda text: os.write(log, f"{number} {text}\n".encode("utf-8", "replace")))
        except BaseException:   # any may come, SystemExit too
            pass
        if i % 500 == 499:
            del shared[:20]


def main(log, seed=0, calls=2000, threads=1):
    warnings.simplefilter("ignore")
    with open("/proc/self/status") as status:
        used = next(int(line.split()[1]) for line in status if line.startswith("VmData")) << 10
    if used < 1 << 40:  # a sanitizer has terabytes, and cannot go on where it gets no more
        resource.setrlimit(resource.RLIMIT_DATA, (used + MOST_MEMORY, used + MOST_MEMORY))
    functions = targets()
    fd = os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 150)   # out of the way of small numbers
    workers = [threading.Thread(target=work, args=(int(seed), n, int(calls), functions, fd), daemon=True)
               for n in range(int(threads))]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    os._exit(0)     # what hooks and files have become says nothing


if __name__ == "__main__":
    main(*sys.argv[1:])
