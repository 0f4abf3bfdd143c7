class lock:
    "A lock that is not reentrant: any thread may release it."
    __c__ = "thread_lock", "LockObject"
    def __new__(cls): ...
    def acquire(self, blocking: bool = True, timeout = -1) -> bool:
        "Take the lock: True when it was taken. Waits at most timeout seconds (-1: for ever), not at all when not blocking."
    def acquire_lock(self, blocking: bool = True, timeout = -1) -> bool: "An old name of acquire()."
    def release(self) -> None: "Give the lock back; RuntimeError when nobody holds it."
    def release_lock(self) -> None: "An old name of release()."
    def locked(self) -> bool: "Does anybody hold the lock?"
    def locked_lock(self) -> bool: "An old name of locked()."
    def __enter__(self) -> bool: "Take the lock."
    @raw
    def __exit__(self, /, *args): "Give the lock back."
    def _at_fork_reinit(self) -> None: "Make the lock free again, in the child of a fork."

class RLock:
    "A reentrant lock: its holder may take it again, and gives it back as often."
    __c__ = "thread_rlock", "RLockObject"
    def acquire(self, blocking: bool = True, timeout = -1) -> bool:
        "Take the lock, or count once more when this thread has it: True when it was taken."
    def release(self) -> None: "Give the lock back once; RuntimeError when this thread does not hold it."
    def locked(self) -> bool: "Does anybody hold the lock?"
    def __enter__(self) -> bool: "Take the lock."
    @raw
    def __exit__(self, /, *args): "Give the lock back once."
    def _is_owned(self) -> bool: "Does this thread hold the lock?"
    def _recursion_count(self) -> ssize: "How often this thread holds the lock."
    def _release_save(self): "Give the lock back wholly: what _acquire_restore() needs to take it again."
    def _acquire_restore(self, state, /) -> None: "Take the lock as it was given back by _release_save()."
    def _at_fork_reinit(self) -> None: "Make the lock free again, in the child of a fork."
