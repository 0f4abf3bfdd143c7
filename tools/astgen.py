#!/usr/bin/env python3
"""Makes ast.gen.h (types, constructors) and ast.gen.c (reflection tables) of src/source/ast.def.

usage: astgen.py AST_DEF GEN_H GEN_C
"""
import re
import sys
from dataclasses import dataclass, field

LEAVES = {"identifier": "const Name *", "string": "const Text *", "constant": "Const ", "int": "int "}
CARDS = {"": "AST_ONE", "?": "AST_OPT", "*": "AST_SEQ", "?*": "AST_SEQ_OPT"}
WIDTH = 100


@dataclass
class Field:
    name: str
    type: str
    card: str


@dataclass
class Node:
    name: str
    fields: list


@dataclass
class Type:
    form: str  # enum, sum, record
    name: str  # in Python
    ctype: str
    prefix: str
    pos: bool
    nodes: list = field(default_factory=list)


def fail(number, message):
    sys.exit(f"ast.def:{number}: {message}")


def parse_fields(number, text):
    fields = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        match = re.fullmatch(r"(\w+): (\w+)(\?\*|\?|\*|)", item)
        if not match:
            fail(number, f"not a field: {item!r}")
        fields.append(Field(*match.groups()))
    return fields


def parse(path):
    types = []
    held = ""  # of a line that goes on
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            text = (held + line.split("#")[0]).strip()
            held = text + " " if text.endswith(",") else ""
            if not text or held:
                continue
            if not line[0].isspace():
                form, name, ctype, *rest = text.split()
                pos = rest[-1:] == ["pos"]
                prefix = rest[0] if form != "record" else ""
                types.append(Type(form, name, ctype, prefix, pos))
                if form == "record":
                    types[-1].nodes.append(Node(name, []))
            elif types[-1].form == "enum":
                types[-1].nodes += [Node(word, []) for word in text.split()]
            elif types[-1].form == "sum":
                name, _, fields = text.partition(" ")
                types[-1].nodes.append(Node(name, parse_fields(number, fields)))
            else:
                types[-1].nodes[0].fields += parse_fields(number, text)
    known = set(LEAVES) | {t.name for t in types}
    for t in types:
        for node in t.nodes:
            for f in node.fields:
                if f.type not in known:
                    sys.exit(f"ast.def: {node.name}.{f.name}: no type {f.type}")
    return types


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


