"Limits on what processes may use, and what they have used."

def getrusage(who: int, /): "What this process, its children or this thread have used: a struct_rusage."
def getrlimit(resource: int, /): "The limits of a resource: (soft, hard)."
def setrlimit(resource: int, limits, /) -> None: "Sets the limits of a resource: (soft, hard)."
@raw
def prlimit(pid, resource, limits = None, /): "The limits of a resource of any process; also sets them, where given."
def getpagesize() -> ssize: "The size of a page of memory in bytes."
