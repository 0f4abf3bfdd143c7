/* The iterator of tokenize.h: it grows the lexer's buffer by lines, and tells tokens in characters.
 */
#include "source/tokenize.h"

#include "base/utf8.h"
#include "source/lexer.h"
#include <limits.h>
#include <stdlib.h>

struct TokenizerIter {
    Lexer lexer;
    Arena arena;
    SyntaxProblem problem;
    SourceHost host;
    TokenizerReadLine read_line;
    void *context;
    char *text;
    size_t len, cap;
    int last_lineno;   /* of the last token's end */
    bool fake_newline; /* the text's last line end is ours */
    bool ended;        /* ENDMARKER has been given, or a problem */
};

/* ---- reading ---- */

static bool
append(TokenizerIter *it, const char *bytes, size_t n)
{
    if (n > INT_MAX - 2 - it->len)
        return false;
    if (it->len + n + 1 > it->cap) {
        size_t cap = it->cap * 2 + n + 256;
        char *text = realloc(it->text, cap);
        if (!text)
            return false;
        it->text = text;
        it->cap = cap;
    }
    memcpy(it->text + it->len, bytes, n);
    it->len += n;
    it->text[it->len] = 0;
    return true;
}

static int
refuse_zero(TokenizerIter *it, const char *line, size_t len)
{
    it->problem = (SyntaxProblem){.kind = PROBLEM_SYNTAX,
                                  .located = true,
                                  .lineno = it->lexer.lineno + 1,
                                  .end_lineno = it->lexer.lineno + 1,
                                  .message = "source code cannot contain null bytes",
                                  .text = arena_strndup(&it->arena, line, len),
                                  .text_len = len};
    return -1;
}

/* The lexer's `more`. */
static int
more(void *context, char **text, size_t *len)
{
    TokenizerIter *it = context;
    const char *line;
    size_t n = 0;
    int got = it->read_line(it->context, &line, &n);
    if (got <= 0 || n == 0)
        return got < 0 ? -1 : 0;
    const char *zero = memchr(line, 0, n);
    if (zero)
        return refuse_zero(it, line, (size_t)(zero - line));
    it->fake_newline = line[n - 1] != '\n';
    if (!append(it, line, n) || (it->fake_newline && !append(it, "\n", 1))) {
        it->arena.failed = true;
        return 0;
    }
    *text = it->text;
    *len = it->len;
    return 1;
}

TokenizerIter *
tokenizer_new(TokenizerReadLine read_line, void *context, bool extra_tokens, const SourceHost *host)
{
    TokenizerIter *it = calloc(1, sizeof(*it));
    if (!it)
        return NULL;
    arena_init(&it->arena);
    it->read_line = read_line;
    it->context = context;
    if (host)
        it->host = *host;
    if (!append(it, "", 0)) {
        free(it);
        return NULL;
    }
    lexer_init(&it->lexer, it->text, 0, &it->arena, &it->problem, &it->host);
    it->lexer.extra_tokens = extra_tokens;
    it->lexer.more = more;
    it->lexer.more_context = it;
    return it;
}

void
tokenizer_free(TokenizerIter *it)
{
    arena_free_all(&it->arena);
    free(it->text);
    free(it);
}

const SyntaxProblem *
tokenizer_problem(const TokenizerIter *it)
{
    return &it->problem;
}

/* ---- telling ---- */

static int
chars(const char *from, const char *to)
{
    return (int)utf8_count((const uint8_t *)from, (size_t)(to - from));
}

static const char *
start_of_line(const TokenizerIter *it, const char *at)
{
    while (at > it->text && at[-1] != '\n')
        at--;
    return at;
}

/* Behind the line end of the line of `at`; a line end of ours is not shown. */
static const char *
end_of_line(const TokenizerIter *it, const char *at)
{
    const char *end = it->text + it->len;
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    if (!newline)
        return end;
    return newline + 1 == end && it->fake_newline ? newline : newline + 1;
}

