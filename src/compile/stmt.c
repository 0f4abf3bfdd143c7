/* Statements: the dispatch, and those that need no file of their own; blocks and how jumps leave them. */
#include "compile/gen.h"

/* -- blocks ---------------------------------------------------------------------------------------- */

/* Blocks that the source knows of. */
static bool
is_counted(const Block *b)
{
    return b->kind != BLOCK_VALUE && b->kind != BLOCK_FINALLY_COPY;
}

static void
push_uncounted(Gen *g, Block block)
{
    if (blockvec_push(&g->u->blocks, block) < 0) {
        fail_memory(g->c);
    }
}

void
block_push(Gen *g, Block block)
{
    size_t nesting = 0;
    for (size_t i = 0; i < g->u->blocks.len; i++) {
        nesting += is_counted(&g->u->blocks.data[i]);
    }
    if (nesting >= MAX_NESTING && is_counted(&block)) {
        syntax_error(g->c, g->pos, str_fmt("too many statically nested blocks"));
        return;
    }
    push_uncounted(g, block);
}

void
block_pop(Gen *g)
{
    if (gen_ok(g)) {
        (void)blockvec_pop(&g->u->blocks);
    }
}

static bool
runs_code(const Block *b)
{
    return b->kind == BLOCK_FINALLY || b->kind == BLOCK_WITH || b->kind == BLOCK_ASYNC_WITH;
}

static void
leave_handler(Gen *g, const Block *b)
{
    at(g, no_position);
    emit(g, I_LEAVE_HANDLER, b->reg, 0, 0, 0);
    if (b->clause && b->clause->ExceptHandler.name) {
        gen_unbind(g, b->clause->ExceptHandler.name);
    }
}

void
gen_unbind(Gen *g, const Name *id)
{
    Value name = gen_mangled(g, id);
    Operand none = push_none(g);
    store_name(g, name, none);
    pop_to(g, none.reg);
    delete_name(g, name);
}

/* Runs what leaving block b runs. The block is off the stack already. */
static void
unwind_block(Gen *g, const Block *b, Operand *value)
{
    Unit *u = g->u;
    switch (b->kind) {
    case BLOCK_FOR:
        emit_clear(g, b->reg);
        break;
    case BLOCK_VALUE:
        emit_clear(g, b->reg);
        break;
    case BLOCK_TRY:
        u->handler = b->outer_handler;
        break;
    case BLOCK_FINALLY:
        u->handler = b->outer_handler;
        g->silent++;
        if (value && value->temp) {
            block_push(g, (Block){.kind = BLOCK_VALUE, .reg = value->reg, .outer_handler = u->handler});
        }
        gen_body(g, &b->stmt->Try.finalbody);
        if (value && value->temp) {
            block_pop(g);
        }
        g->silent--;
        break;
    case BLOCK_FINALLY_END:
    case BLOCK_HANDLER:
        u->handler = b->outer_handler;
        leave_handler(g, b);
        break;
    case BLOCK_WITH:
    case BLOCK_ASYNC_WITH:
        u->handler = b->outer_handler;
        gen_exit_call(g, b->reg, b->kind == BLOCK_ASYNC_WITH, b->item->context_expr->pos);
        break;
    case BLOCK_WHILE:
    case BLOCK_FINALLY_COPY:
    case BLOCK_GROUP:
        break;
    }
    at(g, no_position);
}

void
unwind_blocks(Gen *g, size_t keep, Operand *value)
{
    Unit *u = g->u;
    if (!compiler_enter(g->c) || u->blocks.len <= keep) {
        return;
    }
    Block b = blockvec_pop(&u->blocks);
    uint32_t handler = u->handler;
    unwind_block(g, &b, value);
    unwind_blocks(g, keep, value);
    if (gen_ok(g)) {
        push_uncounted(g, b);
        u->handler = handler;
    }
}

/* -- return, break, continue ----------------------------------------------------------------------- */

/* PEP 765: a jump out of a finally body hides the exception. `loops`: a loop inside the body takes it. */
static void
warn_finally(Gen *g, const Stmt *s, const char *what, bool loops)
{
    if (g->silent > 0) {
        return;
    }
    for (size_t i = g->u->blocks.len; i-- > 0;) {
        BlockKind kind = g->u->blocks.data[i].kind;
        if (loops && (kind == BLOCK_FOR || kind == BLOCK_WHILE)) {
            return;
        }
        if (kind == BLOCK_FINALLY_COPY) {
            syntax_warning(g->c, s->pos, str_fmt("'%s' in a 'finally' block", what));
            return;
        }
    }
}

