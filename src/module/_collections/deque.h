/* deque: a ring of items that grows at both ends. */
#ifndef WEFT_MODULE_DEQUE_H
#define WEFT_MODULE_DEQUE_H

#include "heap/critical.h"
#include "module/_collections/collections_priv.h"

/* All guarded by the lock, but that length and maxlen may be read without it (relaxed). */
typedef struct Deque {
    Object head;
    int64_t length;
    int64_t first;    /* slot of the first item */
    int64_t capacity; /* slots: 0 or a power of two */
    int64_t maxlen;   /* -1 = none */
    uint64_t changes; /* counts them: how iteration notices */
    Own *ring;
} Deque;

static ALWAYS_INLINE Deque *
as_deque(Value v)
{
    return (Deque *)obj(v);
}

static ALWAYS_INLINE int64_t
deque_length(const Deque *d)
{
    return __atomic_load_n(&d->length, __ATOMIC_RELAXED);
}

static inline int64_t
deque_maxlen(const Deque *d)
{
    return __atomic_load_n(&d->maxlen, __ATOMIC_RELAXED);
}

static ALWAYS_INLINE Own *
deque_slot_locked(const Deque *d, int64_t i)
{
    return &d->ring[(d->first + i) & (d->capacity - 1)];
}

static inline bool
is_deque(Value v)
{
    return is_instance_of(v, &deque_type);
}

/* Item i, or NO_VALUE with nothing pending where there is none, or where *changes (null: not
 * asked) is not the deque's any more. own: ret new (no runpy) */
NODISCARD Own deque_get(Deque *d, int64_t i, const uint64_t *changes);
uint64_t deque_changes(Deque *d);
/* Adds an item, eaten, at an end. */
NODISCARD int deque_add(Deque *d, Own item, bool left);
/* Takes the item at an end out; NO_VALUE with nothing pending where there is none. own: ret new
 * (no runpy) */
NODISCARD Own deque_take(Deque *d, bool left);

NODISCARD Own deque_iter(Value v);
NODISCARD Own deque_reversed(Value v);

#endif
