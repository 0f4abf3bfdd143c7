/* Objects to trees, by the tables of source/ast.h. Anybody may have put anything into a node: each field is checked as it is read. */
#include "base/utf8.h"
#include "base/vec.h"
#include "module/ast/ast_priv.h"
#include "object/bytes.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "source/names.h"

VEC_DEFINE(ByteVec, bytevec, char);

typedef struct Builder {
    const AstState *state;
    Arena *arena;
    NameTable *names;
    Value kept; /* a list */
} Builder;

static bool build_node(Builder *b, int type, Value v, void **out);

/* -- leaves ---------------------------------------------------------------------------------------- */

/* The text of a str in the arena, lone surrogates as three bytes. NULL + MemoryError */
static char *
arena_text(Builder *b, Value v, size_t *length)
{
    const Str *s = as_str(v);
    ByteVec text = {0};
    bool fine = true;
    for (int64_t i = 0; fine && i < s->length; i++) {
        uint8_t bytes[4];
        unsigned length_of_char = utf8_put(bytes, str_char_at(s, i));
        fine = bytevec_extend(&text, (const char *)bytes, length_of_char) == 0;
    }
    char *copy = fine ? arena_strndup(b->arena, text.data ? text.data : "", text.len) : NULL;
    *length = text.len;
    bytevec_free(&text);
    if (!copy) {
        (void)raise_no_memory();
    }
    return copy;
}

static bool
build_identifier(Builder *b, Value v, const Name **out)
{
    if (!IS_EXACT(v, STR)) {
        (void)raise_msg(&exc_TypeError, "AST identifier must be of type str");
        return false;
    }
    size_t length;
    const char *text = arena_text(b, v, &length);
    *out = text ? names_intern(b->names, text, length) : NULL;
    if (text && !*out) {
        (void)raise_no_memory();
    }
    return *out != NULL;
}

static bool
build_string(Builder *b, Value v, const Text **out)
{
    if (!IS_EXACT(v, STR) && !IS_EXACT(v, BYTES)) {
        (void)raise_msg(&exc_TypeError, "AST string must be of type str");
        return false;
    }
    Text *text = arena_alloc(b->arena, sizeof(*text));
    if (!text) {
        (void)raise_no_memory();
        return false;
    }
    if (IS_EXACT(v, BYTES)) {
        text->len = (size_t)as_bytes(v)->length;
        text->text = arena_strndup(b->arena, (const char *)as_bytes(v)->data, text->len);
    } else {
        text->text = arena_text(b, v, &text->len);
    }
    *out = text;
    return text->text != NULL;
}

/* Values that the parser makes too become what it makes of them; others stay objects. */
static bool
build_constant(Builder *b, Value v, Const *out)
{
    size_t length = 0;
    *out = (Const){.kind = CONST_OBJECT, .object = (void *)(uintptr_t)v};
    if (v == NONE || v == TRUE_VALUE || v == FALSE_VALUE || v == ELLIPSIS) {
        out->kind = v == NONE ? CONST_NONE : v == TRUE_VALUE ? CONST_TRUE : v == FALSE_VALUE ? CONST_FALSE : CONST_ELLIPSIS;
    } else if (is_small_int(v) && small_int_value(v) >= 0) {
        *out = (Const){.kind = CONST_INT, .base = 10, .fits = true, .small = small_int_value(v)};
    } else if (is_small_float(v)) {
        *out = (Const){.kind = CONST_FLOAT, .number = small_float_value(v)};
    } else if (IS_EXACT(v, STR)) {
        *out = (Const){.kind = CONST_STR, .text = arena_text(b, v, &length)};
        out->len = (uint32_t)length;
        return out->text && length <= UINT32_MAX;
    } else if (IS_EXACT(v, BYTES)) {
        length = (size_t)as_bytes(v)->length;
        *out = (Const){.kind = CONST_BYTES, .text = arena_strndup(b->arena, (const char *)as_bytes(v)->data, length)};
        out->len = (uint32_t)length;
        return out->text && length <= UINT32_MAX;
    }
    return out->kind != CONST_OBJECT || !is_object(v) || list_append(b->kept, v) == 0;
}

static bool
build_int(Value v, int *out)
{
    if (!is_int(v)) {
        (void)raise_fmt(&exc_ValueError, "invalid integer value: %R", v);
        return false;
    }
    int64_t number;
    if (!int_as_i64(v, &number) || number < INT32_MIN || number > INT32_MAX) {
        (void)raise_msg(&exc_OverflowError, "Python int too large to convert to C int");
        return false;
    }
    *out = (int)number;
    return true;
}

static bool
build_leaf(Builder *b, int type, Value v, void *at)
{
    switch (type) {
    case AST_TYPE_IDENTIFIER:
        return build_identifier(b, v, at);
    case AST_TYPE_STRING:
        return build_string(b, v, at);
    case AST_TYPE_CONSTANT:
        return build_constant(b, v, at);
    default:
        return build_int(v, at);
    }
}

/* -- nodes ----------------------------------------------------------------------------------------- */

/* 1 found, 0 absent, -1 */
static int
get_attribute(Value v, Value name, Own *out)
{
    int found = object_lookup_attr(v, name, out);
    return found;
}

/* Which node of a sum v is, from 0; -1 + TypeError. */
static int
node_kind(const Builder *b, const AstTypeInfo *info, Value v)
{
    for (int i = 0; i < info->node_count; i++) {
        Type *t = (Type *)obj(b->state->nodes[info->first_node + i]);
        if (is_instance_of(v, t)) {
            return i;
        }
    }
    (void)raise_fmt(&exc_TypeError, "expected some sort of %s, but got %R", info->name, v);
    return -1;
}

