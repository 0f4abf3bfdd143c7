/* set and frozenset: open addressing, readers take no lock.
 *
 * Writers hold the set's lock when contended. A reader loads the table (acquire), probes, and
 * takes references with a second look, as readers of dict do. A table that is replaced is
 * retired. A frozenset never changes once others can see it. */
#ifndef WEFT_OBJECT_SET_H
#define WEFT_OBJECT_SET_H

#include "object/object.h"

typedef struct SetTable {
    uint8_t log2_slots;
    uint8_t hashed;       /* the items' hashes follow the slots; else all are str or small int */
    int64_t fill;         /* slots in use, those of removed items included; guard: lock */
    int64_t finger;       /* no item before this slot; guard: lock */
    _Atomic int64_t hash; /* of a frozenset: -1 = not yet computed */
    Own slots[];          /* guard: lock to change, acquire to read */
} SetTable;

/* A slot whose item was removed: searches go on past it. */
#define SET_REMOVED ((Own)(uintptr_t)4)

static ALWAYS_INLINE bool
set_is_item(Value slot)
{
    return slot != NO_VALUE && slot != SET_REMOVED;
}

typedef struct Set {
    Object head;
    int64_t length;  /* guard: lock to change, relaxed to read */
    SetTable *table; /* guard: lock to change, acquire to read; never null */
} Set;

static ALWAYS_INLINE Set *
as_set(Value v)
{
    return (Set *)obj(v);
}

NODISCARD Own set_new(void);
NODISCARD Own frozenset_new(void); /* to be filled with set_add before anyone sees it */
NODISCARD Own set_from_iterable(Value iterable);
NODISCARD Own frozenset_from_iterable(Value iterable);
int64_t set_len(Value s);                          /* (no runpy) */
NODISCARD int set_add(Value s, Value item);        /* 1 added, 0 was there, -1 */
NODISCARD int set_contains(Value s, Value item);   /* 0, 1, -1: TypeError when unhashable */
NODISCARD int set_discard(Value s, Value item);    /* 1 removed, 0 was not there, -1 */
NODISCARD Own set_to_list(Value s);                /* a new list of the items (no runpy) */
NODISCARD int set_update(Value s, Value iterable);
NODISCARD int set_difference_update(Value s, Value iterable);
NODISCARD int set_symmetric_difference_update(Value s, Value iterable);
NODISCARD Own set_pop(Value s);                    /* KeyError when empty */
void set_clear(Value s);
/* As dict_next: items in table order. item new. (no runpy) */
bool set_next(Value s, int64_t *position, Own *item);
bool set_next_hash(Value s, int64_t *position, Own *item, int64_t *hash); /* and its hash */

#endif
