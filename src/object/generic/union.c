/* typing.Union: int | str.
 *
 * Nested unions are flat, and each type occurs once; the order of the arguments does not count in
 * comparison. Threads: immutable, but for `parameters`, computed when first asked for. */
#include "object/generic/generic_priv.h"
#include "object/hooks.h"
#include "object/typeparam.h"

#include "union.spec.h"

static inline Union *
as_union(Value v)
{
    return (Union *)obj(v);
}

static inline bool
is_union(Value v)
{
    return is_object(v) && type_of(v) == &union_type;
}

/* -- making -- */

typedef struct UnionBuilder {
    Own args;       /* list */
    Own hashable;   /* dict for a set */
    Own unhashable; /* list, or NO_VALUE */
} UnionBuilder;

static void
builder_end(UnionBuilder *b)
{
    ref_clear(&b->args);
    ref_clear(&b->hashable);
    ref_clear(&b->unhashable);
}

static int
builder_begin(UnionBuilder *b)
{
    *b = (UnionBuilder){list_new(4), dict_new(), NO_VALUE};
    return b->args && b->hashable ? 0 : -1;
}

static int
add_unhashable(UnionBuilder *b, Value v)
{
    if (!b->unhashable && !(b->unhashable = list_new(1))) {
        return -1;
    }
    int present = object_contains(b->unhashable, v);
    if (present != 0) {
        return present < 0 ? -1 : 0;
    }
    return list_append(b->unhashable, v) < 0 ? -1 : list_append(b->args, v);
}

static int
add_type(UnionBuilder *b, Value v)
{
    if (v == NONE) {
        v = VALUE(&none_type);
    }
    if (is_union(v)) {
        Value args = as_union(v)->args;
        int status = 0;
        for (int64_t i = 0; status == 0 && i < as_tuple(args)->length; i++) {
            status = add_type(b, tuple_item(args, i));
        }
        return status;
    }
    int64_t hash = object_hash(v);
    if (hash == -1) {
        return exc_swallow(&exc_TypeError) ? add_unhashable(b, v) : -1;
    }
    Own present;
    int found = dict_lookup_hash(b->hashable, v, hash, &present);
    drop_opt(present);
    if (found != 0) {
        return found < 0 ? -1 : 0;
    }
    return dict_set_hash(b->hashable, v, hash, NONE) < 0 ? -1 : list_append(b->args, v);
}

/* The union of what was added; the type itself when it is one. */
static Own
builder_finish(UnionBuilder *b)
{
    int64_t n = list_len(b->args);
    if (n == 0) {
        return raise_msg(&exc_TypeError, "Cannot take a Union of no types.");
    }
    if (n == 1) {
        return list_get(b->args, 0);
    }
    Own args = list_to_tuple(b->args), hashable = args ? call1(VALUE(&frozenset_type), b->hashable) : NO_VALUE;
    Own unhashable = hashable && b->unhashable ? list_to_tuple(b->unhashable) : NO_VALUE;
    Own v =
        args && hashable && (unhashable || !b->unhashable) ? type_alloc(&union_type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(args);
        drop_opt(hashable);
        drop_opt(unhashable);
        return NO_VALUE;
    }
    Union *u = as_union(v);
    ref_init(&u->head, &u->args, args);
    ref_init(&u->head, &u->hashable, hashable);
    ref_init(&u->head, &u->unhashable, unhashable);
    return v;
}

static bool
may_be_in_union(Value v)
{
    return v == NONE || is_type(v) || is_union(v) || is_instance_of(v, &generic_alias_type) ||
           type_of(v) == &type_alias_type;
}

static Own
union_or_types(Value a, Value b)
{
    UnionBuilder builder;
    Own result = NO_VALUE;
    if (builder_begin(&builder) == 0 && add_type(&builder, a) == 0 && add_type(&builder, b) == 0) {
        result = builder_finish(&builder);
    }
    builder_end(&builder);
    return result;
}

Own
union_or(Value a, Value b)
{
    return may_be_in_union(a) && may_be_in_union(b) ? union_or_types(a, b) : own(NOTIMPLEMENTED);
}

/* What Union[...] accepts besides types: the typing module checks it and makes forward references
 * of strings. */
static Own
checked_argument(Value v)
{
    if (v == NONE) {
        return own(VALUE(&none_type));
    }
    if (may_be_in_union(v)) {
        return own(v);
    }
    Own typing = object_hooks.import_module("typing");
    Own check = typing ? object_getattr(typing, NAME(_type_check)) : NO_VALUE;
    Own message = check ? str_from_cstr("Union[arg, ...]: each arg must be a type.") : NO_VALUE;
    Own result = message ? call2(check, v, message) : NO_VALUE;
    drop_opt(message);
    drop_opt(check);
    drop_opt(typing);
    return result;
}

/* Of a union with anything: what is no type is checked, and made a forward reference, as
 * Union[...] does it. */
Own
union_or_any(Value a, Value b)
{
    Own x = checked_argument(a), y = x ? checked_argument(b) : NO_VALUE;
    Own result = y ? union_or_types(x, y) : NO_VALUE;
    drop_opt(x);
    drop_opt(y);
    return result;
}

Own
union_from_tuple(Value args)
{
    UnionBuilder builder;
    Own result = NO_VALUE;
    int status = builder_begin(&builder);
    for (int64_t i = 0; status == 0 && i < as_tuple(args)->length; i++) {
        status = add_type(&builder, tuple_item(args, i));
    }
    if (status == 0) {
        result = builder_finish(&builder);
    }
    builder_end(&builder);
    return result;
}

