/* The lexer's main loop: lines and indentation, names, operators and brackets, comments. */
#include "source/lexer_priv.h"

#include <stdlib.h>

const uint8_t char_classes[256] = {
    ['\t'] = CHAR_BLANK,
    ['\f'] = CHAR_BLANK,
    [' '] = CHAR_BLANK,
    ['0' ... '9'] = CHAR_NAME | CHAR_DIGIT | CHAR_HEX,
    ['A' ... 'F'] = CHAR_NAME | CHAR_NAME_START | CHAR_HEX,
    ['G' ... 'Z'] = CHAR_NAME | CHAR_NAME_START,
    ['_'] = CHAR_NAME | CHAR_NAME_START,
    ['a' ... 'f'] = CHAR_NAME | CHAR_NAME_START | CHAR_HEX,
    ['g' ... 'z'] = CHAR_NAME | CHAR_NAME_START,
    [128 ... 255] = CHAR_NAME | CHAR_NAME_START,
};

#define TAB_SIZE 8

void
lexer_init(Lexer *lx, const char *text, size_t len, Arena *arena, SyntaxProblem *problem,
           const SourceHost *host)
{
    memset(lx, 0, offsetof(Lexer, indents));
    lx->base = lx->cur = lx->line_start = lx->first_line = text;
    lx->end = text + len;
    lx->line_done = lx->at_bol = true;
    lx->indents[0] = lx->alt_indents[0] = 0;
    lx->level = lx->strings = 0;
    lx->arena = arena;
    lx->problem = problem;
    lx->host = host;
    lx->more = NULL;
}

/* ---- lines ---- */

/* Asks for more text, at the end of the buffer, and follows the buffer where it moves. */
static bool
refill(Lexer *lx)
{
    size_t len = (size_t)(lx->end - lx->base), old = len;
    char *text = (char *)lx->base;
    int got = lx->more(lx->more_context, &text, &len);
    if (got < 0) {
        lx->stop = LEXER_RAISED;
        if (!lx->problem->kind)
            lx->problem->kind = PROBLEM_HOST;
        return false;
    }
    const char **places[] = {&lx->cur, &lx->line_start, &lx->first_line, &lx->token_start,
                             &lx->token_line};
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (*places[i])
            *places[i] = text + (*places[i] - lx->base);
    lx->base = text;
    lx->end = text + len;
    return len > old;
}

bool
lexer_start_line(Lexer *lx)
{
    if (lx->cur == lx->end && !(lx->more && refill(lx))) {
        lx->saw_end = true;
        return false;
    }
    lx->line_done = false;
    lx->lineno++;
    lx->line_start = lx->cur;
    if (!lx->token_start)
        lx->first_line = lx->cur;
    return true;
}

static const char *
line_end(Lexer *lx)
{
    const char *end = memchr(lx->cur, '\n', (size_t)(lx->end - lx->cur));
    return end ? end + 1 : lx->end;
}

static bool
bad_layout(Lexer *lx, ProblemKind kind, const char *message, bool here)
{
    lx->stop = LEXER_BAD_LAYOUT;
    lx->saw_end = false; /* more lines would not help */
    if (here) {
        lx->cur = line_end(lx);
        return lexer_problem_here(lx, kind, lx->lineno, -1, "%s", message);
    }
    return lexer_problem(lx, kind, (Span){lx->lineno, 0, lx->lineno, -1}, "%s", message);
}

static bool
tabs_disagree(Lexer *lx)
{
    return bad_layout(lx, PROBLEM_TAB, "inconsistent use of tabs and spaces in indentation", false);
}

/* The text ends where it must not. */
static bool
end_of_text(Lexer *lx)
{
    if (lx->stop == LEXER_GOING)
        lx->stop = LEXER_EOF;
    return false;
}

