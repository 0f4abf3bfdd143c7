/* The code type: life, attributes, comparison. See build.c for the constructor, lines.c for the
 * iterators, tables.c for the encodings.
 *
 * Threads: immutable after creation but for the words of `instructions` (the vm's, atomic) and the
 * counters. */
#include "base/vec.h"
#include "object/bytes.h"
#include "object/code/code_priv.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "code.spec.h"

/* -- life -- */

static void
free_parts(Code *code)
{
    Own *fields[] = {&code->consts,   &code->names, &code->local_names,
                     &code->filename, &code->name,  &code->qualname};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        ref_clear(fields[i]);
    }
    mem_free(code->instructions);
    mem_free(code->handlers);
    mem_free(code->positions);
    mem_free(code->local_kinds);
    code->instructions = NULL;
    code->handlers = NULL;
    code->positions = NULL;
    code->local_kinds = NULL;
}

Own
code_new(const Code *fields)
{
    Code *code = (Code *)object_alloc(SHAPE_CODE, sizeof(Code), OBJ_TRACKED | OBJ_DEFERRED);
    if (!code) {
        Code eaten = *fields;
        free_parts(&eaten);
        return NO_VALUE;
    }
    memcpy((char *)code + sizeof(Object), (const char *)fields + sizeof(Object),
           sizeof(Code) - sizeof(Object));
    code->ncells = 0;
    for (uint32_t i = 0; i < code->nlocals_plus; i++) {
        code->ncells += (code->local_kinds[i] & LOCAL_CELL) != 0;
    }
    bool plain = code->kwonlyargcount == 0 && !(code->flags & (CO_VARARGS | CO_VARKEYWORDS));
    plain = plain && (code->flags & CO_OPTIMIZED); /* else its frame needs a namespace */
    code->plain_args = plain ? (uint32_t)code->argcount + 1 : 0;
    atomic_init(&code->warmth, 0);
    atomic_init(&code->monitoring, NULL);
    if (obj_flags(&code->head) & OBJ_SHARED) {
        Value held[] = {code->consts,   code->names, code->local_names,
                        code->filename, code->name,  code->qualname};
        for (size_t i = 0; i < ARRAY_LEN(held); i++) {
            publish(held[i]);
        }
    }
    return OWN(code);
}

static int
code_traverse(Object *o, Visit visit, void *arg)
{
    Code *code = (Code *)o;
    VISIT(code->consts);
    VISIT(code->names);
    VISIT(code->local_names);
    VISIT(code->filename);
    VISIT(code->name);
    VISIT(code->qualname);
    return 0;
}

static void
code_dealloc(Object *o)
{
    Code *code = (Code *)o;
    if (object_hooks.code_dying) {
        object_hooks.code_dying(code);
    }
    free_parts(code);
    object_free(o);
}

Inst *
code_plain_instructions(const Code *code)
{
    size_t size = code->ninst * sizeof(Inst);
    Inst *copy = mem_alloc(size);
    if (copy && object_hooks.code_plain) {
        object_hooks.code_plain(code, copy);
    } else if (copy) {
        memcpy(copy, code->instructions, size);
    }
    return copy;
}

/* -- attributes -- */

#define CODE_NUMBER(name, field)                                                                   \
    Own code_get_##name(Code *self)                                                                \
    {                                                                                              \
        return small_int(self->field);                                                             \
    }
#define CODE_OBJECT(name, field)                                                                   \
    Own code_get_##name(Code *self)                                                                \
    {                                                                                              \
        return own(self->field);                                                                   \
    }
#define CODE_NAMES(name, kinds)                                                                    \
    Own code_get_##name(Code *self)                                                                \
    {                                                                                              \
        return code_local_names(self, kinds);                                                      \
    }
CODE_NUMBER(co_argcount, argcount)
CODE_NUMBER(co_posonlyargcount, posonlyargcount)
CODE_NUMBER(co_kwonlyargcount, kwonlyargcount)
CODE_NUMBER(co_stacksize, nregs - self->nlocals_plus)
CODE_NUMBER(co_flags, flags)
CODE_NUMBER(co_firstlineno, firstlineno)
CODE_OBJECT(co_consts, consts)
CODE_OBJECT(co_names, names)
CODE_OBJECT(co_name, name)
CODE_OBJECT(co_qualname, qualname)
CODE_NAMES(co_varnames, CODE_VARNAMES)
CODE_NAMES(co_cellvars, LOCAL_CELL)
CODE_NAMES(co_freevars, LOCAL_FREE)

