/* String literals, and the text of f-strings and t-strings. Escapes are decoded later, in
   literal.c; here only matters where a string ends. */
#include "source/lexer_priv.h"

#include <stdio.h>

/* Replacement fields inside format specifiers inside replacement fields...: as deep as this. */
#define MAX_FIELD_NESTING 3

/* Goes back to behind the quote's first character, so that the problem is reported at the start of
 * the string. */
static void
report_at(Lexer *lx, const char *start, const char *line, int lineno)
{
    lx->cur = start + 1;
    lx->line_start = line;
    lx->lineno = lineno;
}

static bool
unterminated(Lexer *lx, char quote, int quote_size, bool escaped_quote)
{
    int lineno = lx->lineno;
    StringMode *mode = lx->strings ? &lx->string_modes[lx->strings - 1] : NULL;
    report_at(lx, lx->token_start, lx->token_line, lx->token_lineno);
    if (mode && mode->quote_size == quote_size && mode->quote == quote) {
        /* Rather than a string, this is the end of the f-string around it. */
        lx->saw_end = false;
        return lexer_raise(lx, "%c-string: expecting '}'", mode->is_template ? 't' : 'f');
    }
    if (quote_size == 3)
        return lexer_raise(lx, "unterminated triple-quoted string literal (detected at line %d)",
                           lineno);
    return lexer_raise(lx, "unterminated string literal (detected at line %d)%s", lineno,
                       escaped_quote ? "; perhaps you escaped the end quote?" : "");
}

bool
lexer_string(Lexer *lx, Token *token)
{
    char quote = *lx->cur++;
    int size = 1;
    bool escaped_quote = false;
    if (lx->cur[0] == quote && lx->cur[1] == quote) {
        size = 3;
        lx->cur += 2;
    } else if (lx->cur[0] == quote) {
        lx->cur++;
        return lexer_make(lx, token, TOK_STRING, lx->token_start, lx->cur);
    }
    for (;;) {
        char c = *lx->cur;
        if (c == quote) {
            lx->cur++;
            if (size == 1)
                break;
            if (lx->cur[0] == quote && lx->cur[1] == quote) {
                lx->cur += 2;
                break;
            }
            continue;
        }
        if (c == '\\') {
            lx->cur++;
            lx->cur += line_end_at(lx->cur) == 2;
            c = *lx->cur;
            escaped_quote |= c == quote;
        } else if (c == '\n' && size == 1) {
            return unterminated(lx, quote, 1, escaped_quote);
        }
        if (c == 0 && lx->cur == lx->end) {
            lx->saw_end = true;
            return unterminated(lx, quote, size, escaped_quote);
        }
        lx->cur++;
        if (c == '\n' && !lexer_cross_line(lx))
            return lx->stop == LEXER_GOING && unterminated(lx, quote, size, escaped_quote);
    }
    return lexer_make(lx, token, TOK_STRING, lx->token_start, lx->cur);
}

bool
lexer_string_start(Lexer *lx, Token *token, bool is_template, bool raw)
{
    char quote = *lx->cur++;
    int size = 1;
    if (lx->cur[0] == quote && lx->cur[1] == quote) {
        size = 3;
        lx->cur += 2;
    }
    if (lx->strings + 1 >= LEXER_MAX_STRINGS)
        return lexer_raise(lx, "too many nested f-strings or t-strings");
    lx->string_modes[lx->strings++] = (StringMode){
        .in_text = true,
        .raw = raw,
        .is_template = is_template,
        .quote = quote,
        .quote_size = (uint8_t)size,
        .field_depth = -1,
        .start = (uint32_t)(lx->token_start - lx->base),
        .line_start = (uint32_t)(lx->line_start - lx->base),
        .lineno = lx->lineno,
    };
    return lexer_make(lx, token, is_template ? TOK_TSTRING_START : TOK_FSTRING_START,
                      lx->token_start, lx->cur);
}

static bool
text_unterminated(Lexer *lx, const StringMode *mode)
{
    int lineno = lx->lineno;
    report_at(lx, lx->base + mode->start, lx->base + mode->line_start, mode->lineno);
    lx->saw_end &= mode->quote_size == 3; /* more lines would not help */
    return lexer_raise(lx, "unterminated %s%c-string literal (detected at line %d)",
                       mode->quote_size == 3 ? "triple-quoted " : "", mode->is_template ? 't' : 'f',
                       lineno);
}

static bool
make_text(Lexer *lx, Token *token, const StringMode *mode, const char *end)
{
    return lexer_make(lx, token, mode->is_template ? TOK_TSTRING_MIDDLE : TOK_FSTRING_MIDDLE,
                      lx->token_start, end);
}

