/* Values of literals: numbers, and the escapes in strings. */
#ifndef WEFT_SOURCE_LITERAL_H
#define WEFT_SOURCE_LITERAL_H

#include "source/parser_priv.h"

/* Text in a string literal: what stands between its quotes, or a piece of an f-string. */
typedef struct LiteralText {
    const char *text;
    size_t len;
    bool raw, bytes;
    int lineno, col; /* of its first character; in bytes */
    bool piece;      /* of an f-string: the lexer has warned of backslashes in front of braces */
} LiteralText;

/* Replaces escapes and gives a constant. False: `*error` is a message in the arena, for the caller
   to report; or the parse is over
   (`*error` is NULL). Warns of escapes that are none. */
NODISCARD bool literal_decode(Parser *p, const LiteralText *from, Const *value, const char **error);

/* Takes the values of an f-string off the scratch stack, merging neighbouring texts (strings.c). */
ExprSeq merge_values(Parser *p, int base);

#endif
