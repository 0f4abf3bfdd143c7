/* Compound statements: if, while, for, def, class, decorators, async; blocks. (try and with: try.c,
 * with.c; match: pattern.c) */
#include "source/parser_priv.h"

bool
parse_statement(Parser *p)
{
    bool none = false;
    Stmt *s = parse_compound(p, &none);
    if (none)
        return parse_simple_stmts(p);
    if (s)
        scratch_push(p, s);
    return s;
}

bool
parse_colon(Parser *p)
{
    if (accept(p, TOK_COLON))
        return true;
    if (p->checks && peek(p) == TOK_NEWLINE)
        fail_last(p, PROBLEM_SYNTAX, "expected ':'");
    return false;
}

bool
parse_block(Parser *p, const char *what, int lineno, StmtSeq *out)
{
    int base = p->scratch_len;
    if (!enter(p))
        return false;
    if (peek(p) != TOK_NEWLINE) {
        if (!parse_simple_stmts(p))
            return false;
        *out = TAKE(StmtSeq, p, base);
        return true;
    }
    if (peek_at(p, 1) != TOK_INDENT) {
        if (p->checks && !parser_stopped(p))
            fail_last(p, PROBLEM_INDENTATION, "expected an indented block after %s on line %d",
                      what, lineno);
        return false;
    }
    p->mark += 2;
    do {
        if (!parse_statement(p))
            return false;
    } while (peek(p) != TOK_DEDENT);
    p->mark++;
    *out = TAKE(StmtSeq, p, base);
    return true;
}

/* "else" and its block, if they are next. */
static bool
parse_else(Parser *p, StmtSeq *out)
{
    *out = (StmtSeq){0};
    if (peek(p) != KW_ELSE)
        return true;
    int lineno = next_token(p).lineno;
    p->mark++;
    return expect_forced(p, TOK_COLON) && parse_block(p, "'else' statement", lineno, out);
}

/* A chain of elif is a chain of nodes; all end where the last one does. */
static Stmt *
parse_if(Parser *p)
{
    Stmt *first = NULL, *last = NULL;
    int base = p->scratch_len;
    do {
        Token token = next_token(p);
        bool elif = token.kind == KW_ELIF;
        StmtSeq body;
        p->mark++;
        Expr *test = parse_named_expression(p);
        if (!test || !parse_colon(p) ||
            !parse_block(p, elif ? "'elif' statement" : "'if' statement", token.lineno, &body))
            return NULL;
        Stmt *s = stmt_if(p->arena, pos_of_token(&token), test, body, (StmtSeq){0});
        if (!s)
            return NULL;
        if (last)
            last->If.orelse = SEQ(StmtSeq, seq_of(p, s));
        else
            first = s;
        last = s;
        scratch_push(p, s);
    } while (peek(p) == KW_ELIF);
    int behind_else = p->mark;
    if (!parse_else(p, &last->If.orelse))
        return NULL;
    if (p->checks && p->mark != behind_else && peek(p) == KW_ELIF) {
        Token token = next_token(p);
        return fail_token(p, &token, "'elif' block follows an 'else' block");
    }
    Pos end = pos_from(p, (Start){0, 0});
    while (p->scratch_len > base) {
        Stmt *s = p->scratch[--p->scratch_len];
        s->pos = pos_join(s->pos, end);
    }
    return first;
}

static Stmt *
parse_while(Parser *p)
{
    Start start = start_here(p);
    StmtSeq body, orelse;
    p->mark++;
    Expr *test = parse_named_expression(p);
    if (!test || !parse_colon(p) || !parse_block(p, "'while' statement", start.lineno, &body) ||
        !parse_else(p, &orelse))
        return NULL;
    return stmt_while(p->arena, pos_from(p, start), test, body, orelse);
}