/* At a doubled brace: the text so far with one brace, ending behind both. */
static bool
make_doubled(Lexer *lx, Token *token, const StringMode *mode)
{
    make_text(lx, token, mode, lx->cur + 1);
    token->end_col++;
    lx->cur += 2;
    return true;
}

/* At a "{" that opens a field: tokens of the field follow. */
static bool
enter_field(Lexer *lx, StringMode *mode)
{
    mode->field_depth++;
    if (mode->field_depth >= MAX_FIELD_NESTING)
        return lexer_raise(lx, "%c-string: expressions nested too deeply",
                           mode->is_template ? 't' : 'f');
    mode->in_text = false;
    return true;
}

/* Behind a backslash in text: what may hide a brace or a quote. */
static bool
skip_escape(Lexer *lx, StringMode *mode, bool *in_name)
{
    char c = *lx->cur;
    if (c == '{' || c == '}') {
        /* A brace cannot be escaped so: the backslash stands for itself. */
        if (!mode->raw) {
            char message[ESCAPE_MESSAGE], error[ESCAPE_MESSAGE];
            escape_message(message, lx->cur - 1, 2, "", true);
            escape_message(error, lx->cur - 1, 2, "", false);
            lx->cur++; /* an error would point behind the brace */
            if (!lexer_warn(lx, message, error))
                return false;
            lx->cur--;
        }
        return true;
    }
    if (!mode->raw && c == 'N' && lx->cur[1] == '{') {
        *in_name = true;
        lx->cur += 2;
        return true;
    }
    if (c == 0 && lx->cur == lx->end)
        return true;
    if (line_end_at(lx->cur) == 2)
        c = *++lx->cur;
    lx->cur++;
    if (c == '\n' && !lexer_cross_line(lx))
        return lx->stop == LEXER_GOING;
    return true;
}

/* The closing quotes, directly. */
static bool
text_end(Lexer *lx, Token *token, const StringMode *mode)
{
    lx->cur += mode->quote_size;
    lx->strings--;
    return lexer_make(lx, token, mode->is_template ? TOK_TSTRING_END : TOK_FSTRING_END,
                      lx->token_start, lx->cur);
}

static bool
at_quotes(const Lexer *lx, const StringMode *mode)
{
    return lx->cur[0] == mode->quote &&
           (mode->quote_size == 1 || (lx->cur[1] == mode->quote && lx->cur[2] == mode->quote));
}

bool
lexer_string_text(Lexer *lx, Token *token)
{
    StringMode *mode = &lx->string_modes[lx->strings - 1];
    bool in_name = false; /* inside \N{...}, whose braces are no field's */
    if (lx->line_done) {
        lx->token_start = NULL;
        if (!lexer_start_line(lx))
            return lx->stop == LEXER_GOING && text_unterminated(lx, mode);
    }
    lx->token_start = lx->cur;
    lx->token_line = lx->line_start;
    lx->token_lineno = lx->lineno;
    if (at_quotes(lx, mode))
        return text_end(lx, token, mode);
    for (;;) {
        char c = *lx->cur;
        if ((c == 0 && lx->cur == lx->end) || (c == '\n' && mode->quote_size == 1)) {
            lx->saw_end |= c == 0;
            lx->cur += c == '\n';
            if (mode->in_format_spec && c == '\n')
                return lexer_raise(lx,
                                   "%c-string: newlines are not allowed in format specifiers for "
                                   "single quoted %c-strings",
                                   mode->is_template ? 't' : 'f', mode->is_template ? 't' : 'f');
            return text_unterminated(lx, mode);
        }
        if (at_quotes(lx, mode))
            return make_text(lx, token, mode, lx->cur);
        if (c == '{') {
            if (lx->cur[1] == '{' && !mode->in_format_spec) {
                return make_doubled(lx, token, mode);
            }
            if (!enter_field(lx, mode))
                return false;
            return lx->cur > lx->token_start ? make_text(lx, token, mode, lx->cur)
                                             : lexer_next(lx, token);
        }
        if (c == '}') {
            if (in_name)
                return make_text(lx, token, mode, ++lx->cur);
            if (lx->cur[1] == '}' && !mode->in_format_spec && mode->depth == 0) {
                return make_doubled(lx, token, mode);
            }
            mode->in_text = false;
            return make_text(lx, token, mode, lx->cur);
        }
        lx->cur++;
        if (c == '\\' && !skip_escape(lx, mode, &in_name))
            return false;
        if (c == '\n' && !lexer_cross_line(lx))
            return lx->stop == LEXER_GOING && text_unterminated(lx, mode);
    }
}
