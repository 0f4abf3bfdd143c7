"""Compares the front end with CPython 3.14: trees of files, and problems of snippets. Run it with CPython 3.14.

usage: compare.py AST_DUMP files PATH...       every .py file under the paths: the same tree, or the same problem
       compare.py AST_DUMP snippets PATH...    string literals in these test files, each as a source of its own
       compare.py AST_DUMP mutants N PATH...   N sources made from these files by dropping, doubling or swapping tokens
       compare.py AST_DUMP scratches N PATH... N sources made from these files by changing single characters
       compare.py AST_DUMP text FILE           snippets in a file, separated by lines of "%%"
Options among the paths: -v shows sources whole, -q only the total, -j FILE writes the differing ones to FILE, -m tries each in all
modes and with all flags, -t compares tokens instead, -s N seeds the choice.
"""
import argparse
import _tokenize
import ast
import io
import itertools
import os
import random
import re
import subprocess
import sys
import threading
import tokenize
import warnings


def dump(node):
    """ast.dump(node, include_attributes=True), with ascii() for repr()."""
    if isinstance(node, ast.AST):
        cls = type(node)
        args = []
        for name in node._fields:
            value = getattr(node, name)
            if value is None and getattr(cls, name, ...) is None or value == [] and type(value) is list:
                continue
            args.append(f"{name}={dump(value)}")
        for name in node._attributes:
            value = getattr(node, name)
            if value is not None:
                args.append(f"{name}={value}")
        return f"{cls.__name__}({', '.join(args)})"
    if isinstance(node, list):
        return f"[{', '.join(map(dump, node))}]"
    return ascii(node)


def tokens(source, extra):
    """What the tokenize module's own tokenizer gives, a token a line."""
    lines = iter(re.findall(r"[^\n]*\n|[^\n]+", source))
    out = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for kind, text, start, end, line in _tokenize.TokenizerIter(lambda: next(lines, ""), extra_tokens=extra):
                out.append(f"{kind} {ascii(text)} {start[0]},{start[1]}-{end[0]},{end[1]} {ascii(line)}\n")
    except SyntaxError as e:
        end = f"{e.end_lineno}, {e.end_offset}" if e.end_offset is not None else "None, None"
        out.append(f"{type(e).__name__}: {e.msg} ({e.lineno}, {e.offset}, {end})")
    return "".join(out)


def expected(source, mode="exec", flags=""):
    if mode == "tokens":
        return tokens(source, "x" in flags)
    bits = ast.PyCF_ONLY_AST
    bits |= ast.PyCF_TYPE_COMMENTS if "t" in flags else 0
    bits |= 0x200 if "d" in flags else 0
    bits |= 0x4000 if "i" in flags else 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error" if "w" in flags else "ignore", SyntaxWarning)
            version = int("".join(c for c in flags if c.isdigit()) or -1)
            return dump(compile(source, "<snippet>", mode, bits, _feature_version=version))
    except SyntaxError as e:
        place = "" if e.lineno is None else f" ({e.lineno}, {e.offset}, {e.end_lineno}, {e.end_offset})"
        return f"{type(e).__name__}: {e.msg}{place}"
    except (MemoryError, RecursionError, ValueError) as e:
        return f"{type(e).__name__}: {e}"


class Weft:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, source, mode="exec", flags=""):
        if isinstance(source, str):
            source = source.encode("utf-8", "surrogatepass")
            flags += "s"
        pipe = self.process
        pipe.stdin.write(f"{mode} {flags or '-'} {len(source)}\n".encode() + source)
        pipe.stdin.flush()
        size = pipe.stdout.readline()
        if not size:
            return f"died: {pipe.wait()}"
        return pipe.stdout.read(int(size)).decode("utf-8", "replace")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def python_files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for where, folders, names in os.walk(path):
            folders.sort()
            yield from (path for name in sorted(names) if name.endswith(".py")
                        and os.path.isfile(path := os.path.join(where, name)))


def snippets(path):
    """String literals of a test file that may be meant as sources, with the examples in its docstrings."""
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, (str, bytes)):
            continue
        text = node.value
        if isinstance(text, str) and ">>> " in text:
            example = []
            for line in text.split("\n"):
                line = line.strip()
                if line[:4] in (">>> ", "... ") or line in (">>>", "..."):
                    if line[:3] == ">>>" and example:
                        yield "\n".join(example) + "\n"
                        example = []
                    example.append(line[4:])
                elif example:
                    yield "\n".join(example) + "\n"
                    example = []
            continue
        yield text
        if isinstance(text, str) and "\n" in text:
            import textwrap
            yield textwrap.dedent(text)


def statements(paths):
    """The top-level statements of files, those of some thirty lines at most."""
    pool = []
    for path in python_files(paths):
        with open(path, "rb") as file:
            source = file.read()
        try:
            tree = ast.parse(source)
            lines = source.decode().split("\n")
        except (SyntaxError, UnicodeDecodeError, ValueError):
            continue
        for node in tree.body:
            if node.end_lineno - node.lineno < 30:
                pool.append("\n".join(lines[node.lineno - 1:node.end_lineno]) + "\n")
    return pool


