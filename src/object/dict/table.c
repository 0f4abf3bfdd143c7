/* dict: the hash table. The header (object/dict.h) says how readers and writers get along.
 *
 * Index. An open-addressing table of 2^n slots, at most two thirds of them full, each naming an
 * entry by number; all bits one = free. Slots are never freed while the table lives: a deleted
 * entry is one whose key is gone. The first slot is the hash's low bits, so that runs of ints lie
 * side by side; further ones are a step apart that depends on all bits of the hash (double hashing;
 * the step is odd, so that every slot is reached).
 *
 * Growth. An index size serves two capacities, half and two thirds of its slots, so that small
 * dicts waste little.
 *
 * Hashes. A str knows its own and a small int's is itself, so a table of only such keys stores
 * none, and comparing keys in it never runs Python code. The first other key makes the table over
 * into a `hashed` one.
 *
 * Threads. What a reader without the lock may see at any moment: index slots (free, then a
 * number, for ever), keys (empty, then the key, then empty for ever), values, `used` growing.
 * Everything else about a table is immutable once it is the dict's. A reader may be looking at a
 * table that has been replaced: its entries are not counted any more and never change again;
 * hence the look at d->table before it answers. */
#include "dict_priv.h"

#include "base/hash.h"
#include "heap/alloc.h"
#include "object/equal.h"

static DictTable empty_table = {
    .index_width = 1,
    .all_str = 1,
    .index = {0xFF},
};

DictTable *const dict_empty_table = &empty_table;

/* -- the index */

static ALWAYS_INLINE int64_t
index_get(const DictTable *t, uint64_t slot)
{
    if (LIKELY(t->index_width == 1)) {
        uint8_t i = __atomic_load_n(&t->index[slot], __ATOMIC_ACQUIRE);
        return i == UINT8_MAX ? DICT_ABSENT : i;
    }
    if (t->index_width == 2) {
        uint16_t i = __atomic_load_n(&((const uint16_t *)t->index)[slot], __ATOMIC_ACQUIRE);
        return i == UINT16_MAX ? DICT_ABSENT : i;
    }
    if (t->index_width == 4) {
        uint32_t i = __atomic_load_n(&((const uint32_t *)t->index)[slot], __ATOMIC_ACQUIRE);
        return i == UINT32_MAX ? DICT_ABSENT : (int64_t)i;
    }
    return __atomic_load_n(&((const int64_t *)t->index)[slot], __ATOMIC_ACQUIRE);
}

static ALWAYS_INLINE void
index_set(DictTable *t, uint64_t slot, int64_t i)
{
    if (LIKELY(t->index_width == 1)) {
        __atomic_store_n(&t->index[slot], (uint8_t)i, __ATOMIC_RELEASE);
    } else if (t->index_width == 2) {
        __atomic_store_n(&((uint16_t *)t->index)[slot], (uint16_t)i, __ATOMIC_RELEASE);
    } else if (t->index_width == 4) {
        __atomic_store_n(&((uint32_t *)t->index)[slot], (uint32_t)i, __ATOMIC_RELEASE);
    } else {
        __atomic_store_n(&((int64_t *)t->index)[slot], i, __ATOMIC_RELEASE);
    }
}

/* Where a key may stand: slots one after the other. */
typedef struct Probe {
    uint64_t slot, mask, step;
} Probe;

static ALWAYS_INLINE Probe
probe_start(const DictTable *t, int64_t hash)
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

void
dict_index_add(DictTable *t, int64_t hash, int64_t i)
{
    Probe p = probe_start(t, hash);
    while (index_get(t, p.slot) != DICT_ABSENT) {
        probe_next(&p, hash);
    }
    index_set(t, p.slot, i);
}

/* -- tables */

#define DICT_MAX_ENTRIES ((int64_t)1 << (DICT_ROOM_BITS - 1))

