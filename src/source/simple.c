/* Simple statements. */
#include "source/parser_priv.h"

static const uint8_t augmented[TOK_ALL] = {
    [TOK_PLUSEQUAL] = OPERATOR_ADD,
    [TOK_MINEQUAL] = OPERATOR_SUB,
    [TOK_STAREQUAL] = OPERATOR_MULT,
    [TOK_ATEQUAL] = OPERATOR_MAT_MULT,
    [TOK_SLASHEQUAL] = OPERATOR_DIV,
    [TOK_PERCENTEQUAL] = OPERATOR_MOD,
    [TOK_AMPEREQUAL] = OPERATOR_BIT_AND,
    [TOK_VBAREQUAL] = OPERATOR_BIT_OR,
    [TOK_CIRCUMFLEXEQUAL] = OPERATOR_BIT_XOR,
    [TOK_LEFTSHIFTEQUAL] = OPERATOR_L_SHIFT,
    [TOK_RIGHTSHIFTEQUAL] = OPERATOR_R_SHIFT,
    [TOK_DOUBLESTAREQUAL] = OPERATOR_POW,
    [TOK_DOUBLESLASHEQUAL] = OPERATOR_FLOOR_DIV,
};

bool
is_augmented(int kind)
{
    return augmented[kind];
}

/* Behind the first of `target = target = value`. */
static Stmt *
parse_assign(Parser *p, Start start, Expr *e)
{
    int base = p->scratch_len;
    while (peek(p) == TOK_EQUAL) {
        if (invalid_target(e, TARGET_ASSIGN))
            return NULL;
        set_context(e, CTX_STORE);
        scratch_push(p, e);
        p->mark++;
        e = parse_rhs(p);
        if (!e)
            return NULL;
    }
    const Text *comment = parse_type_comment(p);
    return stmt_assign(p->arena, pos_from(p, start), TAKE(ExprSeq, p, base), e, comment);
}

/* Behind `target`, at ":". */
static Stmt *
parse_ann_assign(Parser *p, Start start, bool simple, Expr *target)
{
    if (!is_single_target(target))
        return NULL;
    p->mark++;
    Expr *annotation = parse_expression(p), *value = NULL;
    if (!annotation)
        return NULL;
    if (peek(p) == TOK_EQUAL) {
        int at = p->mark++;
        value = parse_rhs(p);
        if (!value && !parser_retreat(p, at))
            return NULL;
    }
    if (!feature(p, simple ? "Variable annotation syntax is" : "Variable annotations syntax is", 6))
        return NULL;
    set_context(target, CTX_STORE);
    return stmt_ann_assign(p->arena, pos_from(p, start), target, annotation, value, simple);
}

static Stmt *
parse_aug_assign(Parser *p, Start start, Expr *target)
{
    if (!is_single_target(target))
        return NULL;
    Operator op = (Operator)augmented[peek(p)];
    p->mark++;
    if (op == OPERATOR_MAT_MULT && !feature(p, "The '@' operator is", 5))
        return NULL;
    Expr *value = parse_rhs(p);
    if (!value)
        return NULL;
    set_context(target, CTX_STORE);
    return stmt_aug_assign(p->arena, pos_from(p, start), target, op, value);
}

/* Before anything else, CPython looks for a target with something like ".name" behind it. */
static bool
check_target_start(Parser *p)
{
    Place at = place(p);
    Expr *e = parse_atom(p);
    int kind = peek(p);
    if (e && (kind == TOK_LPAR || kind == TOK_LSQB || kind == TOK_DOT)) {
        go_back(p, at);
        parse_primary(p);
    }
    go_back(p, at);
    return !parser_stopped(p);
}

/* A statement that starts with an expression: assignments, and the expression alone. */
static Stmt *
parse_expression_stmt(Parser *p)
{
    Start start = start_here(p);
    Place at = place(p);
    bool name = peek(p) == TOK_NAME;
    if (p->checks && !check_target_start(p))
        return NULL;
    Expr *e = parse_rhs(p);
    Stmt *s = NULL;
    bool augment = false;
    if (e) {
        int kind = peek(p);
        if (kind == TOK_EQUAL)
            s = parse_assign(p, start, e);
        else if (kind == TOK_COLON)
            s = parse_ann_assign(p, start, name && e->kind == EXPR_NAME, e);
        else if ((augment = augmented[kind]))
            s = parse_aug_assign(p, start, e);
        else if (!p->checks || kind == TOK_NEWLINE || kind == TOK_SEMI)
            return stmt_expr(p->arena, pos_from(p, start), e);
    }
    if (s || !e || !p->checks || parser_stopped(p))
        return s;
    if (!augment || !is_single_target(e)) {
        go_back(p, at);
        check_assignment(p, at.mark);
        if (parser_stopped(p))
            return NULL;
    }
    /* The expression alone, then. */
    go_back(p, at);
    e = parse_rhs(p);
    return e ? stmt_expr(p->arena, pos_from(p, start), e) : NULL;
}

/* ---- del, return, raise, assert, global ---- */

