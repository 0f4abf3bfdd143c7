"""Whichever request for memory is refused while the interpreter starts: it starts, or says in words that it cannot, and ends with exit code 1.

usage: startup.py [STEP [FIRST]]      tries every STEP-th request, each alone and with all that follow"""
# run: timeout=120
import os
import subprocess
import sys

from _each_request import try_each

LAST = 40_000  # more than a start takes


def start(first, last):
    """How it ended, if it should not have ended so."""
    setting = {"WEFT_FAIL_ALLOC": f"{first}-{last}"}
    done = subprocess.run([sys.executable, "-c", "print('started')"], env=os.environ | setting, capture_output=True, text=True, timeout=60)
    if done.returncode in (0, 120):  # 120: what was left to do at the end failed
        right = done.stdout == "started\n"
    else:  # the library may turn MemoryError into another exception, but something is said
        right = done.returncode == 1 and done.stderr.strip()
    return None if right else f"{setting}: exit code {done.returncode}, {done.stdout!r}, {done.stderr[-300:]!r}"


try_each(start, LAST, 1409)
