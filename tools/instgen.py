#!/usr/bin/env python3
"""Makes what the compiler and its tools need of src/compile/instructions.def: the opcodes and the table of operands.

usage: instgen.py INSTRUCTIONS_DEF OPCODES_GEN_H OPCODES_GEN_C

opcodes.gen.h has `enum Opcode { I_NOP, ... I_COUNT }`; opcodes.gen.c the table inst_info of compile/inst.h.
"""
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
    body: str    # the C block below it, "" when there is none


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


def parse(path):
    """The instructions in order. A body is the text between a line that starts with `{` and the next that is `}`."""
    found, body = [], None
    with open(path, encoding="utf-8") as lines:
        for number, text in enumerate(lines, 1):
            if body is not None:
                body.append(text)
                if text.rstrip() == "}":
                    found[-1].body, body = "".join(body), None
            elif text.startswith("{"):
                if text.rstrip().endswith("}"):
                    found[-1].body = text
                else:
                    body = [text]
            elif text.startswith("inst "):
                match = re.fullmatch(r"inst ([A-Z][A-Z0-9_]*)\(([^)]*)\)(?: cache (\d+))?( jumps)?( ends)? : \"(.*)\"", text.rstrip())
                if not match:
                    fail(number, "not a declaration")
                name, operands, cache, jumps, ends, doc = match.groups()
                operands = [parse_operand(number, part.strip()) for part in operands.split(",") if part.strip()]
                if len({o.slot for o in operands}) != len(operands):
                    fail(number, "an operand twice")
                found.append(Instruction(name, operands, int(cache or 0), bool(ends), bool(jumps), doc, number, ""))
            elif text.strip() and not text.startswith("#"):
                fail(number, "neither a declaration, a body nor a comment")
    return found


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
                      f"        {{{operands}}}, {i.cache}, {'true' if i.ends else 'false'}, {'true' if i.jumps else 'false'}}},\n")
        out.write("};\n")


def main():
    definition, header, table = sys.argv[1:]
    instructions = parse(definition)
    write_header(instructions, header)
    write_table(instructions, table)


if __name__ == "__main__":
    main()
