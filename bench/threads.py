#!/usr/bin/env python3
"""How work scales with threads: the throughput of N over that of one, with the GIL off and on.

usage: bench/threads.py [--weft PATH] [--peer PATH] [--threads N] [--rounds N] [KIND...]

For each kind of work (bench/threads_work.py): milliseconds of one thread, then the scaling: N
threads that do N times the work, so that 1.00 is perfect and 1/N is no gain at all. The best of the
rounds; `off` and `on` say whether the GIL is. --peer gives another interpreter a column (one that
knows -X gil, e.g. a free-threaded CPython, or none).
"""
import sys

from peers import ROOT, THREADS, Options, bar, find, geometric_mean, run

WORK = str(ROOT / "bench/threads_work.py")


def measure(command, name, threads, units):
    """Wall seconds of one run, or None."""
    cpu, _, output = run([*command, WORK, name, str(threads), str(units)], 120)
    return (float(output.split()[0]), None) if cpu is not None else (None, output)


def scaling(command, name, options):
    """(seconds of one thread, scaling at N threads, why it failed)."""
    one, many = [], []
    for _ in range(options.rounds):
        for threads, into in ((1, one), (options.threads, many)):
            wall, why = measure(command, name, threads, options.units)
            if wall is None:
                return None, None, why
            into.append(wall)
    return min(one), min(one) / min(many), None


def main():
    options = Options(__doc__, peer=None, threads=THREADS, rounds=3, units=3000).parse_args()
    weft = find(options.weft)
    columns = [("weft off", [weft, "-X", "gil=0"]), ("weft on", [weft, "-X", "gil=1"])]
    if options.peer:
        columns.append(("peer", [find(options.peer)]))
    cpu, _, names = run([weft, WORK, "list"], 60)
    if cpu is None:
        sys.exit(f"bench: {names}")
    kinds = [k for k in names.split() if not options.what or any(w in k for w in options.what)]
    print(f"{options.threads} threads; 1.00 is perfect scaling")
    print(f"{'work':20}" + "".join(f"{label + ' ms':>14} {'scaling':>8}" for label, _ in columns))
    found = {label: [] for label, _ in columns}
    failed = 0
    for name in kinds:
        row = f"{name:20}"
        for label, command in columns:
            seconds, share, why = scaling(command, name, options)
            if why:
                failed += 1
                row += f"  {why[:60]}"
                continue
            found[label].append(share)
            row += f"{seconds * 1e3:14.0f} {share:8.2f}"
        print(row + ("  " + bar(found["weft off"][-1]) if found["weft off"] else ""), flush=True)
    for label, shares in found.items():
        if shares:
            print(f"{label}: geometric mean {geometric_mean(shares):.2f}, worst {min(shares):.2f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
