/* set: the hash table, and what C code does with sets (object/set.h).
 *
 * Invariants: 2^n slots, at least 8, at most two thirds of them in use (`fill`), so that every
 * search ends at an empty one. A slot is empty, an item, or SET_REMOVED. First slot and step come
 * from the hash as in dict (dict/table.c), and so do the two kinds of tables: without hashes for
 * strs and small ints, `hashed` for anything else.
 *
 * Threads: a reader without the lock sees slots as single words, so an item is there or is not.
 * Where it must look closer at an item (another type's ==) it takes a reference and looks again
 * whether slot and table are the same. In a hashed table a slot that is used again may show a
 * reader the new item's hash with the old item, or the other way round: both mean that the old
 * item has been removed while it was looking. */
#include "set_priv.h"

#include "heap/alloc.h"
#include "object/dict.h"
#include "object/equal.h"
#include "object/list.h"
#include "object/type.h"

static SetTable empty_table = {
    .hash = -1,
    .slots = {NO_VALUE},
};

SetTable *const set_empty_table = &empty_table;

enum { SET_ABSENT = -1, SET_FAILED = -2 };

/* -- slots */

typedef struct Probe {
    uint64_t slot, mask, step;
} Probe;

static ALWAYS_INLINE Probe
probe_start(const SetTable *t, int64_t hash)
{
    uint64_t mask = ((uint64_t)1 << t->log2_slots) - 1;
    return (Probe){(uint64_t)hash & mask, mask, 0};
}

static ALWAYS_INLINE void
probe_next(Probe *p, int64_t hash)
{
    if (p->step == 0) {
        p->step = (uint64_t)hash * 0x9E3779B97F4A7C15u >> 31 | 1; /* 2^64 over the golden ratio */
    }
    p->slot = (p->slot + p->step) & p->mask;
}

static int64_t *
table_hashes(const SetTable *t)
{
    return (int64_t *)(uintptr_t)(t->slots + set_slot_count(t));
}

int64_t
set_item_hash(const SetTable *t, int64_t slot, Value item)
{
    if (t->hashed) {
        return __atomic_load_n(&table_hashes(t)[slot], __ATOMIC_RELAXED);
    }
    if (is_small_int(item)) {
        return hash_int64(small_int_value(item));
    }
    return atomic_load_explicit(&as_str(item)->hash, memory_order_relaxed);
}

static bool
is_simple_item(Value item)
{
    return is_small_int(item) || IS_EXACT(item, STR);
}

/* -- tables */

static size_t
table_bytes(unsigned log2_slots, bool hashed)
{
    return sizeof(SetTable) + ((hashed ? 2 : 1) * sizeof(Own) << log2_slots);
}

size_t
set_table_bytes(const SetTable *t)
{
    return t == set_empty_table ? 0 : table_bytes(t->log2_slots, t->hashed);
}

static int64_t
table_room(const SetTable *t)
{
    return t == set_empty_table ? 0 : set_slot_count(t) * 2 / 3;
}

/* An empty table with room for n items. fail: 0 + MemoryError */
static SetTable *
table_new(int64_t n, bool hashed)
{
    uint64_t slots = (uint64_t)n + (uint64_t)(n + 1) / 2;
    unsigned log2 = slots <= 8 ? 3 : 64 - (unsigned)__builtin_clzll(slots - 1);
    if (log2 > 44) {
        raise_no_memory();
        return NULL;
    }
    size_t size = table_bytes(log2, hashed);
    SetTable *t = mem_alloc_sized(size);
    if (!t) {
        return NULL;
    }
    memset(t, 0, sizeof(SetTable) + (sizeof(Own) << log2));
    t->log2_slots = (uint8_t)log2;
    t->hashed = hashed;
    atomic_store_explicit(&t->hash, -1, memory_order_relaxed);
    return t;
}

/* Puts an item that t does not have into the first slot that is free for it. No count changes. */
static void
table_put(Object *holder, SetTable *t, Own item, int64_t hash)
{
    Probe p = probe_start(t, hash);
    while (set_is_item(t->slots[p.slot])) {
        probe_next(&p, hash);
    }
    if (t->slots[p.slot] == NO_VALUE) {
        t->fill++;
    }
    if (t->hashed) {
        __atomic_store_n(&table_hashes(t)[p.slot], hash, __ATOMIC_RELAXED);
    }
    if ((int64_t)p.slot < t->finger) {
        t->finger = (int64_t)p.slot;
    }
    if (holder) {
        ref_init(holder, &t->slots[p.slot], item);
    } else {
        t->slots[p.slot] = item;
    }
}