static Stmt *
parse_for(Parser *p, Start start, bool is_async)
{
    StmtSeq body, orelse;
    int at = p->mark, lineno = next_token(p).lineno;
    p->mark++;
    Expr *target = parse_star_targets(p);
    if (!target || peek(p) != KW_IN) {
        if (p->checks && !parser_stopped(p))
            check_for_target(p, at, false);
        return NULL;
    }
    p->mark++;
    Expr *iter = parse_star_expressions(p);
    if (!iter || !parse_colon(p))
        return NULL;
    const Text *comment = parse_type_comment(p);
    if (!parse_block(p, "'for' statement", lineno, &body) || !parse_else(p, &orelse))
        return NULL;
    Pos pos = pos_from(p, start);
    if (!is_async)
        return stmt_for(p->arena, pos, target, iter, body, orelse, comment);
    if (!feature(p, "Async for loops are", 5))
        return NULL;
    return stmt_async_for(p->arena, pos, target, iter, body, orelse, comment);
}

/* ---- functions and classes ---- */

/* A type comment of a function: behind the colon, or in a line of its own before the body. */
static bool
parse_function_type_comment(Parser *p, const Text **out)
{
    *out = NULL;
    if (!p->source->type_comments)
        return true;
    if (peek(p) == TOK_NEWLINE && peek_at(p, 1) == TOK_TYPE_COMMENT) {
        if (peek_at(p, 2) == TOK_NEWLINE && peek_at(p, 3) == TOK_INDENT) {
            p->mark++;
            *out = parse_type_comment(p);
        }
        return true;
    }
    if (p->checks && peek(p) == TOK_TYPE_COMMENT && peek_at(p, 1) == TOK_NEWLINE &&
        peek_at(p, 2) == TOK_TYPE_COMMENT && peek_at(p, 3) == TOK_NEWLINE &&
        peek_at(p, 4) == TOK_INDENT)
        return fail_last(p, PROBLEM_SYNTAX, "Cannot have two type comments on def");
    *out = parse_type_comment(p);
    return true;
}

Stmt *
parse_function(Parser *p, Start start, ExprSeq decorators, bool is_async)
{
    TypeParamSeq type_params;
    StmtSeq body;
    const Text *comment;
    Expr *returns = NULL;
    int lineno = next_token(p).lineno;
    p->mark++;
    const Name *name = parse_identifier(p);
    if (!name)
        return NULL;
    Place at = place(p);
    if (!parse_type_params(p, &type_params)) {
        if (parser_stopped(p))
            return NULL;
        go_back(p, at);
    }
    if (!expect_checked(p, TOK_LPAR))
        return NULL;
    Arguments *args = parse_params(p, false);
    if (!args || !accept(p, TOK_RPAR))
        return NULL;
    if (peek(p) == TOK_RARROW) {
        int arrow = p->mark++;
        returns = parse_expression(p);
        if (!returns && !parser_retreat(p, arrow))
            return NULL;
    }
    if (!expect_checked(p, TOK_COLON) || !parse_function_type_comment(p, &comment) ||
        !parse_block(p, "function definition", lineno, &body))
        return NULL;
    Pos pos = pos_from(p, start);
    if (!is_async)
        return stmt_function_def(p->arena, pos, name, args, body, decorators, returns, comment,
                                 type_params);
    if (!feature(p, "Async functions are", 5))
        return NULL;
    return stmt_async_function_def(p->arena, pos, name, args, body, decorators, returns, comment,
                                   type_params);
}

Stmt *
parse_class(Parser *p, ExprSeq decorators)
{
    Start start = start_here(p);
    TypeParamSeq type_params;
    CallArgs args = {0};
    StmtSeq body;
    p->mark++;
    const Name *name = parse_identifier(p);
    if (!name || !parse_type_params(p, &type_params))
        return NULL;
    if (accept(p, TOK_LPAR) && (!parse_arguments(p, false, &args) || !accept(p, TOK_RPAR)))
        return NULL;
    if (!parse_colon(p) || !parse_block(p, "class definition", start.lineno, &body))
        return NULL;
    return stmt_class_def(p->arena, pos_from(p, start), name, args.args, args.keywords, body,
                          decorators, type_params);
}

