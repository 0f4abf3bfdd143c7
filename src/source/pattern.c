/* match statements and their patterns. */
#include "source/parser_priv.h"

static Pattern *parse_pattern(Parser *p);
static Pattern *parse_or_pattern(Parser *p);

/* ---- leaves ---- */

/* A number, perhaps with a minus in front of it. */
static Expr *
parse_signed_number(Parser *p)
{
    Start start = start_here(p);
    bool minus = accept(p, TOK_MINUS);
    if (peek(p) != TOK_NUMBER)
        return NULL;
    Expr *e = parse_number(p);
    if (!e || !minus)
        return e;
    return expr_unary_op(p->arena, pos_from(p, start), UNARYOP_U_SUB, e);
}

/* A number or a sum of a real and an imaginary one. */
static Expr *
parse_number_literal(Parser *p)
{
    Start start = start_here(p);
    Expr *real = parse_signed_number(p);
    int kind = peek(p);
    if (!real || (kind != TOK_PLUS && kind != TOK_MINUS))
        return real;
    const Expr *number = real->kind == EXPR_UNARY_OP ? real->UnaryOp.operand : real;
    p->mark++;
    if (number->Constant.value.kind == CONST_COMPLEX)
        return fail_pos(p, real->pos, "real number required in complex literal");
    if (peek(p) != TOK_NUMBER)
        return NULL;
    Expr *imaginary = parse_number(p);
    if (!imaginary)
        return NULL;
    if (imaginary->Constant.value.kind != CONST_COMPLEX)
        return fail_pos(p, imaginary->pos, "imaginary number required in complex literal");
    return expr_bin_op(p->arena, pos_from(p, start), real,
                       kind == TOK_PLUS ? OPERATOR_ADD : OPERATOR_SUB, imaginary);
}

/* A name that is captured into: any but "_". */
static const Name *
parse_capture(Parser *p)
{
    if (peek(p) != TOK_NAME || peek_word(p, "_"))
        return NULL;
    int behind = peek_at(p, 1);
    if (behind == TOK_DOT || behind == TOK_LPAR || behind == TOK_EQUAL)
        return NULL;
    return parse_identifier(p);
}

/* a.b.c: a name with one or more attributes, or (with `name`) without any. */
static Expr *
parse_name_or_attr(Parser *p)
{
    Token token = next_token(p);
    const Name *id = parse_identifier(p);
    Expr *e = id ? expr_name(p->arena, pos_of_token(&token), id, CTX_LOAD) : NULL;
    while (e && peek(p) == TOK_DOT) {
        int at = p->mark++;
        const Name *attr = parse_identifier(p);
        if (!attr)
            return parser_retreat(p, at) ? e : NULL;
        e = expr_attribute(p->arena, pos_since(p, e->pos), e, attr, CTX_LOAD);
    }
    return e;
}

/* ---- sequences ---- */

static Pattern *
parse_star_pattern(Parser *p)
{
    Start start = start_here(p);
    p->mark++;
    const Name *name = NULL;
    if (peek_word(p, "_"))
        p->mark++;
    else if (!(name = parse_capture(p)))
        return NULL;
    return pattern_match_star(p->arena, pos_from(p, start), name);
}

static bool
starts_pattern(int kind)
{
    return kind == TOK_STAR ||
           (starts_expression(kind) && kind != TOK_PLUS && kind != TOK_TILDE &&
            kind != TOK_ELLIPSIS && kind != KW_NOT && kind != KW_LAMBDA && kind != KW_AWAIT);
}

static Pattern *
parse_maybe_star(Parser *p)
{
    return peek(p) == TOK_STAR ? parse_star_pattern(p) : parse_pattern(p);
}

/* Patterns with commas between them, behind the first one if it is given. `*comma`: there was a
 * comma. */
static bool
parse_pattern_list(Parser *p, Pattern *first, bool *comma, PatternSeq *out)
{
    int base = p->scratch_len;
    *comma = false;
    if (!first && starts_pattern(peek(p)) && !(first = parse_maybe_star(p)))
        return false;
    if (first)
        scratch_push(p, first);
    while (first && accept(p, TOK_COMMA)) {
        *comma = true;
        int at = p->mark;
        Pattern *next = starts_pattern(peek(p)) ? parse_maybe_star(p) : NULL;
        if (!next) {
            if (p->mark != at && !parser_retreat(p, at))
                return false;
            break;
        }
        scratch_push(p, next);
    }
    *out = TAKE(PatternSeq, p, base);
    return !parser_stopped(p);
}

