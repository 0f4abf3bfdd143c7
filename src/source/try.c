/* try, except, except*, finally. */
#include "source/parser_priv.h"

/* Behind "except", when its block cannot be read: why. `at`: of "except". */
static void
check_except(Parser *p, int at, bool star)
{
    p->mark = at + 1 + star;
    if (star && (peek(p) == TOK_NEWLINE || peek(p) == TOK_COLON)) {
        fail_last(p, PROBLEM_SYNTAX, "expected one or more exception types");
        return;
    }
    if (peek(p) == TOK_NEWLINE) {
        fail_last(p, PROBLEM_SYNTAX, "expected ':'");
        return;
    }
    Expr *type = parse_expression(p);
    if (!type)
        return;
    int behind = p->mark;
    if (accept(p, TOK_COMMA) && parse_expressions(p) && accept(p, KW_AS) && accept(p, TOK_NAME) &&
        accept(p, TOK_COLON)) {
        fail_from(p, type->pos, "multiple exception types must be parenthesized when using 'as'");
        return;
    }
    p->mark = behind;
    if (!parser_stopped(p) && accept(p, KW_AS)) {
        int target = p->mark;
        if (!accept(p, TOK_NAME) || peek(p) != TOK_NEWLINE) {
            StmtSeq body;
            p->mark = target;
            Expr *e = parse_expression(p);
            if (e && accept(p, TOK_COLON) && parse_block(p, "", 0, &body))
                fail_pos(p, e->pos, "cannot use except%s statement with %s", star ? "*" : "",
                         expr_kind_name(e));
            return;
        }
    }
    if (peek(p) == TOK_NEWLINE && !parser_stopped(p))
        fail_last(p, PROBLEM_SYNTAX, "expected ':'");
}

/* One handler; `star` says of which kind it must be. */
static ExceptHandler *
parse_handler(Parser *p, bool star)
{
    Start start = start_here(p);
    int at = p->mark;
    Expr *type = NULL;
    const Name *name = NULL;
    StmtSeq body;
    bool bare = false;
    p->mark += 1 + star;
    if (star || peek(p) != TOK_COLON) {
        int first = p->mark;
        type = parse_expression(p);
        bare = type && peek(p) == TOK_COMMA; /* several without parentheses: no name may follow */
        if (bare) {
            p->mark = first;
            type = parse_expressions(p);
        }
        if (type && !bare && peek(p) == KW_AS) {
            int at_as = p->mark++;
            name = parse_identifier(p);
            if (!name)
                p->mark = at_as;
        }
    }
    if (((star || p->mark != at + 1) && !type) || !accept(p, TOK_COLON)) {
        if (p->checks && !parser_stopped(p))
            check_except(p, at, star);
        return NULL;
    }
    if (!parse_block(p, star ? "'except*' statement" : "'except' statement", start.lineno, &body))
        return NULL;
    if (bare && !feature(p, "except expressions without parentheses are", 14))
        return NULL;
    return except_handler(p->arena, pos_from(p, start), type, name, body);
}

/* At "except" where "except*" must stand, or the other way round. */
static void
check_other_handler(Parser *p, bool star)
{
    Pos first = pos_of_token(&p->tokens[p->mark]);
    Pos last = pos_of_token(&p->tokens[p->mark + star]);
    p->mark += 1 + star;
    if ((star || peek(p) != TOK_COLON) && !parse_expression(p))
        return;
    if (accept(p, KW_AS))
        accept(p, TOK_NAME);
    if (peek(p) == TOK_COLON)
        fail_pos(p, pos_join(first, last),
                 "cannot have both 'except' and 'except*' on the same 'try'");
}

static bool
parse_finally(Parser *p, StmtSeq *out)
{
    *out = (StmtSeq){0};
    if (peek(p) != KW_FINALLY)
        return true;
    int lineno = next_token(p).lineno;
    p->mark++;
    return expect_forced(p, TOK_COLON) && parse_block(p, "'finally' statement", lineno, out);
}

static Stmt *
parse_handlers(Parser *p, Start start, StmtSeq body)
{
    StmtSeq orelse = {0}, finalbody;
    int base = p->scratch_len;
    bool star = peek_at(p, 1) == TOK_STAR;
    while (peek(p) == KW_EXCEPT) {
        if ((peek_at(p, 1) == TOK_STAR) != star) {
            if (p->checks && !parser_stopped(p))
                check_other_handler(p, !star);
            return NULL;
        }
        ExceptHandler *handler = parse_handler(p, star);
        if (!handler)
            return NULL;
        scratch_push(p, handler);
    }
    ExceptHandlerSeq handlers = TAKE(ExceptHandlerSeq, p, base);
    if (peek(p) == KW_ELSE) {
        int lineno = next_token(p).lineno;
        p->mark++;
        if (!expect_forced(p, TOK_COLON) || !parse_block(p, "'else' statement", lineno, &orelse))
            return NULL;
    }
    if (!parse_finally(p, &finalbody))
        return NULL;
    Pos pos = pos_from(p, start);
    if (!star)
        return stmt_try(p->arena, pos, body, handlers, orelse, finalbody);
    if (!feature(p, "Exception groups are", 11))
        return NULL;
    return stmt_try_star(p->arena, pos, body, handlers, orelse, finalbody);
}

Stmt *
parse_try(Parser *p)
{
    Start start = start_here(p);
    StmtSeq body, finalbody;
    p->mark++;
    if (!expect_forced(p, TOK_COLON) || !parse_block(p, "'try' statement", start.lineno, &body))
        return NULL;
    if (peek(p) == KW_EXCEPT)
        return parse_handlers(p, start, body);
    if (peek(p) == KW_FINALLY) {
        if (!parse_finally(p, &finalbody))
            return NULL;
        return stmt_try(p->arena, pos_from(p, start), body, (ExceptHandlerSeq){0}, (StmtSeq){0},
                        finalbody);
    }
    if (p->checks && !parser_stopped(p))
        fail_last(p, PROBLEM_SYNTAX, "expected 'except' or 'finally' block");
    return NULL;
}
