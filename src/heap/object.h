/* The object header, references, and the rule of sharing.
 *
 * Counting. Biased reference counts (Choi, Shull, Torrellas: "Biased Reference Counting", 2018): the
 * thread whose id is in `owner` counts in `local` without atomics; every other thread counts in
 * `shared`. When the owner's count reaches zero the two are merged: `owner` becomes 0 and `shared`
 * alone decides, until a thread that uses the object adopts it. A non-owner that would make `shared` negative queues the object to its owner. What
 * other threads count much is counted in tables of theirs (heap/spread.h), and then dies later.
 *
 * Private until published. While the program has one thread, every object is born OBJ_SHARED and
 * nothing is locked. Once a second thread starts, an object is born private to its maker: until it is
 * published it needs no lock and no atomic. Invariant: a shared object never refers to a private one.
 * Hence every store of a reference into an object goes through ref_init/ref_store (or publishes by
 * itself), and whatever is handed to another thread is published first.
 *
 * Who may read what without a lock: the fields of a private object, its owner; a shared object's,
 * anybody, with acquire loads, and try_own() before use; memory that a lock-free reader may still see
 * is freed through epoch_retire (sync/epoch.h), never directly. */
#ifndef WEFT_HEAP_OBJECT_H
#define WEFT_HEAP_OBJECT_H

#include <stdatomic.h>

#include "heap/value.h"

typedef struct Type Type;
typedef struct Thread Thread;
typedef uint32_t ShapeId;

typedef struct Object {
    _Atomic ShapeId shape;  /* layout, and through it the type; 0 marks a free cell.
                               guard: owner while private; else lock, released by a release store */
    _Atomic uint16_t owner; /* thread id, 0 when merged. guard: owner -> 0 at a merge; 0 -> itself by
                              who has taken REFS_MERGED back (heap/refs.c) */
    _Atomic uint8_t flags;  /* OBJ_*. guard: owner while private; atomic or/and once shared */
    _Atomic uint8_t lock;   /* LOCK_* below: heap/critical.h */
    uint32_t local;         /* guard: owner thread only */
    _Atomic uint32_t shared; /* count << REFS_SHIFT (signed) | REFS_*: guard: atomic */
} Object;

_Static_assert(sizeof(Object) == 16, "the header is two words");

enum {
    OBJ_SHARED = 1,    /* published: other threads may hold references */
    OBJ_IMMORTAL = 2,  /* never counted, never freed */
    OBJ_DEFERRED = 4,  /* not counted from registers (types, functions, modules...); freed only by a
                          full collection. Set at birth, never later. */
    OBJ_TRACKED = 8,   /* the cycle collector visits it */
    OBJ_FINALIZED = 16, /* its finalizer has run (PEP 442) */
    OBJ_WEAKREFS = 32, /* the weak reference table has entries for it */
    OBJ_OLD = 64,      /* survived a young collection */
    OBJ_MARK = 128,    /* the collector's, within one collection */
};

enum {
    LOCK_HELD = 1,
    LOCK_WAITERS = 2,  /* some are parked on the byte's address */
    LOCK_SAMPLE = 4,   /* not the lock's: a counter of two bits, heap/spread.h */
    LOCK_SAMPLES = 12,
    LOCK_TRACED = 0x40, /* not the lock's: born while allocations were traced (heap_trace). Set at birth */
    LOCK_LARGE = 0x80, /* not the lock's: the object is not in a page (heap/alloc.c). Set at birth */
};

enum {
    REFS_QUEUED = 1, /* in its owner's merge queue */
    REFS_MERGED = 2, /* there is no owner: `shared` is the whole count, but for: */
    REFS_SPREAD = 4, /* threads count in tables of their own, too: heap/spread.h */
    REFS_SHIFT = 3,
    REFS_ONE = 1 << REFS_SHIFT,
};

/* Thread ids start at 1. Read by every count: in thread-local storage of its own. */
extern __thread uint16_t thread_owner_id;
/* More than one thread has existed. Written with the world stopped; never goes back to false. */
extern bool threads_many;

static ALWAYS_INLINE Object *
obj(Value v)
{
    return (Object *)(uintptr_t)v;
}

/* An object pointer of any type, as a word: borrowed, or owned. */
#define VALUE(p) ((Value)(const void *)(p))
#define OWN(p) ((Own)(void *)(p))

static ALWAYS_INLINE uint8_t
obj_flags(const Object *o)
{
    return atomic_load_explicit(&o->flags, memory_order_relaxed);
}

/* Acquire: the shape's record may have been made by another thread a moment ago. */
static ALWAYS_INLINE ShapeId
obj_shape(const Object *o)
{
    return atomic_load_explicit(&o->shape, memory_order_acquire);
}

static ALWAYS_INLINE bool
obj_is_mine(const Object *o)
{
    return atomic_load_explicit(&o->owner, memory_order_relaxed) == thread_owner_id;
}

/* True when other threads may be using o now: it must be locked to be changed. */
static ALWAYS_INLINE bool
obj_is_contended(const Object *o)
{
    return UNLIKELY(threads_many) && (obj_flags(o) & OBJ_SHARED);
}

void own_slow(Object *o);
void drop_slow(Object *o);
/* The last local reference went away: merges, and frees when no other is left. */
void drop_last_local(Object *o);

