/* Text to code: the compiler as the rest of the program sees it.
 *
 *   bytes --parse_source--> tree (source/ast.h) --compile_tree--> code object (object/code.h)
 *
 * A tree is read only. One compilation uses one thread and nothing shared but what the object layer shares (interned names). All
 * functions raise CPython's exceptions: SyntaxError with its positions, RecursionError or MemoryError for what is nested too deeply,
 * ValueError. Warnings go through compile_hooks.warn. */
#ifndef WEFT_COMPILE_COMPILE_H
#define WEFT_COMPILE_COMPILE_H

#include "object/code.h"
#include "source/ast.h"
#include "source/source.h"

/* Flags of compile() besides CO_FUTURE_*, with CPython's values. */
enum {
    COMPILE_SOURCE_IS_UTF8 = 0x100,       /* the text was a str: no cookie is looked for */
    COMPILE_DONT_IMPLY_DEDENT = 0x200,
    COMPILE_ONLY_AST = 0x400,
    COMPILE_IGNORE_COOKIE = 0x800,
    COMPILE_TYPE_COMMENTS = 0x1000,
    COMPILE_TOP_LEVEL_AWAIT = 0x2000,
    COMPILE_ALLOW_INCOMPLETE = 0x4000,
    COMPILE_OPTIMIZED_AST = 0x8000 | COMPILE_ONLY_AST,
    COMPILE_FUTURES = CO_FUTURE_DIVISION | CO_FUTURE_ABSOLUTE_IMPORT | CO_FUTURE_WITH_STATEMENT | CO_FUTURE_PRINT_FUNCTION |
                      CO_FUTURE_UNICODE_LITERALS | CO_FUTURE_BARRY_AS_BDFL | CO_FUTURE_GENERATOR_STOP | CO_FUTURE_ANNOTATIONS,
};

typedef struct CompileOptions {
    Value filename; /* a str */
    Value module;   /* a str: the module that warnings name; NO_VALUE: made of the filename */
    uint32_t flags; /* COMPILE_*, CO_FUTURE_* */
    bool is_file;   /* messages about the text as such name the file */
    int optimize;   /* 0; 1: no asserts, __debug__ is False; 2: no docstrings either */
    int feature_version; /* minor version of the grammar; 0: the newest */
} CompileOptions;

/* The code of a Module, Interactive or Expression. own: ret new · may: runpy (warnings) · fail: 0 + exception */
NODISCARD Own compile_tree(const Mod *tree, const CompileOptions *options);

/* Refuses unknown features in `from __future__ import`, as compile_tree does. fail: -1 + SyntaxError */
NODISCARD int compile_check_futures(const Mod *tree, const CompileOptions *options);

/* The tree of a text, in `arena`. fail: 0 + SyntaxError... · may: runpy (warnings, codecs) */
NODISCARD Mod *parse_source(Arena *arena, const char *bytes, size_t len, SourceMode mode, const CompileOptions *options);

/* Both. */
NODISCARD Own compile_source(const char *bytes, size_t len, SourceMode mode, const CompileOptions *options);

/* What `make` makes of the symbol tables of a text (compile/scope.h), which last as long as it runs. */
struct Scope;
NODISCARD Own compile_scopes(const char *bytes, size_t len, SourceMode mode, const CompileOptions *options,
                             Own (*make)(const struct Scope *top));

/* The object of a literal. own: ret new */
NODISCARD Own constant_value(const Const *literal);

/* Raises what the front end found wrong. */
void raise_problem(const SyntaxProblem *p, Value filename);

/* An expression as text, as `from __future__ import annotations` and ast.unparse-like users want it. own: ret new str */
NODISCARD Own unparse_expression(const Expr *e);

/* Readable instructions of a code object; with `nested`, also of the code objects among its constants. own: ret new str */
NODISCARD Own code_disassemble(Value code, bool nested);

/* Checks that running `code` cannot go wrong: registers, jumps, windows, what each register holds at each point. Null when all is
 * well, else what is wrong (static text) and where; so, too, if there is no memory to find out: then MemoryError is pending. (no runpy) */
const char *code_verify(const Code *code, uint32_t *where);
/* The first half of it: registers, jumps and windows are within bounds. (no runpy) */
bool code_operands_fit(const Code *code);
/* What each of nregs registers may hold before the instruction at word `at`: a set of these. states: zeroed; false when control never comes
 * there. (no runpy) */
enum { REGISTER_EMPTY = 1, REGISTER_FULL = 2 };
bool code_register_states(const Code *code, uint32_t at, uint8_t *states);

/* A code object for a cache: its numbers, instructions and tables as bytes; the other half is the values co_consts, co_names, the names of
 * its variables, co_filename, co_name, co_qualname. own: ret new */
enum { CODE_VALUES = 6 };
NODISCARD Own code_dump(Value code);
/* And back. Checks everything; what the registers hold is left to the first run (RESUME_UNVERIFIED) where it can be. own: values eaten, also on failure; ret new · fail: 0 + ValueError */
NODISCARD Own code_load(const uint8_t *data, size_t size, Own values[CODE_VALUES]);

typedef struct CompileHooks {
    /* warnings.warn_explicit(message, category, filename, lineno, module): module may be NO_VALUE. fail: -1 + exception. Null: none. */
    int (*warn)(Type *category, Value message, Value filename, int lineno, Value module);
    /* For the parser: as SourceHost has it. */
    int (*decode)(void *context, const char *encoding, const char *bytes, size_t len, char **text, size_t *text_len);
    bool no_columns; /* -X no_debug_ranges: code knows lines only */
} CompileHooks;

extern CompileHooks compile_hooks; /* filled at start-up, immutable after */

#endif
