#!/usr/bin/env python3
"""Checks the house itself: which folder includes which, how big files are, stray blanks.

Prints `ok NAME` or `FAILED NAME` for each check, as the C unit tests do, and what is wrong.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["base", "sync", "heap", "object", "source", "compile", "vm", "jit", "module", "capi",
          "main"]
LONGEST = 1500


def tracked(*patterns):
    listing = subprocess.run(["git", "ls-files", "-z", "--", *patterns], cwd=ROOT,
                             capture_output=True, check=True).stdout
    return [ROOT / name for name in listing.decode().split("\0") if (ROOT / name).is_file()]


def layers():
    """A folder of src includes only itself and folders above it in the design's list."""
    for path in tracked("src/*.c", "src/*.h", "src/*.def", "src/*.inc"):
        parts = path.relative_to(ROOT / "src").parts
        if len(parts) < 2 or parts[0] not in LAYERS:
            continue
        here = LAYERS.index(parts[0])
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'\s*#\s*include\s+"([^"/]+)/', line)
            if match and match[1] in LAYERS and LAYERS.index(match[1]) > here:
                yield f"{path.relative_to(ROOT)}:{number}: {parts[0]} may not include {match[1]}"


def sizes():
    """A file over 1,500 lines says why at its top (a line with `long because`)."""
    for path in tracked("src/*", "tools/*", "lib/*", "tests/*.py", "bench/*.py"):
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        if len(lines) > LONGEST and not any("long because" in line.lower() for line in lines[:40]):
            yield f"{path.relative_to(ROOT)}: {len(lines)} lines"


def text():
    """Text files end in a newline, and have no trailing blanks and no tabs to indent by."""
    for path in tracked("*.c", "*.h", "*.def", "*.py", "*.pyi", "*.md", "*.build", "tools/*"):
        try:
            content = path.read_text()
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT)
        if content and not content.endswith("\n"):
            yield f"{name}: no newline at its end"
        for number, line in enumerate(content.splitlines(), 1):
            if line != line.rstrip():
                yield f"{name}:{number}: trailing blanks"
                break
            if line.startswith("\t"):
                yield f"{name}:{number}: indented by a tab"
                break


def main():
    failed = 0
    for check in (layers, sizes, text):
        problems = list(check())
        for problem in problems[:20]:
            print("  " + problem)
        print("FAILED" if problems else "ok", check.__name__)
        failed += bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
