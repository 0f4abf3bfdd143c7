/* What the lexer's files share: stepping through the text, and refusing it. */
#ifndef WEFT_SOURCE_LEXER_PRIV_H
#define WEFT_SOURCE_LEXER_PRIV_H

#include "source/lexer.h"

/* Character classes of ASCII; everything above counts as part of a name. */
#define CHAR_NAME_START 1
#define CHAR_NAME 2
#define CHAR_DIGIT 4
#define CHAR_HEX 8
#define CHAR_BLANK 16 /* space, tab, form feed */

extern const uint8_t char_classes[256];

/* Length of the line end at `p`: 1, 2 (only the tokenize module sees such text) or 0. */
static inline int
line_end_at(const char *p)
{
    return *p == '\n' ? 1 : *p == '\r' && p[1] == '\n' ? 2 : 0;
}

static inline bool
char_is(char c, int class)
{
    return char_classes[(uint8_t)c] & class;
}

/* Makes the character at `cur` readable when it is the first of a new line. False at the end of the
 * text. */
NODISCARD bool lexer_start_line(Lexer *lx);

/* Behind a "\n": goes to the next line, if there is one. */
NODISCARD static inline bool
lexer_cross_line(Lexer *lx)
{
    lx->line_done = true;
    return lexer_start_line(lx);
}

/* A problem whose offset and end are the character last read. Always false. */
bool lexer_raise(Lexer *lx, const char *format, ...) PRINTF_LIKE(2, 3);

/* A problem between two byte columns of the current line, the first from 1, the second from 0.
 * Always false. */
bool lexer_raise_range(Lexer *lx, int offset, int end_offset, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* Fills the token that began at token_start and ends at `end`. */
bool lexer_make(Lexer *lx, Token *token, int kind, const char *start, const char *end);

/* lex_number.c: a number whose first character is at `cur`. */
NODISCARD bool lexer_number(Lexer *lx, Token *token);

/* lex_string.c: a string whose prefix is token_start .. cur, and whose quote is at `cur`. */
NODISCARD bool lexer_string(Lexer *lx, Token *token);
/* ... or an f-string's or t-string's START. */
NODISCARD bool lexer_string_start(Lexer *lx, Token *token, bool is_template, bool raw);
/* The next piece of the innermost open f-string, which is in its text. */
NODISCARD bool lexer_string_text(Lexer *lx, Token *token);

/* literal.c: what is said of an escape that is none, as a warning and when that is made an error.
 * `kind` is "octal " or "". */
#define ESCAPE_MESSAGE 200
void escape_message(char message[ESCAPE_MESSAGE], const char *escape, int len, const char *kind,
                    bool warning);

/* lex_name.c: a name that has characters above ASCII, at token_start .. cur, can be an identifier.
 */
NODISCARD bool lexer_check_name(Lexer *lx);

#endif
