# throw() and close(): where the exception appears, what may answer it, finally blocks.
log = []


def worker():
    while True:
        try:
            yield 'ready'
        except ValueError as error:
            log.append(str(error))
            yield 'handled'
        finally:
            log.append('finally')


g = worker()
assert next(g) == 'ready'
assert g.throw(ValueError('one')) == 'handled'
assert next(g) == 'ready' and log == ['one', 'finally']
try:
    g.throw(KeyError('two'))
except KeyError as error:
    assert error.args == ('two',)
else:
    assert False
assert log == ['one', 'finally', 'finally']
try:
    next(g)
except StopIteration:
    pass
else:
    assert False

log.clear()
g = worker()
next(g)
g.close()
assert log == ['finally']
g.close()
assert log == ['finally']

unstarted = worker()
log.clear()
try:
    unstarted.throw(TypeError('x'))
except TypeError:
    pass
else:
    assert False
assert log == []


def stubborn():
    while True:
        try:
            yield 1
        except GeneratorExit:
            yield 2


g = stubborn()
next(g)
try:
    g.close()
except RuntimeError as error:
    assert str(error) == 'generator ignored GeneratorExit'
else:
    assert False


def returns():
    try:
        yield 1
    except GeneratorExit:
        return 'value'


g = returns()
next(g)
assert g.close() == 'value'


def outer():
    try:
        result = yield from inner()
        yield result
    except KeyError:
        yield 'outer caught'


def inner():
    try:
        while True:
            yield 'in'
    except ValueError:
        return 'inner caught'


g = outer()
assert next(g) == 'in' and g.throw(ValueError) == 'inner caught'
g = outer()
next(g)
assert g.throw(KeyError) == 'outer caught'


def context():
    try:
        yield
    except ValueError:
        yield 'in handler'
        raise


g = context()
next(g)
error = ValueError('kept')
assert g.throw(error) == 'in handler'
try:
    next(g)
except ValueError as again:
    assert again is error
else:
    assert False


def finalised():
    try:
        yield
    finally:
        log.append('collected')


log.clear()
g = finalised()
next(g)
del g
assert log == ['collected']
