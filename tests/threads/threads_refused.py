# A thread that the system does not start is a RuntimeError, and leaves nothing behind.
import threading

import _thread

before = threading.active_count()
threading.stack_size(2 ** 46)   # of which there is one half for everything
refused = 0
for _ in range(50):
    t = threading.Thread(target=lambda: None)
    try:
        t.start()
    except RuntimeError as error:
        assert "can't start new thread" in str(error), error
        refused += 1
        assert not t.is_alive() and t.ident is None
    try:
        _thread.start_new_thread(lambda: None, ())
    except RuntimeError as error:
        assert "can't start new thread" in str(error), error
        refused += 1
threading.stack_size(0)
assert refused == 100, refused
assert threading.active_count() == before and _thread._count() == before - 1
ran = []
threads = [threading.Thread(target=ran.append, args=(n,)) for n in range(10)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(ran) == list(range(10))
