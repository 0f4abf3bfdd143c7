# Exceptions are printed whole where the library's module traceback is of no use: tracebacks, chains.
import io
import sys
import traceback

traceback._print_exception_bltin = None
sys.unraisablehook = lambda *args: None


def shown(f):
    stderr, sys.stderr = sys.stderr, io.StringIO()
    try:
        f()
    except BaseException as exc:
        sys.__excepthook__(type(exc), exc, exc.__traceback__)
        return sys.stderr.getvalue()
    finally:
        sys.stderr = stderr


class Unhashable(Exception):
    def __eq__(self, other):
        return True


def chained():
    try:
        raise Unhashable("first")
    except Unhashable as first:
        try:
            raise KeyError("second")
        except KeyError:
            raise ValueError("third")


def deep(n):
    if n:
        deep(n - 1)
    raise OSError("end") from None


def caused():
    raise TypeError from ZeroDivisionError("cause")


def line(f, offset):
    return f.__code__.co_firstlineno + offset


here = line(shown, 3)
assert shown(chained) == f"""\
Traceback (most recent call last):
  File "{__file__}", line {line(chained, 2)}, in chained
    raise Unhashable("first")
Unhashable: first

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "{__file__}", line {line(chained, 5)}, in chained
    raise KeyError("second")
KeyError: 'second'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "{__file__}", line {here}, in shown
    f()
  File "{__file__}", line {line(chained, 7)}, in chained
    raise ValueError("third")
ValueError: third
""", shown(chained)
text = shown(lambda: deep(10))
assert text.count("in deep") == 4 and "  [Previous line repeated 7 more times]\n" in text and text.endswith("OSError: end\n"), text
text = shown(caused)
assert text.startswith("ZeroDivisionError: cause\n\nThe above exception was the direct cause of the following exception:\n\nTraceback"), text
assert text.endswith("\nTypeError\n"), text


class Unprintable(Exception):
    def __str__(self):
        1 / 0


def unprintable():
    raise Unprintable


assert shown(unprintable).endswith("Unprintable: <exception str() failed>\n"), shown(unprintable)
sys.tracebacklimit = 1
assert shown(lambda: deep(10)).count("  File") == 1
sys.tracebacklimit = 0
assert shown(lambda: deep(10)) == "OSError: end\n"
