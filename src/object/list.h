/* list: a growable array. Changed under the list's lock when contended; readers take none: they
 * load the buffer, then the item with ref_load. A buffer knows its own capacity, so that index
 * and buffer cannot disagree; a buffer that was replaced is retired, not freed. */
#ifndef WEFT_OBJECT_LIST_H
#define WEFT_OBJECT_LIST_H

#include "object/object.h"

typedef struct ListBuffer {
    uint64_t room; /* list_capacity, immutable once published, over a count of the changes of a contended list's length, which wraps.
                      guard: list's lock to change, acquire to read */
    Own items[];   /* guard: list's lock to change, acquire to read; empty past the length */
} ListBuffer;

#define LIST_CHANGES_BITS 24 /* of room, the low ones */
#define LIST_CAPACITY_MAX ((int64_t)1 << (63 - LIST_CHANGES_BITS))

static ALWAYS_INLINE int64_t
list_capacity(const ListBuffer *b)
{
    return (int64_t)(__atomic_load_n(&b->room, __ATOMIC_RELAXED) >> LIST_CHANGES_BITS);
}

typedef struct List {
    Object head;
    int64_t length;      /* guard: lock to change; relaxed atomic loads to read */
    ListBuffer *buffer;  /* guard: as length; null while empty */
} List;

static ALWAYS_INLINE List *
as_list(Value v)
{
    return (List *)obj(v);
}

NODISCARD Own list_new(int64_t capacity);               /* empty */
NODISCARD Own list_from_array(Value const *items, int64_t length); /* counts each */
NODISCARD Own list_from_own(Own *items, int64_t length); /* eats each, also on failure */
int64_t list_len(Value v);                              /* (no runpy) */
/* i from the start. own: ret new, or NO_VALUE with nothing pending when out of range (no runpy) */
NODISCARD Own list_get(Value v, int64_t i);
NODISCARD int list_append(Value v, Value item);         /* (no runpy) */
NODISCARD int list_append_own(Value v, Own item);       /* eats item, also on failure; fails without one: whoever was to make it raised (no runpy) */
NODISCARD int list_insert(Value v, int64_t i, Value item);
NODISCARD int list_set(Value v, int64_t i, Own item);   /* eats item; i < 0: from the end; IndexError out of range */
NODISCARD Own list_pop_at(Value v, int64_t i);          /* IndexError */
NODISCARD int list_extend(Value v, Value iterable);
NODISCARD Own list_slice(Value v, int64_t start, int64_t stop);
/* The numbers as slice_unpack gives them. */
NODISCARD Own list_slice_step(Value v, int64_t start, int64_t stop, int64_t step);
NODISCARD Own list_to_tuple(Value v);
NODISCARD int list_sort(Value v, Value key, bool reverse); /* key may be NONE */
NODISCARD int list_reverse(Value v);
void list_clear(Value v);

/* Iterates forwards (list_iterator) or backwards (list_reverseiterator). Used up: the list is
 * given back, the field empty. */
typedef struct ListIterator {
    Object head;
    Own list;      /* guard: lock to change */
    int64_t index; /* of the next item; guard: lock */
} ListIterator;
NODISCARD Own list_iter(Value v);
NODISCARD Own list_reversed(Value v);

#endif
