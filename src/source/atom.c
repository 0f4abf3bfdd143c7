/* Atoms: names, constants, parentheses, lists, dicts, sets; and comprehensions. */
#include "source/parser_priv.h"

static Expr *
parse_constant(Parser *p, ConstKind kind)
{
    Token token = next_token(p);
    p->mark++;
    return expr_constant(p->arena, pos_of_token(&token), (Const){.kind = (uint8_t)kind}, NULL);
}

static Expr *
parse_name(Parser *p)
{
    Token token = next_token(p);
    const Name *id = parse_identifier(p);
    return id ? expr_name(p->arena, pos_of_token(&token), id, CTX_LOAD) : NULL;
}

/* ---- comprehensions ---- */

static Comprehension *
parse_for_if_clause(Parser *p)
{
    int at = p->mark;
    bool is_async = accept(p, KW_ASYNC);
    p->mark++;
    Expr *target = parse_star_targets(p);
    if (!target || peek(p) != KW_IN) {
        if (p->checks && !parser_stopped(p))
            check_for_target(p, at, true);
        return NULL;
    }
    p->mark++;
    Expr *iter = parse_disjunction(p);
    if (!iter)
        return NULL;
    int base = p->scratch_len;
    while (peek(p) == KW_IF) {
        int at_if = p->mark++;
        Expr *test = parse_disjunction(p);
        if (!test) {
            if (!parser_retreat(p, at_if))
                return NULL;
            break;
        }
        scratch_push(p, test);
    }
    ExprSeq ifs = TAKE(ExprSeq, p, base);
    if (is_async && !feature(p, "Async comprehensions are", 6))
        return NULL;
    return new_comprehension(p->arena, target, iter, ifs, is_async);
}

/* One or more; an empty sequence if there is none, or the parse failed. */
ComprehensionSeq
parse_for_if_clauses(Parser *p)
{
    int base = p->scratch_len;
    while (at_comprehension(p)) {
        int at = p->mark;
        Comprehension *clause = parse_for_if_clause(p);
        if (!clause) {
            if (!parser_retreat(p, at)) {
                p->scratch_len = base;
                return (ComprehensionSeq){0};
            }
            break;
        }
        scratch_push(p, clause);
    }
    return TAKE(ComprehensionSeq, p, base);
}

/* ---- parentheses ---- */

/* Elements with commas between them, behind the first one, up to before the closing bracket. */
static bool
parse_elements(Parser *p, Expr *first, ExprSeq *out)
{
    int base = p->scratch_len;
    if (first)
        scratch_push(p, first);
    while (first && accept(p, TOK_COMMA)) {
        int at = p->mark;
        Expr *item =
            p->checks || starts_expression(peek(p)) ? parse_star_named_expression(p) : NULL;
        if (!item) {
            if (p->mark != at && !parser_retreat(p, at))
                return false;
            break;
        }
        scratch_push(p, item);
    }
    *out = TAKE(ExprSeq, p, base);
    return !parser_stopped(p);
}

/* Behind "(": a tuple, an expression in parentheses, or a generator expression. */
static Expr *
parse_parentheses_inner(Parser *p, Start start)
{
    if (peek(p) == KW_YIELD) {
        Expr *e = parse_yield(p);
        return e && accept(p, TOK_RPAR) ? e : NULL;
    }
    bool starred = peek(p) == TOK_STAR;
    Expr *e = parse_star_named_expression(p);
    if (!e)
        return NULL;
    if (peek(p) == TOK_COMMA) {
        ExprSeq elts;
        if (!parse_elements(p, e, &elts) || !accept(p, TOK_RPAR))
            return NULL;
        return expr_tuple(p->arena, pos_from(p, start), elts, CTX_LOAD);
    }
    if (starred)
        return NULL;
    if (at_comprehension(p)) {
        ComprehensionSeq clauses = parse_for_if_clauses(p);
        if (!clauses.count || !accept(p, TOK_RPAR))
            return NULL;
        return expr_generator_exp(p->arena, pos_from(p, start), e, clauses);
    }
    return accept(p, TOK_RPAR) ? e : NULL;
}

static Expr *
parse_parentheses(Parser *p)
{
    Start start = start_here(p);
    Place at = place(p);
    p->mark++;
    if (accept(p, TOK_RPAR))
        return expr_tuple(p->arena, pos_from(p, start), (ExprSeq){0}, CTX_LOAD);
    Expr *e = parse_parentheses_inner(p, start);
    if (!e && p->checks && !parser_stopped(p)) {
        go_back(p, at);
        check_parentheses(p);
    }
    return e;
}

/* ---- brackets ---- */

static Expr *
parse_list_inner(Parser *p, Start start)
{
    ExprSeq elts;
    int at = p->mark;
    Expr *first = NULL;
    if (p->checks || starts_expression(peek(p))) {
        first = parse_star_named_expression(p);
        if (!first && !parser_retreat(p, at))
            return NULL;
    }
    if (first && first->kind != EXPR_STARRED && at_comprehension(p)) {
        ComprehensionSeq clauses = parse_for_if_clauses(p);
        if (!clauses.count || !accept(p, TOK_RSQB))
            return NULL;
        return expr_list_comp(p->arena, pos_from(p, start), first, clauses);
    }
    if (!parse_elements(p, first, &elts) || !accept(p, TOK_RSQB))
        return NULL;
    return expr_list(p->arena, pos_from(p, start), elts, CTX_LOAD);
}

