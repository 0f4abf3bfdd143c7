class _ThreadHandle:
    "What is known of a thread: its ident, and whether it has ended."
    __c__ = "thread_handle", "HandleObject"
    def __new__(cls): ...
    @property
    def ident(self): "The thread's ident, None before it has started."
    def join(self, timeout = None, /) -> None:
        "Wait until the thread has ended, at most timeout seconds."
    def is_done(self) -> bool: "Has the thread ended?"
    def _set_done(self) -> None: "Say that the thread has ended."
