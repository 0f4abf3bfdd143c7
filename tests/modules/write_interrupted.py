"""A signal in the middle of a long write: its handler runs before the rest is written, and what it raises ends the write."""
import io
import os
import signal
import threading
import _pyio


def handler(*args):
    1 / 0


signal.signal(signal.SIGALRM, handler)
for module, mode, data, buffering in ((io, "wb", b"x" * (4 << 20), -1), (io, "w", "x" * (4 << 20), -1), (_pyio, "wb", b"x" * (4 << 20), -1),
                                      (io, "wb", b"x" * (4 << 20), 0)):
    r, w = os.pipe()
    seen = []
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    reader = threading.Thread(target=lambda: seen.append(os.read(r, 1)))
    reader.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    f = module.open(w, mode, buffering, closefd=False)
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        f.write(data)
        f.flush()
        assert False, "written all the same"
    except ZeroDivisionError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    os.set_blocking(w, False)
    try:
        os.write(w, b"x")   # the signal may have come before anything was written
    except BlockingIOError:
        pass
    os.set_blocking(w, True)
    reader.join()
    assert seen == [b"x"]
    drain = threading.Thread(target=lambda: [None for _ in iter(lambda: os.read(r, 1 << 20), b"")])
    drain.start()
    try:
        f.close()
    except Exception:
        pass
    os.close(w)
    drain.join()
    os.close(r)