/* A table of the same `live` items with room for n. fail: 0 + MemoryError */
static SetTable *
table_remade(const SetTable *old, int64_t live, int64_t n, bool hashed)
{
    SetTable *t = table_new(n, hashed);
    if (!t) {
        return NULL;
    }
    if (live > 0 && old->fill == live && old->log2_slots == t->log2_slots &&
        old->hashed == hashed) {
        memcpy(t->slots, old->slots, table_bytes(t->log2_slots, hashed) - sizeof(SetTable));
        t->fill = old->fill;
        return t;
    }
    for (int64_t i = 0; i < set_slot_count(old); i++) {
        Own item = old->slots[i];
        if (set_is_item(item)) {
            table_put(NULL, t, item, set_item_hash(old, i, item));
        }
    }
    t->finger = 0;
    return t;
}

static void
set_publish_table_locked(Set *s, SetTable *t, int64_t length)
{
    SetTable *old = s->table;
    __atomic_store_n(&s->table, t, __ATOMIC_RELEASE);
    __atomic_store_n(&s->length, length, __ATOMIC_RELAXED);
    if (old && old != set_empty_table) {
        mem_retire_sized(&s->head, old, set_table_bytes(old));
    }
}

SetTable *
set_take_table_locked(Set *s)
{
    ASSERT_LOCKED(s);
    SetTable *t = s->table;
    __atomic_store_n(&s->table, set_empty_table, __ATOMIC_RELEASE);
    __atomic_store_n(&s->length, 0, __ATOMIC_RELAXED);
    return t;
}

void
set_drop_table(Set *s, SetTable *t)
{
    if (t == set_empty_table) {
        return;
    }
    for (int64_t i = 0; i < set_slot_count(t); i++) {
        if (set_is_item(t->slots[i])) {
            drop(t->slots[i]);
        }
    }
    mem_retire_sized(&s->head, t, set_table_bytes(t));
}

SetTable *
set_adopt_table_locked(Set *s, Set *other)
{
    ASSERT_LOCKED(s);
    SetTable *old = s->table, *t = other->table;
    int64_t length = other->length;
    if (obj_flags(&s->head) & OBJ_SHARED) {
        for (int64_t i = 0; i < set_slot_count(t); i++) {
            if (set_is_item(t->slots[i])) {
                publish(t->slots[i]);
            }
        }
    }
    other->table = set_empty_table;
    other->length = 0;
    __atomic_store_n(&s->table, t, __ATOMIC_RELEASE);
    __atomic_store_n(&s->length, length, __ATOMIC_RELAXED);
    return old;
}

static bool
table_has_the_same(const SetTable *t, Value item, int64_t hash)
{
    Probe p = probe_start(t, hash);
    while (t->slots[p.slot] != item && t->slots[p.slot] != NO_VALUE) {
        probe_next(&p, hash);
    }
    return t->slots[p.slot] == item;
}

bool
set_has_the_same_locked(const Set *s, const Set *copy)
{
    ASSERT_LOCKED(s);
    const SetTable *t = s->table;
    bool same = s->length == copy->length;
    for (int64_t i = 0; same && i < set_slot_count(t); i++) {
        Value item = t->slots[i];
        same = !set_is_item(item) || table_has_the_same(copy->table, item, set_item_hash(t, i, item));
    }
    return same;
}

/* -- finding */

int64_t
set_hash_slow(Value item)
{
    int64_t hash = object_hash(item);
    if (UNLIKELY(hash == -1) && exc_matches(&exc_TypeError)) {
        Own reason = exc_take();
        raise_fmt(&exc_TypeError, "cannot use '%Q' as a set element (%S)", item, (Value)reason);
        drop(reason);
    }
    return hash;
}

enum { COMPARE_CHANGED = 2 };

/* Is k, found in a slot, equal to item by their types' own comparison? 1, 0, -1, or
 * COMPARE_CHANGED when s is not what it was. */
static NOINLINE int
set_compare_item(Set *s, const SetTable *t, uint64_t slot, Own k, Value item)
{
    Own const *field = &t->slots[slot];
    if (!try_own(k)) {
        return COMPARE_CHANGED;
    }
    unsigned log2 = t->log2_slots;
    bool same = set_table(s) == t && __atomic_load_n(field, __ATOMIC_ACQUIRE) == k;
    int equal = same ? object_compare_bool(k, item, CMP_EQ) : COMPARE_CHANGED;
    /* t may be freed now. If s has it still, or another one at its address, it can be read, up
     * to its slots. */
    same = set_table(s) == t && t->log2_slots == log2 &&
           __atomic_load_n(field, __ATOMIC_ACQUIRE) == k;
    drop_later(k);
    return equal >= 0 && !same ? COMPARE_CHANGED : equal;
}

