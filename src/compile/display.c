/* Lists, tuples, sets and dicts written out.
 *
 * Short ones are evaluated into a window of temporaries and built at once; long ones, and those with stars, item by item, so that the number
 * of registers is bounded. Constant ones are copied from a constant. */
#include "compile/gen.h"

enum {
    MAX_WINDOW = 60,    /* items that are evaluated before anything is built */
    MIN_CONSTANT = 3,   /* items from which on copying a constant pays */
};

static int
first_star(const ExprSeq *elts)
{
    for (int i = 0; i < elts->count; i++) {
        if (elts->items[i]->kind == EXPR_STARRED) {
            return i;
        }
    }
    return elts->count;
}

static void
push_all(Gen *g, const ExprSeq *elts, int n)
{
    for (int i = 0; i < n; i++) {
        push_expr(g, elts->items[i]);
    }
}

/* The first n elements into `op` (BUILD_LIST, BUILD_SET) in a new temporary. */
static Reg
push_start(Gen *g, Opcode op, const ExprSeq *elts, int n)
{
    Reg mark = g->u->top;
    Pos pos = g->pos;
    push_all(g, elts, n);
    pop_to(g, mark);
    Reg r = push(g);
    at(g, pos);
    emit(g, op, r, r, (Reg)n, 0);
    return r;
}

static void
gen_add_items(Gen *g, Opcode add, Opcode update, Reg container, const ExprSeq *elts, int from)
{
    Reg mark = g->u->top;
    Pos pos = g->pos;
    for (int i = from; i < elts->count && gen_ok(g); i++) {
        const Expr *e = elts->items[i];
        bool star = e->kind == EXPR_STARRED;
        Operand o = gen_expr(g, star ? e->Starred.value : e, ANYWHERE);
        pop_to(g, mark);
        at(g, pos);
        emit(g, star ? update : add, container, o.reg, 0, kill_b(o));
    }
}

void
gen_extend_list(Gen *g, Reg list, const ExprSeq *elts, int from)
{
    gen_add_items(g, I_LIST_APPEND, I_LIST_EXTEND, list, elts, from);
}

static Operand
finish(Gen *g, Reg value, Reg want)
{
    if (want == ANYWHERE) {
        return (Operand){value, true};
    }
    emit_move(g, want, (Operand){value, true});
    return result_at(g, value, want);
}

static Own
constant_items(Gen *g, const ExprSeq *elts)
{
    return elts->count >= MIN_CONSTANT ? fold_elements(g, elts) : NO_VALUE;
}

/* An empty container, filled from a constant. */
static Operand
gen_from_constant(Gen *g, Opcode build, Opcode update, Own items, Reg want)
{
    Reg r = push(g);
    emit(g, build, r, r, 0, 0);
    Operand all = push_const(g, items);
    emit(g, update, r, all.reg, 0, kill_b(all));
    pop_to(g, r + 1);
    return finish(g, r, want);
}

Operand
gen_list(Gen *g, const ExprSeq *elts, Reg want)
{
    Own items = constant_items(g, elts);
    if (items) {
        return gen_from_constant(g, I_BUILD_LIST, I_LIST_EXTEND, items, want);
    }
    int star = first_star(elts);
    if (star == elts->count && star <= MAX_WINDOW) {
        Reg mark = g->u->top;
        Pos pos = g->pos;
        push_all(g, elts, star);
        Operand result = result_at(g, mark, want);
        at(g, pos);
        emit(g, I_BUILD_LIST, result.reg, mark, (Reg)star, 0);
        return result;
    }
    int start = star < MAX_WINDOW ? star : 0;
    Reg r = push_start(g, I_BUILD_LIST, elts, start);
    gen_extend_list(g, r, elts, start);
    return finish(g, r, want);
}

