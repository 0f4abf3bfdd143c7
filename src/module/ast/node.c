/* ast.AST: making nodes from fields, copying, pickling and showing them.
 *
 * Threads: fields are ordinary instance attributes. */
#include "module/ast/ast_priv.h"
#include "object/dict.h"
#include "object/genericalias.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"

#include "ast_node.spec.h"

enum { REPR_DEPTH = 3 };

/* The name without its module. */
static const char *
short_name(const Type *t)
{
    const char *dot = strrchr(t->name, '.');
    return dot ? dot + 1 : t->name;
}

/* A sequence attribute of the type as a tuple. optional: an empty one when there is none. own: ret new */
static Own
type_sequence(Type *t, const char *name, bool optional)
{
    Own found;
    int status = optional ? object_lookup_attr_cstr(VALUE(t), name, &found) : 1;
    if (!optional) {
        found = object_getattr_cstr(VALUE(t), name);
        status = found ? 1 : -1;
    }
    if (status <= 0) {
        return status < 0 ? NO_VALUE : own(tuple_empty);
    }
    int64_t n = object_len(found);
    Own items = n < 0 ? NO_VALUE : object_to_tuple(found);
    drop(found);
    return items;
}

/* 0, 1, -1 */
static int
tuple_has(Value tuple, Value item)
{
    for (int64_t i = 0; i < as_tuple(tuple)->length; i++) {
        int same = object_equal(tuple_item(tuple, i), item);
        if (same != 0) {
            return same;
        }
    }
    return 0;
}

/* -- __init__ -------------------------------------------------------------------------------------- */

static int
warn_unexpected(const Type *t, Value name)
{
    return warn_fmt(&exc_DeprecationWarning, 1,
                    "%s.__init__ got an unexpected keyword argument %R. Support for arbitrary keyword arguments is "
                    "deprecated and will be removed in Python 3.15.",
                    t->name, name);
}

/* One keyword argument. `given`: how many fields came by position. */
static int
init_keyword(Value self, Type *t, Value fields, size_t given, Value name, Value value)
{
    int known = tuple_has(fields, name);
    if (known > 0) {
        for (size_t i = 0; i < given; i++) {
            int same = object_equal(tuple_item(fields, (int64_t)i), name);
            if (same != 0) {
                return same < 0 ? -1 : raise_int(&exc_TypeError, "%s got multiple values for argument %R", short_name(t), name);
            }
        }
    } else if (known == 0) {
        Own attributes = type_sequence(t, "_attributes", true);
        known = attributes ? tuple_has(attributes, name) : -1;
        drop_opt(attributes);
        if (known == 0 && warn_unexpected(t, name) < 0) {
            return -1;
        }
    }
    return known < 0 ? -1 : object_setattr(self, name, value);
}

/* A field that was not given gets what its type has for that. */
static int
init_default(Value self, const Type *t, Value name, Value field_types)
{
    const AstState *state = ast_state();
    Own kind;
    int found = state ? dict_lookup(field_types, name, &kind) : -1;
    if (found < 0) {
        return -1;
    }
    if (found == 0) {
        return warn_fmt(&exc_DeprecationWarning, 1,
                        "Field %R is missing from %s._field_types. This will become an error in Python 3.15.", name, t->name);
    }
    int status = 0;
    if (type_of(kind) == &union_type) {
        /* optional: the class has None for it */
    } else if (type_of(kind) == &generic_alias_type) {
        Own empty = list_new(0);
        status = empty ? object_setattr(self, name, empty) : -1;
        drop_opt(empty);
    } else if (kind == state->classes[AST_TYPE_EXPR_CONTEXT]) {
        status = object_setattr(self, name, state->singletons[AST_NODE_Load]);
    } else {
        status = warn_fmt(&exc_DeprecationWarning, 1,
                          "%s.__init__ missing 1 required positional argument: %R. This will become an error in Python 3.15.",
                          t->name, name);
    }
    drop(kind);
    return status;
}

static int
init_defaults(Value self, Type *t, Value fields, size_t given, Value kwnames)
{
    Own field_types;
    int found = object_lookup_attr_cstr(VALUE(t), "_field_types", &field_types);
    if (found <= 0) {
        return found;
    }
    int status = is_dict(field_types) ? 0 : -1;
    if (status < 0) {
        status = raise_int(&exc_TypeError, "_field_types must be a dict, not %T", (Value)field_types);
    }
    for (int64_t i = (int64_t)given; status == 0 && i < as_tuple(fields)->length; i++) {
        Value name = tuple_item(fields, i);
        int known = kwnames ? tuple_has(kwnames, name) : 0;
        status = known < 0 ? -1 : known ? 0 : init_default(self, t, name, field_types);
    }
    drop(field_types);
    return status;
}

