"""Stands in for CPython's extension of that name: what tests of tracebacks ask of the interpreter's own printing, and of positions in code
(-X no_debug_ranges)."""
import io
import sys


def config_get(name):
    if name == "code_debug_ranges":
        return not ("no_debug_ranges" in sys._xoptions)
    raise ValueError(f"unknown config option name: {name}")


def exception_print(exc, legacy=0):
    sys.__excepthook__(type(exc), exc, getattr(exc, "__traceback__", None))


def traceback_print(tb, file):
    "what is printed above an exception"
    text, stderr = io.StringIO(), sys.stderr
    sys.stderr = text
    try:
        sys.__excepthook__(Exception, Exception(), tb)
    finally:
        sys.stderr = stderr
    lines = text.getvalue().splitlines(True)
    file.write("".join(line for line in lines[:-1] if line.strip("^~ \n")))
