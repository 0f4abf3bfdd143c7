/* dict_keys, dict_values, dict_items: views that show the dict as it is now. Keys and items behave
 * as sets.
 *
 * Threads: a view is immutable; the dict is read as any reader reads it. */
#include "dict_priv.h"

#include "object/set.h"
#include "object/tuple.h"
#include "object/type.h"

#include "dict_view.spec.h"

static Dict *
view_dict(Value v)
{
    return as_dict(((DictView *)obj(v))->dict);
}

static Own
view_new(ShapeId shape, Value d)
{
    DictView *view = (DictView *)object_alloc(shape, sizeof(DictView), OBJ_TRACKED);
    if (view) {
        ref_init(&view->head, &view->dict, own(d));
    }
    return OWN(view);
}

Own
dict_keys_view(Value d)
{
    return view_new(SHAPE_DICT_KEYS, d);
}

Own
dict_values_view(Value d)
{
    return view_new(SHAPE_DICT_VALUES, d);
}

Own
dict_items_view(Value d)
{
    return view_new(SHAPE_DICT_ITEMS, d);
}

static bool
is_keys_or_items(Value v)
{
    return IS_EXACT(v, DICT_KEYS) || IS_EXACT(v, DICT_ITEMS) ||
           (is_object(v) && (type_is_subtype(type_of(v), &dict_keys_type) ||
                             type_is_subtype(type_of(v), &dict_items_type)));
}

/* -- what all views have */

static int64_t
view_len(Value v)
{
    return dict_length(view_dict(v));
}

static Own
view_repr(Value v)
{
    int entered = repr_enter(v);
    if (entered != 0) {
        return entered > 0 ? str_from_cstr("...") : NO_VALUE;
    }
    Own list = object_to_list(v);
    Own text = list ? str_fmt("%T(%R)", v, (Value)list) : NO_VALUE;
    drop_opt(list);
    repr_leave(v);
    return text;
}

static Own
keys_iter(Value v)
{
    return dict_iterator_new(&dict_keyiterator_type, VALUE(view_dict(v)));
}

static Own
keys_snapshot(Value v, bool always)
{
    return always || obj_is_contended(&view_dict(v)->head) ? dict_keys_list(VALUE(view_dict(v)))
                                                           : NO_VALUE;
}

static Own
values_snapshot(Value v, bool always)
{
    return always || obj_is_contended(&view_dict(v)->head) ? dict_values_list(VALUE(view_dict(v)))
                                                           : NO_VALUE;
}

static Own
items_snapshot(Value v, bool always)
{
    return always || obj_is_contended(&view_dict(v)->head) ? dict_items_list(VALUE(view_dict(v)))
                                                           : NO_VALUE;
}

static Own
values_iter(Value v)
{
    return dict_iterator_new(&dict_valueiterator_type, VALUE(view_dict(v)));
}

static Own
items_iter(Value v)
{
    return dict_iterator_new(&dict_itemiterator_type, VALUE(view_dict(v)));
}

Own
dict_keys_py___reversed__(DictView *self)
{
    return dict_iterator_new(&dict_reversekeyiterator_type, self->dict);
}

Own
dict_values_py___reversed__(DictView *self)
{
    return dict_iterator_new(&dict_reversevalueiterator_type, self->dict);
}

Own
dict_items_py___reversed__(DictView *self)
{
    return dict_iterator_new(&dict_reverseitemiterator_type, self->dict);
}

static Own
view_mapping(DictView *view)
{
    return call1(VALUE(&mappingproxy_type), view->dict);
}

Own
dict_keys_get_mapping(DictView *self)
{
    return view_mapping(self);
}

Own
dict_values_get_mapping(DictView *self)
{
    return view_mapping(self);
}

Own
dict_items_get_mapping(DictView *self)
{
    return view_mapping(self);
}

/* -- membership */

static int
keys_contains(Value v, Value item)
{
    return dict_contains(VALUE(view_dict(v)), item);
}

