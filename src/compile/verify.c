/* Is this code object safe to run? Checks each operand, then follows control over all paths with what every register may hold:
 * nothing, something, or either.
 *
 * An instruction must find a value in each source and nothing in a destination that it does not clear; windows hold what the instruction takes from
 * them; registers of cells are used by cell instructions only. Debug builds verify what the compiler makes, loading
 * verifies what it reads. Threading: reads the code object only. */
#include <stdlib.h>

#include "base/vec.h"
#include "compile/compile.h"
#include "compile/inst.h"
#include "object/tuple.h"

enum { EMPTY = 1, FULL = 2, EITHER = 3 }; /* of a register, as a set of possibilities; 0: control never comes here */

VEC_DEFINE(OffsetVec, offsetvec, uint32_t);

typedef struct Verifier {
    const Code *code;
    uint8_t *starts;      /* word: an instruction starts here */
    uint32_t *entry;      /* word: index + 1 of its state in `states`, for jump targets and handlers */
    uint32_t *handler;    /* word: index + 1 of the range that protects it */
    uint8_t *seen;        /* word: control has come here */
    uint8_t *states;      /* nregs bytes each */
    uint8_t *now, *thrown; /* the state at work, and what a handler would see */
    OffsetVec todo;
    const char *fault;
    uint32_t where;
    uint8_t *probe;       /* null, or gets what the registers may hold at the instruction probe_at */
    uint32_t probe_at;
} Verifier;

static void
fail(Verifier *v, uint32_t where, const char *fault)
{
    if (!v->fault) {
        v->fault = fault;
        v->where = where;
    }
}

static unsigned
base_opcode(Inst word)
{
    unsigned op = inst_opcode(word);
    return op < I_COUNT ? inst_info[op].general : I_COUNT;
}

static uint32_t
operand_value(Inst word, int slot)
{
    return slot == 0 ? inst_a(word) : slot == 1 ? inst_b(word) : inst_c(word);
}

/* Registers that a window operand covers. */
static uint32_t
window_length(const Verifier *v, uint32_t at, unsigned op, const OperandInfo *info)
{
    Inst word = v->code->instructions[at];
    if (op == I_UNPACK_STAR && info->kind == OPERAND_DST) {
        return inst_c(word) + 1 + (uint32_t)v->code->instructions[at + 1];
    }
    if (op == I_BUILD_INTERPOLATION && info->kind == OPERAND_TAKE) {
        return 2 + (inst_c(word) & 1);
    }
    return info->base + info->per_c * inst_c(word);
}

/* -- operands, one by one -------------------------------------------------------------------------- */

static bool
is_cell_register(const Code *code, uint32_t r)
{
    return r < code->nlocals_plus && (code->local_kinds[r] & (LOCAL_CELL | LOCAL_FREE));
}

/* Does this operand name a cell, as the instruction means it? */
static bool
wants_cell(unsigned op, int slot)
{
    switch (op) {
    case I_MAKE_CELL:
    case I_STORE_CELL:
    case I_DELETE_CELL:
        return slot == 0;
    case I_LOAD_CELL:
    case I_LOAD_CLOSURE:
        return slot == 1;
    case I_LOAD_FROM_DICT_OR_CELL:
        return slot == 2;
    default:
        return false;
    }
}

static void
check_index(Verifier *v, uint32_t at, int64_t index, Value table)
{
    if (index < 0 || index >= as_tuple(table)->length) {
        fail(v, at, "index out of range");
    }
}

static void
check_operand(Verifier *v, uint32_t at, unsigned op, int slot, const OperandInfo *info)
{
    const Code *code = v->code;
    Inst word = code->instructions[at];
    uint32_t value = operand_value(word, slot);
    int64_t index = info->wide ? inst_bc(word) : value;
    switch (info->kind) {
    case OPERAND_DST:
    case OPERAND_SRC:
    case OPERAND_REG:
    case OPERAND_TAKE: {
        uint32_t n = window_length(v, at, op, info);
        if (op == I_RAISE && slot >= inst_c(word)) {
            break; /* not there */
        }
        if (n > code->nregs || value > code->nregs - n) {
            fail(v, at, "register out of range");
        } else if (n > 0 && wants_cell(op, slot) != is_cell_register(code, value) && op != I_CLEAR) {
            fail(v, at, "cell and plain register mixed up");
        } else if (info->kind == OPERAND_TAKE && n > 0 && value < code->nlocals_plus) {
            fail(v, at, "a window of variables");
        }
        break;
    }
    case OPERAND_CONST:
        check_index(v, at, index, code->consts);
        break;
    case OPERAND_NAME:
        check_index(v, at, index, code->names);
        break;
    case OPERAND_JUMP: {
        int64_t target = (int64_t)at + 1 + inst_info[op].cache + (info->wide ? inst_bc(word) : (int16_t)value);
        if (target < 0 || target >= code->ninst || !v->starts[target]) {
            fail(v, at, "jump into nowhere");
        }
        break;
    }
    default:
        break;
    }
}

