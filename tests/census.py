#!/usr/bin/env python3
"""What programs leave behind: runs each test several times in one process, and names what there is more of after each run.

usage: tests/census.py [--on COMMAND] [WHAT...]      (WHAT: words in the paths; all of lang, types and modules if none)

Counted are the objects that the collector tracks, by type, and all blocks (sys.getallocatedblocks). What a program leaves once, as caches do, does
not count. Some programs leave something by right (audit hooks, the caches of typing, a cycle that cannot be cleared: on CPython, too), and some cannot
run twice in a process: those are named with what they raised.
"""
import argparse
import collections
import gc
import io
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent
RUNS, SETTLED = 7, 4  # caches are full after the first runs


def counted():
    for _ in range(4):
        gc.collect()
    return collections.Counter(type(o).__qualname__ for o in gc.get_objects()), sys.getallocatedblocks()


def grows(numbers):
    return all(a < b for a, b in zip(numbers, numbers[1:]))


def count_runs(path):
    """In a process of its own: prints a line for what grows."""
    say = os.fdopen(os.dup(1), "w")
    sys.path.insert(0, str(TESTS))
    sys.stdout = sys.stderr = io.StringIO()
    rows = []
    try:
        for _ in range(RUNS):
            runpy.run_path(path, run_name="__main__")
            rows.append(counted())
    except BaseException as error:
        say.write(f"ended by {type(error).__name__}: {error}"[:100] + "\n")
    rows = rows[SETTLED - 1:]
    own = {"Counter", "tuple"}  # the rows themselves
    growing = [name for name in rows[-1][0] if grows([objects[name] - (i if name in own else 0)
                                                      for i, (objects, _) in enumerate(rows)])] if rows else []
    for name in growing:
        say.write(f"{name}: {[objects[name] for objects, _ in rows]}\n")
    if rows and grows([blocks for _, blocks in rows]) and not growing:
        say.write(f"blocks: {[blocks for _, blocks in rows]}\n")
    say.flush()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("--on", default=str(TESTS.parent / "build/weft"))
    parser.add_argument("--count", help=argparse.SUPPRESS)
    parser.add_argument("what", nargs="*")
    options = parser.parse_args()
    if options.count:
        count_runs(options.count)
    programs = [p for folder in ("lang", "types", "modules") for p in sorted((TESTS / folder).glob("*.py"))
                if not p.name.startswith("_")]
    interpreter, found = os.path.abspath(shutil.which(options.on) or options.on), 0
    for program in programs:
        name = str(program.relative_to(TESTS))
        if options.what and not any(w in name for w in options.what):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                said = subprocess.run([interpreter, __file__, "--count", str(program)], cwd=folder, capture_output=True, text=True,
                                      stdin=subprocess.DEVNULL, timeout=300).stdout
            except subprocess.TimeoutExpired:
                said = "took too long\n"
        if said:
            found += "ended by" not in said
            print(name, *said.splitlines(), sep="\n    ", flush=True)
    print(f"{found} programs leave something behind each time")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
