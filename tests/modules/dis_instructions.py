# dis: whatever the instructions are, what tools look for in them is there.
import dis
import inspect
import io

import modulefinder  # it finds imports by instructions


def sample(limit, start=1):
    try:
        for item in range(limit):
            if item > start:
                print(item, sep="-")
    except ValueError as error:
        return error.args
    return [x.real for x in (limit, start)]


instructions = list(dis.get_instructions(sample))
found = {(i.opname, i.argval) for i in instructions}
assert {("LOAD_GLOBAL", "range"), ("LOAD_GLOBAL", "print"), ("LOAD_ATTR", "real")} <= found
assert any(i.opname == "RESUME" for i in instructions)
offsets = [i.offset for i in instructions]
assert offsets == sorted(set(offsets)) and offsets[0] == 0
first = sample.__code__.co_firstlineno
lines = {i.line_number - first for i in instructions if i.line_number}
assert lines >= {0, 2, 3, 4, 5, 6, 7}, lines
targets = {i.jump_target for i in instructions if i.jump_target is not None}
assert targets and targets <= set(offsets)
assert all(i.is_jump_target for i in instructions if i.offset in targets)
assert all(i.positions.lineno is None or i.positions.lineno >= first for i in instructions)
assert dis.findlabels(sample.__code__.co_code) and set(dis.findlabels(sample.__code__.co_code)) == targets

# texts
text = io.StringIO()
dis.dis(sample, file=text)
for word in ("LOAD_GLOBAL", "print", "RESUME", "ExceptionTable:"):
    assert word in text.getvalue(), word
assert dis.Bytecode(sample).dis() == text.getvalue()
text = io.StringIO()
dis.dis("class C:\n    def f(self): return self.x", file=text, show_caches=True, show_offsets=True)
assert text.getvalue().count("Disassembly of") == 2
try:
    1 / 0
except ZeroDivisionError as error:
    text = io.StringIO()
    dis.distb(error.__traceback__, file=text)
    assert "-->" in text.getvalue()

# imports and names
code = compile("import a.b, c\nfrom ..d import e, f as g\nx = 1\ndel x", "<s>", "exec")
assert [(name, level, fromlist) for name, level, fromlist in dis._find_imports(code)] == \
    [("a.b", 0, None), ("c", 0, None), ("d", 2, ("e", "f"))]
assert list(dis._find_store_names(code)) == ["a", "c", "e", "g", "x"]

# inspect
def outer():
    z = 1

    def inner():
        return z + not_there + len.attribute
    return inner


variables = inspect.getclosurevars(outer())
assert variables.nonlocals == {"z": 1} and variables.builtins == {"len": len}
assert variables.unbound >= {"not_there"}
