"""Random programs, which end, use only the core and log what they compute; and random damage."""
import random
import re

OPERATORS = ["+", "-", "*", "//", "%", "/", "<<", ">>", "&", "|", "^", "**"]
COMPARISONS = ["<", "<=", ">", ">=", "==", "!=", "is", "is not", "in", "not in"]
ATOMS = ["0", "1", "-1", "2", "3", "7", "255", "2**31", "2**62", "-2**62", "2**63", "10**30",
         "True", "False", "None", "0.0", "-0.0",
         "0.5", "1e300", "5e-324", "float('inf')", "float('nan')", "1j", "(1+2j)", "''", "'a'",
         "'abc'", "'é日🙂'", "'%s %d'", "b''",
         "b'xyz'", "()", "(1,)", "(1, 'a', None)", "[]", "[1, 2, 3]", "[[]]", "{}", "{'a': 1}",
         "{1: 2, 3: 4}", "range(5)", "range(9, 0, -2)", "slice(1, None)", "...", "NotImplemented",
         "int", "str", "len", "object"]
CALLS = ["abs({})", "bool({})", "int({})", "float({})", "str({})", "repr({})", "len({})",
         "list({})", "tuple({})", "dict({})", "sorted(set({}), key=repr)",
         "sorted(set({}) ^ set({}), key=repr)", "len(set({}) & set({}))", "({} in frozenset({}))",
         "sorted({})", "sum({})", "min({}, {})", "max({})", "any({})", "all({})",
         "(hash({}) is not None)", "type({}).__name__",
         "divmod({}, {})", "pow({}, {}, {})", "round({})", "round({}, {})", "bytes({})",
         "bytearray({})", "chr({})", "ord({})", "hex({})",
         "bin({})", "list(reversed({}))", "list(enumerate({}))", "list(zip({}, {}))",
         "list(map(str, {}))", "isinstance({}, (int, str))",
         "callable({})", "format({}, {})", "complex({}, {})", "getattr({}, 'real', 0)",
         "({}).upper()", "({}).split({})", "({}).join({})", "({}).replace({}, {})", "({}).find({})",
         "({}).index({})", "({}).count({})",
         "({}).append({})", "({}).pop()", "({}).get({})", "({}).update({})", "({}).keys()",
         "({}).bit_length()",
         "({}).encode()", "({}).startswith({})", "({}).is_integer()", "({}).as_integer_ratio()",
         "({}).conjugate()", "({}).strip({})"]
HEADER = '''
log = []
def note(*values):
    for v in values:
        text = repr(v)
        log.append(text if len(text) < 300 else text[:300] + str(len(text)))
def clip(v):
    "keeps numbers and containers small, so that the program ends soon"
    if isinstance(v, int) and (v > 1 << 400 or v < -1 << 400):
        return v % 1000003
    if isinstance(v, (str, bytes, list, tuple, bytearray)) and len(v) > 60:
        return v[:60]
    return v
class K:
    n = 5
    def __init__(self, v=1): self.v = v
    def __add__(self, o): return ('add', o)
    def __radd__(self, o): return ('radd', o)
    def __eq__(self, o): return isinstance(o, K) and self.v == o.v
    def __hash__(self): return 7
    def __lt__(self, o): return 'lt'
    def __len__(self): return 3
    def __getitem__(self, i):
        if i > 3: raise IndexError(i)
        return i * 2
    def __repr__(self): return 'K()'
    def method(self, x=0, *args, **kw): return (x, args, kw)
'''
FOOTER = "\nfor line in log:\n    print(ascii(line))\n"


