/* with and async with. */
#include "source/parser_priv.h"

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
            return true;
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
