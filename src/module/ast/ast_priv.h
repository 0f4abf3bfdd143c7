/* What the files of _ast share.
 *
 * The classes are made once, when the module is executed, from the tables of source/ast.h; from then on the state is immutable and read
 * without locks. */
#ifndef WEFT_MODULE_AST_PRIV_H
#define WEFT_MODULE_AST_PRIV_H

#include "module/ast/ast.h"
#include "object/type.h"

enum { AST_MAX_FIELDS = 8 };

typedef struct AstState {
    Own classes[AST_TYPE_COUNT];    /* of sums and records: "expr", "arguments"; NO_VALUE for leaves */
    Own nodes[AST_NODE_COUNT];      /* of nodes; a record's is its class */
    Own singletons[AST_NODE_COUNT]; /* of enum nodes: the instance that trees share */
    Value fields[AST_NODE_COUNT][AST_MAX_FIELDS]; /* names, interned for ever */
    Value attributes[4];            /* lineno ... */
} AstState;

extern Type ast_node_type; /* ast.AST */

/* The state; makes it by importing _ast if need be. NULL + exception. */
const AstState *ast_state(void);

/* The object of a whole tree. own: ret new · fail: 0 + exception */
NODISCARD Own ast_to_object(const AstState *state, const Mod *tree);

/* The tree of an object, in `arena`. What its constants refer to lives in *kept, a list (new, or 0). NULL + TypeError, ValueError... */
NODISCARD Mod *ast_from_object(const AstState *state, Arena *arena, Value v, Own *kept);

/* Checks a tree that was made by hand. false + ValueError, TypeError */
bool ast_validate(const Mod *tree);

/* What compile() with PyCF_OPTIMIZED_AST does to a tree, in place. false + exception */
bool ast_optimize(Arena *arena, Mod *tree, int optimize, Own *kept);

#endif
