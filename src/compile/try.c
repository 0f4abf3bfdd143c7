/* try in all its forms.
 *
 * A handler starts with the exception in the register that is its depth, `exc`; ENTER_HANDLER makes it the handled one and keeps the one
 * before in exc + 1. What is raised inside a handler goes to its `cleanup`, which restores that and raises on from exc + 2. */
#include "compile/gen.h"

/* The start of a handler: its window, and the protection of what follows. */
static Reg
handler_begin(Gen *g, Label handler, Label cleanup)
{
    put_label(g, handler);
    at(g, no_position);
    Reg exc = push_many(g, 2);
    emit(g, I_ENTER_HANDLER, exc, 0, 0, 0);
    handler_push(g, cleanup);
    return exc;
}

/* The end: raises the exception of the handler again, where the handler's last line is; and what arrives at `cleanup`, where it was
 * raised (vm_unwind sees that there is no line). */
static void
handler_end(Gen *g, Reg exc, Label cleanup, uint32_t outer)
{
    Reg raised = push(g);
    emit(g, I_MOVE, raised, exc, 0, 0);
    g->u->handler = outer;
    emit(g, I_LEAVE_HANDLER, exc, 0, 0, 0);
    emit(g, I_RERAISE, raised, 0, 0, INST_KILL_A);
    put_label(g, cleanup);
    at(g, no_position);
    emit(g, I_LEAVE_HANDLER, exc, 0, 0, 0);
    emit(g, I_RERAISE, raised, 0, 0, INST_KILL_A);
    pop_to(g, exc);
}

/* -- try ... except -------------------------------------------------------------------------------- */

/* The body of `except ... as name`: however it ends, the name is unbound. */
static void
gen_named_clause(Gen *g, const ExceptHandler *h, Reg exc, Label cleanup, uint32_t outer, Label end)
{
    Unit *u = g->u;
    Label failed = new_label(g);
    store_name(g, gen_mangled(g, h->ExceptHandler.name), (Operand){exc, false});
    uint32_t inner = handler_push(g, failed);
    block_push(g, (Block){.kind = BLOCK_HANDLER, .reg = exc, .clause = h, .outer_handler = outer});
    gen_body(g, &h->ExceptHandler.body);
    block_pop(g);
    u->handler = outer;
    at(g, no_position);
    emit(g, I_LEAVE_HANDLER, exc, 0, 0, 0);
    gen_unbind(g, h->ExceptHandler.name);
    emit_goto(g, end);

    size_t section = cold_begin(g);
    put_label(g, failed);
    u->handler = inner;
    Reg raised = push(g);
    gen_unbind(g, h->ExceptHandler.name);
    emit_goto(g, cleanup);
    pop_to(g, raised);
    cold_end(g, section);
}

static void
gen_clause(Gen *g, const ExceptHandler *h, Reg exc, Label cleanup, uint32_t outer, Label end)
{
    Reg mark = g->u->top;
    Label next = new_label(g);
    uint32_t inner = g->u->handler;
    if (h->ExceptHandler.type) {
        Operand type = gen_expr(g, h->ExceptHandler.type, ANYWHERE);
        pop_to(g, mark);
        Reg matched = push(g);
        at(g, h->pos);
        emit(g, I_MATCH_EXCEPTION, matched, exc, type.reg, kill_c(type));
        emit_jump(g, I_JUMP_IF, matched, 0, next, INST_KILL_A);
        pop_to(g, mark);
    }
    at(g, h->pos);
    if (!h->ExceptHandler.type) { /* nothing is asked, but the line is seen */
        emit(g, I_NOP, 0, 0, 0, 0);
    }
    if (h->ExceptHandler.name) {
        gen_named_clause(g, h, exc, cleanup, outer, end);
    } else {
        block_push(g, (Block){.kind = BLOCK_HANDLER, .reg = exc, .outer_handler = outer});
        gen_body(g, &h->ExceptHandler.body);
        block_pop(g);
        at(g, no_position);
        g->u->handler = outer;
        emit(g, I_LEAVE_HANDLER, exc, 0, 0, 0);
        emit_goto(g, end);
    }
    g->u->handler = inner;
    put_label(g, next);
    at(g, h->pos);
}

static void
gen_clauses(Gen *g, const Stmt *s, Label handler, uint32_t outer, Label end)
{
    const ExceptHandlerSeq *clauses = &s->Try.handlers;
    Label cleanup = new_label(g);
    size_t section = cold_begin(g);
    Reg exc = handler_begin(g, handler, cleanup);
    for (int i = 0; i < clauses->count && gen_ok(g); i++) {
        const ExceptHandler *h = clauses->items[i];
        if (!h->ExceptHandler.type && i < clauses->count - 1) {
            syntax_error(g->c, h->pos, str_fmt("default 'except:' must be last"));
        }
        gen_clause(g, h, exc, cleanup, outer, end);
    }
    handler_end(g, exc, cleanup, outer);
    cold_end(g, section);
}

/* -- try ... except* ------------------------------------------------------------------------------- */

