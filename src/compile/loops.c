/* for, async for, while. */
#include "compile/gen.h"

void
gen_for(Gen *g, const Stmt *s)
{
    Reg mark = g->u->top;
    Label start = new_label(g), exhausted = new_label(g), end = new_label(g);
    Operand iterable = gen_container(g, s->For.iter);
    pop_to(g, mark);
    Reg iterator = push(g);
    at(g, s->For.iter->pos);
    emit(g, I_GET_ITER, iterator, iterable.reg, 0, kill_b(iterable));
    block_push(g, (Block){.kind = BLOCK_FOR, .start = start, .end = end, .reg = iterator, .outer_handler = g->u->handler});
    put_label(g, start);
    gen_for_iter(g, iterator, s->For.target, s->For.iter->pos, exhausted);
    gen_body(g, &s->For.body);
    at(g, no_position);
    emit_jump(g, I_JUMP_BACK, 0, 0, start, 0);
    put_label(g, exhausted);
    block_pop(g);
    pop_to(g, mark);
    gen_body(g, &s->For.orelse);
    put_label(g, end);
}

void
gen_async_for(Gen *g, const Stmt *s)
{
    Reg mark = g->u->top;
    Label start = new_label(g), stop = new_label(g), exhausted = new_label(g), end = new_label(g);
    Operand iterable = gen_expr(g, s->For.iter, ANYWHERE);
    pop_to(g, mark);
    Reg iterator = push(g);
    at(g, s->For.iter->pos);
    emit(g, I_GET_AITER, iterator, iterable.reg, 0, kill_b(iterable));
    block_push(g, (Block){.kind = BLOCK_FOR, .start = start, .end = end, .reg = iterator, .outer_handler = g->u->handler});
    put_label(g, start);
    uint32_t outer = handler_push(g, stop);
    at(g, s->pos);
    Operand value = {push_anext(g, iterator), true};
    g->u->handler = outer;
    gen_store(g, s->For.target, value);
    pop_to(g, iterator + 1);
    gen_body(g, &s->For.body);
    at(g, no_position);
    emit_jump(g, I_JUMP_BACK, 0, 0, start, 0);
    block_pop(g);

    size_t section = cold_begin(g);
    put_label(g, stop);
    at(g, s->For.iter->pos);
    emit(g, I_END_ASYNC_FOR, iterator, push(g), 0, 0);
    emit_goto(g, exhausted);
    cold_end(g, section);
    pop_to(g, mark);
    put_label(g, exhausted);
    gen_body(g, &s->For.orelse);
    put_label(g, end);
}

void
gen_while(Gen *g, const Stmt *s)
{
    Label start = new_label(g), exhausted = new_label(g), end = new_label(g);
    block_push(g, (Block){.kind = BLOCK_WHILE, .start = start, .end = end, .outer_handler = g->u->handler});
    put_label(g, start);
    if (fold_truth(g, s->While.test) == 1) {
        at(g, s->While.test->pos);
        emit(g, I_NOP, 0, 0, 0, 0);
    } else {
        gen_jump_if(g, s->While.test, false, exhausted);
    }
    gen_body(g, &s->While.body);
    at(g, no_position);
    emit_jump(g, I_JUMP_BACK, 0, 0, start, 0);
    block_pop(g);
    put_label(g, exhausted);
    gen_body(g, &s->While.orelse);
    put_label(g, end);
}
