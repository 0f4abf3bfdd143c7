# Daemon threads in the middle of printing, importing and making classes when the program ends: it ends all the same, with what was
# written whole.
import re
import subprocess
import sys

PROGRAM = '''
import sys, threading, time
def prints():
    while True:
        print("x" * 50)
def writes():
    while True:
        sys.stdout.buffer.write(b"y" * 50 + b"\\n")
        sys.stderr.flush()
def hashes():
    import hashlib, zlib
    digest, packer = hashlib.sha256(), zlib.compressobj()
    while True:
        digest.update(b"x" * 100_000)
        packer.compress(b"x" * 1000)
def makes():
    n = 0
    while True:
        n += 1
        C = type("C", (Base,), {"x": n})
        Base.y = n
        list(Base.__dict__)
class Base:
    pass
for f in (prints, prints, writes, hashes, makes):
    threading.Thread(target=f, daemon=True).start()
time.sleep(0.02)
print("end")
'''

for _ in range(10):
    done = subprocess.run([sys.executable, '-c', PROGRAM], capture_output=True, timeout=60)
    assert done.returncode == 0 and b'end' in done.stdout, (done.returncode, done.stderr[-500:])
    assert re.fullmatch(b'(x{50}|y{50}\n|\n|end)*', done.stdout), done.stdout[-300:]