Operand
gen_tuple(Gen *g, const ExprSeq *elts, const Operand *extra, Reg want)
{
    Reg mark = g->u->top;
    Pos pos = g->pos;
    int star = first_star(elts);
    if (star == elts->count && star < MAX_WINDOW) {
        push_all(g, elts, star);
        if (extra) {
            emit_move(g, push(g), *extra);
        }
        Operand result = result_at(g, mark, want);
        at(g, pos);
        emit(g, I_BUILD_TUPLE, result.reg, mark, (Reg)star + (extra != NULL), 0);
        return result;
    }
    int start = star < MAX_WINDOW ? star : 0;
    Operand list = {push_start(g, I_BUILD_LIST, elts, start), true};
    gen_extend_list(g, list.reg, elts, start);
    at(g, pos);
    if (extra) {
        emit(g, I_LIST_APPEND, list.reg, extra->reg, 0, kill_b(*extra));
    }
    Operand result = result_at(g, mark, want);
    emit(g, I_LIST_TO_TUPLE, result.reg, list.reg, 0, kill_b(list));
    return result;
}

static Own
frozen(Gen *g, Own items)
{
    Own set = items ? call1(VALUE(&frozenset_type), items) : NO_VALUE;
    g->c->failed |= items && !set;
    drop_opt(items);
    return set;
}

Operand
gen_set(Gen *g, const ExprSeq *elts, Reg want)
{
    Own items = frozen(g, constant_items(g, elts));
    if (items) {
        return gen_from_constant(g, I_BUILD_SET, I_SET_UPDATE, items, want);
    }
    int star = first_star(elts);
    int start = star == elts->count && star > MAX_WINDOW ? 0 : star < MAX_WINDOW ? star : 0;
    Reg r = push_start(g, I_BUILD_SET, elts, start);
    gen_add_items(g, I_SET_ADD, I_SET_UPDATE, r, elts, start);
    return finish(g, r, want);
}

Operand
gen_dict(Gen *g, const Expr *e, Reg want)
{
    const ExprSeq *keys = &e->Dict.keys, *values = &e->Dict.values;
    Reg mark = g->u->top;
    int start = 0;
    while (start < keys->count && keys->items[start]) {
        start++;
    }
    if (start > MAX_WINDOW / 2) {
        start = 0;
    }
    for (int i = 0; i < start; i++) {
        push_expr(g, keys->items[i]);
        push_expr(g, values->items[i]);
    }
    pop_to(g, mark);
    Reg r = push(g);
    at(g, e->pos);
    emit(g, I_BUILD_MAP, r, r, (Reg)start, 0);
    for (int i = start; i < keys->count && gen_ok(g); i++) {
        if (keys->items[i]) {
            Operand key = operand_before(g, keys->items[i], values->items[i]);
            Operand value = gen_expr(g, values->items[i], ANYWHERE);
            at(g, e->pos);
            emit(g, I_MAP_ADD, r, key.reg, value.reg, kill_b(key) | kill_c(value));
        } else {
            Operand mapping = gen_expr(g, values->items[i], ANYWHERE);
            at(g, e->pos);
            emit(g, I_DICT_UPDATE, r, mapping.reg, 0, kill_b(mapping));
        }
        pop_to(g, r + 1);
    }
    return finish(g, r, want);
}

Operand
gen_container(Gen *g, const Expr *e)
{
    if (e->kind == EXPR_LIST || e->kind == EXPR_SET) {
        const ExprSeq *elts = e->kind == EXPR_LIST ? &e->List.elts : &e->Set.elts;
        Own items = fold_elements(g, elts);
        at(g, e->pos);
        if (items) {
            return push_const(g, e->kind == EXPR_LIST ? items : frozen(g, items));
        }
        if (e->kind == EXPR_LIST && first_star(elts) == elts->count && elts->count < MAX_WINDOW) {
            return gen_tuple(g, elts, NULL, ANYWHERE);
        }
    }
    return gen_expr(g, e, ANYWHERE);
}
