#!/usr/bin/env python3
"""How long the cycle collector keeps other threads from running, on Weft and on CPython 3.14.

usage: bench/pauses.py [--weft PATH] [--peer PATH] [--objects N] [--rounds N] [KIND...]

A process holds N instances with a list each (a million; 10_000_000 takes 1.5 GB). One thread does
what its row says while another notes how much time passes between two turns of a short loop: a gap
of more than 0.2 ms is a stall. Shown: how many there were a second, their median, 99th percentile
and worst, in milliseconds. The first row, without any collection, is the noise of the machine and,
on CPython, of the switches between threads (every 0.1 ms here, so that the GIL hides nothing).
The last rows are the cost of automatic collection to a program that makes no cycles: processor
time with it over that without, less 1.
"""
import sys

from peers import Options, find, run

PROGRAM = """
import gc, sys, threading, time
sys.setswitchinterval(0.0001)
class Item:
    def __init__(self, i):
        self.i, self.list = i, [i]
class Node: pass
gc.disable()
live = [Item(i) for i in range(%(objects)d // 2)]
gc.enable()
gc.collect()
stop = False
def nothing():
    time.sleep(1)
def full():
    gc.collect()
def garbage():
    for i in range(100_000):
        a, b = Node(), Node()
        a.other, b.other = b, a
    gc.collect()
def automatic():
    global extra
    extra = [Item(i) for i in range(%(objects)d // 4)]
    for i in range(100_000):
        a, b = Node(), Node()
        a.other, b.other = b, a
gaps = []
def watch():
    now = time.perf_counter
    last = now()
    while not stop:
        t = now()
        if t - last > 0.0002:
            gaps.append(t - last)
        last = now()
def work():
    end = time.perf_counter() + 2
    for _ in range(%(rounds)d):
        %(kind)s()
    while time.perf_counter() < end:
        %(kind)s()
watcher = threading.Thread(target=watch)
watcher.start()
began = time.perf_counter()
work()
stop = True
watcher.join()
seconds = time.perf_counter() - began
gaps.sort()
at = lambda share: gaps[min(len(gaps) - 1, int(len(gaps) * share))] * 1e3 if gaps else 0.0
print(len(gaps) / seconds, at(0.5), at(0.99), at(1))
import os
sys.stdout.flush()
os._exit(0)
"""

COST = """
import gc, time
class Item:
    def __init__(self, i):
        self.i, self.list = i, [i]
def grow(n):
    return [Item(i) for i in range(n)]
def churn(n):
    for _ in range(n // 100):
        [Item(i) for i in range(1000)]
if not %(enabled)d:
    gc.disable()
began = time.process_time()
%(kind)s(%(objects)d // 2)
print(time.process_time() - began)
"""
KINDS = {"none": "nothing", "gc.collect()": "full", "with garbage": "garbage", "automatic": "automatic"}
COSTS = {"cost, growing": "grow", "cost, steady": "churn"}


def stalls(interpreter, kind, options):
    code = PROGRAM % {"objects": options.objects, "rounds": options.rounds, "kind": kind}
    cpu, _, output = run([interpreter, "-c", code], 600)
    return ([float(x) for x in output.split()[-4:]], None) if cpu is not None else (None, output)


def cost(interpreter, kind, options):
    best = {1: [], 0: []}
    for _ in range(2 * options.rounds):
        for enabled in 1, 0:
            code = COST % {"objects": options.objects, "kind": kind, "enabled": enabled}
            cpu, _, output = run([interpreter, "-c", code], 600)
            if cpu is None:
                return None, output
            best[enabled].append(float(output.split()[-1]))
    return min(best[1]) / min(best[0]) - 1, None


def main():
    options = Options(__doc__, objects=1_000_000, rounds=3).parse_args()
    peers = [("weft", find(options.weft))] + ([("peer", find(options.peer))] if options.peer else [])
    print(f"{options.objects} objects; stalls in ms")
    print(f"{'collection':16}" + "".join(f"{label + ' /s':>10} {'p50':>7} {'p99':>7} {'worst':>7}"
                                         for label, _ in peers))
    failed = 0

    def wanted(name):
        return not options.what or any(w in name for w in options.what)
    for name, kind in KINDS.items():
        if wanted(name):
            row = f"{name:16}"
            for _, interpreter in peers:
                found, why = stalls(interpreter, kind, options)
                failed += found is None
                row += ("{:10.0f} {:7.2f} {:7.2f} {:7.2f}".format(*found) if found
                        else f"  {why[:60]}")
            print(row, flush=True)
    for name, kind in COSTS.items():
        if wanted(name):
            row = f"{name:16}"
            for _, interpreter in peers:
                found, why = cost(interpreter, kind, options)
                failed += found is None
                row += f"{found:10.1%}" + " " * 24 if found is not None else f"  {why[:60]}"
            print(row.rstrip(), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