/* Behind a backslash: only a line end may follow, and another line after it. */
static bool
continue_line(Lexer *lx)
{
    lx->cur += *lx->cur == '\r' && lx->cur[1] == '\n';
    char c = *lx->cur;
    if (lx->cur < lx->end)
        lx->cur++;
    if (c != '\n') {
        int col = (int)(lx->cur - lx->first_line) - 1; /* so CPython counts */
        lx->stop = LEXER_BAD_LAYOUT;
        return lexer_problem(lx, PROBLEM_SYNTAX, (Span){lx->lineno, col, lx->lineno, -1},
                             "unexpected character after line continuation character");
    }
    return lexer_cross_line(lx) || end_of_text(lx);
}

/* Compares the indentation with the enclosing ones, and sets how many INDENTs or DEDENTs it makes.
   Two measures, with different widths for a tab, must agree. */
static bool
set_indent(Lexer *lx, int col, int alt)
{
    if (col == lx->indents[lx->indent])
        return alt == lx->alt_indents[lx->indent] || tabs_disagree(lx);
    if (col > lx->indents[lx->indent]) {
        if (lx->indent + 1 >= LEXER_MAX_INDENT)
            return bad_layout(lx, PROBLEM_INDENTATION, "too many levels of indentation", false);
        if (alt <= lx->alt_indents[lx->indent])
            return tabs_disagree(lx);
        lx->indent++;
        lx->indents[lx->indent] = col;
        lx->alt_indents[lx->indent] = alt;
        lx->pending++;
        return true;
    }
    while (lx->indent > 0 && col < lx->indents[lx->indent]) {
        lx->indent--;
        lx->pending--;
    }
    if (col != lx->indents[lx->indent])
        return bad_layout(lx, PROBLEM_INDENTATION,
                          "unindent does not match any outer indentation level", true);
    return alt == lx->alt_indents[lx->indent] || tabs_disagree(lx);
}

/* Reads the blanks that open a line. `*blank`: the line holds nothing but perhaps a comment. */
static bool
indentation(Lexer *lx, bool *blank)
{
    int col = 0, alt = 0, continued = 0;
    lx->at_bol = false;
    for (;;) {
        char c = *lx->cur;
        if (c == ' ') {
            col++;
            alt++;
        } else if (c == '\t') {
            col = (col / TAB_SIZE + 1) * TAB_SIZE;
            alt++;
        } else if (c == '\f') {
            col = alt = 0;
        } else if (c == '\\') {
            continued = continued ? continued : col;
            lx->cur++;
            if (!continue_line(lx))
                return false;
            continue;
        } else {
            break;
        }
        lx->cur++;
    }
    lx->saw_end |= lx->cur == lx->end;
    *blank = *lx->cur == '#' || line_end_at(lx->cur);
    if (*blank || lx->level)
        return true;
    return set_indent(lx, continued ? continued : col, continued ? continued : alt);
}

/* ---- tokens ---- */

/* Whether the lexer need not look behind the token to know that it is over. */
static bool
ends_by_itself(int kind, const char *start, const char *end)
{
    if (kind == TOK_STRING) { /* an empty one might have gone on as one with three quotes */
        while (char_is(*start, CHAR_NAME))
            start++;
        return end - start > 2;
    }
    if (kind >= TOK_LPAR && kind < TOK_OP && end - start == 3)
        return true;
    bool opens = kind == TOK_FSTRING_START || kind == TOK_TSTRING_START;
    return kind == TOK_FSTRING_END || kind == TOK_TSTRING_END || (opens && end[-2] == end[-1]);
}

bool
lexer_make(Lexer *lx, Token *token, int kind, const char *start, const char *end)
{
    /* Most tokens end where the next character says so; strings know it by themselves. */
    if (UNLIKELY(lx->cur == lx->end) && end[-1] != '\n' && !ends_by_itself(kind, start, end))
        lx->saw_end = true;
    *token = (Token){
        .kind = (uint8_t)kind,
        .level = (uint16_t)lx->level,
        .start = (uint32_t)(start - lx->base),
        .len = (uint32_t)(end - start),
        .lineno = lx->token_lineno,
        .col = (int)(start - lx->token_line),
        .end_lineno = lx->lineno,
        .end_col = (int)(end - lx->line_start),
    };
    return true;
}

