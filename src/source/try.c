/* try, except, except*, finally; with. */
#include "source/parser_priv.h"

/* ---- try ---- */

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
    p->mark += 1 + star;
    if (star || peek(p) != TOK_COLON) {
        type = parse_expressions(p);
        bool bare = type && type->kind == EXPR_TUPLE && p->tokens[at + 1 + star].kind != TOK_LPAR;
        /* A tuple in parentheses and more behind it is bare as well. */
        if (type && type->kind == EXPR_TUPLE && !bare)
            bare = type->end_col_offset != p->tokens[p->mark - 1].end_col ||
                   p->tokens[p->mark - 1].kind != TOK_RPAR ||
                   p->tokens[p->mark - 1].level != p->tokens[at].level;
        if (bare && !feature(p, "except expressions without parentheses are", 14))
            return NULL;
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

/* ---- with ---- */

/* "as" and what is no target behind it. */
static void
check_with_item(Parser *p)
{
    p->mark++;
    Expr *e = parse_expression(p);
    int kind = peek(p);
    if (e && (kind == TOK_COMMA || kind == TOK_RPAR || kind == TOK_COLON))
        fail_target(p, e, TARGET_ASSIGN);
}

static WithItem *
parse_with_item(Parser *p)
{
    Expr *e = parse_expression(p);
    if (!e)
        return NULL;
    if (peek(p) == KW_AS) {
        int at = p->mark++;
        Expr *target = parse_star_target(p);
        int kind = peek(p);
        if (target && (kind == TOK_COMMA || kind == TOK_RPAR || kind == TOK_COLON))
            return new_with_item(p->arena, e, target);
        p->mark = at;
        if (p->checks && !parser_stopped(p)) {
            check_with_item(p);
            p->mark = at;
        }
        if (parser_stopped(p))
            return NULL;
    }
    return new_with_item(p->arena, e, NULL);
}

/* Items with commas between them. `trailing`: one may come last. */
static bool
parse_with_items(Parser *p, bool trailing, WithItemSeq *out)
{
    int base = p->scratch_len;
    do {
        WithItem *item = parse_with_item(p);
        if (!item)
            return false;
        scratch_push(p, item);
    } while (accept(p, TOK_COMMA) && !(trailing && peek(p) == TOK_RPAR));
    *out = TAKE(WithItemSeq, p, base);
    return true;
}

/* What the second pass looks at first: whether all is well up to the colon, but there is no block;
   or no colon. `open`: with parentheses around the items. */
static bool
check_with(Parser *p, int at, bool open, bool at_end)
{
    Place here = place(p);
    int lineno = p->tokens[at].lineno;
    p->mark = at + 1;
    bool good = !open || accept(p, TOK_LPAR);
    while (good) {
        good = open ? parse_expressions(p) != NULL : parse_expression(p) != NULL;
        if (good && peek(p) == KW_AS) {
            int as = p->mark++;
            if (!parse_star_target(p))
                p->mark = as;
        }
        if (peek(p) != TOK_COMMA)
            break;
        p->mark++;
        if (open && peek(p) == TOK_RPAR)
            break;
    }
    good = good && (!open || accept(p, TOK_RPAR)) && !parser_stopped(p);
    if (good && at_end && peek(p) == TOK_NEWLINE)
        fail_last(p, PROBLEM_SYNTAX, "expected ':'");
    if (good && !at_end && accept(p, TOK_COLON) && peek(p) == TOK_NEWLINE &&
        peek_at(p, 1) != TOK_INDENT && !parser_stopped(p))
        fail_last(p, PROBLEM_INDENTATION,
                  "expected an indented block after 'with' statement on line %d", lineno);
    go_back(p, here);
    return !parser_stopped(p);
}

/* The items and the colon. */
static bool
parse_with_head(Parser *p, WithItemSeq *items)
{
    if (peek(p) == TOK_LPAR) {
        Place at = place(p);
        p->mark++;
        if (parse_with_items(p, true, items) && accept(p, TOK_RPAR) && accept(p, TOK_COLON))
            return feature(p, "Parenthesized context managers are", 9);
        if (parser_stopped(p))
            return false;
        go_back(p, at);
    }
    return parse_with_items(p, false, items) && accept(p, TOK_COLON);
}

Stmt *
parse_with(Parser *p, Start start, bool is_async)
{
    WithItemSeq items;
    StmtSeq body;
    int at = p->mark, lineno = next_token(p).lineno;
    if (p->checks && (!check_with(p, at, false, false) || !check_with(p, at, true, false)))
        return NULL;
    p->mark++;
    if (!parse_with_head(p, &items)) {
        if (p->checks && !parser_stopped(p) && check_with(p, at, false, true))
            check_with(p, at, true, true);
        return NULL;
    }
    const Text *comment = parse_type_comment(p);
    if (!parse_block(p, "'with' statement", lineno, &body))
        return NULL;
    Pos pos = pos_from(p, start);
    if (!is_async)
        return stmt_with(p->arena, pos, items, body, comment);
    if (!feature(p, "Async with statements are", 5))
        return NULL;
    return stmt_async_with(p->arena, pos, items, body, comment);
}
