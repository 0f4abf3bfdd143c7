/* Bytes to the text that the lexer reads: UTF-8 without a byte order mark, "\n" line ends, no zero
 * bytes, a zero byte behind. */
#ifndef WEFT_SOURCE_DECODE_H
#define WEFT_SOURCE_DECODE_H

#include "source/source.h"

/* Gives malloc'ed text, or NULL and a problem. */
NODISCARD char *source_decode(const Source *source, Arena *arena, SyntaxProblem *problem,
                              size_t *len);

/* The encoding that a line's comment declares (PEP 263): its length, and *name pointing into the
   line; 0 if it declares none. The name is as written. `*blank`: the line has nothing but a
   comment, so that the next one may declare. */
size_t source_cookie(const char *line, size_t len, const char **name, bool *blank);

#endif