/* "(...)" or "[...]". One pattern in parentheses without a comma is that pattern. */
static Pattern *
parse_sequence(Parser *p)
{
    Start start = start_here(p);
    bool round = peek(p) == TOK_LPAR, comma;
    PatternSeq patterns;
    p->mark++;
    bool starred = peek(p) == TOK_STAR;
    if (!parse_pattern_list(p, NULL, &comma, &patterns))
        return NULL;
    if (round && starred && !comma)
        return NULL;
    if (!accept(p, round ? TOK_RPAR : TOK_RSQB))
        return NULL;
    if (round && patterns.count == 1 && !comma)
        return patterns.items[0];
    return pattern_match_sequence(p->arena, pos_from(p, start), patterns);
}

/* ---- mappings ---- */

static Expr *
parse_mapping_key(Parser *p)
{
    switch (peek(p)) {
    case TOK_NUMBER:
    case TOK_MINUS:
        return parse_number_literal(p);
    case TOK_STRING:
    case TOK_FSTRING_START:
    case TOK_TSTRING_START:
        return parse_strings(p);
    case KW_NONE:
    case KW_TRUE:
    case KW_FALSE:
        return parse_atom(p);
    case TOK_NAME:
        break;
    default:
        return NULL;
    }
    Expr *e = parse_name_or_attr(p);
    return e && e->kind == EXPR_ATTRIBUTE ? e : NULL;
}

static Pattern *
parse_mapping(Parser *p)
{
    Start start = start_here(p);
    const Name *rest = NULL;
    int base = p->scratch_len;
    p->mark++;
    while (peek(p) != TOK_RBRACE) {
        if (accept(p, TOK_DOUBLESTAR)) {
            rest = parse_capture(p);
            if (!rest)
                return NULL;
            accept(p, TOK_COMMA);
            break;
        }
        Expr *key = parse_mapping_key(p);
        Pattern *value = key && accept(p, TOK_COLON) ? parse_pattern(p) : NULL;
        if (!value)
            return NULL;
        scratch_push(p, key);
        scratch_push(p, value);
        if (!accept(p, TOK_COMMA))
            break;
    }
    if (!accept(p, TOK_RBRACE))
        return NULL;
    int count = (p->scratch_len - base) / 2;
    ExprSeq keys = {arena_alloc(p->arena, (size_t)count * sizeof(Expr *)), count};
    PatternSeq patterns = {arena_alloc(p->arena, (size_t)count * sizeof(Pattern *)), count};
    if (!keys.items || !patterns.items)
        return NULL;
    for (int i = 0; i < count; i++) {
        keys.items[i] = p->scratch[base + 2 * i];
        patterns.items[i] = p->scratch[base + 2 * i + 1];
    }
    p->scratch_len = base;
    return pattern_match_mapping(p->arena, pos_from(p, start), keys, patterns, rest);
}

/* ---- classes ---- */

