/* dict as Python sees it: the slots and methods, on top of table.c (invariants, threads),
 * access.c and merge.c. */
#include "dict_priv.h"

#include "heap/alloc.h"
#include "object/genericalias.h"
#include "object/tuple.h"
#include "object/type.h"

#include "dict.spec.h"

/* -- life */

static Own
dict_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    if (type == &dict_type) {
        return dict_new();
    }
    Own d = type_alloc(type, 0);
    if (d) {
        as_dict(d)->table = dict_empty_table;
    }
    return d;
}

/* The arguments of dict() and update(): at most one positional one, and keywords. */
static int
dict_update_arguments(const char *function, Value self, Value const *args, size_t nargs,
                      Value kwnames)
{
    if (nargs > 1 && args_check_positional(function, nargs, NO_VALUE, 0, 1) < 0) {
        return -1;
    }
    if (nargs == 1 && dict_update(self, args[0]) < 0) {
        return -1;
    }
    return dict_update_keywords(self, args + nargs, kwnames);
}

static int
dict_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return dict_update_arguments("dict", self, args, nargs, kwnames);
}

Own
dict_py_update(Value self, Value const *args, size_t nargs, Value kwnames)
{
    int status = dict_update_arguments("dict.update", self, args, nargs, kwnames);
    return status < 0 ? NO_VALUE : NONE;
}

static int
dict_traverse(Object *o, Visit visit, void *arg)
{
    const DictTable *t = ((Dict *)o)->table;
    for (int64_t i = 0; t && i < t->used; i++) {
        VISIT(t->entries[i].key);
        VISIT(t->entries[i].value);
    }
    return 0;
}

static void
dict_clear_slot(Object *o)
{
    dict_clear(VALUE(o));
}

static void
dict_dealloc(Object *o)
{
    DictTable *t = ((Dict *)o)->table;
    if (t && t != dict_empty_table) {
        for (int64_t i = 0; i < t->used; i++) {
            if (t->entries[i].key) {
                drop(t->entries[i].key);
                drop(t->entries[i].value);
            }
        }
        mem_free_sized(t, dict_table_bytes(t));
    }
    object_free(o);
}

/* -- slots */

static int64_t
dict_len_slot(Value v)
{
    return dict_len(v);
}

/* The class of v may say what a missing key gives. */
static NOINLINE Own
dict_missing(Value v, Value key)
{
    if (!IS_EXACT(v, DICT)) {
        Own missing;
        int found = object_lookup_special(v, NAME(__missing__), &missing);
        if (found < 0) {
            return NO_VALUE;
        }
        if (found) {
            Own value = call1(missing, key);
            drop(missing);
            return value;
        }
    }
    return raise_key_error(key);
}

static Own
dict_getitem(Value v, Value key)
{
    Own value;
    if (UNLIKELY(dict_lookup(v, key, &value) == 0)) {
        return dict_missing(v, key);
    }
    return value;
}

static int
dict_setitem(Value v, Value key, Value value)
{
    return value ? dict_set(v, key, value) : dict_delete(v, key);
}

static Own
dict_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_dict(a) || !is_dict(b)) {
        return own(NOTIMPLEMENTED);
    }
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    int equal = dict_equal(as_dict(a), as_dict(b));
    return equal < 0 ? NO_VALUE : bool_value(equal == (op == CMP_EQ));
}

/* Both are held, so that the result shows them at one moment. */
static Own
dict_or(Value a, Value b)
{
    if (!is_dict(a) || !is_dict(b)) {
        return own(NOTIMPLEMENTED);
    }
    CriticalSection section;
    critical_enter_two(&section, obj(a), obj(b));
    Own result = dict_copy(a);
    if (result && dict_update(result, b) < 0) {
        ref_clear(&result);
    }
    critical_leave(&section);
    return result;
}

static Own
dict_snapshot(Value v, bool always)
{
    return always || obj_is_contended(obj(v)) ? dict_keys_list(v) : NO_VALUE;
}

static Own
dict_ior(Value a, Value b)
{
    return dict_update(a, b) < 0 ? NO_VALUE : own(a);
}

