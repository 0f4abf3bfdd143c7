"""The basic prompt: what sys._baserepl() runs where the library's own prompt cannot be used."""
import codeop
import itertools
import os
import sys


def _read_line(prompt):
    """A line with its newline; "" at the end of the input."""
    try:
        if sys.stdin.isatty() and sys.stdout.isatty():
            return input(prompt) + "\n"
        sys.stderr.write(prompt)
        sys.stderr.flush()
        return sys.stdin.readline()
    except (EOFError, OSError, AttributeError):     # closed, or None
        return ""


def _prompt(name):
    try:
        return str(getattr(sys, name, ""))
    except Exception:
        return ""


def _show_exception():
    error = sys.exc_info()[1]
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    error.__traceback__ = trace
    sys.last_exc = sys.last_value = error
    sys.last_type, sys.last_traceback = type(error), trace
    sys.excepthook(type(error), error, trace)


def _complete(error, text, filename):
    """A syntax error as the prompt shows it: the parser's belong to the input as a whole, the compiler's lack their line."""
    if error.filename == filename and error.text is not None:
        error.filename = "<stdin>"
    elif error.filename == filename and error.lineno:
        error.text = text.split("\n")[error.lineno - 1]


def _compile(compiler, text, filename):
    """The code of a whole statement; None when more is to come."""
    if all(not line.strip() or line.strip().startswith("#") for line in text.split("\n")):
        text = "pass"
    try:
        return compiler(text, filename, "single")
    except _IncompleteInputError:
        return None
    except SyntaxError as error:
        _complete(error, text, filename)
        raise


def _read_statement(compiler, filename):
    """The code of the next statement and its source; (None, None) at the end of the input."""
    source, prompt = "", "ps1"
    while True:
        line = _read_line(_prompt(prompt))
        source += line
        if not line:
            if prompt == "ps2":
                sys.stderr.write("\n")
            if not source:
                return None, None
            more = codeop.PyCF_DONT_IMPLY_DEDENT | codeop.PyCF_ALLOW_INCOMPLETE_INPUT
            try:
                return compile(source, filename, "single", compiler.flags & ~more), source
            except SyntaxError as error:
                _complete(error, source, filename)
                raise
        if line.endswith("\n"):
            code = _compile(compiler, source[:-1], filename)
            if code is not None:
                return code, source
        prompt = "ps2"


def run(namespace):
    import linecache
    compiler = codeop.Compile()
    for number in itertools.count():
        filename = f"<stdin-{number}>"
        try:
            code, source = _read_statement(compiler, filename)
            if code is None:
                break
            linecache._register_code(code, source, "<stdin>")
            exec(code, namespace)
        except SystemExit:
            raise
        except BaseException:
            _show_exception()
        if sys.stdout is not None:
            sys.stdout.flush()
    sys.stderr.write("\n")
    sys.stderr.flush()


def main():
    if not hasattr(sys, "ps1"):
        sys.ps1 = ">>> "
    if not hasattr(sys, "ps2"):
        sys.ps2 = "... "
    run(sys.modules["__main__"].__dict__)


def startup():
    """Runs the file that PYTHONSTARTUP names."""
    path = None if sys.flags.ignore_environment else os.environ.get("PYTHONSTARTUP")
    if not path:
        return
    import tokenize
    try:
        with tokenize.open(path) as file:
            text = file.read()
    except OSError as error:
        print(f"Could not open PYTHONSTARTUP\n{type(error).__name__}: {error}", file=sys.stderr)
        return
    try:
        exec(compile(text, path, "exec"), sys.modules["__main__"].__dict__)
    except SystemExit:
        raise
    except BaseException:
        _show_exception()
