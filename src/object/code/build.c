/* Making code objects from what Python sees of them: types.CodeType(...), replace(), marshal.
 *
 * Nothing that comes in is trusted: sizes, names, tables are checked here, instructions by the
 * verifier behind hooks.code_verify. */
#include "object/audit.h"
#include "object/bytes.h"
#include "object/code/code_priv.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/str.h"
#include "object/tuple.h"

enum { MOST_REGISTERS = 0x7FFF };

static int
check_names(Value tuple)
{
    for (int64_t i = 0; i < as_tuple(tuple)->length; i++) {
        if (!is_str(tuple_item(tuple, i))) {
            return raise_int(&exc_TypeError, "name tuples must contain only strings, not '%T'",
                             tuple_item(tuple, i));
        }
    }
    return 0;
}

/* A copy of a tuple of str, interned. */
static Own
intern_names(Value tuple)
{
    int64_t n = as_tuple(tuple)->length;
    Own names = tuple_new(n);
    for (int64_t i = 0; names && i < n; i++) {
        Own name = str_intern(own(tuple_item(tuple, i)));
        if (!name) {
            drop(names);
            return NO_VALUE;
        }
        tuple_init_item(names, i, name);
    }
    return names;
}

static bool
tuple_has_name(Value tuple, Value name)
{
    for (int64_t i = 0; i < as_tuple(tuple)->length; i++) {
        if (str_equal(as_str(tuple_item(tuple, i)), as_str(name))) {
            return true;
        }
    }
    return false;
}

static int
check_numbers(const CodeParts *p)
{
    const struct {
        int value;
        const char *name;
    } numbers[] = {
        {p->argcount, "argcount"},
        {p->posonlyargcount, "posonlyargcount"},
        {p->kwonlyargcount, "kwonlyargcount"},
        {p->nlocals, "nlocals"},
        {p->stacksize, "stacksize"},
        {p->flags, "flags"},
    };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (numbers[i].value < 0) {
            return raise_int(&exc_ValueError, "code: %s must not be negative", numbers[i].name);
        }
    }
    if (p->posonlyargcount > p->argcount) {
        return raise_int(&exc_ValueError,
                         "code: posonlyargcount must not be greater than argcount");
    }
    return 0;
}

static int
check_sizes(const CodeParts *p)
{
    int64_t nvars = as_tuple(p->varnames)->length, length = as_bytes(p->code)->length;
    int64_t wanted = (int64_t)p->argcount + p->kwonlyargcount + ((p->flags & CO_VARARGS) != 0) +
                     ((p->flags & CO_VARKEYWORDS) != 0);
    if (nvars < wanted) {
        return raise_int(&exc_ValueError, "code: co_varnames is too small");
    }
    if (p->nlocals != nvars) {
        return raise_int(&exc_ValueError, "code: co_nlocals != len(co_varnames)");
    }
    if (length % (int64_t)sizeof(Inst) != 0 || length == 0 ||
        length / (int64_t)sizeof(Inst) > INT32_MAX / 2) {
        return raise_int(&exc_ValueError, "code: co_code is malformed");
    }
    if (nvars + as_tuple(p->cellvars)->length + as_tuple(p->freevars)->length + p->stacksize >
        MOST_REGISTERS) {
        return raise_int(&exc_ValueError, "code: too many registers");
    }
    return 0;
}

/* Names and kinds of all variables: varnames (some of them cells too), the other cells, free
 * variables. fail: -1 */
