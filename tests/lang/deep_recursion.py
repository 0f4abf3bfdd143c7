# run: timeout=300
# Whatever recursion there is ends in RecursionError or works: in Python code, in C code that follows data, and where
# C code calls Python code that calls C code. On the main thread and on threads with small stacks.
import copy
import operator
import sys
import threading

DEPTH = 20000


def nest(make, n=DEPTH):
    value = make(None)
    for i in range(n):
        value = make(value)
    return value


class Attr:
    def __getattr__(self, name):
        return getattr(self, name + 'x')


class Attribute:
    def __getattribute__(self, name):
        return self.other


class Repr:
    def __repr__(self):
        return repr(self)


class Str:
    def __str__(self):
        return str(self)


class Call:
    pass


Call.__call__ = Call()


class Equal:
    def __eq__(self, other):
        return self == other


class Hash:
    def __hash__(self):
        return hash((self,))


class Index:
    def __index__(self):
        return operator.index(self)


class Iter:
    def __iter__(self):
        return iter(self)


class Item:
    def __getitem__(self, key):
        return self[key]


class Add:
    def __add__(self, other):
        return self + other


class Bool:
    def __bool__(self):
        return bool(self)


class Len:
    def __len__(self):
        return len(self)


class Contains:
    def __contains__(self, item):
        return item in self


class New:
    def __new__(cls):
        return New()


class Init:
    def __init__(self):
        self.__init__()


class Prop:
    @property
    def p(self):
        return self.p


class Desc:
    def __get__(self, obj, cls):
        return obj.d


class HasDesc:
    d = Desc()


class Setattr:
    def __setattr__(self, name, value):
        setattr(self, name, value)


class Enter:
    def __enter__(self):
        with self:
            pass

    def __exit__(self, *args):
        pass


class Meta(type):
    def __instancecheck__(cls, obj):
        return isinstance(obj, cls)

    def __subclasscheck__(cls, other):
        return issubclass(other, cls)

    def __call__(cls):
        return cls()


class WithMeta(metaclass=Meta):
    pass


class Missing(dict):
    def __missing__(self, key):
        return self[key]


class Format:
    def __format__(self, spec):
        return format(self, spec)


def plain():
    return plain()


def generator():
    yield from generator()


def comprehension():
    return [comprehension() for _ in range(1)]


def through_map():
    return list(map(lambda _: through_map(), [1]))


def through_sort():
    return sorted([1, 2], key=lambda _: through_sort())


def decorated(f=None):
    return max([1, 2], key=lambda _: decorated())


def through_exec():
    exec('through_exec()', globals())


def handler():
    try:
        handler()
    finally:
        handler()


def in_except():
    try:
        raise ValueError
    except ValueError:
        in_except()


def class_body():
    class C:
        x = class_body()


def lambda_default(f=lambda: lambda_default()):
    return f()


def star():
    return star(*[], **{})


async def coroutine():
    await coroutine()


def run_coroutine():
    c = coroutine()
    try:
        c.send(None)
    finally:
        c.close()


def set_self(x):
    setattr(x, 'a', 1)


RECURSIVE = [
    plain, comprehension, through_map, through_sort, decorated, through_exec, in_except, class_body, lambda_default, star,
    run_coroutine,
    lambda: next(generator()),
    lambda: Attr().a, lambda: Attribute().a, lambda: repr(Repr()), lambda: str(Str()), lambda: Call()(),
    lambda: Equal() == 1, lambda: hash(Hash()), lambda: operator.index(Index()), lambda: list(Iter()), lambda: Item()[0],
    lambda: Add() + 1, lambda: bool(Bool()), lambda: len(Len()), lambda: 1 in Contains(), New, Init, lambda: Prop().p,
    lambda: HasDesc().d, lambda: set_self(Setattr()), lambda: Enter().__enter__(), lambda: isinstance(1, WithMeta),
    lambda: issubclass(int, WithMeta), WithMeta, lambda: Missing()[1], lambda: format(Format(), 'x'), lambda: f'{Repr()!r}',
    lambda: '%r' % Repr(), lambda: print(Str()),
]


def must_end(call, message=None):
    try:
        call()
    except (RecursionError, MemoryError):       # the latter by exec() of text, whose parser has a stack of its own
        return True
    raise AssertionError('no RecursionError')


def python_code():
    for call in RECURSIVE:
        must_end(call)


def may_end(call):
    "deep data: an implementation may follow it to the end"
    try:
        call()
    except (RecursionError, MemoryError, SyntaxError):
        pass


def deep_data():
    lists, tuples, dicts = nest(lambda v: [v]), nest(lambda v: (v,)), nest(lambda v: {1: v})
    for data, same in (lists, nest(lambda v: [v])), (tuples, nest(lambda v: (v,))), (dicts, nest(lambda v: {1: v})):
        may_end(lambda: repr(data))
        may_end(lambda: data == same)
        may_end(lambda: data < same) if type(data) is not dict else None
        may_end(lambda: copy.deepcopy(data))
        may_end(lambda: str(data))
        may_end(lambda: hash(data)) if type(data) is tuple else None
        may_end(lambda: '%s' % (data,))
    error = nest(lambda v: ValueError(v))
    may_end(lambda: repr(error))
    may_end(lambda: str(error))
    group = nest(lambda v: ExceptionGroup('g', [v or ValueError()]), 5000)
    may_end(lambda: group.split(TypeError))
    may_end(lambda: repr(group))
    alias = nest(lambda v: list[v or int], 5000)
    may_end(lambda: repr(alias))
    may_end(lambda: hash(alias))
    may_end(lambda: eval('(' * 20000 + ')' * 20000))
    may_end(lambda: eval('-' * 20000 + '1'))
    may_end(lambda: compile('x' + '.a' * 20000, '', 'eval'))


def deep_inheritance():
    "classes derived from each other, many times"
    cls = object
    for i in range(300):
        cls = type(f'C{i}', (cls,), {})
    x = cls()
    x.a = 1
    assert x.a == 1 and len(cls.__mro__) == 301 and isinstance(x, cls)
    method = 5
    for i in range(300):
        method = staticmethod(method)


def on_thread(call, size):
    outcome = []

    def run():
        try:
            call()
        except BaseException as e:
            outcome.append(e)
        else:
            outcome.append(None)

    before = threading.stack_size(size)
    thread = threading.Thread(target=run)
    thread.start()
    threading.stack_size(before)
    thread.join()
    if outcome != [None]:
        raise outcome[0]


python_code()
deep_data()
deep_inheritance()
for call in python_code, deep_data, deep_inheritance:
    on_thread(call, 262144)
limit = sys.getrecursionlimit()
sys.setrecursionlimit(20000)
try:
    python_code()
finally:
    sys.setrecursionlimit(limit)
