"Waiting for files, sockets and pipes to be ready: select, poll and epoll."

def select(rlist, wlist, xlist, timeout = None, /):
    """Waits until some of the files can be read, written, or have an exceptional condition; at
    most timeout seconds. Files are numbers or have fileno(). Returns three lists of those that
    are ready."""
@raw
def poll():
    "A polling object, with no files registered."
