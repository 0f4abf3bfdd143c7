#!/usr/bin/env python3
"""How threads share objects: the throughput of N threads on the same objects over that of one.

usage: bench/sharing.py [--weft PATH] [--peer PATH] [--threads N] [--rounds N] [--passes N] [LOAD...]

For each load of bench/sharing_work.py: nanoseconds of an iteration in one thread; how N threads
scale, by the processor time that their iterations take (1.00: as much as in one thread; a busy
machine disturbs this little) and by the clock (1.00: N times the throughput); where Weft is a
counting build (-Dstats=true), what one iteration of N threads writes that others may read. Loads
whose threads must wait for each other have no sum. --peer gives another interpreter its columns.
The least of each time over the rounds, and over the passes through all loads: a machine that is
disturbed for seconds disturbs all rounds of a load, but not all passes.

A load that only reads what is shared may write nothing that others read, once its threads have run
for a while: a counting build that finds it does makes this exit with 1.
"""
import json
import sys

from peers import ROOT, THREADS, Options, bar, find, geometric_mean, run

FORBIDDEN = ("rmws", "shared_counts", "merges", "published", "locks", "long_waits", "mutex_waits", "retired")
NOTHING = 0.001  # an iteration: the barriers around the loads, and what is found out late
WORK = str(ROOT / "bench/sharing_work.py")


def measure(command, name, options, before):
    """What sharing_work.py printed, its times the least of those and what was found before, or why it failed."""
    cpu, _, output = run([*command, WORK, name, str(options.threads), str(options.rounds)], 300)
    if cpu is None:
        return None, output
    found = json.loads(output.splitlines()[-1])
    if before:
        for kind in "times", "counted":
            found[kind] = {k: min(v, before[kind][k]) for k, v in found[kind].items()}
    return found, None


def main():
    options = Options(__doc__, peer=None, threads=THREADS, rounds=5, passes=1).parse_args()
    columns = [("weft", [find(options.weft)])]
    if options.peer:
        columns.append(("peer", [find(options.peer)]))
    cpu, _, names = run([*columns[0][1], WORK, "list"], 60)
    if cpu is None:
        sys.exit(f"bench: {names}")
    names = [k for k in names.split() if not options.what or any(w in k for w in options.what)]
    print(f"{options.threads} threads; 1.00 is perfect scaling")
    print(f"{'load':26}" + "".join(f"{label + ' ns':>10} {'cpu':>6} {'clock':>6}" for label, _ in columns))
    scaled, failed, writing, counts_at_all = [], 0, [], False
    known = {}
    for _ in range(options.passes - 1):
        for name in names:
            for label, command in columns:
                known[name, label] = measure(command, name, options, known.get((name, label)))[0]
    for name in names:
        row = f"{name:26}"
        for label, command in columns:
            found, why = measure(command, name, options, known.get((name, label)))
            if why:
                failed += 1
                row += f"  {why[:60]}"
                continue
            times = found["times"]
            by_cpu, by_clock = times["cpu"] / times["cpu_many"], times["wall"] / times["wall_many"]
            row += f"{times['cpu'] * 1e9:10.1f} {by_cpu:6.2f} {by_clock:6.2f}"
            counted = [f"{k} {v:.2f}" for k, v in found["counted"].items() if v >= 0.005]
            writes = [f"{k} {found['counted'][k]:.4f}" for k in FORBIDDEN if found["counted"].get(k, 0) >= NOTHING]
            counts_at_all = counts_at_all or "rmws" in found["counted"]
            if found["reads"] and writes:
                writing.append(f"{name}: " + ", ".join(writes))
            if label == "weft" and not found["waits"]:
                scaled.append((by_cpu, by_clock, name))
                row += f"  {bar(min(by_cpu, 1.1), 10)}"
            row += "  " + ", ".join(counted)
        print(row, flush=True)
    if scaled:
        for i, label in enumerate(("processor time", "clock")):
            worst = min(scaled, key=lambda r: r[i])
            mean = geometric_mean([r[i] for r in scaled])
            print(f"by {label}: geometric mean {mean:.2f} over {len(scaled)}, worst {worst[i]:.2f} ({worst[2]})")
    if counts_at_all:
        print("loads that only read, and yet write what others read: " + ("; ".join(writing) or "none"))
    return 1 if failed or writing else 0


if __name__ == "__main__":
    sys.exit(main())