static int
ast_node_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Own cls = own(VALUE(type_of(self))); /* which what is stored may take from self */
    Type *t = (Type *)obj(cls);
    Own fields = type_sequence(t, "_fields", false);
    if (!fields) {
        drop(cls);
        return -1;
    }
    int status = 0;
    size_t most = (size_t)as_tuple(fields)->length;
    if (nargs > most) {
        status = raise_int(&exc_TypeError, "%s constructor takes at most %zu positional argument%s", short_name(t), most,
                           most == 1 ? "" : "s");
    }
    for (size_t i = 0; status == 0 && i < nargs; i++) {
        status = object_setattr(self, tuple_item(fields, (int64_t)i), args[i]);
    }
    for (int64_t i = 0; status == 0 && kwnames && i < as_tuple(kwnames)->length; i++) {
        status = init_keyword(self, t, fields, nargs, tuple_item(kwnames, i), args[nargs + (size_t)i]);
    }
    if (status == 0) {
        status = init_defaults(self, t, fields, nargs, kwnames);
    }
    drop(fields);
    drop(cls);
    return status;
}

static Own
ast_node_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return type_alloc(type, 0);
}

/* -- copies ---------------------------------------------------------------------------------------- */

/* Leading fields are given by position, as None: set through the dict alone, they would be reported missing. */
Own
ast_node_py___reduce__(Value self, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own dict = instance_copy_dict(obj(self));
    Own fields = dict ? type_sequence(type_of(self), "_fields", true) : NO_VALUE;
    Own result = NO_VALUE;
    int64_t n = 0;
    int found = 1;
    while (fields && n < as_tuple(fields)->length && (found = dict_contains(dict, tuple_item(fields, n))) > 0) {
        n++;
    }
    Own positional = fields && found >= 0 ? tuple_new(n) : NO_VALUE;
    for (int64_t i = 0; positional && i < n; i++) {
        tuple_init_item(positional, i, own(NONE));
    }
    if (positional) {
        result = tuple_pack(3, VALUE(type_of(self)), (Value)positional, (Value)dict);
    }
    drop_opt(positional);
    drop_opt(fields);
    drop_opt(dict);
    return result;
}

/* Takes over into `payload` what self has under these names. The names of those that are not there go to `missing`. */
static int
gather(Value self, Value names, Value payload, Value missing)
{
    for (int64_t i = 0; i < as_tuple(names)->length; i++) {
        Value name = tuple_item(names, i);
        Own value;
        int found = dict_contains(payload, name);
        if (found == 0) {
            found = object_lookup_attr(self, name, &value);
            if (found > 0) {
                found = dict_set(payload, name, value);
                drop(value);
            } else if (found == 0 && missing) {
                found = list_append(missing, name);
            }
        }
        if (found < 0) {
            return -1;
        }
    }
    return 0;
}

static int
refuse_missing(Value self, Value missing)
{
    int64_t n = list_len(missing);
    if (n == 0) {
        return 0;
    }
    StrBuilder text;
    str_builder_init(&text, 40);
    for (int64_t i = 0; i < n; i++) {
        Own name = list_get(missing, i);
        str_builder_ascii(&text, ", ", i > 0 ? 2 : 0);
        str_builder_repr(&text, name);
        drop(name);
    }
    Own names = str_builder_finish(&text);
    if (names) {
        (void)raise_fmt(&exc_TypeError, "%s.__replace__ missing %zd keyword argument%s: %U.", type_of(self)->name, n,
                        n == 1 ? "" : "s", (Value)names);
        drop(names);
    }
    return -1;
}

/* The keyword arguments of a replacement, checked. own: ret new dict */
static Own
replacement_changes(Value self, Value fields, Value attributes, Value const *values, Value kwnames)
{
    Own payload = dict_new();
    for (int64_t i = 0; payload && kwnames && i < as_tuple(kwnames)->length; i++) {
        Value name = tuple_item(kwnames, i);
        int known = tuple_has(fields, name);
        if (known == 0) {
            known = tuple_has(attributes, name);
        }
        if (known == 0) {
            (void)raise_fmt(&exc_TypeError, "%s.__replace__ got an unexpected keyword argument %R.", type_of(self)->name, name);
        }
        if (known <= 0 || dict_set(payload, name, values[i]) < 0) {
            drop(payload);
            return NO_VALUE;
        }
    }
    return payload;
}

