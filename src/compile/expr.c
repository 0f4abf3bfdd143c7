/* Expressions: operators, attributes, subscripts, conditions; and the dispatch to the files of the others. */
#include "compile/gen.h"
#include "object/slice.h"

/* -- constants and operators ----------------------------------------------------------------------- */

static Operand
gen_const(Gen *g, const Expr *e, Own v, Reg want)
{
    Operand result = result_at(g, g->u->top, want);
    at(g, e->pos);
    emit_const(g, result.reg, v);
    return result;
}

static Operand
gen_bin_op(Gen *g, const Expr *e, Reg want)
{
    static const Opcode ops[] = {
        [OPERATOR_ADD] = I_ADD,         [OPERATOR_SUB] = I_SUB,       [OPERATOR_MULT] = I_MUL,
        [OPERATOR_MAT_MULT] = I_MATMUL, [OPERATOR_DIV] = I_TRUEDIV,   [OPERATOR_MOD] = I_MOD,
        [OPERATOR_POW] = I_POW,         [OPERATOR_L_SHIFT] = I_LSHIFT, [OPERATOR_R_SHIFT] = I_RSHIFT,
        [OPERATOR_BIT_OR] = I_OR,       [OPERATOR_BIT_XOR] = I_XOR,   [OPERATOR_BIT_AND] = I_AND,
        [OPERATOR_FLOOR_DIV] = I_FLOORDIV,
    };
    Reg mark = g->u->top;
    Operator op = e->BinOp.op;
    int64_t small;
    if ((op == OPERATOR_ADD || op == OPERATOR_SUB) && fold_small(g, e->BinOp.right, &small)) {
        Operand left = gen_expr(g, e->BinOp.left, ANYWHERE);
        Operand result = result_at(g, mark, want);
        at(g, e->pos);
        emit(g, op == OPERATOR_ADD ? I_ADD_IMM : I_SUB_IMM, result.reg, left.reg, (uint16_t)small, kill_b(left));
        return result;
    }
    Operand left = operand_before(g, e->BinOp.left, e->BinOp.right);
    Operand right = gen_expr(g, e->BinOp.right, ANYWHERE);
    Operand result = result_at(g, mark, want);
    at(g, e->pos);
    emit(g, ops[op], result.reg, left.reg, right.reg, kill_b(left) | kill_c(right));
    return result;
}

static Operand
gen_unary(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    Operand operand = gen_expr(g, e->UnaryOp.operand, ANYWHERE);
    Operand result = result_at(g, mark, want);
    Opcode op = e->UnaryOp.op == UNARYOP_NOT      ? I_NOT
                : e->UnaryOp.op == UNARYOP_INVERT ? I_INVERT
                : e->UnaryOp.op == UNARYOP_U_ADD  ? I_POS
                                                  : I_NEG;
    at(g, e->pos);
    emit(g, op, result.reg, operand.reg, 0, kill_b(operand));
    return result;
}

/* -- conditions as values -------------------------------------------------------------------------- */

static Operand
gen_bool_op(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    Label end = new_label(g);
    const ExprSeq *values = &e->BoolOp.values;
    unsigned sense = e->BoolOp.op == BOOLOP_OR ? INST_SENSE : 0;
    for (int i = 0; i < values->count - 1; i++) {
        Reg r = push_expr(g, values->items[i]);
        at(g, values->items[i]->pos);
        emit_jump(g, I_JUMP_IF_KEEP, r, 0, end, sense);
        pop_to(g, mark);
    }
    Operand value = {push_expr(g, values->items[values->count - 1]), true};
    put_label(g, end);
    if (want == ANYWHERE) {
        return value;
    }
    at(g, e->pos);
    emit_move(g, want, value);
    return result_at(g, mark, want);
}

static Operand
gen_if_exp(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    Label otherwise = new_label(g), end = new_label(g);
    gen_jump_if(g, e->IfExp.test, false, otherwise);
    if (want == ANYWHERE) {
        push_expr(g, e->IfExp.body);
    } else {
        gen_expr(g, e->IfExp.body, want);
    }
    at(g, no_position);
    emit_goto(g, end);
    put_label(g, otherwise);
    pop_to(g, mark);
    Operand result = {want, is_temp(g, want)};
    if (want == ANYWHERE) {
        result = (Operand){push_expr(g, e->IfExp.orelse), true};
    } else {
        gen_expr(g, e->IfExp.orelse, want);
    }
    put_label(g, end);
    return result;
}

static Operand
gen_named_expr(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    Ref ref = resolve_name(g, gen_mangled(g, e->NamedExpr.target->Name.id));
    if (ref.kind == REF_FAST) {
        Operand value = gen_expr(g, e->NamedExpr.value, ref.reg);
        pop_to(g, mark);
        value.temp = false;
        if (want != ANYWHERE) {
            at(g, e->pos);
            emit_move(g, want, value);
            value = result_at(g, mark, want);
        }
        return value;
    }
    Operand value = {push_expr(g, e->NamedExpr.value), true};
    at(g, e->NamedExpr.target->pos);
    store_ref(g, ref, (Operand){value.reg, false});
    if (want == ANYWHERE) {
        return value;
    }
    emit_move(g, want, value);
    return result_at(g, mark, want);
}