static Own
dict_repr(Value v)
{
    if (dict_len(v) == 0) {
        return str_from_cstr("{}");
    }
    int entered = repr_enter(v);
    if (entered != 0) {
        return entered > 0 ? str_from_cstr("{...}") : NO_VALUE;
    }
    StrBuilder text;
    str_builder_init(&text, dict_len(v) * 6);
    str_builder_char(&text, '{');
    int64_t position = 0;
    Own key, value;
    bool first = true;
    while (!text.failed && dict_next(v, &position, &key, &value)) {
        if (!first) {
            str_builder_ascii(&text, ", ", 2);
        }
        first = false;
        str_builder_repr(&text, key);
        str_builder_ascii(&text, ": ", 2);
        if (!text.failed) {
            str_builder_repr(&text, value);
        }
        drop(key);
        drop(value);
    }
    str_builder_char(&text, '}');
    repr_leave(v);
    return str_builder_finish(&text);
}

/* -- methods */

Own
dict_py___getitem__(Dict *self, Value key)
{
    return dict_getitem(VALUE(self), key);
}

int
dict_py___contains__(Dict *self, Value key)
{
    return dict_contains(VALUE(self), key);
}

Own
dict_py___reversed__(Dict *self)
{
    return dict_reversed(VALUE(self));
}

int64_t
dict_py___sizeof__(Dict *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int64_t size =
        type_of(VALUE(self))->basic_size + (int64_t)dict_table_bytes(self->table);
    critical_leave(&section);
    return size;
}

Own
dict_py_get(Dict *self, Value key, Value otherwise)
{
    Own value;
    int found = dict_lookup(VALUE(self), key, &value);
    return found ? value : own(otherwise);
}

Own
dict_py_setdefault(Dict *self, Value key, Value otherwise)
{
    bool was_present;
    return dict_setdefault(VALUE(self), key, otherwise, &was_present);
}

Own
dict_py_pop(Dict *self, Value key, Value otherwise)
{
    Own value;
    int found = dict_pop(VALUE(self), key, &value);
    if (found != 0) {
        return value;
    }
    return otherwise ? own(otherwise) : raise_key_error(key);
}

Own
dict_py_popitem(Dict *self)
{
    Own pair = dict_pop_last(VALUE(self));
    return pair || exc_pending() ? pair : raise_msg(&exc_KeyError, "popitem(): dictionary is empty");
}

Own
dict_py_keys(Dict *self)
{
    return dict_keys_view(VALUE(self));
}

Own
dict_py_items(Dict *self)
{
    return dict_items_view(VALUE(self));
}

Own
dict_py_values(Dict *self)
{
    return dict_values_view(VALUE(self));
}

Own
dict_py_fromkeys(Type *cls, Value iterable, Value value)
{
    return dict_fromkeys(cls, iterable, value);
}

int
dict_py_clear(Dict *self)
{
    dict_clear(VALUE(self));
    return 0;
}

Own
dict_py_copy(Dict *self)
{
    return dict_copy(VALUE(self));
}

Own
dict_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Type dict_type = {
    .name = "dict",
    .root_shape = SHAPE_DICT,
    .flags = TYPE_GC | TYPE_BASE | TYPE_DICT_SUBCLASS | TYPE_MAPPING_PATTERN | TYPE_MATCH_SELF,
    .basic_size = sizeof(Dict),
    .slots = {
        .traverse = dict_traverse,
        .clear = dict_clear_slot,
        .dealloc = dict_dealloc,
        .create = dict_create,
        .init = dict_init,
        .repr = dict_repr,
        .compare = dict_compare,
        .iter = dict_iter,
        .binary[OP_OR] = dict_or,
        .inplace[OP_OR] = dict_ior,
        .len = dict_len_slot,
        .getitem = dict_getitem,
        .setitem = dict_setitem,
        .contains = dict_contains,
    },
    .methods = dict_methods,
    .getsets = dict_getsets,
    .spec_doc = dict_doc,
    .snapshot = dict_snapshot,
};
