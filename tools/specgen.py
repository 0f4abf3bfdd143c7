#!/usr/bin/env python3
"""Turns a spec (NAME.pyi) into NAME.spec.h: prototypes, argument parsing, docstrings and method tables.

usage: specgen.py SPEC OUTPUT

A spec is a Python stub. It declares what Python code sees of a built-in type or module; the C file beside it includes
the generated header and implements one function for each declaration.

    class list:                          # the type whose C variable is list_type, struct List
        "Docstring of the type."
        __c__ = "list", "List"           # C prefix and struct; default: the class's name in lower case, and capitalised
        @locked
        def append(self, object, /):     # Own list_py_append(List *self, Value object)
            "Docstring."
        def index(self, value, start: clamped = 0, stop: clamped = MAX, /) -> ssize: ...
        @classmethod
        def fromkeys(cls, iterable, value=None, /): ...    # Own dict_py_fromkeys(Type *cls, ...)
        @staticmethod
        def maketrans(x, y: opt = ..., /): ...
        @property
        def real(self): "Docstring."     # Own int_get_real(Int *self)
        @real.setter
        def real(self, value): ...       # int int_set_real(Int *self, Value value)  (value NO_VALUE = delete)

    def sqrt(x: double, /): "..."        # at top level: a module's function. Own math_sqrt(Value module, double x)

A module's C prefix is the spec's name without leading underscores, or `__c__ = "prefix"` at top level. Methods are PREFIX_py_NAME, module
functions PREFIX_NAME, accessors PREFIX_get_NAME and PREFIX_set_NAME (without the underscores of __NAME__).

Parameter annotations -> C parameter:
    (none)    Value                  bool   bool, by truth             int     int, by __index__
    ssize     int64_t, by __index__  i64    int64_t                    clamped int64_t, clamped to the range
    u64       uint64_t, modular      double double                     char    uint32_t, a str of length 1
    str       Value, a str           bytes  Value, a bytes             tuple list dict type int_object: Value, checked
    cstr      const char *, UTF-8 of a str without NULs               buffer  Buffer *, bytes-like, still, released after
    wbuffer   Buffer *, writable     lent   Buffer *, as buffer, but others may store there meanwhile
    opt       Value, NO_VALUE when absent
    cstr_opt  const char *, null when absent or None                  str_opt  Value: a str, or NO_VALUE when absent
A default is Python text for the signature. C gets: None -> NONE (Value), numbers, True/False, strings (cstr),
MAX/MIN -> INT64_MAX/INT64_MIN; `...` -> NO_VALUE, shown as <unrepresentable>.
    *args     -> Value const *args, size_t nargs (what is left)
    **kwargs  -> Value kwargs: a new dict, dropped after (only together with *args or no other parameters besides)
Return annotation -> C return type:
    (none) Own      None  int (-1 fails)     bool  int (-1 fails; 0, 1)     ssize/int  int64_t (-1 with a pending exception fails)
    double  double (-1.0 with a pending exception fails)
Decorators: @locked enters self's critical section around the call. @signature("($self, x[, y], /)"): what Python is shown in place of
    the real one, "" for nothing. @member, on a property: a plain field, which Python sees as a member descriptor. @raw: no parsing, the C function is
    Own f(Value self, Value const *args, size_t nargs, Value kwnames), and the docstring's first line may give a signature
    (default: the written one). @new on a method `__new__` is not needed: types give slots.create in C; to parse its arguments
    declare `def __new__(cls, x=0, /, ...)` (C: Own PREFIX_make(Type *cls, ...)) or `def __init__(self, ...)` (C: int PREFIX_init(Struct *self, ...));
    the generated functions PREFIX_create_slot and PREFIX_init_slot go into the TypeSlots.
"""
import ast
import os
import re
import sys

CHECKED = {"str": "is_str", "bytes": "is_bytes", "tuple": "is_tuple", "list": "is_list", "dict": "is_dict",
           "type": "is_type", "int_object": "is_int", "str_opt": "is_str"}
C_TYPE = {"bool": "bool", "int": "int", "ssize": "int64_t", "i64": "int64_t", "clamped": "int64_t", "u64": "uint64_t",
          "double": "double", "char": "uint32_t", "cstr": "const char *", "cstr_opt": "const char *",
          "buffer": "Buffer *", "wbuffer": "Buffer *", "lent": "Buffer *"}
RETURN = {None: "Own", "None": "int", "bool": "int", "ssize": "int64_t", "int": "int64_t", "double": "double"}
C_KEYWORDS = {"default", "int", "float", "double", "char", "long", "short", "signed", "unsigned", "struct", "union", "enum",
              "register", "static", "extern", "inline", "const", "void", "if", "else", "for", "while", "do", "switch", "case",
              "return", "goto", "break", "continue", "auto", "volatile", "sizeof", "typedef", "bool", "self", "args", "nargs", "kwnames", "module"}


