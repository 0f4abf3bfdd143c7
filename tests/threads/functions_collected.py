# Functions that only a full collection frees, made for threads, while collections go on: each is freed once.
import gc
import threading
import _thread

for round in range(60):
    done = threading.Event()

    def body():
        done.set()

    _thread.start_new_thread(body, ())
    done.wait()
    gc.collect()
    gc.collect()
    made = [lambda: number for number in range(50)]
    del made
