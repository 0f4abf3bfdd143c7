#!/usr/bin/env python3
"""Bytes of resident memory per object: a list of many of one kind, on Weft and on CPython 3.14.

usage: bench/memory.py [--weft PATH] [--peer PATH] [--count N] [KIND...]

Each kind is made N times (a million) in a process of its own; shown is the growth of the resident
size divided by N, less the 8 bytes of the list's slot. The last row is the resident size of the
interpreter that has only started.
"""
import sys

from peers import Options, find, run

SETUP = """
import gc
def rss():
    with open('/proc/self/statm') as f:
        return int(f.read().split()[1]) * 4096
class Empty: pass
class Three:
    def __init__(self, i):
        self.a, self.b, self.c = i, i, None
class Slots:
    __slots__ = 'a', 'b', 'c'
    def __init__(self, i):
        self.a, self.b, self.c = i, i, None
def gen(): yield
def outer(i):
    def inner(): return i
    return inner
gc.disable()
N = %d
out = [None] * N
before = rss()
for i in range(N):
    out[i] = %s
print((rss() - before) / N)
"""

KINDS = {
    "instance": "Empty()", "instance, 3 fields": "Three(i)", "slots, 3 fields": "Slots(i)",
    "float": "i * 1.5", "int": "i + 1000", "int, 100 bits": "i + 2 ** 100",
    "complex": "complex(i, 1)",
    "tuple of 2": "(i, None)", "tuple of 5": "(i, i, i, i, i)", "list, empty": "[]",
    "list of 3": "[i, i, i]",
    "dict, empty": "{}", "dict of 1": "{'a': i}",
    "dict of 5": "{'a': i, 'b': i, 'c': i, 'd': i, 'e': i}",
    "set of 3": "{i, 1, 2}", "str of 10": "'%010d' % i", "str of 40": "'%040d' % i",
    "bytes of 10": "b'%010d' % i",
    "bound method": "out.append", "closure": "outer(i)", "generator": "gen()",
    "exception": "ValueError(i)",
    "range": "range(i)", "object": "object()",
}
START = "f = open('/proc/self/statm'); print(int(f.read().split()[1]) * 4)"


def grown(interpreter, code):
    cpu, _, output = run([interpreter, "-c", code], 120)
    return (float(output.split()[-1]), None) if cpu is not None else (None, output)


def main():
    options = Options(__doc__, count=1_000_000).parse_args()
    weft, peer = find(options.weft), find(options.peer)
    print(f"{'bytes each':20} {'weft':>9} {'peer':>9} {'weft/peer':>10}")
    failed = 0
    for name, expression in KINDS.items():
        if options.what and not any(w in name for w in options.what):
            continue
        code = SETUP % (options.count, expression)
        ours, why = grown(weft, code)
        theirs, why_peer = grown(peer, code)
        if ours is None or theirs is None:
            failed += 1
            print(f"{name:20} {why or why_peer}")
            continue
        share = f" {ours / theirs:10.2f}" if theirs > 1 else ""
        print(f"{name:20} {ours:9.1f} {theirs:9.1f}{share}", flush=True)
    ours, theirs = grown(weft, START)[0], grown(peer, START)[0]
    if ours and theirs:
        print(f"{'started, KiB':20} {ours:9.0f} {theirs:9.0f} {ours / theirs:10.2f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
