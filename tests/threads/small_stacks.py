"""Recursion through every part of the interpreter, in threads with small stacks: RecursionError or the right result, no crash."""
# run: timeout=120
import copy
import functools
import json
import pickle
import re
import sys
import threading


def nested(n, make, first=None):
    x = first
    for _ in range(n):
        x = make(x)
    return x


class Node:
    def __init__(self, next):
        self.next = next

    def __repr__(self):
        return f"N({self.next!r})"

    def __eq__(self, other):
        return self.next == other.next

    def __hash__(self):
        return hash((self.next,))

    def __getattr__(self, name):
        return getattr(self.next, name)

    def __call__(self, n):
        return self(n + 1)

    def __iter__(self):
        return iter(self.next)

    def __len__(self):
        return len(self.next)

    def __lt__(self, other):
        return sorted([self, other])

    def __add__(self, other):
        return self.next + other

    def __getitem__(self, i):
        return self.next[i]

    def __bool__(self):
        return bool(self.next)

    def __str__(self):
        return str(self.next)

    def __format__(self, spec):
        return format(self.next, spec)

    def __index__(self):
        return int(self.next)

    def __enter__(self):
        with self.next:
            pass

    def __exit__(self, *args):
        pass

    def __instancecheck__(self, x):
        return isinstance(x, self.next)

    def __reduce__(self):
        return Node, (self.next,)


def generator(n):
    if n:
        yield from generator(n - 1)


def wrapped(n):
    f = lambda x: x
    for _ in range(n):
        f = functools.partial(lambda g, x: g(x), f)
    return f


def adder(n):
    return functools.reduce(lambda a, b: adder(b), [n, n + 1])


def handler(n):
    try:
        raise ValueError
    except ValueError:
        handler(n + 1)


MANY = 3000
same = nested(MANY, Node), nested(MANY, Node)
lists = nested(MANY, lambda x: [x]), nested(MANY, lambda x: [x])
tuples = nested(MANY, lambda x: (x,)), nested(MANY, lambda x: (x,))
dicts = nested(MANY, lambda x: {"a": x}), nested(MANY, lambda x: {"a": x})
iterators = nested(MANY, lambda x: map(str, x), [1])
chained = nested(MANY, lambda x: filter(None, zip(x)), [1])
exceptions = nested(200, lambda x: ExceptionGroup("g", [x]), ValueError(1))

calls = [
    lambda: repr(same[0]), lambda: same[0] == same[1], lambda: hash(same[0]), lambda: same[0].missing, lambda: same[0](1),
    lambda: iter(same[0]), lambda: len(same[0]), lambda: same[0] < same[1], lambda: same[0] + 1, lambda: same[0][1],
    lambda: bool(same[0]), lambda: str(same[0]), lambda: f"{same[0]}", lambda: int(same[0]), lambda: same[0].__enter__(),
    lambda: isinstance(1, same[0]), lambda: issubclass(int, tuples[0]),
    lambda: repr(lists[0]), lambda: lists[0] == lists[1], lambda: lists[0] < lists[1], lambda: repr(tuples[0]), lambda: hash(tuples[0]),
    lambda: tuples[0] == tuples[1], lambda: repr(dicts[0]), lambda: dicts[0] == dicts[1], lambda: copy.deepcopy(lists[0]),
    lambda: json.dumps(lists[0]), lambda: json.dumps(dicts[0], indent=1), lambda: json.loads("[" * 100000),
    lambda: json.loads('{"a":' * 100000), lambda: pickle.dumps(lists[0]), lambda: pickle.dumps(same[0]), lambda: pickle.dumps(dicts[0]),
    lambda: pickle._dumps(lists[0]), lambda: list(iterators), lambda: list(chained), lambda: list(generator(MANY)), lambda: wrapped(MANY)(1),
    lambda: adder(1), lambda: handler(1), lambda: compile("(" * 150 + ")" * 150, "f", "eval"), lambda: compile("-" * 20000 + "1", "f", "eval"),
    lambda: compile("a" + ".b" * 20000, "f", "eval"), lambda: compile("a" + "(1)" * 20000, "f", "eval"),
    lambda: compile("[" * 180 + "]" * 180, "f", "eval"), lambda: compile("x = " * 20000 + "1", "f", "exec"),
    lambda: compile("1" + " + 1" * 20000, "f", "eval"), lambda: compile("lambda: " * 20000 + "1", "f", "eval"),
    lambda: compile("not " * 20000 + "1", "f", "eval"), lambda: compile("a if b else " * 20000 + "1", "f", "eval"),
    lambda: compile("".join(" " * i + "if x:\n" for i in range(99)) + " " * 99 + "pass", "f", "exec"),
    lambda: compile("if a: pass\n" + "elif a: pass\n" * 20000, "f", "exec"),
    lambda: compile("f'{" * 100 + "1" + "}'" * 100, "f", "eval"),
    lambda: re.compile("(" * 5000 + ")" * 5000),
    lambda: re.match("(a|b)*?c", "ab" * 100000), lambda: re.match("((a)|b)*c", "ab" * 50000),
    lambda: str(exceptions), lambda: exceptions.split(KeyError), lambda: exceptions.derive([exceptions]),
    lambda: eval("__import__('builtins').eval('1')"), lambda: sorted(lists + lists), lambda: max(tuples, tuples),
    lambda: type("A", (), {"__init_subclass__": classmethod(lambda cls: type("B", (cls,), {}))}) and type("C", (type("A", (), {
        "__init_subclass__": classmethod(lambda cls: type("B", (cls,), {}))}),), {}),
]
sys.setrecursionlimit(5000)
failures = []


def body(i, call):
    try:
        call()
    except (RecursionError, MemoryError, TypeError, AttributeError, ValueError, SyntaxError, IndexError):
        pass
    except BaseException as error:
        failures.append((i, error))


sizes = (64 << 10, 128 << 10, 256 << 10, 1 << 20) if sys.implementation.name == 'weft' else (1 << 20,)  # CPython crashes
for size in sizes:
    threading.stack_size(size)
    for i, call in enumerate(calls):
        if len(sys.argv) > 1:
            print(size, i, flush=True)
        t = threading.Thread(target=body, args=(i, call))
        t.start()
        t.join()
assert not failures, failures