static int
items_contains(Value v, Value item)
{
    if (!is_tuple(item) || as_tuple(item)->length != 2) {
        return 0;
    }
    Own value;
    int found = dict_lookup(VALUE(view_dict(v)), tuple_item(item, 0), &value);
    if (found == 1) {
        found = object_equal(value, tuple_item(item, 1));
        drop(value);
    }
    return found;
}

/* -- comparing and operating as sets */

/* Is every item of a in b? 0, 1, -1 */
static int
all_contained(Value a, Value b)
{
    Own it = object_iter_all(a), item;
    if (!it) {
        return -1;
    }
    int contained = 1;
    while (contained == 1 && (item = object_next(it)) != NO_VALUE) {
        contained = object_contains(b, item);
        drop(item);
    }
    drop(it);
    return exc_pending() ? -1 : contained;
}

static Own
view_compare(Value a, Value b, CompareOp op)
{
    if (!is_anyset(b) && !is_keys_or_items(b)) {
        return own(NOTIMPLEMENTED);
    }
    int64_t na = view_len(a), nb = object_len(b);
    if (nb < 0) {
        return NO_VALUE;
    }
    int holds = 0;
    switch (op) {
    case CMP_EQ:
    case CMP_NE:
        holds = na == nb ? all_contained(a, b) : 0;
        if (holds >= 0 && op == CMP_NE) {
            holds = !holds;
        }
        break;
    case CMP_LT:
        holds = na < nb ? all_contained(a, b) : 0;
        break;
    case CMP_LE:
        holds = na <= nb ? all_contained(a, b) : 0;
        break;
    case CMP_GT:
        holds = na > nb ? all_contained(b, a) : 0;
        break;
    case CMP_GE:
        holds = na >= nb ? all_contained(b, a) : 0;
        break;
    }
    return holds < 0 ? NO_VALUE : bool_value(holds);
}

/* A new set of a's items, changed by b's. */
static Own
view_set_operation(Value a, Value b, int (*change)(Value set, Value items))
{
    Own set = set_from_iterable(a);
    if (set && change(set, b) < 0) {
        ref_clear(&set);
    }
    return set;
}

static Own
view_sub(Value a, Value b)
{
    return view_set_operation(a, b, set_difference_update);
}

static Own
view_or(Value a, Value b)
{
    return view_set_operation(a, b, set_update);
}

/* Adds the pair to the set. */
static int
set_add_pair(Value set, Value key, Value value)
{
    Own pair = tuple_pack(2, key, value);
    if (!pair) {
        return -1;
    }
    int status = set_add(set, pair);
    drop(pair);
    return status;
}

static int
set_add_pairs(Value set, Dict *d)
{
    int64_t position = 0;
    Own key, value;
    int status = 0;
    while (status >= 0 && dict_next(VALUE(d), &position, &key, &value)) {
        status = set_add_pair(set, key, value);
        drop(key);
        drop(value);
    }
    return status;
}

/* The pairs that are in one of two dicts only. Values that both have for a key are compared, not
 * hashed. */
static int
dict_items_xor_into(Value set, Dict *a, Dict *rest)
{
    int64_t position = 0, hash;
    Own key, value, other, gone;
    int status = 0;
    while (status >= 0 && dict_step(a, &position, false, &key, &value, &hash)) {
        status = dict_lookup_in(rest, key, hash, &other);
        if (status == 1) {
            status = object_equal(value, other);
            drop(other);
        }
        if (status == 1) {
            status = dict_pop(VALUE(rest), key, &gone);
            drop_opt(gone);
        } else if (status == 0) {
            status = set_add_pair(set, key, value);
        }
        drop(key);
        drop(value);
    }
    return status < 0 ? -1 : set_add_pairs(set, rest);
}

static Own
dict_items_xor(Dict *a, Dict *b)
{
    Own rest = dict_copy(VALUE(b)), set = NO_VALUE;
    if (rest) {
        set = set_new();
    }
    if (set && dict_items_xor_into(set, a, as_dict(rest)) < 0) {
        ref_clear(&set);
    }
    drop_opt(rest);
    return set;
}

