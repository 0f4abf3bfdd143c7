/* What the files of the collector share: gc.c drives, gc_slices.c looks for garbage while the world runs. */
#ifndef WEFT_HEAP_GC_PRIV_H
#define WEFT_HEAP_GC_PRIV_H

#include <stdlib.h>

#include "heap/heap_priv.h"
#include "heap/type.h"

/* A list of objects that grows; items are not counted. `failed` sticks. */
typedef struct ObjectVec {
    Object **items;
    size_t count, capacity;
    bool failed;
} ObjectVec;

static inline void
object_vec_push(ObjectVec *v, Object *o)
{
    if (v->count == v->capacity) {
        size_t capacity = v->capacity * 2 + 256;
        Object **items = realloc(v->items, capacity * sizeof *items);
        if (!items) {
            v->failed = true;
            return;
        }
        v->items = items;
        v->capacity = capacity;
    }
    v->items[v->count++] = o;
}

/* Where the batches of a sorted list end: no reference leads from one to another. */
typedef struct GcBatches {
    size_t *ends;
    size_t count;
} GcBatches;

/* -- counts, with the world stopped -- */

static inline uint32_t
gc_total_count(const Object *o)
{
    return (uint32_t)refs_shared_count(atomic_load_explicit(&o->shared, memory_order_relaxed)) + o->local;
}

static inline bool
gc_is_queued(const Object *o)
{
    return (atomic_load_explicit(&o->shared, memory_order_relaxed) & REFS_QUEUED) != 0;
}

/* Its memory only waits for an epoch. */
static inline bool
gc_is_dying(const Object *o)
{
    bool spread = (atomic_load_explicit(&o->shared, memory_order_relaxed) & REFS_SPREAD) != 0; /* not settled in each slice */
    return gc_total_count(o) == 0 && !spread && !(obj_flags(o) & OBJ_DEFERRED) && !gc_is_queued(o);
}

/* What leads to it, its owner's merge queue included, whatever its count says. */
static inline uint32_t
gc_count_of(const Object *o)
{
    return gc_total_count(o) + gc_is_queued(o);
}

/* Holds deferred objects without counting them: a generator's registers. */
static inline bool
gc_holds_uncounted(const Object *o)
{
    ShapeId shape = obj_shape(o);
    return shape == SHAPE_GENERATOR || shape == SHAPE_COROUTINE || shape == SHAPE_ASYNC_GENERATOR;
}

/* -- gc.c, with the world stopped -- */
void gc_make_old(Object *o);
void gc_visit_frames_stw(Visit visit, void *arg); /* what is held without being counted: by registers, by what is being deallocated */

/* gc_slices.c, for the collector */
bool gc_slices_active(void);
void gc_slices_prepare(void);   /* before each; the world runs */
bool gc_slice_stw(void);        /* goes on for a while, or begins. True: done, or failed */
bool gc_slices_failed(void);    /* without memory */
void gc_slices_end(void);       /* forgets all; needs no stopped world */
int64_t gc_slices_candidates(void);
/* Sorts what was found into batches of at most so many (but a component is never divided); what leads to deferred objects is the last. -1: no memory */
NODISCARD int gc_slices_sort(size_t most, GcBatches *b);
/* Those of the batch that are still there: first the `closed` ones, which are dead, as nothing but their own references holds them; of the others it does
 * not know. Needs room for twice as many. */
size_t gc_slices_batch_stw(size_t from, size_t to, Object **items, size_t *closed);
/* The same for a whole batch, when the collector holds each of its objects `extra` times. */
bool gc_slices_closed_stw(Object *const *items, size_t n, uint32_t extra);

#endif
