/* Why an expression cannot be read: checks of the second pass. See parser_priv.h for what a check
   may do. Each function is called where the parser has failed, or has just read what might be meant
   otherwise; the order inside is the order in which CPython looks. */
#include "source/parser_priv.h"

Expr *
read_clauses(Parser *p)
{
    ComprehensionSeq clauses = parse_for_if_clauses(p);
    if (!clauses.count)
        return NULL;
    Comprehension *last = clauses.items[clauses.count - 1];
    return last->ifs.count ? last->ifs.items[last->ifs.count - 1] : last->iter;
}

/* `*expression`, as in arguments: with its own checks. */
static Expr *
read_starred(Parser *p)
{
    if (peek(p) != TOK_STAR || !check_starred(p))
        return NULL;
    Start start = start_here(p);
    p->mark++;
    Expr *value = parse_expression(p);
    return value ? expr_starred(p->arena, pos_from(p, start), value, CTX_LOAD) : NULL;
}

static bool
is_word(const Expr *e, const char *word)
{
    return e->kind == EXPR_NAME && strcmp(e->Name.id->text, word) == 0;
}

/* print and exec were statements once. */
static bool
is_legacy(const Expr *e)
{
    return is_word(e, "print") || is_word(e, "exec");
}

/* ---- expressions ---- */

/* A string, expressions and a string again: 'It's a 'quotation' without escapes. */
static void
check_broken_string(Parser *p)
{
    Expr *first = NULL, *last = NULL;
    p->mark++;
    while (peek(p) != TOK_STRING) {
        Expr *e = parse_expression_unchecked(p);
        if (!e)
            return;
        first = first ? first : e;
        last = e;
    }
    if (first && !parser_stopped(p))
        fail_pos(p, pos_join(first->pos, last->pos),
                 "invalid syntax. Is this intended to be part of the string?");
}

/* A name and an expression, as print and exec were used once. What follows any name is looked into
 * so. */
static void
check_legacy(Parser *p)
{
    Expr *name = parse_atom(p);
    Expr *e = name ? parse_star_expressions(p) : NULL;
    if (e && is_legacy(name))
        fail_pos(p, pos_join(name->pos, e->pos),
                 "Missing parentheses in call to '%s'. Did you mean %s(...)?", name->Name.id->text,
                 name->Name.id->text);
}

/* A statement in place of the first part of a conditional expression. */
static void
check_statement_if(Parser *p)
{
    Token word = next_token(p);
    p->mark++;
    if (accept(p, KW_IF) && parse_disjunction(p) && accept(p, KW_ELSE) && parse_simple_stmt(p))
        fail_token(p, &word, "expected expression before 'if', but statement is given");
}

/* Two expressions in a row, inside brackets: a comma may be missing. */
static void
check_missing_comma(Parser *p, int start, Expr *e)
{
    const Token *token = &p->tokens[start];
    if (token->kind == TOK_NAME) {
        const char *text = token_start(p, token);
        static const char *const soft[] = {"_", "case", "match", "type"};
        for (size_t i = 0; i < ARRAY_LEN(soft); i++)
            if (token->len == strlen(soft[i]) && memcmp(text, soft[i], token->len) == 0)
                return;
        Place at = place(p);
        p->mark = start + 1;
        bool prefix = peek(p) == TOK_STRING; /* something like z"text" */
        go_back(p, at);
        if (prefix)
            return;
    }
    Expr *next = parse_expression_unchecked(p);
    if (next && !is_legacy(e) && p->tokens[p->mark - 1].level != 0 && !parser_stopped(p))
        fail_pos(p, pos_join(e->pos, next->pos), "invalid syntax. Perhaps you forgot a comma?");
}

/* At the start of an expression. */
bool
check_before_expression(Parser *p)
{
    Place at = place(p);
    switch (peek(p)) {
    case TOK_STRING:
        check_broken_string(p);
        break;
    case KW_PASS:
    case KW_BREAK:
    case KW_CONTINUE:
        check_statement_if(p);
        break;
    default:
        break;
    }
    go_back(p, at);
    return !parser_stopped(p);
}

