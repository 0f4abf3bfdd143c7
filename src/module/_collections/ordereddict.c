/* OrderedDict. A dict keeps its order by itself, so this adds only what the order may be asked for:
 * comparing it, and changing it at both ends (object/dict.h: dict_move_to_end, dict_pop_first).
 * Methods that a subclass overrides are called where CPython calls them: filling goes through the
 * class's __setitem__.
 *
 * Threads: as dict; `moves` is guarded by the lock. Iterators notice any change of keys or
 * order: by the table, by how many entries were ever filled in it, how many are left, and
 * `moves`. */
#include "heap/critical.h"
#include "module/_collections/collections_priv.h"
#include "object/dict.h"
#include "object/iterator.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct OrderedDict {
    Dict dict;
    uint64_t moves; /* to the front */
} OrderedDict;

/* What the keys and their order were. */
typedef struct OrderMark {
    const DictTable *table;
    int64_t used, length;
    uint64_t moves;
} OrderMark;

enum { ITERATE_KEYS = 1, ITERATE_VALUES = 2, ITERATE_ITEMS = 3, ITERATE_BACKWARDS = 4 };

typedef struct OdictIterator {
    Object head;
    Own dict;         /* NO_VALUE when used up; guard: lock, like all below */
    int64_t position; /* in the table's entries */
    OrderMark mark;
    int what;         /* immutable */
} OdictIterator;

#include "ordereddict.spec.h"

static bool
is_ordereddict(Value v)
{
    return is_instance_of(v, &ordereddict_type);
}

static bool
is_plain(Value v)
{
    return type_of(v) == &ordereddict_type;
}

/* -- changes of the order -- */

static OrderMark
order_mark(OrderedDict *d)
{
    const DictTable *t = __atomic_load_n(&d->dict.table, __ATOMIC_ACQUIRE);
    return (OrderMark){t, __atomic_load_n(&t->used, __ATOMIC_ACQUIRE), dict_len(VALUE(d)),
                       __atomic_load_n(&d->moves, __ATOMIC_RELAXED)};
}

static bool
same_mark(OrderMark a, OrderMark b)
{
    return a.table == b.table && a.used == b.used && a.length == b.length && a.moves == b.moves;
}

/* -1 with an exception when d is not as it was */
static int
check_mark(OrderedDict *d, OrderMark mark)
{
    return same_mark(order_mark(d), mark)
               ? 0
               : raise_int(&exc_RuntimeError, "OrderedDict mutated during iteration");
}

/* -- filling -- */

/* The two values of a pair, which any iterable may be. own: both new */
static int
pair_unpack(Value pair, Own *key, Own *value)
{
    Own it = object_iter(pair), more = NO_VALUE;
    if (!it) {
        return -1;
    }
    *key = object_next(it);
    *value = *key ? object_next(it) : NO_VALUE;
    if (*value) {
        more = object_next(it);
    }
    int64_t n = !*key ? 0 : !*value ? 1 : 2;
    drop(it);
    if (n == 2 && !more && !exc_pending()) {
        return 0;
    }
    if (!exc_pending()) {
        if (n == 2) {
            raise_msg(&exc_ValueError, "too many values to unpack (expected 2)");
        } else {
            raise_fmt(&exc_ValueError, "need more than %zd value%s to unpack", n,
                      n == 1 ? "" : "s");
        }
    }
    drop_opt(*key);
    drop_opt(*value);
    drop_opt(more);
    return -1;
}

static int
add_pairs(Value d, Value pairs)
{
    Own it = object_iter_all(pairs), pair;
    if (!it) {
        return -1;
    }
    int status = 0;
    while (status == 0 && (pair = object_next(it)) != NO_VALUE) {
        Own key, value;
        status = pair_unpack(pair, &key, &value);
        drop(pair);
        if (status == 0) {
            status = object_setitem(d, key, value);
            drop(key);
            drop(value);
        }
    }
    drop(it);
    return exc_pending() ? -1 : 0;
}

/* Pairs of a list that is the caller's alone: in one step where no class has its own way of storing. */
static int
add_items(Value d, Value items)
{
    int status = 0;
    Own pair;
    CriticalSection section = {0};
    if (is_plain(d)) {
        critical_enter(&section, obj(d));
    }
    for (int64_t i = 0; status == 0 && (pair = list_get(items, i)) != NO_VALUE; i++) {
        status = object_setitem(d, tuple_item(pair, 0), tuple_item(pair, 1));
        drop(pair);
    }
    critical_leave(&section);
    return status;
}

