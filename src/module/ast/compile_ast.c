/* compile() with trees: taking them, giving them. */
#include "module/ast/ast_priv.h"

int
ast_is_tree(Value v)
{
    return is_instance_of(v, &ast_node_type);
}

static bool
is_optimized(const CompileOptions *options)
{
    return (options->flags & COMPILE_OPTIMIZED_AST) == COMPILE_OPTIMIZED_AST;
}

Own
ast_parse(const char *text, size_t length, SourceMode mode, const CompileOptions *options)
{
    const AstState *state = ast_state();
    Own result = NO_VALUE, kept = NO_VALUE;
    Arena arena;
    arena_init(&arena);
    Mod *tree = state ? parse_source(&arena, text, length, mode, options) : NULL;
    if (tree && compile_check_futures(tree, options) == 0 && (!is_optimized(options) || ast_optimize(&arena, tree, options->optimize, &kept))) {
        result = ast_to_object(state, tree);
    }
    arena_free_all(&arena);
    drop_opt(kept);
    return result;
}

/* The class that a tree must have in this mode. */
static int
expected_node(SourceMode mode)
{
    return mode == SOURCE_EXEC     ? AST_NODE_Module
           : mode == SOURCE_EVAL   ? AST_NODE_Expression
           : mode == SOURCE_SINGLE ? AST_NODE_Interactive
                                   : AST_NODE_FunctionType;
}

static const char *
short_name(const Type *t)
{
    const char *dot = strrchr(t->name, '.');
    return dot ? dot + 1 : t->name;
}

Own
ast_compile(Value v, SourceMode mode, const CompileOptions *options)
{
    const AstState *state = ast_state();
    if (!state) {
        return NO_VALUE;
    }
    int id = expected_node(mode);
    if (!is_instance_of(v, (Type *)obj(state->nodes[id]))) {
        return raise_fmt(&exc_TypeError, "expected %s node, got %s", ast_nodes[id].name, short_name(type_of(v)));
    }
    if ((options->flags & COMPILE_ONLY_AST) && !is_optimized(options)) {
        return own(v);
    }
    Own result = NO_VALUE, kept = NO_VALUE;
    Arena arena;
    arena_init(&arena);
    Mod *tree = ast_from_object(state, &arena, v, &kept);
    if (tree && ast_validate(tree)) {
        if (!(options->flags & COMPILE_ONLY_AST)) {
            result = compile_tree(tree, options);
        } else if (ast_optimize(&arena, tree, options->optimize, &kept)) {
            result = ast_to_object(state, tree);
        }
    }
    arena_free_all(&arena);
    drop_opt(kept);
    return result;
}
