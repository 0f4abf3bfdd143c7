#!/usr/bin/env python3
"""Thread pools and event loops: the time of a unit, and how it scales, on Weft and on CPython.

usage: bench/executors.py [--weft PATH] [--peer cpython|PATH] [--threads N] [--rounds N]
       [--units N] [LOAD...]

For each load of bench/executors_work.py: microseconds of processor time for a unit in one thread
(of executors: with one worker), the ratio of peer and Weft in it and by the clock (above 1 Weft is
faster); then the throughput of N threads over that of one, each with an event loop of its own, or
of N workers over that of one: by the clock, and, in brackets, processor time of a unit in one
thread over that in N, which a busy machine disturbs little (1.00: as much). The best of the rounds.
--units 1000000: a million tasks.
"""
import json
import sys

from peers import ROOT, Options, find, geometric_mean, run

WORK = str(ROOT / "bench/executors_work.py")


def measure(path, name, threads, units):
    """(wall, processor) seconds of a unit of work, or why it failed."""
    cpu, _, output = run([path, WORK, name, str(threads), str(units)], 300)
    if cpu is None:
        return None, output
    found = json.loads(output.splitlines()[-1])
    return (found["wall"] / found["work"] / units, found["cpu"] / found["work"] / units), None


def rounds_of(name, interpreters, options):
    """{(label, threads): (wall, processor)}, the least of the rounds; why one failed."""
    best = {}
    for round_ in range(options.rounds):
        for label, path in interpreters if round_ % 2 == 0 else reversed(interpreters):
            for threads in (1, options.threads):
                times, why = measure(path, name, threads, options.units)
                if why:
                    return None, f"{label}: {why}"
                old = best.get((label, threads), times)
                best[label, threads] = min(old[0], times[0]), min(old[1], times[1])
    return best, None


def main():
    options = Options(__doc__, threads=2, rounds=3, units=50_000).parse_args()
    interpreters = [("weft", find(options.weft)), ("peer", find(options.peer))]
    cpu, _, names = run([interpreters[0][1], WORK, "list"], 60)
    if cpu is None:
        sys.exit(f"bench: {names}")
    n = options.threads
    print(f"{'load':16} {'weft us':>8} {'peer us':>8} {'ratio':>6} {'clock':>6} "
          f"  weft at {n:<8} peer at {n}")
    ratios, failed = [], 0
    for name in names.split():
        if options.what and not any(w in name for w in options.what):
            continue
        best, why = rounds_of(name, interpreters, options)
        if why:
            failed += 1
            print(f"{name:16} {why}", flush=True)
            continue
        ours, theirs = best["weft", 1], best["peer", 1]
        row = f"{name:16} {ours[1] * 1e6:8.2f} {theirs[1] * 1e6:8.2f} {theirs[1] / ours[1]:6.2f} " \
              f"{theirs[0] / ours[0]:6.2f}"
        for label, _ in interpreters:
            one, many = best[label, 1], best[label, n]
            row += f"    {one[0] / many[0]:5.2f} ({one[1] / many[1]:.2f})"
        print(row, flush=True)
        ratios.append(theirs[1] / ours[1])
    if ratios:
        print(f"processor time, peer / Weft: geometric mean {geometric_mean(ratios):.2f}, "
              f"worst {min(ratios):.2f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
