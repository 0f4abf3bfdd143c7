# The environment of the system is read whole while other threads add and remove variables.
import os
import posix

from together import together

ROUNDS = 500
names = [f'NAME{i}' for i in range(40)]
os.putenv('FIRST', 'first')
for name in names:
    os.putenv(name, name)
os.putenv('LAST', 'last')


def change():
    for _ in range(ROUNDS):
        for name in names:
            os.unsetenv(name)
        for name in names:
            os.putenv(name, name)
    changing.clear()


def look():
    while changing:
        seen = posix._create_environ()
        assert seen[b'FIRST'] == b'first' and seen[b'LAST'] == b'last'
        assert all(key == value for key, value in seen.items() if key.startswith(b'NAME'))


def spawn():
    pid = os.posix_spawn('/bin/sh', ['sh', '-c', 'test "$FIRST" = first && test "$LAST" = last'], None)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


changing = [True]
assert together(change, look, lambda: [spawn() for _ in range(3)])[2] == [0, 0, 0]
assert len([key for key in posix._create_environ() if key.startswith(b'NAME')]) == len(names)
