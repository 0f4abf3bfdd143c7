# contextvars: a context is entered by one thread at a time, each thread has its own, tokens are used once, reading is atomic.
import contextvars
import threading

from together import in_threads

N, ROUNDS = 4, 300
var = contextvars.ContextVar('var', default=0)
other = contextvars.ContextVar('other')
shared = contextvars.copy_context()


def enter(i):
    def inside():
        before = var.get()
        var.set(before + 1)
        other.set(i)
        assert other.get() == i
        assert var.get() == before + 1
    for n in range(ROUNDS):
        try:
            shared.run(inside)
            entered[i] += 1
        except RuntimeError as error:
            assert 'already entered' in str(error), error
        for k, v in list(shared.items()):
            assert k in (var, other) and type(v) is int
        len(shared), shared.get(var), var in shared, repr(shared), list(shared), shared.copy().get(var)


entered = [0] * N
in_threads(N, enter)
assert shared.get(var, 0) == sum(entered) > 0, (shared.get(var), entered)
assert var.get() == 0

# one variable, a value for each thread
private = contextvars.ContextVar('private')


def own(i):
    for n in range(ROUNDS):
        token = private.set((i, n))
        assert private.get() == (i, n)
        copy = contextvars.copy_context()
        assert copy[private] == (i, n) and copy.run(private.get) == (i, n)
        private.reset(token)
        try:
            private.reset(token)
        except RuntimeError as error:
            assert 'used once' in str(error), error
        else:
            assert False
        assert private.get('none') == 'none'
        with private.set('in'):
            assert private.get() == 'in'


in_threads(N, own)

# a context given to threads: each has the values it was made with
var.set('main')
seen = []


def body():
    seen.append(var.get())
    var.set(threading.get_ident())


threads = [threading.Thread(target=contextvars.copy_context().run, args=(body,)) for _ in range(20)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert seen == ['main'] * 20 and var.get() == 'main'

# a token of another context
token = var.set('again')


def reset(i):
    try:
        var.reset(token)
    except ValueError as error:
        assert 'different Context' in str(error), error
        return 'refused'


assert in_threads(N, reset) == ['refused'] * N
var.reset(token)
assert var.get() == 'main'

# one token, several threads inside copies
made = [contextvars.ContextVar(f'v{n}', default=n) for n in range(50)]


def many(i):
    context = contextvars.copy_context()

    def fill():
        for n, v in enumerate(made):
            v.set((i, n))
        return [v.get() for v in made]
    for _ in range(20):
        assert context.run(fill) == [(i, n) for n in range(50)]
    return len(context)


assert len(set(in_threads(N, many))) == 1
assert [v.get() for v in made] == list(range(50))