def c_string(text):
    out = []
    for ch in text:
        if ch == "\n":
            out.append("\\n\"\n    \"")
        elif ch in "\"\\":
            out.append("\\" + ch)
        elif " " <= ch <= "~":
            out.append(ch)
        else:
            out.append("".join(f"\\{b:03o}" for b in ch.encode()))
    return '"' + "".join(out) + '"'


def c_name(name):
    return name + "_" if name in C_KEYWORDS else name


class Param:
    def __init__(self, arg, default, kind):
        self.name, self.kind = arg.arg, kind       # kind: pos (positional only), any, kw
        self.cname = c_name(arg.arg)
        self.type = ast.unparse(arg.annotation) if arg.annotation else ""
        self.default = default
        self.ctype = C_TYPE.get(self.type, "Value")
        if self.type and self.type not in C_TYPE and self.type not in CHECKED and self.type != "opt":
            sys.exit(f"specgen: unknown type {self.type!r} of parameter {self.name}")

    @property
    def optional(self):
        return self.default is not None

    def shown(self):
        if not self.optional:
            return self.name
        text = ast.unparse(self.default)
        if text == "...":
            text = "<unrepresentable>"
        elif text in ("MAX", "MIN"):
            text = "9223372036854775807" if text == "MAX" else "-9223372036854775808"
        return f"{self.name}={text}"

    def c_default(self):
        if not self.optional:
            return {"Value": "NO_VALUE", "double": "0.0", "bool": "false"}.get(self.ctype, "0")
        d = self.default
        if self.type == "opt":
            return "NO_VALUE"          # whatever the signature shows
        if isinstance(d, ast.Constant):
            if d.value is Ellipsis or (d.value is None and self.ctype != "Value"):
                return "NO_VALUE" if self.ctype == "Value" else "0"
            if d.value is None:
                return "NONE"
            if self.ctype == "const char *" and isinstance(d.value, str):
                return c_string(d.value)
            if self.ctype == "bool":
                return "true" if d.value else "false"
            if self.ctype == "Value":
                if d.value is True or d.value is False:
                    return "TRUE_VALUE" if d.value else "FALSE_VALUE"
                if isinstance(d.value, int):
                    return f"small_int({d.value})"
                return "NO_VALUE"      # the C code gives a default of its own (strings...)
            if self.ctype == "uint32_t":
                return str(ord(d.value))
            return repr(d.value)
        text = ast.unparse(d)
        if self.ctype == "Value" and re.fullmatch(r"-\d+", text):
            return f"small_int({text})"
        return {"MAX": "INT64_MAX", "MIN": "INT64_MIN"}.get(text, text if self.ctype != "Value" else "NO_VALUE")


