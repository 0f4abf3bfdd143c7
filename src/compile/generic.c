/* Type parameters and type aliases (PEP 695, 696). */
#include "compile/gen.h"
#include "object/tuple.h"

/* -- functions around and for what is evaluated late ----------------------------------------------- */

Unit *
unit_enter_lazy(Gen *g, Scope *scope, Value name, Pos pos)
{
    Unit *u = unit_enter(g, scope, name, pos.lineno);
    if (!u) {
        return NULL;
    }
    u->posonly = 1;
    /* Formats above VALUE_WITH_FAKE_GLOBALS are made by annotationlib, not here. */
    Label body = new_label(g);
    at(g, pos);
    emit_jump(g, I_JUMP_IF_GT_IMM, 0, 2, body, 0);
    Reg error = push(g);
    emit(g, I_LOAD_COMMON, error, 1, 0, 0);
    emit(g, I_RAISE, error, 0, 1, INST_KILL_A);
    pop_to(g, error);
    put_label(g, body);
    return u;
}

Unit *
unit_enter_generic(Gen *g, const TypeParamSeq *params, Pos pos)
{
    Scope *scope = scope_of(g->c, params);
    return scope ? unit_enter(g, scope, scope->name, pos.lineno) : NULL;
}

void
call_generic(Gen *g, Reg window, Own code, const Scope *scope, int n)
{
    if (code) {
        emit_function(g, window, code, scope);
    }
    pop_to(g, window);
    push(g);
    emit(g, I_CALL, window, window, (Reg)n, 0);
}

/* A function that evaluates e when it is called, in a new temporary. Its format argument has a default: VALUE. */
static Reg
push_lazy_value(Gen *g, const Expr *e, const void *key, Value name, Pos pos)
{
    Scope *scope = scope_of(g->c, key);
    Own code = NO_VALUE;
    Reg f = push(g);
    if (unit_enter_lazy(g, scope, name, pos)) {
        Operand value;
        if (e->kind == EXPR_STARRED) { /* the default of a TypeVarTuple */
            Operand all = gen_expr(g, e->Starred.value, ANYWHERE);
            at(g, pos);
            value = result_at(g, g->u->nvars, ANYWHERE);
            emit(g, I_UNPACK, value.reg, all.reg, 1, kill_b(all));
        } else {
            value = gen_expr(g, e, ANYWHERE);
        }
        at(g, pos);
        emit(g, I_RETURN, value.reg, 0, 0, kill_a(value));
        pop_to(g, g->u->nvars);
        code = unit_leave(g);
    }
    at(g, pos);
    Own one = code ? tuple_pack(1, (Value)small_int(1)) : NO_VALUE;
    if (code) {
        emit_function(g, f, code, scope);
        Operand defaults = push_const(g, one);
        emit_set_function(g, f, defaults.reg, FUNCTION_DEFAULTS);
        pop_to(g, f + 1);
    }
    return f;
}

/* -- type parameters ------------------------------------------------------------------------------- */

static Reg
push_type_param(Gen *g, const TypeParam *p, const Name *id, Expr *const *default_value)
{
    Value name = gen_name(g, id);
    at(g, p->pos);
    Reg r = push_const(g, name ? own(name) : NO_VALUE).reg;
    if (p->kind == TYPE_PARAM_TYPE_VAR && p->TypeVar.bound) {
        const Expr *bound = p->TypeVar.bound;
        push_lazy_value(g, bound, &p->TypeVar.bound, name, bound->pos);
        at(g, p->pos);
        emit(g, I_INTRINSIC_2, r, r, bound->kind == EXPR_TUPLE ? 3 : 2, 0);
    } else {
        emit(g, I_INTRINSIC_1, r, r, p->kind == TYPE_PARAM_TYPE_VAR ? 5 : p->kind == TYPE_PARAM_PARAM_SPEC ? 6 : 7, INST_KILL_B);
    }
    pop_to(g, r + 1);
    if (*default_value) {
        push_lazy_value(g, *default_value, default_value, name, (*default_value)->pos);
        at(g, p->pos);
        emit(g, I_INTRINSIC_2, r, r, 5, 0);
        pop_to(g, r + 1);
    }
    store_name(g, gen_mangled(g, id), (Operand){r, false});
    return r;
}

Reg
push_type_params(Gen *g, const TypeParamSeq *params)
{
    Reg mark = g->u->top;
    bool seen_default = false;
    for (int i = 0; i < params->count && gen_ok(g); i++) {
        const TypeParam *p = params->items[i];
        const Name *id;
        Expr *const *default_value;
        if (p->kind == TYPE_PARAM_TYPE_VAR) {
            id = p->TypeVar.name;
            default_value = &p->TypeVar.default_value;
        } else if (p->kind == TYPE_PARAM_PARAM_SPEC) {
            id = p->ParamSpec.name;
            default_value = &p->ParamSpec.default_value;
        } else {
            id = p->TypeVarTuple.name;
            default_value = &p->TypeVarTuple.default_value;
        }
        if (!*default_value && seen_default) {
            syntax_error(g->c, p->pos,
                         str_fmt("non-default type parameter '%U' follows default type parameter", gen_name(g, id)));
        }
        seen_default |= *default_value != NULL;
        push_type_param(g, p, id, default_value);
    }
    if (params->count > 0) {
        at(g, params->items[0]->pos);
    }
    pop_to(g, mark);
    push(g);
    emit(g, I_BUILD_TUPLE, mark, mark, (Reg)params->count, 0);
    return mark;
}

/* -- aliases --------------------------------------------------------------------------------------- */

/* TypeAliasType of (name, parameters, value function), in a new temporary. */
static Reg
push_alias(Gen *g, const Stmt *s, Value name)
{
    at(g, s->pos);
    Reg window = push_const(g, name ? own(name) : NO_VALUE).reg;
    if (s->TypeAlias.type_params.count > 0) {
        push_type_params(g, &s->TypeAlias.type_params);
    } else {
        push_none(g);
    }
    push_lazy_value(g, s->TypeAlias.value, s, name, s->pos);
    at(g, s->pos);
    pop_to(g, window);
    push(g);
    emit(g, I_BUILD_TUPLE, window, window, 3, 0);
    emit(g, I_INTRINSIC_1, window, window, 9, INST_KILL_B);
    return window;
}

void
gen_type_alias(Gen *g, const Stmt *s)
{
    Reg mark = g->u->top;
    const TypeParamSeq *params = &s->TypeAlias.type_params;
    Value name = gen_name(g, s->TypeAlias.name->Name.id);
    if (params->count > 0) {
        push_many(g, 2);
        Own code = NO_VALUE;
        if (unit_enter_generic(g, params, s->pos)) {
            Reg alias = push_alias(g, s, name);
            emit(g, I_RETURN, alias, 0, 0, INST_KILL_A);
            pop_to(g, alias);
            code = unit_leave(g);
        }
        at(g, s->pos);
        call_generic(g, mark, code, scope_of(g->c, params), 0);
    } else {
        push_alias(g, s, name);
    }
    at(g, s->TypeAlias.name->pos);
    gen_store(g, s->TypeAlias.name, (Operand){mark, true});
    pop_to(g, mark);
}