class Programs:
    """Writes one random program."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = ["a", "b", "c", "d"]
        self.depth = 0
        self.functions = 0

    def choice(self, items):
        return self.random.choice(items)

    def number(self, depth):
        """An expression that is very likely a number."""
        if depth <= 0 or self.random.random() < 0.2:
            return self.choice(["0", "1", "-1", "2", "7", "-13", "100", "2**31", "2**62 - 1",
                                "-2**62", "10**25", "0.5", "-2.75", "1e10", "True"])
        n = lambda: self.number(depth - 1)
        return self.choice([
            lambda: f"clip({n()} {self.choice('+-*')} {n()})",
            lambda: f"({n()} {self.choice(['//', '%', '/'])} ({n()} or 3))",
            lambda: f"(int({n()}) {self.choice('&|^')} int({n()}))",
            lambda: f"clip(int({n()}) << {self.choice('0123')})",
            lambda: f"(int({n()}) >> {self.choice('012')})",
            lambda: f"len({self.sequence(depth - 1)})", lambda: f"abs({n()})",
            lambda: f"({n()} if {n()} {self.choice(COMPARISONS[:6])} {n()} else {n()})",
            lambda: f"sum([{n()}, {n()}, {n()}])",
            lambda: f"{self.choice(['min', 'max'])}({n()}, {n()})",
            lambda: f"round({n()}, {self.choice(['0', '1', '-1', 'None'])})",
            lambda: f"(lambda x, y={n()}: clip(x * 2 - y))({n()})",
            lambda: f"{self.text(depth - 1)}.count({self.text(0)})",
            lambda: f"clip({n()} ** {self.choice('0123')})",
            lambda: f"divmod({n()}, {n()} or 1)[{self.choice('01')}]"])()

    def text(self, depth):
        """An expression that is very likely a str."""
        if depth <= 0 or self.random.random() < 0.2:
            return self.choice(["''", "'a'", "'hello, world'", "'é日🙂'", "'a,b;c'", "'  pad '",
                                "'AbC'", "'123'", "('x' * 5)"])
        t = lambda: self.text(depth - 1)
        return self.choice([
            lambda: f"({t()} + {t()})", lambda: f"clip({t()} * {self.choice('0123')})",
            lambda: f"{t()}.{self.choice(['upper', 'lower', 'title', 'swapcase', 'strip'])}()",
            lambda: f"{t()}.replace({t()}, {t()})[:80]", lambda: f"str({self.number(depth - 1)})",
            lambda: f"{t()}[{self.number(0)}:{self.choice(['', '3', '-1', '2:5'])}]",
            lambda: f"({t()}).join(map(str, {self.sequence(depth - 1)}))[:80]",
            lambda: f"f'{{{self.number(0)}!r:>{self.choice('0369')}}}|{{a!s:.5}}'",
            lambda: f"'%s-%r' % ({self.number(depth - 1)}, {t()})",
            lambda: f"{t()}.center({self.choice('0579')}, '*')", lambda: f"repr({t()})",
            lambda: f"({t()}).{self.choice(['', 'r'])}partition({t()} or ',')[{self.choice('012')}]",
            lambda: f"'{{:>5}}|{{!r}}'.format({t()}, {self.number(depth - 1)})"])()

    def sequence(self, depth):
        """An expression that is very likely a list or a tuple."""
        if depth <= 0 or self.random.random() < 0.2:
            return self.choice(["[]", "[1, 2, 3]", "(1, 'a', None)", "list(range(6))",
                                "['x', 'yy', 'z']", "[[1], [2, 3]]", "([3, 1, 2] * 2)"])
        q, n = lambda: self.sequence(depth - 1), lambda: self.number(depth - 1)
        return self.choice([
            lambda: f"[{n()}, {self.text(depth - 1)}, {n()}]",
            lambda: f"clip(list({q()}) + list({q()}))",
            lambda: f"[x for x in {q()} if {n()}]",
            lambda: f"[(x, {n()}) for x in {q()}]",
            lambda: f"list({q()})[{self.choice(['::-1', '1:', ':-1', '::2', '-2:'])}]",
            lambda: f"sorted({q()}, key=repr)",
            lambda: f"sorted([{n()}, {n()}, {n()}, {n()}])",
            lambda: f"{self.text(depth - 1)}.split()",
            lambda: f"list(zip({q()}, {q()}))", lambda: f"list(enumerate({q()}))",
            lambda: f"list({{k: {n()} for k in ('p', 'q')}}.items())",
            lambda: f"[*{q()}, *{q()}][:9]",
            lambda: f"list(map(lambda x: {n()}, {q()}))",
            lambda: f"list(reversed({q()}))", lambda: f"[y for x in [{q()}, {q()}] for y in x]"])()

    def expression(self, depth=3):
        kind = self.random.random()
        if kind < 0.6:
            make = self.number if kind < 0.3 else self.text if kind < 0.45 else self.sequence
            return make(depth)
        r = self.random.random()
        if depth <= 0 or r < 0.18:
            return self.choice(ATOMS)
        e = lambda: self.expression(depth - 1)
        if r < 0.36:
            return self.choice(self.names)
        if r < 0.52:
            op = self.choice(OPERATORS)
            right = self.choice(["0", "1", "2", "3"]) if op in ("**", "<<") else e()
            return f"clip({e()} {op} {right})"
        if r < 0.60:
            return f"({e()} {self.choice(COMPARISONS)} {e()})"
        if r < 0.76:
            call = self.choice(CALLS)
            return call.format(*[e() for _ in range(3)])
        return self.choice([
            lambda: f"({e()} if {e()} else {e()})", lambda: f"({e()} and {e()})",
            lambda: f"({e()} or {e()})",
            lambda: f"(not {e()})",
            lambda: f"[{e()}, {e()}]", lambda: f"({e()}, *{e()})", lambda: f"{{{e()}: {e()}}}",
            lambda: f"({e()})[{e()}]",
            lambda: f"({e()})[{e()}:{e()}]", lambda: f"[{e()} for x in {e()}]",
            lambda: f"[x for x in {e()} if {e()}]",
            lambda: f"(lambda x=1, *y: {e()})({e()})", lambda: f"(-{e()})", lambda: f"(~{e()})",
            lambda: f"K({e()})",
            lambda: f"K({e()}).method({e()}, k={e()})", lambda: f"{{k: {e()} for k in {e()}}}",
            lambda: f"sum(1 for _ in {e()})", lambda: f"f'{{a}}-{{b!r}}'"])()

    def block(self, indent, size):
        return "".join(self.statement(indent) for _ in range(size))

    def statement(self, indent=0):
        pad, name = "    " * indent, self.choice(self.names)
        r = self.random.random()
        e = self.expression
        if self.depth > 2 or r < 0.35:
            return f"{pad}{name} = clip({e()})\n{pad}note({name})\n"
        if r < 0.42:
            op = self.choice(OPERATORS[:5] + OPERATORS[8:11])
            return f"{pad}{name} {op}= {e()}\n{pad}{name} = clip({name})\n"
        if r < 0.47:
            return f"{pad}{name}, *{self.choice(self.names)} = {e()}\n"
        if r < 0.51:
            return f"{pad}{name}[{e(1)}] = {e()}\n"
        self.depth += 1
        try:
            body = lambda extra=1: self.block(indent + extra, self.random.randint(1, 3))
            if r < 0.60:
                return (f"{pad}if ({name} := {e()}):\n{body()}{pad}elif {e()}:\n{body()}"
                        f"{pad}else:\n{body()}")
            if r < 0.70:
                leave = self.choice(["", f"{pad}    if {e()}: break\n",
                                     f"{pad}    if {e()}: continue\n"])
                return f"{pad}for {name} in list({e()})[:6]:\n{leave}{body()}{pad}else:\n{body()}"
            if r < 0.86:
                kind = self.choice(["Exception", "TypeError", "(ValueError, KeyError)",
                                    "LookupError", "ArithmeticError"])
                end = self.choice(["", f"{pad}else:\n{body()}", f"{pad}finally:\n{body()}"])
                return (f"{pad}try:\n{body()}{pad}except {kind} as error:\n"
                        f"{pad}    note(type(error).__name__, str(error))\n{end}")
            if r < 0.94:
                self.functions += 1
                f = f"f{self.functions}"
                way = self.choice(["return", "return", "yield"])
                use = f"list({f}({e()}))" if way == "yield" else f"{f}({e()}, q={e()})"
                inner = (f"{pad}def {f}(a, q=3, *r, **k):\n{pad}    b = c = d = q\n{body()}"
                         f"{pad}    {way} {e()}\n")
                return inner + f"{pad}note({use})\n"
            return (f"{pad}match {e()}:\n{pad}    case int() | str() as {name}:\n{body(2)}"
                    f"{pad}    case [{name}, *_]:\n{body(2)}"
                    f"{pad}    case {{'a': {name}}}:\n{body(2)}{pad}    case _:\n{body(2)}")
        finally:
            self.depth -= 1

    def program(self):
        lines = [HEADER, "a, b, c, d = 1, 'b', [3, 4], {'k': 5}\n"]
        for _ in range(14):
            self.depth = 0
            step = self.statement(1)
            lines.append(f"try:\n{step}except BaseException as error:\n"
                         "    note(type(error).__name__, str(error))\n")
        return "".join(lines) + "note(a, b, c, d)\n" + FOOTER


TOKEN = re.compile(r"\w+|\s+|[^\w\s]+")
SPICE = ["(", ")", "[", "]", "{", "}", ":", ",", "=", "==", ":=", "*", "**", "@", ".", "...", "->",
         "|", "lambda", "yield", "await", "async",
         "def", "class", "return", "if", "else", "for", "in", "not", "is", "with", "as", "try",
         "except", "finally", "match", "case",
         "type", "import", "from", "global", "nonlocal", "del", "pass", "None", "0x", "1e", "'",
         '"', "'''", "f'", "\\", "\n", "\n    ",
         "\t", " ", ";", "#", "0", "1_", "é", "\0", "🙂", "~", "!", "$", "?", "`"]


def damage(rng, text):
    """A few tokens of the text removed, doubled, swapped or replaced."""
    tokens = TOKEN.findall(text)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if not tokens:
            break
        i = rng.randrange(len(tokens))
        kind = rng.randrange(5)
        if kind == 0:
            del tokens[i]
        elif kind == 1:
            tokens.insert(i, tokens[i])
        elif kind == 2:
            j = rng.randrange(len(tokens))
            tokens[i], tokens[j] = tokens[j], tokens[i]
        elif kind == 3:
            tokens[i] = rng.choice(SPICE)
        else:
            tokens.insert(i, rng.choice(SPICE))
    return "".join(tokens)


def pieces(text):
    """The top-level statements of a source file, each as text."""
    return [p for p in re.split(r"\n(?=[^\s#)\]}])", text) if p.strip()]
