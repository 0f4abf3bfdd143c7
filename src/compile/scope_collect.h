/* Pass one over scopes: shared by scope.c (statements) and scope_expr.c (expressions). */
#ifndef WEFT_COMPILE_SCOPE_COLLECT_H
#define WEFT_COMPILE_SCOPE_COLLECT_H

#include "compile/scope_priv.h"

typedef struct Collector {
    Compiler *c;
    Scope *top;
    Scope *scope; /* the innermost */
} Collector;

/* Adds flags to a name (not yet mangled) of the current scope, or of s. NULL after a failure. */
Symbol *collect_define(Collector *k, Value name, uint32_t flags, Pos pos);
Symbol *collect_define_in(Collector *k, Scope *s, Value name, uint32_t flags, Pos pos);
/* False, with a SyntaxError, for __debug__. */
bool collect_check_name(Collector *k, Value name, Pos pos, bool deleting);

/* A new scope becomes the current one; NULL after a failure. */
Scope *collect_enter(Collector *k, ScopeKind kind, Value name, const void *key, Pos pos);
void collect_leave(Collector *k);

/* False, with a SyntaxError, for an asynchronous statement or expression that is not directly in an async def. */
bool collect_check_async(Collector *k, Pos pos, const char *what);

void collect_body(Collector *k, const StmtSeq *body);
void collect_expr(Collector *k, const Expr *e);
void collect_exprs(Collector *k, const ExprSeq *list);
void collect_keywords(Collector *k, const KeywordSeq *list);
void collect_arguments(Collector *k, const Arguments *a);
void collect_defaults(Collector *k, const Arguments *a);

#endif
