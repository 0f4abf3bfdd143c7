"""Stands in for subinterpreters, which Weft has not, so that the tests of the other executors run. Cases of these fail."""

WHENCE_UNKNOWN, WHENCE_RUNTIME, WHENCE_LEGACY_CAPI, WHENCE_CAPI, WHENCE_XI, WHENCE_STDLIB = range(6)


class InterpreterError(Exception):
    pass


class InterpreterNotFoundError(InterpreterError):
    pass


class NotShareableError(ValueError):
    pass


def is_shareable(_value):
    return False


def create(*_args, **_keywords):
    raise InterpreterError("there are no subinterpreters")


def decref(_id):
    raise InterpreterError("there are no subinterpreters")
