# Many threads over the same socket and polling objects: nothing is lost, nothing crashes.
import os
import select
import socket
from together import in_threads, together

a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)


def send(number):
    for i in range(200):
        a.send(b'%d %d' % (number, i))


def receive(count):
    got = [b.recv(50) for _ in range(count)]
    return got


results = together(lambda: send(0), lambda: send(1), lambda: receive(200), lambda: receive(200))
got = results[2] + results[3]
assert sorted(got) == sorted(b'%d %d' % (n, i) for n in range(2) for i in range(200))
a.close()
b.close()

poll, pipes = select.poll(), [os.pipe() for _ in range(20)]


def register(number):
    for round in range(20):
        for r, w in pipes[number::4]:
            poll.register(r, select.POLLIN)
            poll.modify(r, 0)
            poll.unregister(r)
        for r, w in pipes[number::4]:
            poll.register(r)


in_threads(4, register)
assert poll.poll(0) == []
os.write(pipes[3][1], b'x')
assert poll.poll(0) == [(pipes[3][0], select.POLLIN)]

# a socket closed while another thread waits in it
c, d = socket.socketpair()
c.settimeout(0.2)


def wait():
    try:
        return c.recv(1)
    except OSError as error:
        return error


outcome = together(wait, c.close)[0]
assert isinstance(outcome, OSError), outcome

# a list that others shorten while select() goes through it
many, done = [w for r, w in pipes[:4]], False


def shorten():
    while not done:
        for w in (many.pop(), many.pop()):
            many.append(w)


def watch():
    global done
    try:
        for _ in range(20_000):
            select.select([], many, [], 0)
    finally:
        done = True


together(shorten, watch)
assert sorted(many) == sorted(w for r, w in pipes[:4])
