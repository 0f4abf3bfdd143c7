# PYTHON_THREAD_GRANULARITY makes threads give way at safepoints; a program that is right gives the same results.
import os
import subprocess
import sys

code = '''
import threading

lock, total, seen = threading.Lock(), 0, []


def add(n):
    global total
    for i in range(n):
        with lock:
            total += 1
        seen.append(i)


threads = [threading.Thread(target=add, args=(200,)) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(total, len(seen))
'''


def run(**settings):
    done = subprocess.run([sys.executable, '-c', code], env={**os.environ, **settings}, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


for n in '0', '1', '7', '1000':
    for seed in '0', '12345678901':
        result = run(PYTHON_THREAD_GRANULARITY=n, PYTHON_THREAD_SEED=seed)
        assert result == (0, '600 600\n', ''), result
if sys.implementation.name == 'weft':
    for settings in {'PYTHON_THREAD_GRANULARITY': 'x'}, {'PYTHON_THREAD_GRANULARITY': '-1'}, {'PYTHON_THREAD_SEED': '1.5'}:
        code_, _, text = run(**settings)
        assert code_ == 1 and 'PYTHON_THREAD_' in text, (code_, text)
