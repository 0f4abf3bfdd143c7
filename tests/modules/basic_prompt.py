# The basic prompt, fed by a pipe.
import subprocess
import sys


def prompt(text, *args):
    end = subprocess.run([sys.executable, "-i", "-q", "-I", *args], input=text, capture_output=True, text=True, timeout=60)
    assert end.returncode == 0, end
    return end.stdout, end.stderr


out, err = prompt("1 / 0 / 3")
assert err.splitlines()[1:-1] == ["Traceback (most recent call last):", '  File "<stdin>", line 1, in <module>', "    1 / 0 / 3", "    ~~^~~",
                                  "ZeroDivisionError: division by zero"], err
out, err = prompt("def f(x, x): ...\n\n")
assert err.splitlines()[-4:-1] == ["    def f(x, x): ...", "             ^", "SyntaxError: duplicate argument 'x' in function definition"], err
out, err = prompt("if 1:\n  print(5)\n\nx = [\n1]\nx\n# nothing\n\nclass A:\n  def f(self): 1 / 0\n\nA().f()\n")
assert out == "5\n[1]\n" and "    def f(self): 1 / 0\n" in err, (out, err)
out, err = prompt("import os\nos.close(0)\n")
end = subprocess.run([sys.executable, "-I", "-m", "asyncio"], input="", capture_output=True, text=True, timeout=60)
assert "asyncio REPL" in end.stderr + end.stdout, end
