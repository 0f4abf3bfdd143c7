"""Memory that a class's __buffer__ lends: its view may be given back by any thread, and what reads the memory sees it at one moment."""
import queue
import struct
import threading

from together import together

# One view lent again and again: another thread gives those buffers back while this one, the only one that knows the view, lends it too.


class Lender:
    def __buffer__(self, flags):
        return self.view


def give_back(lent, given):
    try:
        while (buffer := lent.get()) is not None:
            buffer.release()
            del buffer
    finally:
        given.append(True)


def lend(count):
    view, lender = memoryview(bytearray()), Lender()
    lender.view = view
    held = struct.iter_unpack('B', view)        # which keeps it lent until the end
    lent, given = queue.SimpleQueue(), []
    buffers = [memoryview(lender) for _ in range(count)]
    del lender.view                             # now only those buffers have it, and this thread
    while buffers:
        lent.put(buffers.pop())
    lent.put(None)
    parts = [view] * 200
    thread = threading.Thread(target=give_back, args=(lent, given))
    thread.start()
    while not given:
        b''.join(parts)
    thread.join()
    del held
    view.release()                              # BufferError where a buffer was not counted


together(lambda: None)                          # from now on objects are their thread's own
for _ in range(4):
    lend(5_000)

# Nobody sees a change of the memory below halfway.
SIZE, ROUNDS = 1 << 17, 100
memory, done = bytearray(SIZE), []


class Window:
    def __buffer__(self, flags):
        return memoryview(memory).toreadonly()


def change():
    zeros, ones = bytes(SIZE), b'\1' * SIZE
    while not done:
        memory[:] = ones
        memory[:] = zeros


def read():
    window = Window()
    view = memoryview(window)
    try:
        for _ in range(ROUNDS):
            for found in b''.join([window, b'']), bytes(window), b''.join([view, b'']):
                assert found.count(1) in (0, SIZE), found.count(1)
    finally:
        done.append(True)


together(change, read)
