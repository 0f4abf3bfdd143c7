# Options of the command line and variables of the environment: what they do to the program.
import os
import subprocess
import sys

clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}


def run(*args, env={}, code=0):
    end = subprocess.run([sys.executable, *args], capture_output=True, text=True, env={**clean, **env}, timeout=60)
    assert end.returncode == code, (args, end)
    return end.stdout + end.stderr


# -b
for expression, message in (("str(b'x')", "str() on a bytes instance"), ("'%s' % b'x'", "str() on a bytes instance"),
                            ("f'{b\"x\"}'", "str() on a bytes instance"), ("b'x' == 'x'", "Comparison between bytes and string"),
                            ("{b'x': 1, 'x': 2}", "Comparison between bytes and string"), ("b'x' != 1", "Comparison between bytes and int"),
                            ("bytearray(b'x') == 'x'", "Comparison between bytearray and string"),
                            ("str(bytearray())", "str() on a bytearray instance")):
    assert message in run("-bb", "-c", expression, code=1), expression
    assert message in run("-b", "-c", expression), expression
    assert run("-c", expression) == ""

# -X dev: names are looked at before the text
for expression in ("b''.decode(errors='nope')", "''.encode(errors='nope')", "str(b'', errors='nope')", "bytes('', 'utf-8', 'nope')",
                   "open('/dev/null', errors='nope')"):
    assert "LookupError: unknown error handler name 'nope'" in run("-X", "dev", "-c", expression, code=1), expression
for expression in "b''.decode('nope')", "str(b'', 'nope')":
    assert "LookupError: unknown encoding: nope" in run("-X", "dev", "-c", expression, code=1), expression
    assert run("-c", expression) == ""
enabled = "import faulthandler; print(faulthandler.is_enabled())"
assert run("-X", "faulthandler", "-c", enabled) == run("-X", "dev", "-c", enabled) == "True\n"

# hashes
flag = "import sys; print(sys.flags.hash_randomization)"
assert run("-c", flag, env={"PYTHONHASHSEED": "0"}) == "0\n"
assert run("-R", "-c", flag, env={"PYTHONHASHSEED": "0"}) == "1\n"

# digits
digits = "import sys; print(sys.flags.int_max_str_digits, sys.get_int_max_str_digits())"
assert run("-c", digits) == "4300 4300\n"
assert run("-c", digits, env={"PYTHONINTMAXSTRDIGITS": "0"}) == "0 0\n"
assert run("-X", "int_max_str_digits=700", "-c", digits, env={"PYTHONINTMAXSTRDIGITS": "0"}) == "700 700\n"

# help
assert "PYTHONHOME" in run("--help-env") and "-X dev" in run("--help-xoptions")
everything = run("--help-all")
assert everything.startswith("usage") and "PYTHONHOME" in everything and "-X dev" in everything
assert "-X dev" not in run("--help")

assert "must be one of" in run("--check-hash-based-pycs", "perhaps", "-c", "1", code=2)
assert run("--check-hash-based-pycs", "never", "-c", "import _imp; print(_imp.check_hash_based_pycs)") == "never\n"
assert run("-I", "-s", "-c", "import sys; print(sys.flags.no_user_site)") == "1\n"
assert "cached     | \\udcff" in run("-X", "importtime=2", "-c", "import sys; sys.modules['\\udcff'] = 1; __import__('\\udcff')")

# PYTHONIOENCODING: the encoding, and what to do with errors, of the standard files
for value, expected in (("latin-1", "strict"), ("latin-1:", "strict"), ("latin-1:replace", "replace"), (":ignore", "ignore")):
    env = dict(os.environ, PYTHONIOENCODING=value, LC_ALL="C.UTF-8")
    r = subprocess.run([sys.executable, "-c", "import sys; print(sys.stdin.errors, sys.stdout.errors, sys.stderr.errors)"], env=env,
                       capture_output=True, text=True)
    assert r.stdout.split() == [expected, expected, "backslashreplace"], (value, r.stdout)
