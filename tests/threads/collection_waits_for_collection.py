"""A finalizer of a collection waits for a thread that wants a collection of its own, while others go on making garbage: nobody waits for ever."""
import gc
import threading


class Node:
    def __init__(self):
        self.me = self


def meet(live):
    """live: 150,000 lists make a collection go in slices."""
    wanted, done, stop = threading.Event(), threading.Event(), threading.Event()
    waited = []

    class Waits(Node):
        def __del__(self):
            wanted.set()
            waited.append(done.wait(30))

    def collect_too():
        wanted.wait()
        gc.collect()
        done.set()

    def churn():
        while not stop.is_set():
            for _ in range(100):
                Node()

    threads = [threading.Thread(target=f) for f in (collect_too, churn)]
    gc.disable()  # until the collection that is asked for
    Waits()
    for t in threads:
        t.start()
    gc.enable()
    gc.collect()
    threads[0].join()
    stop.set()
    threads[1].join()
    assert waited == [True], "the other's gc.collect() did not return"
    assert len(live) in (0, 150_000)


meet([])
meet([[i] for i in range(150_000)])