/* `Class(pattern, name=pattern)`, at "(". */
static Pattern *
parse_class_pattern(Parser *p, Start start, Expr *cls)
{
    int base = p->scratch_len, positional = 0, count = 0;
    Pattern *misplaced = NULL,
            *last = NULL; /* positional behind keyword ones: the first and the last */
    p->mark++;
    while (peek(p) != TOK_RPAR) {
        const Name *name = NULL;
        if (peek(p) == TOK_NAME && peek_at(p, 1) == TOK_EQUAL) {
            name = parse_identifier(p);
            p->mark++;
            if (misplaced)
                break;
        }
        Pattern *value = parse_pattern(p);
        if (!value)
            return NULL;
        if (!name && count > positional) {
            if (!p->checks)
                return NULL;
            misplaced = misplaced ? misplaced : value;
            last = value;
        } else {
            scratch_push(p, name);
            scratch_push(p, value);
            count++;
            positional += !name;
        }
        if (!accept(p, TOK_COMMA))
            break;
    }
    if (misplaced)
        return fail_pos(p, pos_join(misplaced->pos, last->pos),
                        "positional patterns follow keyword patterns");
    if (!accept(p, TOK_RPAR))
        return NULL;
    int named = count - positional;
    PatternSeq patterns = {arena_alloc(p->arena, (size_t)positional * sizeof(Pattern *)),
                           positional};
    NameSeq attrs = {arena_alloc(p->arena, (size_t)named * sizeof(Name *)), named};
    PatternSeq values = {arena_alloc(p->arena, (size_t)named * sizeof(Pattern *)), named};
    if (!patterns.items || !attrs.items || !values.items)
        return NULL;
    for (int i = 0; i < count; i++) {
        Pattern *value = p->scratch[base + 2 * i + 1];
        if (i < positional) {
            patterns.items[i] = value;
        } else {
            attrs.items[i - positional] = p->scratch[base + 2 * i];
            values.items[i - positional] = value;
        }
    }
    p->scratch_len = base;
    return pattern_match_class(p->arena, pos_from(p, start), cls, patterns, attrs, values);
}

/* A capture, the wildcard, a value `a.b`, or a class. */
static Pattern *
parse_name_pattern(Parser *p)
{
    Start start = start_here(p);
    int behind = peek_at(p, 1);
    if (behind != TOK_DOT && behind != TOK_LPAR) {
        if (behind == TOK_EQUAL)
            return NULL;
        bool wildcard = peek_word(p, "_");
        const Name *name = parse_identifier(p);
        return name ? pattern_match_as(p->arena, pos_from(p, start), NULL, wildcard ? NULL : name)
                    : NULL;
    }
    Expr *e = parse_name_or_attr(p);
    if (!e)
        return NULL;
    if (peek(p) == TOK_LPAR)
        return parse_class_pattern(p, start, e);
    if (peek(p) == TOK_EQUAL)
        return NULL;
    return pattern_match_value(p->arena, pos_from(p, start), e);
}

/* ---- combinations ---- */

static Pattern *
parse_closed_pattern(Parser *p)
{
    Expr *e;
    if (!enter(p))
        return NULL;
    switch (peek(p)) {
    case TOK_NAME:
        return parse_name_pattern(p);
    case TOK_LPAR:
    case TOK_LSQB:
        return parse_sequence(p);
    case TOK_LBRACE:
        return parse_mapping(p);
    case KW_NONE:
    case KW_TRUE:
    case KW_FALSE:
        e = parse_atom(p);
        return e ? pattern_match_singleton(p->arena, e->pos, e->Constant.value) : NULL;
    case TOK_NUMBER:
    case TOK_MINUS:
        e = parse_number_literal(p);
        break;
    case TOK_STRING:
    case TOK_FSTRING_START:
    case TOK_TSTRING_START:
        e = parse_strings(p);
        break;
    default:
        return NULL;
    }
    return e ? pattern_match_value(p->arena, e->pos, e) : NULL;
}

static Pattern *
parse_or_pattern(Parser *p)
{
    Start start = start_here(p);
    Pattern *first = parse_closed_pattern(p);
    if (!first || peek(p) != TOK_VBAR)
        return first;
    int base = p->scratch_len;
    scratch_push(p, first);
    while (peek(p) == TOK_VBAR) {
        int at = p->mark++;
        Pattern *next = parse_closed_pattern(p);
        if (!next) {
            if (!parser_retreat(p, at))
                return NULL;
            break;
        }
        scratch_push(p, next);
    }
    return pattern_match_or(p->arena, pos_from(p, start), TAKE(PatternSeq, p, base));
}

/* Behind "as", where no name to capture into stands. */
static void
check_as_pattern(Parser *p)
{
    if (peek_word(p, "_")) {
        Token token = next_token(p);
        fail_token(p, &token, "cannot use '_' as a target");
        return;
    }
    Expr *e = parse_expression(p);
    if (e)
        fail_pos(p, e->pos, "cannot use %s as pattern target", expr_kind_name(e));
}