class Function:
    def __init__(self, node, prefix, struct, in_class):
        self.node, self.prefix, self.struct, self.in_class = node, prefix, struct, in_class
        self.name = node.name
        self.decorators = [ast.unparse(d) for d in node.decorator_list]
        self.doc = ast.get_docstring(node) or ""
        a = node.args
        pos = [(x, "pos") for x in a.posonlyargs] + [(x, "any") for x in a.args]
        defaults = [None] * (len(pos) - len(a.defaults)) + list(a.defaults)
        self.static = "staticmethod" in self.decorators
        self.cls = "classmethod" in self.decorators or self.name == "__new__"
        self.self_shown = ""
        if in_class and not self.static:
            self.self_shown = pos[0][0].arg
            pos, defaults = pos[1:], defaults[1:]
        self.params = [Param(x, d, k) for (x, k), d in zip(pos, defaults)]
        self.vararg = a.vararg.arg if a.vararg else None
        self.kwarg = a.kwarg.arg if a.kwarg else None
        self.params += [Param(x, d, "kw") for x, d in zip(a.kwonlyargs, a.kw_defaults)]
        self.returns = ast.unparse(node.returns) if node.returns else None
        if self.returns not in RETURN:
            sys.exit(f"specgen: unknown return type {self.returns!r} of {self.name}")
        self.raw = "raw" in self.decorators
        self.shown_signature = next((ast.literal_eval(d.args[0]) for d in node.decorator_list
                                     if isinstance(d, ast.Call) and d.func.id == "signature"), None)
        self.locked = "locked" in self.decorators
        base = {"__new__": "make", "__init__": "init"}.get(self.name, self.name)
        self.cname = f"{prefix}_py_{base}" if in_class and base == self.name else f"{prefix}_{base}"
        self.owner_name = ""

    def signature(self):
        if self.shown_signature is not None:
            return self.name + self.shown_signature
        parts = []
        if self.in_class and not self.static:
            parts.append("$type" if self.cls else "$self")
        elif not self.in_class:
            parts.append("$module")
        shown, kw_marked = [], False
        posonly = [p for p in self.params if p.kind == "pos"]
        for i, p in enumerate(self.params):
            if p.kind == "kw" and not kw_marked:
                shown.append("*" + self.vararg if self.vararg else "*")
                kw_marked = True
            shown.append(p.shown())
            if p.kind == "pos" and (i + 1 == len(posonly)):
                shown.append("/")
        if self.vararg and not kw_marked:
            shown.append("*" + self.vararg)
        if self.kwarg:
            shown.append("**" + self.kwarg)
        if parts and not posonly:
            shown.insert(0, "/")
        return f"{self.name}({', '.join(parts + shown)})"

    def doc_text(self):
        signature = self.signature()
        return f"{signature}\n--\n\n{self.doc}" if signature != self.name else self.doc

    def self_decl(self):
        if not self.in_class:
            return "Value module"
        if self.static:
            return ""
        return "Type *cls" if self.cls else (f"{self.struct} *self" if self.struct != "Value" else "Value self")

    def prototype(self):
        if self.raw:
            return f"Own {self.cname}(Value self, Value const *args, size_t nargs, Value kwnames);"
        params = [self.self_decl()] if self.self_decl() else []
        for p in self.params:
            params.append(f"{p.ctype}{'' if p.ctype.endswith('*') else ' '}{p.cname}")
        if self.vararg:
            params.append("Value const *args, size_t nargs")
        if self.kwarg:
            params.append("Value kwargs")
        ret = "int" if self.name == "__init__" else RETURN[self.returns]
        return f"{ret} {self.cname}({', '.join(params) or 'void'});"

    def wrapper(self):
        if self.raw:
            return "", self.cname
        out, w = [], f"{self.cname}_call"
        init = self.name == "__init__"
        ret0 = "-1" if init else "NO_VALUE"
        shown = self.name
        owner = self.in_class and self.name in ("__new__", "__init__")
        if init:
            head = f"static int\n{self.prefix}_init_slot(Value self, Value const *args, size_t nargs, Value kwnames)"
        elif self.name == "__new__":
            head = f"static Own\n{self.prefix}_create_slot(Type *cls, Value const *args, size_t nargs, Value kwnames)"
        else:
            head = f"static Own\n{w}(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)"
        out.append(head + "\n{")
        n_slots = len(self.params)
        positional = [p for p in self.params if p.kind != "kw"]
        required = len([p for p in positional if not p.optional])
        simple = not self.vararg and not self.kwarg and all(p.kind == "pos" for p in self.params)
        fname = c_string(self.owner_name if owner else f"{self.owner_name}.{shown}" if self.owner_name else shown)
        if simple:
            if self.name == "__new__":
                out.append("    if (UNLIKELY(kwnames != NO_VALUE) && args_new_ignores_keywords(cls)) {\n        kwnames = NO_VALUE;\n    }")
            too_few = f"nargs < {required} || " if required else ""
            out.append(f"    if (UNLIKELY(kwnames != NO_VALUE || {too_few}nargs > {n_slots})) {{")
            out.append(f"        if (args_check_positional({fname}, nargs, kwnames, {required}, {n_slots}) < 0) {{")
            out.append(f"            return {ret0};\n        }}\n    }}")
            got = [f"nargs > {i} ? args[{i}] : NO_VALUE" if p.optional else f"args[{i}]" for i, p in enumerate(self.params)]
        else:
            names = ", ".join(c_string(p.name) for p in self.params) or "0"
            posonly = len([p for p in self.params if p.kind == "pos"])
            req_kw = sum(1 << i for i, p in enumerate(self.params) if not p.optional)
            out.append(f"    static const char *const names[] = {{{names}}};")
            out.append(f"    static const ArgsSpec spec = {{{fname}, names, {n_slots}, {posonly}, {len(positional)}, "
                       f"{hex(req_kw)}u, {'true' if self.vararg else 'false'}, {'true' if self.kwarg else 'false'}}};")
            out.append(f"    Value slots[{max(n_slots, 1)}];")
            if self.kwarg:
                out.append("    Own kwargs = NO_VALUE;")
            out.append(f"    if (args_parse(&spec, args, nargs, kwnames, slots, {'&kwargs' if self.kwarg else '0'}) < 0) {{\n        return {ret0};\n    }}")
            got = [f"slots[{i}]" for i in range(n_slots)]
        call_args, converts, releases = [], [], []
        if self.in_class and not self.static:
            if self.cls:
                call_args.append("cls" if self.name == "__new__" else "(Type *)obj(self)")
            else:
                call_args.append("self" if self.struct == "Value" else f"({self.struct} *)obj(self)")
        elif not self.in_class:
            call_args.append("self")
        for i, (p, g) in enumerate(zip(self.params, got)):
            v = f"a{i}"
            only = simple and n_slots == required == 1 and not owner     # its message does not number it
            what = f"{fname}, {-1 if only else i + 1 if p.kind == 'pos' or simple else 0}, {c_string(p.name)}"
            out.append(f"    Value {v} = {g};")
            if p.ctype == "Value":
                if p.optional and p.c_default() != "NO_VALUE":
                    out.append(f"    if ({v} == NO_VALUE) {{\n        {v} = {p.c_default()};\n    }}")
                if p.type in CHECKED:
                    guard = f"{v} != NO_VALUE && " if p.optional else ""
                    if p.type == "str_opt":
                        guard = f"{v} != NO_VALUE && "
                    none_ok = f"{v} != NONE && " if p.optional and p.c_default() == "NONE" else ""
                    tn = {"int_object": "int", "str_opt": "str"}.get(p.type, p.type)
                    converts.append(f"    if ({guard}{none_ok}UNLIKELY(!{CHECKED[p.type]}({v}))) {{\n"
                                    f"        args_type_error({what}, \"{tn}\", {v});\n        goto fail;\n    }}")
                call_args.append(v)
            elif p.type in ("buffer", "wbuffer", "lent"):
                out.append(f"    Buffer b{i} = {{0}};")
                get = {"buffer": f"buffer_get_still({v}, &b{i})", "lent": f"buffer_get_lent({v}, &b{i})",
                       "wbuffer": f"args_buffer({what}, {v}, &b{i}, BUFFER_WRITABLE)"}[p.type]
                test = f"{v} != NO_VALUE && " if p.optional else ""
                converts.append(f"    if ({test}{get} < 0) {{\n        goto fail;\n    }}")
                releases.append(f"    buffer_release(&b{i});")
                call_args.append(f"&b{i}")
            else:
                c = f"c{i}"
                out.append(f"    {p.ctype}{'' if p.ctype.endswith('*') else ' '}{c} = {p.c_default()};")
                test = f"{v} != NO_VALUE && " if p.optional else ""
                conv = p.type
                converts.append(f"    if ({test}args_{conv}({what}, {v}, &{c}) < 0) {{\n        goto fail;\n    }}")
                call_args.append(c)
        if self.vararg:
            np = len(positional)
            out.append(f"    size_t taken = nargs < {np} ? nargs : {np};" if np else "    size_t taken = 0;")
            call_args.append("args + taken, nargs - taken")
        if self.kwarg:
            call_args.append("kwargs")
            releases.append("    drop_opt(kwargs);")
        rtype = "int" if init else RETURN[self.returns]
        fail_value = {"Own": "NO_VALUE", "int": "-1", "int64_t": "-1", "double": "-1.0"}[rtype]
        out.append(f"    {rtype} result = {fail_value};")
        out += converts
        call = f"{self.cname}({', '.join(call_args)})"
        if self.locked:
            out.append("    CriticalSection section;\n    critical_enter(&section, obj(self));")
        out.append(f"    result = {call};")
        if self.locked:
            out.append("    critical_leave(&section);")
        if any("goto fail" in c for c in converts):
            out.append("fail:")
        out += releases
        if init or rtype == "Own":
            out.append("    return result;")
        elif self.returns == "None":
            out.append("    return result < 0 ? NO_VALUE : NONE;")
        elif self.returns == "bool":
            out.append("    return result < 0 ? NO_VALUE : bool_value(result != 0);")
        elif self.returns == "double":
            out.append("    return result == -1.0 && exc_pending() ? NO_VALUE : float_new(result);")
        else:
            out.append("    return result == -1 && exc_pending() ? NO_VALUE : int_from_i64(result);")
        out.append("}\n")
        return "\n".join(out), w