Own
code_get_co_filename(Code *self)
{
    return ref_load(&self->head, &self->filename); /* _imp may change it */
}

static uint32_t
count_locals(const Code *code, unsigned kinds)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < code->nlocals_plus; i++) {
        n += (code->local_kinds[i] & kinds) != 0;
    }
    return n;
}

Own
code_local_names(const Code *code, unsigned kinds)
{
    Own names = tuple_new(count_locals(code, kinds));
    int64_t n = 0;
    for (uint32_t i = 0; names && i < code->nlocals_plus; i++) {
        if (code->local_kinds[i] & kinds) {
            tuple_init_item(names, n++, own(tuple_item(code->local_names, i)));
        }
    }
    return names;
}

Own
code_get_co_nlocals(Code *self)
{
    return small_int(count_locals(self, CODE_VARNAMES));
}

Own
code_bytes(const Code *code)
{
    Inst *words = code_plain_instructions(code);
    Own bytes = words ? bytes_new(words, code->ninst * sizeof(Inst)) : NO_VALUE;
    mem_free(words);
    return bytes;
}

Own
code_get_co_code(Code *self)
{
    return code_bytes(self);
}

Own
code_get__co_code_adaptive(Code *self)
{
    Own bytes = bytes_new(NULL, self->ninst * sizeof(Inst));
    for (uint32_t i = 0; bytes && i < self->ninst; i++) {
        Inst word = __atomic_load_n(&self->instructions[i], __ATOMIC_RELAXED);
        memcpy(as_bytes(bytes)->data + i * sizeof word, &word, sizeof word);
    }
    return bytes;
}

Own
code_get_co_linetable(Code *self)
{
    return code_line_table(self);
}

Own
code_get_co_exceptiontable(Code *self)
{
    return code_exception_table(self);
}

/* Pairs of bytes: offset since the last pair (unsigned), line since the last pair (signed); larger
 * steps in several pairs. */
VEC_DEFINE(ByteVec, bytevec, uint8_t);

static int
lnotab_step(ByteVec *out, int64_t offset, int64_t line)
{
    int status = 0;
    while (status == 0 && (offset > 0 || line != 0)) {
        int64_t by = offset > 255 ? 255 : offset;
        int64_t lines = offset > by ? 0 : line > 127 ? 127 : line < -128 ? -128 : line;
        status = bytevec_push(out, (uint8_t)by) | bytevec_push(out, (uint8_t)lines);
        offset -= by;
        line -= lines;
    }
    return status;
}

Own
code_get_co_lnotab(Code *self)
{
    if (warn_fmt(&exc_DeprecationWarning, 1, "co_lnotab is deprecated, use co_lines instead.") <
        0) {
        return NO_VALUE;
    }
    ByteVec out = {0};
    uint32_t at = 0, end, last = 0;
    int32_t line, last_line = self->firstlineno;
    int status = 0;
    for (; status == 0 && code_line_run(self, &at, &end, &line); at = end) {
        if (line >= 0 && line != last_line) {
            status =
                lnotab_step(&out, CODE_OFFSET(at) - CODE_OFFSET(last), (int64_t)line - last_line);
            last = at;
            last_line = line;
        }
    }
    Own bytes = status < 0 ? raise_no_memory() : bytes_new(out.data, out.len);
    bytevec_free(&out);
    return bytes;
}

/* -- making -- */

Own
code_make(Type *cls UNUSED, int argcount, int posonlyargcount, int kwonlyargcount, int nlocals,
          int stacksize, int flags, Value codestring, Value constants, Value names, Value varnames,
          Value filename, Value name, Value qualname, int firstlineno, Value linetable,
          Value exceptiontable, Value freevars, Value cellvars)
{
    CodeParts parts = {
        .argcount = argcount,
        .posonlyargcount = posonlyargcount,
        .kwonlyargcount = kwonlyargcount,
        .nlocals = nlocals,
        .stacksize = stacksize,
        .flags = flags,
        .firstlineno = firstlineno,
        .code = codestring,
        .consts = constants,
        .names = names,
        .varnames = varnames,
        .cellvars = cellvars ? cellvars : tuple_empty,
        .freevars = freevars ? freevars : tuple_empty,
        .filename = filename,
        .name = name,
        .qualname = qualname,
        .linetable = linetable,
        .exceptiontable = exceptiontable,
    };
    return code_build_audited(&parts);
}

