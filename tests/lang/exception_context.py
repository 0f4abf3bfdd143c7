# __context__, __cause__, __traceback__ and the exception being handled.
def context(raising, handling):
    try:
        try:
            raise raising
        except Exception:
            raise handling
    except Exception as error:
        return error


a, b = ValueError('a'), KeyError('b')
got = context(a, b)
assert got is b and b.__context__ is a and b.__cause__ is None and not b.__suppress_context__

try:
    try:
        1 / 0
    except ZeroDivisionError as first:
        raise RuntimeError('second') from first
except RuntimeError as error:
    assert type(error.__cause__) is ZeroDivisionError and error.__context__ is error.__cause__
    assert error.__suppress_context__

try:
    raise ValueError from KeyError
except ValueError as error:
    assert type(error.__cause__) is KeyError
try:
    raise ValueError from 5
except TypeError as error:
    assert str(error) == 'exception causes must derive from BaseException'


def after():
    try:
        raise ValueError
    except ValueError:
        pass
    try:
        raise KeyError
    except KeyError as error:
        return error.__context__


assert after() is None


def in_finally():
    try:
        try:
            raise ValueError('lost')
        finally:
            raise KeyError('wins')
    except KeyError as error:
        return type(error.__context__)


assert in_finally() is ValueError


def called_in_handler():
    try:
        raise ValueError('outer')
    except ValueError:
        return helper()


def helper():
    try:
        raise KeyError
    except KeyError as error:
        return str(error.__context__)


assert called_in_handler() == 'outer'


def generator():
    try:
        raise ValueError('mine')
    except ValueError:
        yield 1
        try:
            raise
        except ValueError as error:
            yield str(error)


g = generator()
next(g)
try:
    raise KeyError('other')
except KeyError:
    assert next(g) == 'mine'

try:
    raise OSError
except OSError as error:
    tb = error.__traceback__
    assert tb.tb_next is None and tb.tb_frame.f_code.co_name == '<module>'
    assert tb.tb_lineno == tb.tb_frame.f_lineno - 4


def chain_depth():
    try:
        level1()
    except ValueError as error:
        n, tb = 0, error.__traceback__
        names = []
        while tb:
            names.append(tb.tb_frame.f_code.co_name)
            tb = tb.tb_next
        return names


def level1():
    level2()


def level2():
    raise ValueError


assert chain_depth() == ['chain_depth', 'level1', 'level2']
e = ValueError()
assert e.__traceback__ is None and e.with_traceback(None) is e
try:
    e.__context__ = 5
except TypeError as error:
    assert str(error) == 'exception context must be None or derive from BaseException'


def cycle_is_broken():
    first = ValueError('first')
    try:
        try:
            raise first
        except ValueError:
            try:
                raise KeyError
            except KeyError:
                raise first
    except ValueError as error:
        assert error is first
        return first.__context__


assert type(cycle_is_broken()) is KeyError and cycle_is_broken().__context__ is None