def generate_class(node, out):
    prefix, struct = node.name.lower().lstrip("_"), node.name.lstrip("_").capitalize()
    functions, getters, setters, doc = [], {}, set(), ast.get_docstring(node) or ""
    for item in node.body:
        if isinstance(item, ast.Assign) and item.targets[0].id == "__c__":
            value = ast.literal_eval(item.value)
            prefix, struct = value if isinstance(value, tuple) else (value, struct)
    for item in node.body:
        if not isinstance(item, ast.FunctionDef):
            continue
        decorators = [ast.unparse(d) for d in item.decorator_list]
        if "property" in decorators:
            getters[item.name] = (ast.get_docstring(item) or "", "locked" in decorators, "member" in decorators)
        elif any(d.endswith(".setter") for d in decorators):
            setters.add(item.name)
        else:
            f = Function(item, prefix, struct, True)
            f.owner_name = node.name
            functions.append(f)
    out.append(f"/* -- {node.name} */")
    rows = []
    for f in functions:
        out.append(f.prototype())
        text, w = f.wrapper()
        out.append(text)
        if f.name in ("__new__", "__init__"):
            continue
        flags = "METHOD_CLASS" if f.cls else "METHOD_STATIC" if f.static else "0"
        rows.append(f"    {{{c_string(f.name)}, {c_string(f.doc_text())}, {w}, {flags}}},")
    self_type = "Value self" if struct == "Value" else f"{struct} *self"
    cast = "self" if struct == "Value" else f"({struct} *)obj(self)"
    getrows = []
    for name, (gdoc, locked, member) in getters.items():
        base = name.strip("_") if name.startswith("__") else name
        out.append(f"Own {prefix}_get_{base}({self_type});")
        lock_in = "    CriticalSection section;\n    critical_enter(&section, obj(self));\n" if locked else ""
        lock_out = "    critical_leave(&section);\n" if locked else ""
        out.append(f"static Own\n{prefix}_get_{base}_call(Value self)\n{{\n{lock_in}    Own result = {prefix}_get_{base}({cast});\n{lock_out}    return result;\n}}\n")
        setter = "0"
        if name in setters:
            out.append(f"int {prefix}_set_{base}({self_type}, Value value);")
            out.append(f"static int\n{prefix}_set_{base}_call(Value self, Value value)\n{{\n{lock_in}    int result = {prefix}_set_{base}({cast}, value);\n{lock_out}    return result;\n}}\n")
            setter = f"{prefix}_set_{base}_call"
        getrows.append(f"    {{{c_string(name)}, {c_string(gdoc) if gdoc else '0'}, {prefix}_get_{base}_call, {setter}, {'true' if member else 'false'}}},")
    new = [f for f in functions if f.name in ("__new__", "__init__")]
    if new and not doc.startswith(node.name + "("):
        sig = new[-1].signature()
        sig = sig.replace(new[-1].name, node.name, 1).replace("($type, ", "(").replace("($self, ", "(").replace("($self)", "()").replace("($type)", "()")
        sig = sig.replace("(/, ", "(").replace("(/)", "()")
        doc = f"{sig}\n--\n\n{doc}"
    out.append(f"static const MethodDef {prefix}_methods[] UNUSED = {{\n" + "\n".join(rows + ["    {0, 0, 0, 0},"]) + "\n};")
    out.append(f"static const GetSetDef {prefix}_getsets[] UNUSED = {{\n" + "\n".join(getrows + ["    {0, 0, 0, 0, false},"]) + "\n};")
    out.append(f"static const char {prefix}_doc[] UNUSED = {c_string(doc)};\n")


