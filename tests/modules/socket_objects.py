# _socket: sockets of several families, timeouts, ancillary data, look-ups, refusals.
import array
import os
import socket
import threading
from check import raises

a, b = socket.socketpair()
assert a.family == socket.AF_UNIX and a.send(b'hello') == 5 and b.recv(3) == b'hel'
buffer = bytearray(10)
assert b.recv_into(buffer) == 2 and buffer[:2] == b'lo'
a.settimeout(0.01)
raises(TimeoutError, 'timed out', lambda: a.recv(1))
a.setblocking(False)
raises(BlockingIOError, None, lambda: a.recv(1))
assert a.gettimeout() == 0.0 and not a.getblocking()
a.settimeout(None)

# descriptors travel as ancillary data
r, w = os.pipe()
assert a.sendmsg([b'x', b'yz'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [w]))]) == 3
data, control, flags, address = b.recvmsg(10, socket.CMSG_SPACE(4))
assert data == b'xyz' and len(control) == 1 and control[0][:2] == (socket.SOL_SOCKET, socket.SCM_RIGHTS)
copy = array.array('i', control[0][2])[0]
os.write(copy, b'through')
assert os.read(r, 20) == b'through'
for fd in (r, w, copy):
    os.close(fd)
b.close()
assert b.fileno() == -1 and '[closed]' in repr(b)
raises(BrokenPipeError, None, lambda: a.send(b'x'))
a.close()

with socket.create_server(('127.0.0.1', 0)) as server:
    port = server.getsockname()[1]
    received = []

    def serve():
        connection, peer = server.accept()
        with connection:
            while chunk := connection.recv(70000):
                received.append(chunk)
            connection.sendall(b'done')

    thread = threading.Thread(target=serve)
    thread.start()
    with socket.create_connection(('127.0.0.1', port), timeout=20) as client:
        client.sendall(b'x' * 300000)
        assert client.getpeername() == ('127.0.0.1', port)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(10) == b'done'
    thread.join()
    assert sum(map(len, received)) == 300000

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as u, socket.socket(type=socket.SOCK_DGRAM) as v:
    u.bind(('127.0.0.1', 0))
    assert v.sendto(b'packet', u.getsockname()) == 6
    data, sender = u.recvfrom(100)
    assert data == b'packet' and sender[0] == '127.0.0.1'
    raises(TypeError, 'sendto(): AF_INET address must be tuple, not str', lambda: v.sendto(b'a', 'x'))
    raises(OverflowError, 'connect(): port must be 0-65535.', lambda: v.connect(('127.0.0.1', 70000)))
    raises(TypeError, 'AF_INET address must be a pair (host, port)', lambda: v.connect(('127.0.0.1',)))
    raises(ValueError, 'negative buffersize in recv', lambda: v.recv(-1))
    raises(ValueError, 'Timeout value out of range', lambda: v.settimeout(-1))
    raises(TypeError, "'str' object cannot be interpreted as an integer or float", lambda: v.settimeout('x'))
    u.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    assert u.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == 1
    assert u.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE, 4) == bytes([socket.SOCK_DGRAM, 0, 0, 0])

assert socket.inet_aton('1.2.3.4') == b'\1\2\3\4' and socket.inet_ntoa(b'\1\2\3\4') == '1.2.3.4'
assert socket.inet_ntop(socket.AF_INET6, bytes(15) + b'\1') == '::1'
assert socket.inet_pton(socket.AF_INET6, '::1') == bytes(15) + b'\1'
raises(OSError, 'illegal IP address string passed to inet_pton', lambda: socket.inet_pton(socket.AF_INET, 'x'))
assert socket.htons(258) == 513 and socket.htonl(1) == 1 << 24
raises(OverflowError, 'Python int too large for C uint16_t', lambda: socket.htons(65536))
raises(ValueError, 'Cannot convert negative int', lambda: socket.htons(-1))
info = socket.getaddrinfo('127.0.0.1', 80, type=socket.SOCK_STREAM)
assert info[0][0] == socket.AF_INET and info[0][4] == ('127.0.0.1', 80)
assert socket.getnameinfo(('127.0.0.1', 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV) == ('127.0.0.1', '80')
raises(socket.gaierror, None, lambda: socket.getaddrinfo(None, None))
assert issubclass(socket.gaierror, OSError) and socket.gaierror.__module__ == 'socket'
assert socket.CMSG_LEN(10) == 26 and socket.CMSG_SPACE(10) == 32
