/* Assignment in all its forms, and del. */
#include "compile/gen.h"

enum { MAX_PARALLEL = 16 }; /* a, b, ... = x, y, ... without making a tuple */

const Expr *
single_element(const Expr *e)
{
    const ExprSeq *elts = e->kind == EXPR_LIST ? &e->List.elts : e->kind == EXPR_TUPLE ? &e->Tuple.elts : NULL;
    return elts && elts->count == 1 && elts->items[0]->kind != EXPR_STARRED ? elts->items[0] : NULL;
}

/* -- storing --------------------------------------------------------------------------------------- */

/* self.name = ...: the class around the method remembers the name. */
static void
note_attribute(Gen *g, const Expr *e, Value name)
{
    if (e->Attribute.value->kind != EXPR_NAME || strcmp(e->Attribute.value->Name.id->text, "self") != 0) {
        return;
    }
    for (Unit *u = g->u->outer; u; u = u->outer) {
        if (u->scope->kind == SCOPE_CLASS) {
            value_table_add(g, &u->attributes, own_opt(name), false);
            return;
        }
    }
}

static void
store_attribute(Gen *g, const Expr *e, Operand value)
{
    Reg mark = g->u->top;
    Operand object = gen_expr(g, e->Attribute.value, ANYWHERE);
    Value name = gen_mangled(g, e->Attribute.attr);
    if (!name) {
        return;
    }
    note_attribute(g, e, gen_name(g, e->Attribute.attr));
    at(g, attribute_position(e->pos, e));
    emit(g, I_STORE_ATTR, object.reg, value.reg, name_index(g, name), kill_a(object) | kill_b(value));
    pop_to(g, mark);
}

static void
store_item(Gen *g, const Expr *e, Operand value)
{
    Reg mark = g->u->top;
    Operand object = operand_before(g, e->Subscript.value, e->Subscript.slice);
    Operand index = gen_expr(g, e->Subscript.slice, ANYWHERE);
    at(g, e->pos);
    emit(g, I_STORE_ITEM, object.reg, index.reg, value.reg, kill_a(object) | kill_b(index) | kill_c(value));
    pop_to(g, mark);
}

static void
unpack_into(Gen *g, const Expr *e, const ExprSeq *targets, Operand value)
{
    Reg mark = g->u->top;
    int star = -1;
    for (int i = 0; i < targets->count; i++) {
        if (targets->items[i]->kind != EXPR_STARRED) {
            continue;
        }
        if (star >= 0) {
            syntax_error(g->c, e->pos, str_fmt("multiple starred expressions in assignment"));
            return;
        }
        if (i >= 256) {
            syntax_error(g->c, e->pos, str_fmt("too many expressions in star-unpacking assignment"));
            return;
        }
        star = i;
    }
    Reg window = push_many(g, (size_t)targets->count);
    at(g, e->pos);
    if (star >= 0) {
        emit(g, I_UNPACK_STAR, window, value.reg, (Reg)star, kill_b(value))->extra = (uint32_t)(targets->count - star - 1);
    } else {
        emit(g, I_UNPACK, window, value.reg, (Reg)targets->count, kill_b(value));
    }
    for (int i = 0; i < targets->count; i++) {
        const Expr *target = targets->items[i];
        gen_store(g, i == star ? target->Starred.value : target, (Operand){window + (Reg)i, true});
    }
    pop_to(g, mark);
}

void
gen_store(Gen *g, const Expr *target, Operand value)
{
    if (!compiler_enter(g->c)) {
        return;
    }
    at(g, target->pos);
    switch (target->kind) {
    case EXPR_NAME:
        store_name(g, gen_mangled(g, target->Name.id), value);
        break;
    case EXPR_ATTRIBUTE:
        store_attribute(g, target, value);
        break;
    case EXPR_SUBSCRIPT:
        store_item(g, target, value);
        break;
    case EXPR_TUPLE:
        unpack_into(g, target, &target->Tuple.elts, value);
        break;
    case EXPR_LIST:
        unpack_into(g, target, &target->List.elts, value);
        break;
    default:
        syntax_error(g->c, target->pos, str_fmt("starred assignment target must be in a list or tuple"));
        break;
    }
}

