"""Whichever request for memory is refused after the program's last line: the process ends with some exit code, neither crashes nor hangs, and what was
printed is there.

usage: shutdown_when_short.py [STEP [FIRST]]    tries every STEP-th request, each alone and with all that follow"""
# run: timeout=120
import os
import subprocess
import sys

from _each_request import FOREVER, try_each

LAST = 2_600  # more than an end takes

PROGRAM = """
import asyncio, atexit, concurrent.futures, gc, os, sys, threading, weakref
from _weft_faults import fail

class Finalized:
    def __init__(self):
        self.me = self

    def __del__(self):
        {}[1] = [self.me]

class Closing:
    def __del__(self):
        print("finalized", file=sys.stderr)

kept, cycle, closing = Finalized(), Finalized(), Closing()
del cycle
weakref.finalize(kept, print, "weakly", file=sys.stderr)
atexit.register(lambda *args: [args, sorted(args)], 1, 2, 3)
atexit.register(print, "at exit", file=sys.stderr)
local = threading.local()
local.x = kept
pool = concurrent.futures.ThreadPoolExecutor(1)
pool.submit(int).result()
begin = threading.Event()

def daemon():
    begin.wait()
    while True:
        try:
            [str(n) for n in range(100)]
        except MemoryError:
            pass

def last():
    begin.wait()
    for tries in 1, 2, 3:
        try:
            os.write(%d, b"worked")
            return
        except MemoryError:
            pass

threading.Thread(target=daemon, daemon=True).start()
threading.Thread(target=last).start()
loop = asyncio.new_event_loop()
print("printed " * 3)
print("more", end="")
fail(%d, %d, True)
begin.set()
"""


def end(first, last):
    """How it ended, if it should not have ended so."""
    reading, writing = os.pipe()
    try:
        done = subprocess.run([sys.executable, "-c", PROGRAM % (writing, first, last)], capture_output=True, text=True, timeout=60, pass_fds=(writing,),
                              env=os.environ | {"ASAN_OPTIONS": "detect_leaks=0"})  # what cannot fail leaks then: docs/memory.md
        code, out, err = done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as expired:
        code, out, err = "none: it hung", (expired.stdout or b"").decode(), (expired.stderr or b"").decode()
    os.close(writing)
    with open(reading) as worked:
        right = code in (0, 1, 120) and out == "printed printed printed \nmore" and (worked.read() == "worked" or last == FOREVER)
    return None if right else f"{first}-{last}: exit code {code}, {out!r}, {err[-600:]!r}"


try_each(end, LAST, 173)
