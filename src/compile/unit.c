/* The life of a code object in the making: from the first instruction to the assembled result. */
#include "compile/gen.h"

/* CO_* that the scope alone decides. */
static uint32_t
unit_flags(const Gen *g, const Scope *s)
{
    uint32_t flags = g->c->flags & COMPILE_FUTURES;
    bool top_level_await = s->kind == SCOPE_MODULE && (g->c->flags & COMPILE_TOP_LEVEL_AWAIT) && s->coroutine;
    if (scope_is_function_like(s)) {
        flags |= CO_NEWLOCALS | CO_OPTIMIZED;
        flags |= s->nested ? CO_NESTED : 0;
        flags |= s->generator ? (s->coroutine ? CO_ASYNC_GENERATOR : CO_GENERATOR) : s->coroutine ? CO_COROUTINE : 0;
        flags |= s->varargs ? CO_VARARGS : 0;
        flags |= s->varkeywords ? CO_VARKEYWORDS : 0;
        flags |= s->method ? CO_METHOD : 0;
    }
    return flags | (top_level_await ? CO_COROUTINE : 0);
}

/* "outer.<locals>.name", "Class.name", or the name alone: what is not declared global is named after where it stands. */
static Own
qualified_name(Gen *g, const Unit *u)
{
    const Unit *outer = u->outer;
    if (outer && outer->scope->kind != SCOPE_FUNCTION && outer->scope->kind != SCOPE_CLASS && outer->outer) {
        outer = outer->outer; /* what is evaluated late lends no name */
    }
    Own name = u->scope->owner ? str_fmt("%U.%U", u->scope->owner, u->name) : own_opt(u->name);
    if (!name || !outer || outer->scope->kind == SCOPE_MODULE) {
        return name;
    }
    if (u->scope->kind == SCOPE_FUNCTION || u->scope->kind == SCOPE_CLASS) {
        const Symbol *symbol = scope_find(outer->scope, scope_mangle(g->c, outer->scope, u->name));
        if (symbol && symbol->home == HOME_GLOBAL_EXPLICIT && u->scope->comp == COMP_NONE) {
            return name;
        }
    }
    bool in_function = outer->scope->kind == SCOPE_FUNCTION && outer->scope->comp == COMP_NONE;
    Own result = str_fmt(in_function ? "%U.<locals>.%U" : "%U.%U", (Value)outer->qualname, (Value)name);
    drop(name);
    return result;
}

static bool
makes_generator(const Unit *u)
{
    return (u->flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)) != 0;
}

/* The instructions before those of the body. */
static void
gen_prologue(Gen *g)
{
    Unit *u = g->u;
    Pos first = {u->firstlineno, -1, u->firstlineno, -1};
    at(g, no_position);
    if (u->scope->nfree > 0) {
        emit(g, I_COPY_FREE_VARS, u->scope->nfree, 0, 0, 0);
    }
    for (size_t i = 0; i < u->scope->frame.len; i++) {
        const Symbol *symbol = u->scope->frame.data[i];
        if (symbol->home == HOME_CELL && !symbol->hidden) {
            emit(g, I_MAKE_CELL, (Reg)i, 0, 0, 0);
        }
    }
    if (makes_generator(u)) { /* cells are there before it starts: its frame shows them */
        at(g, first);
        emit(g, I_RETURN_GENERATOR, 0, 0, 0, 0);
        at(g, no_position);
        u->stop_label = new_label(g);
        handler_push(g, u->stop_label);
    }
    first.col_offset = first.end_col_offset = 0;
    if (u->scope->kind == SCOPE_MODULE) {
        first = (Pos){0, 0, 1, 0};
    }
    at(g, first);
    emit(g, I_RESUME, 0, 0, 0, 0);
}

Unit *
unit_enter(Gen *g, Scope *scope, Value name, int firstlineno)
{
    if (!compiler_enter(g->c) || !scope) {
        return NULL;
    }
    Unit *u = calloc(1, sizeof(*u));
    if (!u) {
        fail_memory(g->c);
        return NULL;
    }
    u->outer = g->u;
    u->outer_scope = g->scope;
    u->scope = scope;
    u->name = name;
    u->firstlineno = firstlineno;
    u->flags = unit_flags(g, scope);
    u->nvars = u->top = u->max_top = (Reg)scope->frame.len;
    u->stop_label = NO_LABEL;
    u->args = scope->comp != COMP_NONE || scope->kind == SCOPE_TYPE_PARAMS ? (int)scope->params.len : 0;
    g->u = u;
    g->scope = scope;
    u->qualname = qualified_name(g, u);
    if (!u->qualname) {
        g->c->failed = true;
    }
    (void)cold_begin(g); /* the main stream */
    u->stream = 0;
    gen_prologue(g);
    return u;
}

void
unit_set_arguments(Unit *u, const Arguments *args)
{
    u->posonly = args->posonlyargs.count;
    u->args = args->args.count;
    u->kwonly = args->kwonlyargs.count;
}

static void
unit_free(Unit *u)
{
    for (size_t i = 0; i < u->streams.len; i++) {
        insvec_free(&u->streams.data[i]);
    }
    streamvec_free(&u->streams);
    posvec_free(&u->positions);
    handlervec_free(&u->handlers);
    blockvec_free(&u->blocks);
    deferredvec_free(&u->deferred);
    value_table_free(&u->consts);
    value_table_free(&u->names);
    value_table_free(&u->attributes);
    drop_opt(u->qualname);
    free(u);
}

Own
unit_leave(Gen *g)
{
    Unit *u = g->u;
    Own code = NO_VALUE;
    if (gen_ok(g)) {
        assert(u->top == u->nvars || u->scope->comp != COMP_NONE);
        at(g, no_position);
        emit(g, I_RETURN_NONE, 0, 0, 0, 0);
        if (u->stop_label != NO_LABEL) {
            u->handler = 0;
            (void)cold_begin(g);
            put_label(g, u->stop_label);
            u->top = u->nvars;
            Reg exc = push(g);
            emit(g, I_INTRINSIC_1, exc, exc, 3, INST_KILL_B);
            emit(g, I_RERAISE, exc, 0, 0, INST_KILL_A);
        }
    }
    if (gen_ok(g)) {
        flow_optimize(g, u);
    }
    if (gen_ok(g)) {
        code = assemble(g, u);
        g->c->failed |= !code;
    }
    g->u = u->outer;
    g->scope = u->outer_scope;
    unit_free(u);
    return code;
}

/* -- functions of code ----------------------------------------------------------------------------- */

void
emit_set_function(Gen *g, Reg f, Reg value, unsigned what)
{
    emit(g, I_SET_FUNCTION, f, value, what, INST_KILL_B);
}

void
emit_function(Gen *g, Reg f, Own code, const Scope *inner)
{
    if (!code) {
        return;
    }
    emit_wide(g, I_MAKE_FUNCTION, f, const_index(g, code), 0);
    if (inner->nfree == 0) {
        return;
    }
    Reg first = g->u->top;
    size_t from = inner->frame.len - inner->nfree;
    for (size_t i = from; i < inner->frame.len; i++) {
        emit(g, I_LOAD_CLOSURE, push(g), closure_register(g, inner->frame.data[i]->name), 0, 0);
    }
    pop_to(g, first);
    push(g);
    emit(g, I_BUILD_TUPLE, first, first, inner->nfree, 0);
    emit_set_function(g, f, first, FUNCTION_CLOSURE);
    pop_to(g, first);
}

Reg
push_function(Gen *g, Own code, const Scope *inner)
{
    Reg f = push(g);
    emit_function(g, f, code, inner);
    return f;
}
