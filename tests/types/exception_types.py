# The built-in exceptions: hierarchy, arguments, attributes, text.
tree = {
    BaseException: (BaseExceptionGroup, Exception, GeneratorExit, KeyboardInterrupt, SystemExit),
    Exception: (ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, ImportError,
                LookupError, MemoryError,
                NameError, OSError, ReferenceError, RuntimeError, StopAsyncIteration, StopIteration,
                SyntaxError, SystemError,
                TypeError, ValueError, Warning, ExceptionGroup),
    ArithmeticError: (FloatingPointError, OverflowError, ZeroDivisionError),
    ImportError: (ModuleNotFoundError,),
    LookupError: (IndexError, KeyError), NameError: (UnboundLocalError,),
    OSError: (BlockingIOError, ChildProcessError, ConnectionError, FileExistsError,
              FileNotFoundError, InterruptedError,
              IsADirectoryError, NotADirectoryError, PermissionError, ProcessLookupError,
              TimeoutError),
    ConnectionError: (BrokenPipeError, ConnectionAbortedError, ConnectionRefusedError,
                      ConnectionResetError),
    RuntimeError: (NotImplementedError, PythonFinalizationError, RecursionError),
    SyntaxError: (IndentationError,), IndentationError: (TabError,),
    ValueError: (UnicodeError,), UnicodeError: (UnicodeDecodeError, UnicodeEncodeError,
                                                UnicodeTranslateError),
    Warning: (BytesWarning, DeprecationWarning, EncodingWarning, FutureWarning, ImportWarning,
              PendingDeprecationWarning,
              ResourceWarning, RuntimeWarning, SyntaxWarning, UnicodeWarning, UserWarning),
}
for base, derived in tree.items():
    for kind in derived:
        assert base in kind.__bases__, (base, kind)
assert EnvironmentError is OSError and IOError is OSError
assert ExceptionGroup.__mro__[1:3] == (BaseExceptionGroup, Exception)
e = Exception(1, 'a')
assert e.args == (1, 'a') and str(e) == "(1, 'a')" and repr(e) == "Exception(1, 'a')"
assert str(Exception()) == '' and str(Exception('x')) == 'x'
e.args = [5]
assert e.args == (5,) and str(e) == '5'
e.extra = 1
assert e.__dict__ == {'extra': 1} and e.__cause__ is None and e.__context__ is None
assert e.__suppress_context__ is False
assert StopIteration(5).value == 5 and StopIteration().value is None
assert StopIteration(1, 2).value == 1
assert SystemExit(3).code == 3 and SystemExit().code is None and SystemExit(1, 2).code == (1, 2)
assert KeyError('a').args == ('a',) and str(KeyError('a')) == "'a'" and str(KeyError()) == ''
assert str(KeyError(1, 2)) == '(1, 2)'
o = OSError(13, 'denied', 'file', None, 'file2')
assert type(o) is PermissionError
assert (o.errno, o.strerror, o.filename, o.filename2) == (13, 'denied', 'file', 'file2')
assert o.args == (13, 'denied') and str(o) == "[Errno 13] denied: 'file' -> 'file2'"
assert repr(o) == "PermissionError(13, 'denied')"
for number, kind in ((2, FileNotFoundError), (17, FileExistsError), (1, PermissionError),
                     (32, BrokenPipeError), (11, BlockingIOError),
                     (4, InterruptedError), (20, NotADirectoryError), (21, IsADirectoryError),
                     (3, ProcessLookupError),
                     (10, ChildProcessError), (110, TimeoutError), (111, ConnectionRefusedError),
                     (104, ConnectionResetError), (99999, OSError)):
    assert type(OSError(number, 'x')) is kind, number
assert OSError('only').errno is None and str(OSError('only')) == 'only' and OSError(1).args == (1,)
assert type(ValueError(2, 'x')) is ValueError
assert BlockingIOError(11, 'x', 5).characters_written == 5
i = ImportError('text', name='n', path='p')
assert (i.msg, i.name, i.path, i.name_from) == ('text', 'n', 'p', None) and str(i) == 'text'
assert ImportError().msg is None
assert NameError('x', name='n').name == 'n' and AttributeError('x', name='n', obj=5).obj == 5
s = SyntaxError('bad', ('file', 3, 5, 'text', 3, 8))
assert (s.msg, s.filename, s.lineno, s.offset, s.text, s.end_lineno, s.end_offset) == ('bad', 'file', 3, 5, 'text', 3, 8)
assert str(s) == 'bad (file, line 3)' and s.print_file_and_line is None
assert str(SyntaxError('x')) == 'x' and SyntaxError().msg is None
d = UnicodeDecodeError('utf-8', b'abc\xff', 3, 4, 'why')
assert (d.encoding, d.object, d.start, d.end, d.reason) == ('utf-8', b'abc\xff', 3, 4, 'why')
assert str(d) == "'utf-8' codec can't decode byte 0xff in position 3: why"
assert str(UnicodeEncodeError('x', 'aé', 1, 2,
                              'r')) == "'x' codec can't encode character '\\xe9' in position 1: r"
assert str(UnicodeEncodeError('x', 'aé', 0, 2,
                              'r')) == "'x' codec can't encode characters in position 0-1: r"
assert str(UnicodeTranslateError('é', 0, 1,
                                 'r')) == "can't translate character '\\xe9' in position 0: r"
for call, text in ((lambda: UnicodeDecodeError(1, 2),
                    'function takes exactly 5 arguments (2 given)'),
                   (lambda: Exception(x=1), 'Exception() takes no keyword arguments'),
                   (lambda: ImportError(bad=1),
                    "ImportError() got an unexpected keyword argument 'bad'"),
                   (lambda: ValueError().add_note(5), 'add_note() argument must be str, not int'),
                   (lambda: setattr(ValueError(), '__traceback__', 5),
                    '__traceback__ must be a traceback or None'),
                   (lambda: setattr(ValueError(), '__cause__', 5),
                    'exception cause must be None or derive from BaseException'),
                   (lambda: setattr(ValueError(), 'args', 5), "'int' object is not iterable"),
                   (lambda: delattr(ValueError(), 'args'), 'args may not be deleted')):
    try:
        call()
    except TypeError as error:
        assert str(error) == text, str(error)
    else:
        assert False, text


class Own(Exception):
    def __init__(self, a, *, b):
        self.a, self.b = a, b


o = Own(1, b=2)
assert o.args == (1,) and (o.a, o.b) == (1, 2) and str(o) == '1'


class Quiet(ValueError):
    def __new__(cls, *args):
        return super().__new__(cls, 'from new')


assert Quiet('x').args == ('x',) and BaseException.__new__(ValueError, 1).args == (1,)
import copy
import pickle

for error in (ValueError(1, 2), OSError(2, 'x', 'f'), KeyError('k'),
              UnicodeDecodeError('a', b'b', 0, 1, 'c'), StopIteration(3),
              ImportError('m', name='n'),
              ExceptionGroup('g', [ValueError(1)])):
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(again) is type(error) and repr(again) == repr(error)
        assert again.args == error.args or type(error) is ExceptionGroup
assert pickle.loads(pickle.dumps(OSError(2, 'x', 'f'))).filename == 'f'
