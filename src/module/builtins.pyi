"The names that every module sees."

@signature("")
def __build_class__(func, name, /, *args, **kwargs):
    "Makes the class of a class statement."
def __import__(name, globals: opt = None, locals=None, fromlist=(), level: int = 0):
    "Imports a module: what the import statement calls. importlib.import_module() is for programs."
def abs(x, /):
    "The absolute value of a number."
def aiter(async_iterable, /):
    "An asynchronous iterator over an asynchronous iterable."
def all(iterable, /) -> bool:
    "True if bool(x) is True for every x of the iterable; True also if there is none."
def anext(aiterator, default: opt = ..., /):
    "The next item of an asynchronous iterator, as an awaitable; default (if given) when it is exhausted."
def any(iterable, /) -> bool:
    "True if bool(x) is True for some x of the iterable; False also if there is none."
def ascii(obj, /):
    "repr(obj) with every character outside ASCII escaped."
def bin(number, /):
    """The binary form of an int.

    >>> bin(10), bin(-3)
    ('0b1010', '-0b11')
    """
@raw
def breakpoint(*args, **kws):
    "Calls sys.breakpointhook(*args, **kws): starts the debugger, unless it was changed."
def callable(obj, /) -> bool:
    "Can obj be called? (Classes can, and instances of classes with __call__.)"
def chr(i, /):
    "The one-character str of a code point, 0 <= i <= 0x10ffff."
def compile(source, filename, mode: cstr, flags: int = 0, dont_inherit: bool = False, optimize: int = -1, *, _feature_version: int = -1):
    "Compiles source (str, bytes or an ast tree) into a code object for exec() or eval(). mode: 'exec', 'eval' or 'single'."
def delattr(obj, name, /) -> None:
    "Deletes the attribute: delattr(x, 'y') is `del x.y`."
@signature("")
@raw
def dir(object: opt = ..., /):
    "Names: of the current scope without an argument, else of the object's attributes, sorted."
def divmod(x, y, /):
    "The tuple (x // y, x % y)."
def eval(source, /, globals=None, locals=None):
    "The value of an expression, given as text or code, in these namespaces."
def exec(source, /, globals=None, locals=None, *, closure=None):
    "Runs statements, given as text or code, in these namespaces."
def format(value, format_spec: str = '', /):
    "value.__format__(format_spec): the value as text, as f-strings format it."
@signature("")
@raw
def getattr(object, name, default: opt = ..., /):
    "The attribute by name; default (if given) when there is none."
def globals():
    "The dict of the current module's variables."
def hasattr(obj, name, /) -> bool:
    "Has the object this attribute? (Asked by getattr() and AttributeError.)"
def hash(obj, /) -> ssize:
    "The hash of an object: objects that are equal have the same."
def hex(number, /):
    """The hexadecimal form of an int.

    >>> hex(255), hex(-16)
    ('0xff', '-0x10')
    """
def id(obj, /):
    "A number that no other object has while this one lives."
def input(prompt: opt = '', /):
    "Reads a line from standard input, without its end; prompt is written first."
def isinstance(obj, class_or_tuple, /) -> bool:
    "Is obj an instance of the class (or one of the classes, or types of the union), or of one derived from it?"
def issubclass(cls, class_or_tuple, /) -> bool:
    "Is cls derived from the class (or one of the classes, or types of the union)?"
@signature("")
@raw
def iter(object, sentinel: opt = ..., /):
    "An iterator over an iterable; with two arguments, calls object until it returns the sentinel."
def len(obj, /) -> ssize:
    "The number of items."
def locals():
    "The current local variables: in functions a new dict, elsewhere the namespace itself."
@signature("")
@raw
def max(*args, key=None, default: opt = ...):
    "max(iterable, *, default=..., key=None)\nmax(one, another, *more, key=None)\n\nThe largest item of an iterable, or of the arguments; of those equally large the first."
@signature("")
@raw
def min(*args, key=None, default: opt = ...):
    "min(iterable, *, default=..., key=None)\nmin(one, another, *more, key=None)\n\nThe smallest item of an iterable, or of the arguments; of those equally small the first."
@signature("")
def next(iterator, default: opt = ..., /):
    "The next item of an iterator; default (if given) instead of StopIteration when it is exhausted."
def oct(number, /):
    """The octal form of an int.

    >>> oct(8), oct(-63)
    ('0o10', '-0o77')
    """
def ord(character, /):
    "The code point of a one-character str (or the value of one byte)."
def pow(base, exp, mod=None):
    "base ** exp, or base ** exp % mod, quicker than by these operators."
def print(*args, sep=' ', end='\n', file=None, flush: bool = False) -> None:
    "Writes the values as text, sep between them and end behind, to file (sys.stdout by default)."
def repr(obj, /):
    "The object as text, for many such that eval() gives it back."
def round(number, ndigits=None):
    "The number rounded to ndigits decimals, ties to even; to an int when ndigits is not given."
def setattr(obj, name, value, /) -> None:
    "Sets the attribute: setattr(x, 'y', v) is `x.y = v`."
@raw
def sorted(iterable, /, *, key=None, reverse=False):
    "A new list of the iterable's items in ascending order."
def sum(iterable, /, start=0):
    "start plus the items of the iterable, from left to right."
@signature("")
@raw
def vars(object: opt = ..., /):
    "object.__dict__; without an argument, locals()."
