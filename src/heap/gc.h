/* The cycle collector: two generations, trial deletion (counts minus internal references) over tracked objects; deferred objects and the registers of
 * frames are handled as heap/object.h and vm/frame.h say. What it is made of: heap/gc/. */
#ifndef WEFT_HEAP_GC_H
#define WEFT_HEAP_GC_H

#include "heap/object.h"

enum { GC_DEBUG_STATS = 1, GC_DEBUG_COLLECTABLE = 2, GC_DEBUG_UNCOLLECTABLE = 4, GC_DEBUG_SAVEALL = 32 };

typedef struct GcStats {
    int64_t collections, collected, uncollectable;
} GcStats;

/* During the first pass of a collection (stw): a traverse function must then skip references that are not counted: those of a generator's
 * registers to OBJ_DEFERRED objects. (In the second it visits all.) */
extern bool gc_subtracting;

/* Waits until nobody collects; false when it gave up after most_ns, or this thread is at it. */
bool gc_wait_idle(int64_t most_ns);
/* t will never run again, perhaps in the middle of a collection. */
void gc_abandon(const Thread *t);
/* In the child of a fork: the collecting thread may have stayed behind. */
void gc_after_fork(void);
/* Automatic collections begin. What there is, what start-up made, is taken for alive; a full collection looks at it. */
void gc_start(void);
int64_t gc_collect(int generation); /* 0 young, 1 and 2 everything; unreachable objects found. may: runpy (finalizers) */
/* A MemoryError is being raised: garbage may be what has the memory, and a full collection is due at the next safepoint, where automatic ones are on. */
void gc_memory_is_short(void);
void gc_enable(bool on);
bool gc_is_enabled(void);
void gc_set_threshold(int generation, int64_t value);
int64_t gc_get_threshold(int generation);
int64_t gc_count(int generation);
GcStats gc_stats(int generation);
void gc_set_debug(int flags);
int gc_get_debug(void);
/* Lists of new references, to be freed with free(). generation -1 = all. fail: null + MemoryError */
NODISCARD Own *gc_objects(int generation, size_t *count);
NODISCARD Own *gc_referrers(Value const *of, size_t n, size_t *count);
NODISCARD Own *gc_referents(Value const *of, size_t n, size_t *count);
void gc_freeze(void);
void gc_unfreeze(void);
int64_t gc_freeze_count(void);
extern void (*gc_log)(const char *text); /* where debug flags write to; null = standard error */
extern void (*gc_uncollectable)(Object *o); /* DEBUG_SAVEALL: what the gc module does with an object instead of freeing it; null = free */

static ALWAYS_INLINE bool
gc_is_tracked(const Object *o)
{
    return (obj_flags(o) & OBJ_TRACKED) != 0;
}
void gc_track(Object *o);
void gc_untrack(Object *o);
/* o has got another class, which it does not count: a collection that is going on must look at it once more. No safepoint in between */
void gc_class_changed(Object *o);

#endif