def scratches(count, paths, chance):
    pool = statements(paths)
    marks = list("\"'()[]{}:=,.#\\ \t\n\n!@$?;%&*_09aeé…b") + ["    ", "'" * 3, '"' * 3, "f'", "\n ", "\n  ", "1_", "0x", "€", "\r\n"]
    while count:
        text = chance.choice(pool)
        for _ in range(chance.choice((1, 1, 2, 3))):
            at = chance.randrange(len(text) + 1)
            gone = chance.choice((0, 0, 1, 1, 2, 5))
            text = text[:at] + chance.choice(marks + [""] * 20) + text[at + gone:]
        count -= 1
        yield text


def mutants(count, paths, chance):
    pool = statements(paths)
    words = ("( ) [ ] { } , : . ; = == := + - * ** / -> @ ! != <> ~ % | & < >> += a b 1 1.5 'x' b'y' f'{z}' None True not and or "
             "if else elif for in is lambda def class return yield await async with as from import pass break del try except finally "
             "raise while global nonlocal assert match case type print _ ... \n").split(" ")
    while count:
        text = chance.choice(pool)
        try:
            tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline)]
        except (tokenize.TokenError, SyntaxError):
            continue
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        spans = [(starts[t.start[0] - 1] + t.start[1], starts[t.end[0] - 1] + t.end[1]) for t in tokens
                 if t.string and t.type != tokenize.COMMENT]
        if len(spans) < 3:
            continue
        for _ in range(chance.choice((1, 1, 1, 2))):
            a, b = chance.choice(spans)
            how = chance.randrange(4)
            if how == 0:
                new = ""
            elif how == 1:
                new = text[a:b] + " " + chance.choice(words)
            elif how == 2:
                new = chance.choice(words)
            else:
                c, d = chance.choice(spans)
                new = text[c:d]
            text = text[:a] + new + text[b:]
        count -= 1
        yield text


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    parser.add_argument("program")
    parser.add_argument("what")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("-v", action="store_true")
    parser.add_argument("-q", action="store_true")
    parser.add_argument("-m", action="store_true")
    parser.add_argument("-t", action="store_true")
    parser.add_argument("-j", type=argparse.FileType("w"))
    parser.add_argument("-s", type=int, default=1)
    options = parser.parse_intermixed_args()
    program, what, paths = options.program, options.what, options.paths
    chance = random.Random(options.s)
    variants = [("exec", "")]
    if options.t:
        variants = [("tokens", "x"), ("tokens", "")]
    if options.m:
        variants += [("eval", ""), ("single", ""), ("single", "d"), ("single", "id"), ("exec", "id"), ("exec", "t"), ("exec", "w"),
                     ("func_type", ""), ("exec", "4"), ("exec", "7"), ("exec", "9"), ("exec", "11")]
    if what == "files":
        names = list(python_files(paths))
        cases = [(name, open(name, "rb").read()) for name in names]
    elif what == "snippets":
        cases = [(path, text) for path in python_files(paths) for text in snippets(path)]
        cases = list(dict.fromkeys(cases))
    elif what == "mutants":
        cases = [("mutant", text) for text in mutants(int(paths[0]), paths[1:], chance)]
    elif what == "scratches":
        cases = [("scratch", text) for text in scratches(int(paths[0]), paths[1:], chance)]
    else:
        with open(paths[0], encoding="utf-8") as file:
            cases = [("text", text) for text in file.read().split("%%\n")]
    weft = Weft(program)
    equal = total = problems = problems_equal = 0
    for (name, text), (mode, flags) in itertools.product(cases, variants):
        try:
            if isinstance(text, str):
                text.encode()
            elif options.t:
                text = text.decode()
        except UnicodeError:
            continue
        want, got = expected(text, mode, flags), weft(text, mode, flags)
        total += 1
        equal += want == got
        is_problem = not want.endswith(")") or ": " in want.split("(")[0]
        problems += is_problem
        problems_equal += is_problem and want == got
        if want == got:
            continue
        if options.j:
            options.j.write((text if isinstance(text, str) else repr(text)) + "%%\n")
        if not options.q:
            shown = repr(text) if what != "files" else ""
            print(f"--- {name} {mode} {flags} {shown if options.v else shown[:300]}")
            at = next((i for i, (a, b) in enumerate(zip(want, got)) if a != b), min(len(want), len(got)))
            at = max(0, at - 100) if len(want) > 400 else 0
            print(f"    CPython: {want[at:at + 400]}\n    Weft:    {got[at:at + 400]}")
        if got.startswith("died"):
            weft = Weft(program)
    weft.close()
    print(f"{what}: {equal} of {total} equal; of them {problems_equal} of {problems} problems")
    return 0 if equal == total else 1


if __name__ == "__main__":
    sys.setrecursionlimit(100000)
    threading.stack_size(512 << 20)
    status = []
    thread = threading.Thread(target=lambda: status.append(main()))
    thread.start()
    thread.join()
    sys.exit(status[0] if status else 2)