static int
fill_locals(Code *code, const CodeParts *p)
{
    int64_t nvars = p->nlocals, cells = as_tuple(p->cellvars)->length,
            nfree = as_tuple(p->freevars)->length;
    int64_t nargs = (int64_t)p->argcount + p->kwonlyargcount + ((p->flags & CO_VARARGS) != 0) +
                    ((p->flags & CO_VARKEYWORDS) != 0);
    int64_t extra = 0;
    for (int64_t i = 0; i < cells; i++) {
        extra += !tuple_has_name(p->varnames, tuple_item(p->cellvars, i));
    }
    code->nlocals_plus = (uint32_t)(nvars + extra + nfree);
    code->nfree = (uint32_t)nfree;
    code->local_kinds = mem_zalloc(code->nlocals_plus);
    Own names = tuple_new(code->nlocals_plus);
    if (!code->local_kinds || !names) {
        drop_opt(names);
        return -1;
    }
    int64_t n = 0;
    for (int64_t i = 0; i < nvars; i++) {
        Value name = tuple_item(p->varnames, i);
        code->local_kinds[n] = (i < nargs ? LOCAL_ARG : LOCAL_VAR) |
                               (tuple_has_name(p->cellvars, name) ? LOCAL_CELL : 0);
        tuple_init_item(names, n++, own(name));
    }
    for (int64_t i = 0; i < cells; i++) {
        if (!tuple_has_name(p->varnames, tuple_item(p->cellvars, i))) {
            code->local_kinds[n] = LOCAL_CELL;
            tuple_init_item(names, n++, own(tuple_item(p->cellvars, i)));
        }
    }
    for (int64_t i = 0; i < nfree; i++) {
        code->local_kinds[n] = LOCAL_FREE;
        tuple_init_item(names, n++, own(tuple_item(p->freevars, i)));
    }
    code->local_names = intern_names(names);
    drop(names);
    return code->local_names ? 0 : -1;
}

static int
fill_tables(Code *code, const CodeParts *p)
{
    size_t length = (size_t)as_bytes(p->code)->length;
    code->ninst = (uint32_t)(length / sizeof(Inst));
    code->instructions = mem_alloc(length);
    if (!code->instructions) {
        return -1;
    }
    memcpy(code->instructions, as_bytes(p->code)->data, length);
    if (positions_decode(p->linetable, p->firstlineno, code->ninst, &code->positions,
                         &code->npositions) < 0) {
        return -1;
    }
    return handlers_decode(p->exceptiontable, code->ninst, &code->handlers, &code->nhandlers);
}

/* What code_new eats, given back when there is no code object to eat it. */
static void
discard(Code *code)
{
    drop_opt(code->consts);
    drop_opt(code->names);
    drop_opt(code->local_names);
    drop_opt(code->filename);
    drop_opt(code->name);
    drop_opt(code->qualname);
    mem_free(code->instructions);
    mem_free(code->handlers);
    mem_free(code->positions);
    mem_free(code->local_kinds);
}

Own
code_build(const CodeParts *p)
{
    if (check_numbers(p) < 0 || check_names(p->names) < 0 || check_names(p->varnames) < 0 ||
        check_names(p->cellvars) < 0 || check_names(p->freevars) < 0 || check_sizes(p) < 0) {
        return NO_VALUE;
    }
    Code fields = {
        .argcount = p->argcount,
        .posonlyargcount = p->posonlyargcount,
        .kwonlyargcount = p->kwonlyargcount,
        .flags = (uint32_t)p->flags,
        .firstlineno = p->firstlineno,
        .consts = own(p->consts),
        .filename = own(p->filename),
        .name = str_intern(own(p->name)),
        .qualname = str_intern(own(p->qualname)),
    };
    fields.names = intern_names(p->names);
    if (!fields.name || !fields.qualname || !fields.names || fill_locals(&fields, p) < 0 ||
        fill_tables(&fields, p) < 0) {
        discard(&fields);
        return NO_VALUE;
    }
    fields.nregs = fields.nlocals_plus + (uint32_t)p->stacksize;
    Own code = code_new(&fields);
    if (code && object_hooks.code_verify && object_hooks.code_verify(as_code(code)) < 0) {
        drop(code);
        return NO_VALUE;
    }
    return code;
}

/* For Python code: hooks of audit events may refuse. */
Own
code_build_audited(const CodeParts *p)
{
    if (audit_wanted() && audit_event("code.__new__", "OOOiiiiii", p->code, p->filename, p->name, p->argcount, p->posonlyargcount,
                                      p->kwonlyargcount, p->nlocals, p->stacksize, p->flags) < 0) {
        return NO_VALUE;
    }
    return code_build(p);
}

/* -- replace -- */

enum { PART_NUMBER, PART_STR, PART_BYTES, PART_TUPLE };

