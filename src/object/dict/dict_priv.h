/* What the files of dict share: tables and the lookups in them. */
#ifndef WEFT_OBJECT_DICT_PRIV_H
#define WEFT_OBJECT_DICT_PRIV_H

#include "base/hash.h"
#include "heap/critical.h"
#include "object/dict.h"
#include "object/str.h"

/* What finds give for a key that is not there, and when they fail. */
enum { DICT_ABSENT = -1, DICT_FAILED = -2 };

static ALWAYS_INLINE DictTable *
dict_table(const Dict *d)
{
    return __atomic_load_n(&d->table, __ATOMIC_ACQUIRE);
}

static ALWAYS_INLINE int64_t
dict_length(const Dict *d)
{
    return __atomic_load_n(&d->length, __ATOMIC_RELAXED);
}

/* The hash of a key. fail: -1 + TypeError "cannot use 'list' as a dict key (unhashable type:
 * 'list')" */
NODISCARD int64_t dict_hash_slow(Value key);
static ALWAYS_INLINE NODISCARD int64_t
dict_hash(Value key)
{
    if (LIKELY(IS_EXACT(key, STR))) {
        int64_t hash = atomic_load_explicit(&as_str(key)->hash, memory_order_relaxed);
        if (LIKELY(hash != -1)) {
            return hash;
        }
    } else if (is_small_int(key)) {
        return hash_int64(small_int_value(key));
    }
    return dict_hash_slow(key);
}

/* How many entries fit into the table. */
static ALWAYS_INLINE int64_t
dict_capacity(const DictTable *t)
{
    uint64_t room = __atomic_load_n(&t->room, __ATOMIC_RELAXED);
    return (int64_t)(room & (((uint64_t)1 << DICT_ROOM_BITS) - 1));
}

/* How many entries at the front were never used. */
static ALWAYS_INLINE int64_t
dict_fresh_front(const DictTable *t)
{
    return (int64_t)(t->room >> DICT_ROOM_BITS);
}

/* The table of all empty dicts. Never written to. */
extern DictTable *const dict_empty_table;

/* The hash that the table has for its i-th key, which is `key` and not deleted. (no runpy) */
int64_t dict_entry_hash(const DictTable *t, int64_t i, Value key);

/* The entry of key in d's table: an index, DICT_ABSENT or DICT_FAILED. May run Python code (==);
 * then the lock, if held, may have been let go of meanwhile, but the answer is about the table
 * that d has now. section: the innermost, which holds d */
NODISCARD int64_t dict_find_locked(Dict *d, CriticalSection *section, Value key, int64_t hash);

/* Looks up without the lock: 1 and *value (new), 0 and NO_VALUE, or -1. */
NODISCARD int dict_lookup_in(Dict *d, Value key, int64_t hash, Own *value);

/* The same with the value borrowed, as dict_peek_hash. */
NODISCARD int dict_peek_in(Dict *d, Value key, int64_t hash, Value *value);

/* Adds a key that is not there. Key and value move in, but for a failure. lock: d held · fail:
 * -1 + MemoryError (no runpy) */
NODISCARD int dict_add_locked(Dict *d, Own key, int64_t hash, Own value);

/* Empties entry i; its key and value are now the caller's, to be dropped when the lock is free.
 * lock: d held (no runpy) */
void dict_remove_locked(Dict *d, int64_t i, Own *key, Own *value);

/* What entry i has goes to the unused entry `to` of the same table. Readers find it in one or the other. lock: d held */
void dict_move_entry_locked(Dict *d, int64_t i, int64_t to, int64_t hash);

/* Enters entry i into the index. */
void dict_index_add(DictTable *t, int64_t hash, int64_t i);
/* Copies a live entry of `from` behind those of `to`, which has room; no counts change. */
void dict_table_move_entry(DictTable *to, const DictTable *from, int64_t i);

/* A table with room for `capacity` entries, empty. fail: 0 + MemoryError */
NODISCARD DictTable *dict_table_new(int64_t capacity, bool hashed);
/* Makes room for `more` entries in all at once. lock: d held · fail: -1 + MemoryError */
NODISCARD int dict_reserve_locked(Dict *d, int64_t more);
/* A copy of d's table, each key and value counted for `holder`. lock: d held · fail: 0 +
 * MemoryError */
NODISCARD DictTable *dict_table_copy_locked(Dict *d, Object *holder);
/* Takes the table out of d, which is then empty. lock: d held */
DictTable *dict_take_table_locked(Dict *d);
/* Drops what a table taken out of d holds, and the table. */
void dict_drop_table(Dict *d, DictTable *t);
size_t dict_table_bytes(const DictTable *t);

/* The entry at *position or the first live one after it (before it, when backwards): key and
 * value new; *position moves past it. False when there is none. Either of key and value may be
 * null. (no runpy) */
bool dict_step(Dict *d, int64_t *position, bool backwards, Own *key, Own *value, int64_t *hash);

/* d's table becomes t, with `length` live entries; the old one has none. lock: d held */
void dict_replace_table_locked(Dict *d, DictTable *t, int64_t length);

NODISCARD int dict_update_keywords(Value d, Value const *values, Value names);
NODISCARD Own dict_fromkeys(Type *cls, Value iterable, Value value);
NODISCARD int dict_equal(Dict *a, Dict *b); /* 0, 1, -1 */

NODISCARD Own dict_reversed(Value d);
NODISCARD Own dict_iterator_new(Type *type, Value d);

#endif
