# The system's names of threads, and threads at the end of the program.
import _thread
import subprocess
import sys
import threading

before = _thread._get_name()
limit = _thread._NAME_MAXLEN
for name, seen in (("short", "short"), ("x" * (limit + 5), "x" * limit), ("a\0b", "a"), ("namé", "namé")):
    _thread.set_name(name)
    assert _thread._get_name() == seen, (name, _thread._get_name())
_thread.set_name(before)

names = []
thread = threading.Thread(target=lambda: names.append(_thread._get_name()), name="worker")
thread.start()
thread.join()
assert names == ["worker"]

program = '''
import _thread, gc, threading
gc.disable()  # the cycle is there until the end
done = threading.Event()
class Cycle:
    def __init__(self):
        self.me = self
        self.thread = threading.Thread(target=done.wait, daemon=True)
        self.thread.start()
    def __del__(self):
        for timeout in None, 10:
            try:
                self.thread.join(timeout)
            except PythonFinalizationError as error:
                print(error)
        try:
            _thread.start_new_thread(print, ("no",))
        except PythonFinalizationError as error:
            print(error)
Cycle()
'''
out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
assert out.stdout.splitlines() == ["cannot join thread at interpreter shutdown"] * 2 + [
    "can't create new thread at interpreter shutdown"], out
