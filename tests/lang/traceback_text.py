# What an uncaught exception prints: frames, source lines, marks, causes, groups, notes, repeated
# lines.
import os
import subprocess
import sys


def stderr_of(source):
    with open('program.py', 'w') as file:
        file.write(source)
    done = subprocess.run([sys.executable, 'program.py'], capture_output=True, text=True,
                          timeout=60,
                          env=dict(os.environ, NO_COLOR='1'))
    assert done.returncode == 1, done
    return done.stderr.replace(os.getcwd() + os.sep, '')


assert stderr_of('def f(x):\n    return 1 / x\n\n\nf(0)\n') == '''Traceback (most recent call last):
  File "program.py", line 5, in <module>
    f(0)
    ~^^^
  File "program.py", line 2, in f
    return 1 / x
           ~~^~~
ZeroDivisionError: division by zero
'''
assert stderr_of('a = {"b": {}}\nprint(a["b"]["c"])\n') == '''Traceback (most recent call last):
  File "program.py", line 2, in <module>
    print(a["b"]["c"])
          ~~~~~~^^^^^
KeyError: 'c'
'''
assert stderr_of('''try:
    {}['x']
except KeyError as error:
    raise ValueError('bad') from error
''') == '''Traceback (most recent call last):
  File "program.py", line 2, in <module>
    {}['x']
    ~~^^^^^
KeyError: 'x'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "program.py", line 4, in <module>
    raise ValueError('bad') from error
ValueError: bad
'''
assert '\nDuring handling of the above exception, another exception occurred:\n' in stderr_of(
    'try:\n    x\nexcept NameError:\n    y\n')
assert stderr_of('class A:\n    def f(self):\n        return super(\n        ).f(\n        )\nA().f()\n') == '''\
Traceback (most recent call last):
  File "program.py", line 6, in <module>
    A().f()
    ~~~~~^^
  File "program.py", line 3, in f
    return super(
           ^^^^^^
    ).f(
    ^^^
AttributeError: 'super' object has no attribute 'f'
'''
assert stderr_of('e = ValueError("v")\ne.add_note("one\\ntwo")\nraise e\n').endswith(
    'ValueError: v\none\ntwo\n')
assert stderr_of('def f(n): return f(n + 1)\nf(0)\n').count('[Previous line repeated ') == 1
assert stderr_of('raise ExceptionGroup("g", [ValueError(1), TypeError(2)])\n') == '''\
  + Exception Group Traceback (most recent call last):
  |   File "program.py", line 1, in <module>
  |     raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
  | ExceptionGroup: g (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: 1
    +---------------- 2 ----------------
    | TypeError: 2
    +------------------------------------
'''
assert stderr_of('class A:\n    value = 1\nA().valeu\n').endswith(
    "AttributeError: 'A' object has no attribute 'valeu'. Did you mean: 'value'?\n")
assert stderr_of('lenght = 1\nprint(lenghtt)\n').endswith(
    "NameError: name 'lenghtt' is not defined. Did you mean: 'lenght'?\n")
assert stderr_of('x = (1,\n') == '''  File "program.py", line 1
    x = (1,
        ^
SyntaxError: '(' was never closed
'''
assert stderr_of('def f():\n  x\n    y\n') == '''  File "program.py", line 3
    y
IndentationError: unexpected indent
'''
assert stderr_of('class E(Exception): pass\nraise E\n').endswith('\nE\n')
assert stderr_of('raise ValueError("multi\\nline")\n').endswith('ValueError: multi\nline\n')
assert stderr_of('import sys\nsys.exit("message")\n') == 'message\n'
