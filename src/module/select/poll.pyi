class poll:
    "Waits for the files registered with it."
    __c__ = "poll", "Poll"
    def register(self, fd, eventmask: opt = ..., /) -> None:
        "Registers a file for some events; the default is POLLIN | POLLPRI | POLLOUT."
    def modify(self, fd, eventmask, /) -> None: "Changes the events of a registered file."
    def unregister(self, fd, /) -> None: "Removes a file."
    def poll(self, timeout = None, /):
        "Waits at most timeout milliseconds. Returns a list of pairs: file, events that happened."
