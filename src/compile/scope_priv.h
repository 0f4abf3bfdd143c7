/* Shared by the two passes over scopes. */
#ifndef WEFT_COMPILE_SCOPE_PRIV_H
#define WEFT_COMPILE_SCOPE_PRIV_H

#include "compile/scope.h"

/* The symbol of a (mangled) name in s, added with no flags when it is not there. NULL after a failure. */
Symbol *scope_symbol(Compiler *c, Scope *s, Value name);

/* A new scope below parent (NULL: the top), found by key from now on. NULL after a failure. */
Scope *scope_new(Compiler *c, Scope *parent, ScopeKind kind, Value name, const void *key, Pos pos);

/* Decides where every name lives and numbers the registers. Sticky failure. */
void scopes_resolve(Compiler *c);

#endif
