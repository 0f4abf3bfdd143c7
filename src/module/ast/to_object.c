/* Trees to objects, by the tables of source/ast.h. */
#include "module/ast/ast_priv.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"

static Own node_object(const AstState *state, int type, const void *node);

static Own
leaf_object(int type, const void *at)
{
    switch (type) {
    case AST_TYPE_IDENTIFIER: {
        const Name *name = *(const Name *const *)at;
        Own text = name ? str_from_wtf8(name->text, name->len) : own(NONE);
        return name && text ? str_intern(text) : text;
    }
    case AST_TYPE_STRING: {
        const Text *text = *(const Text *const *)at;
        return text ? str_from_wtf8(text->text, text->len) : own(NONE);
    }
    case AST_TYPE_CONSTANT:
        return constant_value(at);
    default:
        return int_from_i64(*(const int *)at);
    }
}

/* The value of a field that holds one thing. */
static Own
single_object(const AstState *state, int type, const void *at)
{
    const AstTypeInfo *info = &ast_types[type];
    if (info->form == AST_LEAF) {
        return leaf_object(type, at);
    }
    if (info->form == AST_ENUM) {
        int value = *(const int *)at;
        return value ? own(state->singletons[info->first_node + value - 1]) : own(NONE);
    }
    const void *child = *(const void *const *)at;
    return child ? node_object(state, type, child) : own(NONE);
}

static Own
sequence_object(const AstState *state, const AstField *field, const AstSeq *seq)
{
    const AstTypeInfo *info = &ast_types[field->type];
    size_t size = info->form == AST_ENUM ? sizeof(int) : sizeof(void *);
    Own list = list_new(seq->count);
    for (int i = 0; list && i < seq->count; i++) {
        Own item = single_object(state, field->type, (const char *)seq->items + (size_t)i * size);
        if (!item || list_append_own(list, item) < 0) {
            drop(list);
            return NO_VALUE;
        }
    }
    return list;
}

static int
set_position(const AstState *state, Own object, const Pos *pos)
{
    const int numbers[] = {pos->lineno, pos->col_offset, pos->end_lineno, pos->end_col_offset};
    for (int i = 0; i < 4; i++) {
        if (instance_set(obj(object), state->attributes[i], small_int(numbers[i])) < 0) {
            return -1;
        }
    }
    return 0;
}

static Own
node_object(const AstState *state, int type, const void *node)
{
    const AstTypeInfo *info = &ast_types[type];
    int id = info->first_node + (info->form == AST_SUM ? *(const int *)node - 1 : 0);
    const AstNode *shape = &ast_nodes[id];
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    Own object = type_alloc((Type *)obj(state->nodes[id]), 0);
    for (int i = 0; object && i < shape->count; i++) {
        const AstField *field = &shape->fields[i];
        const char *at = (const char *)node + field->offset;
        bool many = field->card == AST_SEQ || field->card == AST_SEQ_OPT;
        Own value = many ? sequence_object(state, field, (const AstSeq *)at) : single_object(state, field->type, at);
        if (!value || instance_set(obj(object), state->fields[id][i], value) < 0) {
            drop(object);
            return NO_VALUE;
        }
    }
    if (object && info->has_pos && set_position(state, object, (const Pos *)((const char *)node + info->pos_offset)) < 0) {
        drop(object);
        return NO_VALUE;
    }
    return object;
}

Own
ast_to_object(const AstState *state, const Mod *tree)
{
    return node_object(state, AST_TYPE_MOD, tree);
}