/* The number of blocks up to and with the innermost loop; 0: none. A return asks for no loop. */
static size_t
find_loop(Gen *g, const Stmt *s, bool loops)
{
    for (size_t i = g->u->blocks.len; i-- > 0;) {
        BlockKind kind = g->u->blocks.data[i].kind;
        if (kind == BLOCK_GROUP) {
            const Expr *value = s->kind == STMT_RETURN ? s->Return.value : NULL;
            syntax_error(g->c, value && value->kind == EXPR_CONSTANT ? value->pos : s->pos,
                         str_fmt("'break', 'continue' and 'return' cannot appear in an except* block"));
            return 0;
        }
        if (loops && (kind == BLOCK_FOR || kind == BLOCK_WHILE)) {
            return i + 1;
        }
    }
    return 0;
}

static void
gen_return(Gen *g, const Stmt *s)
{
    Unit *u = g->u;
    Reg mark = u->top;
    const Expr *e = s->Return.value;
    if (!scope_is_function_like(u->scope)) {
        syntax_error(g->c, s->pos, str_fmt("'return' outside function"));
        return;
    }
    if (e && u->scope->coroutine && u->scope->generator) {
        syntax_error(g->c, s->pos, str_fmt("'return' with value in async generator"));
        return;
    }
    find_loop(g, s, false);
    warn_finally(g, s, "return", false);
    bool code = false;
    for (size_t i = 0; i < u->blocks.len; i++) {
        code |= runs_code(&u->blocks.data[i]) || u->blocks.data[i].clause;
    }
    Operand value = {0, false};
    Own constant = e ? fold(g, e) : NO_VALUE;
    if (e && !constant) {
        value = gen_expr(g, e, ANYWHERE);
        if (code && !value.temp) {
            Reg copy = push(g);
            emit_move(g, copy, value);
            value = (Operand){copy, true};
        }
    } else {
        at(g, s->pos);
        emit(g, I_NOP, 0, 0, 0, 0);
    }
    at(g, s->pos);
    unwind_blocks(g, 0, &value);
    uint32_t handler = u->handler;
    if (u->blocks.len > 0) {
        u->handler = u->blocks.data[0].outer_handler;
    }
    if (constant && constant != NONE) {
        value = push_const(g, constant);
        constant = NO_VALUE;
    }
    if (!e || constant) {
        drop_opt(constant);
        emit(g, I_RETURN_NONE, 0, 0, 0, 0);
    } else {
        emit(g, I_RETURN, value.reg, 0, 0, kill_a(value));
    }
    u->handler = handler;
    pop_to(g, mark);
}

static void
gen_loop_jump(Gen *g, const Stmt *s)
{
    bool is_break = s->kind == STMT_BREAK;
    size_t loop = find_loop(g, s, true);
    if (!gen_ok(g)) {
        return;
    }
    if (loop == 0) {
        syntax_error(g->c, s->pos, str_fmt(is_break ? "'break' outside loop" : "'continue' not properly in loop"));
        return;
    }
    warn_finally(g, s, is_break ? "break" : "continue", true);
    at(g, s->pos);
    emit(g, I_NOP, 0, 0, 0, 0);
    unwind_blocks(g, loop, NULL);
    Block b = g->u->blocks.data[loop - 1];
    uint32_t handler = g->u->handler;
    g->u->handler = b.outer_handler;
    if (!is_break) {
        emit_jump(g, I_JUMP_BACK, 0, 0, b.start, 0);
    } else {
        if (b.kind == BLOCK_FOR) {
            emit_clear(g, b.reg);
        }
        emit_goto(g, b.end);
    }
    g->u->handler = handler;
}

/* -- simple statements ----------------------------------------------------------------------------- */

static void
gen_assert(Gen *g, const Stmt *s)
{
    const Expr *test = s->Assert.test;
    if (test->kind == EXPR_TUPLE && test->Tuple.elts.count > 0 && g->silent == 0) {
        syntax_warning(g->c, s->pos, str_fmt("assertion is always true, perhaps remove parentheses?"));
    }
    if (g->c->optimize > 0) {
        return;
    }
    Label end = new_label(g);
    gen_jump_if(g, test, true, end);
    Reg window = push(g);
    at(g, s->pos);
    emit(g, I_LOAD_COMMON, window, 0, 0, 0);
    if (s->Assert.msg) {
        push(g);
        push_expr(g, s->Assert.msg);
        pop_to(g, window + 1);
        at(g, s->pos);
        emit(g, I_CALL, window, window, 1, 0);
    }
    at(g, test->pos);
    emit(g, I_RAISE, window, 0, 1, INST_KILL_A);
    pop_to(g, window);
    put_label(g, end);
}

