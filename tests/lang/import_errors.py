# What failing imports say: messages, the attributes of ImportError, tracebacks without the frames of
# importlib, and what a module leaves behind in sys.modules.
import os
import sys
import types
from check import raises

files = {
    'p/__init__.py': 'X = 1\n',
    'p/q.py': 'from . import r\n',
    'p/r.py': 'from .. import z\n',
    'cyc_a.py': 'import cyc_b\nA = 1\n',
    'cyc_b.py': 'from cyc_a import A\n',
    'stars.py': '__all__ = ["a", 5]\na = 1\n',
    'missing.py': '__all__ = ["a", "b"]\na = 1\n',
    'scalar.py': '__all__ = 5\na = 1\n',
    'syntax.py': 'x = (\n',
    'zero.py': '1 / 0\n',
    'raises.py': 'raise ImportError("x")\n',
    'deletes.py': 'import sys\ndel sys.modules[__name__]\n',
    'replaces.py': 'import sys\nsys.modules[__name__] = 5\n',
}
for name, text in files.items():
    os.makedirs(os.path.dirname(name) or '.', exist_ok=True)
    with open(name, 'w') as file:
        file.write(text)
here = os.getcwd()
sys.path.insert(0, here)


def error(code):
    try:
        exec(code, {'__name__': '__main__'})
    except BaseException as e:
        return e
    raise AssertionError(code + ' passed')


def check(code, kind, message, **attributes):
    e = error(code)
    assert type(e) is kind and str(e).replace(here, 'HERE') == message, (type(e), str(e))
    for name, value in attributes.items():
        found = getattr(e, name)
        assert found == value, (code, name, found)


check('import p.q', ImportError, 'attempted relative import beyond top-level package')
check('from p import none', ImportError, "cannot import name 'none' from 'p' (HERE/p/__init__.py)",
      name='p', path=here + '/p/__init__.py', name_from='none')
check('import p.none', ModuleNotFoundError, "No module named 'p.none'", name='p.none', path=None)
check('import none.x', ModuleNotFoundError, "No module named 'none'", name='none')
check('from . import a', ImportError, 'attempted relative import with no known parent package')
check('import sys.a', ModuleNotFoundError, "No module named 'sys.a'; 'sys' is not a package", name='sys.a')
check('from sys import aa', ImportError, "cannot import name 'aa' from 'sys' (unknown location)", name='sys', path=None)
check('import cyc_a', ImportError,
      "cannot import name 'A' from partially initialized module 'cyc_a' (most likely due to a circular import) (HERE/cyc_a.py)")
assert 'cyc_a' not in sys.modules and 'cyc_b' not in sys.modules
check('from stars import *', TypeError, 'Item in stars.__all__ must be str, not int')
check('from missing import *', AttributeError, "module 'missing' has no attribute 'b'", name='b')
check('from scalar import *', TypeError, "'int' object does not support indexing")
check('import deletes', KeyError, "'deletes'")
exec('import replaces; assert replaces == 5')
sys.modules['halted'] = None
check('import halted', ModuleNotFoundError, 'import of halted halted; None in sys.modules', name='halted')

# __import__ and what it finds odd
for arguments, kind, message in [
    (('',), ValueError, 'Empty module name'),
    (('a', {}, {}, [], -1), ValueError, 'level must be >= 0'),
    ((5,), TypeError, 'module name must be a string'),
    (('a', {}, {}, [], 1), KeyError, '"\'__name__\' not in globals"'),
    (('a', None, None, [], 1), TypeError, 'globals must be a dict'),
    (('a', {'__name__': 5}, {}, [], 1), TypeError, '__name__ must be a string'),
    (('a', {'__package__': 5}, {}, [], 1), TypeError, 'package must be a string'),
    (('a', {'__package__': 'zz'}, {}, [], 1), ModuleNotFoundError, "No module named 'zz'"),
    (('a', {'__package__': 'p'}, {}, [], 2), ImportError, 'attempted relative import beyond top-level package'),
    (('p', None, None, [5]), TypeError, "Item in ``from list'' must be str, not int"),
]:
    try:
        __import__(*arguments)
    except Exception as e:
        assert type(e) is kind and str(e) == message, (arguments, type(e), str(e))
    else:
        raise AssertionError(arguments)

# modules that are none, or say little about themselves
module = sys.modules['odd'] = types.ModuleType('odd')
module.__file__ = 'xx'
check('from odd import b', ImportError, "cannot import name 'b' from 'odd' (xx)", path='xx')
del module.__name__
check('from odd import b', ImportError, "cannot import name 'b' from '<unknown module name>' (xx)", name=None)
sys.modules['odd'] = 5
check('from odd import b', ImportError, "cannot import name 'b' from '<unknown module name>' (unknown location)")
check('from odd import *', ImportError, 'from-import-* object has no __dict__ and no __all__')


class Dicts:
    __all__ = {'x': 1}
    x = 1


sys.modules['odd'] = Dicts()
check('from odd import *', TypeError, 'dict is not a sequence')


def files_of(e):
    "the files that the traceback names, from the outermost on"
    found, tb = [], e.__traceback__.tb_next
    while tb:
        found.append(os.path.basename(tb.tb_frame.f_code.co_filename))
        tb = tb.tb_next
    return found


# tracebacks: an ImportError shows nothing of importlib, others nothing of how a module's code was run
assert files_of(error('import zero')) == ['<string>', 'zero.py']
assert files_of(error('import syntax')) == ['<string>']
assert files_of(error('import none')) == ['<string>']
assert files_of(error('import raises')) == ['<string>', 'raises.py']
assert 'zero' not in sys.modules and 'raises' not in sys.modules


# what names are wanted of a module is asked when there is one
class Wanted:
    def __bool__(self):
        asked.append(1)
        raise KeyError('not this')


asked = []
raises(ModuleNotFoundError, "No module named 'nowhere'", __import__, 'nowhere', {}, {}, Wanted())
assert not asked
raises(KeyError, "'not this'", __import__, 'sys', {}, {}, Wanted())
