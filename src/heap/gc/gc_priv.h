/* What the files of the collector share: collector.c drives; mark.c finds garbage with the world stopped, slices.c and
 * batches.c while it runs; garbage.c does away with it; policy.c says when. */
#ifndef WEFT_HEAP_GC_PRIV_H
#define WEFT_HEAP_GC_PRIV_H

#include <stdlib.h>

#include "heap/heap_priv.h"
#include "heap/type.h"

/* A list of objects that grows; items are not counted. `failed` sticks: refused once, it asks for no more memory. */
typedef struct ObjectVec {
    Object **items;
    size_t count, capacity;
    bool failed;
} ObjectVec;

/* Room for so many, so that none of them makes it grow: that takes its time. Without memory it is as before. */
static inline void
object_vec_reserve(ObjectVec *v, size_t capacity)
{
    Object **items = capacity > v->capacity && !v->failed ? realloc(v->items, capacity * sizeof *items) : NULL;
    if (items) {
        v->items = items;
        v->capacity = capacity;
    }
}

static inline void
object_vec_push(ObjectVec *v, Object *o)
{
    if (v->count == v->capacity) {
        size_t capacity = v->capacity * 2 + 256;
        Object **items = v->failed ? NULL : realloc(v->items, capacity * sizeof *items);
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

/* What a collection found. */
typedef struct GcGarbage {
    ObjectVec objects;  /* with a reference each */
    int64_t candidates; /* so many were looked at */
    bool revivable;     /* some have finalizers or weak references: they may be brought back */
    bool deferred;      /* some are */
    bool in_slices;     /* slices.c found it, and has its tables still */
    uint64_t shown;     /* objects_shown before it was found */
} GcGarbage;

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

static inline void
gc_flag_set_stw(Object *o, uint8_t bits)
{
    atomic_store_explicit(&o->flags, (uint8_t)(obj_flags(o) | bits), memory_order_relaxed);
}

static inline void
gc_flag_clear_stw(Object *o, uint8_t bits)
{
    atomic_store_explicit(&o->flags, (uint8_t)(obj_flags(o) & ~bits), memory_order_relaxed);
}

/* Stops the world, with all counts true, and starts it again (may: runpy). */
void gc_stop_to_count(void);
void gc_start_again(void);

/* -- mark.c, with the world stopped -- */

/* What a collection looks at: the young objects, and after `most` of them the pages that are left become old unseen; `most` of all that lie near each other,
 * wherever; or all. */
typedef enum { GC_NOTHING, GC_YOUNG, GC_SAMPLE, GC_FULL } GcScope;

/* Finds what is dead, and makes what lives old. */
void gc_mark_stw(GcScope scope, size_t most, GcGarbage *g);
/* Trial deletion with just these candidates, which the collector holds `extra` times each. OBJ_MARK stays on the dead. False: no memory. The flags and
 * the tables are to be taken back: gc_forget_some_stw. */
bool gc_find_dead_stw(Object **items, size_t n, uint32_t extra);
void gc_forget_some_stw(Object **items, size_t n);
void gc_make_old(Object *o);
/* Takes a reference to what was found dead, and adds it. False: no memory, no reference taken. */
bool gc_garbage_add_stw(GcGarbage *g, Object *o);
/* What frames hold and what is being deallocated: `counted` is for what registers count. */
void gc_visit_frames_stw(Visit counted, Visit uncounted, void *arg);
int gc_ignore(Value v, void *arg);

/* -- garbage.c -- */

/* Does away with what is unreachable; how much there was. `rest` is called between batches when somebody waited. No reference leads from one batch to another.
 * may: runpy */
int64_t gc_dispose(GcGarbage *g, const GcBatches *batches, void (*rest)(void));
bool gc_debugs(int flag);
void gc_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* -- policy.c -- */

extern int64_t gc_live_after_full; /* tracked objects found alive by the last full collection. guard: the world stopped to change; being the collector to read */
extern int64_t gc_survivors;       /* objects made old since; the same */

void gc_set_automatic(bool on);

int64_t gc_cells_handed_out(void); /* tracked ones, ever, nearly */
bool gc_young_due(void);           /* for a look between slices */
void gc_memory_was_short(void);    /* for the next gc_due */
GcScope gc_due(void);              /* what an automatic collection is to be. guard: being the collector */
size_t gc_most(GcScope scope);     /* and how many objects it looks at */
bool gc_wants_slices(void);
int64_t gc_rest_us(int64_t handed_out_before);
/* A collection has found so much: what follows from that for the next ones. guard: being the collector */
void gc_learn(GcScope scope, int64_t found, int64_t candidates);
void gc_policy_start(void);        /* all that there is has just become a survivor */
void gc_budget_renew(int generation);
void gc_budget_for_slice(void);
void gc_account(int generation, int64_t found);

/* -- slices.c, for the collector -- */

bool gc_slices_active(void);
void gc_slices_prepare(void);   /* before each; the world runs */
bool gc_slice_stw(void);        /* goes on for a while, or begins. True: done, or failed */
bool gc_slices_failed(void);    /* without memory */
void gc_slices_end(void);       /* forgets all; needs no stopped world */
int64_t gc_slices_candidates(void);
void gc_slices_pass_over_stw(Object *o); /* o became old since, if it is not garbage: it is none of the candidates */
void gc_slices_renew_stw(Page *p); /* before what was born there becomes old */

/* -- batches.c: what the slices found, verified -- */

/* Sorts what was found into batches of at most so many (but a component is never divided); what leads to deferred objects is the last. -1: no memory */
NODISCARD int gc_slices_sort(size_t most, GcBatches *b);
/* Those of the batch that are still there: first the `closed` ones, which are dead, as nothing but their own references holds them; of the others it does
 * not know. Needs room for twice as many. */
size_t gc_slices_batch_stw(size_t from, size_t to, Object **items, size_t *closed);
/* The same for a whole batch, when the collector holds each of its objects `extra` times. */
bool gc_slices_closed_stw(Object *const *items, size_t n, uint32_t extra);

#endif
