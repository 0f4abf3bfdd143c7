/* What goes into the front end and how it says no: the source with its options, the host's
   services, and the one problem that ends a parse.

   Nothing here is shared between parses; a Source may be used by several threads if its callbacks
   may. */
#ifndef WEFT_SOURCE_SOURCE_H
#define WEFT_SOURCE_SOURCE_H

#include "base/arena.h"

typedef enum SourceMode {
    SOURCE_EXEC,      /* a module: MOD_MODULE */
    SOURCE_EVAL,      /* one expression: MOD_EXPRESSION */
    SOURCE_SINGLE,    /* one interactive statement: MOD_INTERACTIVE */
    SOURCE_FUNC_TYPE, /* the signature in a type comment: MOD_FUNCTION_TYPE */
} SourceMode;

typedef enum ProblemKind {
    PROBLEM_NONE,
    PROBLEM_SYNTAX,      /* SyntaxError */
    PROBLEM_INDENTATION, /* IndentationError */
    PROBLEM_TAB,         /* TabError */
    PROBLEM_INCOMPLETE,  /* _IncompleteInputError: more lines might mend it (only with
                            allow_incomplete) */
    PROBLEM_RECURSION,   /* MemoryError with a message: nested too deeply for the C stack */
    PROBLEM_MEMORY,      /* MemoryError without one */
    PROBLEM_VALUE,       /* ValueError */
    PROBLEM_HOST,        /* a callback failed and left its exception with the host */
} ProblemKind;

/* Offsets are SyntaxError's: in characters, from 1, `end` exclusive; 0 and -1 as CPython has them
   where it does not know better. `message` and `text` live in the arena of the parse. */
typedef struct SyntaxProblem {
    ProblemKind kind;
    bool located; /* lineno and the rest have a meaning */
    bool no_end;  /* ... but the end has none */
    int lineno, offset, end_lineno, end_offset;
    const char *message;
    const char *text; /* the line (sometimes lines) of lineno; NULL: none */
    size_t text_len;
} SyntaxProblem;

/* What the front end needs of those above it. Each callback may be NULL, and gives -1 when it
   failed and left an exception behind: the parse then ends with PROBLEM_HOST. */
typedef struct SourceHost {
    void *context;

    /* A SyntaxWarning for a line. 0: go on; 1: make it an error. NULL: go on. */
    int (*warn)(void *context, const char *message, int lineno);

    /* Decodes bytes in an encoding that is neither UTF-8, Latin-1 nor ASCII. 1: done, *text is
       malloc'ed valid UTF-8, which the parse frees. 0: it cannot; *text, if it is set, is a
       malloc'ed message that says why. NULL callback: every other encoding is unknown. */
    int (*decode)(void *context, const char *encoding, const char *bytes, size_t len, char **text,
                  size_t *text_len);
} SourceHost;

typedef struct Source {
    const char *bytes;
    size_t len;
    const char *filename; /* a file's, for messages that name it; NULL when the text is no file's */
    SourceMode mode;
    bool is_text; /* the bytes are UTF-8 already: no cookie, no byte order mark is looked for */
    bool type_comments;     /* as PyCF_TYPE_COMMENTS */
    bool dont_imply_dedent; /* as PyCF_DONT_IMPLY_DEDENT */
    bool allow_incomplete;  /* as PyCF_ALLOW_INCOMPLETE_INPUT */
    bool barry_as_bdfl;     /* as CO_FUTURE_BARRY_AS_BDFL: `<>` instead of `!=` */
    int feature_version;    /* minor version of the language; 0: the newest */
    int max_int_digits;     /* most digits of a decimal literal; 0: any number */
    size_t stack_budget; /* bytes of C stack that the caller has left; 0: enough. The parser uses
                            512 KiB at most */
    SourceHost host;
} Source;

#endif