static Own
view_xor(Value a, Value b)
{
    if (IS_EXACT(a, DICT_ITEMS) && IS_EXACT(b, DICT_ITEMS)) {
        return dict_items_xor(view_dict(a), view_dict(b));
    }
    return view_set_operation(a, b, set_symmetric_difference_update);
}

/* The longer of two is asked, the other one iterated. */
static Own
view_and(Value a, Value b)
{
    if (!is_keys_or_items(a) ||
        (is_keys_or_items(b) && IS_EXACT(b, DICT_KEYS) && view_len(b) > view_len(a))) {
        Value other = a;
        a = b;
        b = other;
    }
    Own result = set_new(), item;
    Own it = result ? object_iter_all(b) : NO_VALUE;
    while (it && (item = object_next(it)) != NO_VALUE) {
        int found = object_contains(a, item);
        if (found == 1) {
            found = set_add(result, item);
        }
        drop(item);
        if (found < 0) {
            break;
        }
    }
    drop_opt(it);
    if (exc_pending()) {
        drop_opt(result);
        return NO_VALUE;
    }
    return result;
}

static int
view_isdisjoint(Value self, Value other)
{
    if (self == other) {
        return view_len(self) == 0;
    }
    Own it = object_iter_all(other), item;
    if (!it) {
        return -1;
    }
    int found = 0;
    while (found == 0 && (item = object_next(it)) != NO_VALUE) {
        found = object_contains(self, item);
        drop(item);
    }
    drop(it);
    return exc_pending() ? -1 : !found;
}

int
dict_keys_py_isdisjoint(DictView *self, Value other)
{
    return view_isdisjoint(VALUE(self), other);
}

int
dict_items_py_isdisjoint(DictView *self, Value other)
{
    return view_isdisjoint(VALUE(self), other);
}

/* -- the types */

static int
view_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((DictView *)o)->dict);
    return 0;
}

/* No clear: a cycle through a view goes through its dict. */
static void
view_dealloc(Object *o)
{
    drop_opt(((DictView *)o)->dict);
    object_free(o);
}

Type dict_keys_type = {
    .name = "dict_keys",
    .root_shape = SHAPE_DICT_KEYS,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(DictView),
    .slots = {
        .traverse = view_traverse,
        .dealloc = view_dealloc,
        .repr = view_repr,
        .compare = view_compare,
        .iter = keys_iter,
        .binary[OP_SUB] = view_sub,
        .binary[OP_AND] = view_and,
        .binary[OP_XOR] = view_xor,
        .binary[OP_OR] = view_or,
        .len = view_len,
        .contains = keys_contains,
    },
    .methods = dict_keys_methods,
    .getsets = dict_keys_getsets,
    .spec_doc = dict_keys_doc,
    .snapshot = keys_snapshot,
};

Type dict_values_type = {
    .name = "dict_values",
    .root_shape = SHAPE_DICT_VALUES,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(DictView),
    .slots = {
        .traverse = view_traverse,
        .dealloc = view_dealloc,
        .repr = view_repr,
        .iter = values_iter,
        .len = view_len,
    },
    .methods = dict_values_methods,
    .getsets = dict_values_getsets,
    .spec_doc = dict_values_doc,
    .snapshot = values_snapshot,
};

Type dict_items_type = {
    .name = "dict_items",
    .root_shape = SHAPE_DICT_ITEMS,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(DictView),
    .slots = {
        .traverse = view_traverse,
        .dealloc = view_dealloc,
        .repr = view_repr,
        .compare = view_compare,
        .iter = items_iter,
        .binary[OP_SUB] = view_sub,
        .binary[OP_AND] = view_and,
        .binary[OP_XOR] = view_xor,
        .binary[OP_OR] = view_or,
        .len = view_len,
        .contains = items_contains,
    },
    .methods = dict_items_methods,
    .getsets = dict_items_getsets,
    .spec_doc = dict_items_doc,
    .snapshot = items_snapshot,
};