/* -- jumps ----------------------------------------------------------------------------------------- */

static void
gen_bool_op_jump(Gen *g, const Expr *e, bool sense, Label label)
{
    const ExprSeq *values = &e->BoolOp.values;
    bool is_or = e->BoolOp.op == BOOLOP_OR;
    if (is_or == sense) { /* any value decides */
        for (int i = 0; i < values->count; i++) {
            gen_jump_if(g, values->items[i], sense, label);
        }
        return;
    }
    Label end = new_label(g);
    for (int i = 0; i < values->count - 1; i++) {
        gen_jump_if(g, values->items[i], !sense, end);
    }
    gen_jump_if(g, values->items[values->count - 1], sense, label);
    put_label(g, end);
}

static void
gen_if_exp_jump(Gen *g, const Expr *e, bool sense, Label label)
{
    Label otherwise = new_label(g), end = new_label(g);
    gen_jump_if(g, e->IfExp.test, false, otherwise);
    gen_jump_if(g, e->IfExp.body, sense, label);
    at(g, no_position);
    emit_goto(g, end);
    put_label(g, otherwise);
    gen_jump_if(g, e->IfExp.orelse, sense, label);
    put_label(g, end);
}

void
gen_jump_if(Gen *g, const Expr *e, bool sense, Label label)
{
    if (!compiler_enter(g->c)) {
        return;
    }
    int truth = fold_truth(g, e);
    if (truth >= 0) {
        at(g, e->pos);
        emit(g, I_NOP, 0, 0, 0, 0);
        if (truth == sense) {
            at(g, e->pos);
            emit_goto(g, label);
        }
        return;
    }
    if (e->kind == EXPR_UNARY_OP && e->UnaryOp.op == UNARYOP_NOT) {
        gen_jump_if(g, e->UnaryOp.operand, !sense, label);
    } else if (e->kind == EXPR_BOOL_OP) {
        gen_bool_op_jump(g, e, sense, label);
    } else if (e->kind == EXPR_IF_EXP) {
        gen_if_exp_jump(g, e, sense, label);
    } else if (e->kind == EXPR_COMPARE) {
        gen_compare_jump(g, e, sense, label);
    } else {
        Reg mark = g->u->top;
        Operand o = gen_expr(g, e, ANYWHERE);
        pop_to(g, mark);
        at(g, e->pos);
        emit_jump(g, I_JUMP_IF, o.reg, 0, label, kill_a(o) | (sense ? INST_SENSE : 0));
    }
}

/* -- attributes and subscripts --------------------------------------------------------------------- */

Pos
attribute_position(Pos pos, const Expr *e)
{
    if (pos.lineno != e->end_lineno) {
        pos.lineno = e->end_lineno;
        int length = (int)e->Attribute.attr->len;
        if (length <= e->end_col_offset) {
            pos.col_offset = e->end_col_offset - length;
        } else {
            pos.col_offset = pos.end_col_offset = -1;
        }
    }
    return pos;
}

static Operand
gen_attribute(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    Operand value;
    Value name = gen_mangled(g, e->Attribute.attr);
    if (push_super_window(g, e->Attribute.value, name)) {
        Operand result = result_at(g, mark, want);
        at(g, e->pos);
        emit(g, I_LOAD_SUPER_ATTR, result.reg, mark, name_index(g, name), super_flag(e->Attribute.value));
        at(g, attribute_position(e->pos, e));
        emit(g, I_NOP, 0, 0, 0, 0);
        return result;
    }
    value = gen_expr(g, e->Attribute.value, ANYWHERE);
    Operand result = result_at(g, mark, want);
    at(g, attribute_position(e->pos, e));
    emit(g, I_LOAD_ATTR, result.reg, value.reg, name_index(g, name), kill_b(value));
    return result;
}

static Own
fold_bound(Gen *g, const Expr *e)
{
    return e ? fold(g, e) : own(NONE);
}

/* A slice whose parts are constants is one. */
static Own
fold_slice(Gen *g, const Expr *e)
{
    Own start = fold_bound(g, e->Slice.lower);
    Own stop = start ? fold_bound(g, e->Slice.upper) : NO_VALUE;
    Own step = stop ? fold_bound(g, e->Slice.step) : NO_VALUE;
    Own slice = step ? slice_new(start, stop, step) : NO_VALUE;
    g->c->failed |= step && !slice;
    drop_opt(start);
    drop_opt(stop);
    drop_opt(step);
    return slice;
}

static void
push_bound(Gen *g, const Expr *e)
{
    if (e) {
        push_expr(g, e);
    } else {
        push_none(g);
    }
}

