/* Between generation and assembly: dead code, jumps to jumps, and which variables are bound where.
 *
 * Two facts are computed forward for each variable over the graph of basic blocks: it must be bound (then CHECK_LOCAL is not needed), and it may
 * be bound (then an instruction that writes it must drop the old value: INST_LIVE_A). An exception may leave a block after any
 * instruction, so a handler sees the meet of all states of the blocks it protects. */
#include "compile/gen.h"

typedef struct FlowBlock {
    uint32_t start, end;  /* instructions */
    uint32_t jump;        /* block that the last instruction may jump to, or NONE */
    uint32_t handler;     /* block that exceptions go to, or NONE */
    bool falls;           /* control may go on to the next block */
    bool reached, dirty;
} FlowBlock;

VEC_DEFINE(FlowBlockVec, flowblockvec, FlowBlock);

#define NONE_BLOCK UINT32_MAX
#define MAX_STATE_WORDS ((size_t)1 << 26)

typedef struct Flow {
    Gen *g;
    Unit *u;
    InsVec *code;
    uint32_t *labels;   /* label -> instruction that follows it */
    uint32_t *block_at; /* instruction -> block */
    FlowBlockVec blocks;
    size_t words;       /* of one set of variables */
    uint64_t *state;    /* for each block: must, may */
} Flow;

static bool
is_label(const Ins *i)
{
    return i->op == PSEUDO_LABEL;
}

static bool
has_target(const Ins *i)
{
    return i->target != NO_LABEL;
}

static bool
ends(const Ins *i)
{
    return !is_label(i) && inst_info[i->op].ends;
}

/* -- one stream ------------------------------------------------------------------------------------ */

static void
join_streams(Flow *f)
{
    Unit *u = f->u;
    f->code = &u->streams.data[0];
    for (size_t i = 1; i < u->streams.len; i++) {
        InsVec *more = &u->streams.data[i];
        if (insvec_extend(f->code, more->data, more->len) < 0) {
            fail_memory(f->g->c);
            return;
        }
        insvec_free(more);
    }
}

static void
find_labels(Flow *f)
{
    free(f->labels);
    f->labels = calloc((size_t)f->u->nlabels + 1, sizeof(*f->labels));
    if (!f->labels) {
        fail_memory(f->g->c);
        return;
    }
    uint32_t next = (uint32_t)f->code->len;
    for (size_t i = f->code->len; i-- > 0;) {
        const Ins *ins = &f->code->data[i];
        if (is_label(ins)) {
            f->labels[ins->bc] = next;
        } else {
            next = (uint32_t)i;
        }
    }
}

static int
line_of(const Flow *f, const Ins *ins)
{
    return f->u->positions.data[ins->pos].lineno;
}

/* -- jumps to jumps and to the implicit return ----------------------------------------------------- */

static const Ins *
target_of(const Flow *f, const Ins *ins)
{
    uint32_t at = f->labels[ins->target];
    return at < f->code->len ? &f->code->data[at] : NULL;
}

static void
thread_jumps(Flow *f)
{
    for (size_t i = 0; i < f->code->len; i++) {
        Ins *ins = &f->code->data[i];
        if (is_label(ins) || !has_target(ins) || ins->op == I_JUMP_BACK) {
            continue;
        }
        for (int hops = 0; hops < 10; hops++) {
            const Ins *next = target_of(f, ins);
            if (!next || next->op != I_JUMP || next == ins) {
                break;
            }
            int line = line_of(f, next);
            if (line >= 0 && line != line_of(f, ins)) {
                break;
            }
            ins->target = next->target;
        }
    }
}

/* The return at the end of a body belongs to no line: each jump to it gets its own, so that it is seen on the line that was executed last. */
static void
copy_returns(Flow *f)
{
    size_t count = f->code->len;
    for (size_t i = 0; i < count && gen_ok(f->g); i++) {
        Ins *ins = &f->code->data[i];
        if (is_label(ins) || !has_target(ins)) {
            continue;
        }
        const Ins *next = target_of(f, ins);
        if (!next || next->op != I_RETURN_NONE || line_of(f, next) >= 0) {
            continue;
        }
        if (ins->op == I_JUMP) {
            ins->op = I_RETURN_NONE;
            ins->target = NO_LABEL;
            continue;
        }
        Label label = f->u->nlabels++;
        ins->target = label;
        Ins copy[2] = {{.op = PSEUDO_LABEL, .bc = label, .target = NO_LABEL}, *next};
        copy[0].pos = copy[1].pos = ins->pos;
        copy[0].handler = copy[1].handler;
        if (insvec_extend(f->code, copy, 2) < 0) {
            fail_memory(f->g->c);
        }
    }
    find_labels(f);
}

