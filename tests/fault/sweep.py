"""Whichever request for memory is refused: a MemoryError or nothing, but no crash, no hang, no other answer; and the same works afterwards.

usage: sweep.py [--all | --points N] [--mode MODE]... [--verbose] [PROGRAM]...

Each program of _programs.py runs with its n-th request refused (mode `once`), with all from there on (`forever`), with both while another thread
lives and what they make is shared (`shared`), or with some of both threads refused while both run it (`two`), or in a process of its own that has not run
it before, so that it makes what is made only once (`first`). Every n is tried with --all, else some N (and not in `two`). Not `loops` unless it is asked for: a callback that is lost may be what a loop waits for, here as in CPython.
A child process does so from n on and says which n it tries; when it dies the next one goes on behind that."""
# run: timeout=200
import argparse
import collections
import faulthandler
import os
import re
import selectors
import signal
import subprocess
import sys
import threading
import time

from _programs import PROGRAMS

try:
    from _weft_faults import count, fail
    able = count() >= 0
except ImportError:
    able = False

FOREVER = 1 << 60
MODES = "once", "forever", "shared", "first", "two"
HANG = 60   # seconds without a word of the child


def attempt(make):
    """What it came to: its result's text, or an exception."""
    try:
        return repr(make())
    except Exception as error:
        fail(0)
        error.__traceback__ = None
        return error


def right_answers(program):
    """Its result twice: what is made only once, like caches, has been made then. Some results are never the same."""
    text = repr(program())
    for _ in range(3):
        before, text = text, repr(program())
    return text if before == text else None


def say(*words):
    os.write(1, (" ".join(words) + "\n").encode())


def try_one(program, mode, n, answer, lost):
    """A line for what became of it; False if it does not work afterwards."""
    lost.clear()
    if mode == "two":
        result = together(program, n)
    else:
        fail(n, FOREVER if mode == "forever" or mode in ("shared", "first") and n % 2 else n + 1)
        try:
            result = attempt(program)
        except MemoryError as error:  # its handler had no memory to end this
            fail(0)
            result = error
        fail(0)
    sys.settrace(None)  # a program that had no memory to do so itself
    if isinstance(result, MemoryError):
        say("MemoryError")
    elif isinstance(result, Exception):
        say("odd", type(result).__name__, str(result).replace("\n", " ")[:200], "(and something was told to a hook)" if lost else "")
    elif answer and result != answer:
        say("wrong" if not lost else "lost", result[:300].replace("\n", " "))
    else:
        say("right")
    result = None
    try:
        again = repr(program())
        if mode == "first":     # what is made only once has been made then
            again = repr(program())
    except Exception as error:
        say("after", type(error).__name__, str(error)[:200])
        return False
    if answer and again != answer:
        say("after", again[:300].replace("\n", " "))
        return False
    return True


