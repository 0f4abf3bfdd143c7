/* dict: what C code does with one dict, key by key (object/dict.h).
 *
 * Threads: changes hold the dict's lock; what they take out is dropped when it is free again.
 * Finding a key may run Python code and so let go of the lock, but its answer is about the table
 * of the moment when it returns, and nothing until the change is made runs any. */
#include "dict_priv.h"

#include "heap/alloc.h"
#include "object/list.h"
#include "object/tuple.h"
#include "object/type.h"

static Dict *
dict_alloc(void)
{
    Dict *d = (Dict *)object_alloc(SHAPE_DICT, sizeof(Dict), OBJ_TRACKED);
    if (d) {
        d->table = dict_empty_table;
    }
    return d;
}

Own
dict_new(void)
{
    return OWN(dict_alloc());
}

Own
dict_new_sized(int64_t expected)
{
    Dict *d = dict_alloc();
    if (d && expected > 0) {
        DictTable *t = dict_table_new(expected < 3 ? 3 : expected, false);
        if (!t) {
            drop(OWN(d));
            return NO_VALUE;
        }
        d->table = t;
    }
    return OWN(d);
}

Own
dict_copy(Value v)
{
    Dict *d = as_dict(v), *copy = dict_alloc();
    if (!copy) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &d->head);
    DictTable *t = dict_table_copy_locked(d, &copy->head);
    if (t) {
        copy->table = t;
        copy->length = d->length;
    }
    critical_leave(&section);
    if (!t) {
        drop(OWN(copy));
        return NO_VALUE;
    }
    return OWN(copy);
}

/* -- reading */

int64_t
dict_len(Value d)
{
    return dict_length(as_dict(d));
}

int
dict_lookup_hash(Value d, Value key, int64_t hash, Own *value)
{
    return dict_lookup_in(as_dict(d), key, hash, value);
}

int
dict_lookup(Value d, Value key, Own *value)
{
    int64_t hash = dict_hash(key);
    if (UNLIKELY(hash == -1)) {
        *value = NO_VALUE;
        return -1;
    }
    return dict_lookup_in(as_dict(d), key, hash, value);
}

int
dict_peek_hash(Value d, Value key, int64_t hash, Value *value)
{
    return dict_peek_in(as_dict(d), key, hash, value);
}

Own
dict_get(Value d, Value key)
{
    Own value;
    if (UNLIKELY(dict_lookup(d, key, &value) == 0)) {
        return raise_key_error(key);
    }
    return value;
}

int
dict_lookup_cstr(Value d, const char *key, Own *value)
{
    Own name = str_from_cstr(key);
    *value = NO_VALUE;
    if (!name) {
        return -1;
    }
    int found = dict_lookup(d, name, value);
    drop(name);
    return found;
}

int
dict_contains(Value d, Value key)
{
    Own value;
    int found = dict_lookup(d, key, &value);
    drop_opt(value);
    return found;
}

bool
dict_next(Value d, int64_t *position, Own *key, Own *value)
{
    return dict_step(as_dict(d), position, false, key, value, NULL);
}

bool
dict_next_key(Value d, int64_t *position, Own *key, int64_t *hash)
{
    return dict_step(as_dict(d), position, false, key, NULL, hash);
}

bool
dict_previous(Value d, int64_t *position, Own *key, Own *value)
{
    return dict_step(as_dict(d), position, true, key, value, NULL);
}

/* -- storing */

/* d[key] = value. value is eaten; the key too when eat_key, else it is counted when it is added. */
static ALWAYS_INLINE int
dict_put(Dict *d, Value key, int64_t hash, Own value, bool eat_key)
{
    bool added = false;
    CriticalSection section;
    critical_enter(&section, &d->head);
    int64_t i = dict_find_locked(d, &section, key, hash);
    if (i >= 0) {
        value = ref_swap(&d->head, &d->table->entries[i].value, value);
    } else if (i == DICT_ABSENT) {
        Own k = eat_key ? (Own)(uintptr_t)key : own(key);
        added = dict_add_locked(d, k, hash, value) == 0;
        if (UNLIKELY(!added)) {
            i = DICT_FAILED;
            if (!eat_key) {
                drop(k); /* not the last one: the caller holds the key */
            }
        }
    }
    critical_leave(&section);
    if (!added) {
        drop(value);
    }
    if (eat_key && !added) {
        drop((Own)(uintptr_t)key);
    }
    return i == DICT_FAILED ? -1 : 0;
}

