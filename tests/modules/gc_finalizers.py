"""Finalizers of one collection: what runs the program's own code finds its files and sockets open, and a file writes out what it holds before those below it are closed. (CPython finalizes in the order of birth: there this fails.)"""
import asyncio
import gc
import io
import socket
import sys
import warnings

warnings.simplefilter("ignore", ResourceWarning)
gc.disable()
seen = []


class Holder:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)
        self.me = self


def is_closed(resource):
    return resource.fileno() == -1 if isinstance(resource, socket.socket) else resource.closed


class Owner(Holder):
    def __del__(self):
        seen.append(is_closed(self.resource))


def waiting(resource):
    try:
        yield
    finally:
        seen.append(is_closed(resource))


def closed_first(make, by_generator):
    """What is made dies in a cycle with what looks at it then: was it closed?"""
    resource = make()
    holder = Holder(generator=waiting(resource)) if by_generator else Owner(resource=resource)
    if by_generator:
        next(holder.generator)
    del resource, holder
    gc.collect()
    return seen.pop()


for make in lambda: open("some", "w"), lambda: open("some", "rb", 0), socket.socket:
    for _ in range(20):
        assert not closed_first(make, by_generator=False)
        assert not closed_first(make, by_generator=True)

for make in (lambda: open("written", "w"), lambda: io.TextIOWrapper(io.BufferedWriter(io.FileIO("written", "w"))),
             lambda: io.TextIOWrapper(io.BufferedRandom(io.FileIO("written", "w+")))):
    for _ in range(20):
        holder = Holder(file=make())
        holder.file.write("all of it")
        del holder
        gc.collect()
        assert open("written").read() == "all of it"

# a pair of sockets: what its file holds goes out
for _ in range(20):
    one, other = socket.socketpair()
    holder = Holder(file=one.makefile("w"), socket=one)
    holder.file.write("to the other")
    del holder, one
    gc.collect()
    assert other.recv(100) == b"to the other" and other.recv(100) == b""
    other.close()

# an event loop that nobody closed closes its own sockets
errors = []
loop = asyncio.new_event_loop()
loop.me = loop
del loop
with warnings.catch_warnings(record=True) as shown:
    warnings.simplefilter("always")
    sys.unraisablehook = errors.append
    gc.collect()
assert errors == [] and [str(w.message)[:20] for w in shown] == ["unclosed event loop "], (errors, shown)
