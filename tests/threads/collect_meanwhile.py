# gc.collect() collects, and the end of the program runs finalizers, also while a thread that just started collects.
import subprocess
import sys

program = '''
import gc, threading
class Cycle:
    def __init__(self):
        self.me = self
        self.thread = threading.Thread(target=threading.Event().wait, daemon=True)
        self.thread.start()
    def __del__(self):
        print("del", flush=True)
Cycle()
%s
'''
for last, expected in ("gc.collect(); print('after', flush=True)", "del\nafter\n"), ("", "del\n"):
    for _ in range(5):
        out = subprocess.run([sys.executable, "-c", program % last], capture_output=True, text=True, timeout=60)
        assert out.stdout == expected, out