int
dict_set_hash(Value d, Value key, int64_t hash, Value value)
{
    return dict_put(as_dict(d), key, hash, own(value), false);
}

int
dict_count_hash(Value v, Value key, int64_t hash)
{
    Dict *d = as_dict(v);
    CriticalSection section;
    critical_enter(&section, &d->head);
    int64_t i = dict_find_locked(d, &section, key, hash);
    int status = i == DICT_FAILED ? -1 : 0;
    if (i >= 0) {
        Own *field = &d->table->entries[i].value;
        if (is_small_int(*field) && small_int_value(*field) < SMALL_INT_MAX) {
            ref_init(&d->head, field, small_int(small_int_value(*field) + 1));
            status = 1;
        }
    } else if (i == DICT_ABSENT) {
        Own added = own(key);
        status = dict_add_locked(d, added, hash, small_int(1)) < 0 ? -1 : 1;
        if (status < 0) {
            drop(added); /* not the last one: the caller holds the key */
        }
    }
    critical_leave(&section);
    return status;
}

int
dict_set_own(Value d, Own key, Own value)
{
    int64_t hash = key && value ? dict_hash(key) : -1;
    if (UNLIKELY(hash == -1)) {
        drop_opt(key);
        drop_opt(value);
        return -1;
    }
    return dict_put(as_dict(d), key, hash, value, true);
}

int
dict_set(Value d, Value key, Value value)
{
    int64_t hash = dict_hash(key);
    return UNLIKELY(hash == -1) ? -1 : dict_put(as_dict(d), key, hash, own(value), false);
}

int
dict_set_cstr(Value d, const char *key, Value value)
{
    Own name = str_from_cstr(key);
    if (name) {
        name = str_intern(name);
    }
    return name ? dict_set_own(d, name, own(value)) : -1;
}

Own
dict_setdefault_hash(Value v, Value key, int64_t hash, Value otherwise, bool *was_present)
{
    Dict *d = as_dict(v);
    Own value = NO_VALUE, new_key = own(key), new_value = own(otherwise);
    *was_present = false;
    CriticalSection section;
    critical_enter(&section, &d->head);
    int64_t i = dict_find_locked(d, &section, key, hash);
    if (i >= 0) {
        value = own(d->table->entries[i].value);
        *was_present = true;
    } else if (i == DICT_ABSENT && dict_add_locked(d, new_key, hash, new_value) == 0) {
        new_key = new_value = NO_VALUE;
        value = own(otherwise);
    }
    critical_leave(&section);
    drop_opt(new_key);
    drop_opt(new_value);
    return value;
}

Own
dict_setdefault(Value v, Value key, Value otherwise, bool *was_present)
{
    int64_t hash = dict_hash(key);
    if (hash == -1) {
        *was_present = false;
        return NO_VALUE;
    }
    return dict_setdefault_hash(v, key, hash, otherwise, was_present);
}

/* The entry whose key is this very object. lock: d held */
static int64_t
dict_find_identical_locked(const Dict *d, Value key)
{
    const DictTable *t = d->table;
    for (int64_t i = 0; i < t->used; i++) {
        if (t->entries[i].key == key) {
            return i;
        }
    }
    return DICT_ABSENT;
}

int
dict_change_name(Value v, Value name, Value value)
{
    Dict *d = as_dict(v);
    if (LIKELY(__atomic_load_n(&d->table, __ATOMIC_ACQUIRE)->all_str)) {
        return value ? dict_set(v, name, value) : dict_delete(v, name);
    }
    Own old_key = NO_VALUE, old = NO_VALUE;
    int status = 0;
    CriticalSection section;
    critical_enter(&section, &d->head);
    int64_t i = dict_find_identical_locked(d, name);
    if (i >= 0 && value) {
        old = ref_swap(&d->head, &d->table->entries[i].value, own(value));
    } else if (i >= 0) {
        dict_remove_locked(d, i, &old_key, &old);
    } else if (value) {
        Own moved = own(value);
        status = dict_add_locked(d, own(name), str_hash(name), moved);
        old = status < 0 ? moved : NO_VALUE; /* (the name is immortal) */
    }
    critical_leave(&section);
    drop_opt(old_key);
    drop_opt(old);
    return status;
}

