/* with and async with. */
#include "compile/gen.h"

/* LOAD_SPECIAL's last operand; one more for the asynchronous kind. */
enum { SPECIAL_ENTER = 0, SPECIAL_EXIT = 1, SPECIAL_ASYNC = 2 };

void
gen_exit_call(Gen *g, Reg window, bool is_async, Pos pos)
{
    Reg top = g->u->top;
    at(g, pos);
    if (top != window + 2) { /* a value to be returned lies behind it */
        Reg moved = push_many(g, 2);
        emit(g, I_MOVE, moved, window, 0, INST_KILL_B);
        emit(g, I_MOVE, moved + 1, window + 1, 0, INST_KILL_B);
        window = moved;
    }
    for (int i = 0; i < 3; i++) {
        emit(g, I_LOAD_NONE, push(g), 0, 0, 0);
    }
    emit(g, I_CALL, window, window, 3, INST_SELF);
    pop_to(g, window);
    push(g);
    if (is_async) {
        gen_await_top(g, 2);
    }
    emit_clear(g, window);
    g->u->top = top;
}

static void gen_with_items(Gen *g, const Stmt *s, int i);

/* What runs when the body raises: the exit function decides. */
static void
gen_with_handler(Gen *g, Reg window, Label handler, bool is_async, uint32_t outer, Label end, Pos pos)
{
    Label cleanup = new_label(g), suppressed = new_label(g);
    size_t section = cold_begin(g);
    put_label(g, handler);
    at(g, pos);
    Reg exc = push_many(g, 2);
    emit(g, I_ENTER_HANDLER, exc, 0, 0, 0);
    handler_push(g, cleanup);
    Reg result = push(g);
    emit(g, I_WITH_EXCEPT, result, window, exc, 0);
    if (is_async) {
        gen_await_top(g, 2);
    }
    emit_jump(g, I_JUMP_IF, result, 0, suppressed, INST_KILL_A | INST_SENSE);
    emit(g, I_MOVE, result, exc, 0, 0);
    g->u->handler = outer;
    put_label(g, cleanup);
    at(g, no_position);
    emit(g, I_LEAVE_HANDLER, exc, 0, 0, 0);
    emit(g, I_RERAISE, result, 0, 0, INST_KILL_A);
    put_label(g, suppressed);
    at(g, pos);
    emit(g, I_LEAVE_HANDLER, exc, 0, 0, 0);
    emit_clear(g, window);
    emit_clear(g, window + 1);
    emit_goto(g, end);
    pop_to(g, exc);
    cold_end(g, section);
}

static void
gen_with_item(Gen *g, const Stmt *s, int i)
{
    const WithItem *item = s->With.items.items[i];
    bool is_async = s->kind == STMT_ASYNC_WITH;
    Pos pos = item->context_expr->pos;
    Label handler = new_label(g), end = new_label(g);
    Reg window = push_many(g, 3);
    Operand manager = gen_expr(g, item->context_expr, ANYWHERE);
    pop_to(g, window + 2);
    Reg value = push_many(g, 2);
    at(g, pos);
    emit(g, I_LOAD_SPECIAL, window, manager.reg, SPECIAL_EXIT + (is_async ? SPECIAL_ASYNC : 0), 0);
    emit(g, I_LOAD_SPECIAL, value, manager.reg, SPECIAL_ENTER + (is_async ? SPECIAL_ASYNC : 0), kill_b(manager));
    emit(g, I_CALL, value, value, 0, INST_SELF);
    pop_to(g, value + 1);
    if (is_async) {
        gen_await_top(g, 1);
    }
    pop_to(g, value);
    uint32_t outer = handler_push(g, handler);
    block_push(g, (Block){.kind = is_async ? BLOCK_ASYNC_WITH : BLOCK_WITH, .reg = window, .item = item, .outer_handler = outer});
    push(g);
    if (item->optional_vars) {
        gen_store(g, item->optional_vars, (Operand){value, true});
    } else {
        emit_clear(g, value);
    }
    pop_to(g, value);
    gen_with_items(g, s, i + 1);
    block_pop(g);
    g->u->handler = outer;
    gen_exit_call(g, window, is_async, pos);
    gen_with_handler(g, window, handler, is_async, outer, end, pos);
    put_label(g, end);
    pop_to(g, window);
}

static void
gen_with_items(Gen *g, const Stmt *s, int i)
{
    if (!compiler_enter(g->c)) {
        return;
    }
    if (i < s->With.items.count) {
        gen_with_item(g, s, i);
    } else {
        gen_body(g, &s->With.body);
    }
}

void
gen_with(Gen *g, const Stmt *s)
{
    gen_with_items(g, s, 0);
}