Own
ast_node_py___replace__(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs > 0) {
        return raise_msg(&exc_TypeError, "__replace__() takes no positional arguments");
    }
    Own cls = own(VALUE(type_of(self))); /* which Python code may take from self */
    Type *t = (Type *)obj(cls);
    Own fields = type_sequence(t, "_fields", true), attributes = fields ? type_sequence(t, "_attributes", true) : NO_VALUE;
    Own payload = attributes ? replacement_changes(self, fields, attributes, args, kwnames) : NO_VALUE;
    Own missing = payload ? list_new(0) : NO_VALUE, result = NO_VALUE;
    if (missing && gather(self, fields, payload, missing) == 0 && gather(self, attributes, payload, NO_VALUE) == 0 &&
        refuse_missing(self, missing) == 0) {
        result = call_tuple(cls, tuple_empty, payload);
    }
    drop_opt(missing);
    drop_opt(payload);
    drop_opt(attributes);
    drop_opt(fields);
    drop(cls);
    return result;
}

/* -- repr ------------------------------------------------------------------------------------------ */

static void show_node(StrBuilder *b, Value v, int depth);

static void
show_value(StrBuilder *b, Value v, int depth)
{
    if (is_instance_of(v, &ast_node_type)) {
        show_node(b, v, depth - 1);
    } else {
        str_builder_repr(b, v);
    }
}

/* The first and the last item stand for all. */
static void
show_sequence(StrBuilder *b, Value v, int depth)
{
    Own items = object_to_tuple(v);
    if (!items) {
        b->failed = true;
        return;
    }
    int64_t n = as_tuple(items)->length;
    bool is_a_list = is_list(v);
    str_builder_char(b, is_a_list ? '[' : '(');
    if (n > 0) {
        show_value(b, tuple_item(items, 0), depth);
    }
    if (n > 2) {
        str_builder_ascii(b, ", ...", 5);
    }
    if (n > 1) {
        str_builder_ascii(b, ", ", 2);
        show_value(b, tuple_item(items, n - 1), depth);
    }
    str_builder_char(b, is_a_list ? ']' : ')');
    drop(items);
}

static void
show_fields(StrBuilder *b, Value v, Value fields, int depth)
{
    for (int64_t i = 0; i < as_tuple(fields)->length && !b->failed; i++) {
        Value name = tuple_item(fields, i);
        Own value = object_getattr(v, name);
        if (!value) {
            b->failed = true;
            return;
        }
        str_builder_fmt(b, i > 0 ? ", %S=" : "%S=", name);
        if (IS_EXACT(value, LIST) || IS_EXACT(value, TUPLE)) {
            show_sequence(b, value, depth);
        } else {
            show_value(b, value, depth);
        }
        drop(value);
    }
}

static void
show_node(StrBuilder *b, Value v, int depth)
{
    const char *name = type_of(v)->name;
    int active = depth > 0 && !b->failed && c_stack_ok() ? repr_enter(v) : 1;
    if (active != 0) {
        str_builder_fmt(b, "%s(...)", name);
        b->failed |= active < 0 || exc_pending();
        return;
    }
    Own fields = type_sequence(type_of(v), "_fields", false);
    if (fields) {
        str_builder_fmt(b, "%s(", name);
        show_fields(b, v, fields, depth);
        str_builder_char(b, ')');
        drop(fields);
    } else {
        b->failed = true;
    }
    repr_leave(v);
}

static Own
ast_node_repr(Value v)
{
    StrBuilder b;
    str_builder_init(&b, 60);
    show_node(&b, v, REPR_DEPTH);
    if (exc_pending()) {
        str_builder_discard(&b);
        return NO_VALUE;
    }
    return str_builder_finish(&b);
}

/* -- the type -------------------------------------------------------------------------------------- */

static int
ast_node_traverse(Object *o, Visit visit, void *arg)
{
    return instance_attrs_traverse(o, visit, arg);
}

static void
ast_node_dealloc(Object *o)
{
    instance_attrs_free(o);
    object_free(o);
}

Type ast_node_type = {
    .name = "ast.AST",
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Object),
    .slots =
        {
            .traverse = ast_node_traverse,
            .clear = instance_attrs_clear,
            .dealloc = ast_node_dealloc,
            .create = ast_node_create,
            .init = ast_node_init,
            .repr = ast_node_repr,
        },
    .methods = ast_node_methods,
    .getsets = ast_node_getsets,
};
