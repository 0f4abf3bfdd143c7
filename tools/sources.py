#!/usr/bin/env python3
"""Prints the files under the given folders whose names end in the given suffix, sorted, one a line, relative to the
folder of the meson.build that asks.

usage: sources.py SUFFIX FOLDER...     (the build calls it; run `meson setup --reconfigure` after adding a file)
"""
import os
import sys

suffix, folders = sys.argv[1], sys.argv[2:]
found = []
for folder in folders:
    for where, _, names in os.walk(folder):
        found += [os.path.join(where, name) for name in names if name.endswith(suffix)]
here = os.path.join(os.environ.get("MESON_SOURCE_ROOT", "."), os.environ.get("MESON_SUBDIR", ""))
print("\n".join(sorted(os.path.relpath(path, here) for path in found)))