static int
add_dict(Value d, Value other)
{
    if (obj_is_contended(obj(d)) || obj_is_contended(obj(other))) {
        Own items = dict_items_list(other);
        int status = items ? add_items(d, items) : -1;
        drop_opt(items);
        return status;
    }
    int64_t position = 0;
    Own key, value;
    int status = 0;
    while (status == 0 && dict_next(other, &position, &key, &value)) {
        status = object_setitem(d, key, value);
        drop(key);
        drop(value);
    }
    return status;
}

/* Of a mapping with keys(), which the caller has looked up. */
static int
add_by_keys(Value d, Value mapping, Value keys_method)
{
    Own keys = call0(keys_method);
    Own items = keys ? dict_items_by_keys(mapping, keys) : NO_VALUE;
    if (items) {
        int status = add_items(d, items);
        drop(items);
        drop(keys);
        return status;
    }
    Own it = keys && !exc_pending() ? object_iter(keys) : NO_VALUE, key;
    drop_opt(keys);
    if (!it) {
        return -1;
    }
    int status = 0;
    while (status == 0 && (key = object_next(it)) != NO_VALUE) {
        Own value = object_getitem(mapping, key);
        status = value ? object_setitem(d, key, value) : -1;
        drop_opt(value);
        drop(key);
    }
    drop(it);
    return exc_pending() ? -1 : 0;
}

static int
add_all(Value d, Value other)
{
    if (IS_EXACT(other, DICT)) {
        return add_dict(d, other);
    }
    Own method;
    int found = object_lookup_attr(other, NAME(keys), &method);
    if (found == 1) {
        found = add_by_keys(d, other, method);
        drop(method);
        return found;
    }
    if (found == 0) {
        found = object_lookup_attr(other, NAME(items), &method);
    }
    if (found == 1) {
        Own items = call0(method);
        drop(method);
        found = items ? add_pairs(d, items) : -1;
        drop_opt(items);
        return found;
    }
    return found < 0 ? -1 : add_pairs(d, other);
}

static int
add_arguments(Value d, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs && add_all(d, args[0]) < 0) {
        return -1;
    }
    for (int64_t i = 0; kwnames && i < as_tuple(kwnames)->length; i++) {
        Value name = tuple_item(kwnames, i);
        if (!is_str(name)) {
            return raise_int(&exc_TypeError, "keywords must be strings");
        }
        if (object_setitem(d, name, args[nargs + (size_t)i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
ordereddict_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs > 1) {
        return raise_int(&exc_TypeError, "expected at most 1 argument, got %zd", (int64_t)nargs);
    }
    return add_arguments(self, args, nargs, kwnames);
}

Own
ordereddict_py_update(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs > 1) {
        return raise_fmt(&exc_TypeError,
                         "update() takes at most 1 positional argument (%zd given)",
                         (int64_t)nargs);
    }
    return add_arguments(self, args, nargs, kwnames) < 0 ? NO_VALUE : NONE;
}

Own
ordereddict_py_fromkeys(Type *cls, Value iterable, Value value)
{
    Own d = call0(VALUE(cls));
    Own it = d ? object_iter_all(iterable) : NO_VALUE, key;
    int status = it ? 0 : -1;
    while (status == 0 && (key = object_next(it)) != NO_VALUE) {
        status = object_setitem(d, key, value);
        drop(key);
    }
    drop_opt(it);
    if (exc_pending()) {
        drop_opt(d);
        return NO_VALUE;
    }
    return d;
}

/* -- methods -- */

/* KeyError(key), but a tuple is all of its arguments, and None stands for none. */
static Own
raise_missing_key(Value key)
{
    if (key != NONE && !is_tuple(key)) {
        return raise_key_error(key);
    }
    Value args = key == NONE ? VALUE(tuple_empty) : key;
    Own exc = object_call(VALUE(&exc_KeyError), (Value const *)as_tuple(args)->items,
                          (size_t)as_tuple(args)->length, NO_VALUE);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

Own
ordereddict_py_setdefault(OrderedDict *self, Value key, Value otherwise)
{
    Value v = VALUE(self);
    if (is_plain(v)) {
        bool was_present;
        return dict_setdefault(v, key, otherwise, &was_present);
    }
    int present = object_contains(v, key);
    if (present != 0) {
        return present < 0 ? NO_VALUE : object_getitem(v, key);
    }
    return object_setitem(v, key, otherwise) < 0 ? NO_VALUE : own(otherwise);
}

Own
ordereddict_py_pop(OrderedDict *self, Value key, Value otherwise)
{
    Own value;
    int64_t hash = object_hash(key);
    int found = hash == -1 ? -1 : dict_pop_hash(VALUE(self), key, hash, &value);
    if (found != 0) {
        return found < 0 ? NO_VALUE : value;
    }
    return otherwise ? own(otherwise) : raise_missing_key(key);
}

Own
ordereddict_py_popitem(OrderedDict *self, bool last)
{
    Own pair = last ? dict_pop_last(VALUE(self)) : dict_pop_first(VALUE(self));
    return pair || exc_pending() ? pair : raise_msg(&exc_KeyError, "dictionary is empty");
}

int
ordereddict_py_move_to_end(OrderedDict *self, Value key, bool last)
{
    int found = 0;
    if (dict_len(VALUE(self)) > 0 && object_hash(key) == -1) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, obj(VALUE(self)));
    if (dict_len(VALUE(self)) > 0) {
        found = dict_move_to_end(VALUE(self), key, last);
    }
    if (found > 0 && !last) {
        __atomic_add_fetch(&self->moves, 1, __ATOMIC_RELAXED);
    }
    critical_leave(&section);
    if (found == 0) {
        raise_missing_key(key);
    }
    return found > 0 ? 0 : -1;
}

int
ordereddict_py_clear(OrderedDict *self)
{
    dict_clear(VALUE(self));
    return 0;
}

/* lock: self held */
static int
copy_into(Value copy, OrderedDict *self)
{
    OrderMark mark = order_mark(self);
    int64_t position = 0;
    Own key, value;
    int status = 0;
    while (status == 0 && dict_next(VALUE(self), &position, &key, &value)) {
        if (!is_plain(VALUE(self))) {
            drop(value);
            value = object_getitem(VALUE(self), key);
        }
        status = value ? object_setitem(copy, key, value) : -1;
        drop(key);
        drop_opt(value);
        status = status < 0 ? -1 : check_mark(self, mark);
    }
    return status;
}

Own
ordereddict_py_copy(OrderedDict *self)
{
    Own copy = call0(VALUE(type_of(VALUE(self))));
    if (!copy) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, obj(VALUE(self)));
    int status = copy_into(copy, self);
    critical_leave(&section);
    if (status < 0) {
        ref_clear(&copy);
    }
    return copy;
}

