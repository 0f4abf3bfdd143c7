/* dict: whole dicts: update, merge, equality, fromkeys.
 *
 * Threads: two dicts are held together. Where a comparison of keys runs Python code both may
 * change: the one that is read is then found changed, which is an error as in CPython, and the
 * one that is written is looked at anew for each key. */
#include "dict_priv.h"

#include "object/list.h"
#include "object/set.h"
#include "object/tuple.h"

/* -- merging a dict into a dict */

/* a[key] = value, or nothing when a has the key and !override. Both are eaten. lock: a held */
static int
dict_merge_one_locked(Dict *a, CriticalSection *section, Own key, int64_t hash, Own value, bool override)
{
    int64_t i = dict_find_locked(a, section, key, hash);
    if (i == DICT_ABSENT && dict_add_locked(a, key, hash, value) == 0) {
        return 0;
    }
    int status = i < 0 ? -1 : 0;
    if (i >= 0 && override) {
        value = ref_swap(&a->head, &a->table->entries[i].value, value);
    }
    drop(key);
    drop(value);
    (void)critical_renew(section);
    return status;
}

/* a, which is empty, becomes a copy of b. lock: both held */
static int
dict_fill_locked(Dict *a, Dict *b)
{
    DictTable *t = dict_table_copy_locked(b, &a->head);
    if (!t) {
        return -1;
    }
    dict_replace_table_locked(a, t, b->length);
    return 0;
}

static int
dict_merge_entries_locked(Dict *a, Dict *b, CriticalSection *section, bool override)
{
    ASSERT_LOCKED(a);
    ASSERT_LOCKED(b);
    const DictTable *t = b->table;
    int64_t length = b->length, used = t->used;
    if (length == 0) {
        return 0;
    }
    if (a->length == 0) {
        return dict_fill_locked(a, b);
    }
    if (length > a->length && dict_reserve_locked(a, length) < 0) {
        return -1;
    }
    for (int64_t i = 0; i < used; i++) {
        Own key = t->entries[i].key;
        if (!key) {
            continue;
        }
        int64_t hash = dict_entry_hash(t, i, key);
        if (dict_merge_one_locked(a, section, own(key), hash, own(t->entries[i].value), override) < 0) {
            return -1;
        }
        if (b->table != t || b->length != length || t->used != used) {
            return raise_int(&exc_RuntimeError, "dict mutated during update");
        }
    }
    return 0;
}

static int
dict_merge_dict(Dict *a, Dict *b, bool override)
{
    if (a == b) {
        return 0;
    }
    CriticalSection section;
    critical_enter_two(&section, &a->head, &b->head);
    int status = dict_merge_entries_locked(a, b, &section, override);
    critical_leave(&section);
    return status;
}

/* -- merging any mapping, or pairs */

Own
dict_items_by_keys(Value mapping, Value keys)
{
    if (!is_dict(mapping) || !obj_is_contended(obj(mapping)) ||
        type_of(mapping)->slots.getitem != dict_type.slots.getitem ||
        !is_instance_of(keys, &dict_keys_type) || ((DictView *)obj(keys))->dict != mapping) {
        return NO_VALUE;
    }
    return dict_items_list(mapping);
}

static int
dict_merge_items(Value d, Value items, bool override)
{
    Own pair;
    int status = 0;
    for (int64_t i = 0; status >= 0 && (pair = list_get(items, i)) != NO_VALUE; i++) {
        status = override ? 0 : dict_contains(d, tuple_item(pair, 0));
        if (status == 0) {
            status = dict_set(d, tuple_item(pair, 0), tuple_item(pair, 1));
        }
        drop(pair);
    }
    return status < 0 ? -1 : 0;
}

static int
dict_merge_keys(Value d, Value mapping, Value it, bool override)
{
    Own key;
    while ((key = object_next(it)) != NO_VALUE) {
        int present = override ? 0 : dict_contains(d, key);
        Own value = present == 0 ? object_getitem(mapping, key) : NO_VALUE;
        if (value) {
            present = dict_set_own(d, key, value);
        } else {
            drop(key);
        }
        if (present < 0 || exc_pending()) {
            break;
        }
    }
    return exc_pending() ? -1 : 0;
}

static int
dict_merge_mapping(Value d, Value mapping, bool override)
{
    Own keys = call_method0(mapping, "keys");
    if (!keys) {
        return -1;
    }
    Own items = dict_items_by_keys(mapping, keys);
    Own it = items || exc_pending() ? NO_VALUE : object_iter(keys);
    if (!it && !items && exc_swallow(&exc_TypeError)) {
        raise_fmt(&exc_TypeError, "%T.keys() returned a non-iterable (type %T)", mapping,
                  (Value)keys);
    }
    drop(keys);
    int status = items ? dict_merge_items(d, items, override)
                 : it  ? dict_merge_keys(d, mapping, it, override)
                       : -1;
    drop_opt(items);
    drop_opt(it);
    return status;
}

bool
dict_is_plain(Value v)
{
    return is_dict(v) && type_of(v)->slots.iter == dict_iter;
}

int
dict_merge(Value d, Value mapping, bool override)
{
    if (dict_is_plain(mapping)) {
        return dict_merge_dict(as_dict(d), as_dict(mapping), override);
    }
    return dict_merge_mapping(d, mapping, override);
}

