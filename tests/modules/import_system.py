# The import system: namespace packages, zip files, reloading, finders and loaders of one's own, cached files,
# frozen modules, __import__ replaced, lazy loading.
import _imp
import builtins
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import types

from check import raises

here = os.getcwd()
sys.path.insert(0, here)


def write(name, text, mode='w'):
    os.makedirs(os.path.dirname(name) or '.', exist_ok=True)
    with open(name, mode) as file:
        file.write(text)
    for finder in list(sys.path_importer_cache.values()):
        if hasattr(finder, 'invalidate_caches'):
            finder.invalidate_caches()


# namespace packages: in several places of sys.path
write('one/ns/a.py', 'name = __name__\n')
write('two/ns/b.py', 'name = __name__\n')
sys.path += [here + '/one', here + '/two']
import ns.a
import ns.b
assert (ns.a.name, ns.b.name) == ('ns.a', 'ns.b')
assert list(ns.__path__) == [here + '/one/ns', here + '/two/ns'] and getattr(ns, '__file__', None) is None
assert ns.__spec__.origin is None and repr(ns).startswith("<module 'ns' (namespace) from [")
write('three/ns/c.py', 'name = __name__\n')
sys.path.append(here + '/three')
import ns.c
assert len(ns.__path__) == 3

# reloading keeps the module and what the new text does not define
write('again.py', 'V = 1\nOLD = 1\n')
import again
write('again.py', 'V = 22\nNEW = 3\n')
assert importlib.reload(again) is again and (again.V, again.OLD, again.NEW) == (22, 1, 3)
raises(TypeError, 'reload() argument must be a module', importlib.reload, 'again')
del sys.modules['again']
raises(ImportError, 'module again not in sys.modules', importlib.reload, again)

# cached files
if not sys.dont_write_bytecode:
    cached = importlib.util.cache_from_source(again.__file__)
    assert again.__cached__ == cached and os.path.exists(cached)
    assert os.path.basename(cached) == f'again.{sys.implementation.cache_tag}.pyc'
    with open(cached, 'rb') as file:
        assert file.read(4) == importlib.util.MAGIC_NUMBER
    write('again.py', 'V = 33\nNEW = 3\n')
    stamp = os.stat('again.py').st_mtime_ns + 10 ** 10
    os.utime('again.py', ns=(stamp, stamp))
    import again
    assert again.V == 33


# finders and loaders
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name == 'made' or name.startswith('made.'):
            return importlib.machinery.ModuleSpec(name, self, origin='nowhere', is_package=name == 'made')

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.value = module.__name__.upper()


finder = Finder()
sys.meta_path.append(finder)
import made.inner
assert made.inner.value == 'MADE.INNER' and made.value == 'MADE' and made.__path__ == []
assert repr(made) == "<module 'made' (nowhere)>" and made.__loader__ is finder
sys.meta_path.remove(finder)

# a module of one's own making
spec = importlib.util.spec_from_file_location('located', here + '/again.py')
module = importlib.util.module_from_spec(spec)
assert not hasattr(module, 'V')
spec.loader.exec_module(module)
assert module.V == module.__dict__['V'] and 'located' not in sys.modules

# lazy loading
write('lazy.py', 'import sys\nsys.lazy_ran = True\nV = 9\n')
spec = importlib.util.find_spec('lazy')
spec.loader = importlib.util.LazyLoader(spec.loader)
lazy = importlib.util.module_from_spec(spec)
sys.modules['lazy'] = lazy
spec.loader.exec_module(lazy)
assert not hasattr(sys, 'lazy_ran') and lazy.V == 9 and sys.lazy_ran

# frozen modules
for name in b'sys', None, []:
    raises(TypeError, f'name must be string, not {type(name).__name__}', _imp.create_builtin,
           types.SimpleNamespace(name=name))
assert _imp.is_frozen('_frozen_importlib') and not _imp.is_frozen('nothing')
assert _imp.find_frozen('_frozen_importlib_external') == (None, False, 'importlib._bootstrap_external')
import _frozen_importlib
assert _frozen_importlib.__spec__.origin == 'frozen'
_imp._override_frozen_modules_for_tests(1)
try:
    assert _imp.find_frozen('__phello__') == (None, True, '__phello__')
    assert _imp.is_frozen_package('__phello__') and not _imp.is_frozen_package('__hello__')
    data, package, origin = _imp.find_frozen('__hello__', withdata=True)
    namespace = {'__name__': 'x'}
    exec(_imp.get_frozen_object('__hello__', data), namespace)
    assert namespace['initialized'] and not package and origin == '__hello__'
    assert _imp.get_frozen_object('__hello__').co_filename == '<frozen __hello__>'
    raises(ImportError, "No such frozen object named 'no'", _imp.get_frozen_object, 'no')
    raises(ImportError, "Frozen object named '__hello__' is invalid", _imp.get_frozen_object, '__hello__', b'zz')
    assert _imp.init_frozen('no') is None
finally:
    _imp._override_frozen_modules_for_tests(0)

# __import__ replaced
calls = []
real = builtins.__import__


def spy(name, globals=None, locals=None, fromlist=(), level=0):
    calls.append((name, fromlist, level))
    return real(name, globals, locals, fromlist, level)


builtins.__import__ = spy
try:
    import os.path as p
    from sys import path, argv
finally:
    builtins.__import__ = real
assert calls[:2] == [('os.path', None, 0), ('sys', ('path', 'argv'), 0)], calls
namespace = {'__builtins__': {}}
raises(ImportError, '__import__ not found', exec, 'import sys', namespace)

# the lock
assert not _imp.lock_held()
_imp.acquire_lock()
_imp.acquire_lock()
assert _imp.lock_held()
_imp.release_lock()
_imp.release_lock()
raises(RuntimeError, 'not holding the import lock', _imp.release_lock)

# zip files: stored, so that it needs no zlib

def stored_zip(entries):
    "a zip file whose entries are not compressed"
    import binascii
    body, directory = b'', b''
    for name, text in entries:
        name, data = name.encode(), text.encode()
        head = (b'\x14\0\0\0\0\0\0\0\x21\x58' + binascii.crc32(data).to_bytes(4, 'little') + len(data).to_bytes(4, 'little') * 2 +
                len(name).to_bytes(2, 'little') + b'\0\0')
        directory += b'PK\1\2\x14\0' + head + b'\0' * 10 + len(body).to_bytes(4, 'little') + name
        body += b'PK\3\4' + head + name + data
    count = len(entries).to_bytes(2, 'little')
    return (body + directory + b'PK\5\6\0\0\0\0' + count * 2 + len(directory).to_bytes(4, 'little') +
            len(body).to_bytes(4, 'little') + b'\0\0')


try:
    import binascii
except ImportError:
    print('SKIP zip files: no binascii')
else:
    write('lib.zip', stored_zip([('zipped.py', 'V = __file__\n'), ('zp/__init__.py', ''), ('zp/m.py', 'from . import __name__ as N\n')]), 'wb')
    sys.path.insert(0, here + '/lib.zip')
    import zipped
    import zp.m
    assert zipped.V == here + '/lib.zip/zipped.py' and zp.m.N == 'zp'
    assert zipped.__loader__.get_source('zipped') == 'V = __file__\n'