class Generator:
    def __init__(self, types):
        self.types = types
        self.by_name = {t.name: t for t in types}

    def c_type(self, f):
        """The C type of a field, with the space or star that goes before its name."""
        if f.card in ("*", "?*"):
            return "NameSeq " if f.type == "identifier" else self.by_name[f.type].ctype + "Seq "
        if f.type in LEAVES:
            return LEAVES[f.type]
        t = self.by_name[f.type]
        return t.ctype + (" " if t.form == "enum" else " *")

    @staticmethod
    def constant(t, node):
        return f"{t.prefix}_{snake(node.name).upper()}"

    @staticmethod
    def kind_type(t):
        return t.ctype if t.form == "enum" else t.ctype + "Kind"

    def header(self):
        out = ["/* Made by tools/astgen.py of ast.def; included by ast.h only. */", ""]
        out += [f"typedef struct {t.ctype} {t.ctype};" for t in self.types if t.form != "enum"]
        for t in self.types:
            if t.form != "record":
                out += ["", f"typedef enum {self.kind_type(t)} {{"]
                for i, node in enumerate(t.nodes):
                    out.append(f"    {self.constant(t, node)}{' = 1' if i == 0 else ''},")
                out.append(f"}} {self.kind_type(t)};")
        out.append("")
        seqs = {(f.type) for t in self.types for n in t.nodes for f in n.fields if f.card in ("*", "?*")}
        for name in sorted(seqs):
            if name == "identifier":
                seq, item = "NameSeq", "const Name *"
            else:
                t = self.by_name[name]
                seq, item = t.ctype + "Seq", t.ctype + (" " if t.form == "enum" else " *")
            out += [f"typedef struct {seq} {{", f"    {item}*items;", "    int count;", f"}} {seq};", ""]
        for t in self.types:
            if t.form != "enum":
                out += self.struct(t) + [""]
        for t in self.types:
            if t.form != "enum":
                for node in t.nodes:
                    out += self.constructor(t, node) + [""]
        out += self.ids()
        return "\n".join(out)

    def struct(self, t):
        out = [f"struct {t.ctype} {{"]
        if t.form == "sum":
            out.append(f"    {t.ctype}Kind kind;")
        if t.pos:
            out += ["    union {", "        Pos pos;", "        struct {",
                    "            int lineno, col_offset, end_lineno, end_col_offset;", "        };", "    };"]
        if t.form == "record":
            out += [f"    {self.c_type(f)}{f.name};" for f in t.nodes[0].fields]
        else:
            out.append("    union {")
            for node in t.nodes:
                if node.fields:
                    out.append("        struct {")
                    out += [f"            {self.c_type(f)}{f.name};" for f in node.fields]
                    out.append(f"        }} {node.name};")
            out.append("    };")
        return out + ["};"]

    def constructor(self, t, node):
        name = snake(t.ctype) if t.form == "record" else f"{snake(t.ctype)}_{snake(node.name)}"
        if t.form == "sum" and len(t.nodes) == 1 and node.name == t.ctype:
            name = snake(t.ctype)
        name = "new_" + name if t.form == "record" else name
        params = ["Arena *arena"] + (["Pos pos"] if t.pos else [])
        params += [self.c_type(f) + f.name for f in node.fields]
        out = ["NODISCARD static inline " + t.ctype + " *"]
        line = name + "("
        for i, param in enumerate(params):
            piece = param + (")" if i == len(params) - 1 else ", ")
            if len(line) + len(piece.rstrip()) > WIDTH:
                out.append(line.rstrip())
                line = " " * (len(name) + 1)
            line += piece
        out += [line, "{", f"    {t.ctype} *node_ = ({t.ctype} *)arena_alloc(arena, sizeof(*node_));",
                "    if (LIKELY(node_)) {"]
        if t.form == "sum":
            out.append(f"        node_->kind = {self.constant(t, node)};")
        if t.pos:
            out.append("        node_->pos = pos;")
        where = "" if t.form == "record" else node.name + "."
        out += [f"        node_->{where}{f.name} = {f.name};" for f in node.fields]
        return out + ["    }", "    return node_;", "}"]

    def ids(self):
        out = ["typedef enum AstTypeId {"]
        out += [f"    AST_TYPE_{name.upper()}," for name in LEAVES]
        out += [f"    AST_TYPE_{t.name.upper()}," for t in self.types]
        out += ["    AST_TYPE_COUNT", "} AstTypeId;", ""]
        out.append("typedef enum AstNodeId {")
        for t in self.types:
            out += [f"    AST_NODE_{node.name}," for node in t.nodes]
        out += ["    AST_NODE_COUNT", "} AstNodeId;", "",
                "extern const AstTypeInfo ast_types[AST_TYPE_COUNT];",
                "extern const AstNode ast_nodes[AST_NODE_COUNT];", ""]
        return out

    @staticmethod
    def doc(node):
        if not node.fields:
            return node.name
        return f"{node.name}({', '.join(f'{f.type}{f.card} {f.name}' for f in node.fields)})"

    def type_doc(self, t):
        if t.form == "record":
            return None
        if not any(node.fields for node in t.nodes):
            return f"{t.name} = {' | '.join(node.name for node in t.nodes)}"
        pad = "\n" + " " * len(t.name) + " | "
        return f"{t.name} = {pad.join(self.doc(node) for node in t.nodes)}"

    def source(self):
        def quote(text):
            if text is None:
                return "0"
            return '"' + text.replace("\n", '\\n"\n     "') + '"'

        out = ["/* Made by tools/astgen.py of ast.def. */", '#include "source/ast.h"', ""]
        for t in self.types:
            for node in t.nodes:
                if not node.fields:
                    continue
                out.append(f"static const AstField fields_{node.name}[] = {{")
                for f in node.fields:
                    member = f.name if t.form == "record" else f"{node.name}.{f.name}"
                    out.append(f'    {{"{f.name}", AST_TYPE_{f.type.upper()}, {CARDS[f.card]}, '
                               f"offsetof({t.ctype}, {member})}},")
                out += ["};", ""]
        out.append("const AstNode ast_nodes[AST_NODE_COUNT] = {")
        for t in self.types:
            for node in t.nodes:
                doc = self.doc(node) if t.form != "record" else "".join(self.doc(node))
                fields = f"fields_{node.name}" if node.fields else "0"
                out.append(f'    {{"{node.name}", "{doc}", {fields}, {len(node.fields)}, AST_TYPE_{t.name.upper()}}},')
        out += ["};", "", "const AstTypeInfo ast_types[AST_TYPE_COUNT] = {"]
        for name, ctype in LEAVES.items():
            out.append(f'    {{"{name}", 0, AST_LEAF, false, 0, 0, 0, sizeof({ctype.strip()})}},')
        first = 0
        for t in self.types:
            pos = f"true, offsetof({t.ctype}, pos)" if t.pos else "false, 0"
            out.append(f'    {{"{t.name}", {quote(self.type_doc(t))}, AST_{t.form.upper()}, {pos}, '
                       f"{len(t.nodes)}, {first}, sizeof({t.ctype})}},")
            first += len(t.nodes)
        return "\n".join(out + ["};", ""])


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    generator = Generator(parse(sys.argv[1]))
    write(sys.argv[2], generator.header())
    write(sys.argv[3], generator.source())


main()
