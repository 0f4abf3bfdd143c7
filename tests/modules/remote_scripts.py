# sys.remote_exec: scripts that another process runs in its main thread.
import os
import subprocess
import sys
import threading
from check import raises


def write(name, text):
    with open(name, "w") as file:
        file.write(text)
    return os.path.abspath(name)


def start(source, *options, **settings):
    child = subprocess.Popen([sys.executable, *options, "-u", "-c", source], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True, **settings)
    assert child.stdout.readline() == "ready\n"
    return child


def end(child):
    child.kill()
    out, err = child.communicate()
    return out, err


SPIN = """\
import sys, threading
def hook(event, args):
    if event == "cpython.remote_debugger_script": print("audited", args)
sys.addaudithook(hook)
for _ in range(3): threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()
print("ready")
n = 0
while True: n += 1
"""
assert sys.is_remote_debug_enabled() is True

# a main thread that runs, among others that do
child = start(SPIN)
path = write("told.py", "import sys, threading\n"
                        "assert threading.current_thread() is threading.main_thread()\n"
                        "print(sorted(globals()), sys._getframe(1).f_globals['n'] > 0, globals() is sys._getframe(1).f_globals)\n")
for _ in range(50):
    sys.remote_exec(child.pid, path)
    assert child.stdout.readline() == f"audited ({path!r},)\n"
    assert child.stdout.readline() == "['__builtins__', 'sys', 'threading'] True False\n"
sys.remote_exec(child.pid, os.fsencode(path))
assert child.stdout.readline() == f"audited ({path!r},)\n"
assert child.stdout.readline().startswith("['__builtins__'")

# errors are shown there, and change nothing
for name, text, shown in (("wrong.py", "1/0", "ZeroDivisionError: division by zero"), ("exits.py", "raise SystemExit(3)", "SystemExit: 3"),
                          ("syntax.py", "x = = 1", "SyntaxError: invalid syntax")):
    bad = write(name, text)
    sys.remote_exec(child.pid, bad)
    assert child.stdout.readline() == f"audited ({bad!r},)\n"
    line = child.stderr.readline()
    assert line == f"Error executing debugger script {bad}:\n", line
    while not (line := child.stderr.readline()).startswith(shown):
        assert line
os.mkdir("folder")
sys.remote_exec(child.pid, os.path.abspath("folder"))
assert child.stdout.readline().startswith("audited")
assert child.stderr.readline() == f"Can't open debugger script {os.path.abspath('folder')}:\n"
while not child.stderr.readline().startswith("IsADirectoryError"):
    pass

# many callers at once: some scripts run, and the process goes on
def call():
    for _ in range(20):
        sys.remote_exec(child.pid, path)


quiet = path
path = write("quiet.py", "")
callers = [threading.Thread(target=call) for _ in range(3)]
for t in callers:
    t.start()
for t in callers:
    t.join()
sys.remote_exec(child.pid, last := write("last.py", "print('last')"))
while child.stdout.readline() != "last\n":
    pass
assert child.poll() is None
end(child)

# a main thread that waits runs it when it goes on
child = start("import sys\nprint('ready')\nsys.stdin.readline()\nfor _ in range(9): pass\nprint('done')", stdin=subprocess.PIPE)
sys.remote_exec(child.pid, last)
out, err = child.communicate("go\n")
assert (out, err, child.returncode) == ("last\ndone\n", "", 0), (out, err)

# this process
seen = []
sys.seen = seen
sys.remote_exec(os.getpid(), write("here.py", "import sys; sys.seen.append(__builtins__ is not None)"))
assert seen == [True]

# refused
for options, env in ((["-X", "disable-remote-debug"], {}), ([], {"PYTHON_DISABLE_REMOTE_DEBUG": "1"})):
    child = start("import sys\nassert not sys.is_remote_debug_enabled()\nprint('ready')\nsys.stdin.read()", *options,
                  env=os.environ | env, stdin=subprocess.PIPE)
    raises(RuntimeError, "Remote debugging is not enabled in the remote process", sys.remote_exec, child.pid, last)
    end(child)
raises(FileNotFoundError, "Script file does not exist", sys.remote_exec, os.getpid(), "/no/such/file.py")
raises(TypeError, "expected str, bytes or os.PathLike object, not NoneType", sys.remote_exec, 0, None)
raises(ValueError, "embedded null byte", sys.remote_exec, 0, "a\0b")
raises(OSError, None, sys.remote_exec, os.getpid(), "/" + "a" * 5000)
raises(OverflowError, "Python int too large to convert to C int", sys.remote_exec, 2 ** 40, last)
for pid in (0, -1, 2 ** 31 - 1):
    raises(RuntimeError, None, sys.remote_exec, pid, last)
child = subprocess.Popen(["sleep", "1000"])
raises(RuntimeError, None, sys.remote_exec, child.pid, last)
end(child)


class Refused(Exception):
    pass


def refuse(event, args):
    if event == "sys.remote_exec":
        assert args == (os.getpid(), last)
        raise Refused


sys.addaudithook(refuse)
raises(Refused, "", sys.remote_exec, os.getpid(), last)