/* "if" behind `e`. */
static void
check_conditional(Parser *p, Expr *e)
{
    p->mark++;
    Expr *test = parse_disjunction(p);
    int kind = peek(p);
    if (!test || kind == TOK_COLON)
        return;
    if (kind != KW_ELSE) {
        if (!parser_stopped(p))
            fail_pos(p, pos_join(e->pos, test->pos), "expected 'else' after 'if' expression");
        return;
    }
    int at = ++p->mark;
    if (!parse_expression(p) && !parser_stopped(p))
        fail_at(p, at, "expected expression after 'else', but statement is given");
}

/* `e` has been read, from `start` to here, and is no conditional yet. */
bool
check_expression(Parser *p, int start, Expr *e)
{
    Place at = place(p);
    check_missing_comma(p, start, e);
    go_back(p, at);
    if (!parser_stopped(p) && peek(p) == KW_IF) {
        check_conditional(p, e);
        go_back(p, at);
    }
    if (!parser_stopped(p) && p->tokens[start].kind == TOK_NAME) {
        p->mark = start;
        if (peek_at(p, 1) != TOK_LPAR)
            check_legacy(p);
        go_back(p, at);
    }
    return !parser_stopped(p);
}

/* No operand starts at token `at`: perhaps `not` does. */
void
check_not_operand(Parser *p, int at)
{
    Place here = place(p);
    p->mark = at;
    if (peek(p) == KW_NOT && !parser_stopped(p)) {
        Expr *e = parse_binary(p, PREC_NOT);
        if (e)
            fail_pos(p, e->pos, "'not' after an operator must be parenthesized");
    }
    go_back(p, here);
}

/* No operand starts at token `at`: perhaps `- not` does. */
void
check_not_behind_sign(Parser *p, int at)
{
    Place here = place(p);
    p->mark = at;
    int kind = peek(p);
    if ((kind == TOK_PLUS || kind == TOK_MINUS || kind == TOK_TILDE) && peek_at(p, 1) == KW_NOT &&
        !parser_stopped(p)) {
        p->mark += 2;
        Expr *e = parse_binary(p, PREC_UNARY);
        if (e)
            fail_pos(p, pos_join(pos_of_token(&p->tokens[at + 1]), e->pos),
                     "'not' after an operator must be parenthesized");
    }
    go_back(p, here);
}

/* ---- `=` and `:=` behind an expression ---- */

/* Whether the expression starts with a list, a tuple or a generator expression, or is or starts
   with True, False or None: what may be a target by mistake only. */
static bool
starts_with_display(const Expr *e, Pos start)
{
    for (;;) {
        if (e->lineno != start.lineno || e->col_offset != start.col_offset)
            return false;
        switch (e->kind) {
        case EXPR_LIST:
        case EXPR_TUPLE:
        case EXPR_GENERATOR_EXP:
            return true;
        case EXPR_CONSTANT:
            return e->Constant.value.kind == CONST_NONE || e->Constant.value.kind == CONST_TRUE ||
                   e->Constant.value.kind == CONST_FALSE;
        case EXPR_BIN_OP:
            e = e->BinOp.left;
            break;
        case EXPR_CALL:
            e = e->Call.func;
            break;
        case EXPR_ATTRIBUTE:
            e = e->Attribute.value;
            break;
        case EXPR_SUBSCRIPT:
            e = e->Subscript.value;
            break;
        default:
            return false;
        }
    }
}

