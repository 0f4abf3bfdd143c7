/* yield, yield from, await. */
#include "compile/gen.h"

/* RESUME's first operand. */
enum { RESUME_YIELD = 1, RESUME_YIELD_FROM = 2, RESUME_AWAIT = 3 };

/* Runs a delegate to its end. s is an empty temporary for the values that pass; s+1, the topmost temporary, holds the receiver. The result is
 * left in s, which is the top then. */
static void
gen_delegate(Gen *g, Reg s, int kind)
{
    Reg receiver = s + 1;
    Label send = new_label(g), failed = new_label(g), end = new_label(g);
    emit(g, I_LOAD_NONE, s, 0, 0, 0);
    put_label(g, send);
    emit_jump(g, I_SEND, s, receiver, end, 0);
    uint32_t outer = handler_push(g, failed);
    emit(g, I_YIELD, s, s, 0, INST_KILL_B);
    emit(g, I_RESUME, (Reg)kind, receiver, 0, 0);
    g->u->handler = outer;
    emit_goto(g, send);
    size_t section = cold_begin(g);
    put_label(g, failed);
    Reg exc = push(g);
    emit(g, I_CLEANUP_THROW, s, exc, receiver, INST_LIVE_A);
    emit_goto(g, end);
    cold_end(g, section);
    put_label(g, end);
    pop_to(g, s + 1);
}

void
gen_await_top(Gen *g, int why)
{
    Reg s = g->u->top - 1;
    Reg receiver = push(g);
    emit(g, I_GET_AWAITABLE, receiver, s, (Reg)why, INST_KILL_B);
    gen_delegate(g, s, RESUME_AWAIT);
}

Reg
push_anext(Gen *g, Reg aiter)
{
    Reg s = push_many(g, 2);
    emit(g, I_GET_ANEXT, s + 1, aiter, 0, 0);
    gen_delegate(g, s, RESUME_AWAIT);
    return s;
}

/* A value in the topmost temporary, moved to where it is wanted. */
static Operand
deliver(Gen *g, Reg r, Reg want)
{
    Operand value = {r, true};
    if (want == ANYWHERE) {
        return value;
    }
    emit_move(g, want, value);
    return result_at(g, r, want);
}

Operand
gen_await_expr(Gen *g, const Expr *e, Reg want)
{
    Reg s = push_expr(g, e->Await.value);
    at(g, e->pos);
    gen_await_top(g, 0);
    return deliver(g, s, want);
}

void
gen_yield_value(Gen *g, Operand value, Reg to)
{
    const Scope *s = g->u->scope;
    Reg mark = g->u->top;
    if (s->coroutine && s->generator) {
        Reg wrapped = push(g);
        emit(g, I_INTRINSIC_1, wrapped, value.reg, 4, kill_b(value));
        value = (Operand){wrapped, true};
    }
    emit(g, I_YIELD, to, value.reg, 0, kill_b(value));
    emit(g, I_RESUME, RESUME_YIELD, 0, 0, 0);
    pop_to(g, mark);
}

Operand
gen_yield(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    if (!scope_is_function_like(g->u->scope)) {
        syntax_error(g->c, e->pos, str_fmt("'yield' outside function"));
    }
    Operand value = e->Yield.value ? gen_expr(g, e->Yield.value, ANYWHERE) : push_none(g);
    at(g, e->pos);
    gen_yield_value(g, value, want == ANYWHERE ? mark : want);
    return result_at(g, mark, want);
}

Operand
gen_yield_from(Gen *g, const Expr *e, Reg want)
{
    if (!scope_is_function_like(g->u->scope)) {
        syntax_error(g->c, e->pos, str_fmt("'yield from' outside function"));
    } else if (g->u->is_async) {
        syntax_error(g->c, e->pos, str_fmt("'yield from' inside async function"));
    }
    Reg s = push(g);
    Operand value = gen_expr(g, e->YieldFrom.value, ANYWHERE);
    pop_to(g, s + 1);
    Reg receiver = push(g);
    at(g, e->pos);
    emit(g, I_GET_YIELD_FROM_ITER, receiver, value.reg, 0, kill_b(value));
    gen_delegate(g, s, RESUME_YIELD_FROM);
    return deliver(g, s, want);
}
