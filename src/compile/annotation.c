/* Annotations: evaluated late, by __annotate__ functions (PEP 649), or kept as text under `from __future__ import annotations`. */
#include "compile/gen.h"

static bool
annotations_are_text(const Gen *g)
{
    return (g->c->flags & CO_FUTURE_ANNOTATIONS) != 0;
}

/* One annotation into a new temporary. */
static Reg
push_annotation(Gen *g, const Expr *e)
{
    Reg mark = g->u->top;
    if (annotations_are_text(g)) {
        push_const(g, gen_ok(g) ? unparse_expression(e) : NO_VALUE);
    } else if (e->kind == EXPR_STARRED) { /* *args: *Ts */
        Pos pos = g->pos;
        Operand value = gen_expr(g, e->Starred.value, ANYWHERE);
        pop_to(g, mark);
        at(g, pos);
        emit(g, I_UNPACK, push(g), value.reg, 1, kill_b(value));
    } else {
        push_expr(g, e);
    }
    return mark;
}

/* -- functions ------------------------------------------------------------------------------------- */

static void
add_annotation(Gen *g, Reg map, Value name, const Expr *e, Pos pos)
{
    if (!e || !name) {
        return;
    }
    at(g, pos);
    Operand key = push_const(g, own_opt(scope_mangle(g->c, g->scope, name)));
    Reg value = push_annotation(g, e);
    at(g, pos);
    emit(g, I_MAP_ADD, map, key.reg, value, INST_KILL_B | INST_KILL_C);
    pop_to(g, map + 1);
}

static void
add_arg_annotations(Gen *g, Reg map, const ArgSeq *args, Pos pos)
{
    for (int i = 0; i < args->count && gen_ok(g); i++) {
        add_annotation(g, map, gen_name(g, args->items[i]->arg), args->items[i]->annotation, pos);
    }
}

/* The dict of all annotations of a function, in a new temporary. */
static Reg
push_annotation_map(Gen *g, const Arguments *args, const Expr *returns)
{
    Pos pos = g->pos;
    Reg map = push(g);
    emit(g, I_BUILD_MAP, map, map, 0, 0);
    add_arg_annotations(g, map, &args->posonlyargs, pos);
    add_arg_annotations(g, map, &args->args, pos);
    if (args->vararg) {
        add_annotation(g, map, gen_name(g, args->vararg->arg), args->vararg->annotation, pos);
    }
    add_arg_annotations(g, map, &args->kwonlyargs, pos);
    if (args->kwarg) {
        add_annotation(g, map, gen_name(g, args->kwarg->arg), args->kwarg->annotation, pos);
    }
    add_annotation(g, map, NAME(return), returns, pos);
    at(g, pos);
    return map;
}

unsigned
push_function_annotations(Gen *g, const Arguments *args, const Expr *returns)
{
    if (!arguments_have_annotations(args, returns)) {
        return 0;
    }
    Pos pos = g->pos;
    Scope *scope = scope_of(g->c, args);
    Own code = NO_VALUE;
    Reg f = push(g);
    if (unit_enter_lazy(g, scope, NAME(__annotate__), pos)) {
        Reg map = push_annotation_map(g, args, returns);
        emit(g, I_RETURN, map, 0, 0, INST_KILL_A);
        pop_to(g, map);
        code = unit_leave(g);
    }
    at(g, pos);
    emit_function(g, f, code, scope);
    return FUNCTION_ANNOTATE;
}

/* -- classes and modules --------------------------------------------------------------------------- */

void
gen_annotation_setup(Gen *g)
{
    const Scope *s = g->u->scope;
    if (annotations_are_text(g)) {
        if (s->annotations) {
            emit(g, I_SETUP_ANNOTATIONS, 0, 0, 0, 0);
        }
    } else if (s->conditional_annotations) {
        Reg set = push(g);
        emit(g, I_BUILD_SET, set, set, 0, 0);
        if (s->conditional_cell) {
            emit(g, I_STORE_CELL, (Reg)s->conditional_cell->reg, set, 0, INST_KILL_B);
        } else {
            store_name(g, NAME(__conditional_annotations__), (Operand){set, true});
        }
        pop_to(g, set);
    }
}

/* The set of the numbers of the conditional annotations that were reached. */
static Reg
push_condition_set(Gen *g)
{
    Reg set = push(g);
    const Scope *s = g->u->scope;
    const Symbol *free = scope_find(s, NAME(__conditional_annotations__));
    if (s->conditional_cell) {
        emit(g, I_LOAD_CELL, set, (Reg)s->conditional_cell->reg, 0, 0);
    } else if (free && free->home == HOME_FREE) {
        emit(g, I_LOAD_CELL, set, (Reg)free->reg, 0, 0);
    } else {
        load_name(g, NAME(__conditional_annotations__), set);
    }
    return set;
}

void
gen_annotation(Gen *g, const Stmt *s)
{
    Unit *u = g->u;
    if (u->scope->kind != SCOPE_CLASS && u->scope->kind != SCOPE_MODULE) {
        return;
    }
    Reg mark = g->u->top;
    at(g, s->pos);
    if (annotations_are_text(g)) {
        Reg text = push_annotation(g, s->AnnAssign.annotation);
        Operand map = load_name(g, NAME(__annotations__), ANYWHERE);
        Value name = gen_mangled(g, s->AnnAssign.target->Name.id);
        Operand key = push_const(g, name ? own(name) : NO_VALUE);
        emit(g, I_STORE_ITEM, map.reg, key.reg, text, kill_a(map) | INST_KILL_B | INST_KILL_C);
        pop_to(g, mark);
        return;
    }
    bool conditional = u->scope->kind == SCOPE_MODULE || u->conditional_depth > 0;
    int number = conditional ? u->next_conditional++ : -1;
    if (deferredvec_push(&u->deferred, (Deferred){s, number}) < 0) {
        fail_memory(g->c);
    }
    if (conditional) {
        Reg set = push_condition_set(g);
        Operand n = push_const(g, small_int(number));
        emit(g, I_SET_ADD, set, n.reg, 0, INST_KILL_B);
        emit_clear(g, set);
        pop_to(g, mark);
    }
}

static void
add_deferred(Gen *g, Reg map, const Deferred *d, Pos pos)
{
    Label skip = new_label(g);
    at(g, pos);
    if (d->condition >= 0) {
        Operand n = push_const(g, small_int(d->condition));
        Reg set = push_condition_set(g);
        emit_jump(g, I_JUMP_IF_IN, n.reg, set, skip, INST_KILL_A | INST_KILL_B);
        pop_to(g, map + 1);
    }
    add_annotation(g, map, gen_name(g, d->stmt->AnnAssign.target->Name.id), d->stmt->AnnAssign.annotation, pos);
    put_label(g, skip);
}

Reg
push_annotate(Gen *g)
{
    Pos pos = g->pos;
    Unit *outer = g->u;
    Scope *scope = outer->scope->annotations;
    Own code = NO_VALUE;
    Reg f = push(g);
    if (unit_enter_lazy(g, scope, NAME(__annotate__), pos)) {
        Reg map = push(g);
        emit(g, I_BUILD_MAP, map, map, 0, 0);
        for (size_t i = 0; i < outer->deferred.len && gen_ok(g); i++) {
            add_deferred(g, map, &outer->deferred.data[i], pos);
        }
        at(g, pos);
        emit(g, I_RETURN, map, 0, 0, INST_KILL_A);
        pop_to(g, map);
        code = unit_leave(g);
    }
    at(g, pos);
    emit_function(g, f, code, scope);
    return f;
}
