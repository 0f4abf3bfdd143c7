/* set and frozenset as Python sees them: the slots and methods, on top of table.c (invariants,
 * threads) and algebra.c. */
#include "set_priv.h"

#include "heap/alloc.h"
#include "object/genericalias.h"
#include "object/list.h"
#include "object/tuple.h"
#include "object/type.h"

#include "set.spec.h"

/* -- life */

static Own
set_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return set_new_of(type);
}

int
set_init(Set *self, Value iterable)
{
    if (set_length(self)) {
        set_clear(VALUE(self));
    }
    return iterable ? set_update(VALUE(self), iterable) : 0;
}

Own
frozenset_make(Type *cls, Value iterable)
{
    if (cls == &frozenset_type && iterable) {
        return frozenset_from_iterable(iterable);
    }
    return iterable ? set_from_as(cls, iterable) : set_new_of(cls);
}

/* A class with an __init__ of its own decides itself which keywords there are. */
static Own
frozenset_create_arguments(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    bool own_init = type->slots.init != frozenset_type.slots.init;
    return frozenset_create_slot(type, args, nargs, own_init ? NO_VALUE : kwnames);
}

static int
set_traverse(Object *o, Visit visit, void *arg)
{
    const SetTable *t = ((Set *)o)->table;
    for (int64_t i = 0; t && i < set_slot_count(t); i++) {
        if (set_is_item(t->slots[i])) {
            VISIT(t->slots[i]);
        }
    }
    return 0;
}

static void
set_clear_slot(Object *o)
{
    set_clear(VALUE(o));
}

static void
set_dealloc(Object *o)
{
    SetTable *t = ((Set *)o)->table;
    if (t && t != set_empty_table) {
        for (int64_t i = 0; i < set_slot_count(t); i++) {
            if (set_is_item(t->slots[i])) {
                drop(t->slots[i]);
            }
        }
        mem_free_sized(t, set_table_bytes(t));
    }
    object_free(o);
}

/* -- slots */

static int64_t
set_len_slot(Value v)
{
    return set_len(v);
}

static Own
set_snapshot(Value v, bool always)
{
    return always || obj_is_contended(obj(v)) ? set_to_list(v) : NO_VALUE;
}

static Own
frozenset_snapshot(Value v, bool always)
{
    return always ? set_to_list(v) : NO_VALUE;
}

/* A set, which has no hash, is looked for by the hash that the frozenset of its items has. */
static int64_t
set_hash_as_frozenset(Value item)
{
    if (!is_anyset(item) || set_base_type(item) != &set_type || !exc_swallow(&exc_TypeError)) {
        return -1;
    }
    return set_hash_items(as_set(item));
}

static int
set_contains_slot(Value v, Value item)
{
    int64_t hash = set_hash(item);
    if (UNLIKELY(hash == -1) && (hash = set_hash_as_frozenset(item)) == -1) {
        return -1;
    }
    return set_contains_hash(as_set(v), item, hash);
}

int
set_py___contains__(Set *self, Value item)
{
    return set_contains_slot(VALUE(self), item);
}

int
frozenset_py___contains__(Set *self, Value item)
{
    return set_contains_slot(VALUE(self), item);
}

/* Of items that are in a frozenset, so none can fail. Kept in the table, which never changes. */
static int64_t
frozenset_hash(Value v)
{
    SetTable *t = set_table(as_set(v));
    int64_t hash = atomic_load_explicit(&t->hash, memory_order_relaxed);
    if (hash == -1) {
        hash = set_hash_items(as_set(v));
        if (t != set_empty_table) {
            atomic_store_explicit(&t->hash, hash, memory_order_relaxed);
        }
    }
    return hash;
}

