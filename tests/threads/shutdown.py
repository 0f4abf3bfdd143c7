# The end of a program: non-daemon threads are awaited, daemon threads are not, atexit runs after
# the former.
import subprocess
import sys


def run(code):
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


code, out, err = run('''
import threading, time, atexit
atexit.register(lambda: print('atexit'))
threading.Thread(target=lambda: (time.sleep(0.2), print('thread'))).start()
print('main')
''')
assert (code, out, err) == (0, 'main\nthread\natexit\n', ''), (code, out, err)
code, out, err = run('''
import threading, time
for _ in range(4):
    threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()
time.sleep(0.05)
print('main')
''')
assert (code, out, err) == (0, 'main\n', ''), (code, out, err)
code, out, err = run('''
import threading
def work(): raise KeyError('in thread')
t = threading.Thread(target=work, name='T')
t.start(); t.join()
print('goes on')
''')
assert code == 0 and out == 'goes on\n'
assert err.startswith('Exception in thread T:\nTraceback (most recent call last):\n')
assert err.rstrip().endswith("KeyError: 'in thread'")
code, out, err = run('''
import threading, sys
threading.Thread(target=threading.Event().wait, daemon=True).start()
lock = threading.Lock(); lock.acquire()
threading.Thread(target=lock.acquire, daemon=True).start()
sys.exit(7)
''')
assert (code, out, err) == (7, '', '')
