/* tuple: immutable once published, items inline. Items of a tuple that others can see never
 * change, so they are borrowed safely for as long as the tuple is held. */
#ifndef WEFT_OBJECT_TUPLE_H
#define WEFT_OBJECT_TUPLE_H

#include "object/object.h"

typedef struct Tuple {
    Object head;
    int64_t length;
    Own items[];
} Tuple;

static ALWAYS_INLINE Tuple *
as_tuple(Value v)
{
    return (Tuple *)obj(v);
}

extern Own tuple_empty; /* immortal () */

/* A tuple with empty fields to fill with tuple_init_item before anyone sees it; length 0 gives
 * the empty tuple. */
NODISCARD Own tuple_new(int64_t length);
static ALWAYS_INLINE void
tuple_init_item(Own t, int64_t i, Own item) /* eats item */
{
    ref_init(obj(t), &as_tuple(t)->items[i], item);
}
NODISCARD Own tuple_from_array(Value const *items, int64_t length); /* counts each */
NODISCARD Own tuple_from_own(Own *items, int64_t length); /* eats each, also on failure; fails without one of them: whoever was to make it raised */
NODISCARD Own tuple_pack(int n, ...);                              /* of Value: counts each */
NODISCARD Own tuple_slice(Value t, int64_t start, int64_t stop);
/* Hash and comparison of runs of values as of tuples of them: for types that behave like tuples. */
NODISCARD int64_t tuple_hash_items(Value const *items, int64_t n);
NODISCARD Own tuple_compare_items(Value const *a, int64_t na, Value const *b, int64_t nb,
                                  CompareOp op);
static ALWAYS_INLINE Value
tuple_item(Value t, int64_t i) /* borrow: lasts while t is held */
{
    return as_tuple(t)->items[i];
}

/* Iterates a tuple; used up: the tuple is given back and the field empty. */
typedef struct TupleIterator {
    Object head;
    Own tuple;     /* guard: lock to change */
    int64_t index; /* of the next item; guard: lock */
} TupleIterator;

#endif