void
gen_for_iter(Gen *g, Reg iterator, const Expr *target, Pos pos, Label end)
{
    Reg mark = g->u->top;
    Ref ref = {REF_NAME, 0, NO_VALUE};
    if (target->kind == EXPR_NAME) {
        ref = resolve_name(g, gen_mangled(g, target->Name.id));
    }
    at(g, pos);
    if (ref.kind == REF_FAST) {
        emit_jump(g, I_FOR_ITER, ref.reg, iterator, end, 0);
        return;
    }
    Operand item = {push(g), true};
    emit_jump(g, I_FOR_ITER, item.reg, iterator, end, 0);
    gen_store(g, target, item);
    pop_to(g, mark);
}

/* -- assignment statements ------------------------------------------------------------------------- */

void
gen_assign_expr(Gen *g, const Expr *target, const Expr *value)
{
    Reg mark = g->u->top;
    if (target->kind == EXPR_NAME) {
        Ref ref = resolve_name(g, gen_mangled(g, target->Name.id));
        if (ref.kind == REF_FAST) {
            gen_expr(g, value, ref.reg);
            pop_to(g, mark);
            return;
        }
    }
    Operand o = operand_before(g, value, target);
    gen_store(g, target, o);
    pop_to(g, mark);
}

static const ExprSeq *
plain_elements(const Expr *e)
{
    const ExprSeq *elts = e->kind == EXPR_LIST ? &e->List.elts : e->kind == EXPR_TUPLE ? &e->Tuple.elts : NULL;
    for (int i = 0; elts && i < elts->count; i++) {
        if (elts->items[i]->kind == EXPR_STARRED) {
            return NULL;
        }
    }
    return elts;
}

/* May storing into target change the variable in register r? (No := is in the scope.) */
static bool
may_rebind(Gen *g, const Expr *target, Reg r)
{
    if (target->kind == EXPR_NAME) {
        Ref ref = resolve_name(g, gen_mangled(g, target->Name.id));
        return ref.kind == REF_FAST && ref.reg == r;
    }
    return target->kind == EXPR_TUPLE || target->kind == EXPR_LIST;
}

/* a, b = x, y: all values first, then the stores from left to right. */
static bool
gen_parallel(Gen *g, const Expr *target, const Expr *value)
{
    const ExprSeq *targets = plain_elements(target), *values = plain_elements(value);
    if (!targets || !values || targets->count != values->count || values->count < 2 || values->count > MAX_PARALLEL ||
        g->u->scope->has_walrus) {
        return false;
    }
    Reg mark = g->u->top;
    Operand operands[MAX_PARALLEL];
    for (int i = 0; i < values->count; i++) {
        operands[i] = gen_expr(g, values->items[i], ANYWHERE);
    }
    for (int i = 1; i < values->count; i++) {
        for (int j = 0; j < i && !operands[i].temp; j++) {
            if (may_rebind(g, targets->items[j], operands[i].reg)) {
                Reg copy = push(g);
                emit_move(g, copy, operands[i]);
                operands[i] = (Operand){copy, true};
            }
        }
    }
    for (int i = 0; i < targets->count; i++) {
        gen_store(g, targets->items[i], operands[i]);
    }
    pop_to(g, mark);
    return true;
}

void
gen_assign(Gen *g, const Stmt *s)
{
    const ExprSeq *targets = &s->Assign.targets;
    if (targets->count == 1) {
        if (!gen_parallel(g, targets->items[0], s->Assign.value)) {
            gen_assign_expr(g, targets->items[0], s->Assign.value);
        }
        return;
    }
    Reg value = push_expr(g, s->Assign.value);
    for (int i = 0; i < targets->count; i++) {
        gen_store(g, targets->items[i], (Operand){value, i == targets->count - 1});
    }
    pop_to(g, value);
}