static void
check_constants(Verifier *v, uint32_t at, unsigned op)
{
    const Code *code = v->code;
    Inst word = code->instructions[at];
    switch (op) {
    case I_CALL_KW: {
        uint32_t index = (uint32_t)code->instructions[at + 2];
        if (index >= as_tuple(code->consts)->length || !IS_EXACT(tuple_item(code->consts, index), TUPLE) ||
            as_tuple(tuple_item(code->consts, index))->length > inst_c(word)) {
            fail(v, at, "no keyword names");
        }
        break;
    }
    case I_INPLACE:
        if ((code->instructions[at + 1] & 0xFF) >= OP_BINARY_COUNT) {
            fail(v, at, "no such operator");
        }
        break;
    case I_MAKE_FUNCTION:
        if (!IS_EXACT(tuple_item(code->consts, inst_bc(word)), CODE)) {
            fail(v, at, "function of no code");
        }
        break;
    case I_LOAD_COMMON:
        if (inst_b(word) > 9) {
            fail(v, at, "no such common object");
        }
        break;
    case I_COPY_FREE_VARS:
        if (inst_a(word) != code->nfree) {
            fail(v, at, "wrong number of free variables");
        }
        break;
    default:
        break;
    }
}

static void
check_operands(Verifier *v)
{
    const Code *code = v->code;
    uint32_t last = 0;
    for (uint32_t at = 0; at < code->ninst;) {
        unsigned op = base_opcode(code->instructions[at]);
        if (op >= I_COUNT) {
            fail(v, at, "no such instruction");
            return;
        }
        if (code->ninst - at <= inst_info[op].cache) {
            fail(v, at, "cut off");
            return;
        }
        v->starts[at] = 1;
        last = op;
        at += 1 + inst_info[op].cache;
    }
    if (code->ninst == 0 || !inst_info[last].ends) {
        fail(v, code->ninst, "control runs off the end");
        return;
    }
    for (uint32_t at = 0; at < code->ninst && !v->fault;) {
        unsigned op = base_opcode(code->instructions[at]);
        for (int slot = 0; slot < 3; slot++) {
            check_operand(v, at, op, slot, &inst_info[op].operands[slot]);
        }
        if (!v->fault) {
            check_constants(v, at, op);
        }
        at += 1 + inst_info[op].cache;
    }
    for (uint32_t i = 0; i < code->nhandlers && !v->fault; i++) {
        const HandlerRange *h = &code->handlers[i];
        if (h->start >= h->end || h->end > code->ninst || h->handler >= code->ninst || !v->starts[h->handler] ||
            h->depth < code->nlocals_plus || h->depth >= code->nregs || (i > 0 && h->start < code->handlers[i - 1].start)) {
            fail(v, h->start, "handler range");
        }
        for (uint32_t at = h->start; at < h->end && !v->fault; at++) {
            v->handler[at] = i + 1; /* ranges that start later lie inside */
        }
    }
}

/* -- states ---------------------------------------------------------------------------------------- */

static bool
add_entry(Verifier *v, uint32_t at, uint32_t *count)
{
    if (!v->entry[at]) {
        v->entry[at] = ++*count;
    }
    return true;
}

static bool
make_entries(Verifier *v)
{
    uint32_t count = 0;
    add_entry(v, 0, &count);
    for (uint32_t at = 0; at < v->code->ninst;) {
        unsigned op = base_opcode(v->code->instructions[at]);
        const InstInfo *info = &inst_info[op];
        Inst word = v->code->instructions[at];
        uint32_t next = at + 1 + info->cache;
        if (info->jumps) {
            int64_t d = info->operands[1].kind == OPERAND_JUMP ? inst_bc(word) : (int16_t)inst_c(word);
            add_entry(v, (uint32_t)(next + d), &count);
        }
        at = next;
    }
    for (uint32_t i = 0; i < v->code->nhandlers; i++) {
        add_entry(v, v->code->handlers[i].handler, &count);
    }
    v->states = calloc(count, v->code->nregs + 1);
    return v->states != NULL;
}