/* -- blocks ---------------------------------------------------------------------------------------- */

static void
find_blocks(Flow *f)
{
    size_t n = f->code->len;
    f->block_at = calloc(n + 1, sizeof(*f->block_at));
    if (!f->block_at) {
        fail_memory(f->g->c);
        return;
    }
    uint32_t handler = 0;
    bool leader = true;
    for (size_t i = 0; i < n; i++) {
        const Ins *ins = &f->code->data[i];
        if (leader || is_label(ins) || ins->handler != handler) {
            if (flowblockvec_push(&f->blocks, (FlowBlock){.start = (uint32_t)i, .jump = NONE_BLOCK, .handler = NONE_BLOCK}) < 0) {
                fail_memory(f->g->c);
                return;
            }
            handler = ins->handler;
        }
        f->block_at[i] = (uint32_t)f->blocks.len - 1;
        flowblockvec_last(&f->blocks)->end = (uint32_t)i + 1;
        leader = !is_label(ins) && (has_target(ins) || ends(ins));
    }
    for (size_t b = 0; b < f->blocks.len; b++) {
        FlowBlock *block = &f->blocks.data[b];
        const Ins *last = &f->code->data[block->end - 1];
        block->falls = !ends(last) && b + 1 < f->blocks.len;
        if (!is_label(last) && has_target(last) && f->labels[last->target] < n) {
            block->jump = f->block_at[f->labels[last->target]];
        }
        uint32_t h = f->code->data[block->start].handler;
        if (h && f->labels[f->u->handlers.data[h - 1].label] < n) {
            block->handler = f->block_at[f->labels[f->u->handlers.data[h - 1].label]];
        }
    }
}

/* Only labels: nothing there can raise. */
static bool
is_empty(const Flow *f, const FlowBlock *block)
{
    for (uint32_t i = block->start; i < block->end; i++) {
        if (!is_label(&f->code->data[i])) {
            return false;
        }
    }
    return true;
}

static void
find_reached(Flow *f)
{
    uint32_t *stack = malloc((f->blocks.len + 1) * sizeof(*stack));
    if (!stack) {
        fail_memory(f->g->c);
        return;
    }
    size_t depth = 0;
    f->blocks.data[0].reached = true;
    stack[depth++] = 0;
    while (depth > 0) {
        uint32_t b = stack[--depth];
        const FlowBlock *block = &f->blocks.data[b];
        uint32_t next[3] = {block->falls ? b + 1 : NONE_BLOCK, block->jump, is_empty(f, block) ? NONE_BLOCK : block->handler};
        for (int k = 0; k < 3; k++) {
            if (next[k] != NONE_BLOCK && !f->blocks.data[next[k]].reached) {
                f->blocks.data[next[k]].reached = true;
                stack[depth++] = next[k];
            }
        }
    }
    free(stack);
}

/* -- variables ------------------------------------------------------------------------------------- */

static uint64_t *
must_of(const Flow *f, uint32_t block)
{
    return f->state + (size_t)block * 2 * f->words;
}

static uint64_t *
may_of(const Flow *f, uint32_t block)
{
    return must_of(f, block) + f->words;
}

static void
set_bit(uint64_t *set, Reg r, bool on)
{
    if (on) {
        set[r / 64] |= UINT64_C(1) << r % 64;
    } else {
        set[r / 64] &= ~(UINT64_C(1) << r % 64);
    }
}

static bool
get_bit(const uint64_t *set, Reg r)
{
    return set[r / 64] >> r % 64 & 1;
}

/* The block sees this state too. */
static void
meet(Flow *f, uint32_t block, const uint64_t *must, const uint64_t *may)
{
    if (block == NONE_BLOCK) {
        return;
    }
    uint64_t *in_must = must_of(f, block), *in_may = may_of(f, block), changed = 0;
    for (size_t w = 0; w < f->words; w++) {
        uint64_t m = in_must[w] & must[w], y = in_may[w] | may[w];
        changed |= (m ^ in_must[w]) | (y ^ in_may[w]);
        in_must[w] = m;
        in_may[w] = y;
    }
    if (changed || !f->blocks.data[block].reached) {
        f->blocks.data[block].dirty = true;
    }
    f->blocks.data[block].reached = true;
}