/* The problem in the words and with the places of the tokenize module. */
static int
failed(TokenizerIter *it)
{
    const Lexer *lx = &it->lexer;
    SyntaxProblem *problem = &it->problem;
    it->ended = true;
    if (it->arena.failed) {
        *problem = (SyntaxProblem){.kind = PROBLEM_MEMORY};
        return -1;
    }
    if (lx->stop == LEXER_EOF) {
        bool in_line = lx->token_start && (lx->strings || !lx->level);
        *problem = (SyntaxProblem){.kind = PROBLEM_SYNTAX,
                                   .located = true,
                                   .no_end = true,
                                   .lineno = lx->lineno,
                                   .offset = in_line ? (int)(lx->cur - lx->line_start) : 0,
                                   .message = "unexpected EOF in multi-line statement"};
    } else if (lx->stop == LEXER_BAD_LAYOUT) {
        const char *newline = memchr(lx->line_start, '\n', (size_t)(lx->end - lx->line_start));
        const char *end = newline ? newline : lx->end;
        problem->no_end = true;
        problem->offset = chars(lx->line_start, end) + (newline != NULL);
        problem->text_len = (size_t)(end - lx->line_start);
        problem->text = arena_strndup(&it->arena, lx->line_start, problem->text_len);
    }
    return -1;
}

/* Tokens behind the last line have a line of their own with extra tokens; else they are in the last
   one, which is shown if a token was in it. */
static void
tell_end(TokenizerIter *it, const Token *from, TokenInfo *to)
{
    bool extra = it->lexer.extra_tokens;
    to->lineno = to->end_lineno = from->lineno + extra;
    to->col = to->end_col = extra ? 0 : -1;
    to->len = 0;
    if (!extra && it->last_lineno == from->lineno) {
        to->line = it->lexer.line_start;
        to->line_len = (size_t)(end_of_line(it, to->line) - to->line);
    }
}

static void
tell(TokenizerIter *it, const Token *from, TokenInfo *to)
{
    bool extra = it->lexer.extra_tokens;
    const char *start = it->text + from->start, *end = start + from->len;
    const char *text_end = it->text + it->len - (it->fake_newline ? 1 : 0);
    int kind = from->kind;
    bool ends_line = (kind == TOK_NEWLINE || kind == TOK_NL) && end > start;
    const char *last = ends_line ? end - 1 : end; /* in the last line that it touches */
    *to = (TokenInfo){.type = kind >= TOK_COUNT                            ? TOK_NAME
                              : extra && kind >= TOK_LPAR && kind < TOK_OP ? TOK_OP
                                                                           : kind,
                      .text = start,
                      .len = from->len,
                      .lineno = from->lineno,
                      .end_lineno = from->end_lineno,
                      .line = ""};
    if (it->lexer.line_done && (kind == TOK_ENDMARKER || kind == TOK_DEDENT)) {
        tell_end(it, from, to);
        return;
    }
    it->last_lineno = from->end_lineno;
    to->line = start_of_line(it, start);
    to->line_len = (size_t)(end_of_line(it, last) - to->line);
    to->col = to->end_col = -1;
    if (from->col >= 0 || extra) {
        to->col = chars(to->line, start);
        to->end_col = chars(start_of_line(it, last), end);
    }
    if (kind == TOK_NEWLINE && !extra) { /* its line end is not part of it */
        const char *stop = end > start && end[-1] == '\n' ? end - 1 : end;
        to->len = (size_t)(stop - start);
        to->end_col = to->col + chars(start, stop);
    } else if (end > text_end && end > start) { /* a line end of ours is a column, but no text */
        to->len = (size_t)(text_end > start ? text_end - start : 0);
    }
}

int
tokenizer_next(TokenizerIter *it, TokenInfo *token)
{
    Token next;
    if (it->ended)
        return it->problem.kind ? -1 : 0;
    if (!lexer_next(&it->lexer, &next) || it->arena.failed)
        return failed(it);
    it->ended = next.kind == TOK_ENDMARKER;
    if (it->len == 0 && !it->lexer.extra_tokens)
        return 0;
    tell(it, &next, token);
    return 1;
}