static const struct {
    const char *name;
    uint32_t offset;
    int kind;
} part_fields[] = {
#define PART(name, field, kind)                                                                    \
    {                                                                                              \
        "co_" #name, offsetof(CodeParts, field), kind                                              \
    }
    PART(argcount, argcount, PART_NUMBER),
    PART(posonlyargcount, posonlyargcount, PART_NUMBER),
    PART(kwonlyargcount, kwonlyargcount, PART_NUMBER),
    PART(nlocals, nlocals, PART_NUMBER),
    PART(stacksize, stacksize, PART_NUMBER),
    PART(flags, flags, PART_NUMBER),
    PART(firstlineno, firstlineno, PART_NUMBER),
    PART(code, code, PART_BYTES),
    PART(consts, consts, PART_TUPLE),
    PART(names, names, PART_TUPLE),
    PART(varnames, varnames, PART_TUPLE),
    PART(freevars, freevars, PART_TUPLE),
    PART(cellvars, cellvars, PART_TUPLE),
    PART(filename, filename, PART_STR),
    PART(name, name, PART_STR),
    PART(qualname, qualname, PART_STR),
    PART(linetable, linetable, PART_BYTES),
    PART(exceptiontable, exceptiontable, PART_BYTES),
#undef PART
};

static int
change_number(CodeParts *p, size_t i, Value v)
{
    int n = object_as_int(v);
    if (n == -1 && exc_pending()) {
        return -1;
    }
    if (n < 0) {
        return raise_int(&exc_ValueError, "%s must be a positive integer", part_fields[i].name);
    }
    *(int *)((char *)p + part_fields[i].offset) = n;
    return 0;
}

/* v: borrowed from the dict of changes, which nobody else has */
static int
change_part(CodeParts *p, size_t i, Value v)
{
    int kind = part_fields[i].kind;
    if (kind == PART_NUMBER) {
        return change_number(p, i, v);
    }
    bool fits = kind == PART_STR ? is_str(v) : kind == PART_BYTES ? is_bytes(v) : is_tuple(v);
    if (!fits) {
        return raise_int(&exc_TypeError, "replace() argument '%s' must be %s, not %T",
                         part_fields[i].name,
                         kind == PART_STR     ? "str"
                         : kind == PART_BYTES ? "bytes"
                                              : "tuple",
                         v);
    }
    *(Value *)((char *)p + part_fields[i].offset) = v;
    return 0;
}

static int
apply_changes(CodeParts *p, Value changes)
{
    int64_t position = 0;
    Own key, value;
    while (dict_next(changes, &position, &key, &value)) {
        size_t i = 0;
        while (i < ARRAY_LEN(part_fields) && !str_equals_cstr(key, part_fields[i].name)) {
            i++;
        }
        int status =
            i < ARRAY_LEN(part_fields)
                ? change_part(p, i, value)
                : raise_int(&exc_TypeError, "replace() got an unexpected keyword argument '%U'",
                            (Value)key);
        drop(key);
        drop(value); /* the dict still holds it */
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

Own
code_replace(Code *self, Value changes)
{
    /* made on demand, held until the new object is made */
    Own made[] = {
        code_bytes(self),
        code_local_names(self, CODE_VARNAMES),
        code_local_names(self, LOCAL_CELL),
        code_local_names(self, LOCAL_FREE),
        code_line_table(self),
        code_exception_table(self),
        ref_load(&self->head, &self->filename),
    };
    bool complete = true;
    for (size_t i = 0; i < ARRAY_LEN(made); i++) {
        complete &= made[i] != NO_VALUE;
    }
    Own result = NO_VALUE;
    if (complete) {
        CodeParts parts = {
            .argcount = self->argcount,
            .posonlyargcount = self->posonlyargcount,
            .kwonlyargcount = self->kwonlyargcount,
            .nlocals = (int)as_tuple(made[1])->length,
            .stacksize = (int)(self->nregs - self->nlocals_plus),
            .flags = (int)self->flags,
            .firstlineno = self->firstlineno,
            .code = made[0],
            .consts = self->consts,
            .names = self->names,
            .varnames = made[1],
            .cellvars = made[2],
            .freevars = made[3],
            .filename = made[6],
            .name = self->name,
            .qualname = self->qualname,
            .linetable = made[4],
            .exceptiontable = made[5],
        };
        result = apply_changes(&parts, changes) < 0 ? NO_VALUE : code_build_audited(&parts);
    }
    for (size_t i = 0; i < ARRAY_LEN(made); i++) {
        drop_opt(made[i]);
    }
    return result;
}
