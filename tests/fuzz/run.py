#!/usr/bin/env python3
"""Looks for crashes and for differences from CPython with programs that nobody wrote.

usage: tests/fuzz/run.py [--seconds N] [--seed N] [--peer PATH] [--mode programs,syntax,mutants,calls]
       [--limit SECONDS] WEFT

  programs   random programs; what they print must be what CPython prints
  syntax     damaged source; both accept it, or refuse it with the same message at the same line
  mutants    damaged tests, executed; they may fail in any way but a crash or a hang
  calls      what built-in types and C modules offer, called with odd arguments by three threads (calls.py)
Without a CPython 3.14 the first two only look for crashes. What was found is kept in build/fuzz, as
a file to run.
"""
import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import generate

ROOT = Path(__file__).resolve().parent.parent.parent
FOUND = ROOT / "build/fuzz"
ENVIRONMENT = dict(os.environ, PYTHONHASHSEED="0", PYTHONUTF8="1", PYTHONWARNINGS="ignore")
CHECK_SYNTAX = """
import sys
for source in eval(open(sys.argv[1], encoding='utf-8').read()):
    try:
        compile(source, 'fuzz', 'exec', dont_inherit=True)
        verdict = 'accepted'
    except SyntaxError as error:
        verdict = type(error).__name__ + ' ' + str(error.lineno) + ' ' + str(error.msg)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        verdict = type(error).__name__
    print(ascii(verdict), flush=True)
"""


class Fuzzer:
    def __init__(self, weft, peer, seed, limit):
        self.weft, self.peer, self.limit = weft, peer, limit
        self.random = random.Random(seed)
        self.home = tempfile.mkdtemp(prefix="weft-fuzz-")
        self.tried = self.found = 0
        self.corpus = [p.read_text() for folder in ("lang", "types")
                       for p in sorted((ROOT / "tests" / folder).glob("*.py"))
                       if p.stem not in ("imports", "recursion_limit", "large_functions")]

    def execute(self, interpreter, *args):
        """(exit code or None for a hang, output)."""
        try:
            done = subprocess.run([interpreter, *args], cwd=self.home, env=ENVIRONMENT,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=self.limit)
        except subprocess.TimeoutExpired:
            return None, ""
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def write(self, text):
        path = os.path.join(self.home, "try.py")
        with open(path, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(text)
        return path

    def report(self, kind, text, what):
        self.found += 1
        FOUND.mkdir(parents=True, exist_ok=True)
        path = FOUND / f"{kind}-{self.found}.py"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        print(f"{kind}: {what}\n  kept as {path.relative_to(ROOT)}", flush=True)

    @staticmethod
    def crashed(code, output):
        """Why this end is a bug whatever the program was, or None."""
        if code is None:
            return "it does not end"
        if code < 0:
            return f"killed by signal {-code}"
        for sign in ("Sanitizer", "Assertion", "runtime error:"):
            if sign in output and "AssertionError" not in output[output.index(sign):][:20]:
                return output[output.index(sign):][:200]
        return None

    def programs(self):
        text = generate.Programs(self.random.random()).program()
        path = self.write(text)
        code, output = self.execute(self.weft, path)
        self.tried += 1
        if why := self.crashed(code, output):
            self.report("crash", text, why)
        elif self.peer:
            peer_code, expected = self.execute(self.peer, path)
            if peer_code is not None and (code, output) != (peer_code, expected):
                pair = next((p for p in zip(expected.splitlines(), output.splitlines())
                             if p[0] != p[1]), (f"exit {peer_code}", f"exit {code}"))
                self.report("difference", text,
                            f"CPython: {pair[0][:160]}\n            Weft:    {pair[1][:160]}")

    def damaged(self):
        pieces = generate.pieces(self.random.choice(self.corpus))
        return generate.damage(self.random, self.random.choice(pieces))

    def syntax(self, batch=150):
        sources = [self.damaged() for _ in range(batch)]
        data = self.write(repr(sources))
        code, output = self.execute(self.weft, "-c", CHECK_SYNTAX, data)
        ours = output.splitlines()
        self.tried += batch
        if (why := self.crashed(code, output)) or code:
            self.report("crash", sources[min(len(ours), batch - 1)], why or output[-200:])
            return
        if self.peer:
            theirs = self.execute(self.peer, "-c", CHECK_SYNTAX, data)[1].splitlines()
            for source, expected, got in zip(sources, theirs, ours):
                if expected != got:
                    self.report("syntax", source,
                                f"CPython: {expected[:160]}\n        Weft:    {got[:160]}")

    def mutants(self):
        lines = generate.pieces(self.random.choice(self.corpus))
        i = self.random.randrange(len(lines))
        lines[i] = generate.damage(self.random, lines[i])
        text = "import sys\nsys.path.insert(0, %r)\n" % str(ROOT / "tests") + "\n".join(lines)
        code, output = self.execute(self.weft, self.write(text))
        self.tried += 1
        if (why := self.crashed(code, output)) and not (code is None and "while" in lines[i]):
            self.report("crash", text, why)

    def calls(self):
        seed, log = self.random.randrange(10**9), Path(self.home, "calls.log")
        program = [str(ROOT / "tests/fuzz/calls.py"), str(log), str(seed), "1000", self.random.choice("113")]
        code, output = self.execute(self.weft, *program)
        self.tried += 1
        if why := self.crashed(code, output):
            last = log.read_text("utf-8", "replace").splitlines()[-8:] if log.exists() else []
            self.report("calls", "".join(f"# {line}\n" for line in [" ".join(program), *last, why]),
                        f"{why}\n  {last[-1:]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--peer")
    parser.add_argument("--mode", default="programs,syntax,mutants,calls")
    parser.add_argument("--limit", type=float, default=20, help="seconds for one program")
    parser.add_argument("--most", type=int, default=20, help="stop after so many findings")
    parser.add_argument("weft")
    options = parser.parse_args()
    peers = os.environ.get("PEERS") or os.path.expanduser("~/.cache/weft-peers")
    peer = options.peer or shutil.which("python3.14") or f"{peers}/usr/bin/python3.14"
    fuzzer = Fuzzer(os.path.abspath(options.weft), peer if os.access(peer, os.X_OK) else None,
                    options.seed, options.limit)
    print(f"seed {options.seed}" + ("" if fuzzer.peer else "; no CPython 3.14 to compare with"))
    end = time.monotonic() + options.seconds
    modes = [getattr(fuzzer, mode) for mode in options.mode.split(",")]
    try:
        while time.monotonic() < end and fuzzer.found < options.most:
            for mode in modes:
                mode()
    finally:
        shutil.rmtree(fuzzer.home, ignore_errors=True)
    print(f"{fuzzer.tried} tried, {fuzzer.found} found")
    return 1 if fuzzer.found else 0


if __name__ == "__main__":
    sys.exit(main())
