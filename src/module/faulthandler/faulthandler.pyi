"Shows what the program was doing when it crashes, after some time, or on a signal."

def enable(file=None, all_threads: bool = True, c_stack: bool = True) -> None:
    """Has the stack written to file (sys.stderr by default) when the program crashes.

    The signals are SIGSEGV, SIGFPE, SIGABRT, SIGBUS and SIGILL."""
def disable(): "Undoes enable(). Returns whether it was enabled."
def is_enabled(): "Whether enable() is in force."
def dump_traceback(file=None, all_threads: bool = True) -> None: "Writes the stack of this thread, or of all, to file."
def dump_c_stack(file=None) -> None: "Writes the C functions that led here to file."
def dump_traceback_later(timeout, repeat: bool = False, file=None, exit: bool = False) -> None:
    """Has the stacks of all threads written to file after timeout seconds.

    With repeat, again and again; with exit, the program ends then, at once."""
def cancel_dump_traceback_later() -> None: "Undoes dump_traceback_later()."
def register(signum: int, file=None, all_threads: bool = True, chain: bool = False) -> None:
    "Has the stack written to file on a signal; with chain, the handler that was there is called too."
def unregister(signum: int): "Undoes register(). Returns whether it was registered."
def _read_null() -> None: "Reads from address 0."
def _sigsegv(release_gil: bool = False) -> None: "Raises SIGSEGV."
def _sigabrt() -> None: "Raises SIGABRT."
def _sigfpe() -> None: "Raises SIGFPE."
def _stack_overflow() -> None: "Uses up the C stack."
def _fatal_error_c_thread() -> None: "Fails in a new thread of C."