/* One clause. `rest`: what no clause took so far; `raised`: the list of what the clauses raised. */
static void
gen_group_clause(Gen *g, const ExceptHandler *h, Reg raised, Reg rest)
{
    Unit *u = g->u;
    Reg mark = u->top;
    Label none = new_label(g), next = new_label(g), failed = new_label(g);
    Operand type = gen_expr(g, h->ExceptHandler.type, ANYWHERE);
    pop_to(g, mark);
    Reg match = push_many(g, 2); /* the matching part and the rest, then the handled exception before */
    if (type.temp) { /* it must not lie in the result's window */
        Reg moved = push(g);
        emit_move(g, moved, type);
        type.reg = moved;
        pop_to(g, moved);
    }
    at(g, h->pos);
    emit(g, I_MATCH_GROUP, match, rest, type.reg, kill_c(type));
    emit(g, I_MOVE, rest, match + 1, 0, INST_KILL_B | INST_LIVE_A);
    emit_jump(g, I_JUMP_IF_NONE, match, 0, none, INST_SENSE);
    emit(g, I_ENTER_HANDLER, match, 0, 0, 0);
    const Name *name = h->ExceptHandler.name;
    if (name) {
        store_name(g, gen_mangled(g, name), (Operand){match, false});
    }
    uint32_t outer = handler_push(g, failed);
    block_push(g, (Block){.kind = BLOCK_GROUP, .outer_handler = outer});
    gen_body(g, &h->ExceptHandler.body);
    block_pop(g);
    u->handler = outer;
    at(g, no_position);
    emit(g, I_LEAVE_HANDLER, match, 0, 0, 0);
    if (name) {
        gen_unbind(g, name);
    }
    emit_goto(g, next);

    size_t section = cold_begin(g);
    put_label(g, failed);
    Reg exc = push(g);
    if (name) {
        gen_unbind(g, name);
    }
    emit(g, I_LEAVE_HANDLER, match, 0, 0, 0);
    emit(g, I_LIST_APPEND, raised, exc, 0, INST_KILL_B);
    emit_goto(g, next);
    cold_end(g, section);

    put_label(g, none);
    emit_clear(g, match);
    put_label(g, next);
    pop_to(g, mark);
}

static void
gen_group_clauses(Gen *g, const Stmt *s, Label handler, uint32_t outer, Label end)
{
    const ExceptHandlerSeq *clauses = &s->TryStar.handlers;
    Label cleanup = new_label(g), handled = new_label(g);
    size_t section = cold_begin(g);
    Reg exc = handler_begin(g, handler, cleanup);
    Reg raised = push(g), rest = push(g);
    emit(g, I_BUILD_LIST, raised, raised, 0, 0);
    emit(g, I_MOVE, rest, exc, 0, 0);
    for (int i = 0; i < clauses->count && gen_ok(g); i++) {
        gen_group_clause(g, clauses->items[i], raised, rest);
    }
    at(g, no_position);
    emit(g, I_LIST_APPEND, raised, rest, 0, INST_KILL_B);
    pop_to(g, raised);
    Reg window = push_many(g, 3);
    emit(g, I_MOVE, window + 2, raised, 0, INST_KILL_B);
    emit(g, I_MOVE, window + 1, exc, 0, 0);
    emit(g, I_INTRINSIC_2, window, window + 1, 1, 0);
    emit_jump(g, I_JUMP_IF_NONE, window, 0, handled, INST_SENSE);
    g->u->handler = outer;
    pop_to(g, exc + 2);
    push(g);
    put_label(g, cleanup);
    emit(g, I_LEAVE_HANDLER, exc, 0, 0, 0);
    emit(g, I_RERAISE, window, 0, 0, INST_KILL_A);
    put_label(g, handled);
    emit_clear(g, window);
    emit(g, I_LEAVE_HANDLER, exc, 0, 0, 0);
    emit_goto(g, end);
    pop_to(g, exc);
    cold_end(g, section);
}

/* -- the whole statements -------------------------------------------------------------------------- */

/* Body, clauses, else. */
static void
gen_try_except(Gen *g, const Stmt *s)
{
    Label handler = new_label(g), end = new_label(g);
    uint32_t outer = handler_push(g, handler);
    block_push(g, (Block){.kind = BLOCK_TRY, .outer_handler = outer});
    gen_body(g, &s->Try.body);
    block_pop(g);
    g->u->handler = outer;
    gen_body(g, &s->Try.orelse);
    if (s->kind == STMT_TRY) {
        gen_clauses(g, s, handler, outer, end);
    } else {
        gen_group_clauses(g, s, handler, outer, end);
    }
    put_label(g, end);
}

static void
gen_try_finally(Gen *g, const Stmt *s)
{
    Label handler = new_label(g), cleanup = new_label(g);
    uint32_t outer = handler_push(g, handler);
    block_push(g, (Block){.kind = BLOCK_FINALLY, .stmt = s, .outer_handler = outer});
    if (s->Try.handlers.count > 0) {
        gen_try_except(g, s);
    } else {
        gen_body(g, &s->Try.body);
    }
    block_pop(g);
    g->u->handler = outer;
    block_push(g, (Block){.kind = BLOCK_FINALLY_COPY, .outer_handler = outer});
    gen_body(g, &s->Try.finalbody);
    block_pop(g);

    size_t section = cold_begin(g);
    Reg exc = handler_begin(g, handler, cleanup);
    block_push(g, (Block){.kind = BLOCK_FINALLY_END, .reg = exc, .outer_handler = outer});
    g->silent++;
    gen_body(g, &s->Try.finalbody);
    g->silent--;
    block_pop(g);
    handler_end(g, exc, cleanup, outer);
    cold_end(g, section);
}

void
gen_try(Gen *g, const Stmt *s)
{
    emit(g, I_NOP, 0, 0, 0, 0);
    if (s->Try.finalbody.count > 0) {
        gen_try_finally(g, s);
    } else {
        gen_try_except(g, s);
    }
}

void
gen_try_star(Gen *g, const Stmt *s)
{
    gen_try(g, s);
}