/* One thing into its place: a leaf, an enum value or a pointer to a node. */
static bool
build_single(Builder *b, int type, Value v, void *at)
{
    const AstTypeInfo *info = &ast_types[type];
    if (info->form == AST_LEAF) {
        return build_leaf(b, type, v, at);
    }
    if (info->form == AST_ENUM) {
        int kind = node_kind(b, info, v);
        *(int *)at = kind + 1;
        return kind >= 0;
    }
    return build_node(b, type, v, at);
}

static bool
build_sequence(Builder *b, const AstNode *node, const AstField *field, Value v, AstSeq *out)
{
    if (!is_list(v)) {
        (void)raise_fmt(&exc_TypeError, "%s field \"%s\" must be a list, not a %T", node->name, field->name, v);
        return false;
    }
    const AstTypeInfo *info = &ast_types[field->type];
    size_t size = info->form == AST_ENUM ? sizeof(int) : sizeof(void *);
    int64_t n = list_len(v);
    if (n > INT32_MAX / 16) {
        (void)raise_no_memory();
        return false;
    }
    out->items = arena_alloc(b->arena, (size_t)n * size + 1);
    out->count = (int)n;
    if (!out->items) {
        (void)raise_no_memory();
        return false;
    }
    for (int64_t i = 0; i < n; i++) {
        Own item = list_get(v, i);
        bool fine = item != NO_VALUE;
        bool hole = item == NONE && info->form == AST_SUM; /* the checks come later */
        if (fine && !hole) {
            fine = build_single(b, field->type, item, (char *)out->items + (size_t)i * size);
        }
        drop_opt(item);
        if (fine && list_len(v) != n) {
            (void)raise_fmt(&exc_RuntimeError, "%s field \"%s\" changed size during iteration", node->name, field->name);
            fine = false;
        }
        if (!fine) {
            if (!exc_pending()) {
                (void)raise_fmt(&exc_RuntimeError, "%s field \"%s\" changed size during iteration", node->name, field->name);
            }
            return false;
        }
    }
    return true;
}

static bool
missing_field(const char *field, const char *node)
{
    (void)raise_fmt(&exc_TypeError, "required field \"%s\" missing from %s", field, node);
    return false;
}

static bool
build_field(Builder *b, const AstNode *node, const AstField *field, Value name, Value v, char *at)
{
    Own value;
    int found = get_attribute(v, name, &value);
    if (found < 0) {
        return false;
    }
    bool many = field->card == AST_SEQ || field->card == AST_SEQ_OPT;
    if (found == 0) { /* None and empty lists may be left out */
        return field->card != AST_ONE || missing_field(field->name, node->name);
    }
    bool fine = true;
    if (many) {
        fine = build_sequence(b, node, field, value, (AstSeq *)at);
    } else if (value == NONE && field->type != AST_TYPE_CONSTANT) {
        const AstTypeInfo *info = &ast_types[field->type];
        if (field->card == AST_ONE && (info->form == AST_ENUM || info->form == AST_RECORD || field->type == AST_TYPE_INT)) {
            fine = build_single(b, field->type, value, at);
        } else if (field->card == AST_ONE) {
            (void)raise_fmt(&exc_ValueError, "field '%s' is required for %s", field->name, node->name);
            fine = false;
        }
    } else {
        fine = build_single(b, field->type, value, at);
    }
    drop(value);
    return fine;
}

static bool
build_position(Builder *b, const char *node, Value v, Pos *pos)
{
    int *const places[] = {&pos->lineno, &pos->col_offset, &pos->end_lineno, &pos->end_col_offset};
    static const char *const names[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
    for (int i = 0; i < 4; i++) {
        Own value;
        int found = get_attribute(v, b->state->attributes[i], &value);
        if (found < 0) {
            return false;
        }
        if (i >= 2 && (found == 0 || value == NONE)) { /* where no end is known, it is the start */
            *places[i] = *places[i - 2];
        } else if (found == 0) {
            return missing_field(names[i], node);
        } else if (!build_int(value, places[i])) {
            drop(value);
            return false;
        }
        drop_opt(value);
    }
    return true;
}

static bool
build_node(Builder *b, int type, Value v, void **out)
{
    const AstTypeInfo *info = &ast_types[type];
    *out = NULL;
    if (!c_stack_ok()) {
        return false;
    }
    int kind = 0;
    Pos pos = {0, 0, 0, 0};
    if (info->form == AST_SUM) {
        kind = info->has_pos && !build_position(b, info->name, v, &pos) ? -1 : node_kind(b, info, v);
        if (kind < 0) {
            return false;
        }
    }
    int id = info->first_node + kind;
    const AstNode *node = &ast_nodes[id];
    char *place = arena_alloc(b->arena, info->size);
    if (!place) {
        (void)raise_no_memory();
        return false;
    }
    if (info->form == AST_SUM) {
        *(int *)place = kind + 1;
    }
    for (int i = 0; i < node->count; i++) {
        if (!build_field(b, node, &node->fields[i], b->state->fields[id][i], v, place + node->fields[i].offset)) {
            return false;
        }
    }
    if (info->has_pos) {
        if (info->form == AST_RECORD && !build_position(b, info->name, v, &pos)) {
            return false;
        }
        memcpy(place + info->pos_offset, &pos, sizeof pos);
    }
    *out = place;
    return true;
}

Mod *
ast_from_object(const AstState *state, Arena *arena, Value v, Own *kept)
{
    *kept = list_new(0);
    Builder b = {state, arena, names_new(arena), *kept};
    void *tree = NULL;
    if (!*kept || !b.names) {
        if (!exc_pending()) {
            (void)raise_no_memory();
        }
        return NULL;
    }
    return build_node(&b, AST_TYPE_MOD, v, &tree) ? tree : NULL;
}
