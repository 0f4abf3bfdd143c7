"""The same work on 1, 2, ... threads, with the global interpreter lock off and on.

usage: weft examples/parallel.py [THREADS]

Counts primes by trial division: pure Python, no library doing the work. Without a GIL the threads
run on all cores at once; the second half runs this file again, in the same interpreter, with
`-X gil=1`.
"""
import json
import os
import subprocess
import sys
import threading
import time


def is_prime(n):
    if n % 2 == 0:
        return n == 2
    d = 3
    while d * d <= n:
        if n % d == 0:
            return False
        d += 2
    return n > 1


def count_primes(limit, first, step):
    """How many of first, first + step, ... below limit are prime."""
    found = 0
    for n in range(first, limit, step):
        if is_prime(n):
            found += 1
    return found


def in_threads(limit, count):
    """Shares the numbers below limit among threads. Gives (primes, wall, processor seconds)."""
    found = [0] * count

    def work(i):
        # odd numbers only: each thread gets as many
        found[i] = count_primes(limit, 2 * i + 1, 2 * count)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(count)]
    wall, cpu = time.perf_counter(), time.process_time()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return sum(found) + 1, wall, cpu        # and the prime 2


def enough_work(seconds):
    """A limit that keeps one thread busy for about so long."""
    limit = 20_000
    while True:
        _, wall, _ = in_threads(limit, 1)
        if wall > seconds / 8:
            return int(limit * (seconds / wall) ** 0.7)
        limit *= 2


def measure(limit, counts):
    """One result a line, as JSON: what the other half of the comparison reads."""
    for count in counts:
        primes, wall, cpu = min((in_threads(limit, count) for _ in range(2)), key=lambda r: r[1])
        yield {"threads": count, "primes": primes, "wall": wall, "cpu": cpu}


class Screen:
    """Colours and bars on a terminal, plain text elsewhere."""

    def __init__(self):
        fancy = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        self.bold, self.dim, self.green, self.yellow, self.plain = (
            ("\33[1m", "\33[2m", "\33[32m", "\33[33m", "\33[0m") if fancy else ("",) * 5)
        self.block = "█" if utf8 else "#"
        self.half = "▌" if utf8 else ""

    def bar(self, share, width, colour):
        halves = round(share * width * 2)
        text = self.block * (halves // 2) + self.half * (halves % 2)
        return colour + text + self.plain

    def heading(self, version, cores, limit):
        plural = "s" if cores > 1 else ""
        print(f"{self.bold}{version}{self.plain}, {cores} core{plural}: primes below {limit:,}\n")
        print(f"{self.dim}GIL   threads      time   speed-up   cores used{self.plain}")

    def row(self, gil, result, base, longest):
        speed = base / result["wall"]
        used = result["cpu"] / result["wall"]
        colour = self.yellow if gil == "on" else self.green
        bar = self.bar(result["wall"] / longest, 30, colour)
        print(f"{gil:3} {result['threads']:9}  {result['wall']:6.2f} s   {speed:7.2f}x   "
              f"{used:10.2f}   {bar}", flush=True)


def show(screen, gil, results, longest=None):
    """Prints rows as their results come. Gives them, and the time that is a whole bar."""
    shown = []
    for result in results:
        longest = longest or result["wall"]
        shown.append(result)
        screen.row(gil, result, shown[0]["wall"], longest)
    return shown, longest


def other_half(limit, counts):
    """The results of this file in the same interpreter with the GIL on."""
    command = [sys.executable, "-X", "gil=1", os.path.abspath(__file__), "--measure", str(limit),
               *map(str, counts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")


def main():
    if sys.argv[1:2] == ["--measure"]:
        limit, *counts = map(int, sys.argv[2:])
        for result in measure(limit, counts):
            print(json.dumps(result), flush=True)
        return
    cores = os.process_cpu_count() or 1
    most = int(sys.argv[1]) if len(sys.argv) > 1 else min(cores, 8)
    counts = sorted({1, most, *(n for n in (2, 4) if n < most)})
    limit = enough_work(0.8)
    screen = Screen()
    name = sys.implementation.name.replace("cpython", "CPython").replace("weft", "Weft")
    screen.heading(f"{name} {sys.version.split()[0]}", cores, limit)
    with_gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    first, longest = show(screen, "on" if with_gil else "off", measure(limit, counts))
    if with_gil:
        print("\nThis interpreter runs with its GIL on.")
        return
    second, _ = show(screen, "on", other_half(limit, counts), longest)
    assert len({r["primes"] for r in first + second}) == 1, "the halves disagree"
    gain = second[-1]["wall"] / first[-1]["wall"]
    print(f"\n{first[0]['primes']:,} primes, every time. {most} thread{'s' if most > 1 else ''}: "
          f"{screen.bold}{gain:.2f} times as fast without the GIL{screen.plain}.")


if __name__ == "__main__":
    main()
