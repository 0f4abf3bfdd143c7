#!/usr/bin/env python3
"""Runs Weft's tests: C unit tests and Python files, each in its own process with a time limit.

usage: tests/run.py [--house] [--unit BUILD]... [--on NAME=COMMAND[@FOLDER]]... [--pending] [--minutes N] [-jN] [-v] [WHAT...]

  --house        the checks of the source itself (tests/house.py)
  --unit BUILD   the C unit tests that Meson knows in the folder BUILD
  --on           run the Python files of tests/ with COMMAND, under the heading NAME; after @, only
                 those folders (nothing asked for: release=build/weft). `--on cpython=python3.14`
                 checks the tests themselves.
  --pending      also those that tests/pending.txt lists: what does not work yet, which otherwise
                 counts as skipped without being run
  --minutes N    again and again, until so many have passed: threads give way at other safepoints in
                 each round (PYTHON_THREAD_GRANULARITY)
  WHAT           only these files, folders (tests/lang), or files with such a word in their path

A Python test is a plain script. It passes if it exits with 0; if the last line that it prints then
is `SKIP why`, it counts as skipped. It runs in a new empty directory, with tests/ on its path (for
`check`). In its first lines it may say `# run: timeout=SECONDS` (default 60; checking builds and
sanitizers get a multiple) or `# run: args=-X dev`. A file that starts with `_`, or lies in a folder
that does, is not a test but part of one. A C unit test prints `ok NAME` or `FAILED NAME` for each
case; each case counts.

Runs under the system's Python 3.11, whatever the tests run on. The last line is the sum; the exit
code 0 if none failed.
"""
import argparse
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, as_completed, wait
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
FOLDERS = ("lang", "types", "modules", "threads", "main", "fault")
TIMEOUT = 60
SLOWER = {"debug": 4, "asan": 6, "tsan": 15}    # how much more time a build of that name gets
SKIPPED = 77                                    # Meson's exit code of a test that cannot run here
GRANULARITIES = (0, 300, 20, 3)                 # safepoints between two at which a thread gives way; 0: none
TAIL = 25                                       # lines of a failed test's output that are shown


class Test:
    """One process to run: what it is called, its command, its limits, its directory (or None)."""

    def __init__(self, group, name, command, timeout, unit=False, where=None, env=()):
        self.group, self.name, self.command = group, name, command
        self.timeout, self.unit, self.where, self.env = timeout, unit, where, dict(env)

    def giving_way(self, seed):
        """The same with another schedule; the seed says which."""
        every = GRANULARITIES[seed % len(GRANULARITIES)]
        env = {"PYTHON_THREAD_GRANULARITY": str(every), "PYTHON_THREAD_SEED": str(seed)} if every else {}
        told = f" (granularity {every}, seed {seed})" if every else ""
        return Test(self.group, self.name + told, self.command, self.timeout, self.unit, self.where, env)


class Outcome:
    """How a test ended. `failed` is empty if it passed, otherwise one line that says why."""

    def __init__(self, test, passed=0, failures=0, skipped=0, failed="", output="", seconds=0.0):
        self.test, self.output, self.seconds = test, output, seconds
        self.passed, self.failures, self.skipped, self.failed = passed, failures, skipped, failed


def directives(path):
    """What the `# run:` lines at the top of a test file ask for."""
    asked = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for _, line in zip(range(5), file):
            if match := re.match(r"# run: (\w+)=(.*)", line):
                asked[match[1]] = match[2].strip()
    return asked


def python_files(folders):
    for folder in folders:
        for path in sorted((TESTS / folder).rglob("*.py")):
            if not any(part.startswith("_") for part in path.relative_to(TESTS).parts):
                yield path


def python_tests(spec):
    """The tests of one --on."""
    group, _, rest = spec.partition("=")
    command, _, only = rest.partition("@")
    command = shlex.split(command)
    if not command:
        sys.exit(f"run.py: --on {spec}: NAME=COMMAND is wanted")
    found = shutil.which(command[0])
    command[0] = os.path.abspath(found or command[0])
    for path in python_files(only.split(",") if only else FOLDERS):
        asked = directives(path)
        timeout = float(asked.get("timeout", TIMEOUT)) * SLOWER.get(group, 1)
        yield Test(group, str(path.relative_to(ROOT)),
                   command + shlex.split(asked.get("args", "")) + [str(path)], timeout)