/* -- augmented assignment -------------------------------------------------------------------------- */

/* to = (left op= value) */
static void
emit_inplace(Gen *g, Operator op, Reg to, Operand left, Operand right)
{
    static const BinaryOp ops[] = {
        [OPERATOR_MAT_MULT] = OP_MATMUL, [OPERATOR_DIV] = OP_TRUEDIV,     [OPERATOR_MOD] = OP_MOD,
        [OPERATOR_POW] = OP_POW,         [OPERATOR_L_SHIFT] = OP_LSHIFT,  [OPERATOR_R_SHIFT] = OP_RSHIFT,
        [OPERATOR_BIT_OR] = OP_OR,       [OPERATOR_BIT_XOR] = OP_XOR,     [OPERATOR_BIT_AND] = OP_AND,
        [OPERATOR_FLOOR_DIV] = OP_FLOORDIV,
    };
    unsigned flags = kill_b(left) | kill_c(right);
    switch (op) {
    case OPERATOR_ADD:
        emit(g, I_INPLACE_ADD, to, left.reg, right.reg, flags);
        break;
    case OPERATOR_SUB:
        emit(g, I_INPLACE_SUB, to, left.reg, right.reg, flags);
        break;
    case OPERATOR_MULT:
        emit(g, I_INPLACE_MUL, to, left.reg, right.reg, flags);
        break;
    default:
        emit(g, I_INPLACE, to, left.reg, right.reg, flags)->extra = ops[op];
        break;
    }
}

/* left op= the statement's value, into `to`; ANYWHERE: the register of left, a temporary. */
static Operand
gen_inplace(Gen *g, const Stmt *s, Operand left, Reg to)
{
    Reg mark = g->u->top;
    Operator op = s->AugAssign.op;
    const Expr *value = s->AugAssign.value;
    int64_t small;
    if ((op == OPERATOR_ADD || op == OPERATOR_SUB) && fold_small(g, value, &small)) {
        to = to == ANYWHERE ? left.reg : to;
        at(g, s->pos);
        emit(g, op == OPERATOR_ADD ? I_INPLACE_ADD_IMM : I_INPLACE_SUB_IMM, to, left.reg, (uint16_t)small, kill_b(left));
    } else {
        left = protect_operand(g, left, value);
        Operand right = gen_expr(g, value, ANYWHERE);
        to = to == ANYWHERE ? left.reg : to;
        at(g, s->pos);
        emit_inplace(g, op, to, left, right);
    }
    pop_to(g, mark);
    return (Operand){to, is_temp(g, to)};
}

static void
aug_assign_name(Gen *g, const Stmt *s, const Expr *target)
{
    Ref ref = resolve_name(g, gen_mangled(g, target->Name.id));
    at(g, target->pos);
    Operand left = load_ref(g, ref, ANYWHERE);
    if (ref.kind == REF_FAST) {
        gen_inplace(g, s, left, ref.reg);
    } else {
        Operand result = gen_inplace(g, s, left, ANYWHERE);
        at(g, target->pos);
        store_ref(g, ref, result);
    }
}

