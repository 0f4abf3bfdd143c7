/* The last step: instructions with labels become words, ranges and a code object.
 *
 * A conditional jump reaches 32767 words. One that must go further is written the other way round, over a wide JUMP. */
#include <stdio.h>

#include "compile/gen.h"
#include "object/tuple.h"

typedef struct Assembler {
    Gen *g;
    Unit *u;
    const InsVec *code;
    uint32_t *offsets;   /* instruction -> first word; one more at the end */
    uint8_t *far;        /* instruction: its jump needs the long form */
    uint32_t *labels;    /* label -> first word */
    Code fields;
} Assembler;

static bool
is_label(const Ins *i)
{
    return i->op == PSEUDO_LABEL;
}

static bool
jump_is_wide(const Ins *i)
{
    return inst_info[i->op].operands[1].kind == OPERAND_JUMP;
}

static bool
has_sense(const Ins *i)
{
    return i->op != I_FOR_ITER && i->op != I_SEND;
}

static uint32_t
size_of(const Assembler *a, size_t i)
{
    const Ins *ins = &a->code->data[i];
    if (is_label(ins)) {
        return 0;
    }
    uint32_t size = 1 + inst_info[ins->op].cache;
    return a->far[i] ? size + (has_sense(ins) ? 1 : 2) : size;
}

static void
place(Assembler *a)
{
    uint32_t at = 0;
    for (size_t i = 0; i < a->code->len; i++) {
        a->offsets[i] = at;
        if (is_label(&a->code->data[i])) {
            a->labels[a->code->data[i].bc] = at;
        }
        at += size_of(a, i);
    }
    a->offsets[a->code->len] = at;
}

/* The distance from the end of the (short) instruction to its target. */
static int64_t
distance(const Assembler *a, size_t i)
{
    const Ins *ins = &a->code->data[i];
    return (int64_t)a->labels[ins->target] - (a->offsets[i] + 1 + inst_info[ins->op].cache);
}

static void
find_far_jumps(Assembler *a)
{
    for (bool again = true; again;) {
        again = false;
        place(a);
        for (size_t i = 0; i < a->code->len; i++) {
            const Ins *ins = &a->code->data[i];
            if (is_label(ins) || ins->target == NO_LABEL || a->far[i] || jump_is_wide(ins)) {
                continue;
            }
            int64_t d = distance(a, i);
            if (d > INT16_MAX || d < INT16_MIN) {
                a->far[i] = 1;
                again = true;
            }
        }
    }
}

/* -- words ----------------------------------------------------------------------------------------- */

static Inst
narrow(unsigned op, unsigned flags, uint16_t x, uint16_t y, uint16_t z)
{
    return (Inst)op | flags | (Inst)x << 16 | (Inst)y << 32 | (Inst)z << 48;
}

static Inst
wide(unsigned op, unsigned flags, uint16_t x, int32_t yz)
{
    return (Inst)op | flags | (Inst)x << 16 | (Inst)(uint32_t)yz << 32;
}

static void
write_caches(const Ins *ins, Inst *at)
{
    switch (ins->op) {
    case I_INPLACE:
    case I_UNPACK_STAR:
        at[0] = ins->extra;
        break;
    case I_CALL_KW:
        at[1] = ins->extra;
        break;
    default:
        break;
    }
}

static void
write_jump(const Assembler *a, size_t i, Inst *at)
{
    const Ins *ins = &a->code->data[i];
    unsigned cache = inst_info[ins->op].cache;
    int64_t d = distance(a, i);
    if (jump_is_wide(ins)) {
        *at = wide(ins->op, ins->flags, ins->a, (int32_t)d);
    } else if (!a->far[i]) {
        *at = narrow(ins->op, ins->flags, ins->a, ins->b, (uint16_t)d);
    } else if (has_sense(ins)) {
        at[0] = narrow(ins->op, ins->flags ^ INST_SENSE, ins->a, ins->b, 1);
        at[1 + cache] = wide(I_JUMP, 0, 0, (int32_t)(d - 1));
    } else {
        at[0] = narrow(ins->op, ins->flags, ins->a, ins->b, 1);
        at[1 + cache] = wide(I_JUMP, 0, 0, 1);
        at[2 + cache] = wide(I_JUMP, 0, 0, (int32_t)(d - 2));
    }
}

static bool
write_words(Assembler *a)
{
    uint32_t n = a->offsets[a->code->len];
    Inst *words = mem_zalloc((n ? n : 1) * sizeof(*words));
    if (!words) {
        return false;
    }
    for (size_t i = 0; i < a->code->len; i++) {
        const Ins *ins = &a->code->data[i];
        Inst *at = words + a->offsets[i];
        if (is_label(ins)) {
            continue;
        }
        if (ins->target != NO_LABEL) {
            write_jump(a, i, at);
        } else if (inst_info[ins->op].operands[1].wide) {
            *at = wide(ins->op, ins->flags, ins->a, ins->bc);
        } else {
            *at = narrow(ins->op, ins->flags, ins->a, ins->b, ins->c);
        }
        write_caches(ins, at + 1);
    }
    a->fields.instructions = words;
    a->fields.ninst = n;
    return true;
}

/* -- tables ---------------------------------------------------------------------------------------- */