static Pattern *
parse_pattern(Parser *p)
{
    Start start = start_here(p);
    Pattern *pattern = parse_or_pattern(p);
    if (!pattern || peek(p) != KW_AS)
        return pattern;
    int at = p->mark++;
    const Name *name = parse_capture(p);
    if (name)
        return pattern_match_as(p->arena, pos_from(p, start), pattern, name);
    if (p->checks && !parser_stopped(p))
        check_as_pattern(p);
    return parser_retreat(p, at) ? pattern : NULL;
}

/* ---- statements ---- */

static Pattern *
parse_case_pattern(Parser *p)
{
    Start start = start_here(p);
    bool comma, starred = peek(p) == TOK_STAR;
    PatternSeq patterns;
    Pattern *first = parse_maybe_star(p);
    if (!first || (peek(p) != TOK_COMMA && !starred))
        return first;
    if (!parse_pattern_list(p, first, &comma, &patterns) || !comma)
        return NULL;
    return pattern_match_sequence(p->arena, pos_from(p, start), patterns);
}

static MatchCase *
parse_case(Parser *p)
{
    int lineno = next_token(p).lineno;
    StmtSeq body;
    Expr *guard = NULL;
    p->mark++;
    peek(p);
    Pattern *pattern = parse_case_pattern(p);
    if (!pattern)
        return NULL;
    if (peek(p) == KW_IF) {
        int at = p->mark++;
        guard = parse_named_expression(p);
        if (!guard && !parser_retreat(p, at))
            return NULL;
    }
    if (!parse_colon(p) || !parse_block(p, "'case' statement", lineno, &body))
        return NULL;
    return new_match_case(p->arena, pattern, guard, body);
}

/* What is matched: an expression, or several as a tuple. */
static Expr *
parse_subject(Parser *p)
{
    Start start = start_here(p);
    bool starred = peek(p) == TOK_STAR;
    Expr *first = parse_star_named_expression(p);
    if (!first || (peek(p) != TOK_COMMA && !starred))
        return first;
    if (peek(p) != TOK_COMMA)
        return NULL;
    int base = p->scratch_len;
    scratch_push(p, first);
    while (accept(p, TOK_COMMA)) {
        int at = p->mark;
        Expr *next = starts_expression(peek(p)) ? parse_star_named_expression(p) : NULL;
        if (!next) {
            if (p->mark != at && !parser_retreat(p, at))
                return NULL;
            break;
        }
        scratch_push(p, next);
    }
    return expr_tuple(p->arena, pos_from(p, start), TAKE(ExprSeq, p, base), CTX_LOAD);
}

/* Behind a subject and a colon. */
static Stmt *
parse_cases(Parser *p, Start start, Expr *subject)
{
    int base = p->scratch_len;
    p->mark += 2;
    while (peek_word(p, "case")) {
        MatchCase *c = parse_case(p);
        if (!c)
            return NULL;
        scratch_push(p, c);
    }
    if (p->scratch_len == base || !accept(p, TOK_DEDENT))
        return NULL;
    MatchCaseSeq cases = TAKE(MatchCaseSeq, p, base);
    if (!feature(p, "Pattern matching is", 10))
        return NULL;
    return stmt_match(p->arena, pos_from(p, start), subject, cases);
}

Stmt *
parse_match(Parser *p, bool *none)
{
    Start start = start_here(p);
    Place at = place(p);
    if (starts_expression(peek_at(p, 1))) {
        p->mark++;
        Expr *subject = parse_subject(p);
        if (subject && accept(p, TOK_COLON)) {
            if (peek(p) == TOK_NEWLINE && peek_at(p, 1) == TOK_INDENT)
                return parse_cases(p, start, subject);
            if (p->checks && peek(p) == TOK_NEWLINE && !parser_stopped(p))
                return fail_last(p, PROBLEM_INDENTATION,
                                 "expected an indented block after 'match' statement on line %d",
                                 start.lineno);
        } else if (subject && p->checks && peek(p) == TOK_NEWLINE) {
            return fail_last(p, PROBLEM_SYNTAX, "expected ':'");
        }
        if (parser_stopped(p))
            return NULL;
        go_back(p, at);
    }
    *none = true;
    return NULL;
}
