#!/usr/bin/env python3
"""Makes a header that changes with the compiler: cached code of another compiler must not be used.

usage: hashgen.py OUTPUT SOURCE...
"""
import sys
import zlib

value = 0
for path in sorted(sys.argv[2:]):
    with open(path, "rb") as source:
        value = zlib.crc32(source.read(), value)
with open(sys.argv[1], "w") as out:
    out.write(f"/* Of the sources of the parser and the compiler. */\n#define COMPILER_HASH {value}u\n")
