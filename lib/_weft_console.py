"""The basic prompt: what sys._baserepl() runs where the library's own prompt cannot be used."""
import codeop
import os
import sys


def _read_line(prompt):
    """A line with its newline; "" at the end of the input."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        try:
            return input(prompt) + "\n"
        except EOFError:
            return ""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline()


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


def _read_statement(compiler):
    """The code of the next statement and its source; (None, None) at the end of the input."""
    source, prompt = "", "ps1"
    while True:
        line = _read_line(_prompt(prompt))
        if not line and not source.strip():
            return None, None
        source += line or "\n"
        prompt = "ps2"
        text = source[:-1] if source.endswith("\n") else source
        if not line:
            return compile(source, "<stdin>", "single", compiler.compiler.flags), source
        code = compiler(text, "<stdin>", "single")
        if code is not None and line.endswith("\n"):
            return code, source


def run(namespace):
    import linecache
    compiler = codeop.CommandCompiler()
    while True:
        try:
            code, source = _read_statement(compiler)
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