/* Bits of the index for this many entries: at least 3. */
static unsigned
slots_log2(int64_t capacity)
{
    uint64_t slots = (uint64_t)capacity + (uint64_t)(capacity + 1) / 2;
    return slots <= 8 ? 3 : 64 - (unsigned)__builtin_clzll(slots - 1);
}

static unsigned
index_width_for(unsigned log2)
{
    return log2 <= 8 ? 1 : log2 <= 16 ? 2 : log2 <= 32 ? 4 : 8;
}

static int64_t *
table_hashes(const DictTable *t)
{
    return (int64_t *)(t->entries + dict_capacity(t));
}

size_t
dict_table_bytes(const DictTable *t)
{
    if (t == dict_empty_table) {
        return 0;
    }
    size_t entry = sizeof(DictEntry) + (t->hashed ? sizeof(int64_t) : 0);
    return sizeof(DictTable) + ((size_t)t->index_width << t->log2_slots) +
           (size_t)dict_capacity(t) * entry;
}

DictTable *
dict_table_new(int64_t capacity, bool hashed)
{
    if (capacity == 0) {
        return dict_empty_table;
    }
    if (capacity > DICT_MAX_ENTRIES) {
        raise_no_memory();
        return NULL;
    }
    DictTable shape = {.all_str = 1, .hashed = hashed, .room = (uint64_t)capacity};
    shape.log2_slots = (uint8_t)slots_log2(capacity);
    shape.index_width = (uint8_t)index_width_for(shape.log2_slots);
    DictTable *t = mem_alloc_sized(dict_table_bytes(&shape));
    if (!t) {
        return NULL;
    }
    size_t index_bytes = (size_t)shape.index_width << shape.log2_slots;
    shape.entries = (DictEntry *)(t->index + index_bytes);
    *t = shape;
    memset(t->index, 0xFF, index_bytes);
    return t;
}

int64_t
dict_entry_hash(const DictTable *t, int64_t i, Value key)
{
    if (t->hashed) {
        return table_hashes(t)[i];
    }
    if (is_small_int(key)) {
        return hash_int64(small_int_value(key));
    }
    return atomic_load_explicit(&as_str(key)->hash, memory_order_relaxed);
}

/* The least of the capacities that grow uses that is at least n: two for each size of the index. */
static int64_t
capacity_step(int64_t n)
{
    if (n <= 5) {
        return n <= 3 ? 3 : 5;
    }
    int64_t slots = (int64_t)1 << slots_log2(n);
    return n <= slots / 2 ? slots / 2 : slots * 2 / 3;
}

void
dict_table_move_entry(DictTable *to, const DictTable *from, int64_t i)
{
    const DictEntry *e = &from->entries[i];
    int64_t at = to->used++, hash = dict_entry_hash(from, i, e->key);
    to->entries[at] = *e;
    if (to->hashed) {
        table_hashes(to)[at] = hash;
    }
    dict_index_add(to, hash, at);
}

/* Copies the live entries of `from` behind those of `to`. */
static void
table_move_entries(DictTable *to, const DictTable *from)
{
    for (int64_t i = 0; i < from->used; i++) {
        if (from->entries[i].key) {
            dict_table_move_entry(to, from, i);
        }
    }
}

/* A table of d's entries with room for `capacity`. fail: 0 + MemoryError */
static DictTable *
table_remade(const Dict *d, int64_t capacity, bool hashed)
{
    const DictTable *old = d->table;
    DictTable *t = dict_table_new(capacity, hashed);
    if (!t) {
        return NULL;
    }
    t->all_str = old->all_str;
    if (old->used == d->length && t->log2_slots == old->log2_slots && hashed == old->hashed) {
        memcpy(t->index, old->index, (size_t)t->index_width << t->log2_slots);
        memcpy(t->entries, old->entries, (size_t)old->used * sizeof(DictEntry));
        if (hashed) {
            memcpy(table_hashes(t), table_hashes(old), (size_t)old->used * sizeof(int64_t));
        }
        t->used = old->used;
    } else {
        table_move_entries(t, old);
    }
    return t;
}

