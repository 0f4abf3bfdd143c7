/* A code object as bytes, for cached modules: all of it but the six values that marshal writes by itself. Instructions come without their
 * caches, numbers as varints.
 *
 * Nothing that is read is trusted: numbers are checked one by one, then the code as a whole, before anyone can run it. */
#include "base/vec.h"
#include "compile/compile.h"
#include "compile/inst.h"
#include "object/bytes.h"
#include "object/str.h"
#include "object/tuple.h"

enum { MAX_WORDS = 1 << 26, MAX_REGISTERS = 32767 };

VEC_DEFINE(ByteVec, bytevec, uint8_t);

typedef struct Writer {
    ByteVec out;
    bool failed;
} Writer;

typedef struct Reader {
    const uint8_t *at, *end;
} Reader;

/* The operands of a word that an instruction has: the others are zero. */
static bool
has_operand(const InstInfo *info, int slot)
{
    return info->operands[slot].kind != OPERAND_NONE;
}

/* The words after op that carry a constant: the compiler's, not a cache. */
static int
constant_word(unsigned op)
{
    return op == I_INPLACE || op == I_UNPACK_STAR ? 0 : op == I_CALL_KW ? 1 : -1;
}

/* -- writing --------------------------------------------------------------------------------------- */

static void
put_varint(Writer *w, uint64_t v)
{
    for (bool more = true; more; v >>= 7) {
        more = v >= 0x80;
        w->failed |= bytevec_push(&w->out, (uint8_t)((v & 0x7F) | (more ? 0x80 : 0))) < 0;
    }
}

static void
put_signed(Writer *w, int64_t v)
{
    put_varint(w, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

static void
write_instructions(Writer *w, const Inst *words, uint32_t n)
{
    for (uint32_t at = 0; at < n && !w->failed;) {
        Inst word = words[at];
        unsigned op = inst_opcode(word);
        const InstInfo *info = &inst_info[op];
        put_varint(w, (uint64_t)op << 6 | (word >> 10 & 0x3F));
        for (int slot = 0; slot < 3; slot++) {
            if (!has_operand(info, slot)) {
                continue;
            }
            if (info->operands[slot].wide) {
                put_signed(w, inst_bc(word));
            } else {
                put_signed(w, (int16_t)(word >> 16 * (slot + 1)));
            }
        }
        if (constant_word(op) >= 0) {
            put_varint(w, words[at + 1 + (uint32_t)constant_word(op)]);
        }
        at += 1 + info->cache;
    }
}

static void
write_tables(Writer *w, const Code *code)
{
    uint32_t before = 0;
    put_varint(w, code->nhandlers);
    for (uint32_t i = 0; i < code->nhandlers; i++) {
        const HandlerRange *h = &code->handlers[i];
        put_varint(w, h->start - before);
        put_varint(w, h->end - h->start);
        put_varint(w, h->handler);
        put_varint(w, h->depth);
        before = h->start;
    }
    Position last = {0, code->firstlineno, 0, 0, 0};
    put_varint(w, code->npositions);
    for (uint32_t i = 0; i < code->npositions; i++) {
        const Position *p = &code->positions[i];
        put_varint(w, p->start - last.start);
        put_signed(w, (int64_t)p->line - last.line);
        put_signed(w, (int64_t)p->end_line - p->line);
        put_signed(w, (int64_t)p->column - last.column);
        put_signed(w, (int64_t)p->end_column - p->column);
        last = *p;
    }
}

Own
code_dump(Value v)
{
    const Code *code = as_code(v);
    Writer w = {0};
    const uint64_t numbers[] = {(uint64_t)code->argcount, (uint64_t)code->posonlyargcount, (uint64_t)code->kwonlyargcount,
                                code->flags, code->nlocals_plus, code->nregs, code->ninst, code->nfree};
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        put_varint(&w, numbers[i]);
    }
    put_signed(&w, code->firstlineno);
    w.failed |= bytevec_extend(&w.out, code->local_kinds, code->nlocals_plus) < 0;
    Own words = code_bytes(code), bytes = NO_VALUE;
    if (words) {
        write_instructions(&w, (const Inst *)(const void *)as_bytes(words)->data, code->ninst);
        write_tables(&w, code);
        bytes = w.failed ? raise_no_memory() : bytes_new(w.out.data, w.out.len);
        drop(words);
    }
    bytevec_free(&w.out);
    return bytes;
}

/* -- reading --------------------------------------------------------------------------------------- */

static bool
bad_code(void)
{
    if (!exc_pending()) {
        (void)raise_msg(&exc_ValueError, "bad marshal data (invalid code object)");
    }
    return false;
}

static bool
get_varint(Reader *r, uint64_t *v)
{
    *v = 0;
    for (unsigned shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        uint8_t byte = *r->at++;
        *v |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            return true;
        }
    }
    return bad_code();
}

