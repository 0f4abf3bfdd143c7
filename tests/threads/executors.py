# concurrent.futures: results, order, exceptions, cancellation, waiting, nested use.
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait


def square(n):
    return n * n


with ThreadPoolExecutor(4) as pool:
    assert list(pool.map(square, range(500))) == [n * n for n in range(500)]
    futures = [pool.submit(square, n) for n in range(100)]
    assert sorted(f.result() for f in as_completed(futures)) == [n * n for n in range(100)]
    failing = pool.submit(lambda: 1 / 0)
    assert type(failing.exception()) is ZeroDivisionError
    try:
        failing.result()
    except ZeroDivisionError:
        pass
    else:
        assert False
    slow, quick = pool.submit(time.sleep, 0.2), pool.submit(square, 3)
    done, waiting = wait([slow, quick], return_when=FIRST_COMPLETED, timeout=30)
    assert quick in done and quick.result() == 9
    called = threading.Event()
    f = pool.submit(square, 4)
    f.add_done_callback(lambda f: f.result() == 16 and called.set())
    assert called.wait(30)
try:
    pool.submit(square, 1)
except RuntimeError as error:
    assert 'after shutdown' in str(error)
else:
    assert False

gate = threading.Event()
pool = ThreadPoolExecutor(1, thread_name_prefix='named')
first = pool.submit(gate.wait, 30)
second = pool.submit(square, 2)
while not first.running():
    pass
assert second.cancel() and second.cancelled() and not first.cancel()
name = pool.submit(lambda: threading.current_thread().name)
gate.set()
assert first.result() is True and name.result().startswith('named')
pool.shutdown()
plain = Future()
threading.Timer(0.01, plain.set_result, [5]).start()
assert plain.result(30) == 5
local = threading.local()
with ThreadPoolExecutor(2, initializer=lambda: setattr(local, 'ready', True)) as pool:
    assert all(pool.map(lambda _: local.ready, range(20)))
try:
    Future().result(0.01)
except TimeoutError:
    pass
else:
    assert False