Own
code_py_replace(Code *self, Value changes)
{
    return code_replace(self, changes);
}

Own
code_py___replace__(Code *self, Value changes)
{
    return code_replace(self, changes);
}

/* -- methods -- */

Own
code_py_co_lines(Code *self)
{
    return line_iterator_new(VALUE(self));
}

Own
code_py_co_positions(Code *self)
{
    return positions_iterator_new(VALUE(self));
}

Own
code_py_co_branches(Code *self)
{
    return branches_iterator_new(VALUE(self));
}

Own
code_py__varname_from_oparg(Code *self, int oparg)
{
    if (oparg < 0 || (uint32_t)oparg >= self->nlocals_plus) {
        return raise_msg(&exc_IndexError, "tuple index out of range");
    }
    return own(tuple_item(self->local_names, oparg));
}

int64_t
code_py___sizeof__(Code *self)
{
    return (int64_t)(sizeof(Code) + self->ninst * sizeof(Inst) +
                     self->nhandlers * sizeof(HandlerRange) + self->npositions * sizeof(Position) +
                     self->nlocals_plus);
}

static Own
code_repr(Value v)
{
    const Code *code = as_code(v);
    Own filename = ref_load(&code->head, &code->filename);
    Own text = str_fmt("<code object %U at %p, file \"%U\", line %d>", (Value)code->name, obj(v), (Value)filename,
                       code->firstlineno ? code->firstlineno : -1);
    drop(filename);
    return text;
}

/* -- comparison -- */

static int
const_equal_tuples(Value a, Value b)
{
    int64_t n = as_tuple(a)->length;
    if (n != as_tuple(b)->length) {
        return 0;
    }
    int equal = 1;
    for (int64_t i = 0; i < n && equal == 1; i++) {
        equal = code_const_equal(tuple_item(a, i), tuple_item(b, i));
    }
    return equal;
}

/* Each item of a is in b. Constant sets are small. */
static int
const_equal_sets(Value a, Value b)
{
    Own x = object_to_tuple(a), y = x ? object_to_tuple(b) : NO_VALUE;
    int equal = y ? as_tuple(x)->length == as_tuple(y)->length : -1;
    for (int64_t i = 0; equal == 1 && i < as_tuple(x)->length; i++) {
        int found = 0;
        for (int64_t j = 0; found == 0 && j < as_tuple(y)->length; j++) {
            found = code_const_equal(tuple_item(x, i), tuple_item(y, j));
        }
        equal = found;
    }
    drop_opt(x);
    drop_opt(y);
    return equal;
}

static int
const_equal_reprs(Value a, Value b)
{
    Own x = object_repr(a), y = x ? object_repr(b) : NO_VALUE;
    int equal = y ? str_equal(as_str(x), as_str(y)) : -1;
    drop_opt(x);
    drop_opt(y);
    return equal;
}

static bool
same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* As constants: 1, 1.0 and True differ, and so do 0.0 and -0.0, also inside tuples and frozensets.
 * 1, 0, -1 */
int
code_const_equal(Value a, Value b)
{
    if (a == b) {
        return 1;
    }
    Type *type = type_of(a);
    if (type != type_of(b)) {
        return 0;
    }
    if (!c_stack_ok()) {
        return -1;
    }
    if (type == &float_type) {
        return same_bits(float_value(a), float_value(b));
    }
    if (type == &tuple_type) {
        return const_equal_tuples(a, b);
    }
    if (type == &frozenset_type) {
        return const_equal_sets(a, b);
    }
    if (type == &complex_type) {
        return const_equal_reprs(a, b);
    }
    if (type == &slice_type) {
        int equal = code_const_equal(as_slice(a)->start, as_slice(b)->start);
        equal = equal == 1 ? code_const_equal(as_slice(a)->stop, as_slice(b)->stop) : equal;
        return equal == 1 ? code_const_equal(as_slice(a)->step, as_slice(b)->step) : equal;
    }
    if (type == &int_type || type == &str_type || type == &bytes_type || type == &code_type) {
        return object_equal(a, b);
    }
    return 0;
}