static NOINLINE int64_t
set_find_any(Set *s, Value item, int64_t hash)
{
restart:;
    const SetTable *t = set_table(s);
    for (Probe p = probe_start(t, hash);; probe_next(&p, hash)) {
        Own k = __atomic_load_n(&t->slots[p.slot], __ATOMIC_ACQUIRE);
        if (k == item) {
            return (int64_t)p.slot;
        }
        if (k == NO_VALUE) {
            return SET_ABSENT;
        }
        if (k == SET_REMOVED || set_item_hash(t, (int64_t)p.slot, k) != hash) {
            continue;
        }
        int equal = quick_equal(k, item);
        if (equal < 0) {
            equal = set_compare_item(s, t, p.slot, k, item);
        }
        if (equal == COMPARE_CHANGED) {
            goto restart;
        }
        if (equal) {
            return equal < 0 ? SET_FAILED : (int64_t)p.slot;
        }
    }
}

/* The slot of item in s's table, SET_ABSENT or SET_FAILED. */
static ALWAYS_INLINE int64_t
set_find(Set *s, Value item, int64_t hash)
{
    const SetTable *t = set_table(s);
    if (UNLIKELY(t->hashed) || UNLIKELY(!is_simple_item(item))) {
        return set_find_any(s, item, hash);
    }
    for (Probe p = probe_start(t, hash);; probe_next(&p, hash)) {
        Value k = __atomic_load_n(&t->slots[p.slot], __ATOMIC_ACQUIRE);
        if (k == item) {
            return (int64_t)p.slot;
        }
        if (k == NO_VALUE) {
            return SET_ABSENT;
        }
        if (is_object(item) && is_object(k) && k != SET_REMOVED &&
            atomic_load_explicit(&as_str(k)->hash, memory_order_relaxed) == hash &&
            str_equal(as_str(k), as_str(item))) {
            return (int64_t)p.slot;
        }
    }
}

int
set_contains_hash(Set *s, Value item, int64_t hash)
{
    int64_t slot = set_find(s, item, hash);
    return slot >= 0 ? 1 : slot == SET_ABSENT ? 0 : -1;
}

/* -- changing */

/* Room for one more item, in a table that can hold it. */
static int
set_make_room_locked(Set *s, bool simple)
{
    SetTable *t = s->table;
    bool hashed = t->hashed || !simple;
    if (LIKELY(t->fill < table_room(t) && hashed == t->hashed)) {
        return 0;
    }
    int64_t n = s->length + 1;
    if (t->fill >= table_room(t)) {
        n += s->length / 4;
    } else if (n < table_room(t)) {
        n = table_room(t);
    }
    SetTable *fresh = table_remade(t, s->length, n, hashed);
    if (!fresh) {
        return -1;
    }
    set_publish_table_locked(s, fresh, s->length);
    return 0;
}

/* As set_find; section: the innermost, which holds s. lock: s held */
static ALWAYS_INLINE int64_t
set_find_locked(Set *s, CriticalSection *section, Value item, int64_t hash)
{
    ASSERT_LOCKED(s);
    bool runs_python = s->table->hashed || !is_simple_item(item);
    int64_t slot;
    do {
        slot = set_find(s, item, hash);
    } while (UNLIKELY(runs_python) && critical_renew(section) && slot != SET_FAILED);
    return slot;
}

int
set_add_locked(Set *s, CriticalSection *section, Value item, int64_t hash)
{
    int64_t slot = set_find_locked(s, section, item, hash);
    if (slot >= 0) {
        return 0;
    }
    if (slot == SET_FAILED || set_make_room_locked(s, is_simple_item(item)) < 0) {
        return -1;
    }
    table_put(&s->head, s->table, own(item), hash);
    __atomic_store_n(&s->length, s->length + 1, __ATOMIC_RELAXED);
    return 1;
}

/* lock: s held · pre: the slot has an item. own: ret new */
static Own
set_empty_slot_locked(Set *s, int64_t slot)
{
    Own item = s->table->slots[slot];
    __atomic_store_n(&s->table->slots[slot], SET_REMOVED, __ATOMIC_RELEASE);
    __atomic_store_n(&s->length, s->length - 1, __ATOMIC_RELAXED);
    return item;
}