/* Says in the pending exception which element could not be taken as a pair. */
static void
pairs_note(int64_t n)
{
    Own exc = exc_take();
    Own note =
        str_fmt("Cannot convert dictionary update sequence element #%zd to a sequence", n);
    Own none = note ? call_method1(exc, "add_note", note) : NO_VALUE;
    drop_opt(note);
    drop_opt(none);
    exc_restore(exc);
}

/* The two values of the n-th element. own: both new */
static int
pair_unpack(Value element, int64_t n, Own *key, Own *value)
{
    Own pair = sequence_fast(element, "object is not iterable");
    if (!pair) {
        if (exc_matches(&exc_TypeError)) {
            pairs_note(n);
        }
        return -1;
    }
    int64_t length = is_list(pair) ? list_len(pair) : as_tuple(pair)->length;
    *key = *value = NO_VALUE;
    if (length == 2 && is_list(pair)) {
        *key = list_get(pair, 0);
        *value = list_get(pair, 1);
    } else if (length == 2) {
        *key = own(tuple_item(pair, 0));
        *value = own(tuple_item(pair, 1));
    }
    drop(pair);
    if (*key && *value) {
        return 0;
    }
    drop_opt(*key); /* a list that another thread has changed */
    drop_opt(*value);
    return raise_int(&exc_ValueError,
                     "dictionary update sequence element #%zd has length %zd; 2 is required", n,
                     length);
}

static int
dict_merge_pairs(Value d, Value pairs)
{
    Own it = object_iter_all(pairs), element;
    if (!it) {
        return -1;
    }
    for (int64_t n = 0; (element = object_next(it)) != NO_VALUE; n++) {
        Own key, value;
        int status = pair_unpack(element, n, &key, &value);
        drop(element);
        if (status < 0 || dict_set_own(d, key, value) < 0) {
            break;
        }
    }
    drop(it);
    return exc_pending() ? -1 : 0;
}

int
dict_update(Value d, Value other)
{
    if (IS_EXACT(other, DICT)) {
        return dict_merge(d, other, true);
    }
    Own keys;
    int mapping = object_lookup_attr(other, NAME(keys), &keys);
    if (mapping < 0) {
        return -1;
    }
    drop_opt(keys);
    return mapping ? dict_merge(d, other, true) : dict_merge_pairs(d, other);
}

int
dict_update_keywords(Value d, Value const *values, Value names)
{
    if (!names) {
        return 0;
    }
    for (int64_t i = 0; i < as_tuple(names)->length; i++) {
        Value name = tuple_item(names, i);
        if (!is_str(name)) {
            return raise_int(&exc_TypeError, "keywords must be strings");
        }
        if (dict_set(d, name, values[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

/* -- fromkeys */

/* With the hashes that the set has. d is the caller's alone. */
static int
fill_from_set(Value d, Value set, Value value)
{
    int64_t position = 0, hash;
    Own key;
    int status = 0;
    CriticalSection section;
    critical_enter(&section, obj(set));
    while (status == 0 && set_next_hash(set, &position, &key, &hash)) {
        status = dict_set_hash(d, key, hash, value);
        drop(key);
    }
    critical_leave(&section);
    return status;
}

Own
dict_fromkeys(Type *cls, Value iterable, Value value)
{
    Own d = call0(VALUE(cls));
    if (!d) {
        return NO_VALUE;
    }
    bool exact = IS_EXACT(d, DICT);
    int64_t expected = !exact                        ? 0
                       : IS_EXACT(iterable, DICT)    ? dict_len(iterable)
                       : is_anyset(iterable)         ? set_len(iterable)
                                                     : 0;
    if (expected && cls == &dict_type) {
        drop(d);
        d = dict_new_sized(expected);
    }
    if (d && exact && (IS_EXACT(iterable, SET) || IS_EXACT(iterable, FROZENSET))) {
        if (fill_from_set(d, iterable, value) < 0) {
            ref_clear(&d);
        }
        return d;
    }
    Own it = d ? object_iter_all(iterable) : NO_VALUE, key;
    while (it && (key = object_next(it)) != NO_VALUE) {
        int status;
        if (exact) {
            status = dict_set_own(d, key, own(value));
        } else {
            status = object_setitem(d, key, value);
            drop(key);
        }
        if (status < 0) {
            break;
        }
    }
    drop_opt(it);
    if (exc_pending()) {
        drop_opt(d);
        return NO_VALUE;
    }
    return d;
}

/* -- equality */

/* lock: both held */
static int
dict_equal_locked(Dict *a, Dict *b)
{
    if (dict_length(a) != dict_length(b)) {
        return 0;
    }
    int64_t position = 0, hash;
    Own key, value, other;
    int equal = 1;
    while (equal == 1 && dict_step(a, &position, false, &key, &value, &hash)) {
        equal = dict_lookup_in(b, key, hash, &other);
        if (equal == 1) {
            equal = object_equal(value, other);
            drop(other);
        }
        drop(key);
        drop(value);
    }
    return equal;
}

int
dict_equal(Dict *a, Dict *b)
{
    if (a == b) {
        return 1;
    }
    CriticalSection section;
    critical_enter_two(&section, &a->head, &b->head);
    int equal = dict_equal_locked(a, b);
    critical_leave(&section);
    return equal;
}