static void
flow_to(Verifier *v, uint32_t at, const uint8_t *state)
{
    uint8_t *entry = v->states + (size_t)(v->entry[at] - 1) * v->code->nregs;
    bool changed = false;
    for (uint32_t r = 0; r < v->code->nregs; r++) {
        changed |= (entry[r] | state[r]) != entry[r];
        entry[r] |= state[r];
    }
    if (changed || !v->seen[at]) {
        v->seen[at] = 1;
        if (offsetvec_push(&v->todo, at) < 0) {
            fail(v, at, "no memory");
        }
    }
}

/* The handler sees the registers below its depth as the failing instruction leaves them. */
static void
flow_to_handler(Verifier *v, uint32_t at)
{
    if (!v->handler[at]) {
        return;
    }
    const HandlerRange *h = &v->code->handlers[v->handler[at] - 1];
    for (uint32_t r = h->depth; r < v->code->nregs; r++) {
        v->thrown[r] = r == h->depth ? FULL : EMPTY;
    }
    flow_to(v, h->handler, v->thrown);
}

static void
need(Verifier *v, uint32_t at, uint32_t r)
{
    if (v->now[r] != FULL) {
        fail(v, at, "reads a register that may be empty");
    }
}

static void
write_register(Verifier *v, uint32_t at, uint32_t r, bool drops)
{
    if (!drops && v->now[r] != EMPTY) {
        fail(v, at, "overwrites a register that may hold a value");
    }
    v->now[r] = FULL;
}

/* Sources read, windows emptied. */
static void
consume(Verifier *v, uint32_t at, unsigned op)
{
    static const unsigned kills[] = {INST_KILL_A, INST_KILL_B, INST_KILL_C};
    Inst word = v->code->instructions[at];
    const InstInfo *info = &inst_info[op];
    for (int slot = 0; slot < 3 && !v->fault; slot++) {
        const OperandInfo *operand = &info->operands[slot];
        uint32_t r = operand_value(word, slot);
        uint32_t n = operand->kind ? window_length(v, at, op, operand) : 0;
        if (operand->kind == OPERAND_SRC) {
            bool absent = op == I_RAISE && slot >= inst_c(word);
            bool may_be_empty = op == I_MOVE && (word & INST_KILL_B);
            if (!absent && !may_be_empty) {
                need(v, at, r);
            }
            if (!absent && (word & kills[slot])) {
                if (r < v->code->nlocals_plus) {
                    fail(v, at, "kills a variable");
                }
                v->now[r] = EMPTY;
            }
        } else if (operand->kind == OPERAND_TAKE) {
            bool call = op == I_CALL || op == I_CALL_KW || op == I_CALL_EX;
            for (uint32_t i = 0; i < n; i++) {
                if (!(call && i == 1) && !(op == I_CALL_EX && i == 3 && inst_c(word) == 0)) {
                    need(v, at, r + i);
                }
                v->now[r + i] = EMPTY;
            }
        }
    }
}

/* Registers used in place: what must be there, and what is afterwards. */
static void
use_in_place(Verifier *v, uint32_t at, unsigned op)
{
    Inst word = v->code->instructions[at];
    uint32_t a = inst_a(word), b = inst_b(word), c = inst_c(word);
    switch (op) {
    case I_CLEAR:
    case I_DELETE_LOCAL:
        v->now[a] = EMPTY;
        return;
    case I_CHECK_LOCAL:
    case I_MAKE_CELL:
        v->now[a] = FULL;
        return;
    case I_ENTER_HANDLER:
        need(v, at, a);
        write_register(v, at, a + 1, false);
        return;
    case I_END_ASYNC_FOR:
        need(v, at, a);
        need(v, at, b);
        v->now[a] = v->now[b] = EMPTY;
        return;
    case I_CLEANUP_THROW:
        need(v, at, b);
        need(v, at, c);
        v->now[b] = v->now[c] = EMPTY;
        return;
    case I_RESUME:
        return;
    default:
        break;
    }
    for (int slot = 0; slot < 3; slot++) {
        if (inst_info[op].operands[slot].kind == OPERAND_REG && !v->fault) {
            need(v, at, operand_value(word, slot));
        }
    }
}

