# Imports from many threads at once: the code of a module runs once, nobody sees half of a module, threads that
# import a cycle from its two ends do not wait for each other for ever, and sys.modules stands changes meanwhile.
import os
import sys

from together import in_threads, together

here = os.getcwd()
sys.path.insert(0, here)
log = []
sys.import_log = log


def write(name, text):
    os.makedirs(os.path.dirname(name) or '.', exist_ok=True)
    with open(name, 'w') as file:
        file.write(text)


PAUSE = 'import sys\nfor i in range(20000): pass\n'
for i in range(8):
    write(f'once{i}.py', PAUSE + 'sys.import_log.append(__name__)\nfor i in range(20000): pass\nlast = 1\n')
    write(f'fails{i}.py', PAUSE + 'raise KeyError(__name__)\n')
    write(f'left{i}.py', PAUSE + f'import right{i}\n{PAUSE}value = 1\n')
    write(f'right{i}.py', PAUSE + f'import left{i}\n{PAUSE}value = 2\n')
    write(f'package{i}/__init__.py', PAUSE + 'from . import one\n')
    write(f'package{i}/one.py', PAUSE + 'name = __name__\n')
    write(f'package{i}/two.py', PAUSE + 'from . import one\nname = one.name\n')
write('bare/inner/leaf.py', 'value = 7\n')


def once(i):
    def run(n):
        name = f'once{i}'
        module = __import__(name)
        assert module.last == 1
        return module
    modules = in_threads(6, run)
    assert all(m is sys.modules[f'once{i}'] for m in modules)


for i in range(8):
    once(i)
assert sorted(log) == [f'once{i}' for i in range(8)], log


def fails(i):
    def run(n):
        try:
            __import__(f'fails{i}')
        except KeyError as e:
            return str(e)
    assert in_threads(4, run) == [repr(f'fails{i}')] * 4
    assert f'fails{i}' not in sys.modules


for i in range(8):
    fails(i)

def until_done(name):
    while True:
        try:
            return __import__(name)
        except RuntimeError as e:
            assert type(e).__name__ == '_DeadlockError', e     # importlib saw that the threads waited for each other


# a cycle, entered at both ends: one of the threads may see a module that is not finished, but gets it
for i in range(8):
    together(*[lambda name=name: until_done(name) for name in (f'left{i}', f'right{i}')] * 2)
    left, right = sys.modules[f'left{i}'], sys.modules[f'right{i}']
    assert left.value == 1 and right.value == 2 and getattr(left, f'right{i}') is right

# packages and what is in them
for i in range(8):
    def submodule(n):
        if n % 3 == 0:
            return until_done(f'package{i}.two').two.name
        return until_done((f'package{i}', f'package{i}.one')[n % 3 - 1]).one.name
    assert in_threads(6, submodule) == [f'package{i}.one'] * 6

assert in_threads(6, lambda n: __import__('bare.inner.leaf', fromlist=['value']).value) == [7] * 6

# imports of what is there, while others take it out and put it back
stop = []


def importer(n):
    seen = 0
    for _ in range(300):
        try:
            import once0
            assert once0.last == 1
        except KeyError:  # importlib looks twice, and somebody may take it out in between
            pass
        seen += 1
    return seen


module = sys.modules['once0']


def meddler(n):
    for _ in range(300):
        sys.modules.pop('once0', None)
        sys.modules['once0'] = module
        sys.modules[f'made{n}'] = module
        del sys.modules[f'made{n}']


log.clear()
results = together(lambda: importer(0), lambda: importer(1), lambda: meddler(2), lambda: meddler(3))
assert results[:2] == [300, 300]

# reloading from several threads
import importlib
before = sys.modules['once1']
assert all(m is before for m in in_threads(4, lambda n: importlib.reload(before)))
assert before.last == 1