/* -- removing */

int
dict_pop_hash(Value v, Value key, int64_t hash, Own *value)
{
    Dict *d = as_dict(v);
    Own old_key = NO_VALUE;
    *value = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &d->head);
    int64_t i = dict_find_locked(d, &section, key, hash);
    if (i >= 0) {
        dict_remove_locked(d, i, &old_key, value);
    }
    critical_leave(&section);
    drop_opt(old_key);
    return i >= 0 ? 1 : i == DICT_ABSENT ? 0 : -1;
}

int
dict_pop(Value v, Value key, Own *value)
{
    if (dict_len(v) == 0) { /* without asking for a hash, as CPython */
        *value = NO_VALUE;
        return 0;
    }
    int64_t hash = dict_hash(key);
    if (UNLIKELY(hash == -1)) {
        *value = NO_VALUE;
        return -1;
    }
    return dict_pop_hash(v, key, hash, value);
}

int
dict_delete(Value v, Value key)
{
    int64_t hash = dict_hash(key);
    if (UNLIKELY(hash == -1)) {
        return -1;
    }
    Own value;
    int found = dict_pop_hash(v, key, hash, &value);
    if (found == 0) {
        raise_key_error(key);
        return -1;
    }
    drop_opt(value);
    return found < 0 ? -1 : 0;
}

int
dict_delete_value(Value v, Value key, Value value)
{
    int64_t hash = dict_hash(key);
    if (UNLIKELY(hash == -1)) {
        return -1;
    }
    Dict *d = as_dict(v);
    Own old_key = NO_VALUE, old_value = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &d->head);
    int64_t i = dict_find_locked(d, &section, key, hash);
    bool same = i >= 0 && d->table->entries[i].value == value;
    if (same) {
        dict_remove_locked(d, i, &old_key, &old_value);
    }
    critical_leave(&section);
    drop_opt(old_key);
    drop_opt(old_value);
    return i == DICT_FAILED ? -1 : same;
}

/* By a copy: readers may still be looking at the table. */
Own
dict_take_all(Value v)
{
    Dict *d = as_dict(v), *all = dict_alloc();
    if (!all) {
        return NO_VALUE;
    }
    DictTable *taken = dict_empty_table;
    CriticalSection section;
    critical_enter(&section, &d->head);
    DictTable *copy = dict_table_copy_locked(d, &all->head);
    if (copy) {
        all->table = copy;
        all->length = d->length;
        taken = dict_take_table_locked(d);
    }
    critical_leave(&section);
    dict_drop_table(d, taken); /* `all` holds everything: nothing dies here */
    if (!copy) {
        drop(OWN(all));
        return NO_VALUE;
    }
    return OWN(all);
}

void
dict_clear(Value v)
{
    Dict *d = as_dict(v);
    CriticalSection section;
    critical_enter(&section, &d->head);
    DictTable *t = dict_take_table_locked(d);
    critical_leave(&section);
    dict_drop_table(d, t);
}

/* -- lists of what a dict holds */

enum { LIST_KEYS, LIST_VALUES, LIST_ITEMS };

/* A pair is made while the lock is held: allocation runs no Python code. */
static Own
entry_part(const DictEntry *e, int what)
{
    if (what == LIST_ITEMS) {
        return tuple_pack(2, (Value)e->key, (Value)e->value);
    }
    return own(what == LIST_KEYS ? e->key : e->value);
}

static Own
dict_to_list(Dict *d, int what)
{
    CriticalSection section;
    critical_enter(&section, &d->head);
    const DictTable *t = d->table;
    Own list = list_new(d->length);
    for (int64_t i = 0; list && i < t->used; i++) {
        if (!t->entries[i].key) {
            continue;
        }
        Own part = entry_part(&t->entries[i], what);
        if (!part || list_append_own(list, part) < 0) {
            ref_clear(&list);
        }
    }
    critical_leave(&section);
    return list;
}

Own
dict_keys_list(Value d)
{
    return dict_to_list(as_dict(d), LIST_KEYS);
}

Own
dict_values_list(Value d)
{
    return dict_to_list(as_dict(d), LIST_VALUES);
}

Own
dict_items_list(Value d)
{
    return dict_to_list(as_dict(d), LIST_ITEMS);
}
