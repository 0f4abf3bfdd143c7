# How a program ends: exit codes of sys.exit, SystemExit, exceptions, signals; what is flushed.
import subprocess
import sys


def run(source, *options, **kw):
    done = subprocess.run([sys.executable, *options, '-c', source], capture_output=True, text=True,
                          timeout=60, **kw)
    return done.returncode, done.stdout, done.stderr


assert run('print("x")') == (0, 'x\n', '')
for argument, code in (('', 0), ('0', 0), ('3', 3), ('None', 0), ('True', 1), ('256 + 7', 7),
                       ('-1', 255)):
    assert run(f'import sys; sys.exit({argument})')[0] == code, argument
assert run('import sys; sys.exit("text")') == (1, '', 'text\n')
assert run('raise SystemExit(5)')[0] == 5 and run('raise SystemExit((1, 2))') == (1, '', '(1, 2)\n')
assert run('1 / 0')[0] == 1 and run('raise KeyboardInterrupt')[0] in (130, -2)
assert run('import atexit, sys\natexit.register(print, "bye")\nsys.exit(4)')[:2] == (4, 'bye\n')
assert run('try:\n  exit(3)\nfinally:\n  print("finally")')[:2] == (3, 'finally\n')
assert run('import os\nprint("kept", flush=True)\nos._exit(9)') == (9, 'kept\n', '')
assert run('import sys; print(sys.argv)', )[1] == "['-c']\n"
assert run('import sys; sys.stdout.write("no newline")')[1] == 'no newline'
assert run('print(input())', input='typed\n')[1] == 'typed\n'
assert run('input()', input='')[2].endswith('EOFError: EOF when reading a line\n')
assert run('assert False', '-O') == (0, '', '') and run('print(__debug__)', '-O')[1] == 'False\n'
assert run('import sys; print(sys.flags.optimize, sys.flags.isolated)', '-OO', '-I')[1] == '2 1\n'
assert run('def f(): "doc"\nprint(f.__doc__)', '-OO')[1] == 'None\n'
assert run('syntax error here')[0] == 1
assert run('class D:\n  def __del__(self): print("deleted")\nd = D()')[1] == 'deleted\n'
assert run('import sys\nsys.stdout.close()')[0] == 0
code, out, err = run('class D:\n  def __del__(self): 1 / 0\nD()\nprint("on")')
assert code == 0 and out == 'on\n' and err.startswith('Exception ignored')
assert err.endswith('ZeroDivisionError: division by zero\n')
