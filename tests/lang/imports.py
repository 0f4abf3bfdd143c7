# import statements: forms, packages, relative imports, errors, reloading; made in the test's own
# directory.
import os
import sys

os.makedirs('pkg/sub')
files = {
    'mod_a.py': 'x = 1\n_private = 2\ndef f(): return x\n',
    'mod_all.py': '__all__ = ["shown"]\nshown = 1\nhidden = 2\n',
    'pkg/__init__.py': 'name = __name__\nfrom . import first\n',
    'pkg/first.py': 'from .second import value\nfrom . import second as s2\nmine = __name__, __package__\n',
    'pkg/second.py': 'value = 42\n',
    'pkg/sub/__init__.py': '',
    'pkg/sub/deep.py': 'from ..second import value\nfrom ... import nothing\n',
    'pkg/sub/ok.py': 'from .. import second\nfrom ..second import value as v\n',
    'broken.py': 'raise KeyError("at import")\n',
    'syntax.py': 'x = = 1\n',
    'cycle_a.py': 'import cycle_b\nvalue = 1\n',
    'cycle_b.py': 'import cycle_a\nhas = hasattr(cycle_a, "value")\n',
    'cycle_c.py': 'from cycle_d import thing\nother = 1\n',
    'cycle_d.py': 'from cycle_c import other\nthing = 1\n',
    'getattr_mod.py': 'def __getattr__(name):\n    if name == "lazy": return "made"\n    raise AttributeError(name)\n',
}
for name, text in files.items():
    with open(name, 'w') as file:
        file.write(text)
sys.path.insert(0, os.getcwd())

import mod_a
assert mod_a.x == 1 and mod_a.f() == 1 and mod_a.__name__ == 'mod_a'
assert sys.modules['mod_a'] is mod_a
assert mod_a.__file__ == os.path.join(os.getcwd(), 'mod_a.py') and mod_a.__spec__.name == 'mod_a'
assert mod_a.__package__ == ''
import mod_a as renamed
assert renamed is mod_a
from mod_a import x, f as g
assert x == 1 and g is mod_a.f
ns = {}
exec('from mod_a import *', ns)
assert ns['x'] == 1 and '_private' not in ns
exec('from mod_all import *', ns)
assert ns['shown'] == 1 and 'hidden' not in ns
import pkg.sub.ok
assert pkg.name == 'pkg' and pkg.first.value == 42 and pkg.first.s2.value == 42
assert pkg.sub.ok.v == 42
assert pkg.first.mine == ('pkg.first', 'pkg') and pkg.__path__ == [os.path.join(os.getcwd(), 'pkg')]
import pkg.sub as ps
assert ps is pkg.sub
from pkg import second
assert second is sys.modules['pkg.second']
from getattr_mod import lazy
assert lazy == 'made'
import cycle_a
assert cycle_a.cycle_b.has is False and cycle_a.value == 1


def error(statement):
    try:
        exec(statement, {'__name__': '__main__'})
    except BaseException as e:
        return type(e).__name__, str(e)


assert error('import nothing_there') == ('ModuleNotFoundError', "No module named 'nothing_there'")
assert error('import pkg.missing') == ('ModuleNotFoundError', "No module named 'pkg.missing'")
assert error('import mod_a.sub') == ('ModuleNotFoundError',
                                     "No module named 'mod_a.sub'; 'mod_a' is not a package")
kind, text = error('from mod_a import missing')
assert kind == 'ImportError'
assert text == f"cannot import name 'missing' from 'mod_a' ({mod_a.__file__})"
assert error('import broken') == ('KeyError', "'at import'") and 'broken' not in sys.modules
assert error('import syntax')[0] == 'SyntaxError'
assert error('from . import x') == ('ImportError',
                                    'attempted relative import with no known parent package')
assert error('import pkg.sub.deep') == ('ImportError',
                                        'attempted relative import beyond top-level package')
kind, text = error('import cycle_c')
assert kind == 'ImportError'
assert text.startswith("cannot import name 'other' from partially initialized module 'cycle_c' (most "
                                                 "likely due to a circular import)")
sys.modules['blocked'] = None
assert error('import blocked') == ('ModuleNotFoundError',
                                   'import of blocked halted; None in sys.modules')
del sys.modules['mod_a']
import mod_a
assert mod_a is not renamed
import importlib
mod_a.x = 99
assert importlib.reload(mod_a) is mod_a and mod_a.x == 1
assert importlib.import_module('pkg.second') is second and __import__('pkg.sub').name == 'pkg'


def local_import():
    import mod_all as local
    from pkg.second import value
    return local.shown + value


assert local_import() == 43 and 'local' not in globals()
os.mkdir('namespace')
with open('namespace/inside.py', 'w') as file:
    file.write('here = True')
import namespace.inside
assert namespace.inside.here and namespace.__file__ is None if hasattr(namespace,
                                                                       '__file__') else True