static ALWAYS_INLINE void
obj_own(Object *o)
{
    if (LIKELY(obj_is_mine(o))) {
        o->local++;
    } else if (!(obj_flags(o) & OBJ_IMMORTAL)) {
        own_slow(o);
    }
}

static ALWAYS_INLINE void
obj_drop(Object *o)
{
    if (LIKELY(obj_is_mine(o))) {
        if (UNLIKELY(--o->local == 0)) {
            drop_last_local(o);
        }
    } else if (!(obj_flags(o) & OBJ_IMMORTAL)) {
        drop_slow(o);
    }
}

/* From now on o is not counted, and never freed. pre: this thread made it, and nobody else has it yet */
static inline void
obj_make_immortal(Object *o)
{
    atomic_store_explicit(&o->owner, 0, memory_order_relaxed); /* or its owner would go on counting */
    atomic_fetch_or_explicit(&o->flags, OBJ_IMMORTAL | OBJ_SHARED, memory_order_relaxed);
}

/* A new reference to v, which must not be NO_VALUE. */
static ALWAYS_INLINE Own
own(Value v)
{
    if (is_object(v)) {
        obj_own(obj(v));
    }
    return (Own)(uintptr_t)v;
}

static ALWAYS_INLINE Own
own_opt(Value v)
{
    return v ? own(v) : NO_VALUE;
}

/* Gives a reference back. may: runpy (a finalizer), so it ends every borrow. Keeps the pending
 * exception as it was. */
static ALWAYS_INLINE void
drop(Own v)
{
    if (is_object(v)) {
        obj_drop(obj(v));
    }
}

static ALWAYS_INLINE void
drop_opt(Own v)
{
    if (v) {
        drop(v);
    }
}

/* Empties a field first, then drops what it held: the only right order. */
static ALWAYS_INLINE void
ref_clear(Own *field)
{
    Own old = *field;
    *field = NO_VALUE;
    drop_opt(old);
}

/* Takes a reference to an object that another thread may be freeing; false when it is too late.
 * The object's memory must be protected: by an epoch (always so between two safepoints of an attached
 * thread). */
bool try_own_slow(Object *o);

static ALWAYS_INLINE bool
try_own(Value v)
{
    if (!is_object(v) || (obj_flags(obj(v)) & OBJ_IMMORTAL)) {
        return true;
    }
    if (LIKELY(obj_is_mine(obj(v)))) {
        obj(v)->local++;
        return true;
    }
    return try_own_slow(obj(v));
}

/* As drop, but runs no Python code and lets no epoch pass: where this is the last reference, it is kept until the thread's next safepoint. For
 * readers without a lock that have counted what is no longer there. */
void drop_later(Own v);

/* Counts v, which was read from *field without a lock, if it is still there. pre: v is neither immediate nor immortal; the field lies in
 * memory that an epoch protects. (no runpy) */
NODISCARD bool own_if_still(Value v, Own const *field);

/* Publishes v and all that it reaches. */
void publish_slow(Object *o);

static ALWAYS_INLINE void
publish(Value v)
{
    if (is_object(v) && !(obj_flags(obj(v)) & OBJ_SHARED)) {
        publish_slow(obj(v));
    }
}

/* Publishes v for another thread to go on with: the objects that it reaches first, among those not yet published, are left without an owner, so
 * that they do not have to be given back for dying. */
void hand_over(Value v);
/* What another thread handed over is counted by this one from now on, where it has no owner. pre: the caller has a reference, not yet used */
void take_over(Value v);

/* The first store into a field of a fresh, still private or unreachable object. Eats v. */
static ALWAYS_INLINE void
ref_init(Object *holder, Own *field, Own v)
{
    if ((obj_flags(holder) & OBJ_SHARED) && v) {
        publish(v);
    }
    __atomic_store_n(field, v, __ATOMIC_RELEASE);
}

/* Stores v (eaten; may be NO_VALUE) into a field of holder and returns what was there, for the caller to
 * drop after it has let go of any lock. lock: holder held where it is contended. */
static ALWAYS_INLINE NODISCARD Own
ref_swap(Object *holder, Own *field, Own v)
{
    Own old = *field;
    ref_init(holder, field, v);
    return old;
}

/* Stores v (eaten) and drops the old value. pre: no lock on holder is held, holder is not contended, or the
 * field is guarded by something that allows a finalizer to run here. */
static ALWAYS_INLINE void
ref_store(Object *holder, Own *field, Own v)
{
    drop_opt(ref_swap(holder, field, v));
}

/* Reads a field of an object that others may be changing: a new reference, or NO_VALUE when empty.
 * holder is protected by a reference of the caller's; the field lies in it or in epoch-protected memory. (no runpy) */
static ALWAYS_INLINE Own
ref_load(const Object *holder, Own const *field)
{
    Own v = __atomic_load_n(field, __ATOMIC_ACQUIRE);
    if (LIKELY(!obj_is_contended(holder))) {
        return own_opt(v);
    }
    while (v) {
        if (try_own(v)) {
            if (LIKELY(__atomic_load_n(field, __ATOMIC_ACQUIRE) == v)) {
                break;
            }
            drop_later(v);
        }
        v = __atomic_load_n(field, __ATOMIC_ACQUIRE);
    }
    return v;
}

#endif
