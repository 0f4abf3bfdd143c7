# What tools see of compiled code: names of late functions, lines of frames that ended, orders of scopes, messages.
import subprocess
import sys
import warnings


def error(source, mode="exec", flags=0):
    try:
        compile(source, "<s>", mode, flags)
    except SyntaxError as e:
        return e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset
    return None


# scopes are visited in the order of CPython's
assert error("def f():\n try: pass\n except E: global a\n else: print(a)") is None
assert error("x = await y; nonlocal z") == ("'await' outside function", 1, 5, 1, 12)
assert error("async for a in b: nonlocal z")[0] == "'async for' outside async function"
assert error("from __future__ import nope", flags=0x400)[0] == "future feature nope is not defined"
assert error("from .__future__ import barry_as_FLUFL; 2 != 3") is None
assert error("match x:\n case f'': pass")[0] == "patterns may only match literals and attribute lookups"
assert error(b"X\x80")[0].startswith("Non-UTF-8 code starting with '\\x80' on line 1, but no encoding")

# late functions
namespace = {}
exec("""from __future__ import annotations
def f(a: [x for x in y], *b: t'{c  +  d}') -> (lambda: 0): pass
class C:
    def m(self, x: __y): pass
    z: int
""", namespace)
f, C = namespace["f"], namespace["C"]
assert f.__annotations__ == {"a": "[x for x in y]", "b": "t'{c  +  d}'", "return": "lambda: 0"}
assert f.__annotate__(1) == f.__annotations__ and f.__annotate__.__qualname__ == "f.__annotate__"
assert C.m.__annotate__.__qualname__ == "C.m.__annotate__" and C.__annotations__ == {"z": "int"}


def outer(format):
    def inner(x: format, y: (lambda: 0)): pass
    return inner


assert outer(5).__annotations__["x"] == 5
assert outer(5).__annotations__["y"].__qualname__ == "outer.<locals>.<lambda>"
for value in (0, frozenset(), {}):
    try:
        exec("x: int", {"__conditional_annotations__": value})
        exec("__conditional_annotations__ = value\nx: int", {"value": value})
    except TypeError as e:
        assert str(e) == f"'{type(value).__name__}' object is not a set", e
    else:
        assert False


# a frame that ended stands where its exception began, or where a handler raised it again
def in_try():
    try:
        1 / 0
    finally:
        pass


def unmatched():
    try:
        1 / 0
    except TypeError:
        pass


def named():
    try:
        1 / 0
    except ZeroDivisionError as e:
        e.nothing


def in_with():
    with open(__file__):
        1 / 0


for function, line in ((in_try, 4), (unmatched, 3), (named, 4), (in_with, 2)):
    try:
        function()
    except Exception as e:
        frame = e.__traceback__.tb_next.tb_frame
        assert frame.f_lineno - frame.f_code.co_firstlineno == line, (function, frame.f_lineno)

# equal functions in the two copies of a finally body are one constant
code = compile("try: pass\nfinally:\n def f(): return 42\n", "<s>", "exec")
assert sum(hasattr(c, "co_code") for c in code.co_consts) == 1

# warned of once
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    compile(r"f'\{{'", "<s>", "exec")
assert len(seen) == 1, seen

# -c is dedented, and its lines are shown
result = subprocess.run([sys.executable, "-c", "\n  if 1:\n    1/0\n"], capture_output=True, text=True)
assert '  File "<string>", line 3, in <module>\n    1/0\n    ~^~\n' in result.stderr, result.stderr
result = subprocess.run([sys.executable, "-c", "with a ad b:\n pass"], capture_output=True, text=True)
assert "invalid syntax. Did you mean 'and'?" in result.stderr, result.stderr

# -W holds for what the compiler warns of
for option, end in (("ignore", ""), ("error", "SyntaxError: invalid decimal literal")):
    result = subprocess.run([sys.executable, "-W", option, "-c", "compile('1if 2else 3', 'f', 'exec')"],
                            capture_output=True, text=True)
    assert result.stderr.strip().endswith(end) and bool(result.stderr) == bool(end), result.stderr
