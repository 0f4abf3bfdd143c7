/* dict: taking entries from the ends, and moving them there: popitem, and what OrderedDict does.
 *
 * Entries can only be added behind the last one, so to make room at the front the table is made
 * over with unused entries before the first one, half as many as there are entries, which are
 * then used up from the back. An entry that was in use is not used again: readers without the
 * lock may still be looking at it. */
#include "dict_priv.h"
#include "object/tuple.h"

/* So many entries at an end are deleted: what does not fit is found out again. */
static void
dict_note_dead(uint32_t *count, int64_t n)
{
    *count = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/* The first entry that is not deleted; d is not empty. lock: d held */
static int64_t
dict_first_locked(Dict *d)
{
    ASSERT_LOCKED(d);
    DictTable *t = d->table;
    int64_t i = t->dead_front;
    while (!t->entries[i].key) {
        i++;
    }
    dict_note_dead(&t->dead_front, i);
    return i;
}

/* lock: d held */
static int64_t
dict_last_locked(Dict *d)
{
    ASSERT_LOCKED(d);
    DictTable *t = d->table;
    int64_t i = t->used - t->dead_back - 1;
    while (!t->entries[i].key) {
        i--;
    }
    dict_note_dead(&t->dead_back, t->used - i - 1);
    return i;
}

/* The pair is made first: what is taken out would be lost without it. */
static Own
dict_pop_end(Dict *d, int64_t (*end_locked)(Dict *))
{
    if (dict_len(VALUE(d)) == 0) {
        return NO_VALUE;
    }
    Own pair = tuple_new(2), key, value;
    bool found = false;
    CriticalSection section;
    critical_enter(&section, &d->head);
    if (pair && d->length > 0) {
        found = true;
        dict_remove_locked(d, end_locked(d), &key, &value);
    }
    critical_leave(&section);
    if (!found) {
        drop_opt(pair);
        return NO_VALUE;
    }
    ref_init(obj(pair), &as_tuple(pair)->items[0], key);
    ref_init(obj(pair), &as_tuple(pair)->items[1], value);
    return pair;
}

Own
dict_pop_first(Value v)
{
    return dict_pop_end(as_dict(v), dict_first_locked);
}

Own
dict_pop_last(Value v)
{
    return dict_pop_end(as_dict(v), dict_last_locked);
}

/* The entry of key, in a table with room for one more. lock: d held */
static int64_t
dict_find_with_room_locked(Dict *d, CriticalSection *section, Value key, int64_t hash)
{
    for (;;) {
        if (dict_reserve_locked(d, 1) < 0) {
            return DICT_FAILED;
        }
        int64_t i = dict_find_locked(d, section, key, hash);
        if (i < 0 || d->table->used < dict_capacity(d->table)) {
            return i;
        }
    }
}

/* pre: there is room */
static void
dict_move_last_locked(Dict *d, int64_t i, int64_t hash)
{
    if (i + 1 == d->table->used) {
        return;
    }
    DictTable *t = d->table;
    int64_t to = t->used;
    dict_move_entry_locked(d, i, to, hash);
    t->dead_back = 0;
    __atomic_store_n(&t->used, to + 1, __ATOMIC_RELEASE);
}

/* Makes the table over with entry i first and unused entries before it. fail: -1 + MemoryError */
static int
dict_remake_for_front_locked(Dict *d, int64_t i)
{
    const DictTable *old = d->table;
    int64_t fresh = d->length / 2 + 4;
    if (fresh >= (int64_t)1 << (64 - DICT_ROOM_BITS)) {
        fresh = ((int64_t)1 << (64 - DICT_ROOM_BITS)) - 1;
    }
    DictTable *t = dict_table_new(fresh + d->length + d->length / 4 + 1, old->hashed);
    if (!t) {
        return -1;
    }
    memset(t->entries, 0, (size_t)fresh * sizeof(DictEntry));
    t->all_str = old->all_str;
    t->used = fresh;
    t->room |= (uint64_t)fresh << DICT_ROOM_BITS;
    dict_note_dead(&t->dead_front, fresh);
    dict_table_move_entry(t, old, i);
    for (int64_t at = 0; at < old->used; at++) {
        if (at != i && old->entries[at].key) {
            dict_table_move_entry(t, old, at);
        }
    }
    dict_replace_table_locked(d, t, d->length);
    return 0;
}

static int
dict_move_first_locked(Dict *d, int64_t i, int64_t hash)
{
    if (i == dict_first_locked(d)) {
        return 0;
    }
    DictTable *t = d->table;
    int64_t at = dict_fresh_front(t) - 1;
    if (at < 0) {
        return dict_remake_for_front_locked(d, i);
    }
    __atomic_store_n(&t->room, t->room - ((uint64_t)1 << DICT_ROOM_BITS), __ATOMIC_RELAXED);
    dict_move_entry_locked(d, i, at, hash);
    t->dead_front = (uint32_t)at;
    return 0;
}

int
dict_move_to_end(Value v, Value key, bool last)
{
    Dict *d = as_dict(v);
    int64_t hash = dict_hash(key);
    if (hash == -1) {
        return -1;
    }
    int status = 1;
    CriticalSection section;
    critical_enter(&section, &d->head);
    int64_t i = d->length ? dict_find_with_room_locked(d, &section, key, hash) : DICT_ABSENT;
    if (i < 0) {
        status = i == DICT_ABSENT ? 0 : -1;
    } else if (last) {
        dict_move_last_locked(d, i, hash);
    } else if (dict_move_first_locked(d, i, hash) < 0) {
        status = -1;
    }
    critical_leave(&section);
    return status;
}