static void
produce(Verifier *v, uint32_t at, unsigned op, uint8_t moved)
{
    Inst word = v->code->instructions[at];
    const OperandInfo *operand = &inst_info[op].operands[0];
    uint32_t a = inst_a(word);
    if (op == I_COPY_FREE_VARS) {
        memset(v->now + v->code->nlocals_plus - v->code->nfree, FULL, v->code->nfree);
    }
    if (operand->kind != OPERAND_DST) {
        return;
    }
    uint32_t n = window_length(v, at, op, operand);
    for (uint32_t i = 0; i < n && !v->fault; i++) {
        write_register(v, at, a + i, (word & INST_LIVE_A) != 0);
    }
    if (op == I_MOVE) {
        v->now[a] = moved;
    } else if (op == I_LOAD_METHOD || op == I_LOAD_SUPER_METHOD || op == I_LOAD_SPECIAL) {
        v->now[a + 1] = EITHER;
    }
}

/* One instruction; true when control may go on behind it. */
static bool
step(Verifier *v, uint32_t at)
{
    const Code *code = v->code;
    Inst word = code->instructions[at];
    unsigned op = base_opcode(word);
    const InstInfo *info = &inst_info[op];
    uint32_t next = at + 1 + info->cache;
    uint8_t moved = op == I_MOVE ? v->now[inst_b(word)] : 0;
    for (uint32_t r = 0; v->probe && at == v->probe_at && r < code->nregs; r++) {
        v->probe[r] |= v->now[r];
    }
    consume(v, at, op);
    memcpy(v->thrown, v->now, code->nregs);
    flow_to_handler(v, at);
    use_in_place(v, at, op);
    if (v->fault) {
        return false;
    }
    if (info->jumps) {
        int64_t d = info->operands[1].kind == OPERAND_JUMP ? inst_bc(word) : (int16_t)inst_c(word);
        uint32_t target = (uint32_t)(next + d);
        uint32_t b = inst_b(word);
        if (op == I_FOR_ITER || op == I_SEND) {
            v->now[b] = EMPTY;
            flow_to(v, target, v->now);
            v->now[b] = FULL;
        } else {
            flow_to(v, target, v->now);
        }
        if (op == I_JUMP_IF_KEEP) {
            v->now[inst_a(word)] = EMPTY;
        }
    }
    produce(v, at, op, moved);
    return !info->ends && !v->fault;
}

static void
follow(Verifier *v, uint32_t at)
{
    memcpy(v->now, v->states + (size_t)(v->entry[at] - 1) * v->code->nregs, v->code->nregs);
    while (step(v, at)) {
        at += 1 + inst_info[base_opcode(v->code->instructions[at])].cache;
        if (v->entry[at]) {
            flow_to(v, at, v->now);
            return;
        }
    }
}

static void
check_flow(Verifier *v)
{
    const Code *code = v->code;
    for (uint32_t r = 0; r < code->nregs; r++) {
        v->now[r] = r < code->nlocals_plus && (code->local_kinds[r] & LOCAL_ARG) ? FULL : EMPTY;
    }
    flow_to(v, 0, v->now);
    while (v->todo.len > 0 && !v->fault) {
        follow(v, offsetvec_pop(&v->todo));
    }
}

static const char *
verify(const Code *code, uint32_t *where, uint32_t probe_at, uint8_t *probe)
{
    Verifier v = {.code = code, .probe = probe, .probe_at = probe_at};
    v.starts = calloc((size_t)code->ninst + 1, 1);
    v.entry = calloc((size_t)code->ninst + 1, sizeof(*v.entry));
    v.handler = calloc((size_t)code->ninst + 1, sizeof(*v.handler));
    v.seen = calloc((size_t)code->ninst + 1, 1);
    v.now = calloc((size_t)code->nregs + 1, 1);
    v.thrown = calloc((size_t)code->nregs + 1, 1);
    if (!v.starts || !v.entry || !v.handler || !v.seen || !v.now || !v.thrown) {
        fail(&v, 0, "no memory");
    }
    if (!v.fault) {
        check_operands(&v);
    }
    if (!v.fault && !make_entries(&v)) {
        fail(&v, 0, "no memory");
    }
    if (!v.fault) {
        check_flow(&v);
    }
    free(v.starts);
    free(v.entry);
    free(v.states);
    free(v.handler);
    free(v.seen);
    free(v.now);
    free(v.thrown);
    offsetvec_free(&v.todo);
    if (where) {
        *where = v.where;
    }
    return v.fault;
}

const char *
code_verify(const Code *code, uint32_t *where)
{
    return verify(code, where, 0, NULL);
}

bool
code_register_states(const Code *code, uint32_t at, uint8_t *states)
{
    if (verify(code, NULL, at, states)) {
        return false;
    }
    for (uint32_t r = 0; r < code->nregs; r++) {
        if (states[r]) {
            return true;
        }
    }
    return code->nregs == 0;
}
