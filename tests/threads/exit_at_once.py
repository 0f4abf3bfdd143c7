# os._exit, an uncaught error and a signal end a program at once, whatever its threads are doing.
import os
import signal
import subprocess
import sys

busy = '''
import os, signal, sys, threading, time, queue
shared, lock, numbers = {}, threading.Lock(), queue.SimpleQueue()


def churn(i):
    n = 0
    while True:
        n += 1
        shared[i, n % 100] = [n, shared.get((i - 1, n % 100))]
        with lock:
            shared.pop((i - 1, n % 100), None)
        if n % 50 == 0:
            shared.clear()


def nap():
    while True:
        time.sleep(0.001)


for i in range(3):
    threading.Thread(target=churn, args=(i,)).start()
threading.Thread(target=nap).start()
threading.Thread(target=numbers.get).start()
started = threading.Event()
threading.Thread(target=started.set).start()
started.wait()
for _ in range(2000):
    pass
'''


def run(last, code):
    done = subprocess.run([sys.executable, '-c', busy + last], capture_output=True, text=True, timeout=50,
                          env={k: v for k, v in os.environ.items() if k != 'PYTHONUNBUFFERED'})
    assert done.returncode == code, (done, last)
    return done


for _ in range(2):
    run('os._exit(7)', 7)
    assert run('sys.stdout.write("unwritten"); os._exit(0)', 0).stdout == ''
    run('threading.Thread(target=os._exit, args=(9,)).start(); lock.acquire(); time.sleep(60)', 9)
    run('os.kill(os.getpid(), signal.SIGKILL); time.sleep(60)', -signal.SIGKILL)
    run('signal.signal(signal.SIGTERM, signal.SIG_DFL); os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)', -signal.SIGTERM)
    run('with lock: os._exit(3)', 3)
    run('import atexit; atexit.register(print, "not printed"); os._exit(4)', 4)
    run('os.abort()', -signal.SIGABRT)