def unit_tests(build):
    """The C unit tests of one build folder, as Meson knows them."""
    listing = subprocess.run(["meson", "introspect", "--tests", build], cwd=ROOT,
                             capture_output=True, text=True)
    if listing.returncode:
        sys.exit(f"run.py: {build}: {listing.stdout}{listing.stderr}")
    slower = SLOWER.get(build.rstrip("/").rpartition("-")[2], 1)
    for entry in json.loads(listing.stdout):
        yield Test(f"unit ({build})", f"tests/unit {entry['name']}", entry["cmd"],
                   entry["timeout"] * slower, unit=True, where=entry["workdir"] or ROOT / build)


def pending_tests():
    """What tests/pending.txt lists: a name a line, after # why."""
    with open(TESTS / "pending.txt", encoding="utf-8") as file:
        names = (line.partition("#")[0].strip() for line in file)
        return {name for name in names if name}


def skip(test):
    return Outcome(test, skipped=1, output="SKIP pending")


def environment():
    env = dict(os.environ, PYTHONPATH=str(TESTS), PYTHONUTF8="1")
    for name in ("PYTHONHOME", "PYTHONSTARTUP", "PYTHON_GIL", "PYTHONHASHSEED", "PYTHONWARNINGS",
                 "PYTHONOPTIMIZE", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)
    env.setdefault("TSAN_OPTIONS", "second_deadlock_stack=1:die_after_fork=0")  # children start threads, too
    env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1")
    return env


