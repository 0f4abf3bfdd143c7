__c__ = "tracemalloc"

def is_tracing() -> bool: "Whether allocations are being traced."
def clear_traces() -> None: "Forgets all traces. Tracing goes on."
def _get_traces():
    """The traces of all memory blocks that are in use: a list of tuples (domain, size, traceback, total_nframe).

    A traceback is a tuple of (filename, lineno), the innermost frame first."""
def _get_object_traceback(obj, /):
    "The traceback of where obj was made; None where no trace is kept."
def start(nframe: int = 1, /) -> None:
    "Starts to trace allocations, or goes on, keeping up to nframe frames of each."
def stop() -> None: "Stops tracing and forgets all traces."
def get_traceback_limit() -> int: "How many frames of a traceback are kept at most."
def get_tracemalloc_memory() -> ssize: "The bytes of memory that the traces themselves take."
def get_traced_memory(): "A tuple (current, peak): the bytes in blocks that are traced, now and at the most."
def reset_peak() -> None: "Sets the peak of get_traced_memory() to what is traced now."