static void
dict_publish_table_locked(Dict *d, DictTable *t)
{
    DictTable *old = d->table;
    __atomic_store_n(&d->table, t, __ATOMIC_RELEASE);
    if (old != dict_empty_table) {
        mem_retire_sized(&d->head, old, dict_table_bytes(old));
    }
}

/* Makes the table over: without the deleted entries, with room for at least `capacity`. */
static int
dict_remake_locked(Dict *d, int64_t capacity, bool hashed)
{
    DictTable *t = table_remade(d, capacity, hashed);
    if (!t) {
        return -1;
    }
    dict_publish_table_locked(d, t);
    return 0;
}

void
dict_replace_table_locked(Dict *d, DictTable *t, int64_t length)
{
    ASSERT_LOCKED(d);
    dict_publish_table_locked(d, t);
    __atomic_store_n(&d->length, length, __ATOMIC_RELAXED);
}

int
dict_reserve_locked(Dict *d, int64_t more)
{
    ASSERT_LOCKED(d);
    DictTable *t = d->table;
    if (t->used + more <= dict_capacity(t)) {
        return 0;
    }
    int64_t capacity = d->length + more;
    if (d->length && capacity < d->length + d->length / 4 + 1) {
        capacity = capacity_step(d->length + d->length / 4 + 1);
    }
    return dict_remake_locked(d, capacity < 3 ? 3 : capacity, t->hashed);
}

DictTable *
dict_take_table_locked(Dict *d)
{
    ASSERT_LOCKED(d);
    DictTable *t = d->table;
    __atomic_store_n(&d->length, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&d->table, dict_empty_table, __ATOMIC_RELEASE);
    return t;
}

void
dict_drop_table(Dict *d, DictTable *t)
{
    if (t == dict_empty_table) {
        return;
    }
    for (int64_t i = 0; i < t->used; i++) {
        if (t->entries[i].key) {
            drop(t->entries[i].key);
            drop(t->entries[i].value);
        }
    }
    mem_retire_sized(&d->head, t, dict_table_bytes(t));
}

DictTable *
dict_table_copy_locked(Dict *d, Object *holder)
{
    ASSERT_LOCKED(d);
    int64_t length = d->length;
    DictTable *t = length ? table_remade(d, length < 3 ? 3 : length, d->table->hashed)
                          : dict_empty_table;
    if (!t) {
        return NULL;
    }
    for (int64_t i = 0; i < t->used; i++) {
        DictEntry *e = &t->entries[i];
        ref_init(holder, &e->key, own(e->key));
        ref_init(holder, &e->value, own(e->value));
    }
    return t;
}

/* -- finding */

int64_t
dict_hash_slow(Value key)
{
    int64_t hash = object_hash(key);
    if (UNLIKELY(hash == -1) && exc_matches(&exc_TypeError)) {
        Own reason = exc_take();
        raise_fmt(&exc_TypeError, "cannot use '%Q' as a dict key (%S)", key, (Value)reason);
        drop(reason);
    }
    return hash;
}

/* An exact str in a table of simple keys. Keys that another thread is freeing stay readable
 * until this one's next safepoint. (no runpy) */
static ALWAYS_INLINE int64_t
table_find_str(const DictTable *t, Value key, int64_t hash)
{
    const Str *name = as_str(key);
    for (Probe p = probe_start(t, hash);; probe_next(&p, hash)) {
        int64_t i = index_get(t, p.slot);
        if (i == DICT_ABSENT) {
            return i;
        }
        Value k = __atomic_load_n(&t->entries[i].key, __ATOMIC_ACQUIRE);
        if (LIKELY(k == key)) {
            return i;
        }
        if (k && is_object(k) &&
            atomic_load_explicit(&as_str(k)->hash, memory_order_relaxed) == hash &&
            str_equal(as_str(k), name)) {
            return i;
        }
    }
}