/* (class, (), state, None, iterator of the pairs) */
Own
ordereddict_py___reduce__(OrderedDict *self)
{
    Own state = call_method0(VALUE(self), "__getstate__");
    Own items = state ? call_method0(VALUE(self), "items") : NO_VALUE;
    Own it = items ? object_iter(items) : NO_VALUE, result = NO_VALUE;
    if (it) {
        result = tuple_pack(5, VALUE(type_of(VALUE(self))), (Value)tuple_empty, (Value)state,
                            (Value)NONE, (Value)it);
    }
    drop_opt(state);
    drop_opt(items);
    drop_opt(it);
    return result;
}

/* -- slots -- */

/* Have two dicts of equal pairs the same order? 1, 0, -1. lock: both held */
static int
same_order_locked(OrderedDict *a, OrderedDict *b)
{
    OrderMark mark_a = order_mark(a), mark_b = order_mark(b);
    int64_t at_a = 0, at_b = 0;
    Own x, y;
    int same = 1;
    while (same == 1 && dict_next(VALUE(a), &at_a, &x, NULL)) {
        same = dict_next(VALUE(b), &at_b, &y, NULL);
        if (same) {
            same = object_equal(x, y);
            drop(y);
        }
        drop(x);
        if (same >= 0 && (check_mark(a, mark_a) < 0 || check_mark(b, mark_b) < 0)) {
            same = -1;
        }
    }
    if (same == 1 && dict_next(VALUE(b), &at_b, &y, NULL)) {
        drop(y);
        same = 0;
    }
    return same;
}

static Own
ordereddict_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_dict(b)) {
        return own(NOTIMPLEMENTED);
    }
    CriticalSection section;
    critical_enter_two(&section, obj(a), obj(b));
    Own result = dict_type.slots.compare(a, b, op);
    if (result == bool_value(op == CMP_EQ) && is_ordereddict(b)) {
        int same = same_order_locked((OrderedDict *)obj(a), (OrderedDict *)obj(b));
        result = same < 0 ? NO_VALUE : bool_value(same == (op == CMP_EQ));
    }
    critical_leave(&section);
    return result;
}

