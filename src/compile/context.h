/* What all parts of one compilation share: options, memory, names, and how they report errors.
 *
 * Errors are sticky: the part that finds one raises it and sets `failed`; everything else then does nothing until the
 * compilation ends. So visitors return nothing and need no checks of their own, except before they use a result that is a pointer.
 *
 * Threading: a Compiler belongs to the thread that compiles. */
#ifndef WEFT_COMPILE_CONTEXT_H
#define WEFT_COMPILE_CONTEXT_H

#include "base/arena.h"
#include "base/vec.h"
#include "compile/compile.h"
#include "object/str.h"

typedef struct NameSlot {
    const Name *name;
    Own value;
} NameSlot;

VEC_DEFINE(OwnVec, ownvec, Own);

typedef struct Compiler {
    bool failed;             /* an exception is pending */
    Arena arena;
    const Mod *tree;
    Value filename, module;
    uint32_t flags;          /* of the options, and the futures that the tree imports */
    int optimize;
    const Pos *future_pos;   /* the last `from __future__ import`; NULL: none */
    NameSlot *names;         /* Name -> interned str, open addressing */
    uint32_t names_mask, names_count;
    OwnVec kept;             /* dropped at the end */
    struct Scopes *scopes;
} Compiler;

/* The interned str of an identifier. Borrow: lasts as long as the compilation. NO_VALUE after a failure. */
Value name_value(Compiler *c, const Name *name);

/* The name as it is stored in class `private`: `__x` becomes `_C__x`. Borrow: lasts as long as the compilation. */
Value name_mangle(Compiler *c, Value private, Value name);

/* Keeps v (eaten) until the compilation ends. The same word as a borrow; NO_VALUE stays NO_VALUE and is a failure. */
Value keep_value(Compiler *c, Own v);

/* An allocation failed: MemoryError is raised unless it is already, and c->failed set. */
void fail_memory(Compiler *c);
/* Zeroed memory of the compilation; NULL after a failure. */
void *compiler_alloc(Compiler *c, size_t size);

/* SyntaxError: message is eaten (NO_VALUE: an exception is pending already). */
void syntax_error(Compiler *c, Pos pos, Own message);
/* The same, as CPython's symbol table raises it: the place is in attributes only, args is (message,). */
void scope_error(Compiler *c, Pos pos, Own message);
/* SyntaxWarning, or the SyntaxError that a warnings filter makes of it. */
void syntax_warning(Compiler *c, Pos pos, Own message);

/* False, with c->failed, after a failure or when the C stack is nearly used up: the first line of every recursive visitor. */
static inline bool
compiler_enter(Compiler *c)
{
    if (UNLIKELY(c->failed)) {
        return false;
    }
    if (UNLIKELY(!c_stack_ok())) {
        c->failed = true;
        return false;
    }
    return true;
}

/* Makes an empty context for a tree, and gives everything of it back. */
void compiler_init(Compiler *c, const Mod *tree, const CompileOptions *options);
void compiler_free(Compiler *c);

/* Reads the `from __future__ import` statements at the start of the tree: sets flags and `future_pos`. */
void compiler_read_futures(Compiler *c);

/* The line of a source file, for the text of a SyntaxError; NO_VALUE with nothing pending when there is none. */
Own source_line(Value filename, int lineno);

#endif