/* A small int in a table of simple keys. (no runpy) */
static ALWAYS_INLINE int64_t
table_find_int(const DictTable *t, Value key, int64_t hash)
{
    for (Probe p = probe_start(t, hash);; probe_next(&p, hash)) {
        int64_t i = index_get(t, p.slot);
        if (i == DICT_ABSENT || __atomic_load_n(&t->entries[i].key, __ATOMIC_ACQUIRE) == key) {
            return i;
        }
    }
}

enum { COMPARE_CHANGED = 2 };

/* Is k, the key of entry i, equal to key by their types' own comparison? 1, 0, -1, or
 * COMPARE_CHANGED when d is not any more what it was. */
static NOINLINE int
dict_compare_key(Dict *d, const DictTable *t, int64_t i, Own k, Value key)
{
    Own *field = &t->entries[i].key;
    if (!try_own(k)) {
        return COMPARE_CHANGED; /* it was removed, and is dying */
    }
    unsigned log2 = t->log2_slots;
    int64_t capacity = dict_capacity(t);
    bool same = dict_table(d) == t && __atomic_load_n(field, __ATOMIC_ACQUIRE) == k;
    int equal = same ? object_compare_bool(k, key, CMP_EQ) : COMPARE_CHANGED;
    /* t may be freed now. If d has it still, or another one at its address, it can be read, up
     * to its capacity. */
    same = dict_table(d) == t && t->log2_slots == log2 && dict_capacity(t) == capacity &&
           __atomic_load_n(field, __ATOMIC_ACQUIRE) == k;
    drop_later(k);
    return equal >= 0 && !same ? COMPARE_CHANGED : equal;
}

/* Any key in any table of d's. Starts again when comparing has changed the dict. */
static NOINLINE int64_t
dict_find_any(Dict *d, const DictTable **in, Value key, int64_t hash)
{
restart:;
    const DictTable *t = *in = dict_table(d);
    for (Probe p = probe_start(t, hash);; probe_next(&p, hash)) {
        int64_t i = index_get(t, p.slot);
        if (i == DICT_ABSENT) {
            return i;
        }
        Own k = __atomic_load_n(&t->entries[i].key, __ATOMIC_ACQUIRE);
        if (k == key) {
            return i;
        }
        if (!k || dict_entry_hash(t, i, k) != hash) {
            continue;
        }
        int equal = quick_equal(k, key);
        if (equal < 0) {
            equal = dict_compare_key(d, t, i, k, key);
        }
        if (equal == COMPARE_CHANGED) {
            goto restart;
        }
        if (equal) {
            return equal < 0 ? DICT_FAILED : i;
        }
    }
}

/* The entry of key, and the table where it was found. */
static ALWAYS_INLINE int64_t
dict_find(Dict *d, const DictTable **in, Value key, int64_t hash)
{
    const DictTable *t = *in = dict_table(d);
    if (LIKELY(!t->hashed)) {
        if (LIKELY(IS_EXACT(key, STR))) {
            return table_find_str(t, key, hash);
        }
        if (is_small_int(key)) {
            return table_find_int(t, key, hash);
        }
    }
    return dict_find_any(d, in, key, hash);
}

int64_t
dict_find_locked(Dict *d, CriticalSection *section, Value key, int64_t hash)
{
    ASSERT_LOCKED(d);
    const DictTable *t = d->table;
    if (LIKELY(!t->hashed)) {
        if (LIKELY(IS_EXACT(key, STR))) {
            return table_find_str(t, key, hash);
        }
        if (is_small_int(key)) {
            return table_find_int(t, key, hash);
        }
    }
    int64_t i;
    do {
        i = dict_find_any(d, &t, key, hash);
    } while (critical_renew(section) && i != DICT_FAILED);
    return i;
}

