"""What the benchmarks share: finding the interpreters, running one program, and plain tables."""
import argparse
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Of what the user's environment says about Python, nothing counts: .pyc files are written and used.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}


THREADS = max(2, min(os.cpu_count() or 2, 8))


class Options(argparse.ArgumentParser):
    """The options that benchmarks have in common: --weft, --peer, what to run (`what`, all if it is empty), and numbers
    with their defaults. --help prints the script's own docstring."""

    def __init__(self, doc, peer="cpython", **numbers):
        super().__init__()
        self.doc = doc
        self.add_argument("--weft", default="weft")
        self.add_argument("--peer", default=peer)
        for name, default in numbers.items():
            self.add_argument(f"--{name}", type=int, default=default)
        self.add_argument("what", nargs="*")

    def format_help(self):
        return self.doc


def find(kind):
    """The path of an interpreter: `weft`, `cpython`, `pypy`, or a path as it is given."""
    peers = os.environ.get("PEERS") or os.path.expanduser("~/.cache/weft-peers")
    candidates = {
        "weft": [str(ROOT / "build/weft")],
        "cpython": [shutil.which("python3.14"), f"{peers}/usr/bin/python3.14"],
        "pypy": [shutil.which("pypy3"), f"{peers}/usr/bin/pypy3.11"],
    }.get(kind, [shutil.which(kind), kind])
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return os.path.abspath(candidate)
    sys.exit(f"bench: no {kind} here; looked for {', '.join(c for c in candidates if c)}")


def run(command, timeout=300):
    """Runs a program. Gives (processor seconds, wall seconds, output), or (None, None, why)."""
    began = time.perf_counter()
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, env=ENVIRONMENT)
    except OSError as error:
        return None, None, str(error)
    killer = threading.Timer(timeout, process.kill)
    killer.start()
    output = process.stdout.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(process.pid, 0)
    killer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode:
        lines = output.strip().splitlines()
        return None, None, f"exit code {process.returncode}: {lines[-1][:100] if lines else ''}"
    return usage.ru_utime + usage.ru_stime, wall, output


def geometric_mean(values):
    product = 1.0
    for v in values:
        product *= v ** (1 / len(values))
    return product


def bar(share, width=20):
    """A bar of `share` (0..1 and beyond) of the width."""
    eighths = max(0, min(round(share * width * 8), width * 8))
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()
