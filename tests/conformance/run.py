#!/usr/bin/env python3
"""Runs CPython's own tests on Weft, file by file, and compares with what CPython itself passes.

usage: tests/conformance/run.py [FILE...]            those files, or all of files.txt
       tests/conformance/run.py --details FILE...    and each case that only CPython passes
       tests/conformance/run.py --list core          one section of files.txt (core, threads, library)
       tests/conformance/run.py --update [FILE...]   and raise the ratchet to what passed
       tests/conformance/run.py --record [FILE...]   run CPython instead; write cpython.json

Each file runs in a process of its own, in an empty directory, with limits on time and memory; after
a crash or a hang the run goes on behind the case that did it. A row per file: cases passed on Weft
and on CPython, cases lost (passed on CPython, not on Weft), how the file ended, and the first thing
that went wrong. The ratchet (ratchet.json) keeps the number of cases passed per file: fewer than
that is an error, exit code 1.
"""
import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIBRARY = ROOT / "library/lib/python3.14"
# {"version": ..., "files": {file: {"passed": n, "not": [cases], "state": ...}}}
EXPECTED = HERE / "cpython.json"
RATCHET = HERE / "ratchet.json"         # {file: cases passed}
RESTARTS = 8                            # how often a file is taken up again after a crash or a hang


def listed(section=None):
    """The files of files.txt, in order: those of one section (`[name]`), or all, each once."""
    files, current = [], None
    for line in (HERE / "files.txt").read_text().splitlines():
        line = line.partition("#")[0].strip()
        if line.startswith("["):
            current = line.strip("[]")
        elif line and section in (None, current):
            files += line.split()
    return list(dict.fromkeys(files))


def read_json(path, default):
    return json.loads(path.read_text()) if path.exists() else default


def write_json(path, data):
    """Sorted, one file a line, so that a change shows as that file's line."""
    def rows(mapping, indent):
        pad = " " * indent
        return ",\n".join(f"{pad}{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}"
                          for k, v in sorted(mapping.items()))
    if "files" in data:
        head = f'{{"version": {json.dumps(data["version"])}, "files": {{\n'
        text = head + rows(data["files"], 1) + "\n}}\n"
    else:
        text = f"{{\n{rows(data, 1)}\n}}\n"
    path.write_text(text)


class FileRun:
    """What became of one file: its cases by index, and how the processes ended."""

    def __init__(self, file):
        self.file = file
        self.names = []             # index -> name
        self.ends = {}              # index -> (kind, text)
        self.problems = []          # what went wrong outside of cases, first first
        self.state = "ok"
        self.seconds = 0.0

    @property
    def passed(self):
        return sum(kind == "ok" for kind, _ in self.ends.values())

    def not_passed(self):
        """Names of the cases that ran and did not pass, with why."""
        return [(self.names[i], kind, text) for i, (kind, text) in sorted(self.ends.items())
                if kind != "ok"]

    def never_ran(self):
        return [name for i, name in enumerate(self.names) if i not in self.ends]

    def first_problem(self):
        if self.problems:
            return self.problems[0]
        for name, kind, text in self.not_passed():
            if kind == "fail":
                return f"{name}: {text}"
        return ""


def limits(memory):
    def apply():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (memory << 20, memory << 20))
    return apply


def environment():
    keep = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return dict(keep, LC_ALL="C.UTF-8", TERM="dumb", NO_COLOR="1")


def wait(process, results, case_limit, file_end):
    """Waits for the end, or for a case that takes too long. Gives None, or what was stopped."""
    size, changed = -1, time.monotonic()
    while True:
        try:
            process.wait(0.1)
            return None
        except subprocess.TimeoutExpired:
            pass
        now = time.monotonic()
        current = results.stat().st_size if results.exists() else 0
        if current != size:
            size, changed = current, now
        elif now - changed > case_limit:
            return "hang"
        if now > file_end:
            return "out of time"


