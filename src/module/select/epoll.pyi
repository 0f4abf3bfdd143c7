class epoll:
    """Waits for files by the system's epoll: its time does not grow with the number of files that
    nothing happens to."""
    __c__ = "epoll", "Epoll"
    def __new__(cls, sizehint: int = -1, flags: int = 0): ...
    @classmethod
    def fromfd(cls, fd: int, /): "An epoll object of a descriptor that is one already."
    def close(self, /) -> None: "Closes its descriptor. It cannot be used any more."
    def fileno(self, /) -> ssize: "Its descriptor."
    def register(self, fd, eventmask: opt = ...) -> None:
        "Registers a file for some events; the default is EPOLLIN | EPOLLPRI | EPOLLOUT."
    def modify(self, fd, eventmask) -> None: "Changes the events of a registered file."
    def unregister(self, fd) -> None: "Removes a file."
    def poll(self, timeout = None, maxevents: int = -1):
        """Waits at most timeout seconds for at most maxevents events. Returns a list of pairs:
        file, events that happened."""
    def __enter__(self, /): "The object itself."
    def __exit__(self, exc_type = None, exc_value = None, exc_tb = None, /) -> None: "Closes it."
    @property
    def closed(self): "Is it closed?"
