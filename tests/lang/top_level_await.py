# compile() with PyCF_ALLOW_TOP_LEVEL_AWAIT, and module code as a function.
import ast
import types


async def numbers(n):
    for i in range(n):
        yield i


def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise AssertionError("it waits")


for mode in "exec", "single":
    for source in ("a = [x async for x in numbers(3)][2]", "async for x in numbers(3): a = x\n",
                   "a = 2 if [0 async for _ in numbers(1)] else 0"):
        code = compile(source, "?", mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        space = {"numbers": numbers}
        run(eval(code, space))
        assert space["a"] == 2
        space, inner = {"numbers": numbers}, {}
        run(eval(code, space, inner))
        assert inner["a"] == 2 and "a" not in space
        space = {"numbers": numbers}
        run(types.FunctionType(code, space)())
        assert space["a"] == 2
    for source in "def f(): [x async for x in y]", "class C: [x async for x in y]", "lambda: [await x for x in y]":
        try:
            compile(source, "?", mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError:
            pass
        else:
            raise AssertionError(source)

space = {}
types.FunctionType(compile("a = 1\nsame = locals() is globals()", "?", "exec"), space)()
assert space["a"] == 1 and space["same"]
