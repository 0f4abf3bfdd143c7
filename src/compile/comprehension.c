/* Comprehensions and generator expressions.
 *
 * Lists, sets and dicts are built in the frame around them (PEP 709): the comprehension's variables are hidden registers there, cleared
 * behind it. A generator expression, and any comprehension in an annotation scope of a class, is a function of its own whose
 * only parameter is the outermost iterator. */
#include "compile/gen.h"

typedef struct Comp {
    const Expr *e;
    CompKind kind;
    const ComprehensionSeq *generators;
    const Expr *elt, *value; /* value: of a dict comprehension, whose elt is the key */
    Reg container;           /* being built; not for generators */
    const Scope *scope;
} Comp;

static Comp
comp_of(Gen *g, const Expr *e)
{
    Comp comp = {.e = e, .scope = scope_of(g->c, e)};
    comp.kind = comp.scope->comp;
    switch (e->kind) {
    case EXPR_LIST_COMP:
        comp.generators = &e->ListComp.generators;
        comp.elt = e->ListComp.elt;
        break;
    case EXPR_SET_COMP:
        comp.generators = &e->SetComp.generators;
        comp.elt = e->SetComp.elt;
        break;
    case EXPR_DICT_COMP:
        comp.generators = &e->DictComp.generators;
        comp.elt = e->DictComp.key;
        comp.value = e->DictComp.value;
        break;
    default:
        comp.generators = &e->GeneratorExp.generators;
        comp.elt = e->GeneratorExp.elt;
        break;
    }
    return comp;
}

static void
gen_element(Gen *g, const Comp *comp)
{
    Reg mark = g->u->top;
    if (comp->kind == COMP_DICT) {
        Operand key = operand_before(g, comp->elt, comp->value);
        Operand value = gen_expr(g, comp->value, ANYWHERE);
        at(g, (Pos){comp->elt->lineno, comp->elt->col_offset, comp->value->end_lineno, comp->value->end_col_offset});
        emit(g, I_MAP_ADD, comp->container, key.reg, value.reg, kill_b(key) | kill_c(value));
    } else {
        Operand element = gen_expr(g, comp->elt, ANYWHERE);
        at(g, comp->elt->pos);
        if (comp->kind == COMP_GENERATOR) {
            gen_yield_value(g, element, mark);
            pop_to(g, mark);
            emit_clear(g, push(g));
        } else {
            emit(g, comp->kind == COMP_LIST ? I_LIST_APPEND : I_SET_ADD, comp->container, element.reg, 0, kill_b(element));
        }
    }
    pop_to(g, mark);
}

static void gen_generator(Gen *g, const Comp *comp, int i, Reg iterator);

/* The conditions of the i-th generator, then what is inside it. */
static void
gen_inner(Gen *g, const Comp *comp, int i, Label next)
{
    const ExprSeq *ifs = &comp->generators->items[i]->ifs;
    for (int k = 0; k < ifs->count; k++) {
        gen_jump_if(g, ifs->items[k], false, next);
    }
    if (i + 1 == comp->generators->count) {
        gen_element(g, comp);
        return;
    }
    Reg mark = g->u->top;
    const Comprehension *inner = comp->generators->items[i + 1];
    const Expr *only = inner->is_async ? NULL : single_element(inner->iter);
    if (only) { /* for x in [value] */
        Label end = new_label(g);
        gen_assign_expr(g, inner->target, only);
        gen_inner(g, comp, i + 1, end);
        put_label(g, end);
    } else {
        Operand iterable = gen_container(g, inner->iter);
        pop_to(g, mark);
        Reg iterator = push(g);
        at(g, inner->is_async ? comp->e->pos : inner->iter->pos);
        emit(g, inner->is_async ? I_GET_AITER : I_GET_ITER, iterator, iterable.reg, 0, kill_b(iterable));
        gen_generator(g, comp, i + 1, iterator);
    }
    pop_to(g, mark);
}

static void
gen_sync_generator(Gen *g, const Comp *comp, int i, Reg iterator)
{
    const Comprehension *gen = comp->generators->items[i];
    Label start = new_label(g), next = new_label(g), end = new_label(g);
    put_label(g, start);
    gen_for_iter(g, iterator, gen->target, gen->iter->pos, end);
    gen_inner(g, comp, i, next);
    put_label(g, next);
    at(g, comp->elt->pos);
    emit_jump(g, I_JUMP_BACK, 0, 0, start, 0);
    put_label(g, end);
}

static void
gen_async_generator(Gen *g, const Comp *comp, int i, Reg iterator)
{
    const Comprehension *gen = comp->generators->items[i];
    Label start = new_label(g), next = new_label(g), stop = new_label(g), end = new_label(g);
    put_label(g, start);
    at(g, comp->e->pos);
    Reg mark = g->u->top;
    uint32_t outer = handler_push(g, stop);
    Operand value = {push_anext(g, iterator), true};
    g->u->handler = outer;
    gen_store(g, gen->target, value);
    pop_to(g, mark);
    gen_inner(g, comp, i, next);
    put_label(g, next);
    at(g, comp->elt->pos);
    emit_jump(g, I_JUMP_BACK, 0, 0, start, 0);
    size_t section = cold_begin(g);
    put_label(g, stop);
    at(g, comp->e->pos);
    emit(g, I_END_ASYNC_FOR, iterator, push(g), 0, 0);
    emit_goto(g, end);
    cold_end(g, section);
    pop_to(g, mark);
    put_label(g, end);
}

