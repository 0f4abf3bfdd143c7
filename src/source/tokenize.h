/* Tokens one by one, for the `tokenize` module: a lexer that reads its text line by line, as it
   needs it.

       TokenizerIter *it = tokenizer_new(read_line, context, true, &host);
       TokenInfo token;
       while ((got = tokenizer_next(it, &token)) > 0)
           ...
       if (got < 0)
           raise(tokenizer_problem(it));
       tokenizer_free(it);

   With `extra_tokens` there are COMMENT and NL tokens, every operator is an OP, brackets need not
   match and names may hold any character above ASCII: what tokenize.generate_tokens() gives.
   Without, the tokens are those that the parser sees.

   Threading: none; an iterator belongs to one thread at a time. */
#ifndef WEFT_SOURCE_TOKENIZE_H
#define WEFT_SOURCE_TOKENIZE_H

#include "source/source.h"
#include "source/token.h"

typedef struct TokenizerIter TokenizerIter;

/* Gives the next line, UTF-8 with its line end ("\n" or "\r\n"; the last one may have none), in
   *line, which stays valid until the next call. 1: there is one. 0: the end. -1: it failed, and
   left an exception with the host. */
typedef int (*TokenizerReadLine)(void *context, const char **line, size_t *len);

/* Columns count characters. `text` and `line` (all lines that the token touches) are UTF-8, and
 * stay valid until the next call. */
typedef struct TokenInfo {
    int type; /* a TokenKind below TOK_COUNT */
    const char *text;
    size_t len;
    int lineno, col, end_lineno, end_col;
    const char *line;
    size_t line_len;
} TokenInfo;

/* NULL without memory. `host` may be NULL. */
NODISCARD TokenizerIter *tokenizer_new(TokenizerReadLine read_line, void *context,
                                       bool extra_tokens, const SourceHost *host);

/* 1: a token. 0: ENDMARKER was given before. -1: see tokenizer_problem(). */
NODISCARD int tokenizer_next(TokenizerIter *it, TokenInfo *token);

/* What went wrong; valid as long as the iterator. */
const SyntaxProblem *tokenizer_problem(const TokenizerIter *it);

void tokenizer_free(TokenizerIter *it);

#endif