static Own
set_repr_entered(Value v, const Type *plain)
{
    bool exact = type_of(v) == plain;
    if (set_len(v) == 0) {
        return str_fmt("%T()", v);
    }
    Own list = object_to_list(v);
    if (!list) {
        return NO_VALUE;
    }
    StrBuilder text;
    str_builder_init(&text, set_len(v) * 3);
    bool bare = exact && plain == &set_type;
    if (!bare) {
        str_builder_fmt(&text, "%T(", v);
    }
    str_builder_char(&text, '{');
    for (int64_t i = 0; i < list_len(list) && !text.failed; i++) {
        if (i) {
            str_builder_ascii(&text, ", ", 2);
        }
        Own item = list_get(list, i);
        str_builder_repr(&text, item);
        drop(item);
    }
    str_builder_ascii(&text, "})", bare ? 1 : 2);
    drop(list);
    return str_builder_finish(&text);
}

static Own
set_repr(Value v)
{
    int entered = repr_enter(v);
    if (entered != 0) {
        return entered > 0 ? str_fmt("%T(...)", v) : NO_VALUE;
    }
    Own text = set_repr_entered(v, set_base_type(v));
    repr_leave(v);
    return text;
}

/* Operators take sets of either kind, and nothing else. The result is of the left one's kind. */
static Own
set_operator(Value a, Value b, int (*change)(Value set, Value other))
{
    if (!is_anyset(a) || !is_anyset(b)) {
        return own(NOTIMPLEMENTED);
    }
    CriticalSection section;
    sets_enter(&section, as_set(a), as_set(b));
    Own result = set_copy_as(set_base_type(a), as_set(a));
    if (result && change(result, b) < 0) {
        ref_clear(&result);
    }
    critical_leave(&section);
    return result;
}

static Own
set_or(Value a, Value b)
{
    return set_operator(a, b, set_update);
}

static Own
set_xor(Value a, Value b)
{
    return set_operator(a, b, set_symmetric_difference_update);
}

static Own
set_sub(Value a, Value b)
{
    if (!is_anyset(a) || !is_anyset(b)) {
        return own(NOTIMPLEMENTED);
    }
    return set_difference(as_set(a), b);
}

static Own
set_and(Value a, Value b)
{
    if (!is_anyset(a) || !is_anyset(b)) {
        return own(NOTIMPLEMENTED);
    }
    return set_intersection(as_set(a), b);
}

static Own
set_inplace(Value a, Value b, int (*change)(Value set, Value other))
{
    if (!is_anyset(b)) {
        return own(NOTIMPLEMENTED);
    }
    return change(a, b) < 0 ? NO_VALUE : own(a);
}

static int
set_intersection_update_value(Value a, Value b)
{
    return set_intersection_update(as_set(a), b);
}

static Own
set_ior(Value a, Value b)
{
    return set_inplace(a, b, set_update);
}

static Own
set_ixor(Value a, Value b)
{
    return set_inplace(a, b, set_symmetric_difference_update);
}

static Own
set_isub(Value a, Value b)
{
    return set_inplace(a, b, set_difference_update);
}

static Own
set_iand(Value a, Value b)
{
    return set_inplace(a, b, set_intersection_update_value);
}

/* -- methods of both */

/* A copy changed by each of the others; by the first one, if it is a set, at one moment. */
static Own
set_fold(Set *self, Value const *others, size_t n, int (*change)(Value set, Value other))
{
    bool together = n > 0 && is_anyset(others[0]);
    Own result = together ? set_operator(VALUE(self), others[0], change)
                          : set_copy_as(set_base_type(VALUE(self)), self);
    for (size_t i = together; result && i < n; i++) {
        if (change(result, others[i]) < 0) {
            ref_clear(&result);
        }
    }
    return result;
}

Own
set_py_union(Set *self, Value const *others, size_t n)
{
    return set_fold(self, others, n, set_update);
}

Own
frozenset_py_union(Set *self, Value const *others, size_t n)
{
    return set_py_union(self, others, n);
}

Own
set_py_difference(Set *self, Value const *others, size_t n)
{
    if (n == 0) {
        return set_copy_as(set_base_type(VALUE(self)), self);
    }
    Own result = set_difference(self, others[0]);
    for (size_t i = 1; result && i < n; i++) {
        if (set_difference_update(result, others[i]) < 0) {
            ref_clear(&result);
        }
    }
    return result;
}

Own
frozenset_py_difference(Set *self, Value const *others, size_t n)
{
    return set_py_difference(self, others, n);
}

