# The end of a program: exit codes, atexit, modules taken down, finalizers, what cannot be written.
import os
import subprocess
import sys


def end(program, *options, stdin=b''):
    done = subprocess.run([sys.executable, *options, '-c', program], input=stdin, capture_output=True)
    return done.returncode, done.stdout, done.stderr


assert end('import sys; sys.exit(3)') == (3, b'', b'')
assert end('import sys; sys.exit("text")') == (1, b'', b'text\n')
assert end('raise SystemExit(None)') == (0, b'', b'')
assert end('raise SystemExit(300)')[0] == 44
assert end('import os; os._exit(9)')[0] == 9
code, out, err = end('1/0')
assert code == 1 and err.endswith(b'ZeroDivisionError: division by zero\n') and b'    1/0\n' in err
assert end('import os, signal; os.kill(os.getpid(), signal.SIGINT)')[0] == -2
assert end('class A:\n def __del__(self): print("gone")\na = A()')[1] == b'gone\n'
assert end('class A:\n def __del__(self): print("gone")\na = A(); a.a = a')[1] == b'gone\n'
assert end('import atexit; atexit.register(print, "bye"); import sys; sys.exit(4)') == (4, b'bye\n', b'')
assert end('import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.1), print("late"))).start()')[1] == b'late\n'
assert end('import threading, time\nthreading.Thread(target=time.sleep, args=(100,), daemon=True).start(); print(1)')[:2] == (0, b'1\n')
assert end('import os\nclass A:\n def __del__(self): os.fork()\na = A()')[2].count(b'fork at interpreter shutdown') == 1
assert end(' print(1)\n print(2)')[1] == b'1\n2\n'
r, w = os.pipe()
os.close(r)
assert subprocess.run([sys.executable, '-I', '-c', 'print(1)'], stdout=w, stderr=subprocess.DEVNULL).returncode == 120
os.close(w)
done = subprocess.run([sys.executable, '-i', '-q', '-c', 'x = 5'], input=b'x + 1\nif x:\n  x + 2\n\n1/0\n', capture_output=True)
assert done.returncode == 0 and done.stdout == b'6\n7\n' and b'ZeroDivisionError' in done.stderr
os.mkdir('folder')
open('folder/__main__.py', 'w').write('import sys; print(__name__, sys.argv)')
assert subprocess.run([sys.executable, 'folder', 'a'], capture_output=True).stdout == b"__main__ ['folder', 'a']\n"
open('script.py', 'w').write('print(__file__)')
assert subprocess.run([sys.executable, 'script.py'], capture_output=True).stdout.strip().decode() == os.path.abspath('script.py')
assert subprocess.run([sys.executable, 'nosuch.py'], capture_output=True).returncode == 2
assert subprocess.run([sys.executable, '-'], input=b'import sys; print(sys.argv)', capture_output=True).stdout == b"['-']\n"
