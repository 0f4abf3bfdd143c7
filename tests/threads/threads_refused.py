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
assert refused == 100, refused

# who waits for one that is refused learns that it has not started
tried = []


def join_again_and_again():
    while len(tried) < 500:
        try:
            handle.join()
        except RuntimeError as error:
            assert str(error) == 'thread not started', error
        else:
            raise AssertionError('joined')


threading.stack_size(0)
handle = _thread._ThreadHandle()
waiter = threading.Thread(target=join_again_and_again)
waiter.start()
threading.stack_size(2 ** 46)
for tried_now in range(500):
    try:
        _thread.start_joinable_thread(lambda: None, handle=handle, daemon=False)
    except RuntimeError as error:
        assert str(error) == "can't start new thread", error
    tried.append(tried_now)
waiter.join()
threading.stack_size(0)
assert threading.active_count() == before and _thread._count() == before - 1
ran = []
threads = [threading.Thread(target=ran.append, args=(n,)) for n in range(10)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(ran) == list(range(10))