Own
set_py_intersection(Set *self, Value const *others, size_t n)
{
    if (n == 0) {
        return set_copy_as(set_base_type(VALUE(self)), self);
    }
    Own result = set_intersection(self, others[0]);
    for (size_t i = 1; result && i < n; i++) {
        Own next = set_intersection(as_set(result), others[i]);
        drop(result);
        result = next;
    }
    return result;
}

Own
frozenset_py_intersection(Set *self, Value const *others, size_t n)
{
    return set_py_intersection(self, others, n);
}

Own
set_py_symmetric_difference(Set *self, Value other)
{
    return set_fold(self, &other, 1, set_symmetric_difference_update);
}

Own
frozenset_py_symmetric_difference(Set *self, Value other)
{
    return set_py_symmetric_difference(self, other);
}

int
set_py_isdisjoint(Set *self, Value other)
{
    return set_is_disjoint(self, other);
}

int
frozenset_py_isdisjoint(Set *self, Value other)
{
    return set_is_disjoint(self, other);
}

int
set_py_issubset(Set *self, Value other)
{
    if (is_anyset(other)) {
        return set_is_subset(self, as_set(other));
    }
    if (obj_is_contended(&self->head)) { /* to be asked in one step */
        Own items = set_collect(other);
        int subset = items ? set_is_subset(self, as_set(items)) : -1;
        drop_opt(items);
        return subset;
    }
    Own common = set_intersection(self, other);
    if (!common) {
        return -1;
    }
    bool all = set_len(common) == set_length(self);
    drop(common);
    return all;
}

int
frozenset_py_issubset(Set *self, Value other)
{
    return set_py_issubset(self, other);
}

int
set_py_issuperset(Set *self, Value other)
{
    if (is_anyset(other)) {
        return set_is_subset(as_set(other), self);
    }
    Own gathered = set_gather(self, other);
    if (gathered) {
        int superset = set_is_subset(as_set(gathered), self);
        drop(gathered);
        return superset;
    }
    Own it = exc_pending() ? NO_VALUE : object_iter_all(other), item;
    if (!it) {
        return -1;
    }
    int contained = 1;
    while (contained == 1 && (item = object_next(it)) != NO_VALUE) {
        contained = set_contains(VALUE(self), item);
        drop(item);
    }
    drop(it);
    return exc_pending() ? -1 : contained;
}

int
frozenset_py_issuperset(Set *self, Value other)
{
    return set_py_issuperset(self, other);
}

/* (class, ([items],), state) */
Own
set_py___reduce__(Set *self)
{
    Own items = object_to_list(VALUE(self));
    if (!items) {
        return NO_VALUE;
    }
    Own args = tuple_from_own(&items, 1);
    if (!args) {
        return NO_VALUE;
    }
    Own state = call_method0(VALUE(self), "__getstate__"), result = NO_VALUE;
    if (state) {
        result = tuple_pack(3, VALUE(type_of(VALUE(self))), (Value)args, (Value)state);
        drop(state);
    }
    drop(args);
    return result;
}

Own
frozenset_py___reduce__(Set *self)
{
    return set_py___reduce__(self);
}

int64_t
set_py___sizeof__(Set *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t size = type_of(VALUE(self))->basic_size + (int64_t)set_table_bytes(self->table);
    critical_leave(&section);
    return size;
}

int64_t
frozenset_py___sizeof__(Set *self)
{
    return set_py___sizeof__(self);
}

Own
frozenset_py_copy(Set *self)
{
    return IS_EXACT(VALUE(self), FROZENSET) ? own(VALUE(self))
                                            : set_copy_as(&frozenset_type, self);
}

/* -- methods of set */

int
set_py_add(Set *self, Value item)
{
    return set_add(VALUE(self), item) < 0 ? -1 : 0;
}

int
set_py_clear(Set *self)
{
    set_clear(VALUE(self));
    return 0;
}

Own
set_py_copy(Set *self)
{
    return set_copy_as(&set_type, self);
}

