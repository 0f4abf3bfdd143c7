/* Syntax trees as Python objects: what the module _ast shows, and compile() takes and gives. */
#ifndef WEFT_MODULE_AST_H
#define WEFT_MODULE_AST_H

#include "compile/compile.h"

/* Is v an instance of ast.AST? 0, 1, -1 */
NODISCARD int ast_is_tree(Value v);
/* compile() of a tree: code, or with COMPILE_ONLY_AST the tree again (optimized if that is asked for). own: ret new */
NODISCARD Own ast_compile(Value tree, SourceMode mode, const CompileOptions *options);
/* The tree of a text. own: ret new */
NODISCARD Own ast_parse(const char *text, size_t length, SourceMode mode, const CompileOptions *options);

#endif
