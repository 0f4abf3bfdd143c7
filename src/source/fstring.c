/* f-strings and t-strings: the tokens from START to END make a JoinedStr or TemplateStr, whose
 * values merge_values() tidies. */
#include "source/literal.h"

/* Where a field is: what its messages and nodes depend on. */
typedef struct Field {
    bool template; /* of a t-string: an Interpolation; else a FormattedValue */
    bool raw;
    char letter; /* 'f' or 't', for messages */
} Field;

static bool parse_pieces(Parser *p, Field field, bool in_spec, const char **error);

/* Source text as a constant, without its comments: what `=` shows, and what a t-string keeps. */
static bool
source_text(Parser *p, uint32_t from, uint32_t to, Const *value)
{
    const char *text = p->lexer.base + from, *end = p->lexer.base + to;
    char *out = arena_alloc(p->arena, (size_t)(end - text) + 1);
    if (!out)
        return false;
    *value = (Const){.kind = CONST_STR, .text = out};
    char quote = 0;
    for (; text < end; text++) {
        if (quote) {
            if (*text == '\\' && text + 1 < end)
                *out++ = *text++;
            else if (*text == quote)
                quote = 0;
        } else if (*text == '"' || *text == '\'') {
            quote = *text;
        } else if (*text == '#') {
            while (text < end && *text != '\n')
                text++;
            if (text == end)
                break;
        }
        *out++ = *text;
    }
    value->len = (uint32_t)(out - value->text);
    return true;
}

/* "!" and a letter behind an expression; -1 if there is none, -2 if it is wrong. */
static int
parse_conversion(Parser *p, Field field)
{
    if (peek(p) != TOK_EXCLAMATION)
        return -1;
    Token mark = next_token(p);
    if (peek_at(p, 1) != TOK_NAME) /* keywords are no conversions either */
        return -2;
    p->mark++;
    Token name = next_token(p);
    p->mark++;
    if (mark.end_lineno != name.lineno || mark.end_col != name.col) {
        fail_pos(p, pos_join(pos_of_token(&mark), pos_of_token(&name)),
                 "%c-string: conversion type must come right after the exclamation mark",
                 field.letter);
        return -2;
    }
    const char *text = token_start(p, &name);
    if (name.len == 1 && (*text == 's' || *text == 'r' || *text == 'a'))
        return *text;
    fail_token(p, &name,
               "%c-string: invalid conversion character '%.*s': expected 's', 'r', or 'a'",
               field.letter, (int)name.len, text);
    return -2;
}

/* ":" and what follows up to "}". */
static Expr *
parse_format_spec(Parser *p, Field field)
{
    Start start = start_here(p);
    int base = p->scratch_len;
    const char *error = NULL;
    p->mark++;
    if (!parse_pieces(p, field, true, &error))
        return NULL;
    if (error) {
        Token token = next_token(p);
        return fail_token(p, &token, "%s", error);
    }
    if (peek(p) != TOK_RBRACE)
        return NULL;
    const Token *end = &p->tokens[p->mark];
    Pos pos = {start.lineno, start.col, end->lineno, end->col};
    return expr_joined_str(p->arena, pos, merge_values(p, base));
}

/* The parts of a field behind "{", up to and with "}". Pushes one value, or two with `=`. */
static bool
parse_field_inner(Parser *p, Field field, Token open)
{
    uint32_t text_start = open.start + open.len;
    Expr *value = parse_rhs(p);
    if (!value)
        return false;
    bool debug = peek(p) == TOK_EQUAL;
    uint32_t text_end = next_token(p).start;
    if (debug)
        p->mark++;
    peek(p);
    Token behind = next_token(p);
    int conversion = parse_conversion(p, field);
    if (conversion == -2)
        return false;
    Expr *spec = NULL;
    if (peek(p) == TOK_COLON && !(spec = parse_format_spec(p, field)))
        return false;
    if (!accept(p, TOK_RBRACE))
        return false;
    Pos pos = pos_from(p, (Start){open.lineno, open.col});
    Const text;
    if (debug) {
        if (!source_text(p, text_start, behind.start, &text))
            return false;
        Pos text_pos = {open.end_lineno, open.end_col, behind.lineno, behind.col};
        scratch_push(p, expr_constant(p->arena, text_pos, text, NULL));
        if (conversion == -1 && !spec)
            conversion = 'r';
    }
    Expr *e;
    if (field.template) {
        if (!source_text(p, text_start, text_end, &text))
            return false;
        e = expr_interpolation(p->arena, pos, value, text, conversion, spec);
    } else {
        e = expr_formatted_value(p->arena, pos, value, conversion, spec);
    }
    scratch_push(p, e);
    return e;
}

static bool
parse_field(Parser *p, Field field)
{
    Place at = place(p);
    Token open = next_token(p);
    if (!enter(p))
        return false;
    bool outer = p->in_template;
    p->in_template = field.letter == 't';
    p->mark++;
    bool good = parse_field_inner(p, field, open);
    if (!good && p->checks && !parser_stopped(p)) {
        go_back(p, at);
        check_field(p, field.letter);
    }
    p->in_template = outer;
    return good && !p->arena->failed;
}

/* Texts and fields, as far as they go; pushes their values. `*error`: an escape was bad. */
static bool
parse_pieces(Parser *p, Field field, bool in_spec, const char **error)
{
    if (in_spec)
        field.template = false;
    for (;;) {
        int kind = peek(p);
        if (kind == TOK_LBRACE) {
            int at = p->mark;
            if (!parse_field(p, field)) {
                if (!parser_retreat(p, at))
                    return false;
                return true;
            }
            continue;
        }
        if (kind != TOK_FSTRING_MIDDLE && kind != TOK_TSTRING_MIDDLE)
            return !parser_stopped(p);
        Token token = next_token(p);
        p->mark++;
        LiteralText from = {token_start(p, &token), token.len, field.raw, false,
                            token.lineno,           token.col, true};
        Const value;
        const char *bad;
        if (!literal_decode(p, &from, &value, &bad)) {
            if (!bad)
                return false;
            *error = *error ? *error : bad;
            continue;
        }
        scratch_push(p, expr_constant(p->arena, pos_of_token(&token), value, NULL));
    }
}

Expr *
parse_fstring(Parser *p)
{
    Token start = next_token(p);
    bool template = start.kind == TOK_TSTRING_START;
    Field field = {.template = template, .letter = template ? 't' : 'f'};
    const char *text = token_start(p, &start);
    for (; *text != '"' && *text != '\''; text++)
        field.raw |= (*text | 0x20) == 'r';
    p->mark++;
    int base = p->scratch_len;
    const char *error = NULL;
    if (!parse_pieces(p, field, false, &error))
        return NULL;
    if (peek(p) != (template ? TOK_TSTRING_END : TOK_FSTRING_END)) {
        p->scratch_len = base;
        return NULL;
    }
    Token end = next_token(p);
    p->mark++;
    if (error)
        return fail_token(p, &end, "%s", error);
    if (template && !feature(p, "t-strings are", 14))
        return NULL;
    Pos pos = pos_join(pos_of_token(&start), pos_of_token(&end));
    ExprSeq values = merge_values(p, base);
    return template ? expr_template_str(p->arena, pos, values)
                    : expr_joined_str(p->arena, pos, values);
}

bool
skip_field(Parser *p)
{
    int base = p->scratch_len, at = p->mark;
    bool good = parse_field(p, (Field){.letter = p->in_template ? 't' : 'f'});
    p->scratch_len = base;
    if (!good)
        p->mark = at;
    return good;
}
