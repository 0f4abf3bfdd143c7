# exec, eval and calls of functions in globals that all threads share: names come and go, nothing is lost, builtins stay reachable.
import builtins
import threading

from together import in_threads, together

N, ROUNDS = 4, 150
shared = {'table': {}, 'done': []}


def run(i):
    for n in range(ROUNDS):
        exec(f'v{i}_{n} = {n}\ndef f{i}(): return v{i}_{n}\nassert f{i}() == {n}\ntable[{i}, {n}] = f{i}()', shared)
        assert eval(f'v{i}_{n} + len([v{i}_{n}])', shared) == n + 1
        if n % 3 == 0:
            exec(f'del v{i}_{n}', shared)
        exec('class C:\n    x = len(done)\n    def m(self): return C', shared)
        assert isinstance(eval('C().m()', shared), type)


in_threads(N, run)
assert len(shared['table']) == N * ROUNDS
assert {k for k in shared if k.startswith('v')} == {f'v{i}_{n}' for i in range(N) for n in range(ROUNDS) if n % 3}

# a global shadows a builtin and lets go of it again
code = compile('r = len("abc")', 'test', 'exec')


def read():
    for _ in range(ROUNDS * 4):
        local = {}
        exec(code, shared, local)
        assert local['r'] in (3, 'mine'), local


def shadow():
    for _ in range(ROUNDS * 4):
        shared['len'] = lambda x: 'mine'
        shared.pop('len')


together(read, read, shadow)

# the same of the builtins themselves
exec('def ask():\n    return chosen()', shared)


def ask():
    found = 0
    for _ in range(ROUNDS * 4):
        try:
            assert shared['ask']() in (1, 2)
            found += 1
        except NameError as error:
            assert 'chosen' in str(error)
    return found


def choose():
    for _ in range(ROUNDS * 4):
        builtins.chosen = lambda: 1
        builtins.chosen = lambda: 2
        del builtins.chosen


together(ask, ask, choose)

# functions of one code with different globals
template = compile('def counter():\n    global n\n    n += 1\n    return n', 'test', 'exec')


def count(i):
    own = {'n': i * 1000}
    exec(template, own)
    for k in range(ROUNDS):
        assert own['counter']() == i * 1000 + k + 1


in_threads(N, count)

# globals read by a function while its module's dict is cleared and filled again
exec('a, b = 1, 2\ndef both(): return a + b', shared)
lock = threading.Event()


def sums():
    while not lock.is_set():
        try:
            assert shared['both']() == 3
        except (NameError, KeyError):
            pass


def clear():
    try:
        both = shared['both']
        for _ in range(ROUNDS):
            shared.clear()
            shared.update(a=1, b=2, both=both)
    finally:
        lock.set()


together(sums, sums, clear)
