# What functions, methods, code objects and frames show of themselves.
import sys


def f(a, /, b: int = 2, *args, c=3, d, **kw) -> str:
    "doc"
    x = a
    return x


code = f.__code__
assert code.co_name == 'f' and code.co_qualname == 'f' and code.co_filename == __file__
assert (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount) == (2, 1, 2)
assert code.co_varnames == ('a', 'b', 'c', 'd', 'args', 'kw', 'x') and code.co_nlocals == 7
assert code.co_flags & 4 and code.co_flags & 8 and not code.co_flags & 32
assert code.co_firstlineno == 5 and 'doc' in code.co_consts and code.co_freevars == ()
assert f.__defaults__ == (2,) and f.__kwdefaults__ == {'c': 3} and f.__doc__ == 'doc'
assert f.__module__ == '__main__' and f.__globals__ is globals() and f.__closure__ is None
assert f.__builtins__['len'] is len and f.__annotations__ == {'b': int, 'return': str}
f.__name__ = 'renamed'
f.__qualname__ = 'quite.renamed'
f.__doc__ = 'other'
assert f.__name__ == 'renamed' and repr(f).startswith('<function quite.renamed at 0x')
assert f.__doc__ == 'other'
for name, value, text in (('__name__', 5, '__name__ must be set to a string object'),
                          ('__qualname__', 5, '__qualname__ must be set to a string object'),
                          ('__defaults__', 5, '__defaults__ must be set to a tuple object'),
                          ('__kwdefaults__', 5, '__kwdefaults__ must be set to a dict object'),
                          ('__code__', 5, '__code__ must be set to a code object')):
    try:
        setattr(f, name, value)
    except TypeError as error:
        assert str(error) == text, str(error)
    else:
        assert False
try:
    f.__globals__ = {}
except AttributeError as error:
    assert str(error) == 'readonly attribute'
else:
    assert False


def one():
    return 1


def two():
    return 2


one.__code__ = two.__code__
assert one() == 2 and one.__name__ == 'one'
made = type(one)(code, {'__builtins__': __builtins__}, 'made', (9,), None)
assert made.__name__ == 'made' and made.__defaults__ == (9,)
copy = two.__code__.replace(co_name='three')
assert copy.co_name == 'three' and copy != two.__code__ and hash(two.__code__) == hash(two.__code__)


class C:
    def m(self):
        return sys._getframe()

    @classmethod
    def c(cls):
        pass

    @staticmethod
    def s():
        pass


m = C().m
assert repr(m).startswith('<bound method C.m of <__main__.C object at 0x')
assert m.__name__ == 'm' and m.__qualname__ == 'C.m' and m.__func__ is C.m and m.__doc__ is None
assert m.__self__.__class__ is C and m == m.__self__.m and hash(m) == hash(m.__self__.m)
assert C.c.__self__ is C and C.__dict__['s'].__func__ is C.s
frame = m()
assert frame.f_code is C.m.__code__ and frame.f_locals['self'].__class__ is C
assert frame.f_globals is globals() and frame.f_lineno == C.m.__code__.co_firstlineno + 1
assert sys._getframe().f_code.co_name == '<module>' and sys._getframe().f_back is None


def caller():
    return callee()


def callee():
    f = sys._getframe(1)
    return f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno


assert caller() == ('caller', 1)


def writes_locals():
    x = 1
    sys._getframe().f_locals['x'] = 5
    return x


assert writes_locals() == 5                 # PEP 667: f_locals writes through
assert type(len).__name__ == 'builtin_function_or_method' and len.__name__ == 'len'
assert len.__self__ is sys.modules['builtins'] and len.__module__ == 'builtins'
assert len.__text_signature__
assert repr(len) == '<built-in function len>'
assert repr([].append).startswith('<built-in method append of list')
assert repr(str.upper) == "<method 'upper' of 'str' objects>" and str.upper.__objclass__ is str
assert repr(int.__add__) == "<slot wrapper '__add__' of 'int' objects>"
assert repr((5).__add__).startswith("<method-wrapper '__add__' of int object at 0x")
assert repr(dict.fromkeys).startswith('<built-in method fromkeys of type object at 0x')
import inspect
assert str(inspect.signature(f)) == '(a, /, b: int = 2, *args, c=3, d, **kw) -> str'
assert str(inspect.signature(C.m)) == '(self)' and str(inspect.signature(C().m)) == '()'
assert str(inspect.signature(len)) == '(obj, /)' and str(inspect.signature(sorted)) == (
    '(iterable, /, *, key=None, reverse=False)')