/* -- looking up */

enum { READ_GONE = 0, READ_OK = 1, READ_AGAIN = 2 };

/* Takes a reference to a value found in table t of a contended dict. */
static int
dict_read_value(Dict *d, const DictTable *t, int64_t i, Own *value)
{
    Own *field = &t->entries[i].value;
    Own v = __atomic_load_n(field, __ATOMIC_ACQUIRE);
    *value = NO_VALUE;
    if (!v) {
        return READ_GONE;
    }
    if (!try_own(v)) {
        return READ_AGAIN;
    }
    if (LIKELY(__atomic_load_n(field, __ATOMIC_ACQUIRE) == v && dict_table(d) == t)) {
        *value = v;
        return READ_OK;
    }
    drop_later(v);
    return READ_AGAIN;
}

int
dict_lookup_in(Dict *d, Value key, int64_t hash, Own *value)
{
    const DictTable *t;
    for (;;) {
        int64_t i = dict_find(d, &t, key, hash);
        if (i < 0) {
            *value = NO_VALUE;
            return i == DICT_ABSENT ? 0 : -1;
        }
        if (LIKELY(!obj_is_contended(&d->head))) {
            *value = own(t->entries[i].value);
            return 1;
        }
        if (dict_read_value(d, t, i, value) == READ_OK) { /* gone: it may have been moved */
            return 1;
        }
    }
}

int
dict_peek_in(Dict *d, Value key, int64_t hash, Value *value)
{
    const DictTable *t;
    for (;;) {
        int64_t i = dict_find(d, &t, key, hash);
        *value = NO_VALUE;
        if (i < 0) {
            return i == DICT_ABSENT ? 0 : -1;
        }
        *value = __atomic_load_n(&t->entries[i].value, __ATOMIC_ACQUIRE);
        if (LIKELY(*value && dict_table(d) == t)) {
            return 1;
        }
    }
}

Own
dict_get_name(Value v, Value name)
{
    Own value;
    if (UNLIKELY(dict_lookup_in(as_dict(v), name, dict_hash(name), &value) < 0)) {
        exc_clear(); /* only where a key is no str after all and its == fails */
    }
    return value;
}

/* -- adding and removing */

/* Puts a key that is not there, and its value, into an unused entry; both move in. lock: d held */
static void
dict_fill_entry_locked(Dict *d, int64_t i, Own key, int64_t hash, Own value)
{
    DictTable *t = d->table;
    DictEntry *e = &t->entries[i];
    ref_init(&d->head, &e->key, key);
    if (t->hashed) {
        table_hashes(t)[i] = hash;
    }
    ref_init(&d->head, &e->value, value);
    dict_index_add(t, hash, i);
    atomic_store_explicit(&t->version, 0, memory_order_release);
}

int
dict_add_locked(Dict *d, Own key, int64_t hash, Own value)
{
    ASSERT_LOCKED(d);
    DictTable *t = d->table;
    bool is_str = IS_EXACT(key, STR), hashed = t->hashed || !(is_str || is_small_int(key));
    if (UNLIKELY(t->used == dict_capacity(t) || hashed != t->hashed)) {
        int64_t capacity = dict_capacity(t);
        if (t->used == capacity) {
            capacity = capacity_step(d->length + d->length / 4 + 1);
        }
        if (dict_remake_locked(d, capacity, hashed) < 0) {
            return -1;
        }
        t = d->table;
    }
    if (!is_str) {
        t->all_str = 0;
    }
    int64_t i = t->used;
    dict_fill_entry_locked(d, i, key, hash, value);
    __atomic_store_n(&d->length, d->length + 1, __ATOMIC_RELAXED);
    t->dead_back = 0;
    __atomic_store_n(&t->used, i + 1, __ATOMIC_RELEASE);
    return 0;
}

