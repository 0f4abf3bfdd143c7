"""dis: the library's module, made to read Weft's instructions.

The library's file runs in this module's namespace; then what it knows of CPython's instructions is
replaced: the tables by those of _opcode.get_weft_instructions(), and the functions that take words
apart. An instruction is a word of eight bytes: ten bits of opcode, six of flags, three operands of
sixteen. Its offset counts two a word, as everywhere in Python code.
"""
import importlib.machinery
import sys

import _opcode

exec(importlib.machinery.SourceFileLoader(__name__, f"{sys._stdlib_dir}/dis.py").get_code(__name__))

_WORD = 8
_table = _opcode.get_weft_instructions()

opname = _all_opname = [row[0] for row in _table]
# Names that only CPython has stay known: tools ask for them when they are imported.
opmap = _all_opmap = {**opmap, **{name: op for op, name in enumerate(opname)}}
_inline_cache_entries = {row[0]: row[5] for row in _table if row[5]}
_cache_format = {name: {"cache": words} for name, words in _inline_cache_entries.items()}


def _with_operand(*kinds):
    return [op for op, row in enumerate(_table) if any(kind in kinds for kind, _ in row[2:5])]


hasarg = [op for op, row in enumerate(_table) if any(kind for kind, _ in row[2:5])]
hasconst = _with_operand("const")
hasname = _with_operand("name")
hasjump = hasjrel = _with_operand("jump")
haslocal = _with_operand("dst", "src", "reg")
hasjabs = hascompare = hasfree = hasexc = []


class _Operands(int):
    """The operands of one instruction: as a number, the one that says most."""

    word = 0


def _operands(word):
    "(kind, number) for each operand that the instruction has"
    kinds = _table[word & 0x3FF][2:5]
    for slot, (kind, wide) in enumerate(kinds):
        if kind:
            number = word >> 16 + 16 * slot & (0xFFFFFFFF if wide else 0xFFFF)
            if kind in ("imm", "jump"):
                bits = 32 if wide else 16
                number -= (number >> bits - 1) << bits
            yield kind, number


def _pack(word):
    found = dict(reversed(list(_operands(word))))
    if not found:
        return None
    for kind in ("const", "name", "jump", "imm", "uimm"):
        if kind in found:
            break
    else:
        kind = next(iter(reversed(found)))
    arg = _Operands(found[kind])
    arg.word = word
    return arg


class _Words:
    """What stands for co_code where the library looks at single opcodes and caches."""

    def __init__(self, code):
        self.code = code

    def __len__(self):
        return len(self.code) // _WORD * 2

    def __getitem__(self, at):
        if isinstance(at, slice):
            return self.code[at.start // 2 * _WORD:at.stop // 2 * _WORD]
        return int.from_bytes(self.code[at // 2 * _WORD:][:2], sys.byteorder) & 0x3FF


def _deoptop(op):
    return op


def _get_code_array(co, adaptive):
    return _Words(co.co_code)


def _get_jump_target(op, arg, offset):
    if op not in hasjump or arg is None:
        return None
    jump = dict(_operands(arg.word))["jump"]
    return offset + 2 * (1 + _table[op][5] + jump)


def _is_backward_jump(op):
    return "BACK" in opname[op]


def _unpack_opargs(code):
    at = 0
    while at < len(code):
        word = int.from_bytes(code[at:at + _WORD], sys.byteorder)
        op = word & 0x3FF
        offset = at // _WORD * 2
        yield offset, offset, op, _pack(word)
        at += _WORD * (1 + _table[op][5])


class ArgResolver(ArgResolver):
    def offset_from_jump_arg(self, op, arg, offset):
        return _get_jump_target(op, arg, offset)

    def _register(self, number):
        try:
            return self.varname_from_oparg(number)
        except (IndexError, TypeError):
            return f"r{number}"

    def _shown(self, op, arg, offset, kind, number):
        "(value, text) of one operand"
        if kind == "const" and self.co_consts is not None and number < len(self.co_consts):
            return self.co_consts[number], repr(self.co_consts[number])
        if kind == "name" and self.names is not None and number < len(self.names):
            return self.names[number], self.names[number]
        if kind == "jump":
            target = _get_jump_target(op, arg, offset)
            return target, f"to L{self.get_label_for_offset(target)}"
        if kind in ("dst", "src", "reg", "take"):
            name = self._register(number)
            return name, name
        return number, repr(number)

    def get_argval_argrepr(self, op, arg, offset):
        if arg is None:
            return None, ""
        shown = {kind: self._shown(op, arg, offset, kind, number) for kind, number in _operands(arg.word)}
        texts = [self._shown(op, arg, offset, kind, number)[1] for kind, number in _operands(arg.word)]
        for kind in ("const", "name", "jump", "imm", "uimm", "src", "dst", "reg", "take"):
            if kind in shown:
                return shown[kind][0], ", ".join(texts)
        return int(arg), ", ".join(texts)


def stack_effect(opcode, oparg=None, /, *, jump=None):
    """Compute the stack effect of the opcode: nothing, as Weft's instructions have registers."""
    if not 0 <= opcode < len(_table):
        raise ValueError("invalid opcode or oparg")
    return 0


def _varints(data):
    "numbers of seven bits a byte, the lowest first"
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0


def _parse_exception_table(code):
    numbers, entries = iter(_varints(code.co_exceptiontable)), []
    for start, length, target, depth, flags in zip(*[numbers] * 5):
        entries.append(_ExceptionTableEntry(start * 2, (start + length) * 2, target * 2, depth, bool(flags)))
    return entries


def _find_imports(co):
    """Find import statements in the code: (name, level, fromlist)."""
    loaded = {}
    for _, _, op, arg in _unpack_opargs(co.co_code):
        operands = list(_operands(arg.word)) if arg is not None else []
        if opname[op] == "IMPORT_NAME":
            window = operands[1][1]
            yield co.co_names[arg], loaded.get(window), loaded.get(window + 1)
        elif operands and operands[0][0] == "dst":
            value = None
            if op in hasconst:
                value = co.co_consts[arg]
            elif opname[op] == "LOAD_INT":
                value = int(arg)
            loaded[operands[0][1]] = value


def _find_store_names(co):
    """Find names of variables which are written in the code."""
    for _, _, op, arg in _unpack_opargs(co.co_code):
        if opname[op] in ("STORE_NAME", "STORE_GLOBAL"):
            yield co.co_names[arg]