/* Type parameters in brackets, if there are any. */
bool
parse_type_params(Parser *p, TypeParamSeq *out)
{
    *out = (TypeParamSeq){0};
    if (peek(p) != TOK_LSQB)
        return true;
    int base = p->scratch_len;
    p->mark++;
    if (p->checks && peek(p) == TOK_RSQB) {
        Token close = next_token(p);
        return fail_from(p, pos_of_token(&close), "Type parameter list cannot be empty");
    }
    do {
        Start start = start_here(p);
        int stars = accept(p, TOK_STAR) ? 1 : accept(p, TOK_DOUBLESTAR) ? 2 : 0;
        const Name *name = parse_identifier(p);
        Expr *bound = NULL, *value = NULL;
        if (!name)
            return false;
        if (peek(p) == TOK_COLON) {
            Token colon = next_token(p);
            p->mark++;
            if (stars && !p->checks)
                return false;
            bound = parse_expression(p);
            if (!bound)
                return false;
            if (stars) {
                bool tuple = bound->kind == EXPR_TUPLE;
                return fail_from(p, pos_of_token(&colon),
                                 tuple ? "cannot use constraints with %s"
                                       : "cannot use bound with %s",
                                 stars == 1 ? "TypeVarTuple" : "ParamSpec");
            }
        }
        if (accept(p, TOK_EQUAL)) {
            value = stars == 1 ? parse_star_expression(p) : parse_expression(p);
            if (!value || !feature(p, "Type parameter defaults are", 13))
                return false;
        }
        Pos pos = pos_from(p, start);
        scratch_push(p, stars == 0   ? type_param_type_var(p->arena, pos, name, bound, value)
                        : stars == 1 ? type_param_type_var_tuple(p->arena, pos, name, value)
                                     : type_param_param_spec(p->arena, pos, name, value));
    } while (accept(p, TOK_COMMA) && peek(p) != TOK_RSQB);
    *out = TAKE(TypeParamSeq, p, base);
    return accept(p, TOK_RSQB) && feature(p, "Type parameter lists are", 12);
}

static Stmt *
parse_decorated(Parser *p)
{
    int base = p->scratch_len;
    while (accept(p, TOK_AT)) {
        Expr *e = parse_named_expression(p);
        if (!e || !accept(p, TOK_NEWLINE))
            return NULL;
        scratch_push(p, e);
    }
    ExprSeq decorators = TAKE(ExprSeq, p, base);
    int kind = peek(p);
    Start start = start_here(p);
    if (kind == KW_DEF)
        return parse_function(p, start, decorators, false);
    if (kind == KW_CLASS)
        return parse_class(p, decorators);
    if (kind != KW_ASYNC || peek_at(p, 1) != KW_DEF)
        return NULL;
    p->mark++;
    return parse_function(p, start, decorators, true);
}

static Stmt *
parse_async(Parser *p)
{
    Start start = start_here(p);
    p->mark++;
    switch (peek(p)) {
    case KW_DEF:
        return parse_function(p, start, (ExprSeq){0}, true);
    case KW_WITH:
        return parse_with(p, start, true);
    case KW_FOR:
        return parse_for(p, start, true);
    default:
        return NULL;
    }
}

Stmt *
parse_compound(Parser *p, bool *none)
{
    *none = false;
    switch (peek(p)) {
    case KW_IF:
        return parse_if(p);
    case KW_FOR:
        return parse_for(p, start_here(p), false);
    case KW_WHILE:
        return parse_while(p);
    case KW_DEF:
        return parse_function(p, start_here(p), (ExprSeq){0}, false);
    case KW_CLASS:
        return parse_class(p, (ExprSeq){0});
    case KW_TRY:
        return parse_try(p);
    case KW_WITH:
        return parse_with(p, start_here(p), false);
    case TOK_AT:
        return parse_decorated(p);
    case KW_ASYNC:
        return parse_async(p);
    case TOK_NAME:
        if (peek_word(p, "match"))
            return parse_match(p, none);
        break;
    default:
        break;
    }
    *none = true;
    return NULL;
}