static Operand
gen_slice(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    Own constant = fold_slice(g, e);
    if (constant) {
        return gen_const(g, e, constant, want);
    }
    at(g, e->pos);
    push_bound(g, e->Slice.lower);
    at(g, e->pos);
    push_bound(g, e->Slice.upper);
    if (e->Slice.step) {
        push_expr(g, e->Slice.step);
    }
    Operand result = result_at(g, mark, want);
    at(g, e->pos);
    emit(g, I_BUILD_SLICE, result.reg, mark, e->Slice.step ? 3 : 2, 0);
    return result;
}

static Operand
gen_subscript(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    warn_subscript(g, e);
    Operand value = operand_before(g, e->Subscript.value, e->Subscript.slice);
    Operand index = gen_expr(g, e->Subscript.slice, ANYWHERE);
    Operand result = result_at(g, mark, want);
    at(g, e->pos);
    emit(g, I_LOAD_ITEM, result.reg, value.reg, index.reg, kill_b(value) | kill_c(index));
    return result;
}

/* -- the dispatch ---------------------------------------------------------------------------------- */

static Operand
gen_by_kind(Gen *g, const Expr *e, Reg want)
{
    switch (e->kind) {
    case EXPR_BOOL_OP:
        return gen_bool_op(g, e, want);
    case EXPR_NAMED_EXPR:
        return gen_named_expr(g, e, want);
    case EXPR_BIN_OP:
        return gen_bin_op(g, e, want);
    case EXPR_UNARY_OP:
        return gen_unary(g, e, want);
    case EXPR_LAMBDA:
        return gen_lambda(g, e, want);
    case EXPR_IF_EXP:
        return gen_if_exp(g, e, want);
    case EXPR_DICT:
        return gen_dict(g, e, want);
    case EXPR_SET:
        return gen_set(g, &e->Set.elts, want);
    case EXPR_LIST_COMP:
    case EXPR_SET_COMP:
    case EXPR_DICT_COMP:
    case EXPR_GENERATOR_EXP:
        return gen_comprehension(g, e, want);
    case EXPR_AWAIT:
        return gen_await_expr(g, e, want);
    case EXPR_YIELD:
        return gen_yield(g, e, want);
    case EXPR_YIELD_FROM:
        return gen_yield_from(g, e, want);
    case EXPR_COMPARE:
        return gen_compare(g, e, want);
    case EXPR_CALL:
        return gen_call(g, e, want);
    case EXPR_FORMATTED_VALUE:
        return gen_formatted_value(g, e, want);
    case EXPR_INTERPOLATION:
        return gen_interpolation(g, e, want);
    case EXPR_JOINED_STR:
        return gen_joined_str(g, e, want);
    case EXPR_TEMPLATE_STR:
        return gen_template_str(g, e, want);
    case EXPR_ATTRIBUTE:
        return gen_attribute(g, e, want);
    case EXPR_SUBSCRIPT:
        return gen_subscript(g, e, want);
    case EXPR_NAME:
        return load_name(g, gen_mangled(g, e->Name.id), want);
    case EXPR_LIST:
        return gen_list(g, &e->List.elts, want);
    case EXPR_TUPLE:
        return gen_tuple(g, &e->Tuple.elts, NULL, want);
    case EXPR_SLICE:
        return gen_slice(g, e, want);
    case EXPR_STARRED:
        syntax_error(g->c, e->pos,
                     str_fmt(e->Starred.ctx == CTX_STORE ? "starred assignment target must be in a list or tuple"
                                                         : "can't use starred expression here"));
        break;
    case EXPR_CONSTANT: /* folded */
        break;
    }
    return result_at(g, g->u->top, want);
}

Operand
gen_expr(Gen *g, const Expr *e, Reg want)
{
    if (!compiler_enter(g->c)) {
        return result_at(g, g->u->top, want);
    }
    Own constant = fold(g, e);
    if (constant) {
        return gen_const(g, e, constant, want);
    }
    at(g, e->pos);
    return gen_by_kind(g, e, want);
}

Reg
push_expr(Gen *g, const Expr *e)
{
    Operand o = gen_expr(g, e, ANYWHERE);
    if (!o.temp) {
        Reg r = push(g);
        emit_move(g, r, o);
        return r;
    }
    return o.reg;
}

void
gen_effect(Gen *g, const Expr *e)
{
    if (!compiler_enter(g->c)) {
        return;
    }
    if (e->kind == EXPR_BOOL_OP) {
        const ExprSeq *values = &e->BoolOp.values;
        Label end = new_label(g);
        for (int i = 0; i < values->count - 1; i++) {
            gen_jump_if(g, values->items[i], e->BoolOp.op == BOOLOP_OR, end);
        }
        gen_effect(g, values->items[values->count - 1]);
        put_label(g, end);
        return;
    }
    Own constant = fold(g, e);
    if (constant) {
        drop(constant);
        at(g, e->pos);
        emit(g, I_NOP, 0, 0, 0, 0);
        return;
    }
    Reg mark = g->u->top;
    Operand o = gen_expr(g, e, ANYWHERE);
    if (o.temp) {
        emit_clear(g, o.reg);
    } else { /* nothing to do, but a line to be seen on */
        at(g, e->pos);
        emit(g, I_NOP, 0, 0, 0, 0);
    }
    pop_to(g, mark);
}