static bool
write_handlers(Assembler *a)
{
    HandlerRange *ranges = mem_alloc((a->code->len + 1) * sizeof(*ranges));
    if (!ranges) {
        return false;
    }
    uint32_t n = 0, open = 0;
    for (size_t i = 0; i <= a->code->len; i++) {
        const Ins *ins = i < a->code->len ? &a->code->data[i] : NULL;
        if (ins && is_label(ins)) {
            continue;
        }
        uint32_t handler = ins ? ins->handler : 0;
        if (handler == open) {
            continue;
        }
        if (open) {
            ranges[n++].end = a->offsets[i];
        }
        if (handler) {
            const HandlerInfo *h = &a->u->handlers.data[handler - 1];
            ranges[n] = (HandlerRange){.start = a->offsets[i], .handler = a->labels[h->label], .depth = (uint16_t)h->depth};
        }
        open = handler;
    }
    a->fields.handlers = ranges;
    a->fields.nhandlers = n;
    return true;
}

static bool
write_positions(Assembler *a)
{
    Position *table = mem_alloc((a->code->len + 1) * sizeof(*table));
    if (!table) {
        return false;
    }
    uint32_t n = 0;
    const Pos *last = NULL;
    for (size_t i = 0; i < a->code->len; i++) {
        const Ins *ins = &a->code->data[i];
        const Pos *pos = &a->u->positions.data[ins->pos];
        if (is_label(ins) || (last && memcmp(last, pos, sizeof(*pos)) == 0)) {
            continue;
        }
        table[n++] = compile_hooks.no_columns
                         ? (Position){a->offsets[i], pos->lineno, pos->lineno, -1, -1}
                         : (Position){a->offsets[i], pos->lineno, pos->end_lineno, pos->col_offset, pos->end_col_offset};
        last = pos;
    }
    a->fields.positions = table;
    a->fields.npositions = n;
    return true;
}

static uint8_t
local_kind(const Scope *s, const Symbol *symbol, size_t i)
{
    uint8_t kind = 0;
    if (i >= s->frame.len - s->nfree) {
        kind = LOCAL_FREE;
    } else if (symbol->home == HOME_CELL) {
        kind = LOCAL_CELL;
    } else if (i >= s->params.len) {
        kind = LOCAL_VAR;
    }
    if (i < s->params.len) {
        kind |= LOCAL_ARG;
    }
    return kind | (symbol->hidden ? LOCAL_HIDDEN : 0);
}

static bool
write_variables(Assembler *a)
{
    const Scope *s = a->u->scope;
    size_t n = s->frame.len;
    a->fields.local_kinds = mem_alloc(n + 1);
    a->fields.local_names = tuple_new((int64_t)n);
    if (!a->fields.local_kinds || !a->fields.local_names) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        Value name = s->frame.data[i]->name;
        bool format = s->kind == SCOPE_ANNOTATION && i == 0; /* ".format" inside: see collect_enter */
        tuple_init_item(a->fields.local_names, (int64_t)i, own(format ? NAME(format) : name));
        a->fields.local_kinds[i] = local_kind(s, s->frame.data[i], i);
    }
    a->fields.nlocals_plus = (uint32_t)n;
    a->fields.ncells = s->ncells;
    a->fields.nfree = s->nfree;
    return true;
}

static Own
take_values(ValueTable *t)
{
    return tuple_from_array((Value const *)t->values.data, (int64_t)t->values.len);
}

static bool
write_rest(Assembler *a)
{
    Unit *u = a->u;
    Code *f = &a->fields;
    f->argcount = u->posonly + u->args;
    f->posonlyargcount = u->posonly;
    f->kwonlyargcount = u->kwonly;
    f->flags = u->flags;
    f->nregs = u->max_top;
    f->firstlineno = u->firstlineno;
    f->consts = take_values(&u->consts);
    f->names = take_values(&u->names);
    f->filename = own(a->g->c->filename);
    f->name = own(u->name);
    f->qualname = own(u->qualname);
    return f->consts && f->names;
}

static void
discard(Code *f)
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

/* Debug builds check every code object; a fault here is the compiler's own. */
static void
check_result(Value code)
{
#ifndef NDEBUG
    uint32_t where = 0;
    const char *fault = code_verify(as_code(code), &where);
    if (fault && !exc_pending()) {
        Own text = code_disassemble(code, false);
        fprintf(stderr, "compiler: %s at word %u\n%s\n", fault, where, text ? str_utf8(text, NULL) : "");
        abort();
    }
#else
    (void)code;
#endif
}

Own
assemble(Gen *g, Unit *u)
{
    Assembler a = {.g = g, .u = u, .code = &u->streams.data[0]};
    a.offsets = calloc(a.code->len + 1, sizeof(*a.offsets));
    a.far = calloc(a.code->len + 1, 1);
    a.labels = calloc((size_t)u->nlabels + 1, sizeof(*a.labels));
    Own code = NO_VALUE;
    if (!a.offsets || !a.far || !a.labels) {
        fail_memory(g->c);
    } else {
        find_far_jumps(&a);
        if (write_words(&a) && write_handlers(&a) && write_positions(&a) && write_variables(&a) && write_rest(&a)) {
            code = code_new(&a.fields);
        } else {
            discard(&a.fields);
        }
    }
    free(a.offsets);
    free(a.far);
    free(a.labels);
    if (code) {
        check_result(code);
    }
    if (code && exc_pending()) { /* no memory to check it */
        drop(code);
        code = NO_VALUE;
    }
    return code;
}
