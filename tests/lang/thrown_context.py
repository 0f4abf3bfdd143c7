# The context of what is thrown into a generator, and the traceback of groups that except* makes.
import traceback


def generator():
    try:
        yield
    finally:
        raise KeyError(2)


g = generator()
next(g)
try:
    try:
        raise OSError
    except OSError:
        g.throw(ValueError(1))
except KeyError as error:
    assert isinstance(error.__context__, ValueError)
    assert error.__context__.__context__ is None

try:
    try:
        raise ValueError(1)
    except* ValueError:
        raise
except ExceptionGroup as group:
    assert [f.name for f in traceback.extract_tb(group.__traceback__)] == ["<module>"] * 1, traceback.format_exception(group)


def f(**kwargs):
    pass


try:
    f(**{1: 3}, **{1: 5})
except TypeError as error:
    assert "f() got multiple values for keyword argument '1'" in str(error), error
else:
    raise AssertionError
