/* The node classes, made of the tables of source/ast.h, and the module. */
#include <stdatomic.h>

#include "module/ast/ast_priv.h"
#include "object/dict.h"
#include "object/genericalias.h"
#include "object/hooks.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"

static AstState the_state;
static const AstState *_Atomic ready_state; /* set once, with release */

static const char *const attribute_names[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};

const AstState *
ast_state(void)
{
    const AstState *state = atomic_load_explicit(&ready_state, memory_order_acquire);
    if (!state) {
        Own module = object_hooks.import_module ? object_hooks.import_module("_ast") : raise_msg(&exc_SystemError, "no _ast");
        if (module) {
            drop(module);
            state = atomic_load_explicit(&ready_state, memory_order_acquire);
        }
    }
    return state;
}

/* -- pieces of a class ----------------------------------------------------------------------------- */

static int
set_cstr(Value dict, const char *key, Own v)
{
    int status = v ? dict_set_cstr(dict, key, v) : -1;
    drop_opt(v);
    return status;
}

static Own
tuple_of_names(Value const *names, int n)
{
    return tuple_from_array(names, n);
}

/* The Python type of a field: expr, list[expr], expr | None. own: ret new */
static Own
field_type(const AstState *state, const AstField *field)
{
    Value base = field->type == AST_TYPE_IDENTIFIER || field->type == AST_TYPE_STRING ? VALUE(&str_type)
                 : field->type == AST_TYPE_CONSTANT                                   ? VALUE(&object_type)
                 : field->type == AST_TYPE_INT                                        ? VALUE(&int_type)
                                                                                      : (Value)state->classes[field->type];
    if (field->card == AST_ONE) {
        return own(base);
    }
    return field->card == AST_OPT ? union_or(base, NONE) : generic_alias_new(VALUE(&list_type), base);
}

static int
set_field_types(const AstState *state, const AstNode *node, Type *cls)
{
    Own types = dict_new(), shown = NO_VALUE;
    int status = types ? 0 : -1;
    for (int i = 0; status == 0 && i < node->count; i++) {
        status = set_cstr(types, node->fields[i].name, field_type(state, &node->fields[i]));
    }
    if (status == 0) {
        shown = dict_copy(types);
        status = shown ? type_setattr(cls, NAME(_field_types), types) : -1;
    }
    if (status == 0) {
        status = type_setattr(cls, NAME(__annotations__), shown);
    }
    drop_opt(shown);
    drop_opt(types);
    return status;
}

/* class name(base): with fields and attributes. own: ret new */
static Own
make_class(const char *name, Value base, Value fields, const char *doc)
{
    Own ns = dict_new(), bases = ns ? tuple_pack(1, base) : NO_VALUE, title = bases ? str_from_cstr(name) : NO_VALUE;
    Own cls = NO_VALUE;
    if (title && dict_set_cstr(ns, "_fields", fields) == 0 && dict_set_cstr(ns, "__match_args__", fields) == 0 &&
        set_cstr(ns, "__module__", str_from_cstr("ast")) == 0 && set_cstr(ns, "__doc__", doc ? str_from_cstr(doc) : own(NONE)) == 0) {
        cls = type_new_class(&type_type, title, bases, ns, NULL, NO_VALUE);
    }
    drop_opt(title);
    drop_opt(bases);
    drop_opt(ns);
    return cls;
}

/* _attributes and the defaults of the optional ones. */
static int
set_attributes(const AstState *state, const AstTypeInfo *info, Own cls)
{
    Type *t = (Type *)obj(cls);
    Own names = tuple_of_names(state->attributes, info->has_pos ? 4 : 0);
    int status = names ? type_setattr(t, NAME(_attributes), names) : -1;
    drop_opt(names);
    for (int i = 2; status == 0 && info->has_pos && i < 4; i++) {
        status = type_setattr(t, state->attributes[i], NONE);
    }
    return status;
}

static int
set_optional_fields(const AstState *state, int id, Own cls)
{
    const AstNode *node = &ast_nodes[id];
    for (int i = 0; i < node->count; i++) {
        if (node->fields[i].card == AST_OPT && type_setattr((Type *)obj(cls), state->fields[id][i], NONE) < 0) {
            return -1;
        }
    }
    return 0;
}

/* -- all of them ----------------------------------------------------------------------------------- */

