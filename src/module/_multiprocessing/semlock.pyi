class SemLock:
    "A semaphore, or lock, between processes."
    __c__ = "semlock", "SemLock"
    def __new__(cls, kind: int, value: int, maxvalue: int, name: cstr, unlink: bool): ...
    @classmethod
    def _rebuild(cls, handle: ssize, kind: int, maxvalue: int, name: cstr_opt, /): "Opens a semaphore that another process made."
    def acquire(self, /, block: bool = True, timeout = None) -> bool: "Takes it: waits as long as it takes, or at most timeout seconds, or not at all."
    def release(self, /) -> None: "Gives it back."
    def _count(self, /) -> ssize: "How often this process's thread has taken it."
    def _is_mine(self, /) -> bool: "Has this thread taken it?"
    def _is_zero(self, /) -> bool: "Is its value zero?"
    def _get_value(self, /) -> ssize: "Its value."
    def _after_fork(self, /) -> None: "Forgets what the parent's threads took."
    def __enter__(self, /) -> bool: "Takes it."
    def __exit__(self, exc_type = None, exc_value = None, exc_tb = None, /) -> None: "Gives it back."
    @member
    @property
    def handle(self): "Its address in this process."
    @member
    @property
    def kind(self): "0 for a recursive lock, 1 for a semaphore."
    @member
    @property
    def maxvalue(self): "The most that its value may be."
    @member
    @property
    def name(self): "Its name, None where it has none any more."