static bool
writes_variable(const Flow *f, const Ins *ins)
{
    return !is_label(ins) && inst_info[ins->op].operands[0].kind == OPERAND_DST && ins->a < f->u->nvars;
}

static bool
unbinds(const Flow *f, const Ins *ins)
{
    return (ins->op == I_CLEAR || ins->op == I_DELETE_LOCAL) && ins->a < f->u->nvars;
}

/* The effect of one instruction where control goes on behind it. */
static void
transfer(const Flow *f, const Ins *ins, uint64_t *must, uint64_t *may)
{
    if (is_label(ins)) {
        return;
    }
    if (ins->op == I_CHECK_LOCAL || writes_variable(f, ins)) {
        set_bit(must, ins->a, true);
        set_bit(may, ins->a, true);
    } else if (unbinds(f, ins)) {
        set_bit(must, ins->a, false);
        set_bit(may, ins->a, false);
    }
}

static void
flow_block(Flow *f, uint32_t b, uint64_t *must, uint64_t *may)
{
    const FlowBlock *block = &f->blocks.data[b];
    memcpy(must, must_of(f, b), f->words * sizeof(*must));
    memcpy(may, may_of(f, b), f->words * sizeof(*may));
    bool guarded = block->handler != NONE_BLOCK && !is_empty(f, block);
    if (guarded) {
        meet(f, block->handler, must, may);
    }
    for (uint32_t i = block->start; i < block->end; i++) {
        const Ins *ins = &f->code->data[i];
        if (i == block->end - 1 && !is_label(ins) && has_target(ins) && ins->op == I_FOR_ITER) {
            meet(f, block->jump, must, may); /* exhausted: nothing was written */
            transfer(f, ins, must, may);
            break;
        }
        transfer(f, ins, must, may);
        if (guarded && (unbinds(f, ins) || writes_variable(f, ins))) {
            meet(f, block->handler, must, may);
        }
        if (i == block->end - 1) {
            meet(f, block->jump, must, may);
        }
    }
    if (block->falls) {
        meet(f, b + 1, must, may);
    }
}

static bool
find_bound(Flow *f)
{
    Unit *u = f->u;
    f->words = (u->nvars + 63) / 64;
    if (f->words == 0 || f->blocks.len * 2 * f->words > MAX_STATE_WORDS) {
        return false;
    }
    f->state = calloc((f->blocks.len + 1) * 2 * f->words, sizeof(*f->state));
    if (!f->state) {
        fail_memory(f->g->c);
        return false;
    }
    for (uint32_t b = 1; b < f->blocks.len; b++) {
        memset(must_of(f, b), 0xFF, f->words * sizeof(uint64_t));
    }
    for (Reg r = 0; r < u->scope->params.len; r++) {
        set_bit(must_of(f, 0), r, true);
        set_bit(may_of(f, 0), r, true);
    }
    uint64_t *must = must_of(f, (uint32_t)f->blocks.len), *may = may_of(f, (uint32_t)f->blocks.len);
    f->blocks.data[0].dirty = true;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t b = 0; b < f->blocks.len; b++) {
            if (f->blocks.data[b].dirty) {
                f->blocks.data[b].dirty = false;
                again = true;
                flow_block(f, b, must, may);
            }
        }
    }
    return true;
}

/* Uses what was found: false bits of `must` keep their check, true bits of `may` make a write drop the old value. */
static void
apply_bound(Flow *f, bool known)
{
    Reg nvars = f->u->nvars;
    for (uint32_t b = 0; b < f->blocks.len; b++) {
        const FlowBlock *block = &f->blocks.data[b];
        for (uint32_t i = block->start; i < block->end && block->reached; i++) {
            Ins *ins = &f->code->data[i];
            if (is_label(ins)) {
                continue;
            }
            bool check = ins->op == I_CHECK_LOCAL;
            if (writes_variable(f, ins) && (!known || get_bit(may_of(f, b), ins->a))) {
                ins->flags |= INST_LIVE_A;
            }
            bool proven = known && check && ins->a < nvars && get_bit(must_of(f, b), ins->a);
            if (known) {
                transfer(f, ins, must_of(f, b), may_of(f, b));
            }
            if (proven) {
                ins->op = PSEUDO_LABEL; /* a label that nobody knows */
                ins->bc = f->u->nlabels;
            }
        }
    }
}

/* -- what is left ---------------------------------------------------------------------------------- */

