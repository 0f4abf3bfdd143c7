"The filters of warnings, and issuing them: what the module warnings is built on."
__c__ = "warnings_py"

def warn(message, category=None, stacklevel: int = 1, source=None, *, skip_file_prefixes: tuple = ()) -> None:
    """Issues a warning, which filters may ignore or turn into an exception.

    message is a text, with category a subclass of Warning (by default UserWarning), or an instance of Warning.
    stacklevel says whose line is named: 1 the caller's, 2 its caller's. Frames of files whose names start with one of
    skip_file_prefixes are not counted. source is the object in question, of a ResourceWarning."""
def warn_explicit(message, category, filename: str, lineno: int, module: opt = ..., registry: opt = None, module_globals: opt = None, source: opt = None) -> None:
    "Issues a warning about a place that the caller gives."
def _acquire_lock() -> None: "Takes the lock of the filters. The same thread may take it again."
def _release_lock() -> None: "Gives the lock back."
def _filters_mutated_lock_held() -> None: "Says that the filters have changed. The caller holds the lock."