static void
gen_generator(Gen *g, const Comp *comp, int i, Reg iterator)
{
    if (!compiler_enter(g->c)) {
        return;
    }
    if (comp->generators->items[i]->is_async) {
        gen_async_generator(g, comp, i, iterator);
    } else {
        gen_sync_generator(g, comp, i, iterator);
    }
}

static void
emit_container(Gen *g, const Comp *comp)
{
    Opcode op = comp->kind == COMP_LIST ? I_BUILD_LIST : comp->kind == COMP_SET ? I_BUILD_SET : I_BUILD_MAP;
    at(g, comp->e->pos);
    emit(g, op, comp->container, comp->container, 0, 0);
}

/* -- in the frame around --------------------------------------------------------------------------- */

static void
clear_variables(Gen *g, const Scope *s)
{
    for (size_t i = 0; i < s->symbols.len; i++) {
        if (s->symbols.data[i]->hidden) {
            emit_clear(g, (Reg)s->symbols.data[i]->reg);
        }
    }
}

static bool
begin_variables(Gen *g, const Scope *s)
{
    bool any = false;
    for (size_t i = 0; i < s->symbols.len; i++) {
        const Symbol *symbol = s->symbols.data[i];
        any |= symbol->hidden;
        if (symbol->hidden && symbol->home == HOME_CELL) {
            emit(g, I_MAKE_CELL, (Reg)symbol->reg, 0, 0, 0);
        }
    }
    return any;
}

static Operand
gen_inlined(Gen *g, Comp *comp, Reg want)
{
    const Comprehension *first = comp->generators->items[0];
    const Scope *outer_scope = g->scope;
    Reg mark = g->u->top;
    comp->container = push(g);
    Operand iterable = gen_container(g, first->iter);
    pop_to(g, mark + 1);
    Reg iterator = push(g);
    at(g, first->iter->pos);
    emit(g, first->is_async ? I_GET_AITER : I_GET_ITER, iterator, iterable.reg, 0, kill_b(iterable));

    g->scope = (Scope *)comp->scope;
    at(g, comp->e->pos);
    bool variables = begin_variables(g, comp->scope);
    uint32_t outer_handler = g->u->handler;
    Label failed = new_label(g);
    if (variables) {
        pop_to(g, mark);
        handler_push(g, failed);
        push_many(g, 2);
    }
    emit_container(g, comp);
    gen_generator(g, comp, 0, iterator);
    g->u->handler = outer_handler;
    at(g, comp->e->pos);
    if (variables) {
        clear_variables(g, comp->scope);
        size_t section = cold_begin(g);
        put_label(g, failed);
        clear_variables(g, comp->scope);
        emit(g, I_RERAISE, mark, 0, 0, INST_KILL_A);
        cold_end(g, section);
    }
    g->scope = (Scope *)outer_scope;
    pop_to(g, mark + 1);
    Operand result = {comp->container, true};
    if (want == ANYWHERE) {
        return result;
    }
    emit_move(g, want, result);
    return result_at(g, mark, want);
}

/* -- as a function --------------------------------------------------------------------------------- */

static Own
comp_code(Gen *g, Comp *comp)
{
    if (!unit_enter(g, (Scope *)comp->scope, comp->scope->name, comp->e->lineno)) {
        return NO_VALUE;
    }
    if (comp->kind != COMP_GENERATOR) {
        comp->container = push(g);
        emit_container(g, comp);
    }
    gen_generator(g, comp, 0, 0);
    at(g, comp->e->pos);
    if (comp->kind == COMP_GENERATOR) {
        emit(g, I_RETURN_NONE, 0, 0, 0, 0);
    } else {
        emit(g, I_RETURN, comp->container, 0, 0, INST_KILL_A);
    }
    return unit_leave(g);
}

static Operand
gen_outlined(Gen *g, Comp *comp, Reg want)
{
    const Comprehension *first = comp->generators->items[0];
    Reg mark = g->u->top;
    Own code = comp_code(g, comp);
    at(g, comp->e->pos);
    push_function(g, code, comp->scope);
    push(g);
    Operand iterable = gen_container(g, first->iter);
    pop_to(g, mark + 2);
    Reg iterator = push(g);
    at(g, first->is_async ? comp->e->pos : first->iter->pos);
    emit(g, first->is_async ? I_GET_AITER : I_GET_ITER, iterator, iterable.reg, 0, kill_b(iterable));
    at(g, comp->e->pos);
    if (comp->scope->coroutine && comp->kind != COMP_GENERATOR) {
        pop_to(g, mark);
        push(g);
        emit(g, I_CALL, mark, mark, 1, 0);
        gen_await_top(g, 0);
        Operand result = {mark, true};
        if (want == ANYWHERE) {
            return result;
        }
        emit_move(g, want, result);
        return result_at(g, mark, want);
    }
    Operand result = result_at(g, mark, want);
    emit(g, I_CALL, result.reg, mark, 1, 0);
    return result;
}

Operand
gen_comprehension(Gen *g, const Expr *e, Reg want)
{
    Comp comp = comp_of(g, e);
    return comp.scope->inlined ? gen_inlined(g, &comp, want) : gen_outlined(g, &comp, want);
}