/* 1 removed, 0 was not there, -1: also a set is taken as an item. */
static int
set_discard_any(Set *self, Value item)
{
    int64_t hash = set_hash(item);
    if (UNLIKELY(hash == -1) && (hash = set_hash_as_frozenset(item)) == -1) {
        return -1;
    }
    Own removed;
    CriticalSection section;
    critical_enter(&section, &self->head);
    int status = set_remove_locked(self, &section, item, hash, &removed);
    critical_leave(&section);
    drop_opt(removed);
    return status;
}

int
set_py_discard(Set *self, Value item)
{
    return set_discard_any(self, item) < 0 ? -1 : 0;
}

int
set_py_remove(Set *self, Value item)
{
    int status = set_discard_any(self, item);
    if (status == 0) {
        raise_key_error(item);
    }
    return status > 0 ? 0 : -1;
}

Own
set_py_pop(Set *self)
{
    return set_pop(VALUE(self));
}

static int
set_change_by_all(Set *self, Value const *others, size_t n, int (*change)(Value set, Value other))
{
    for (size_t i = 0; i < n; i++) {
        if (change(VALUE(self), others[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

int
set_py_update(Set *self, Value const *others, size_t n)
{
    return set_change_by_all(self, others, n, set_update);
}

int
set_py_difference_update(Set *self, Value const *others, size_t n)
{
    return set_change_by_all(self, others, n, set_difference_update);
}

int
set_py_intersection_update(Set *self, Value const *others, size_t n)
{
    if (n <= 1) {
        return n == 0 ? 0 : set_intersection_update(self, others[0]);
    }
    bool contended = obj_is_contended(&self->head);
    /* What the others have in common first: only then is self looked at, and changed in one step. */
    Own common = contended ? set_collect(others[0]) : set_intersection(self, others[0]);
    for (size_t i = 1; common && i < n; i++) {
        Own next = set_intersection(as_set(common), others[i]);
        drop(common);
        common = next;
    }
    int status = common ? set_intersection_update(self, common) : -1;
    drop_opt(common);
    return status;
}

int
set_py_symmetric_difference_update(Set *self, Value other)
{
    return set_symmetric_difference_update(VALUE(self), other);
}

Own
set_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Own
frozenset_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

/* -- the types */

Type set_type = {
    .name = "set",
    .root_shape = SHAPE_SET,
    .flags = TYPE_GC | TYPE_BASE | TYPE_SET_SUBCLASS | TYPE_MATCH_SELF | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Set),
    .slots = {
        .traverse = set_traverse,
        .clear = set_clear_slot,
        .dealloc = set_dealloc,
        .create = set_create,
        .init = set_init_slot,
        .repr = set_repr,
        .compare = set_compare,
        .iter = set_iter,
        .binary[OP_SUB] = set_sub,
        .binary[OP_AND] = set_and,
        .binary[OP_XOR] = set_xor,
        .binary[OP_OR] = set_or,
        .inplace[OP_SUB] = set_isub,
        .inplace[OP_AND] = set_iand,
        .inplace[OP_XOR] = set_ixor,
        .inplace[OP_OR] = set_ior,
        .len = set_len_slot,
        .contains = set_contains_slot,
    },
    .methods = set_methods,
    .getsets = set_getsets,
    .spec_doc = set_doc,
    .snapshot = set_snapshot,
};

Type frozenset_type = {
    .name = "frozenset",
    .root_shape = SHAPE_FROZENSET,
    .flags = TYPE_GC | TYPE_BASE | TYPE_SET_SUBCLASS | TYPE_MATCH_SELF | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Set),
    .slots = {
        .traverse = set_traverse,
        .dealloc = set_dealloc,
        .create = frozenset_create_arguments,
        .repr = set_repr,
        .hash = frozenset_hash,
        .compare = set_compare,
        .iter = set_iter,
        .binary[OP_SUB] = set_sub,
        .binary[OP_AND] = set_and,
        .binary[OP_XOR] = set_xor,
        .binary[OP_OR] = set_or,
        .len = set_len_slot,
        .contains = set_contains_slot,
    },
    .methods = frozenset_methods,
    .getsets = frozenset_getsets,
    .spec_doc = frozenset_doc,
    .snapshot = frozenset_snapshot,
};