def kill(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def read_results(run, results):
    """Takes in what the process wrote. Gives (the case that had not ended, whether all ran)."""
    running, done = None, False
    for line in results.read_text("utf-8", "replace").splitlines() if results.exists() else ():
        what, *rest = line.split("\t")
        if what == "case":
            if int(rest[0]) == len(run.names):
                run.names.append(rest[1])
        elif what == "start":
            running = int(rest[0])
        elif what == "end":
            run.ends[int(rest[0])] = rest[1], rest[2] if len(rest) > 2 else ""
            running = None
        elif what == "done":
            done = True
        elif what == "extra":
            run.problems.append(rest[0])
        else:
            run.state = what.replace("-", " ")
            run.problems.append(rest[0] if rest else "")
            done = True
    return running, done


def run_file(command, file, options):
    """Runs one file, from the start and again behind each case that crashed or hung."""
    run = FileRun(file)
    began = time.monotonic()
    first = 0
    for attempt in range(RESTARTS + 1):
        with tempfile.TemporaryDirectory(prefix="weft-cases-", ignore_cleanup_errors=True) as home:
            results, where = Path(home, "results"), Path(home, "work")
            where.mkdir()
            with open(Path(home, "output"), "w+b") as output:
                process = subprocess.Popen(
                    [*command, str(HERE / "cases.py"), results, file, str(first), LIBRARY],
                    cwd=where, env=environment(), stdin=subprocess.DEVNULL, stdout=output,
                    stderr=subprocess.STDOUT, start_new_session=True,
                    preexec_fn=limits(options.memory))
                stopped = wait(process, results, options.case, began + options.timeout)
                kill(process)
                output.seek(0)
                said = output.read()[-20000:].decode("utf-8", "replace").strip()
            running, done = read_results(run, results)
        bad = describe_end(process.returncode, stopped, done, said)
        if not bad:
            break
        run.state = bad
        if running is None:
            where = "after the last case" if done else "outside of a case"
            run.problems.append(f"{bad} {where}: {said[-200:]!r}")
            if done or not run.names or stopped == "out of time":
                break
            # between two cases: in a fixture of the next
            running = max(run.ends, default=first - 1) + 1
        else:
            run.problems.append(f"{run.names[running]}: {bad}")
        run.ends[running] = "fail", bad
        first = running + 1
        if stopped == "out of time" or first >= len(run.names):
            break
    run.seconds = time.monotonic() - began
    return run


def describe_end(code, stopped, done, said):
    """'' if the process ended as it should, otherwise the state it is reported in."""
    if stopped:
        return stopped if stopped == "out of time" or not done else "hang at exit"
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return "crash at exit" if done else f"crash {name}"
    if done:
        return "" if code == 0 else f"exit code {code}"
    return f"exit code {code}"


class Table:
    """The rows, as they come, and the sums."""

    def __init__(self, expected):
        self.expected = expected
        self.weft = self.cpython = self.kept = 0
        print(f"{'file':30} {'weft':>6} {'CPython':>8} {'lost':>6}  {'s':>6}  state, first problem")

    def add(self, run):
        known = self.expected.get(run.file)
        there = known["passed"] if known else 0
        lost = len(self.lost(run))
        self.weft += run.passed
        self.cpython += there
        self.kept += max(there - lost, 0)
        note = run.state if run.state != "ok" else ""
        problem = run.first_problem()[:110]
        text = ": ".join(part for part in (note, problem) if part) or "ok"
        print(f"{run.file:30} {run.passed:6} {there if known else '?':>8} {lost:6}  "
              f"{run.seconds:6.1f}  {text}", flush=True)

    def lost(self, run):
        """[(case, why)] that CPython passes and this run did not."""
        known = self.expected.get(run.file, {"passed": 0, "not": []})
        excused = set(known["not"])
        lost = [(name, text or kind) for name, kind, text in run.not_passed()
                if name not in excused]
        lost += [(name, "did not run") for name in run.never_ran() if name not in excused]
        missing = known["passed"] - run.passed - len(lost)
        return lost + [("?", "not among the cases found")] * max(missing, 0)

    def total(self, version):
        share = 100 * self.kept / self.cpython if self.cpython else 0.0
        print(f"{'total':30} {self.weft:6} {self.cpython:8} {self.cpython - self.kept:6}")
        print(f"{share:.2f}% of the cases that CPython {version} passes")


def find_cpython():
    peers = os.environ.get("PEERS") or os.path.expanduser("~/.cache/weft-peers")
    for candidate in (shutil.which("python3.14"), f"{peers}/usr/bin/python3.14"):
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    sys.exit("conformance: no CPython 3.14 here; give one with --cpython")


def record(files, options):
    """Writes down what CPython passes."""
    python = [options.cpython or find_cpython()]
    version = subprocess.run([*python, "-c", "import platform; print(platform.python_version())"],
                             capture_output=True, text=True, check=True).stdout.strip()
    old = read_json(EXPECTED, {})
    same = old.get("version") == version
    data = {"version": version, "files": old.get("files", {}) if same else {}}
    table = Table({})
    for run in each(python, files, options):
        data["files"][run.file] = {"passed": run.passed,
                                   "not": sorted({name for name, _, _ in run.not_passed()}),
                                   "state": run.state}
        table.add(run)
    write_json(EXPECTED, data)
    return 0


def each(command, files, options):
    """Runs the files, several at a time; gives the runs in the order of the files."""
    with ThreadPoolExecutor(options.jobs) as pool:
        yield from pool.map(lambda file: run_file(command, file, options), files)


def compare(files, options):
    expected = read_json(EXPECTED, {"version": "3.14", "files": {}})
    ratchet = read_json(RATCHET, {})
    table = Table(expected["files"])
    fell = []
    for run in each([os.path.abspath(options.weft)], files, options):
        table.add(run)
        if options.details:
            for name, why in table.lost(run):
                print(f"    {name}: {why[:200]}")
        if run.passed < ratchet.get(run.file, 0):
            fell.append((run.file, ratchet[run.file], run.passed))
        elif options.update and run.passed:
            ratchet[run.file] = run.passed
    table.total(expected["version"])
    if options.update:
        write_json(RATCHET, ratchet)
    for file, before, now in fell:
        print(f"{file}: {now} cases passed, {before} before")
    return 1 if fell else 0


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--weft", default=ROOT / "build/weft")
    parser.add_argument("--cpython")
    parser.add_argument("--list", dest="section")
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one file")
    parser.add_argument("--case", type=float, default=90, help="seconds for one case")
    parser.add_argument("--memory", type=int, default=6144, help="MiB of data for one process")
    parser.add_argument("-j", "--jobs", type=int, default=min(os.cpu_count() or 1, 4))
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        return 0
    files = [Path(f).stem for f in options.files] or listed(options.section)
    if not (LIBRARY / "test/support").is_dir() or not (LIBRARY / "test/test_grammar.py").exists():
        sys.exit("conformance: the test package is missing; run tools/get-library --tests")
    return record(files, options) if options.record else compare(files, options)


if __name__ == "__main__":
    sys.exit(main())