def main():
    spec, output = sys.argv[1:]
    tree = ast.parse(open(spec, encoding="utf-8").read(), spec)
    name = os.path.basename(spec)[:-len(".pyi")]
    prefix = name.lstrip("_")
    for item in tree.body:
        if isinstance(item, ast.Assign) and item.targets[0].id == "__c__":
            prefix = ast.literal_eval(item.value)
    out = [f"/* Generated from {os.path.basename(spec)} by tools/specgen.py. */",
           '#include "object/args.h"', '#include "heap/critical.h"', '#include "object/int.h"', '#include "object/float.h"', ""]
    rows = []
    for item in tree.body:
        if isinstance(item, ast.ClassDef):
            generate_class(item, out)
        elif isinstance(item, ast.FunctionDef):
            f = Function(item, prefix, "Value", False)
            f.owner_name = name
            out.append(f.prototype())
            text, w = f.wrapper()
            out.append(text)
            rows.append(f"    {{{c_string(f.name)}, {c_string(f.doc_text())}, {w}, 0}},")
    out.append(f"static const MethodDef {prefix}_functions[] UNUSED = {{\n" + "\n".join(rows + ["    {0, 0, 0, 0},"]) + "\n};")
    out.append(f"static const char {prefix}_module_doc[] UNUSED = {c_string(ast.get_docstring(tree) or '')};")
    text = "\n".join(out) + "\n"
    with open(output, "w", encoding="utf-8") as f:
        f.write(text)


main()