static int
ordereddict_setitem(Value v, Value key, Value value)
{
    int64_t hash = object_hash(key);
    if (hash == -1) {
        return -1;
    }
    if (value) {
        return dict_set_hash(v, key, hash, value);
    }
    Own old;
    int found = dict_pop_hash(v, key, hash, &old);
    drop_opt(old);
    if (found == 0) {
        raise_key_error(key);
    }
    return found > 0 ? 0 : -1;
}

static Own
ordereddict_or(Value a, Value b)
{
    Value self = is_ordereddict(a) ? a : b;
    if (!is_dict(a) || !is_dict(b)) {
        return own(NOTIMPLEMENTED);
    }
    CriticalSection section;
    critical_enter_two(&section, obj(a), obj(b));
    Own result = call1(VALUE(type_of(self)), a);
    if (result && add_all(result, b) < 0) {
        ref_clear(&result);
    }
    critical_leave(&section);
    return result;
}

static Own
ordereddict_ior(Value a, Value b)
{
    return add_all(a, b) < 0 ? NO_VALUE : own(a);
}

static Own
ordereddict_repr(Value v)
{
    Own name = type_name_str(type_of(v)), text = NO_VALUE;
    if (!name) {
        return NO_VALUE;
    }
    int entered = 0;
    if (dict_len(v) == 0) {
        text = str_fmt("%U()", (Value)name);
    } else if ((entered = repr_enter(v)) == 0) {
        Own items = dict_copy(v);
        text = items ? str_fmt("%U(%R)", (Value)name, (Value)items) : NO_VALUE;
        drop_opt(items);
        repr_leave(v);
    } else if (entered > 0) {
        text = str_from_cstr("...");
    }
    drop(name);
    return text;
}

/* -- iteration -- */

static Own
odict_iterate(Value d, int what)
{
    OdictIterator *it = (OdictIterator *)object_alloc(odict_iterator_type.root_shape,
                                                      sizeof(OdictIterator), OBJ_TRACKED);
    if (!it) {
        return NO_VALUE;
    }
    ref_init(&it->head, &it->dict, own(d));
    it->mark = order_mark((OrderedDict *)obj(d));
    it->what = what;
    it->position = what & ITERATE_BACKWARDS ? it->mark.used - 1 : 0;
    return OWN(it);
}

static bool
odict_step_locked(OdictIterator *it, Own *key, Own *value, Own *used_up)
{
    ASSERT_LOCKED(it);
    if (!it->dict) {
        return false;
    }
    OrderMark now = order_mark((OrderedDict *)obj(it->dict));
    if (!same_mark(now, it->mark)) {
        raise_msg(&exc_RuntimeError, now.length != it->mark.length && now.used == it->mark.used
                                         ? "OrderedDict changed size during iteration"
                                         : "OrderedDict mutated during iteration");
        return false;
    }
    bool found = it->what & ITERATE_BACKWARDS
                     ? dict_previous(it->dict, &it->position, key, value)
                     : dict_next(it->dict, &it->position, key, value);
    if (!found) {
        *used_up = ref_swap(&it->head, &it->dict, NO_VALUE);
    }
    return found;
}

static Own
odict_iterator_next(Value v)
{
    OdictIterator *it = (OdictIterator *)obj(v);
    Own used_up = NO_VALUE, pair[2] = {NO_VALUE, NO_VALUE};
    int what = it->what & ITERATE_ITEMS;
    CriticalSection section;
    critical_enter(&section, &it->head);
    bool found = odict_step_locked(it, what & ITERATE_KEYS ? &pair[0] : NULL,
                                   what & ITERATE_VALUES ? &pair[1] : NULL, &used_up);
    critical_leave(&section);
    drop_opt(used_up);
    if (!found) {
        return NO_VALUE;
    }
    return what == ITERATE_ITEMS ? tuple_from_own(pair, 2) : pair[what == ITERATE_VALUES];
}

/* iter([what is left]): from a copy of the iterator, which stays where it is. */
Own
odict_iterator_py___reduce__(OdictIterator *self)
{
    Own list;
    if (self->dict) {
        Own v = odict_iterate(self->dict, self->what);
        if (!v) {
            return NO_VALUE;
        }
        OdictIterator *copy = (OdictIterator *)obj(v);
        copy->mark = self->mark;
        copy->position = self->position;
        list = object_to_list(v);
        drop(v);
    } else {
        list = list_new(0);
    }
    Own result = list ? iterator_reduce(builtin_function("iter"), list, -1) : NO_VALUE;
    drop_opt(list);
    return result;
}

