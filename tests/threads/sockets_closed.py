# A socket or epoll that is closed while another thread waits with it: nothing of whoever gets its number next is taken or written.
import contextlib
import errno
import os
import select
import socket
import threading
import time


def while_waiting(call, change):
    """Gives what the call returned or raised in a thread in which, most likely, it waited before change() was called."""
    started, outcome, number = threading.Event(), [], []

    def body():
        number.append(threading.get_native_id())
        started.set()
        try:
            outcome.append(call())
        except OSError as error:
            outcome.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    started.wait()
    asleep, until = 0, time.monotonic() + 2
    while asleep < 20 and thread.is_alive() and time.monotonic() < until:
        with open(f'/proc/self/task/{number[0]}/stat') as f:
            asleep = asleep + 1 if f.read().rpartition(')')[2].split()[0] == 'S' else 0
        time.sleep(0.001)
    change()
    thread.join()
    return outcome[0]


def pairs():
    """Two pairs of sockets: those that are opened next."""
    return [s for _ in range(2) for s in socket.socketpair()]


def is_closed(outcome):
    return isinstance(outcome, OSError) and outcome.errno == errno.EBADF


# a receiver, in each way
for receive in (lambda s: s.recv(100), lambda s: s.recv_into(bytearray(100)), lambda s: s.recvfrom(100), lambda s: s.recvmsg(100)):
    a, b = socket.socketpair()
    a.settimeout(60)
    others = []

    def close():
        a.close()
        others.extend(pairs())
        for s in others:
            s.send(b'of others')
        b.close()

    outcome = while_waiting(lambda: receive(a), close)
    assert is_closed(outcome), outcome
    for s in others:
        s.setblocking(False)
        assert s.recv(100) == b'of others'
    for s in others:
        s.close()

# a sender
a, b = socket.socketpair()
a.settimeout(60)
a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
others = []


def close():
    a.close()
    others.extend(pairs())
    while b.recv(1 << 20):  # all that was sent, and then the end: it is closed after its last use
        pass


outcome = while_waiting(lambda: a.sendall(b'x' * 2_000_000), close)
assert is_closed(outcome), outcome
for s in others:
    s.setblocking(False)
    try:
        raise AssertionError(s.recv(100))
    except BlockingIOError:
        pass
for s in others + [b]:
    s.close()

# without a time limit the call goes on, and gets what is sent to the old socket
a, b = socket.socketpair()


def close():
    a.close()
    assert a.fileno() == -1
    with contextlib.suppress(BrokenPipeError):  # the thread was late
        b.send(b'of its own')


outcome = while_waiting(lambda: a.recv(100), close)
assert outcome == b'of its own' or is_closed(outcome), outcome
b.close()

# detach() gives the number, and whoever waits gets none of its data
a, b = socket.socketpair()
a.settimeout(60)
number, detached = a.fileno(), []


def detach():
    detached.append(a.detach())
    b.send(b'for the new owner')


outcome = while_waiting(lambda: a.recv(100), detach)
assert is_closed(outcome) and detached == [number], (outcome, detached)
with socket.socket(fileno=number) as again:
    assert again.recv(100) == b'for the new owner'
b.close()

# a closed socket fails at once, whatever its time limit
c = socket.socket()
c.settimeout(5)
c.close()
for call in (lambda: c.recv(1), c.accept, lambda: c.connect(('127.0.0.1', 1)), lambda: c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1),
             c.getsockname, lambda: c.shutdown(socket.SHUT_RDWR), c.listen):
    try:
        call()
        raise AssertionError('no error')
    except OSError as error:
        assert is_closed(error), error

# an epoll: its thread ends with the events of its own files
r, w = os.pipe()
e, new = select.epoll(), []
e.register(r, select.EPOLLIN)


def close():
    e.close()
    new.append(select.epoll())
    os.write(w, b'x')


outcome = while_waiting(lambda: e.poll(60), close)
assert outcome == [(r, select.EPOLLIN)] or is_closed(outcome), outcome
assert new[0].poll(0) == []
os.close(r)
os.close(w)