static Expr *
parse_list(Parser *p)
{
    Start start = start_here(p);
    Place at = place(p);
    p->mark++;
    Expr *e = parse_list_inner(p, start);
    if (!e && p->checks && !parser_stopped(p)) {
        go_back(p, at);
        check_comprehension(p);
    }
    return e;
}

/* ---- braces ---- */

/* `key: value` or `**value`, whose key is NULL. */
static bool
parse_pair(Parser *p, Expr **key, Expr **value)
{
    *key = NULL;
    if (accept(p, TOK_DOUBLESTAR)) {
        *value = parse_binary(p, PREC_BITOR);
        return *value;
    }
    *key = parse_expression(p);
    if (!*key || !accept(p, TOK_COLON))
        return false;
    *value = parse_expression(p);
    return *value;
}

/* Behind the first pair of a dict, up to "}". A pair is `key: value`, or `**value` with no key. */
static Expr *
parse_dict_rest(Parser *p, Start start, Expr *key, Expr *value)
{
    int base = p->scratch_len;
    for (;;) {
        scratch_push(p, key);
        scratch_push(p, value);
        if (!accept(p, TOK_COMMA) || peek(p) == TOK_RBRACE)
            break;
        int at = p->mark;
        if (!parse_pair(p, &key, &value)) {
            if (!parser_retreat(p, at))
                return NULL;
            break;
        }
    }
    if (!accept(p, TOK_RBRACE))
        return NULL;
    AstSeq both = scratch_take(p, base);
    int count = both.count / 2;
    Expr **items = both.items;
    ExprSeq keys = {arena_alloc(p->arena, (size_t)count * sizeof(Expr *)), count};
    ExprSeq values = {arena_alloc(p->arena, (size_t)count * sizeof(Expr *)), count};
    if (!keys.items || !values.items)
        return NULL;
    for (int i = 0; i < count; i++) {
        keys.items[i] = items[2 * i];
        values.items[i] = items[2 * i + 1];
    }
    return expr_dict(p->arena, pos_from(p, start), keys, values);
}

/* A set or set comprehension, behind its first element, up to "}". */
static Expr *
parse_set_rest(Parser *p, Start start, Expr *first)
{
    if (first->kind != EXPR_STARRED && at_comprehension(p)) {
        ComprehensionSeq clauses = parse_for_if_clauses(p);
        if (!clauses.count || !accept(p, TOK_RBRACE))
            return NULL;
        return expr_set_comp(p->arena, pos_from(p, start), first, clauses);
    }
    ExprSeq elts;
    if (!parse_elements(p, first, &elts) || !accept(p, TOK_RBRACE))
        return NULL;
    return expr_set(p->arena, pos_from(p, start), elts);
}

/* Behind `key`, where no ":" follows. */
static Expr *
parse_set_behind(Parser *p, Start start, int at, Expr *key)
{
    if (p->checks && !check_named_expression(p, at + 1, key))
        return NULL;
    return peek(p) == TOK_COLONEQUAL ? NULL : parse_set_rest(p, start, key);
}

static Expr *
parse_braces_inner(Parser *p, Start start, int at)
{
    Expr *key = NULL, *value;
    if (peek(p) == TOK_STAR || (peek(p) == TOK_NAME && peek_at(p, 1) == TOK_COLONEQUAL)) {
        Expr *first = parse_star_named_expression(p);
        return first ? parse_set_rest(p, start, first) : NULL;
    }
    if (accept(p, TOK_DOUBLESTAR)) {
        value = parse_binary(p, PREC_BITOR);
    } else {
        key = parse_expression(p);
        if (key && peek(p) != TOK_COLON)
            return parse_set_behind(p, start, at, key);
        value = key && accept(p, TOK_COLON) ? parse_expression(p) : NULL;
    }
    if (!value)
        return NULL;
    if (!at_comprehension(p) || !key)
        return parse_dict_rest(p, start, key, value);
    ComprehensionSeq clauses = parse_for_if_clauses(p);
    if (!clauses.count || !accept(p, TOK_RBRACE))
        return NULL;
    return expr_dict_comp(p->arena, pos_from(p, start), key, value, clauses);
}

/* A dict, a set, or a comprehension of either. */
static Expr *
parse_braces(Parser *p)
{
    Start start = start_here(p);
    Place at = place(p);
    p->mark++;
    if (accept(p, TOK_RBRACE))
        return expr_dict(p->arena, pos_from(p, start), (ExprSeq){0}, (ExprSeq){0});
    Expr *e = parse_braces_inner(p, start, at.mark);
    if (!e) {
        p->bad_braces = true;
        if (p->second_pass && !parser_stopped(p)) {
            go_back(p, at);
            check_braces(p);
        }
    }
    return e;
}

Expr *
parse_atom(Parser *p)
{
    switch (peek(p)) {
    case TOK_NAME:
        return parse_name(p);
    case TOK_NUMBER:
        return parse_number(p);
    case TOK_STRING:
    case TOK_FSTRING_START:
    case TOK_TSTRING_START:
        return parse_strings(p);
    case TOK_LPAR:
        return parse_parentheses(p);
    case TOK_LSQB:
        return parse_list(p);
    case TOK_LBRACE:
        return parse_braces(p);
    case KW_NONE:
        return parse_constant(p, CONST_NONE);
    case KW_TRUE:
        return parse_constant(p, CONST_TRUE);
    case KW_FALSE:
        return parse_constant(p, CONST_FALSE);
    case TOK_ELLIPSIS:
        return parse_constant(p, CONST_ELLIPSIS);
    default:
        return NULL;
    }
}
