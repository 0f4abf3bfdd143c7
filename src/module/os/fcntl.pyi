"Operations on file descriptors: fcntl, ioctl, and locks on files."

@raw
def fcntl(fd, cmd, arg = 0, /):
    """Does the operation cmd on a descriptor. arg is an int, or bytes, which the operation may
    change: then the changed bytes are returned, else the operation's result."""
@raw
def ioctl(fd, request, arg = 0, mutate_flag = True, /):
    """Does the operation request of a device. arg is an int, or bytes, which the operation may
    change: in place where the buffer is writable and mutate_flag is true, else in a copy that is
    returned."""
def flock(fd, operation: int, /) -> None: "Locks a whole file: LOCK_SH, LOCK_EX or LOCK_UN, with LOCK_NB so as not to wait."
def lockf(fd, cmd: int, len: opt = ..., start: opt = ..., whence: int = 0, /): "Locks len bytes of a file from start on, as whence says; 0 is up to the end."