static int
intern_names(AstState *state)
{
    for (int i = 0; i < 4; i++) {
        state->attributes[i] = str_intern_cstr(attribute_names[i]);
    }
    for (int id = 0; id < AST_NODE_COUNT; id++) {
        for (int i = 0; i < ast_nodes[id].count; i++) {
            state->fields[id][i] = str_intern_cstr(ast_nodes[id].fields[i].name);
        }
    }
    return 0;
}

static int
make_sum(AstState *state, int type)
{
    const AstTypeInfo *info = &ast_types[type];
    bool record = info->form == AST_RECORD;
    int id = info->first_node;
    Own fields = tuple_of_names(state->fields[id], record ? ast_nodes[id].count : 0);
    Own cls = fields ? make_class(info->name, VALUE(&ast_node_type), fields, record ? ast_nodes[id].doc : info->doc) : NO_VALUE;
    drop_opt(fields);
    state->classes[type] = cls;
    if (!cls || set_attributes(state, info, cls) < 0) {
        return -1;
    }
    if (record) {
        state->nodes[id] = own(cls);
        return set_optional_fields(state, id, cls);
    }
    return 0;
}

static int
make_node(AstState *state, int id)
{
    const AstNode *node = &ast_nodes[id];
    const AstTypeInfo *info = &ast_types[node->type];
    if (info->form == AST_RECORD) {
        return 0;
    }
    Own fields = tuple_of_names(state->fields[id], node->count);
    Own cls = fields ? make_class(node->name, state->classes[node->type], fields, node->doc) : NO_VALUE;
    drop_opt(fields);
    state->nodes[id] = cls;
    if (!cls || set_optional_fields(state, id, cls) < 0) {
        return -1;
    }
    if (info->form == AST_ENUM) {
        state->singletons[id] = type_alloc((Type *)obj(cls), 0);
        return state->singletons[id] ? 0 : -1;
    }
    return 0;
}

static int
make_classes(AstState *state)
{
    for (int type = 0; type < AST_TYPE_COUNT; type++) {
        if (ast_types[type].form != AST_LEAF && make_sum(state, type) < 0) {
            return -1;
        }
    }
    for (int id = 0; id < AST_NODE_COUNT; id++) {
        if (make_node(state, id) < 0) {
            return -1;
        }
    }
    for (int id = 0; id < AST_NODE_COUNT; id++) {
        if (set_field_types(state, &ast_nodes[id], (Type *)obj(state->nodes[id])) < 0) {
            return -1;
        }
    }
    return 0;
}

/* AST itself may be changed like a class. */
static int
make_base(void)
{
    if (type_ready(&ast_node_type) < 0) {
        return -1;
    }
    atomic_fetch_and_explicit(&ast_node_type.flags, ~(uint32_t)TYPE_IMMUTABLE, memory_order_relaxed);
    return type_setattr(&ast_node_type, NAME(_fields), tuple_empty) < 0 ||
                   type_setattr(&ast_node_type, NAME(__match_args__), tuple_empty) < 0 ||
                   type_setattr(&ast_node_type, NAME(_attributes), tuple_empty) < 0
               ? -1
               : 0;
}

static int
ast_exec(Value module)
{
    AstState *state = &the_state;
    if (!atomic_load_explicit(&ready_state, memory_order_acquire)) {
        if (make_base() < 0 || intern_names(state) < 0 || make_classes(state) < 0) {
            return -1;
        }
        atomic_store_explicit(&ready_state, state, memory_order_release);
    }
    if (module_add(module, "AST", own(VALUE(&ast_node_type))) < 0) {
        return -1;
    }
    for (int type = 0; type < AST_TYPE_COUNT; type++) {
        if (state->classes[type] && module_add(module, ast_types[type].name, own(state->classes[type])) < 0) {
            return -1;
        }
    }
    for (int id = 0; id < AST_NODE_COUNT; id++) {
        if (module_add(module, ast_nodes[id].name, own(state->nodes[id])) < 0) {
            return -1;
        }
    }
    return module_add_int(module, "PyCF_ALLOW_TOP_LEVEL_AWAIT", COMPILE_TOP_LEVEL_AWAIT) < 0 ||
                   module_add_int(module, "PyCF_ONLY_AST", COMPILE_ONLY_AST) < 0 ||
                   module_add_int(module, "PyCF_TYPE_COMMENTS", COMPILE_TYPE_COMMENTS) < 0 ||
                   module_add_int(module, "PyCF_OPTIMIZED_AST", COMPILE_OPTIMIZED_AST) < 0
               ? -1
               : 0;
}

const ModuleDef module__ast = {
    .name = "_ast",
    .doc = "The classes of syntax trees: what the module ast is built on.",
    .exec = ast_exec,
};
