/* What the files of list share. */
#ifndef WEFT_OBJECT_LIST_PRIV_H
#define WEFT_OBJECT_LIST_PRIV_H

#include "heap/critical.h"
#include "object/list.h"

#define LIST_MAX_LENGTH (LIST_CAPACITY_MAX - 1)

static ALWAYS_INLINE int64_t
list_length(const List *l)
{
    return __atomic_load_n(&l->length, __ATOMIC_ACQUIRE);
}

/* After the items that it counts are in place. lock: l held */
static ALWAYS_INLINE void
list_set_length_locked(List *l, int64_t n)
{
    __atomic_store_n(&l->length, n, __ATOMIC_RELEASE);
    ListBuffer *b = l->buffer;
    if (UNLIKELY(obj_is_contended(&l->head)) && b && list_capacity(b) > 0) {
        uint64_t changes = (b->room + 1) & (((uint64_t)1 << LIST_CHANGES_BITS) - 1);
        __atomic_store_n(&b->room, (uint64_t)list_capacity(b) << LIST_CHANGES_BITS | changes, __ATOMIC_RELEASE);
    }
}

/* Words of a buffer that readers may be reading are moved one by one, none of them torn. Overlap
 * is fine. */
void list_move_items(const List *l, Own *to, const Own *from, int64_t n);

/* Is b what stands for the buffer while the list is sorted? It has no room, so that any change replaces it; its sort frees it. */
static ALWAYS_INLINE bool
list_buffer_is_stand_in(const ListBuffer *b)
{
    return b && list_capacity(b) == 0;
}

/* A new buffer, empty behind the first `length` items, which are to be written. fail: 0 + MemoryError */
NODISCARD ListBuffer *list_buffer_new(int64_t capacity, int64_t length);
void list_buffer_free(ListBuffer *b);
void list_buffer_retire(const Object *holder, ListBuffer *b);

/* Makes room for `capacity` items in all. lock: l held · fail: -1 + MemoryError, list unchanged */
NODISCARD int list_reserve_locked(List *l, int64_t capacity);
/* The same for at least `capacity`, and more so that appending costs constant time on average. */
NODISCARD int list_grow_locked(List *l, int64_t capacity);
/* Gives memory back when most of the buffer is unused. Never fails. lock: l held */
void list_shrink_locked(List *l);

/* The reference moves in. lock: l held · fail: -1 + MemoryError, item still the caller's */
NODISCARD int list_append_locked(List *l, Own item);

/* What a change took out of a list, to be dropped when its lock is free again. */
typedef struct ListRemains {
    Own *items; /* mem_alloc'ed, or null */
    int64_t count;
    ListBuffer *buffer; /* holds the items instead: a whole buffer that was taken out */
} ListRemains;
void list_drop_remains(List *l, ListRemains *remains);

/* Takes one item out, counted from the end where i is negative: NO_VALUE with nothing pending where there is none. own: ret new */
NODISCARD Own list_take(List *l, int64_t i);

/* Empties the list. lock: l held */
void list_take_all_locked(List *l, ListRemains *remains);

/* l[start:stop] = items, which are moved in. lock: l held · pre: 0 <= start <= stop <= length ·
 * fail: -1 + MemoryError, list unchanged */
NODISCARD int list_splice_locked(List *l, int64_t start, int64_t stop, Own *items, int64_t n,
                                 ListRemains *remains);

#endif