bool
check_named_expression(Parser *p, int start, Expr *e)
{
    Place at = place(p);
    bool loose = p->loose;
    if (accept(p, TOK_COLONEQUAL)) {
        if (parse_expression(p))
            fail_pos(p, e->pos, "cannot use assignment expressions with %s", expr_kind_name(e));
    } else if (peek(p) == TOK_EQUAL && !loose &&
               !starts_with_display(e, pos_of_token(&p->tokens[start]))) {
        bool name = p->tokens[start].kind == TOK_NAME && at.mark == start + 1;
        p->mark++;
        Expr *value = parse_binary(p, PREC_BITOR);
        int kind = peek(p);
        if (!value || kind == TOK_EQUAL || kind == TOK_COLONEQUAL || parser_stopped(p))
            ;
        else if (name)
            fail_pos(p, pos_join(e->pos, value->pos),
                     "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
        else
            fail_pos(p, e->pos, "cannot assign to %s here. Maybe you meant '==' instead of '='?",
                     expr_kind_name(e));
    }
    go_back(p, at);
    p->loose = loose;
    return !parser_stopped(p);
}

/* ---- displays and comprehensions ---- */

/* "for" (or "async for") at token `at`: the target, or what is behind it. */
void
check_for_target(Parser *p, int at, bool comprehension)
{
    Place here = place(p);
    p->mark = at;
    accept(p, KW_ASYNC);
    p->mark++;
    int first = p->mark;
    if (comprehension) {
        Expr *e = parse_binary(p, PREC_BITOR);
        while (e && accept(p, TOK_COMMA)) {
            int behind = p->mark;
            if (!parse_binary(p, PREC_BITOR)) {
                p->mark = behind;
                break;
            }
        }
        if (e && peek(p) != KW_IN && !parser_stopped(p))
            fail_last(p, PROBLEM_SYNTAX, "'in' expected after for-loop variables");
    }
    if (!parser_stopped(p)) {
        p->mark = first;
        Expr *e = parse_star_expressions(p);
        if (e)
            fail_target(p, e, TARGET_FOR);
    }
    go_back(p, here);
}

/* At an opening bracket, whose display could not be read. */
void
check_comprehension(Parser *p)
{
    Place at = place(p);
    int open = peek(p);
    p->mark++;
    Expr *starred = read_starred(p);
    if (starred && read_clauses(p))
        fail_pos(p, starred->pos, "iterable unpacking cannot be used in comprehension");
    if (open == TOK_LPAR || parser_stopped(p))
        goto done;
    p->mark = at.mark + 1;
    Expr *first = parse_star_named_expression(p);
    if (!first || !accept(p, TOK_COMMA))
        goto done;
    int behind = p->mark;
    Pos comma = pos_of_token(&p->tokens[behind - 1]);
    Expr *last = NULL;
    for (;;) {
        int item = p->mark;
        Expr *e = parse_star_named_expression(p);
        if (!e) {
            p->mark = item;
            break;
        }
        last = e;
        if (!accept(p, TOK_COMMA))
            break;
    }
    if (!parser_stopped(p) && read_clauses(p))
        fail_pos(p, pos_join(first->pos, last ? last->pos : comma),
                 "did you forget parentheses around the comprehension target?");
done:
    go_back(p, at);
}

/* Behind a primary: any bracket there might open a generator expression that is the only argument
 * of a call. */
bool
check_behind_primary(Parser *p)
{
    int kind = peek(p);
    if (kind == TOK_LPAR || kind == TOK_LSQB || kind == TOK_LBRACE)
        check_comprehension(p);
    return !parser_stopped(p);
}

/* At "(", when no tuple, group or generator expression follows. */
void
check_parentheses(Parser *p)
{
    Place at = place(p);
    p->mark++;
    if (peek(p) == TOK_STAR) {
        Expr *starred = read_starred(p);
        if (starred && peek(p) == TOK_RPAR)
            fail_pos(p, starred->pos, "cannot use starred expression here");
    } else if (peek(p) == TOK_DOUBLESTAR) {
        Token stars = next_token(p);
        p->mark++;
        if (parse_expression(p) && peek(p) == TOK_RPAR)
            fail_token(p, &stars, "cannot use double starred expression here");
    }
    go_back(p, at);
    if (!parser_stopped(p))
        check_comprehension(p);
}

/* A key, and what is wrong behind it. `after`: behind other pairs, where a lone key is known to be
 * one. */
static void
check_pair(Parser *p, bool after)
{
    Expr *key = parse_expression(p);
    if (!key)
        return;
    if (peek(p) != TOK_COLON) {
        if (after && !parser_stopped(p))
            fail_pos(p, (Pos){key->lineno, key->end_col_offset - 1, key->end_lineno, -1},
                     "':' expected after dictionary key");
        return;
    }
    Token colon = next_token(p);
    p->mark++;
    int kind = peek(p);
    if (kind == TOK_STAR) {
        Token star = next_token(p);
        p->mark++;
        if (parse_binary(p, PREC_BITOR))
            fail_from(p, pos_of_token(&star),
                      "cannot use a starred expression in a dictionary value");
    } else if (kind == TOK_RBRACE || kind == TOK_COMMA) {
        fail_token(p, &colon, "expression expected after dictionary key and ':'");
    }
}

/* `key: value` or `**value`. */
static bool
read_pair(Parser *p)
{
    int at = p->mark;
    bool good = accept(p, TOK_DOUBLESTAR)
                    ? parse_binary(p, PREC_BITOR) != NULL
                    : parse_expression(p) && accept(p, TOK_COLON) && parse_expression(p);
    if (!good)
        p->mark = at;
    return good;
}

/* At "{", when no dict, set or comprehension follows. What can only be a dict is looked into even
 * without checks. */
void
check_braces(Parser *p)
{
    Place at = place(p);
    bool comma = false;
    p->mark++;
    while (read_pair(p)) {
        comma = accept(p, TOK_COMMA);
        if (!comma)
            break;
    }
    if (comma && !parser_stopped(p))
        check_pair(p, true);
    if (!parser_stopped(p)) {
        p->mark = at.mark + 1;
        check_pair(p, false);
    }
    p->mark = at.mark + 1;
    if (p->checks && !parser_stopped(p) && peek(p) == TOK_DOUBLESTAR) {
        Token stars = next_token(p);
        p->mark++;
        if (parse_binary(p, PREC_BITOR) && read_clauses(p))
            fail_token(p, &stars, "dict unpacking cannot be used in dict comprehension");
    }
    go_back(p, at);
    if (p->checks && !parser_stopped(p))
        check_comprehension(p);
}

/* ---- fields of f-strings ---- */

/* At "{", when its field could not be read. */
void
check_field(Parser *p, char letter)
{
    static const struct {
        int kind;
        char text;
    } early[] = {{TOK_EQUAL, '='}, {TOK_EXCLAMATION, '!'}, {TOK_COLON, ':'}, {TOK_RBRACE, '}'}};
    int open = p->mark++, kind = peek(p);
    Token token = next_token(p);
    for (size_t i = 0; i < ARRAY_LEN(early); i++) {
        if (kind == early[i].kind) {
            fail_token(p, &token, "%c-string: valid expression required before '%c'", letter,
                       early[i].text);
            return;
        }
    }
    const char *what;
    if (!parse_rhs(p)) {
        what = "expecting a valid expression after '{'";
        p->mark = open + 1;
        goto at_next;
    }
    kind = peek(p);
    what = "expecting '=', or '!', or ':', or '}'";
    if (kind != TOK_EQUAL && kind != TOK_EXCLAMATION && kind != TOK_COLON && kind != TOK_RBRACE)
        goto at_next;
    what = "expecting '!', or ':', or '}'";
    if (accept(p, TOK_EQUAL)) {
        kind = peek(p);
        if (kind != TOK_EXCLAMATION && kind != TOK_COLON && kind != TOK_RBRACE)
            goto at_next;
    }
    if (accept(p, TOK_EXCLAMATION)) {
        kind = peek(p);
        what = "missing conversion character";
        if (kind == TOK_COLON || kind == TOK_RBRACE)
            goto at_next;
        what = "invalid conversion character";
        if (!accept(p, TOK_NAME))
            goto at_next;
        kind = peek(p);
        what = "expecting ':' or '}'";
        if (kind != TOK_COLON && kind != TOK_RBRACE)
            goto at_next;
    }
    what = "expecting '}', or format specs";
    if (!accept(p, TOK_COLON))
        return;
    for (;;) {
        kind = peek(p);
        if (kind == TOK_LBRACE && skip_field(p))
            continue;
        if (kind != TOK_FSTRING_MIDDLE && kind != TOK_TSTRING_MIDDLE)
            break;
        p->mark++;
    }
    if (peek(p) == TOK_RBRACE)
        return;
at_next:
    if (!parser_stopped(p)) {
        peek(p);
        token = next_token(p);
        fail_token(p, &token, "%c-string: %s", letter, what);
    }
}