static bool
same_tables(const Code *a, const Code *b)
{
    if (a->ninst != b->ninst || a->nhandlers != b->nhandlers || a->npositions != b->npositions ||
        a->nlocals_plus != b->nlocals_plus ||
        memcmp(a->local_kinds, b->local_kinds, a->nlocals_plus) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < a->nhandlers; i++) {
        const HandlerRange *x = &a->handlers[i], *y = &b->handlers[i];
        if (x->start != y->start || x->end != y->end || x->handler != y->handler ||
            x->depth != y->depth || x->flags != y->flags) {
            return false;
        }
    }
    for (uint32_t i = 0; i < a->npositions; i++) {
        const Position *x = &a->positions[i], *y = &b->positions[i];
        if (x->start != y->start || x->line != y->line || x->end_line != y->end_line ||
            x->column != y->column || x->end_column != y->end_column) {
            return false;
        }
    }
    return true;
}

/* 1, 0, -1 */
static int
same_instructions(const Code *a, const Code *b)
{
    Inst *x = code_plain_instructions(a), *y = x ? code_plain_instructions(b) : NULL;
    int same = y ? memcmp(x, y, a->ninst * sizeof(Inst)) == 0 : -1;
    mem_free(x);
    mem_free(y);
    return same;
}

/* The file and the qualified name do not matter, as in CPython. 1, 0, -1 */
static int
code_equal(const Code *a, const Code *b)
{
    if (a == b) {
        return 1;
    }
    if (a->argcount != b->argcount || a->posonlyargcount != b->posonlyargcount ||
        a->kwonlyargcount != b->kwonlyargcount || a->flags != b->flags ||
        a->firstlineno != b->firstlineno || a->nregs != b->nregs || !same_tables(a, b)) {
        return 0;
    }
    int equal = object_equal(a->name, b->name);
    equal = equal == 1 ? object_equal(a->names, b->names) : equal;
    equal = equal == 1 ? object_equal(a->local_names, b->local_names) : equal;
    equal = equal == 1 ? code_const_equal(a->consts, b->consts) : equal;
    return equal == 1 ? same_instructions(a, b) : equal;
}

static Own
code_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_object(a) || !is_object(b) || !IS_EXACT(a, CODE) ||
        !IS_EXACT(b, CODE)) {
        return own(NOTIMPLEMENTED);
    }
    int equal = code_equal(as_code(a), as_code(b));
    return equal < 0 ? NO_VALUE : bool_value((op == CMP_EQ) == (equal == 1));
}

static uint64_t
mix(uint64_t hash, uint64_t n)
{
    hash = (hash ^ n) * 0x9E3779B97F4A7C15u; /* 2^64 / golden ratio */
    return hash ^ hash >> 29;
}

/* Constants are left out: equal ones hash equal, but hashing some is impossible (slices of lists).
 */
static int64_t
code_hash(Value v)
{
    const Code *code = as_code(v);
    int64_t name = object_hash(code->name), names = object_hash(code->names),
            locals = object_hash(code->local_names);
    uint64_t hash = mix(mix((uint64_t)name, (uint64_t)names), (uint64_t)locals);
    hash = mix(hash, (uint64_t)code->argcount << 32 | (uint32_t)code->kwonlyargcount);
    hash = mix(hash, (uint64_t)code->flags << 32 | (uint32_t)code->firstlineno);
    hash = mix(hash, (uint64_t)code->ninst << 32 | code->nregs);
    for (uint32_t i = 0; i < code->npositions; i++) {
        hash =
            mix(hash, (uint64_t)code->positions[i].start << 32 | (uint32_t)code->positions[i].line);
        hash = mix(hash, (uint64_t)code->positions[i].column);
    }
    Inst *words = code_plain_instructions(code);
    if (!words) {
        (void)raise_no_memory();
        return -1;
    }
    for (uint32_t i = 0; i < code->ninst; i++) {
        hash = mix(hash, words[i]);
    }
    mem_free(words);
    int64_t result = (int64_t)hash;
    return result == -1 ? -2 : result;
}

int
code_types_ready(void)
{
    Type *types[] = {&line_iterator_type, &positions_iterator_type, &branches_iterator_type};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (type_ready(types[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

Type code_type = {
    .name = "code",
    .root_shape = SHAPE_CODE,
    .flags = TYPE_GC | TYPE_DEFERRED | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Code),
    .slots =
        {
            .traverse = code_traverse,
            .dealloc = code_dealloc,
            .create = code_create_slot,
            .repr = code_repr,
            .hash = code_hash,
            .compare = code_compare,
        },
    .methods = code_methods,
    .getsets = code_getsets,
    .spec_doc = code_doc,
};