/* A token without text. */
static bool
make_empty(Lexer *lx, Token *token, int kind)
{
    *token = (Token){
        .kind = (uint8_t)kind,
        .level = (uint16_t)lx->level,
        .start = (uint32_t)(lx->cur - lx->base),
        .lineno = lx->lineno,
        .col = -1,
        .end_lineno = lx->lineno,
        .end_col = -1,
    };
    return true;
}

/* The type comment that a comment is, if any: `*token` and true in `*found`. */
static bool
type_comment(Lexer *lx, Token *token, const char *end, bool blank, bool *found)
{
    const char *p = lx->token_start + 1;
    while (*p == ' ' || *p == '\t')
        p++;
    *found = false;
    if (strncmp(p, "type:", 5) != 0)
        return true;
    for (p += 5; *p == ' ' || *p == '\t'; p++)
        ;
    *found = true;
    const char *after = p + 6;
    bool ignore =
        end >= after && memcmp(p, "ignore", 6) == 0 &&
        !(end > after && ((uint8_t)*after >= 128 || (char_is(*after, CHAR_NAME) && *after != '_')));
    lx->cur = end;
    if (!ignore)
        return lexer_make(lx, token, TOK_TYPE_COMMENT, p, end);
    bool made = lexer_make(lx, token, TOK_TYPE_IGNORE, after, end);
    if (blank && *lx->cur == '\n') { /* the only thing in its line: no NEWLINE follows */
        lx->cur++;
        lx->line_done = lx->at_bol = true;
    }
    return made;
}

/* The prefix that a string may have, as letters seen. */
enum { PREFIX_B = 1, PREFIX_U = 2, PREFIX_R = 4, PREFIX_F = 8, PREFIX_T = 16 };