int
set_remove_locked(Set *s, CriticalSection *section, Value item, int64_t hash, Own *removed)
{
    int64_t slot = set_find_locked(s, section, item, hash);
    *removed = NO_VALUE;
    if (slot < 0) {
        return slot == SET_ABSENT ? 0 : -1;
    }
    *removed = set_empty_slot_locked(s, slot);
    return 1;
}

int
set_fill_locked(Set *s, Set *other)
{
    ASSERT_LOCKED(s);
    assert(set_base_type(VALUE(other)) != &set_type || !obj_is_contended(&other->head) || critical_is_held(&other->head));
    if (other->length == 0) {
        return 0;
    }
    SetTable *t = table_remade(other->table, other->length, other->length, other->table->hashed);
    if (!t) {
        return -1;
    }
    for (int64_t i = 0; i < set_slot_count(t); i++) {
        if (set_is_item(t->slots[i])) {
            ref_init(&s->head, &t->slots[i], own(t->slots[i]));
        }
    }
    set_publish_table_locked(s, t, other->length);
    return 0;
}

/* -- in table order */

bool
set_step(Set *s, int64_t *position, Own *item, int64_t *hash)
{
    for (;;) {
        const SetTable *t = set_table(s);
        int64_t i = *position;
        if (i >= set_slot_count(t)) {
            return false;
        }
        Own k = __atomic_load_n(&t->slots[i], __ATOMIC_ACQUIRE);
        if (!set_is_item(k)) {
            *position = i + 1;
            continue;
        }
        if (obj_is_contended(&s->head)) {
            if (!try_own(k)) {
                continue;
            }
            if (hash) {
                *hash = set_item_hash(t, i, k);
            }
            if (__atomic_load_n(&t->slots[i], __ATOMIC_ACQUIRE) != k || set_table(s) != t) {
                drop_later(k);
                continue;
            }
        } else {
            own(k);
            if (hash) {
                *hash = set_item_hash(t, i, k);
            }
        }
        *position = i + 1;
        *item = k;
        return true;
    }
}

bool
set_next(Value v, int64_t *position, Own *item)
{
    return set_step(as_set(v), position, item, NULL);
}

bool
set_next_hash(Value v, int64_t *position, Own *item, int64_t *hash)
{
    return set_step(as_set(v), position, item, hash);
}

/* -- sets for C code */

Own
set_new_of(Type *type)
{
    Own v;
    if (type == &set_type || type == &frozenset_type) {
        v = OWN(object_alloc(type->root_shape, sizeof(Set), OBJ_TRACKED));
    } else {
        v = type_alloc(type, 0);
    }
    if (v) {
        as_set(v)->table = set_empty_table;
    }
    return v;
}

void
sets_enter(CriticalSection *section, Set *a, Set *b)
{
    Set *first = set_base_type(VALUE(a)) == &set_type ? a : b;
    Set *second = set_base_type(VALUE(b)) == &set_type ? b : first;
    section->first = NULL;
    section->objects[0] = &first->head;
    section->objects[1] = NULL;
    if (set_base_type(VALUE(first)) == &set_type) {
        critical_enter_two(section, &first->head, &second->head);
    }
}

Own
set_gather(Set *s, Value iterable)
{
    if (LIKELY(!obj_is_contended(&s->head))) {
        return NO_VALUE;
    }
    bool known = IS_EXACT(iterable, LIST) || IS_EXACT(iterable, TUPLE) || is_dict(iterable) ||
                 IS_EXACT(iterable, DICT_KEYS) || IS_EXACT(iterable, DICT_VALUES) ||
                 IS_EXACT(iterable, DICT_ITEMS);
    return known ? set_from_as(&set_type, iterable) : NO_VALUE;
}

Own
set_new(void)
{
    return set_new_of(&set_type);
}

Own
frozenset_new(void)
{
    return set_new_of(&frozenset_type);
}

Own
set_copy_as(Type *type, Set *s)
{
    Own v = set_new_of(type);
    if (!v) {
        return NO_VALUE;
    }
    CriticalSection section;
    sets_enter(&section, s, s);
    int status = set_fill_locked(as_set(v), s);
    critical_leave(&section);
    if (status < 0) {
        ref_clear(&v);
    }
    return v;
}

Own
set_from_as(Type *type, Value iterable)
{
    if (is_anyset(iterable)) {
        return set_copy_as(type, as_set(iterable));
    }
    Own v = set_new_of(type);
    if (v && set_update(v, iterable) < 0) {
        ref_clear(&v);
    }
    return v;
}

