/* What the files of the builtins module share. */
#ifndef WEFT_MODULE_BUILTINS_PRIV_H
#define WEFT_MODULE_BUILTINS_PRIV_H

#include "compile/compile.h"
#include "object/object.h"

/* -O: 0, 1 or 2. Set at start-up. */
extern int builtins_optimize;

/* compile() of ast trees and to them, once the module _ast is there. */
typedef struct AstHooks {
    int (*is_tree)(Value v); /* 0, 1, -1 */
    Own (*compile)(Value tree, SourceMode mode, const CompileOptions *options);
    Own (*parse)(const char *text, size_t length, SourceMode mode, const CompileOptions *options);
} AstHooks;
extern AstHooks ast_hooks;

#endif
