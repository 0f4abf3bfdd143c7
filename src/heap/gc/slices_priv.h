/* What the two halves of a collection in slices share: slices.c guesses what is garbage, batches.c verifies it. */
#ifndef WEFT_HEAP_GC_SLICES_PRIV_H
#define WEFT_HEAP_GC_SLICES_PRIV_H

#include "base/sanitize.h"
#include "heap/gc/gc_priv.h"

#define NO_CANDIDATE UINT32_MAX
#define IN_BATCH 0x80000000 /* while a batch is verified, in the entry of each of its objects: this plus the count. Other entries are less */
#define LARGE_TAG 1 /* in a remembered address: a large object */

typedef enum { IDLE, COUNT, REACH_FROM_ROOTS, REACH_FROM_FROZEN, SUBTRACT, REACH, GATHER, CONNECT, DONE } Step;

/* Tables come from chunks, which go back to the system together. */
typedef struct Chunk {
    struct Chunk *next;
    size_t used;
    uint32_t entries[];
} Chunk;

typedef struct Slices {
    Step step;
    uint32_t number;   /* of this collection: what pages and large objects carry that have a table now */
    bool failed;       /* without memory */
    Page **pages;      /* in use when it began */
    Object **large;
    size_t page_count, large_count;
    size_t next;       /* page, then large object, to go on with */
    uint32_t cell;     /* and the cell in it */
    Chunk *chunks, *spare;
    size_t candidates;
    void *lists;       /* room for all of these, as many as there are candidates, each of which is in a list at most once. Never moved: that takes long */
    size_t lists_size;
    Object **work;     /* reached, to be followed; addresses with their tag, like the next */
    Object **found;    /* the garbage */
    uint32_t *parent;  /* of found: who stands for it, in the end for its component */
    uint8_t *deferred; /* of found: is it, or something in its component */
    size_t work_count, found_count;
    size_t work_before; /* so many of work are from earlier slices: they may be gone meanwhile */
    const Type *last_type; /* a class that was reached in this slice */
    size_t touched_work, touched_found, touched_parent; /* so many items have their memory */
    Object **sorted;   /* found, in batches */
    uint32_t *group;   /* of sorted: the component */
    bool roots_seen;   /* frames, to begin with */
    /* the traversal at hand, which may stop in the middle of a container */
    const Object *at;
    size_t part;       /* where, if its type can begin there; else: */
    size_t seen, skip; /* references of it, and those that were seen before */
    size_t least;      /* so many of it are seen before the time is up: to skip takes time, too */
    uint32_t index;
    int64_t deadline;
    int hurry;         /* slices that are to be short, since somebody waited for one of the last */
    uint32_t ticks;    /* objects since somebody looked at the clock, modulo some */
} Slices;

/* guard: being the collector, and the stopped world where tables and objects are touched */
extern Slices slices;

/* -- the candidates: each has an entry in its page's table, or its own if it is large -- */

static inline SEES_POISON uint32_t *
entry_of(Object *o)
{
    if (object_is_large(o)) {
        return large_head(o)->hint_cycle == slices.number ? &large_head(o)->hint : NULL;
    }
    Page *p = page_of(o);
    return p->hints_cycle == slices.number ? &p->hints[page_index(p, o)] : NULL;
}

/* o may be on a page or be large, and has a shape. */
static inline uint32_t *
candidate_entry(Object *o)
{
    if ((obj_flags(o) & (OBJ_OLD | OBJ_TRACKED | OBJ_IMMORTAL)) != (OBJ_OLD | OBJ_TRACKED)) {
        return NULL;
    }
    uint32_t *entry = entry_of(o);
    return entry && *entry != NO_CANDIDATE ? entry : NULL;
}

static inline Object *
remember(Object *o)
{
    return (Object *)((uintptr_t)o | (object_is_large(o) ? LARGE_TAG : 0));
}

/* The object at a remembered address, if it is still there. */
static inline SEES_POISON Object *
recall(const Object *remembered)
{
    Object *o = (Object *)((uintptr_t)remembered & ~(uintptr_t)LARGE_TAG);
    bool large = ((uintptr_t)remembered & LARGE_TAG) != 0;
    if (!large && (page_of(o)->hints_cycle != slices.number || !page_of(o)->tracked)) {
        return NULL;
    }
    if (large ? large_head(o)->frozen : page_of(o)->frozen) {
        return NULL;
    }
    return obj_shape(o) != 0 && (obj_flags(o) & OBJ_OLD) && !gc_is_dying(o) ? o : NULL;
}

/* The same of what was found: it has an entry still. */
static inline Object *
recall_found(const Object *remembered)
{
    Object *o = recall(remembered);
    return o && candidate_entry(o) ? o : NULL;
}

/* The component of the i-th of found. */
static inline uint32_t
component(uint32_t i)
{
    while (slices.parent[i] != i) {
        slices.parent[i] = slices.parent[slices.parent[i]];
        i = slices.parent[i];
    }
    return i;
}

/* May objects here, which are no candidates any more, hold some that they did not when they were reached? (classes of new instances, and of those that have
 * been given another; what generators' registers hold) */
static inline bool
may_hold_more(const Page *p)
{
    return p->hints_cycle != slices.number || p->renewed == slices.number || p->has_holders || atomic_load_explicit(&p->young, memory_order_relaxed);
}

#endif
