# atexit.register and unregister from all threads, of a module that a thread was the first to import: nothing is lost.
import subprocess
import sys

code = '''
import sys, threading

sys.modules.pop('atexit', None)
ran = []


def mine(i, n):
    ran.append((i, n))


def gone():
    ran.append('gone')


def work(i):
    barrier.wait()
    import atexit
    for n in range(500):
        assert atexit.register(mine, i, n=n) is mine
        atexit.register(gone)
        if n % 25 == 0:
            atexit.unregister(gone)
            assert atexit._ncallbacks() > 0


barrier = threading.Barrier(4)
threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
import atexit
atexit.unregister(gone)
atexit._run_exitfuncs()
assert 'gone' not in ran and sorted(ran) == [(i, n) for i in range(4) for n in range(500)], len(ran)
print('done')
'''
for _ in range(3):
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, 'done\n', ''), done