Own
union_py___class_getitem__(Type *cls UNUSED, Value parameters)
{
    Own given = is_tuple(parameters) ? own(parameters) : tuple_pack(1, parameters);
    Own checked = given ? list_new(0) : NO_VALUE;
    for (int64_t i = 0; checked && i < as_tuple(given)->length; i++) {
        Own argument = checked_argument(tuple_item(given, i));
        if (!argument || list_append_own(checked, argument) < 0) {
            ref_clear(&checked);
        }
    }
    Own args = checked ? list_to_tuple(checked) : NO_VALUE;
    Own result = args ? union_from_tuple(args) : NO_VALUE;
    drop_opt(args);
    drop_opt(checked);
    drop_opt(given);
    return result;
}

/* -- behaviour -- */

static Own
union_repr(Value v)
{
    StrBuilder b;
    str_builder_init(&b, 32);
    Value args = as_union(v)->args;
    for (int64_t i = 0; i < as_tuple(args)->length; i++) {
        if (i) {
            str_builder_ascii(&b, " | ", 3);
        }
        if (type_argument_repr(&b, tuple_item(args, i)) < 0) {
            str_builder_discard(&b);
            return NO_VALUE;
        }
    }
    return str_builder_finish(&b);
}

static int64_t
union_hash(Value v)
{
    const Union *u = as_union(v);
    if (u->unhashable) {
        int64_t n = as_tuple(u->unhashable)->length;
        /* hashing the first of them says what is wrong */
        for (int64_t i = 0; i < n; i++) {
            if (object_hash(tuple_item(u->unhashable, i)) == -1) {
                return -1;
            }
        }
        raise_fmt(&exc_TypeError, "union contains %zd unhashable elements", n);
        return -1;
    }
    return object_hash(u->hashable);
}

/* Tuples with equal items, in any order. */
static int
same_items(Value a, Value b)
{
    if (!a || !b || as_tuple(a)->length != as_tuple(b)->length) {
        return a == b;
    }
    for (int64_t i = 0; i < as_tuple(a)->length; i++) {
        int present = object_contains(b, tuple_item(a, i));
        if (present <= 0) {
            return present;
        }
    }
    return 1;
}

static Own
union_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_union(a) || !is_union(b)) {
        return own(NOTIMPLEMENTED);
    }
    const Union *x = as_union(a), *y = as_union(b);
    int equal = object_equal(x->hashable, y->hashable);
    if (equal > 0) {
        equal = same_items(x->unhashable, y->unhashable);
    }
    return equal < 0 ? NO_VALUE : bool_value((equal != 0) == (op == CMP_EQ));
}

static Own
union_getitem(Value v, Value item)
{
    Own parameters = union_get_parameters(as_union(v));
    Own args =
        parameters ? type_arguments_replaced(v, as_union(v)->args, parameters, item) : NO_VALUE;
    Own result = NO_VALUE;
    if (args) { /* by the operator, so that arguments of other kinds may have their say */
        result = own(tuple_item(args, 0));
        for (int64_t i = 1; result && i < as_tuple(args)->length; i++) {
            Own next = object_binary(result, tuple_item(args, i), OP_OR);
            drop(result);
            result = next;
        }
    }
    drop_opt(args);
    drop_opt(parameters);
    return result;
}

Own
union_py___mro_entries__(Union *self, Value bases UNUSED)
{
    return raise_fmt(&exc_TypeError, "Cannot subclass %R", VALUE(self));
}

Own
union_get_args(Union *self)
{
    return own(self->args);
}

Own
union_get_name(Union *self UNUSED)
{
    return str_from_cstr("Union");
}

Own
union_get_qualname(Union *self UNUSED)
{
    return str_from_cstr("Union");
}

Own
union_get_origin(Union *self UNUSED)
{
    return own(VALUE(&union_type));
}

Own
union_get_parameters(Union *self)
{
    Own parameters = ref_load(&self->head, &self->parameters);
    if (parameters) {
        return parameters;
    }
    parameters = type_parameters_of(self->args);
    if (parameters) {
        CriticalSection section;
        critical_enter(&section, &self->head);
        Own old = ref_swap(&self->head, &self->parameters, own(parameters));
        critical_leave(&section);
        drop_opt(old);
    }
    return parameters;
}

static int
union_traverse(Object *o, Visit visit, void *arg)
{
    const Union *u = (const Union *)o;
    VISIT(u->args);
    VISIT(u->hashable);
    VISIT(u->unhashable);
    VISIT(u->parameters);
    return 0;
}

static void
union_dealloc(Object *o)
{
    Union *u = (Union *)o;
    ref_clear(&u->args);
    ref_clear(&u->hashable);
    ref_clear(&u->unhashable);
    ref_clear(&u->parameters);
    object_free(o);
}

Type union_type = {
    .name = "typing.Union",
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(Union),
    .slots =
        {
            .traverse = union_traverse,
            .dealloc = union_dealloc,
            .repr = union_repr,
            .hash = union_hash,
            .getattr = object_generic_getattr,
            .compare = union_compare,
            .getitem = union_getitem,
            .binary[OP_OR] = union_or_any,
        },
    .methods = union_methods,
    .getsets = union_getsets,
    .spec_doc = union_doc,
};
