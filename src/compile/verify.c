/* Is this code object safe to run? Checks each operand, then follows control over all paths with what every register may hold:
 * nothing, something, or either.
 *
 * An instruction must find a value in each source and nothing in a destination that it does not clear; windows hold what the instruction takes from
 * them; registers of cells are used by cell instructions only. Debug builds verify what the compiler makes, loading
 * verifies what it reads, the second half when it runs for the first time. Threading: reads the code object only. */
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
    uint32_t row;         /* a state: this many words with a bit for each register that may be empty, then as many for those that may be full */
    uint64_t *states;
    uint64_t *now, *thrown; /* the state at work, and what a handler would see */
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

/* MemoryError is pending. */
static const char *
no_memory(void)
{
    (void)raise_no_memory();
    return "no memory";
}

/* Other threads may run the code, and specialise it, meanwhile. */
static Inst
word_at(const Code *code, uint32_t at)
{
    return __atomic_load_n(&code->instructions[at], __ATOMIC_RELAXED);
}

static unsigned
base_opcode(Inst word)
{
    unsigned op = inst_opcode(word);
    return op < I_COUNT ? inst_info[op].general : I_COUNT;
}

/* Once check_operands has been over the code. */
static unsigned
known_opcode(Inst word)
{
    return inst_info[inst_opcode(word)].general;
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
    Inst word = word_at(v->code, at);
    if (op == I_UNPACK_STAR && info->kind == OPERAND_DST) {
        return inst_c(word) + 1 + (uint32_t)word_at(v->code, at + 1);
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
    Inst word = word_at(code, at);
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

/* Operand c says which of several things to do. */
static void
check_choice(Verifier *v, uint32_t at, unsigned first, unsigned last)
{
    unsigned c = inst_c(word_at(v->code, at));
    if (c < first || c > last) {
        fail(v, at, "no such choice");
    }
}

static void
check_constants(Verifier *v, uint32_t at, unsigned op)
{
    const Code *code = v->code;
    Inst word = word_at(code, at);
    switch (op) {
    case I_CALL_KW: {
        uint32_t index = (uint32_t)word_at(code, at + 2);
        if (index >= as_tuple(code->consts)->length || !IS_EXACT(tuple_item(code->consts, index), TUPLE) ||
            as_tuple(tuple_item(code->consts, index))->length > inst_c(word)) {
            fail(v, at, "no keyword names");
        }
        break;
    }
    case I_INPLACE:
        if ((word_at(code, at + 1) & 0xFF) >= OP_BINARY_COUNT) {
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
    case I_LOAD_SPECIAL:
        check_choice(v, at, 0, 3);
        break;
    case I_CONVERT:
        check_choice(v, at, 1, 3);
        break;
    case I_BUILD_SLICE:
        check_choice(v, at, 2, 3);
        break;
    case I_INTRINSIC_1:
        check_choice(v, at, 1, 9);
        break;
    case I_INTRINSIC_2:
        check_choice(v, at, 1, 5);
        break;
    case I_RAISE:
    case I_GET_AWAITABLE:
        check_choice(v, at, 0, 2);
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
        unsigned op = base_opcode(word_at(code, at));
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
        unsigned op = known_opcode(word_at(code, at));
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
        unsigned op = known_opcode(word_at(v->code, at));
        const InstInfo *info = &inst_info[op];
        Inst word = word_at(v->code, at);
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
    v->states = calloc(count, 2 * (size_t)v->row * sizeof(uint64_t));
    return v->states != NULL;
}

static ALWAYS_INLINE uint64_t *
state_of(const Verifier *v, uint32_t at)
{
    return v->states + (size_t)(v->entry[at] - 1) * 2 * v->row;
}

static ALWAYS_INLINE unsigned
get(const Verifier *v, uint32_t r)
{
    const uint64_t *word = v->now + r / 64;
    return (unsigned)(word[0] >> r % 64 & 1) | (unsigned)(word[v->row] >> r % 64 & 1) << 1;
}

static ALWAYS_INLINE void
put(Verifier *v, uint32_t r, uint64_t state)
{
    uint64_t *word = v->now + r / 64, bit = (uint64_t)1 << r % 64;
    word[0] = (word[0] & ~bit) | (state & 1) << r % 64;
    word[v->row] = (word[v->row] & ~bit) | (state >> 1) << r % 64;
}

static void
flow_to(Verifier *v, uint32_t at, const uint64_t *state)
{
    uint64_t *entry = state_of(v, at), added = 0;
    for (uint32_t i = 0; i < 2 * v->row; i++) {
        added |= state[i] & ~entry[i];
        entry[i] |= state[i];
    }
    if (added || !v->seen[at]) {
        v->seen[at] = 1;
        if (offsetvec_push(&v->todo, at) < 0) {
            fail(v, at, no_memory());
        }
    }
}

/* The handler sees the registers below its depth as the failing instruction leaves them, the exception at its depth, nothing above. */
static void
flow_to_handler(Verifier *v, uint32_t at)
{
    if (!v->handler[at]) {
        return;
    }
    const HandlerRange *h = &v->code->handlers[v->handler[at] - 1];
    for (uint32_t i = 0; i < v->row; i++) {
        uint32_t first = i * 64;
        uint64_t above = h->depth <= first ? ~(uint64_t)0 : h->depth >= first + 64 ? 0 : ~(uint64_t)0 << (h->depth - first);
        v->thrown[i] = v->now[i] | above;
        v->thrown[v->row + i] = v->now[v->row + i] & ~above;
    }
    uint64_t bit = (uint64_t)1 << h->depth % 64;
    v->thrown[h->depth / 64] &= ~bit;
    v->thrown[v->row + h->depth / 64] |= bit;
    flow_to(v, h->handler, v->thrown);
}

static void
need(Verifier *v, uint32_t at, uint32_t r)
{
    if (get(v, r) != FULL) {
        fail(v, at, "reads a register that may be empty");
    }
}

static void
write_register(Verifier *v, uint32_t at, uint32_t r, bool drops)
{
    if (!drops && get(v, r) != EMPTY) {
        fail(v, at, "overwrites a register that may hold a value");
    }
    put(v, r, FULL);
}

/* Sources read, windows emptied. */
static void
consume(Verifier *v, uint32_t at, unsigned op)
{
    static const unsigned kills[] = {INST_KILL_A, INST_KILL_B, INST_KILL_C};
    Inst word = word_at(v->code, at);
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
                put(v, r, EMPTY);
            }
        } else if (operand->kind == OPERAND_TAKE) {
            bool call = op == I_CALL || op == I_CALL_KW || op == I_CALL_EX;
            for (uint32_t i = 0; i < n; i++) {
                if (!(call && i == 1) && !(op == I_CALL_EX && i == 3 && inst_c(word) == 0)) {
                    need(v, at, r + i);
                }
                put(v, r + i, EMPTY);
            }
        }
    }
}

/* Registers used in place: what must be there, and what is afterwards. */
static void
use_in_place(Verifier *v, uint32_t at, unsigned op)
{
    Inst word = word_at(v->code, at);
    uint32_t a = inst_a(word), b = inst_b(word), c = inst_c(word);
    switch (op) {
    case I_CLEAR:
    case I_DELETE_LOCAL:
        put(v, a, EMPTY);
        return;
    case I_CHECK_LOCAL:
    case I_MAKE_CELL:
        put(v, a, FULL);
        return;
    case I_ENTER_HANDLER:
        need(v, at, a);
        write_register(v, at, a + 1, false);
        return;
    case I_END_ASYNC_FOR:
        need(v, at, a);
        need(v, at, b);
        put(v, a, EMPTY);
        put(v, b, EMPTY);
        return;
    case I_CLEANUP_THROW:
        need(v, at, b);
        need(v, at, c);
        put(v, b, EMPTY);
        put(v, c, EMPTY);
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
produce(Verifier *v, uint32_t at, unsigned op, unsigned moved)
{
    Inst word = word_at(v->code, at);
    const OperandInfo *operand = &inst_info[op].operands[0];
    uint32_t a = inst_a(word);
    if (op == I_COPY_FREE_VARS) {
        for (uint32_t r = v->code->nlocals_plus - v->code->nfree; r < v->code->nlocals_plus; r++) {
            put(v, r, FULL);
        }
    }
    if (operand->kind != OPERAND_DST) {
        return;
    }
    uint32_t n = window_length(v, at, op, operand);
    for (uint32_t i = 0; i < n && !v->fault; i++) {
        write_register(v, at, a + i, (word & INST_LIVE_A) != 0);
    }
    if (op == I_MOVE) {
        put(v, a, moved);
    } else if (op == I_LOAD_METHOD || op == I_LOAD_SUPER_METHOD || op == I_LOAD_SPECIAL) {
        put(v, a + 1, EITHER);
    }
}

/* A return gives up the variables alone. */
static void
check_nothing_left(Verifier *v, uint32_t at)
{
    for (uint32_t r = v->code->nlocals_plus; r < v->code->nregs; r++) {
        if (get(v, r) != EMPTY) {
            fail(v, at, "returns with a value in a temporary register");
        }
    }
}

/* One instruction; true when control may go on behind it. */
static bool
step(Verifier *v, uint32_t at)
{
    const Code *code = v->code;
    Inst word = word_at(code, at);
    unsigned op = known_opcode(word);
    const InstInfo *info = &inst_info[op];
    uint32_t next = at + 1 + info->cache;
    unsigned moved = op == I_MOVE ? get(v, inst_b(word)) : 0;
    for (uint32_t r = 0; v->probe && at == v->probe_at && r < code->nregs; r++) {
        v->probe[r] |= (uint8_t)get(v, r);
    }
    consume(v, at, op);
    flow_to_handler(v, at);
    use_in_place(v, at, op);
    if (op == I_RETURN || op == I_RETURN_NONE) {
        check_nothing_left(v, at);
    }
    if (v->fault) {
        return false;
    }
    if (info->jumps) {
        int64_t d = info->operands[1].kind == OPERAND_JUMP ? inst_bc(word) : (int16_t)inst_c(word);
        uint32_t target = (uint32_t)(next + d);
        uint32_t b = inst_b(word);
        if (op == I_FOR_ITER || op == I_SEND) {
            put(v, b, EMPTY);
            flow_to(v, target, v->now);
            put(v, b, FULL);
        } else {
            flow_to(v, target, v->now);
        }
        if (op == I_JUMP_IF_KEEP) {
            put(v, inst_a(word), EMPTY);
        }
    }
    produce(v, at, op, moved);
    return !info->ends && !v->fault;
}

static void
follow(Verifier *v, uint32_t at)
{
    memcpy(v->now, state_of(v, at), 2 * v->row * sizeof(uint64_t));
    while (step(v, at)) {
        at += 1 + inst_info[known_opcode(word_at(v->code, at))].cache;
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
        put(v, r, r < code->nlocals_plus && (code->local_kinds[r] & LOCAL_ARG) ? FULL : EMPTY);
    }
    flow_to(v, 0, v->now);
    while (v->todo.len > 0 && !v->fault) {
        follow(v, offsetvec_pop(&v->todo));
    }
}

/* Operands only, or also what the registers hold. */
static const char *
verify(Verifier *v, bool flow)
{
    v->row = v->code->nregs / 64 + 1;
    size_t n = (size_t)v->code->ninst + 1, state = 2 * (size_t)v->row * sizeof(uint64_t);
    uint8_t *memory = calloc(1, n * (2 * sizeof(uint32_t) + 2) + 2 * state);
    if (!memory) {
        return v->fault = no_memory();
    }
    v->now = (uint64_t *)(void *)memory;
    v->thrown = v->now + 2 * v->row;
    v->entry = (uint32_t *)(v->thrown + 2 * v->row);
    v->handler = v->entry + n;
    v->starts = (uint8_t *)(v->handler + n);
    v->seen = v->starts + n;
    check_operands(v);
    if (flow && !v->fault && !make_entries(v)) {
        fail(v, 0, no_memory());
    }
    if (flow && !v->fault) {
        check_flow(v);
    }
    free(memory);
    free(v->states);
    offsetvec_free(&v->todo);
    return v->fault;
}

const char *
code_verify(const Code *code, uint32_t *where)
{
    Verifier v = {.code = code};
    verify(&v, true);
    if (where) {
        *where = v.where;
    }
    return v.fault;
}

bool
code_operands_fit(const Code *code)
{
    Verifier v = {.code = code};
    return !verify(&v, false);
}

bool
code_register_states(const Code *code, uint32_t at, uint8_t *states)
{
    Verifier v = {.code = code, .probe = states, .probe_at = at};
    if (verify(&v, true)) {
        return false;
    }
    for (uint32_t r = 0; r < code->nregs; r++) {
        if (states[r]) {
            return true;
        }
    }
    return code->nregs == 0;
}
