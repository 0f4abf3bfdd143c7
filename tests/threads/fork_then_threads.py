# A child of fork() starts threads of its own, which collect and stop the world.
import gc
import os
import threading


def work(out):
    for _ in range(5):
        gc.collect()
    out.append('done')


child = os.fork()
if child == 0:
    out = []
    threads = [threading.Thread(target=work, args=(out,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(7 if out == ['done'] * 3 else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
