# __name__, __builtins__, globals(), and module attributes of a running script.
import builtins
import sys

assert __name__ == '__main__' and __builtins__ is builtins and __doc__ is None
assert __file__.endswith('.py')
assert sys.modules['__main__'].__dict__ is globals() and __spec__ is None
assert builtins.len is len and builtins.__name__ == 'builtins'
builtins.made_up = 5
assert made_up == 5
del builtins.made_up
try:
    made_up
except NameError:
    pass
else:
    assert False
assert eval('len([1])', {'__builtins__': {'len': lambda x: 'own'}}) == 'own'
try:
    eval('len', {'__builtins__': {}})
except NameError:
    pass
else:
    assert False
try:
    exec('class C: pass', {'__builtins__': {}})
except (NameError, ImportError) as error:
    assert str(error) == '__build_class__ not found'
else:
    assert False
m = type(sys)('made')
m.x = 1
assert m.__name__ == 'made' and m.x == 1 and repr(m) == "<module 'made'>" and m.__dict__['x'] == 1
try:
    m.y
except AttributeError as error:
    assert str(error) == "module 'made' has no attribute 'y'"
m.__getattr__ = lambda name: 'dynamic ' + name
assert m.y == 'dynamic y' and m.x == 1
m.__dir__ = lambda: ['b', 'a']
assert dir(m) == ['a', 'b']
assert len(dir(builtins)) > 150 and 'ValueError' in dir(builtins)
for name in ('abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex '
             'copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr '
             'globals hasattr hash help hex id input int isinstance issubclass iter len license list locals map max '
             'memoryview min next object oct open ord pow print property quit range repr reversed round set setattr slice '
             'sorted staticmethod str sum super tuple type vars zip __import__ __build_class__ __debug__ Ellipsis '
             'NotImplemented').split():
    assert hasattr(builtins, name), name
for name in ('ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError '
             'BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError '
             'ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup '
             'FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError '
             'ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt '
             'LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError '
             'OverflowError PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError '
             'RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration '
             'SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError '
             'UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError '
             'Warning ZeroDivisionError').split():
    assert issubclass(getattr(builtins, name), BaseException), name