static Stmt *
parse_del(Parser *p)
{
    Start start = start_here(p);
    int at = p->mark++, base = p->scratch_len;
    bool good = false;
    while (starts_expression(peek(p))) {
        Expr *e = parse_primary(p);
        good = e && !invalid_target(e, TARGET_DELETE);
        if (!good)
            break;
        set_context(e, CTX_DEL);
        scratch_push(p, e);
        if (!accept(p, TOK_COMMA))
            break;
    }
    if (good && (peek(p) == TOK_SEMI || peek(p) == TOK_NEWLINE))
        return stmt_delete(p->arena, pos_from(p, start), TAKE(ExprSeq, p, base));
    p->scratch_len = base;
    if (p->checks && !parser_stopped(p)) {
        p->mark = at + 1;
        Expr *e = parse_star_expressions(p);
        if (e)
            fail_target(p, e, TARGET_DELETE);
    }
    return NULL;
}

static Stmt *
parse_return(Parser *p)
{
    Start start = start_here(p);
    int at = ++p->mark;
    Expr *value = NULL;
    if (p->checks || starts_expression(peek(p))) {
        value = parse_star_expressions(p);
        if (!value && !parser_retreat(p, at))
            return NULL;
    }
    return stmt_return(p->arena, pos_from(p, start), value);
}

static Stmt *
parse_raise(Parser *p)
{
    Start start = start_here(p);
    int at = ++p->mark;
    Expr *exc = NULL, *cause = NULL;
    if (p->checks || starts_expression(peek(p))) {
        exc = parse_expression(p);
        if (!exc && !parser_retreat(p, at))
            return NULL;
    }
    if (exc && peek(p) == KW_FROM) {
        at = p->mark++;
        cause = parse_expression(p);
        if (!cause && !parser_retreat(p, at))
            return NULL;
    }
    return stmt_raise(p->arena, pos_from(p, start), exc, cause);
}

static Stmt *
parse_assert(Parser *p)
{
    Start start = start_here(p);
    p->mark++;
    Expr *msg = NULL, *test = parse_expression(p);
    if (!test)
        return NULL;
    if (peek(p) == TOK_COMMA) {
        int at = p->mark++;
        msg = parse_expression(p);
        if (!msg && !parser_retreat(p, at))
            return NULL;
    }
    return stmt_assert(p->arena, pos_from(p, start), test, msg);
}

/* global and nonlocal. */
static Stmt *
parse_scope(Parser *p, bool global)
{
    Start start = start_here(p);
    int base = p->scratch_len;
    do {
        p->mark++;
        const Name *name = parse_identifier(p);
        if (!name)
            return NULL;
        scratch_push(p, name);
    } while (peek(p) == TOK_COMMA);
    Pos pos = pos_from(p, start);
    NameSeq names = TAKE(NameSeq, p, base);
    return global ? stmt_global(p->arena, pos, names) : stmt_nonlocal(p->arena, pos, names);
}

static Stmt *
parse_type_alias(Parser *p)
{
    Start start = start_here(p);
    p->mark++;
    Token token = next_token(p);
    const Name *id = parse_identifier(p);
    Expr *name = id ? expr_name(p->arena, pos_of_token(&token), id, CTX_STORE) : NULL;
    TypeParamSeq params;
    if (!name || !parse_type_params(p, &params) || !accept(p, TOK_EQUAL))
        return NULL;
    Expr *value = parse_expression(p);
    if (!value || !feature(p, "Type statement is", 12))
        return NULL;
    return stmt_type_alias(p->arena, pos_from(p, start), name, params, value);
}

/* A statement of one word. */
static Stmt *
parse_word(Parser *p, Stmt *(*make)(Arena *, Pos))
{
    if (p->checks && !check_before_expression(p))
        return NULL;
    Token token = next_token(p);
    p->mark++;
    return make(p->arena, pos_of_token(&token));
}

Stmt *
parse_simple_stmt(Parser *p)
{
    switch (peek(p)) {
    case TOK_NAME:
        if (peek_at(p, 1) != TOK_NAME || !peek_word(p, "type"))
            return parse_expression_stmt(p);
        if (p->checks) { /* "type" as a plain name comes first */
            Place at = place(p);
            parse_star_named_expression(p);
            if (parser_stopped(p))
                return NULL;
            go_back(p, at);
        }
        return parse_type_alias(p);
    case KW_RETURN:
        return parse_return(p);
    case KW_IMPORT:
        return parse_import(p);
    case KW_FROM:
        return parse_from_import(p);
    case KW_RAISE:
        return parse_raise(p);
    case KW_PASS:
        return parse_word(p, stmt_pass);
    case KW_BREAK:
        return parse_word(p, stmt_break);
    case KW_CONTINUE:
        return parse_word(p, stmt_continue);
    case KW_DEL:
        return parse_del(p);
    case KW_ASSERT:
        return parse_assert(p);
    case KW_GLOBAL:
        return parse_scope(p, true);
    case KW_NONLOCAL:
        return parse_scope(p, false);
    default:
        return parse_expression_stmt(p);
    }
}

bool
parse_simple_stmts(Parser *p)
{
    do {
        Stmt *s = parse_simple_stmt(p);
        if (!s)
            return false;
        scratch_push(p, s);
    } while (accept(p, TOK_SEMI) && peek(p) != TOK_NEWLINE);
    return accept(p, TOK_NEWLINE);
}
