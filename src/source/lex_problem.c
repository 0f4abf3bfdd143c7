/* Recording the problem that ends a parse, with CPython's line, offset and text for it. */
#include "base/utf8.h"
#include "source/lexer_priv.h"

#include <stdarg.h>
#include <stdio.h>

typedef struct Line {
    const char *text;
    size_t len;
} Line;

/* The text shown for a line; the lexer's own line has its line end. */
static Line
shown_line(const Lexer *lx, int lineno)
{
    const char *start = lx->base, *end;
    if (lineno >= lx->lineno) {
        start = lx->line_start;
        end = memchr(start, '\n', (size_t)(lx->end - start));
        return (Line){start, (size_t)((end ? end + 1 : lx->end) - start)};
    }
    for (int n = 1; n < lineno; n++) {
        const char *next = memchr(start, '\n', (size_t)(lx->end - start));
        if (!next)
            break;
        start = next + 1;
    }
    end = memchr(start, '\n', (size_t)(lx->end - start));
    return (Line){start, (size_t)((end ? end : lx->end) - start)};
}

/* The number of characters that the first `bytes` bytes of the line begin; at most one more than it
 * has. */
static int
offset_in(Line line, int bytes)
{
    if (bytes <= 0)
        return bytes;
    int chars = 0;
    for (size_t i = 0; i < (size_t)bytes && i <= line.len; i++)
        chars += i == line.len || ((uint8_t)line.text[i] & 0xC0) != 0x80;
    return chars;
}

bool
lexer_no_memory(Lexer *lx)
{
    if (!lx->problem->kind || lx->problem->kind != PROBLEM_HOST)
        *lx->problem = (SyntaxProblem){.kind = PROBLEM_MEMORY};
    lx->stop = LEXER_RAISED;
    return false;
}

static const char *
format_message(Lexer *lx, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = len < 0 ? NULL : arena_alloc(lx->arena, (size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, args);
    return text;
}

/* Offsets in bytes, as CPython counts before it converts them. */
static bool
record(Lexer *lx, ProblemKind kind, Span at, Line line, const char *format, va_list args)
{
    SyntaxProblem *problem = lx->problem;
    if (problem->kind)
        return false;
    const char *message = format_message(lx, format, args);
    char *text = arena_strndup(lx->arena, line.text, line.len);
    if (!message || !text)
        return lexer_no_memory(lx);
    *problem = (SyntaxProblem){
        .kind = kind,
        .located = true,
        .lineno = at.lineno,
        .offset = offset_in(line, at.col),
        .end_lineno = at.end_lineno,
        .end_offset = offset_in(line, at.end_col),
        .message = message,
        .text = text,
        .text_len = line.len,
    };
    return false;
}

bool
lexer_problem_v(Lexer *lx, ProblemKind kind, Span span, const char *format, va_list args)
{
    span.col++;
    span.end_col++;
    return record(lx, kind, span, shown_line(lx, span.lineno), format, args);
}

bool
lexer_problem(Lexer *lx, ProblemKind kind, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    lexer_problem_v(lx, kind, span, format, args);
    va_end(args);
    return false;
}

bool
lexer_problem_here_v(Lexer *lx, ProblemKind kind, int lineno, int end_col, const char *format,
                     va_list args)
{
    int col = (int)(lx->cur - lx->line_start);
    Span at = {lineno, col, lineno, end_col < 0 ? -1 : end_col + 1};
    return record(lx, kind, at, shown_line(lx, lineno), format, args);
}

bool
lexer_problem_here(Lexer *lx, ProblemKind kind, int lineno, int end_col, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    lexer_problem_here_v(lx, kind, lineno, end_col, format, args);
    va_end(args);
    return false;
}

/* The lexer's own problems show the current line without its end. */
static bool
raise_range(Lexer *lx, Span at, const char *format, va_list args)
{
    const char *end = memchr(lx->line_start, '\n', (size_t)(lx->end - lx->line_start));
    Line line = {lx->line_start, (size_t)((end ? end : lx->end) - lx->line_start)};
    lx->stop = LEXER_RAISED;
    return record(lx, PROBLEM_SYNTAX, at, line, format, args);
}

bool
lexer_raise(Lexer *lx, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int col = (int)(lx->cur - lx->line_start);
    raise_range(lx, (Span){lx->lineno, col, lx->lineno, col}, format, args);
    va_end(args);
    return false;
}

bool
lexer_raise_range(Lexer *lx, int offset, int end_offset, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_range(lx, (Span){lx->lineno, offset, lx->lineno, end_offset}, format, args);
    va_end(args);
    return false;
}

bool
lexer_unclosed_bracket(Lexer *lx)
{
    int i = lx->level - 1, lineno = lx->brackets[i].lineno;
    return lexer_problem(lx, PROBLEM_SYNTAX, (Span){lineno, lx->brackets[i].col, lineno, -1},
                         "'%c' was never closed", lx->brackets[i].bracket);
}

bool
lexer_warn(Lexer *lx, const char *message, const char *error)
{
    if (lx->quiet || !lx->host || !lx->host->warn)
        return true;
    int answer = lx->host->warn(lx->host->context, message, lx->lineno);
    if (answer < 0) {
        *lx->problem = (SyntaxProblem){.kind = PROBLEM_HOST};
        lx->stop = LEXER_RAISED;
        return false;
    }
    return !answer || lexer_raise(lx, "%s", error);
}
