/* The generated tables agree with the generated types, and constructors fill what the tables
 * describe. */
#include "check.h"
#include "source/ast.h"

CASE(every_node_belongs_to_its_type)
{
    for (int t = 0; t < AST_TYPE_COUNT; t++) {
        const AstTypeInfo *info = &ast_types[t];
        for (int n = 0; n < info->node_count; n++)
            CHECK_INT(ast_nodes[info->first_node + n].type, t);
    }
    CHECK_STR(ast_nodes[AST_NODE_Return].doc, "Return(expr? value)");
    CHECK_STR(ast_nodes[AST_NODE_comprehension].name, "comprehension");
    CHECK_STR(ast_types[AST_TYPE_UNARYOP].doc, "unaryop = Invert | Not | UAdd | USub");
    CHECK_STR(ast_types[AST_TYPE_TYPE_IGNORE].doc,
              "type_ignore = TypeIgnore(int lineno, string tag)");
    CHECK_INT(ast_types[AST_TYPE_EXPR].node_count, 29);
    CHECK_INT(ast_types[AST_TYPE_STMT].node_count, 28);
}

CASE(fields_lie_inside_their_struct)
{
    for (int n = 0; n < AST_NODE_COUNT; n++) {
        const AstNode *node = &ast_nodes[n];
        const AstTypeInfo *type = &ast_types[node->type];
        for (int f = 0; f < node->count; f++) {
            const AstField *field = &node->fields[f];
            size_t size = field->card >= AST_SEQ ? sizeof(AstSeq)
                          : ast_types[field->type].form == AST_SUM ||
                                  ast_types[field->type].form == AST_RECORD
                              ? sizeof(void *)
                              : ast_types[field->type].size;
            CHECK(field->offset + size <= type->size);
            if (type->has_pos)
                CHECK(field->offset >= type->pos_offset + sizeof(Pos));
        }
    }
    CHECK_INT(sizeof(AstSeq), sizeof(ExprSeq));
    CHECK(sizeof(Expr) <= 64);
}

CASE(a_node_can_be_read_through_the_tables)
{
    Arena arena;
    arena_init(&arena);
    Pos pos = {1, 2, 3, 4};
    Expr *left = expr_constant(&arena, pos, (Const){.kind = CONST_NONE}, 0);
    Expr *sum = expr_bin_op(&arena, pos, left, OPERATOR_SUB, left);
    const AstTypeInfo *type = &ast_types[AST_TYPE_EXPR];
    const AstNode *node = &ast_nodes[type->first_node + *(int *)sum - 1];
    CHECK_STR(node->name, "BinOp");
    CHECK_STR(node->fields[1].name, "op");
    CHECK(*(Expr **)((char *)sum + node->fields[0].offset) == left);
    CHECK_INT(*(Operator *)((char *)sum + node->fields[1].offset), OPERATOR_SUB);
    CHECK_INT(((Pos *)((char *)sum + type->pos_offset))->end_col_offset, 4);
    CHECK_INT(sum->end_lineno, 3);
    arena_free_all(&arena);
}

CHECK_MAIN()
