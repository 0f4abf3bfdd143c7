/* Text to tokens.

   The lexer works on one buffer of UTF-8 with "\n" line ends, complete from the start or growing
   line by line (`more`). It is asked for one token at a time. f-strings and t-strings come as
   START, then MIDDLEs and the tokens of the replacement fields, then END; a stack of modes
   remembers which strings are open.

   Tokens hold offsets, never pointers, since a growing buffer moves. The first error stays:
   `problem` tells it, and every later call fails too.

   Threading: none; a lexer belongs to one thread. */
#ifndef WEFT_SOURCE_LEXER_H
#define WEFT_SOURCE_LEXER_H

#include "source/source.h"
#include "source/token.h"
#include <stdarg.h>

#define LEXER_MAX_INDENT 100
#define LEXER_MAX_LEVEL 200
#define LEXER_MAX_STRINGS 150

/* An open f-string or t-string. */
typedef struct StringMode {
    bool in_text;        /* literal text is being read; else the tokens of a replacement field */
    bool in_format_spec; /* ... of a format specifier */
    bool raw;
    bool is_template; /* a t-string */
    char quote;
    uint8_t quote_size; /* 1 or 3 */
    int depth;          /* brackets open inside this string, the braces of fields included */
    int field_depth;    /* `depth` outside the innermost field's brace; -1 outside all fields */
    uint32_t start;     /* offset of the prefix */
    uint32_t line_start;
    int lineno;
} StringMode;

/* How the lexer failed, which decides whether the failure overrides an earlier problem of the
 * parser. */
typedef enum LexerStop {
    LEXER_GOING,
    LEXER_RAISED,     /* `problem` is complete */
    LEXER_EOF,        /* the text ended inside brackets or behind a backslash */
    LEXER_BAD_LAYOUT, /* indentation or line continuation: `problem` is complete, but weak */
} LexerStop;

typedef struct Lexer {
    const char *base, *end; /* the text; *end is 0 */
    const char *cur;
    const char *line_start;
    const char *first_line;  /* start of the line where the current token or continued line began */
    const char *token_start; /* of the token being read */
    const char *token_line;  /* start of the line where it begins */
    int token_lineno;
    int lineno;
    bool line_done;     /* the last character read ended its line */
    bool at_bol;        /* indentation comes next */
    bool type_comments; /* options, see Source */
    bool extra_tokens;  /* give COMMENT and NL too, as the tokenize module wants them */
    bool quiet;         /* no warnings */
    bool comment_line;  /* extra_tokens: the line had a comment only */
    bool saw_end;       /* the end of the text has been looked at */
    LexerStop stop;

    int pending; /* INDENTs (> 0) or DEDENTs (< 0) to give */
    int indent;
    int indents[LEXER_MAX_INDENT], alt_indents[LEXER_MAX_INDENT];

    int level; /* open brackets */
    struct {
        char bracket;
        int lineno;
        int col; /* bytes */
    } brackets[LEXER_MAX_LEVEL];

    int strings; /* open f-strings */
    StringMode string_modes[LEXER_MAX_STRINGS];

    Arena *arena; /* of problem's texts */
    SyntaxProblem *problem;
    const SourceHost *host;

    /* A growing buffer: appends at least one line to *text (malloc'ed, *len bytes, without a zero
       byte) and gives 1; 0 at the end; -1 when it failed. NULL: the text is complete. */
    int (*more)(void *context, char **text, size_t *len);
    void *more_context;
} Lexer;

/* `text[len]` must be 0, and stay put while the lexer is in use (a growing buffer is freed by its
 * owner). */
void lexer_init(Lexer *lx, const char *text, size_t len, Arena *arena, SyntaxProblem *problem,
                const SourceHost *host);

/* The next token; false when there is none: see `stop` and `problem`. */
NODISCARD bool lexer_next(Lexer *lx, Token *token);

/* Where a problem is. Lines from 1; columns in bytes from 0; -1 for an end column that is not
 * known. */
typedef struct Span {
    int lineno, col, end_lineno, end_col;
} Span;

/* Records a problem at a span as CPython reports it; the first one stays. Always false. */
bool lexer_problem(Lexer *lx, ProblemKind kind, Span span, const char *format, ...)
    PRINTF_LIKE(4, 5);
bool lexer_problem_v(Lexer *lx, ProblemKind kind, Span span, const char *format, va_list args);

/* The same for a token without a column: the offset is the lexer's own. */
bool lexer_problem_here(Lexer *lx, ProblemKind kind, int lineno, int end_col, const char *format,
                        ...) PRINTF_LIKE(5, 6);
bool lexer_problem_here_v(Lexer *lx, ProblemKind kind, int lineno, int end_col, const char *format,
                          va_list args);

/* "'(' was never closed" for the innermost open bracket. */
bool lexer_unclosed_bracket(Lexer *lx);

/* A warning at the lexer's line. False: it became a problem, worded `error`. */
NODISCARD bool lexer_warn(Lexer *lx, const char *message, const char *error);

/* Out of memory. Always false. */
bool lexer_no_memory(Lexer *lx);

#endif
