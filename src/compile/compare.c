/* Comparisons, alone and in chains, as values and as jumps. */
#include "compile/gen.h"

static const Opcode value_ops[] = {
    [CMPOP_EQ] = I_EQ,   [CMPOP_NOT_EQ] = I_NE, [CMPOP_LT] = I_LT,         [CMPOP_LT_E] = I_LE, [CMPOP_GT] = I_GT,
    [CMPOP_GT_E] = I_GE, [CMPOP_IS] = I_IS,     [CMPOP_IS_NOT] = I_IS_NOT, [CMPOP_IN] = I_IN,   [CMPOP_NOT_IN] = I_NOT_IN,
};

static const Opcode jump_ops[] = {
    [CMPOP_EQ] = I_JUMP_IF_EQ,   [CMPOP_NOT_EQ] = I_JUMP_IF_NE,  [CMPOP_LT] = I_JUMP_IF_LT, [CMPOP_LT_E] = I_JUMP_IF_LE,
    [CMPOP_GT] = I_JUMP_IF_GT,   [CMPOP_GT_E] = I_JUMP_IF_GE,    [CMPOP_IS] = I_JUMP_IF_IS, [CMPOP_IS_NOT] = I_JUMP_IF_IS,
    [CMPOP_IN] = I_JUMP_IF_IN,   [CMPOP_NOT_IN] = I_JUMP_IF_IN,
};

static const Opcode small_ops[] = {
    [CMPOP_EQ] = I_JUMP_IF_EQ_IMM,   [CMPOP_NOT_EQ] = I_JUMP_IF_NE_IMM, [CMPOP_LT] = I_JUMP_IF_LT_IMM,
    [CMPOP_LT_E] = I_JUMP_IF_LE_IMM, [CMPOP_GT] = I_JUMP_IF_GT_IMM,     [CMPOP_GT_E] = I_JUMP_IF_GE_IMM,
};

static bool
is_membership(CmpOp op)
{
    return op == CMPOP_IN || op == CMPOP_NOT_IN;
}

static bool
is_none(const Expr *e)
{
    return e->kind == EXPR_CONSTANT && e->Constant.value.kind == CONST_NONE;
}

/* The right side of the i-th comparison, to stay in place while what follows is evaluated. */
static Operand
gen_right(Gen *g, const Expr *e, int i)
{
    const Expr *right = e->Compare.comparators.items[i];
    if (is_membership(e->Compare.ops.items[i])) {
        return gen_container(g, right);
    }
    const Expr *next = i + 1 < e->Compare.comparators.count ? e->Compare.comparators.items[i + 1] : NULL;
    return operand_before(g, right, next);
}

/* Where control goes when a chain ends early: `end`, after clearing the value that the next comparison would have used. */
static Label
early_exit(Gen *g, Operand kept, Label end)
{
    if (!kept.temp) {
        return end;
    }
    Label label = new_label(g);
    size_t section = cold_begin(g);
    put_label(g, label);
    emit_clear(g, kept.reg);
    emit_goto(g, end);
    cold_end(g, section);
    return label;
}

Operand
gen_compare(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    int last = e->Compare.ops.count - 1;
    warn_compare(g, e);
    if (last == 0) {
        Operand left = operand_before(g, e->Compare.left, e->Compare.comparators.items[0]);
        Operand right = gen_right(g, e, 0);
        Operand result = result_at(g, mark, want);
        at(g, e->pos);
        emit(g, value_ops[e->Compare.ops.items[0]], result.reg, left.reg, right.reg, kill_b(left) | kill_c(right));
        return result;
    }
    Operand truth = {push(g), true};
    Label end = new_label(g);
    Operand left = operand_before(g, e->Compare.left, e->Compare.comparators.items[0]);
    for (int i = 0; i < last; i++) {
        Operand right = gen_right(g, e, i);
        at(g, e->pos);
        emit(g, value_ops[e->Compare.ops.items[i]], truth.reg, left.reg, right.reg, kill_b(left));
        emit_jump(g, I_JUMP_IF_KEEP, truth.reg, 0, early_exit(g, right, end), 0);
        left = right;
    }
    Operand right = gen_right(g, e, last);
    at(g, e->pos);
    emit(g, value_ops[e->Compare.ops.items[last]], truth.reg, left.reg, right.reg, kill_b(left) | kill_c(right));
    put_label(g, end);
    if (want == ANYWHERE) {
        pop_to(g, mark + 1);
        return truth;
    }
    emit_move(g, want, truth);
    return result_at(g, mark, want);
}

/* One comparison that jumps to label when its truth is sense. */
static void
emit_compare_jump(Gen *g, CmpOp op, Operand left, Operand right, bool keep_right, bool sense, Label label)
{
    bool jump_when = sense != (op == CMPOP_IS_NOT || op == CMPOP_NOT_IN);
    unsigned flags = kill_a(left) | (keep_right ? 0 : kill_b(right)) | (jump_when ? INST_SENSE : 0);
    emit_jump(g, jump_ops[op], left.reg, right.reg, label, flags);
}

static void
gen_single_jump(Gen *g, const Expr *e, bool sense, Label label)
{
    Reg mark = g->u->top;
    CmpOp op = e->Compare.ops.items[0];
    const Expr *right = e->Compare.comparators.items[0];
    int64_t small;
    if ((op == CMPOP_IS || op == CMPOP_IS_NOT) && is_none(right)) {
        Operand left = gen_expr(g, e->Compare.left, ANYWHERE);
        pop_to(g, mark);
        at(g, e->pos);
        bool jump_when = sense == (op == CMPOP_IS);
        emit_jump(g, I_JUMP_IF_NONE, left.reg, 0, label, kill_a(left) | (jump_when ? INST_SENSE : 0));
    } else if (op <= CMPOP_GT_E && fold_small(g, right, &small)) {
        Operand left = gen_expr(g, e->Compare.left, ANYWHERE);
        pop_to(g, mark);
        at(g, e->pos);
        emit_jump(g, small_ops[op], left.reg, (uint16_t)small, label, kill_a(left) | (sense ? INST_SENSE : 0));
    } else {
        Operand left = operand_before(g, e->Compare.left, right);
        Operand value = gen_right(g, e, 0);
        pop_to(g, mark);
        at(g, e->pos);
        emit_compare_jump(g, op, left, value, false, sense, label);
    }
}

void
gen_compare_jump(Gen *g, const Expr *e, bool sense, Label label)
{
    int last = e->Compare.ops.count - 1;
    warn_compare(g, e);
    if (last == 0) {
        gen_single_jump(g, e, sense, label);
        return;
    }
    Reg mark = g->u->top;
    Label end = new_label(g);
    Operand left = operand_before(g, e->Compare.left, e->Compare.comparators.items[0]);
    for (int i = 0; i < last; i++) {
        Operand right = gen_right(g, e, i);
        at(g, e->pos);
        Label out = early_exit(g, right, sense ? end : label);
        emit_compare_jump(g, e->Compare.ops.items[i], left, right, true, false, out);
        left = right;
    }
    Operand right = gen_right(g, e, last);
    pop_to(g, mark);
    at(g, e->pos);
    emit_compare_jump(g, e->Compare.ops.items[last], left, right, false, sense, label);
    put_label(g, end);
}