static bool
get_number(Reader *r, uint64_t most, uint32_t *v)
{
    uint64_t u;
    if (!get_varint(r, &u)) {
        return false;
    }
    *v = (uint32_t)u;
    return u <= most || bad_code();
}

static bool
get_small(Reader *r, int64_t least, int64_t most, int64_t *v)
{
    uint64_t u;
    if (!get_varint(r, &u)) {
        return false;
    }
    *v = (int64_t)(u >> 1 ^ (0 - (u & 1)));
    return (*v >= least && *v <= most) || bad_code();
}

static bool
read_instructions(Reader *r, Code *f)
{
    f->instructions = mem_zalloc(((size_t)f->ninst + 1) * sizeof(Inst));
    if (!f->instructions) {
        return false;
    }
    for (uint32_t at = 0; at < f->ninst;) {
        uint64_t head;
        if (!get_varint(r, &head)) {
            return false;
        }
        uint64_t op = head >> 6;
        if (op >= I_COUNT || inst_info[op].general != op || inst_info[op].cache >= f->ninst - at) {
            return bad_code();
        }
        const InstInfo *info = &inst_info[op];
        Inst word = op | (head & 0x3F) << 10;
        for (int slot = 0; slot < 3; slot++) {
            int64_t v = 0;
            bool wide = info->operands[slot].wide;
            if (has_operand(info, slot) && !get_small(r, wide ? INT32_MIN : INT16_MIN, wide ? INT32_MAX : INT16_MAX, &v)) {
                return false;
            }
            word |= ((uint64_t)v & (wide ? 0xFFFFFFFFu : 0xFFFFu)) << 16 * (slot + 1);
        }
        f->instructions[at] = word;
        if (constant_word((unsigned)op) >= 0) {
            uint32_t constant;
            if (!get_number(r, UINT32_MAX, &constant)) {
                return false;
            }
            f->instructions[at + 1 + (uint32_t)constant_word((unsigned)op)] = constant;
        }
        at += 1 + info->cache;
    }
    return true;
}

static bool
read_handlers(Reader *r, Code *f)
{
    if (!get_number(r, f->ninst, &f->nhandlers)) {
        return false;
    }
    f->handlers = mem_zalloc(((size_t)f->nhandlers + 1) * sizeof(HandlerRange));
    uint32_t before = 0;
    for (uint32_t i = 0; f->handlers && i < f->nhandlers; i++) {
        HandlerRange *h = &f->handlers[i];
        uint32_t length, depth;
        if (!get_number(r, f->ninst, &h->start) || !get_number(r, f->ninst, &length) || !get_number(r, f->ninst, &h->handler) ||
            !get_number(r, MAX_REGISTERS, &depth)) {
            return false;
        }
        h->start += before;
        h->end = h->start + length;
        h->depth = (uint16_t)depth;
        before = h->start;
    }
    return f->handlers != NULL;
}

static bool
read_positions(Reader *r, Code *f)
{
    if (!get_number(r, f->ninst, &f->npositions)) {
        return false;
    }
    f->positions = mem_zalloc(((size_t)f->npositions + 1) * sizeof(Position));
    Position last = {0, f->firstlineno, 0, 0, 0};
    for (uint32_t i = 0; f->positions && i < f->npositions; i++) {
        Position *p = &f->positions[i];
        int64_t d[4];
        if (!get_number(r, f->ninst, &p->start)) {
            return false;
        }
        for (int k = 0; k < 4; k++) {
            if (!get_small(r, INT32_MIN, INT32_MAX, &d[k])) {
                return false;
            }
        }
        p->start += last.start;
        p->line = (int32_t)(uint32_t)(last.line + d[0]);
        p->end_line = (int32_t)(uint32_t)(p->line + d[1]);
        p->column = (int32_t)(uint32_t)(last.column + d[2]);
        p->end_column = (int32_t)(uint32_t)(p->column + d[3]);
        if (p->start >= f->ninst || (i > 0 && p->start <= last.start) || p->line < -1) {
            return bad_code();
        }
        last = *p;
    }
    return f->positions != NULL;
}

static bool
is_tuple_of_names(Value v, int64_t length)
{
    if (!IS_EXACT(v, TUPLE) || (length >= 0 && as_tuple(v)->length != length)) {
        return false;
    }
    for (int64_t i = 0; i < as_tuple(v)->length; i++) {
        if (!IS_EXACT(tuple_item(v, i), STR)) {
            return false;
        }
    }
    return true;
}

/* The same names, interned. own: ret new, v eaten */
static Own
intern_all(Own v)
{
    int64_t n = as_tuple(v)->length;
    Own names = tuple_new(n);
    for (int64_t i = 0; names && i < n; i++) {
        Own name = str_intern(own(tuple_item(v, i)));
        if (!name) {
            drop(names);
            names = NO_VALUE;
            break;
        }
        tuple_init_item(names, i, name);
    }
    drop(v);
    return names;
}