/* The key first: where a reader finds the value gone, it does not find the key again. */
static void
dict_empty_entry_locked(Dict *d, int64_t i, Own *key, Own *value)
{
    DictTable *t = d->table;
    DictEntry *e = &t->entries[i];
    *key = ref_swap(&d->head, &e->key, NO_VALUE);
    *value = ref_swap(&d->head, &e->value, NO_VALUE);
    if (i == t->dead_front && t->dead_front < UINT32_MAX) {
        t->dead_front++;
    }
    if (i + 1 == t->used - t->dead_back && t->dead_back < UINT32_MAX) {
        t->dead_back++;
    }
    atomic_store_explicit(&t->version, 0, memory_order_release);
}

void
dict_remove_locked(Dict *d, int64_t i, Own *key, Own *value)
{
    ASSERT_LOCKED(d);
    dict_empty_entry_locked(d, i, key, value);
    __atomic_store_n(&d->length, d->length - 1, __ATOMIC_RELAXED);
}

void
dict_move_entry_locked(Dict *d, int64_t i, int64_t to, int64_t hash)
{
    ASSERT_LOCKED(d);
    Own key = d->table->entries[i].key, value = d->table->entries[i].value;
    dict_fill_entry_locked(d, to, key, hash, value);
    dict_empty_entry_locked(d, i, &key, &value);
}

/* -- in order */

/* Reads entry i as a reader without the lock does: READ_*. */
static int
dict_read_entry(Dict *d, const DictTable *t, int64_t i, Own *key, Own *value)
{
    Own k = __atomic_load_n(&t->entries[i].key, __ATOMIC_ACQUIRE);
    if (!k) {
        return READ_GONE;
    }
    if (!obj_is_contended(&d->head)) {
        *key = own(k);
        *value = own(t->entries[i].value);
        return READ_OK;
    }
    if (!try_own(k)) {
        return READ_AGAIN;
    }
    int status = dict_read_value(d, t, i, value);
    if (status == READ_OK) {
        *key = k;
    } else {
        drop_later(k);
    }
    return status;
}

bool
dict_step(Dict *d, int64_t *position, bool backwards, Own *key, Own *value, int64_t *hash)
{
    for (;;) {
        const DictTable *t = dict_table(d);
        int64_t i = *position, used = __atomic_load_n(&t->used, __ATOMIC_ACQUIRE);
        if (backwards && i >= used) {
            i = used - 1;
        }
        if (i < 0 || i >= used) {
            return false;
        }
        Own k = NO_VALUE, v = NO_VALUE;
        int status = dict_read_entry(d, t, i, &k, &v);
        if (status == READ_AGAIN) {
            continue;
        }
        *position = backwards ? i - 1 : i + 1;
        if (status == READ_GONE) {
            continue;
        }
        if (hash) {
            *hash = dict_entry_hash(t, i, k);
        }
        if (key) {
            *key = k;
        } else {
            drop(k);
        }
        if (value) {
            *value = v;
        } else {
            drop(v);
        }
        return true;
    }
}

/* -- inline caches */

static _Atomic uint32_t last_version; /* of all dicts; once used up, nothing new is cached */

uint32_t
dict_keys_version(Value v)
{
    DictTable *t = dict_table(as_dict(v));
    uint32_t version = atomic_load_explicit(&t->version, memory_order_acquire);
    if (version != 0 || t->hashed) {
        return version;
    }
    if (atomic_load_explicit(&last_version, memory_order_relaxed) >= UINT32_MAX - 100000) {
        return 0;
    }
    uint32_t fresh = atomic_fetch_add_explicit(&last_version, 1, memory_order_relaxed) + 1;
    return atomic_compare_exchange_strong(&t->version, &version, fresh) ? fresh : version;
}

int64_t
dict_find_entry(Value v, Value name)
{
    const DictTable *t = dict_table(as_dict(v));
    if (t->hashed) {
        return DICT_ABSENT;
    }
    return table_find_str(t, name, dict_hash(name));
}