static int
odict_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((OdictIterator *)o)->dict);
    return 0;
}

static void
odict_iterator_clear(Object *o)
{
    ref_clear(&((OdictIterator *)o)->dict);
}

static void
odict_iterator_dealloc(Object *o)
{
    odict_iterator_clear(o);
    object_free(o);
}

Type odict_iterator_type = {
    .name = "odict_iterator",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(OdictIterator),
    .slots = {
        .traverse = odict_iterator_traverse,
        .clear = odict_iterator_clear,
        .dealloc = odict_iterator_dealloc,
        .iter = iterator_self,
        .next = odict_iterator_next,
    },
    .methods = odict_iterator_methods,
    .getsets = odict_iterator_getsets,
};

static Own
ordereddict_iter(Value v)
{
    return odict_iterate(v, ITERATE_KEYS);
}

static Own
ordereddict_snapshot(Value v, bool always)
{
    return dict_type.snapshot(v, always);
}

Own
ordereddict_py___reversed__(OrderedDict *self)
{
    return odict_iterate(VALUE(self), ITERATE_KEYS | ITERATE_BACKWARDS);
}

/* -- views: those of dict, with other iterators -- */

static Own
odict_view(Type *type, Value d)
{
    DictView *view = (DictView *)object_alloc(type->root_shape, sizeof(DictView), OBJ_TRACKED);
    if (view) {
        ref_init(&view->head, &view->dict, own(d));
    }
    return OWN(view);
}

static Value
view_dict(Value v)
{
    return ((DictView *)obj(v))->dict;
}

#define DEFINE_VIEW(KIND, WHAT)                                                                    \
    static Own odict_##KIND##_iter(Value v)                                                        \
    {                                                                                              \
        return odict_iterate(view_dict(v), WHAT);                                                  \
    }                                                                                              \
    Own odict_##KIND##_py___reversed__(DictView *self)                                             \
    {                                                                                              \
        return odict_iterate(self->dict, WHAT | ITERATE_BACKWARDS);                                \
    }                                                                                              \
    Own ordereddict_py_##KIND(OrderedDict *self)                                                   \
    {                                                                                              \
        return odict_view(&odict_##KIND##_type, VALUE(self));                                      \
    }                                                                                              \
    static Own odict_##KIND##_snapshot(Value v, bool always)                                       \
    {                                                                                              \
        return dict_##KIND##_type.snapshot(v, always);                                             \
    }                                                                                              \
    Type odict_##KIND##_type = {                                                                   \
        .name = "odict_" #KIND,                                                                    \
        .flags = TYPE_GC | TYPE_NO_INSTANTIATE,                                                    \
        .basic_size = sizeof(DictView),                                                            \
        .base = &dict_##KIND##_type,                                                               \
        .slots = {.iter = odict_##KIND##_iter},                                                    \
        .snapshot = odict_##KIND##_snapshot,                                                       \
        .methods = odict_##KIND##_methods,                                                         \
        .getsets = odict_##KIND##_getsets,                                                         \
    };
DEFINE_VIEW(keys, ITERATE_KEYS)
DEFINE_VIEW(values, ITERATE_VALUES)
DEFINE_VIEW(items, ITERATE_ITEMS)

/* -- the type -- */

static int
ordereddict_traverse(Object *o, Visit visit, void *arg)
{
    int status = dict_type.slots.traverse(o, visit, arg);
    return status ? status : instance_attrs_traverse(o, visit, arg);
}

static void
ordereddict_clear(Object *o)
{
    instance_attrs_clear(o);
    dict_type.slots.clear(o);
}

static void
ordereddict_dealloc(Object *o)
{
    instance_attrs_free(o);
    dict_type.slots.dealloc(o);
}

Type ordereddict_type = {
    .name = "collections.OrderedDict",
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(OrderedDict),
    .base = &dict_type,
    .slots = {
        .traverse = ordereddict_traverse,
        .clear = ordereddict_clear,
        .dealloc = ordereddict_dealloc,
        .init = ordereddict_init,
        .repr = ordereddict_repr,
        .compare = ordereddict_compare,
        .setitem = ordereddict_setitem,
        .iter = ordereddict_iter,
        .binary[OP_OR] = ordereddict_or,
        .inplace[OP_OR] = ordereddict_ior,
    },
    .methods = ordereddict_methods,
    .getsets = ordereddict_getsets,
    .spec_doc = ordereddict_doc,
    .snapshot = ordereddict_snapshot,
};
