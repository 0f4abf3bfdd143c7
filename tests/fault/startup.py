"""Whichever request for memory is refused while the interpreter starts: it starts, or says in words that it cannot, and ends with exit code 1.

usage: startup.py [STEP [FIRST]]      tries every STEP-th request, each alone and with all that follow"""
# run: timeout=120
import os
import subprocess
import sys

try:
    from _weft_faults import count
    able = count() >= 0
except ImportError:
    able = False

LAST = 40_000  # more than a start takes
FOREVER = 1 << 60


def start(first, last):
    """How it ended, if it should not have ended so."""
    setting = {"WEFT_FAIL_ALLOC": f"{first}-{last}"}
    done = subprocess.run([sys.executable, "-c", "print('started')"], env=os.environ | setting, capture_output=True, text=True, timeout=60)
    if done.returncode in (0, 120):  # 120: what was left to do at the end failed
        right = done.stdout == "started\n"
    else:  # the library may turn MemoryError into another exception, but something is said
        right = done.returncode == 1 and done.stderr.strip()
    return None if right else f"{setting}: exit code {done.returncode}, {done.stdout!r}, {done.stderr[-300:]!r}"


if able:
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1409
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    wrong = [found for n in range(first, LAST, step) for last in (n + 1, FOREVER) if (found := start(n, last))]
    assert not wrong, "\n".join(wrong)
else:
    print("SKIP a build that can refuse memory is needed")