static void
gen_raise(Gen *g, const Stmt *s)
{
    Reg mark = g->u->top;
    if (!s->Raise.exc) {
        emit(g, I_RAISE, 0, 0, 0, 0);
        return;
    }
    Operand exc = operand_before(g, s->Raise.exc, s->Raise.cause), cause = {0, false};
    if (s->Raise.cause) {
        cause = gen_expr(g, s->Raise.cause, ANYWHERE);
    }
    at(g, s->pos);
    emit(g, I_RAISE, exc.reg, cause.reg, s->Raise.cause ? 2 : 1, kill_a(exc) | kill_b(cause));
    pop_to(g, mark);
}

static void
gen_expr_stmt(Gen *g, const Stmt *s)
{
    if (!g->interactive || g->u->outer) {
        gen_effect(g, s->Expr.value);
        return;
    }
    Reg r = push_expr(g, s->Expr.value);
    at(g, s->pos);
    emit(g, I_INTRINSIC_1, r, r, 1, INST_KILL_B);
    emit_clear(g, r);
    pop_to(g, r);
}

/* A chain of elifs is a loop here, however long. */
static void
gen_if(Gen *g, const Stmt *s)
{
    Label end = new_label(g);
    for (;;) {
        const StmtSeq *orelse = &s->If.orelse;
        Label next = orelse->count > 0 ? new_label(g) : end;
        gen_jump_if(g, s->If.test, false, next);
        gen_body(g, &s->If.body);
        if (orelse->count == 0) {
            break;
        }
        at(g, no_position);
        emit_goto(g, end);
        put_label(g, next);
        if (orelse->count != 1 || orelse->items[0]->kind != STMT_IF) {
            gen_body(g, orelse);
            break;
        }
        s = orelse->items[0];
    }
    put_label(g, end);
}

static void
gen_compound(Gen *g, const Stmt *s)
{
    g->u->conditional_depth++;
    switch (s->kind) {
    case STMT_FOR:
        gen_for(g, s);
        break;
    case STMT_ASYNC_FOR:
        gen_async_for(g, s);
        break;
    case STMT_WHILE:
        gen_while(g, s);
        break;
    case STMT_IF:
        gen_if(g, s);
        break;
    case STMT_WITH:
    case STMT_ASYNC_WITH:
        gen_with(g, s);
        break;
    case STMT_MATCH:
        gen_match(g, s);
        break;
    case STMT_TRY:
        gen_try(g, s);
        break;
    default:
        gen_try_star(g, s);
        break;
    }
    g->u->conditional_depth--;
}

void
gen_stmt(Gen *g, const Stmt *s)
{
    if (!compiler_enter(g->c)) {
        return;
    }
    at(g, s->pos);
    switch (s->kind) {
    case STMT_FUNCTION_DEF:
    case STMT_ASYNC_FUNCTION_DEF:
        gen_function_def(g, s);
        break;
    case STMT_CLASS_DEF:
        gen_class_def(g, s);
        break;
    case STMT_TYPE_ALIAS:
        gen_type_alias(g, s);
        break;
    case STMT_RETURN:
        gen_return(g, s);
        break;
    case STMT_DELETE:
        for (int i = 0; i < s->Delete.targets.count; i++) {
            gen_delete(g, s->Delete.targets.items[i]);
        }
        break;
    case STMT_ASSIGN:
        gen_assign(g, s);
        break;
    case STMT_AUG_ASSIGN:
        gen_aug_assign(g, s);
        break;
    case STMT_ANN_ASSIGN:
        gen_ann_assign(g, s);
        break;
    case STMT_RAISE:
        gen_raise(g, s);
        break;
    case STMT_ASSERT:
        gen_assert(g, s);
        break;
    case STMT_IMPORT:
        gen_import(g, s);
        break;
    case STMT_IMPORT_FROM:
        gen_import_from(g, s);
        break;
    case STMT_GLOBAL:
    case STMT_NONLOCAL:
        break;
    case STMT_EXPR:
        gen_expr_stmt(g, s);
        break;
    case STMT_PASS:
        emit(g, I_NOP, 0, 0, 0, 0);
        break;
    case STMT_BREAK:
    case STMT_CONTINUE:
        gen_loop_jump(g, s);
        break;
    default:
        gen_compound(g, s);
        break;
    }
}

void
gen_body(Gen *g, const StmtSeq *body)
{
    for (int i = 0; i < body->count && gen_ok(g); i++) {
        gen_stmt(g, body->items[i]);
    }
}
