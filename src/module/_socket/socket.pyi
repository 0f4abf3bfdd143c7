class socket:
    """An end of a connection, or what waits for connections: the system's sockets.

    Addresses: (host, port) for AF_INET; (host, port, flowinfo, scope_id) for AF_INET6; a path as str
    or bytes for AF_UNIX; other families have tuples of their own."""
    __c__ = "socket", "Socket"
    def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno = None): ...
    def _accept(self, /): "Waits for a connection. Returns its descriptor and the peer's address."
    def bind(self, object, /) -> None: "Gives the socket a local address."
    def close(self, /) -> None: "Closes the socket. It cannot be used any more."
    def connect(self, object, /) -> None: "Connects the socket to an address."
    def connect_ex(self, object, /): "Connects the socket to an address. Returns an error number instead of raising, 0 for success."
    def detach(self, /) -> ssize: "Gives the descriptor away: the socket is as if closed, the descriptor stays open."
    def fileno(self, /) -> ssize: "The descriptor, -1 when closed."
    def getpeername(self, /): "The address of the other end."
    def getsockname(self, /): "The address of this end."
    @raw
    def getsockopt(self, level, option, buffersize = 0, /):
        "An option of the socket: an int, or bytes where buffersize says how many."
    @raw
    def setsockopt(self, level, option, value, optlen = ..., /):
        "Sets an option of the socket: an int, bytes, or None with a length for a null pointer."
    def listen(self, backlog: int = 128, /) -> None: "Lets the socket accept connections, so many waiting."
    @raw
    def recv(self, bufsize, flags = 0, /): "Receives at most bufsize bytes; none when the other end closed."
    def recv_into(self, buffer: wbuffer, nbytes: ssize = 0, flags: int = 0) -> ssize:
        "Receives at most nbytes bytes (by default, as many as fit) into a buffer. Returns how many."
    @raw
    def recvfrom(self, bufsize, flags = 0, /): "Receives at most bufsize bytes. Returns them and the sender's address."
    def recvfrom_into(self, buffer: wbuffer, nbytes: ssize = 0, flags: int = 0):
        "Receives into a buffer. Returns how many bytes and the sender's address."
    def recvmsg(self, bufsize: ssize, ancbufsize: ssize = 0, flags: int = 0, /):
        "Receives bytes and ancillary data. Returns (bytes, [(level, type, bytes), ...], flags, address)."
    @raw
    def recvmsg_into(self, buffers, ancbufsize = 0, flags = 0, /):
        "Receives into buffers, and ancillary data. Returns (number of bytes, ancillary data, flags, address)."
    def send(self, data: lent, flags: int = 0, /) -> ssize: "Sends bytes. Returns how many of them the system took."
    def sendall(self, data: lent, flags: int = 0, /) -> None: "Sends all of the bytes."
    @raw
    def sendto(self, data, flags = ..., address = ..., /): "Sends bytes to an address: sendto(data[, flags], address)."
    @raw
    def sendmsg(self, buffers, ancdata = ..., flags = 0, address = None, /):
        "Sends the bytes of buffers, and ancillary data. Returns how many bytes the system took."
    def sendmsg_afalg(self, msg = None, *, op: opt = ..., iv: opt = ..., assoclen: opt = ..., flags: int = 0) -> ssize:
        "Sends to a socket of the kernel's cryptography (AF_ALG)."
    def getblocking(self, /) -> bool: "Do the socket's operations wait?"
    def setblocking(self, flag: bool, /) -> None: "Sets whether the socket's operations wait."
    def gettimeout(self, /): "The time limit of operations in seconds, None without one."
    def settimeout(self, object, /) -> None: "Sets the time limit of operations in seconds: None for no limit, 0 for no waiting."
    def shutdown(self, object, /) -> None: "Shuts down one half of the connection, or both: SHUT_RD, SHUT_WR, SHUT_RDWR."
    @member
    @property
    def family(self): "The address family."
    @member
    @property
    def type(self): "The type."
    @member
    @property
    def proto(self): "The protocol."
    @property
    def timeout(self): "The time limit of operations in seconds, None without one."