void
gen_aug_assign(Gen *g, const Stmt *s)
{
    Reg mark = g->u->top;
    const Expr *target = s->AugAssign.target;
    if (target->kind == EXPR_NAME) {
        aug_assign_name(g, s, target);
    } else if (target->kind == EXPR_ATTRIBUTE) {
        Operand object = operand_before(g, target->Attribute.value, s->AugAssign.value);
        Value name = gen_mangled(g, target->Attribute.attr);
        Operand value = {push(g), true};
        at(g, attribute_position(target->pos, target));
        emit(g, I_LOAD_ATTR, value.reg, object.reg, name_index(g, name), 0);
        value = gen_inplace(g, s, value, ANYWHERE);
        at(g, attribute_position(target->pos, target));
        emit(g, I_STORE_ATTR, object.reg, value.reg, name_index(g, name), kill_a(object) | kill_b(value));
    } else if (target->kind == EXPR_SUBSCRIPT) {
        const Expr *next = s->AugAssign.value;
        Operand object = operand_before(g, target->Subscript.value, target->Subscript.slice);
        object = protect_operand(g, object, next);
        Operand index = operand_before(g, target->Subscript.slice, next);
        Operand value = {push(g), true};
        at(g, target->pos);
        emit(g, I_LOAD_ITEM, value.reg, object.reg, index.reg, 0);
        value = gen_inplace(g, s, value, ANYWHERE);
        at(g, target->pos);
        emit(g, I_STORE_ITEM, object.reg, index.reg, value.reg, kill_a(object) | kill_b(index) | kill_c(value));
    } else if (gen_ok(g)) { /* a tree that was made by hand */
        (void)raise_fmt(&exc_SystemError, "invalid node type (%d) for augmented assignment", (int)target->kind);
        g->c->failed = true;
    }
    pop_to(g, mark);
}

/* -- annotated assignment -------------------------------------------------------------------------- */

static void
gen_index_effects(Gen *g, const Expr *e)
{
    if (!compiler_enter(g->c)) {
        return;
    }
    if (e->kind == EXPR_SLICE) {
        const Expr *parts[] = {e->Slice.lower, e->Slice.upper, e->Slice.step};
        for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
            if (parts[i]) {
                gen_effect(g, parts[i]);
            }
        }
    } else if (e->kind == EXPR_TUPLE) {
        for (int i = 0; i < e->Tuple.elts.count; i++) {
            gen_index_effects(g, e->Tuple.elts.items[i]);
        }
    } else {
        gen_effect(g, e);
    }
}

void
gen_ann_assign(Gen *g, const Stmt *s)
{
    const Expr *target = s->AnnAssign.target;
    if (s->AnnAssign.value) {
        gen_assign_expr(g, target, s->AnnAssign.value);
    }
    if (target->kind == EXPR_NAME) {
        if (s->AnnAssign.simple) {
            gen_annotation(g, s);
        }
    } else if (target->kind == EXPR_ATTRIBUTE) {
        if (!s->AnnAssign.value) {
            gen_effect(g, target->Attribute.value);
        }
    } else if (!s->AnnAssign.value) {
        gen_effect(g, target->Subscript.value);
        gen_index_effects(g, target->Subscript.slice);
    }
}

/* -- del ------------------------------------------------------------------------------------------- */

void
gen_delete(Gen *g, const Expr *target)
{
    if (!compiler_enter(g->c)) {
        return;
    }
    Reg mark = g->u->top;
    at(g, target->pos);
    switch (target->kind) {
    case EXPR_NAME:
        delete_name(g, gen_mangled(g, target->Name.id));
        break;
    case EXPR_ATTRIBUTE: {
        Operand object = gen_expr(g, target->Attribute.value, ANYWHERE);
        at(g, attribute_position(target->pos, target));
        emit(g, I_DELETE_ATTR, object.reg, 0, name_index(g, gen_mangled(g, target->Attribute.attr)), kill_a(object));
        break;
    }
    case EXPR_SUBSCRIPT: {
        Operand object = operand_before(g, target->Subscript.value, target->Subscript.slice);
        Operand index = gen_expr(g, target->Subscript.slice, ANYWHERE);
        at(g, target->pos);
        emit(g, I_DELETE_ITEM, object.reg, index.reg, 0, kill_a(object) | kill_b(index));
        break;
    }
    default: {
        const ExprSeq *elts = target->kind == EXPR_LIST ? &target->List.elts : &target->Tuple.elts;
        for (int i = 0; i < elts->count; i++) {
            gen_delete(g, elts->items[i]);
        }
        break;
    }
    }
    pop_to(g, mark);
}