/* The six values, eaten. */
static bool
take_values(Own *values, Code *f)
{
    Own *fields[CODE_VALUES] = {&f->consts, &f->names, &f->local_names, &f->filename, &f->name, &f->qualname};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        *fields[i] = values[i];
        values[i] = NO_VALUE;
    }
    if (!IS_EXACT(f->consts, TUPLE) || !is_tuple_of_names(f->names, -1) || !is_tuple_of_names(f->local_names, f->nlocals_plus) ||
        !IS_EXACT(f->filename, STR) || !IS_EXACT(f->name, STR) || !IS_EXACT(f->qualname, STR)) {
        return bad_code();
    }
    f->names = intern_all(f->names);
    f->local_names = f->names ? intern_all(f->local_names) : f->local_names;
    return f->names && f->local_names;
}

/* The kinds of the variables fit together: parameters first, free variables last. */
static bool
check_kinds(const Code *f)
{
    uint64_t params = (uint64_t)f->argcount + (uint64_t)f->kwonlyargcount + !!(f->flags & CO_VARARGS) + !!(f->flags & CO_VARKEYWORDS);
    if (params > f->nlocals_plus || f->posonlyargcount > f->argcount || f->nfree > f->nlocals_plus || f->nregs < f->nlocals_plus) {
        return false;
    }
    for (uint32_t i = 0; i < f->nlocals_plus; i++) {
        unsigned kind = f->local_kinds[i];
        if (((kind & LOCAL_ARG) != 0) != (i < params) || ((kind & LOCAL_FREE) != 0) != (i >= f->nlocals_plus - f->nfree) || kind > 31) {
            return false;
        }
    }
    return true;
}

static bool
read_fields(Reader *r, Code *f)
{
    uint32_t numbers[8];
    static const uint32_t most[] = {MAX_REGISTERS, MAX_REGISTERS, MAX_REGISTERS, UINT32_MAX,
                                    MAX_REGISTERS, MAX_REGISTERS, MAX_WORDS,     MAX_REGISTERS};
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (!get_number(r, most[i], &numbers[i])) {
            return false;
        }
    }
    f->argcount = (int32_t)numbers[0];
    f->posonlyargcount = (int32_t)numbers[1];
    f->kwonlyargcount = (int32_t)numbers[2];
    f->flags = numbers[3];
    f->nlocals_plus = numbers[4];
    f->nregs = numbers[5];
    f->ninst = numbers[6];
    f->nfree = numbers[7];
    int64_t line;
    if (!get_small(r, INT32_MIN, INT32_MAX, &line)) {
        return false;
    }
    f->firstlineno = (int32_t)line;
    size_t left = (size_t)(r->end - r->at);
    if (f->nlocals_plus > left || f->ninst > left * 4) { /* an instruction takes bytes, and has few caches */
        return bad_code();
    }
    f->local_kinds = mem_alloc(f->nlocals_plus + 1);
    if (!f->local_kinds) {
        return false;
    }
    memcpy(f->local_kinds, r->at, f->nlocals_plus);
    r->at += f->nlocals_plus;
    if (!check_kinds(f)) {
        return bad_code();
    }
    return read_instructions(r, f) && read_handlers(r, f) && read_positions(r, f) && (r->at == r->end || bad_code());
}

/* Most functions of a module never run: what is costly to verify waits for the first run, if that begins at an instruction that can tell. */
static bool
verify(Code *f)
{
    bool later = f->ninst > 0 && inst_opcode(f->instructions[0]) == I_RESUME && inst_a(f->instructions[0]) == 0;
    if (later ? !code_operands_fit(f) : code_verify(f, NULL) != NULL) {
        return bad_code();
    }
    if (later) {
        f->instructions[0] = (f->instructions[0] & ~(Inst)INST_OPCODE_MASK) | I_RESUME_UNVERIFIED;
    }
    return true;
}

static void
discard_fields(Code *f)
{
    mem_free(f->instructions);
    mem_free(f->handlers);
    mem_free(f->positions);
    mem_free(f->local_kinds);
    drop_opt(f->consts);
    drop_opt(f->names);
    drop_opt(f->local_names);
    drop_opt(f->filename);
    drop_opt(f->name);
    drop_opt(f->qualname);
}

Own
code_load(const uint8_t *data, size_t size, Own values[CODE_VALUES])
{
    Code f = {0};
    Reader r = {data, data + size};
    bool fine = read_fields(&r, &f) && take_values(values, &f);
    fine = fine && verify(&f);
    for (int i = 0; i < CODE_VALUES; i++) {
        drop_opt(values[i]);
    }
    if (!fine) {
        discard_fields(&f);
        return NO_VALUE;
    }
    return code_new(&f);
}
