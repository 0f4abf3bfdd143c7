#!/usr/bin/env python3
"""Makes what the build needs of src/compile/instructions.def, where every instruction is declared once.

usage: instgen.py INSTRUCTIONS_DEF OUTPUT...     each OUTPUT is one of, by its base name:
    opcodes.gen.h     `enum Opcode { I_NOP, ... I_COUNT }`
    opcodes.gen.c     the table inst_info of compile/inst.h
    handlers.gen.h    the bodies as HANDLER(NAME) { ... } and SLOW_HANDLER(NAME) { ... }, operands in front: see
                      src/vm/dispatch.h, which defines these macros for each compiler and variant
    handlers.gen.inc  X(NAME) for each opcode in order: the dispatch tables

A declaration is one line; the body follows between lines `{` and `}`, and after it may follow `slow` and a second body, which runs out of
line when the first says SLOW. `spec NAME of BASE : "doc"` declares a specialised form: operands and caches are its base's; the
compiler never emits it, the vm writes it over its base while the program runs.
"""
import os
import re
import sys
from dataclasses import dataclass

KINDS = {"dst", "src", "reg", "take", "imm", "uimm", "const", "name", "jump"}


@dataclass
class Operand:
    kind: str
    slot: str    # a, b, c or bc
    base: int    # registers covered: base + per_c * c
    per_c: int


@dataclass
class Instruction:
    name: str
    operands: list
    cache: int
    ends: bool
    jumps: bool
    doc: str
    line: int    # of the declaration
    base: str = ""       # of a specialised form
    body: list = None    # lines of the C block below it
    body_line: int = 0
    slow: list = None    # and of the block after `slow`
    slow_line: int = 0


def fail(line, message):
    sys.exit(f"instructions.def:{line}: {message}")


def parse_window(line, text):
    """The length of a window: a number, c, c+2 or 2*c. -> (base, per_c)"""
    match = re.fullmatch(r"(?:(\d+)\*)?(c)(?:\+(\d+))?|(\d+)", text)
    if not match:
        fail(line, f"not a window length: {text!r}")
    times, c, plus, number = match.groups()
    return (int(number), 0) if number else (int(plus or 0), int(times or 1))


def parse_operand(line, text):
    match = re.fullmatch(r"(\w+) (a|b|c|bc)(?:\[([^\]]+)\])?", text)
    if not match or match[1] not in KINDS:
        fail(line, f"not an operand: {text!r}")
    base, per_c = parse_window(line, match[3]) if match[3] else (1, 0)
    return Operand(match[1], match[2], base, per_c)


def parse_declaration(number, text, known):
    if text.startswith("spec "):
        match = re.fullmatch(r"spec ([A-Z][A-Z0-9_]*) of ([A-Z][A-Z0-9_]*) : \"(.*)\"", text)
        base = match and known.get(match[2])
        if not base or base.base:
            fail(number, "not a specialised form of an instruction declared above")
        return Instruction(match[1], base.operands, base.cache, base.ends, base.jumps, match[3], number, base.name)
    match = re.fullmatch(r"inst ([A-Z][A-Z0-9_]*)\(([^)]*)\)(?: cache (\d+))?( jumps)?( ends)? : \"(.*)\"", text)
    if not match:
        fail(number, "neither a declaration, a body nor a comment")
    name, operands, cache, jumps, ends, doc = match.groups()
    operands = [parse_operand(number, part.strip()) for part in operands.split(",") if part.strip()]
    if len({o.slot for o in operands}) != len(operands):
        fail(number, "an operand twice")
    return Instruction(name, operands, int(cache or 0), bool(ends), bool(jumps), doc, number)


def parse(path):
    """The instructions in order, each with its bodies."""
    with open(path, encoding="utf-8") as source:
        lines = [line.rstrip() for line in source]
    known, last, block, number = {}, None, "body", 0
    while number < len(lines):
        text = lines[number]
        number += 1
        if not text or text.startswith("#"):
            continue
        if text == "slow":
            block = "slow"
        elif text == "{":
            if last is None or getattr(last, block) is not None:
                fail(number, "a body of nothing")
            end = next((k for k in range(number, len(lines)) if lines[k] == "}"), None)
            if end is None:
                fail(number, "a body without end")
            setattr(last, block, lines[number:end])
            setattr(last, block + "_line", number + 1)
            number = end + 1
        else:
            last, block = parse_declaration(number, text, known), "body"
            if last.name in known:
                fail(number, f"{last.name} is declared twice")
            known[last.name] = last
    return list(known.values())


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def c_operand(instruction, slot):
    for o in instruction.operands:
        if o.slot == slot or (o.slot == "bc" and slot == "b"):
            return f"{{OPERAND_{o.kind.upper()}, {'true' if o.slot == 'bc' else 'false'}, {o.base}, {o.per_c}}}"
    return "{OPERAND_NONE, false, 0, 0}"


def write_header(instructions, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("/* Made by tools/instgen.py of instructions.def; included by compile/inst.h. */\n\n")
        out.write("typedef enum Opcode {\n")
        out.writelines(f"    I_{i.name},\n" for i in instructions)
        out.write("    I_COUNT\n} Opcode;\n")


def write_table(instructions, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write('/* Made by tools/instgen.py of instructions.def. */\n#include "compile/inst.h"\n\n')
        out.write("const InstInfo inst_info[I_COUNT] = {\n")
        for i in instructions:
            operands = ", ".join(c_operand(i, slot) for slot in "abc")
            out.write(f"    [I_{i.name}] = {{{c_string(i.name)},\n        {c_string(i.doc)},\n"
                      f"        {{{operands}}}, {i.cache}, {'true' if i.ends else 'false'}, {'true' if i.jumps else 'false'}, I_{i.base or i.name}}},\n")
        out.write("};\n")


OPERAND_TYPES = {"imm": ("int", "s"), "jump": ("int", "s")}


def write_block(out, path, macro, i, body, line):
    """One body as a function; an operand becomes a local where the body names it (in capitals)."""
    text = re.sub(r"\bSLOW\b", f"SLOW_PATH({i.name})", "\n".join(body))
    text = re.sub(r"\bSLOW_WITH\(", f"SLOW_PATH_WITH({i.name}, ", text)
    out.write(f"{macro}({i.name})\n{{\n    enum {{ WORDS = {1 + i.cache} }};\n")
    for o in i.operands:
        if re.search(rf"\b{o.slot.upper()}\b", text):
            ctype, sign = OPERAND_TYPES.get(o.kind, ("unsigned", "u"))
            out.write(f"    const {ctype} {o.slot.upper()} = operand_{sign}{o.slot}(pc);\n")
    out.write(f'#line {line} "{path}"\n{text}\n    HANDLER_END;\n}}\n\n')


def write_handlers(instructions, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("/* Made by tools/instgen.py of instructions.def; included by src/vm/dispatch.h. */\n\n")
        for i in instructions:
            if i.body is None:
                fail(i.line, f"{i.name} has no body")
            if i.slow is not None:
                write_block(out, "instructions.def", "SLOW_HANDLER", i, i.slow, i.slow_line)
            write_block(out, "instructions.def", "HANDLER", i, i.body, i.body_line)


def write_list(instructions, path):
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(f"X({i.name})\n" for i in instructions)


WRITERS = {"opcodes.gen.h": write_header, "opcodes.gen.c": write_table, "handlers.gen.h": write_handlers, "handlers.gen.inc": write_list}


def main():
    instructions = parse(sys.argv[1])
    for output in sys.argv[2:]:
        WRITERS[os.path.basename(output)](instructions, output)


if __name__ == "__main__":
    main()
