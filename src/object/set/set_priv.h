/* What the files of set share: tables and the operations on whole sets. */
#ifndef WEFT_OBJECT_SET_PRIV_H
#define WEFT_OBJECT_SET_PRIV_H

#include "base/hash.h"
#include "heap/critical.h"
#include "object/set.h"
#include "object/str.h"

static ALWAYS_INLINE SetTable *
set_table(const Set *s)
{
    return __atomic_load_n(&s->table, __ATOMIC_ACQUIRE);
}

static ALWAYS_INLINE int64_t
set_length(const Set *s)
{
    return __atomic_load_n(&s->length, __ATOMIC_RELAXED);
}

static ALWAYS_INLINE int64_t
set_slot_count(const SetTable *t)
{
    return (int64_t)1 << t->log2_slots;
}

/* The hash of an item. fail: -1 + TypeError "cannot use 'list' as a set element (unhashable
 * type: 'list')" */
NODISCARD int64_t set_hash_slow(Value item);
static ALWAYS_INLINE NODISCARD int64_t
set_hash(Value item)
{
    if (LIKELY(IS_EXACT(item, STR))) {
        int64_t hash = atomic_load_explicit(&as_str(item)->hash, memory_order_relaxed);
        if (LIKELY(hash != -1)) {
            return hash;
        }
    } else if (is_small_int(item)) {
        return hash_int64(small_int_value(item));
    }
    return set_hash_slow(item);
}

/* The table of all empty sets. Never written to. */
extern SetTable *const set_empty_table;

size_t set_table_bytes(const SetTable *t);

/* A critical section over two sets that are to be read or changed at one moment; a frozenset needs
 * no lock. */
void sets_enter(CriticalSection *section, Set *a, Set *b);
/* A new set of what a list, tuple, dict or view of one holds, where s is contended: hashed and compared
 * before s is locked, so that s can be changed, or asked, in one step. NO_VALUE with nothing pending where
 * items must be taken one at a time: from any other iterable. */
NODISCARD Own set_gather(Set *s, Value iterable);

/* 1, 0 or -1: may run Python code (==); the answer is about the table that s has when it
 * returns. */
NODISCARD int set_contains_hash(Set *s, Value item, int64_t hash);
/* As set_add. */
NODISCARD int set_add_hash(Set *s, Value item, int64_t hash);
/* The same; the item is counted when it is added. section: the innermost, which holds s. lock: s held */
NODISCARD int set_add_locked(Set *s, CriticalSection *section, Value item, int64_t hash);
/* Takes an item out: *removed is new, or NO_VALUE. 1, 0, -1. As above */
NODISCARD int set_remove_locked(Set *s, CriticalSection *section, Value item, int64_t hash, Own *removed);
/* Takes everything out: what comes back holds the items. lock: s held */
SetTable *set_take_table_locked(Set *s);
void set_drop_table(Set *s, SetTable *t);

/* The item at *position or after, with its hash; *position moves past it. item new. (no runpy) */
bool set_step(Set *s, int64_t *position, Own *item, int64_t *hash);

/* s becomes a copy of other. pre: s is empty. lock: both held · fail: -1 + MemoryError */
NODISCARD int set_fill_locked(Set *s, Set *other);
/* Adds other's items. */
NODISCARD int set_update_set(Set *s, Set *other);
/* A new empty set or frozenset (as the base of type), or an instance of the class. own: ret new */
NODISCARD Own set_new_of(Type *type);
/* A new set or frozenset of s's items. */
NODISCARD Own set_copy_as(Type *type, Set *s);
NODISCARD Own set_from_as(Type *type, Value iterable);
/* s takes over the items of other, which is private to the caller and then empty. What comes
 * back has s's old items, for set_drop_table(s) when the lock is free. lock: s held */
NODISCARD SetTable *set_adopt_table_locked(Set *s, Set *other);
/* Are the items of s those of `copy`, which was made of it: not equal ones, the same? lock: s held (no runpy) */
bool set_has_the_same_locked(const Set *s, const Set *copy);

/* The hash that the table has for the item in a slot. (no runpy) */
int64_t set_item_hash(const SetTable *t, int64_t slot, Value item);

/* -- algebra.c. A set's class does not matter to any of these; `other` is any iterable where it
 * is a Value. */
NODISCARD Own set_difference(Set *s, Value other);   /* a new set of s's base type */
NODISCARD Own set_intersection(Set *s, Value other); /* the same */
NODISCARD int set_intersection_update(Set *s, Value other);
/* A new set of the items of any iterable, which complains about unhashable ones as intersection does. */
NODISCARD Own set_collect(Value iterable);
NODISCARD int set_is_subset(Set *s, Set *other); /* 0, 1, -1 */
NODISCARD int set_is_disjoint(Set *s, Value other);
NODISCARD Own set_compare(Value a, Value b, CompareOp op);
int64_t set_hash_items(Set *s); /* as a frozenset's; never -1 (no runpy) */
/* set for sets, frozenset for frozensets, whatever the class. */
Type *set_base_type(Value v);

NODISCARD Own set_iter(Value v);

#endif