def forked(call):
    """What the call returned in the child of a fork, as text."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writing, str(call()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    text = b""
    while data := os.read(reading, 1 << 16):
        text += data
    os.close(reading)
    assert os.waitpid(pid, 0)[1] == 0
    return text.decode()


def child(program, mode, numbers):
    """Tries these n."""
    faulthandler.enable()
    answer = forked(lambda: right_answers(program) or "") if mode == "first" else right_answers(program)
    lost = []
    sys.unraisablehook = lambda args: lost.append(1)
    threading.excepthook = lambda args: lost.append(1)
    stop = threading.Event()
    other = None
    if mode == "shared" or mode == "two":
        other = threading.Thread(target=stop.wait)
        other.start()
    for n in numbers:
        say("try", str(n))
        if mode == "first":
            pid = os.fork()
            if pid == 0:
                os._exit(0 if try_one(program, mode, n, answer, lost) else 3)
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            if status:
                os._exit(status if status > 0 else 128 - status)
        else:
            try:
                works = try_one(program, mode, n, answer, lost)
            except MemoryError:     # a trace function that it had no memory to take away
                fail(0)
                sys.settrace(None)
                say("MemoryError")
                works = True
            if not works:
                os._exit(3)
    stop.set()
    if other:
        other.join()
    say("done")
    if threading.active_count() > 1:  # Condition.__exit__(*args) needs memory to give its lock back: somebody may wait for that for ever
        os._exit(0)


def together(program, n):
    """In two threads at once; the n-th to (n+40)-th of all that they ask for fails."""
    results = []
    barrier = threading.Barrier(2)

    def body():
        barrier.wait()
        results.append(attempt(program))

    other = threading.Thread(target=body)
    other.start()
    barrier.wait()
    fail(n, n + 40, True)
    mine = attempt(program)
    other.join()
    fail(0)
    return mine


def total_of(program):
    fail(FOREVER)
    program()
    n = count()
    fail(0)
    return n


def lines_until(process, seconds):
    """The lines of its output; it is aborted when there are none for so long."""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        text = b""
        while True:
            if not selector.select(seconds):
                yield "hung"
                process.send_signal(signal.SIGABRT)
            data = os.read(process.stdout.fileno(), 1 << 16)
            text += data
            *lines, text = text.split(b"\n")
            for line in lines:
                yield line.decode(errors="replace")
            if not data:
                return


def told(lines):
    """What a process said as it died: what is no stack, and the functions of the C stack."""
    said = [line.strip() for line in lines if "Assertion" in line or "ERROR" in line or "Error" in line or line == "hung"]
    stack = [line.strip() for line in lines if line.startswith("  File ")][:3]
    calls = re.findall(r'weft", at \S+ \[(0x[0-9a-f]+)\]', "\n".join(lines))[2:24]
    try:
        names = subprocess.run(["addr2line", "-s", "-f", "-e", sys.executable, *calls], capture_output=True, text=True).stdout.split("\n") if calls else []
    except FileNotFoundError:
        names = calls
    return "; ".join(said + stack + [" < ".join(f"{a} {b}" for a, b in zip(names[::2], names[1::2]))])


class Sweep:
    """One program in one mode, in as many child processes as it takes."""

    def __init__(self, program, mode, numbers, verbose):
        self.program, self.mode, self.verbose = program, mode, verbose
        self.numbers = numbers
        self.outcomes = collections.Counter()
        self.failures = []

    def run(self):
        left = self.numbers
        while left:
            command = [sys.executable, __file__, "--child", self.mode, self.program.__name__]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            process.stdin.write(" ".join(map(str, left)).encode())
            process.stdin.close()
            at, other, done = None, [], False
            for line in lines_until(process, HANG):
                word, _, rest = line.partition(" ")
                if word == "try":
                    at, other = int(rest), []
                elif word in ("right", "MemoryError"):
                    self.outcomes[word] += 1
                elif word in ("odd", "lost", "wrong", "after"):
                    self.outcomes[word] += 1
                    self.note(word, at, rest)
                elif word == "done":
                    done = True
                else:
                    other.append(line)
            process.wait()
            if done and process.returncode == 0:
                return
            if not done and process.returncode != 3:
                self.outcomes["died"] += 1
                self.note("died", at, f"exit code {process.returncode}: " + told(other))
            if at is None or done:
                return
            left = left[left.index(at) + 1:]

    def note(self, word, n, text):
        if word != "lost" and (word != "odd" or text.startswith("SystemError")):
            self.failures.append((word, n, text))
        if self.verbose or (word, n, text) in self.failures:
            print(f"  {self.program.__name__} {self.mode} {n}: {word} {text}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--points", type=int, default=25)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--mode", action="append")
    parser.add_argument("--child")
    parser.add_argument("--verbose", action="count", default=0)
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    programs = [p for p in PROGRAMS if p.__name__ in options.programs or not options.programs and p.__name__ != "loops"]
    if options.child:
        numbers = [int(n) for n in sys.stdin.read().split()]
        child(programs[0], options.child, numbers)
        return
    failures = 0
    began = time.monotonic()
    for program in programs:
        total_first = int(forked(lambda: total_of(program)))
        right_answers(program)
        total_later = total_of(program)
        for i, mode in enumerate(options.mode or (MODES if options.all else MODES[:-1])):
            total = total_first if mode == "first" else total_later
            step = 1 if options.all else max(1, total // options.points)
            sweep = Sweep(program, mode, list(range(options.first + i % step, total + 1, step)), options.verbose)
            sweep.run()
            failures += len(sweep.failures)
            print(f"{program.__name__:16} {mode:8} of {total}: " + ", ".join(f"{n} {word}" for word, n in sorted(sweep.outcomes.items())), flush=True)
    print(f"{time.monotonic() - began:.0f} s, {failures} failures")
    assert not failures


if not able:
    print("SKIP this build cannot refuse memory")
elif len(sys.argv) == 1 and int(open("/proc/self/statm").read().split()[0]) > 1 << 28:    # pages: a sanitizer's address space
    print("SKIP under a sanitizer only what is asked for")
elif __name__ == "__main__":
    main()