def stop(process):
    """Ends a test and whatever it started (it leads a process group of its own)."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def why_ended(code):
    if code < 0:
        try:
            return f"killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"killed by signal {-code}"
    return f"exit code {code}"


def run(test):
    """Runs one test. Its output goes to a file: a process it left behind cannot hold us up."""
    began = time.monotonic()
    with (tempfile.TemporaryDirectory(prefix="weft-test-") as where,
          tempfile.TemporaryFile() as sink):
        try:
            process = subprocess.Popen(test.command, cwd=test.where or where, env=environment() | test.env,
                                       stdin=subprocess.DEVNULL, stdout=sink,
                                       stderr=subprocess.STDOUT, start_new_session=True)
        except OSError as error:
            return Outcome(test, failures=1,
                           failed=f"cannot run {test.command[0]}: {error.strerror}")
        try:
            code, timed_out = process.wait(test.timeout), False
        except subprocess.TimeoutExpired:
            code, timed_out = None, True
        stop(process)
        process.wait()
        sink.seek(0)
        output = sink.read().decode("utf-8", "replace").rstrip()
    outcome = Outcome(test, output=output, seconds=time.monotonic() - began)
    if timed_out:
        outcome.failed = f"no end after {test.timeout:.0f} s"
    elif code:
        outcome.failed = why_ended(code)
    if test.unit and code == SKIPPED:
        outcome.skipped, outcome.failed = 1, ""
    elif test.unit:
        count_cases(outcome)
    elif outcome.failed:
        outcome.failures = 1
    elif output.rpartition("\n")[2].startswith("SKIP"):
        outcome.skipped = 1
    else:
        outcome.passed = 1
    return outcome


def count_cases(outcome):
    """A unit test counts by case; one that names no case counts as one, and so does a crash."""
    lines = outcome.output.splitlines()
    outcome.passed = sum(line.startswith("ok ") for line in lines)
    outcome.failures = sum(line.startswith("FAILED ") for line in lines)
    if outcome.failures and not outcome.failed:
        outcome.failed = "exit code 0 in spite of a failed case"
    elif outcome.failed and not outcome.failures:
        outcome.failures = 1
    elif not outcome.passed and not outcome.failures:
        outcome.passed = 1


class Report:
    """Prints as tests end, one at a time, and keeps the sums. Used from one thread."""

    def __init__(self, total, verbose):
        self.total, self.verbose, self.done = total, verbose, 0
        self.groups = {}                # name -> [passed, failures, skipped, seconds]
        self.failed = []
        self.shown = {}                 # the output of a failure -> the test that it was shown for
        self.live = sys.stdout.isatty()
        colour = self.live and "NO_COLOR" not in os.environ
        self.red, self.green, self.dim, self.plain = (
            ("\33[31m", "\33[32m", "\33[2m", "\33[0m") if colour else ("", "", "", ""))

    def add(self, outcome):
        self.done += 1
        sums = self.groups.setdefault(outcome.test.group, [0, 0, 0, 0.0])
        for i, part in enumerate((outcome.passed, outcome.failures, outcome.skipped,
                                  outcome.seconds)):
            sums[i] += part
        if outcome.failed:
            self.failed.append(outcome)
            self.show_failure(outcome)
        elif self.verbose:
            kind = "skip" if outcome.skipped else "ok"
            self.line(f"{kind:6} {outcome.test.group}: {outcome.test.name}  "
                          f"{self.dim}{outcome.seconds:.2f} s{self.plain}")
        if self.live:
            print(f"\r\33[K{self.dim}{self.done}/{self.total}{self.plain}", end="", flush=True)

    def line(self, text):
        print(("\r\33[K" if self.live else "") + text, flush=True)

    def show_failure(self, outcome):
        test = outcome.test
        self.line(f"{self.red}FAILED{self.plain} {test.group}: {test.name}  "
                  f"({outcome.failed}, {outcome.seconds:.1f} s)")
        lines = outcome.output.splitlines()
        if test.unit:
            lines = [line for line in lines if not line.startswith("ok ")]
        before = self.shown.setdefault("\n".join(lines[-TAIL:]), test)
        if before is not test and lines and lines[-1].strip() != "AssertionError":
            print(f"       it says the same as {before.group}: {before.name}")
            return
        if len(lines) > TAIL:
            print(f"       ... {len(lines) - TAIL} lines before")
        for text in lines[-TAIL:]:
            print("       " + text)
        sys.stdout.flush()

    def close(self, seconds):
        if self.live:
            print("\r\33[K", end="")
        width = max(map(len, self.groups), default=0)
        for group, (passed, failures, skipped, spent) in self.groups.items():
            mark = f"{self.green}ok    " if not failures else f"{self.red}failed"
            print(f"{mark}{self.plain} {group:{width}}  {passed} passed, {failures} failed, "
                  f"{skipped} skipped  {self.dim}{spent:.1f} s{self.plain}")
        if self.failed:
            print("Failed:")
            for outcome in self.failed:
                print(f"  {outcome.test.group}: {outcome.test.name}  ({outcome.failed})")
        print(f"{self.done} programs in {seconds:.1f} s")
        passed, failures, skipped = (sum(g[i] for g in self.groups.values()) for i in range(3))
        print(f"{passed} passed, {failures} failed" + (f", {skipped} skipped" if skipped else ""),
              flush=True)
        return failures


def rounds(tests, minutes):
    """The tests; then, while there is time, again with other schedules."""
    yield from tests
    end, seed = time.monotonic() + 60 * minutes, 1
    while time.monotonic() < end:
        for test in tests:
            if time.monotonic() < end:
                yield test.giving_way(seed)
        seed += 1


def outcomes(tests, jobs, pending):
    """Runs them, so many at a time, each begun when one before has ended. In the order of their ends."""
    def one(test):
        return skip(test) if test.name in pending else run(test)

    with ThreadPoolExecutor(jobs) as pool:
        running = set()
        for test in tests:
            running.add(pool.submit(one, test))
            if len(running) >= jobs:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        yield from (future.result() for future in as_completed(running))


def wanted(test, what):
    """Whether WHAT chooses this test: a file, a folder, or a word in its name."""
    for word in what:
        path = Path(word)
        if path.exists():
            here = path.resolve()
            if here == ROOT / test.name or here in (ROOT / test.name).parents:
                return True
        elif word in test.name:
            return True
    return not what


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0],
                                     add_help=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--house", action="store_true")
    parser.add_argument("--unit", action="append", default=[])
    parser.add_argument("--on", action="append", default=[])
    parser.add_argument("--pending", action="store_true")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("-j", "--jobs", type=int, default=min(os.cpu_count() or 1, 8))
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("what", nargs="*")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        return 0
    if not options.house and not options.unit and not options.on:
        options.on = ["release=build/weft"]
    tests = [Test("house", "tests/house.py", [sys.executable, str(TESTS / "house.py")], TIMEOUT,
                  unit=True)] * options.house
    tests += [test for build in options.unit for test in unit_tests(build)]
    tests += [test for spec in options.on for test in python_tests(spec)]
    tests = [test for test in tests if wanted(test, options.what)]
    if not tests:
        print(f"run.py: no test matches {' '.join(options.what)}"
              if options.what else "run.py: there are no tests")
        print("0 passed, 1 failed")
        return 1
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job's children would ignore it
    report = Report(len(tests), options.verbose)
    began = time.monotonic()
    pending = set() if options.pending else pending_tests()
    for outcome in outcomes(rounds(tests, options.minutes), options.jobs, pending):
        report.add(outcome)
    return 1 if report.close(time.monotonic() - began) else 0


if __name__ == "__main__":
    sys.exit(main())