/* A NOP stands for a line on which nothing else happens. */
static bool
nop_is_needed(const Flow *f, size_t at, const Ins *before)
{
    const Ins *ins = &f->code->data[at];
    int line = line_of(f, ins);
    if (line < 0 || (before && line_of(f, before) == line)) {
        return false;
    }
    for (size_t i = at + 1; i < f->code->len; i++) {
        const Ins *next = &f->code->data[i];
        if (is_label(next)) {
            if (next->bc < f->u->nlabels && f->labels[next->bc] != UINT32_MAX) {
                return true; /* reached from elsewhere: that way has no part in this line */
            }
            continue;
        }
        if (!f->blocks.data[f->block_at[i]].reached) {
            i = f->blocks.data[f->block_at[i]].end - 1;
            continue;
        }
        if (line_of(f, next) < 0) {
            f->code->data[i].pos = ins->pos;
            return false;
        }
        return line_of(f, next) != line;
    }
    return true;
}

/* Marks the labels that no reached jump or handler knows. */
static void
forget_unused_labels(Flow *f)
{
    uint8_t *used = calloc((size_t)f->u->nlabels + 1, 1);
    if (!used) {
        fail_memory(f->g->c);
        return;
    }
    for (uint32_t b = 0; b < f->blocks.len; b++) {
        const FlowBlock *block = &f->blocks.data[b];
        for (uint32_t i = block->start; i < block->end && block->reached; i++) {
            const Ins *ins = &f->code->data[i];
            if (!is_label(ins) && has_target(ins)) {
                used[ins->target] = 1;
            }
            if (!is_label(ins) && ins->handler) {
                used[f->u->handlers.data[ins->handler - 1].label] = 1;
            }
        }
    }
    for (Label l = 0; l < f->u->nlabels; l++) {
        if (!used[l]) {
            f->labels[l] = UINT32_MAX;
        }
    }
    free(used);
}

/* A jump to what follows anyway. */
static bool
is_idle_jump(const Flow *f, size_t at)
{
    const Ins *ins = &f->code->data[at];
    if (ins->op != I_JUMP) {
        return false;
    }
    for (size_t i = at + 1; i < f->code->len; i++) {
        const Ins *next = &f->code->data[i];
        if (!is_label(next)) {
            if (f->blocks.data[f->block_at[i]].reached) {
                return false;
            }
            i = f->blocks.data[f->block_at[i]].end - 1;
        } else if (next->bc == ins->target) {
            return true;
        }
    }
    return false;
}

static void
compact(Flow *f)
{
    size_t out = 0;
    const Ins *before = NULL; /* what control certainly came from */
    for (uint32_t b = 0; b < f->blocks.len; b++) {
        const FlowBlock *block = &f->blocks.data[b];
        for (uint32_t i = block->start; i < block->end; i++) {
            Ins *ins = &f->code->data[i];
            if (!block->reached && !is_label(ins)) {
                continue;
            }
            if (is_label(ins)) {
                if (ins->bc >= f->u->nlabels || f->labels[ins->bc] == UINT32_MAX) {
                    continue;
                }
                before = NULL;
            } else {
                if (is_idle_jump(f, i)) {
                    ins->op = I_NOP;
                    ins->target = NO_LABEL;
                }
                if (ins->op == I_NOP && !nop_is_needed(f, i, before)) {
                    continue;
                }
                if (line_of(f, ins) < 0 && before) {
                    ins->pos = before->pos;
                }
            }
            f->code->data[out] = *ins;
            if (!is_label(ins)) {
                before = ends(ins) ? NULL : &f->code->data[out];
            }
            out++;
        }
    }
    f->code->len = out;
}

void
flow_optimize(Gen *g, Unit *u)
{
    Flow f = {.g = g, .u = u};
    join_streams(&f);
    if (gen_ok(g)) {
        find_labels(&f);
    }
    if (gen_ok(g)) {
        thread_jumps(&f);
        copy_returns(&f);
    }
    if (gen_ok(g)) {
        find_blocks(&f);
    }
    if (gen_ok(g)) {
        find_reached(&f);
    }
    if (gen_ok(g)) {
        apply_bound(&f, find_bound(&f));
    }
    if (gen_ok(g)) {
        forget_unused_labels(&f);
    }
    if (gen_ok(g)) {
        compact(&f);
    }
    free(f.labels);
    free(f.block_at);
    free(f.state);
    flowblockvec_free(&f.blocks);
}
