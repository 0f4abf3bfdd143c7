# select: select, poll, epoll.
import os
import select
from check import raises

r, w = os.pipe()
assert select.select([r], [w], [], 0) == ([], [w], [])
os.write(w, b'x')
assert select.select([r], [], [], 5) == ([r], [], [])

class File:
    def fileno(self):
        return r

f = File()
assert select.select([f], [], []) == ([f], [], [])
raises(TypeError, 'argument must be an int, or have a fileno() method.', lambda: select.select([], [], ['a']))
raises(TypeError, 'arguments 1-3 must be sequences', lambda: select.select(1, 2, 3))
raises(ValueError, 'timeout must be non-negative', lambda: select.select([], [], [], -1))
raises(TypeError, 'timeout must be a float or None', lambda: select.select([], [], [], 'x'))

p = select.poll()
p.register(r, select.POLLIN)
p.register(w)
assert sorted(p.poll(1000)) == sorted([(r, select.POLLIN), (w, select.POLLOUT)])
p.modify(w, 0)
assert p.poll(0) == [(r, select.POLLIN)]
p.unregister(w)
raises(KeyError, None, lambda: p.unregister(w))
raises(FileNotFoundError, None, lambda: p.modify(w, 1))
raises(ValueError, 'Cannot convert negative int', lambda: p.register(r, -1))
raises(TypeError, "cannot create 'select.poll' instances", lambda: type(p)())

with select.epoll() as e:
    e.register(r, select.EPOLLIN)
    e.register(w, select.EPOLLOUT | select.EPOLLET)
    assert sorted(e.poll(1)) == sorted([(r, select.EPOLLIN), (w, select.EPOLLOUT)])
    assert e.poll(1, 1) == [(r, select.EPOLLIN)]
    raises(FileExistsError, None, lambda: e.register(r))
    e.unregister(r)
    assert e.poll(0) == []
    raises(ValueError, 'maxevents must be greater than 0, got 0', lambda: e.poll(0, 0))
assert e.closed
raises(ValueError, 'I/O operation on closed epoll object', e.fileno)

# arguments come first, and may close it
raises(TypeError, 'argument must be an int, or have a fileno() method.', lambda: e.register('x'))
raises(ValueError, 'I/O operation on closed epoll object', lambda: e.register(r))
raises(ValueError, 'I/O operation on closed epoll object', lambda: e.poll('x'))

class Closing:
    def fileno(self):
        e.close()
        return r

    def __index__(self):
        e.close()
        return 0

for use in (lambda: e.register(Closing()), lambda: e.modify(r, Closing()), lambda: e.unregister(Closing())):
    e = select.epoll()
    raises(ValueError, 'I/O operation on closed epoll object', use)
e = select.epoll()
raises(OSError, '[Errno 9] Bad file descriptor', lambda: e.poll(Closing()))
os.close(r)
os.close(w)