/* Refuses prefixes that do not go together. */
static bool
check_prefix(Lexer *lx, int seen)
{
    static const struct {
        uint8_t first, second;
        char names[2];
    } bad[] = {
        {PREFIX_U, PREFIX_B, "ub"}, {PREFIX_U, PREFIX_R, "ur"}, {PREFIX_U, PREFIX_F, "uf"},
        {PREFIX_U, PREFIX_T, "ut"}, {PREFIX_B, PREFIX_F, "bf"}, {PREFIX_B, PREFIX_T, "bt"},
        {PREFIX_F, PREFIX_T, "ft"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (seen & bad[i].first && seen & bad[i].second)
            return lexer_raise_range(lx, (int)(lx->token_start + 1 - lx->line_start),
                                     (int)(lx->cur + 1 - lx->line_start),
                                     "'%c' and '%c' prefixes are incompatible", bad[i].names[0],
                                     bad[i].names[1]);
    return true;
}

/* Letters in front of a quote: what they say, or -1 when this is no string after all. Each letter
 * may stand once. */
static int
string_prefix(const char *p)
{
    int seen = 0;
    for (;; p++) {
        int bit;
        switch (*p | 0x20) {
        case 'b':
            bit = PREFIX_B;
            break;
        case 'u':
            bit = PREFIX_U;
            break;
        case 'r':
            bit = PREFIX_R;
            break;
        case 'f':
            bit = PREFIX_F;
            break;
        case 't':
            bit = PREFIX_T;
            break;
        default:
            return *p == '"' || *p == '\'' ? seen : -1;
        }
        if (seen & bit)
            return -1;
        seen |= bit;
    }
}

static bool
name_or_string(Lexer *lx, Token *token)
{
    const char *p = lx->cur;
    int prefix = string_prefix(p);
    if (prefix >= 0) {
        while (*p != '"' && *p != '\'')
            p++;
        lx->cur = p;
        if (!check_prefix(lx, prefix))
            return false;
        if (prefix & (PREFIX_F | PREFIX_T))
            return lexer_string_start(lx, token, prefix & PREFIX_T, prefix & PREFIX_R);
        return lexer_string(lx, token);
    }
    uint8_t bits = 0;
    do
        bits |= (uint8_t)*p++;
    while (char_is(*p, CHAR_NAME));
    lx->cur = p;
    if (bits & 0x80 && !lx->extra_tokens && !lexer_check_name(lx))
        return false;
    int keyword = token_keyword(lx->token_start, (size_t)(lx->cur - lx->token_start));
    return lexer_make(lx, token, keyword ? keyword : TOK_NAME, lx->token_start, lx->cur);
}

static bool
open_bracket(Lexer *lx, char c)
{
    if (lx->level >= LEXER_MAX_LEVEL)
        return lexer_raise(lx, "too many nested parentheses");
    lx->brackets[lx->level].bracket = c;
    lx->brackets[lx->level].lineno = lx->lineno;
    lx->brackets[lx->level].col = (int)(lx->token_start - lx->line_start);
    lx->level++;
    if (lx->strings)
        lx->string_modes[lx->strings - 1].depth++;
    return true;
}

static bool
close_bracket(Lexer *lx, char c)
{
    StringMode *mode = lx->strings ? &lx->string_modes[lx->strings - 1] : NULL;
    if (mode && mode->depth == 0 && c == '}')
        return lexer_raise(lx, "%c-string: single '}' is not allowed",
                           mode->is_template ? 't' : 'f');
    if (!lx->extra_tokens && lx->level == 0)
        return lexer_raise(lx, "unmatched '%c'", c);
    if (lx->level > 0) {
        lx->level--;
        char opening = lx->brackets[lx->level].bracket;
        int lineno = lx->brackets[lx->level].lineno;
        bool match = (opening == '(' && c == ')') || (opening == '[' && c == ']') ||
                     (opening == '{' && c == '}');
        if (!lx->extra_tokens && !match) {
            if (mode && opening == '{' && mode->depth - 1 == mode->field_depth)
                return lexer_raise(lx, "%c-string: unmatched '%c'", mode->is_template ? 't' : 'f',
                                   c);
            if (lineno != lx->lineno)
                return lexer_raise(lx,
                                   "closing parenthesis '%c' does not match opening parenthesis "
                                   "'%c' on line %d",
                                   c, opening, lineno);
            return lexer_raise(
                lx, "closing parenthesis '%c' does not match opening parenthesis '%c'", c, opening);
        }
    }
    if (mode) {
        mode->depth--;
        if (mode->depth < 0)
            return lexer_raise(lx, "%c-string: unmatched '%c'", mode->is_template ? 't' : 'f', c);
        if (c == '}' && mode->depth == mode->field_depth) {
            mode->field_depth--;
            mode->in_text = true;
            mode->in_format_spec = false;
        }
    }
    return true;
}

/* The operator at `p`: its kind, and its length in *len. */
static int
operator_at(const char *p, int *len)
{
    *len = 1;
    char b = p[1], c = b ? p[2] : 0;
#define ONE(a, kind)                                                                               \
    case a:                                                                                        \
        return kind
#define EQ(kind, kind_eq)                                                                          \
    if (b == '=') {                                                                                \
        *len = 2;                                                                                  \
        return kind_eq;                                                                            \
    }                                                                                              \
    return kind
#define TWICE(a, kind, kind_eq, kind2, kind2_eq)                                                   \
    case a:                                                                                        \
        if (b == a) {                                                                              \
            *len = 2 + (c == '=');                                                                 \
            return c == '=' ? kind2_eq : kind2;                                                    \
        }                                                                                          \
        EQ(kind, kind_eq)
    switch (*p) {
        ONE('(', TOK_LPAR);
        ONE(')', TOK_RPAR);
        ONE('[', TOK_LSQB);
        ONE(']', TOK_RSQB);
        ONE('{', TOK_LBRACE);
        ONE('}', TOK_RBRACE);
        ONE(',', TOK_COMMA);
        ONE(';', TOK_SEMI);
        ONE('~', TOK_TILDE);
        TWICE('*', TOK_STAR, TOK_STAREQUAL, TOK_DOUBLESTAR, TOK_DOUBLESTAREQUAL);
        TWICE('/', TOK_SLASH, TOK_SLASHEQUAL, TOK_DOUBLESLASH, TOK_DOUBLESLASHEQUAL);
        TWICE('>', TOK_GREATER, TOK_GREATEREQUAL, TOK_RIGHTSHIFT, TOK_RIGHTSHIFTEQUAL);
    case '<':
        if (b == '<') {
            *len = 2 + (c == '=');
            return c == '=' ? TOK_LEFTSHIFTEQUAL : TOK_LEFTSHIFT;
        }
        EQ(TOK_LESS, TOK_LESSEQUAL);
    case '-':
        if (b == '>') {
            *len = 2;
            return TOK_RARROW;
        }
        EQ(TOK_MINUS, TOK_MINEQUAL);
    case '.':
        if (b == '.' && c == '.') {
            *len = 3;
            return TOK_ELLIPSIS;
        }
        return TOK_DOT;
    case '=':
        EQ(TOK_EQUAL, TOK_EQEQUAL);
    case ':':
        EQ(TOK_COLON, TOK_COLONEQUAL);
    case '+':
        EQ(TOK_PLUS, TOK_PLUSEQUAL);
    case '%':
        EQ(TOK_PERCENT, TOK_PERCENTEQUAL);
    case '&':
        EQ(TOK_AMPER, TOK_AMPEREQUAL);
    case '|':
        EQ(TOK_VBAR, TOK_VBAREQUAL);
    case '^':
        EQ(TOK_CIRCUMFLEX, TOK_CIRCUMFLEXEQUAL);
    case '@':
        EQ(TOK_AT, TOK_ATEQUAL);
    case '!':
        EQ(TOK_EXCLAMATION, TOK_NOTEQUAL);
    default:
        return TOK_OP;
    }
#undef ONE
#undef EQ
#undef TWICE
}

static bool
operator_token(Lexer *lx, Token *token)
{
    char c = *lx->cur;
    StringMode *mode = lx->strings ? &lx->string_modes[lx->strings - 1] : NULL;
    int len, kind;
    if (mode && c == ':' && mode->depth - 1 == mode->field_depth) {
        /* The colon of a replacement field: a format specifier follows. */
        mode->in_text = mode->in_format_spec = true;
        kind = TOK_COLON;
        len = 1;
    } else {
        kind = operator_at(lx->cur, &len);
    }
    lx->cur += len;
    if (len == 1) {
        if (c == '(' || c == '[' || c == '{') {
            if (!open_bracket(lx, c))
                return false;
        } else if (c == ')' || c == ']' || c == '}') {
            if (!close_bracket(lx, c))
                return false;
        } else if ((uint8_t)c < ' ' || c == 0x7f) {
            return lexer_raise(lx, "invalid non-printable character U+%04X", (unsigned)c);
        }
    }
    return lexer_make(lx, token, kind, lx->token_start, lx->cur);
}

/* The end of a line; its token starts at `start`, where a comment before it does. */
static bool
newline(Lexer *lx, Token *token, int kind, const char *start)
{
    lx->cur += line_end_at(lx->cur);
    lx->line_done = lx->at_bol = true;
    return lexer_make(lx, token, kind, start, lx->cur);
}

/* A comment up to the end of its line. `*given`: it is a token. */
static bool
comment(Lexer *lx, Token *token, bool blank, bool *given)
{
    const char *end = memchr(lx->cur, '\n', (size_t)(lx->end - lx->cur));
    if (!end)
        end = lx->end;
    *given = false;
    if (lx->extra_tokens) {
        *given = true;
        end -= end > lx->cur && end[-1] == '\r';
        lx->cur = end;
        lx->comment_line = blank;
        return lexer_make(lx, token, TOK_COMMENT, lx->token_start, end);
    }
    if (lx->type_comments)
        return type_comment(lx, token, end, blank, given) && (*given || (lx->cur = end));
    lx->cur = end;
    return true;
}

/* At the end of the text. */
static bool
last_token(Lexer *lx, Token *token)
{
    lx->saw_end = true;
    if (lx->stop != LEXER_GOING)
        return false;
    if (lx->level)
        return end_of_text(lx);
    make_empty(lx, token, TOK_ENDMARKER);
    return true;
}

/* The next of the pending INDENTs or DEDENTs. */
static bool
give_indent(Lexer *lx, Token *token)
{
    int kind = lx->pending > 0 ? TOK_INDENT : TOK_DEDENT;
    lx->pending -= lx->pending > 0 ? 1 : -1;
    make_empty(lx, token, kind);
    if (lx->extra_tokens && kind == TOK_INDENT) {
        token->start = (uint32_t)(lx->line_start - lx->base);
        token->len = (uint32_t)(lx->cur - lx->line_start);
    }
    return true;
}

bool
lexer_next(Lexer *lx, Token *token)
{
    if (UNLIKELY(lx->stop != LEXER_GOING))
        return false;
    if (lx->strings && lx->string_modes[lx->strings - 1].in_text && !lx->pending)
        return lexer_string_text(lx, token);
    bool blank = false;
    const char *comment_start = NULL;
    lx->token_start = NULL;
next_line:
    if (lx->line_done) {
        if (!lexer_start_line(lx) && lx->stop != LEXER_GOING)
            return false;
        blank = false;
    }
    if (lx->at_bol && !indentation(lx, &blank))
        return false;
    if (lx->pending)
        return give_indent(lx, token);
again:
    while (char_is(*lx->cur, CHAR_BLANK))
        lx->cur++;
    lx->token_start = lx->cur;
    lx->token_line = lx->line_start;
    lx->token_lineno = lx->lineno;
    char c = *lx->cur;
    if (char_is(c, CHAR_NAME_START))
        return name_or_string(lx, token);
    switch (c) {
    case '#': {
        bool given;
        if (!comment(lx, token, blank, &given))
            return false;
        if (given)
            return true;
        comment_start = lx->token_start;
        goto again;
    }
    case '\r':
        if (!line_end_at(lx->cur))
            return operator_token(lx, token);
        /* fall through */
    case '\n':
        if (lx->extra_tokens && (blank || lx->level || lx->comment_line)) {
            lx->comment_line = false;
            return newline(lx, token, TOK_NL, lx->cur);
        }
        if (!blank && !lx->level)
            return newline(lx, token, TOK_NEWLINE, comment_start ? comment_start : lx->cur);
        lx->cur += line_end_at(lx->cur);
        lx->line_done = lx->at_bol = true;
        lx->token_start = comment_start = NULL;
        goto next_line;
    case '\\':
        lx->cur++;
        if (!continue_line(lx))
            return false;
        goto again;
    case '"':
    case '\'':
        return lexer_string(lx, token);
    case '.':
        if (!char_is(lx->cur[1], CHAR_DIGIT)) {
            lx->saw_end |= lx->cur[1] == '.' && lx->cur + 2 == lx->end;
            return operator_token(lx, token);
        }
        return lexer_number(lx, token);
    case '0' ... '9':
        return lexer_number(lx, token);
    case 0:
        return lx->cur == lx->end ? last_token(lx, token) : operator_token(lx, token);
    default:
        return operator_token(lx, token);
    }
}
