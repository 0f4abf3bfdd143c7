/* Why arguments, parameters or an assignment cannot be read: checks of the second pass. See
 * parser_priv.h. */
#include "source/parser_priv.h"

/* ---- arguments ---- */

/* At "*": a lone star, or an assignment to a starred expression. */
bool
check_starred(Parser *p)
{
    Place at = place(p);
    Start start = start_here(p);
    p->mark++;
    Expr *e = parse_expression(p);
    if (!e) {
        if (!parser_stopped(p)) {
            fail_last(p, PROBLEM_SYNTAX, "Invalid star expression");
        }
    } else if (accept(p, TOK_EQUAL)) {
        Expr *value = parse_expression(p);
        if (value)
            fail_pos(p, (Pos){start.lineno, start.col, value->end_lineno, value->end_col_offset},
                     "cannot assign to iterable argument unpacking");
    }
    go_back(p, at);
    return !parser_stopped(p);
}

/* At `name =`. */
static void
check_keyword(Parser *p)
{
    Pos name = pos_of_token(&p->tokens[p->mark]), equal = pos_of_token(&p->tokens[p->mark + 1]);
    p->mark += 2;
    int kind = peek(p);
    if (kind == TOK_COMMA || kind == TOK_RPAR) {
        fail_pos(p, pos_join(name, equal), "expected argument value expression");
        return;
    }
    if (parse_expression(p) && at_comprehension(p) && parse_for_if_clauses(p).count)
        fail_pos(p, pos_join(name, equal),
                 "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
}

/* Where an argument should start. */
bool
check_argument(Parser *p, bool starred)
{
    Place at = place(p);
    int kind = peek(p);
    Token token = next_token(p);
    if (kind == TOK_STAR)
        return !starred || check_starred(p);
    if (kind == TOK_NAME && peek_at(p, 1) == TOK_EQUAL) {
        check_keyword(p);
    } else if ((kind == KW_TRUE || kind == KW_FALSE || kind == KW_NONE) &&
               peek_at(p, 1) == TOK_EQUAL) {
        fail_pos(p, pos_join(pos_of_token(&token), pos_of_token(&p->tokens[p->mark + 1])),
                 "cannot assign to %s", token_text(kind));
    } else if (kind == TOK_DOUBLESTAR) {
        p->mark++;
        Expr *e = parse_expression(p),
             *value = e && accept(p, TOK_EQUAL) ? parse_expression(p) : NULL;
        if (value)
            fail_pos(p, pos_join(pos_of_token(&token), value->pos),
                     "cannot assign to keyword argument unpacking");
    } else {
        Expr *e = parse_expression(p);
        if (e && peek(p) == TOK_EQUAL && !parser_stopped(p))
            fail_pos(p, pos_join(e->pos, pos_of_token(&p->tokens[p->mark])),
                     "expression cannot contain assignment, perhaps you meant \"==\"?");
    }
    go_back(p, at);
    return !parser_stopped(p);
}

static void
fail_generator(Parser *p, const Expr *first, const Expr *last)
{
    if (!parser_stopped(p))
        fail_pos(p, pos_join(first->pos, last->pos), "Generator expression must be parenthesized");
}

/* Behind "(", when no arguments followed by ")" could be read. */
void
check_arguments(Parser *p)
{
    Place at = place(p);
    ArgList list;
    read_arguments(p, &list);
    int end = p->mark;
    if (list.double_starred && peek(p) == TOK_COMMA && peek_at(p, 1) == TOK_STAR) {
        Token comma = next_token(p);
        p->mark++;
        bool any = false;
        for (;;) {
            int item = p->mark;
            if (peek(p) != TOK_STAR || !check_starred(p)) {
                p->mark = item;
                break;
            }
            p->mark++;
            if (!parse_expression(p) || peek(p) == TOK_EQUAL) {
                p->mark = item;
                break;
            }
            any = true;
            if (!accept(p, TOK_COMMA))
                break;
        }
        if (any && !parser_stopped(p))
            fail_from(p, pos_of_token(&comma),
                      "iterable argument unpacking follows keyword argument unpacking");
    }
    if (parser_stopped(p))
        return;
    go_back(p, at);
    Expr *first = parse_expression(p), *last = first ? read_clauses(p) : NULL;
    if (last && accept(p, TOK_COMMA)) {
        ArgList rest;
        read_arguments(p, &rest);
        fail_generator(p, first, last);
    }
    p->mark = end;
    if (!parser_stopped(p) && list.count && (last = read_clauses(p)) && list.last_positional &&
        list.positional > 1)
        fail_generator(p, list.last_positional, last);
    p->mark = end;
    if (parser_stopped(p) || !list.count || !accept(p, TOK_COMMA))
        return;
    first = parse_expression(p);
    last = first ? read_clauses(p) : NULL;
    if (last)
        fail_generator(p, first, last);
    p->mark = end + 1;
    ArgList more;
    if (parser_stopped(p) || !read_arguments(p, &more))
        return;
    if (!parser_stopped(p))
        fail_last(p, PROBLEM_SYNTAX, "positional argument follows keyword argument%s",
                  list.double_starred ? " unpacking" : "");
}

/* ---- parameters ---- */

/* Behind "=": a default is missing. */
bool
check_default(Parser *p)
{
    int kind = peek(p);
    if (kind != TOK_RPAR && kind != TOK_COMMA)
        return true;
    fail_token(p, &p->tokens[p->mark - 1], "expected default value expression");
    return false;
}

/* At "/". */
bool
check_slash(Parser *p, bool again, int before, bool behind_star)
{
    Token slash = next_token(p);
    if (before == 0 && !again && !behind_star) {
        if (peek_at(p, 1) == TOK_COMMA)
            fail_token(p, &slash, "at least one argument must precede /");
    } else if (behind_star) {
        fail_token(p, &slash, "/ must be ahead of *");
    } else if (again) {
        fail_token(p, &slash, "/ may appear only once");
    }
    return !parser_stopped(p);
}

/* At "*". */
bool
check_star_param(Parser *p, bool again, bool lambda)
{
    Token star = next_token(p);
    int kind = peek_at(p, 1), close = lambda ? TOK_COLON : TOK_RPAR;
    if (again) {
        if (kind == TOK_NAME || kind == TOK_COMMA)
            fail_token(p, &star, "* argument may appear only once");
    } else if (kind == close ||
               (kind == TOK_COMMA && (peek_at(p, 2) == close || peek_at(p, 2) == TOK_DOUBLESTAR))) {
        if (lambda)
            fail_last(p, PROBLEM_SYNTAX, "named arguments must follow bare *");
        else
            fail_token(p, &star, "named arguments must follow bare *");
    } else if (kind == TOK_COMMA && peek_at(p, 2) == TOK_SLASH) {
        fail_token(p, &p->tokens[p->mark + 2], "/ must be ahead of *");
    } else if (kind == TOK_COMMA && peek_at(p, 2) == TOK_TYPE_COMMENT) {
        fail_last(p, PROBLEM_SYNTAX, "bare * has associated type comment");
    }
    return !parser_stopped(p);
}

/* Behind `**name` and perhaps a comma. */
bool
check_behind_kwarg(Parser *p, bool comma)
{
    int kind = peek(p);
    Token token = next_token(p);
    if (!comma && kind == TOK_EQUAL)
        fail_token(p, &token, "var-keyword argument cannot have default value");
    else if (comma && (kind == TOK_STAR || kind == TOK_DOUBLESTAR || kind == TOK_SLASH))
        fail_token(p, &token, "arguments cannot follow var-keyword argument");
    else if (comma && kind == TOK_NAME)
        fail_pos(p, pos_of_token(&token), "arguments cannot follow var-keyword argument");
    return !parser_stopped(p);
}

/* At "(", where a parameter should be: a list of names in parentheses. */
static void
check_parenthesized(Parser *p, bool lambda)
{
    Token open = next_token(p);
    do {
        p->mark++;
        if (!accept(p, TOK_NAME))
            return;
    } while (peek(p) == TOK_COMMA && peek_at(p, 1) == TOK_NAME);
    accept(p, TOK_COMMA);
    if (peek(p) == TOK_RPAR)
        fail_pos(p, pos_join(pos_of_token(&open), pos_of_token(&p->tokens[p->mark])),
                 "%s parameters cannot be parenthesized",
                 lambda ? "Lambda expression" : "Function");
}

/* Where the list of parameters should go on or end. `plain`: only names without defaults came so
 * far. */
void
check_params_end(Parser *p, bool lambda, bool plain)
{
    Place at = place(p);
    int kind = peek(p), before = p->tokens[p->mark - 1].kind;
    if (kind == TOK_LPAR && plain &&
        (before == TOK_LPAR || before == TOK_COMMA || before == KW_LAMBDA))
        check_parenthesized(p, lambda);
    else if (kind == TOK_STAR && before == TOK_SLASH)
        fail_token(p, &p->tokens[p->mark], "expected comma between / and *");
    go_back(p, at);
}

/* "lambda" at token `at` and its parameters; ":" may come: in an f-string it would start a format
 * specifier. */
bool
check_lambda(Parser *p, int at)
{
    if (peek(p) == TOK_COLON) {
        int kind = peek_at(p, 1);
        if (kind == TOK_FSTRING_MIDDLE || kind == TOK_TSTRING_MIDDLE)
            fail_pos(p, pos_join(pos_of_token(&p->tokens[at]), pos_of_token(&p->tokens[p->mark])),
                     "%c-string: lambda expressions are not allowed without parentheses",
                     kind == TOK_TSTRING_MIDDLE ? 't' : 'f');
    }
    return !parser_stopped(p);
}

/* ---- assignments ---- */

/* Annotations: `target: annotation`. */
static void
check_annotation(Parser *p, int at)
{
    int kind = peek(p);
    if (kind == TOK_LPAR || kind == TOK_LSQB) {
        Expr *e = parse_atom(p);
        if (e && (e->kind == EXPR_TUPLE || e->kind == EXPR_LIST) && accept(p, TOK_COLON) &&
            parse_expression(p))
            fail_pos(p, e->pos, "only single target (not %s) can be annotated", expr_kind_name(e));
    }
    if (parser_stopped(p))
        return;
    p->mark = at;
    Expr *first = parse_star_named_expression(p);
    if (first && accept(p, TOK_COMMA)) {
        for (;;) {
            int item = p->mark;
            if (!parse_star_named_expression(p)) {
                p->mark = item;
                break;
            }
            accept(p, TOK_COMMA);
        }
        if (!parser_stopped(p) && accept(p, TOK_COLON) && parse_expression(p))
            fail_pos(p, first->pos, "only single target (not tuple) can be annotated");
    }
    if (parser_stopped(p))
        return;
    p->mark = at;
    Expr *e = parse_expression(p);
    if (e && accept(p, TOK_COLON) && parse_expression(p))
        fail_pos(p, e->pos, "illegal target for annotation");
}

/* A statement at token `at` that starts with an expression and is no assignment, though "=", ":",
 * ":=" or "+=" follows. */
void
check_assignment(Parser *p, int at)
{
    check_annotation(p, at);
    if (parser_stopped(p))
        return;
    p->mark = at;
    for (;;) { /* good targets */
        int target = p->mark;
        if (!parse_star_targets(p) || !accept(p, TOK_EQUAL)) {
            p->mark = target;
            break;
        }
    }
    if (parser_stopped(p))
        return;
    if (peek(p) == KW_YIELD) {
        Expr *e = parse_yield(p);
        if (e && peek(p) == TOK_EQUAL)
            fail_pos(p, e->pos, "assignment to yield expression not possible");
        return;
    }
    Expr *e = parse_star_expressions(p);
    if (e && peek(p) == TOK_EQUAL)
        fail_target(p, e, TARGET_ASSIGN);
    if (parser_stopped(p))
        return;
    p->mark = at;
    e = parse_star_expressions(p);
    if (e && is_augmented(peek(p))) {
        p->mark++;
        if (parse_rhs(p))
            fail_pos(p, e->pos, "'%s' is an illegal expression for augmented assignment",
                     expr_kind_name(e));
    }
}
