# Modules and folders inside zip files as programs; lines of source in warnings; names in trees; loops that marshal cannot write.
import _warnings
import ast
import marshal
import os
import pickle
import subprocess
import sys
import tempfile
import types
import warnings
import zipfile

from check import raises

with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder, "a.zip")
    with zipfile.ZipFile(name, "w") as archive:
        archive.writestr("package/__init__.py", "")
        archive.writestr("package/script.py", "import sys; print(__name__, __package__, sys.argv[1:])")
        archive.writestr("package/__main__.py", "print('main', __name__)")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    end = subprocess.run([sys.executable, "-m", "package.script", "x"], env={**clean, "PYTHONPATH": name}, capture_output=True, text=True)
    assert end.stdout == "__main__ package ['x']\n", end
    end = subprocess.run([sys.executable, os.path.join(name, "package")], capture_output=True, text=True)
    assert end.stdout == "main __main__\n", end


class Loader:
    def get_source(self, name):
        return "first\nsecond\n"


spec = types.SimpleNamespace(loader=None)
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    _warnings.warn_explicit("eggs", UserWarning, "f", 2, module_globals={"__name__": "m", "__loader__": Loader(), "__spec__": spec})
assert [w.category for w in seen] == [DeprecationWarning, UserWarning] and seen[1].line == "second", seen
raises(ValueError, "Module globals is missing a __spec__.loader",
       lambda: _warnings.warn_explicit("eggs", UserWarning, "f", 1, module_globals={"__name__": "m", "__spec__": None}))

for source in "def x(): pass", "class x: pass", "import x", "from a import b as x", "try: pass\nexcept A as x: pass":
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if value == "x":
                setattr(node, field, "None")
    raises(ValueError, "identifier field can't represent 'None' constant", lambda: compile(tree, "t", "exec"))

looped = slice([], None)
looped.start.append(looped)
raises(ValueError, "unmarshallable object", lambda: marshal.dumps(looped))


class Endless:
    def __getattr__(self, name):
        return self.other


assert pickle.dumps(Endless(), 2)