Own
set_from_iterable(Value iterable)
{
    return set_from_as(&set_type, iterable);
}

Own
frozenset_from_iterable(Value iterable)
{
    return IS_EXACT(iterable, FROZENSET) ? own(iterable) : set_from_as(&frozenset_type, iterable);
}

int64_t
set_len(Value v)
{
    return set_length(as_set(v));
}

int
set_add(Value v, Value item)
{
    int64_t hash = set_hash(item);
    return UNLIKELY(hash == -1) ? -1 : set_add_hash(as_set(v), item, hash);
}

int
set_add_hash(Set *s, Value item, int64_t hash)
{
    CriticalSection section;
    critical_enter(&section, &s->head);
    int status = set_add_locked(s, &section, item, hash);
    critical_leave(&section);
    return status;
}

int
set_contains(Value v, Value item)
{
    int64_t hash = set_hash(item);
    return UNLIKELY(hash == -1) ? -1 : set_contains_hash(as_set(v), item, hash);
}

int
set_discard(Value v, Value item)
{
    int64_t hash = set_hash(item);
    if (UNLIKELY(hash == -1)) {
        return -1;
    }
    Set *s = as_set(v);
    Own removed;
    CriticalSection section;
    critical_enter(&section, &s->head);
    int status = set_remove_locked(s, &section, item, hash, &removed);
    critical_leave(&section);
    drop_opt(removed);
    return status;
}

/* The finger remembers how far the slots are known to be empty, so that popping a whole set
 * takes one pass. */
Own
set_pop(Value v)
{
    Set *s = as_set(v);
    Own item = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, &s->head);
    if (s->length > 0) {
        SetTable *t = s->table;
        while (!set_is_item(t->slots[t->finger])) {
            t->finger++;
        }
        item = set_empty_slot_locked(s, t->finger++);
    }
    critical_leave(&section);
    return item ? item : raise_msg(&exc_KeyError, "pop from an empty set");
}

void
set_clear(Value v)
{
    Set *s = as_set(v);
    CriticalSection section;
    critical_enter(&section, &s->head);
    SetTable *t = set_take_table_locked(s);
    critical_leave(&section);
    set_drop_table(s, t);
}

int
set_update_set(Set *s, Set *other)
{
    if (s == other) {
        return 0;
    }
    int64_t position = 0, hash;
    Own item;
    int status = 0;
    CriticalSection section;
    sets_enter(&section, s, other);
    if (s->length == 0) {
        status = set_fill_locked(s, other);
    } else {
        while (status >= 0 && set_step(other, &position, &item, &hash)) {
            status = set_add_locked(s, &section, item, hash);
            drop(item);
            (void)critical_renew(&section);
        }
    }
    critical_leave(&section);
    return status < 0 ? -1 : 0;
}

Own
set_to_list(Value v)
{
    Set *s = as_set(v);
    int64_t position = 0;
    Own item;
    CriticalSection section;
    sets_enter(&section, s, s);
    Own list = list_new(s->length);
    while (list && set_step(s, &position, &item, NULL)) {
        if (list_append_own(list, item) < 0) {
            ref_clear(&list);
        }
    }
    critical_leave(&section);
    return list;
}

static int
set_update_dict(Set *s, Value d)
{
    int64_t position = 0, hash;
    Own key;
    int status = 0;
    CriticalSection section;
    critical_enter_two(&section, &s->head, obj(d));
    while (status >= 0 && dict_next_key(d, &position, &key, &hash)) {
        status = set_add_locked(s, &section, key, hash);
        drop(key);
        (void)critical_renew(&section);
    }
    critical_leave(&section);
    return status < 0 ? -1 : 0;
}

int
set_update(Value v, Value iterable)
{
    if (is_anyset(iterable)) {
        return set_update_set(as_set(v), as_set(iterable));
    }
    if (IS_EXACT(iterable, DICT)) {
        return set_update_dict(as_set(v), iterable);
    }
    Own gathered = set_gather(as_set(v), iterable);
    if (gathered) {
        int status = set_update_set(as_set(v), as_set(gathered));
        drop(gathered);
        return status;
    }
    Own it = exc_pending() ? NO_VALUE : object_iter_all(iterable), item;
    if (!it) {
        return -1;
    }
    int status = 0;
    while (status >= 0 && (item = object_next(it)) != NO_VALUE) {
        status = set_add(v, item);
        drop(item);
    }
    drop(it);
    return exc_pending() ? -1 : 0;
}
