#!/usr/bin/env python3
"""Times the programs of bench/programs on Weft and on CPython 3.14, pair by pair.

usage: bench/run.py [--weft PATH] [--peer cpython|pypy|PATH] [--folder NAME] [--rounds N] [--wall]
       [--save FILE] [PROGRAM...]

--folder handover: those of bench/handover instead, where objects go from thread to thread.

A program is a script that checks its own result; PROGRAM is a part of its name (all without it;
`start-up` is `-c pass`). In every round each program runs once on each, one right after the other,
in alternating order. Times are processor time (user and system, all threads) unless --wall; a row
shows the fastest run of each, the ratio of those (peer / Weft: above 1 Weft is faster) and the
ratio of the medians. Below: the geometric mean of the ratios, and the worst.
"""
import json
import statistics
import sys
from pathlib import Path

from peers import ROOT, Options, bar, find, geometric_mean, run



def programs(folder, words):
    """[(name, arguments)] of what was asked for."""
    found = [("start-up", ["-c", "pass"])] if folder == "programs" else []
    found += [(p.stem, [str(p)]) for p in sorted((ROOT / "bench" / folder).glob("*.py"))]
    return [(name, args) for name, args in found if not words or any(w in name for w in words)]


def measure(name, args, interpreters, options):
    """Runs one program `rounds` times on each. Gives {label: [seconds]}, and why it failed."""
    times = {label: [] for label, _ in interpreters}
    repeat = 10 if name == "start-up" else 1            # short: the sum of several
    for round_ in range(options.rounds):
        for label, path in interpreters if round_ % 2 == 0 else reversed(interpreters):
            total = 0.0
            for _ in range(repeat):
                cpu, wall, output = run([path, *args], options.timeout)
                if cpu is None:
                    return times, f"{label}: {output}"
                total += wall if options.wall else cpu
            times[label].append(total / repeat)
    return times, None


def main():
    parser = Options(__doc__, rounds=3)
    parser.add_argument("--folder", default="programs")
    parser.add_argument("--timeout", type=float, default=120)
    parser.add_argument("--wall", action="store_true")
    parser.add_argument("--save", help="write the numbers there as JSON")
    parser.add_argument("--filter", action="append", default=[])
    options = parser.parse_args()
    peer = "peer" if "/" in options.peer else options.peer
    interpreters = [("weft", find(options.weft)), (peer, find(options.peer))]
    print(f"{'program':18} {'weft ms':>9} {peer + ' ms':>11} {'ratio':>7} {'median':>7}")
    ratios, failed, saved = {}, [], {}
    for name, args in programs(options.folder, options.what + options.filter):
        times, why = measure(name, args, interpreters, options)
        if why:
            failed.append(name)
            print(f"{name:18} {why}", flush=True)
            continue
        ours, theirs = times["weft"], times[peer]
        ratio = min(theirs) / min(ours)
        middle = statistics.median(theirs) / statistics.median(ours)
        print(f"{name:18} {min(ours) * 1e3:9.1f} {min(theirs) * 1e3:11.1f} {ratio:7.2f} "
              f"{middle:7.2f}  {bar(ratio / 4)}", flush=True)
        saved[name] = {"weft": min(ours), peer: min(theirs), "ratio": ratio}
        if name != "start-up":
            ratios[name] = ratio
    if ratios:
        worst = min(ratios, key=ratios.get)
        mean, slower = geometric_mean(list(ratios.values())), sum(r < 1 for r in ratios.values())
        print(f"geometric mean {mean:.3f} over {len(ratios)} programs; "
              f"worst {ratios[worst]:.2f} ({worst}); {slower} slower than {peer}"
              + (f"; failed: {', '.join(failed)}" if failed else ""))
    if options.save:
        Path(options.save).write_text(json.dumps(saved, indent=1) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
