/* What the files of src/heap share: pages, owner slots, and the list of what is dying. */
#ifndef WEFT_HEAP_PRIV_H
#define WEFT_HEAP_PRIV_H

#include "heap/alloc.h"
#include "heap/critical.h"
#include "heap/gc.h"
#include "heap/hooks.h"
#include "heap/thread.h"
#include "heap/world.h"
#include "sync/epoch.h"

#define PAGE_BYTES ((size_t)64 * 1024)
#define PAGE_MASK (~(uintptr_t)(PAGE_BYTES - 1))
#define SIZE_CLASSES 31

/* A free cell: shape 0, then the link where the counts are. */
typedef struct FreeCell {
    _Atomic ShapeId shape;
    uint32_t unused;
    struct FreeCell *next;
} FreeCell;

/* A page of cells of one size, at a multiple of PAGE_BYTES, followed by its cells. Fields without a word about it belong to the
 * heap's thread (or to whoever stopped the world). */
typedef struct Page {
    struct ThreadHeap *heap;  /* immutable while the page is in use */
    FreeCell *free;
    uint32_t cell_size, cell_count;
    uint32_t reciprocal;      /* 2^32 / cell_size, rounded up: page_index */
    uint32_t bump;            /* cells handed out so far; later ones have never been used */
    uint32_t used;            /* cells not on a free list of this page's (remote frees count when collected) */
    bool tracked;             /* holds OBJ_TRACKED objects: the collector visits it */
    bool in_full_list;
    bool frozen;              /* gc.freeze(): its objects are no candidates */
    _Atomic bool young;       /* has objects born since the last collection (conservative) */
    uint8_t size_class;
    _Atomic(FreeCell *) remote; /* freed by other threads; guard: atomic */
    _Atomic bool returned;      /* on heap->returned */
    struct Page *returned_next; /* guard: set by who set `returned` */
    uint32_t batches;           /* times that `remote` was emptied; guard: the owner */
    _Atomic uint32_t announced; /* times that who filled it when it was empty was done with the page */
    struct Page *next, *prev;   /* in the heap's available or full list */
    uint32_t *refs;             /* the collector's counts, one a cell, during a collection */
    uint32_t segment;           /* whose page it is; immutable */
    uint32_t *hints;            /* those of a collection in slices, gc/slices.c */
    uint32_t hints_cycle;       /* whose */
    uint32_t renewed;           /* the last collection in slices during which objects born here were made old */
    bool has_holders;           /* as that found: of objects that hold others without counting them */
} Page;

typedef struct PageList {
    Page *first;
} PageList;

/* Cells of another heap's page, linked: freed by this thread, not yet given to the page. */
typedef struct Outgoing {
    Page *page;
    FreeCell *first, *last;
} Outgoing;

#define OUTGOING 16

/* The heap of an owner id. It outlives its thread: the next thread to start takes it over, objects, queue and all, so a page's heap never
 * changes and no object is ever without a possible owner. */
typedef struct ThreadHeap {
    uint16_t id;
    bool taken;              /* a thread has it; guard: queue_lock */
    struct Thread *thread;   /* which; null while it is being made or none has it; guard: queue_lock */
    PageList available[2][SIZE_CLASSES]; /* [tracked][class]; the first is allocated from */
    PageList full[2][SIZE_CLASSES];
    _Atomic(Page *) returned; /* full pages into which others freed; a stack */
    Mutex queue_lock;
    Object **queue;          /* to merge; guard: queue_lock */
    size_t queue_count, queue_capacity;
    Object **later;          /* references to drop at the next safepoint: drop_later; the thread's own */
    size_t later_count, later_capacity;
    struct ThreadHeap *next; /* all heaps; immutable once linked */
    struct Quarantine *quarantine; /* under AddressSanitizer; alloc.c */
    Outgoing outgoing[OUTGOING];   /* by the page's address; the thread's own, and only while it frees what was retired */
    uint32_t outgoing_some;        /* bit i: outgoing[i] has cells */
} ThreadHeap;

/* Gives other heaps' pages what this thread has freed of them. */
void heap_send_freed(ThreadHeap *heap);

/* Objects past OBJECT_SMALL_MAX: mimalloc's, with this in front. */
typedef struct LargeHead {
    struct LargeHead *next, *prev; /* tracked ones; guard: large_lock */
    size_t size;
    uint32_t refs;  /* the collector's count */
    uint32_t hint, hint_cycle; /* as Page's */
    bool frozen;    /* gc.freeze(); guard: the world stopped */
} LargeHead;

/* What a thread that enters the list of threads is asked to do: the stopper, if there is one, has seen the list without it. lock:
 * threads_lock */
uint32_t world_breaker_at_birth(void);
void gil_after_fork(void);

/* Keeps t from attaching, if it is detached and nobody is stopping the world (or is about to hold another thread): then what belongs to it
 * alone may be used, briefly, until thread_let_run(t). (no runpy, no blocking in between) */
bool thread_hold_detached(Thread *t);
void thread_let_run(Thread *t);

static inline Page *
page_of(const Object *o)
{
    return (Page *)((uintptr_t)o & PAGE_MASK);
}

static inline char *
page_cells(Page *p)
{
    return (char *)p + (sizeof(Page) + 63) / 64 * 64;
}

/* Which cell of its page o is in. */
static inline uint32_t
page_index(const Page *p, const Object *o)
{
    uint64_t offset = (uint64_t)((const char *)o - page_cells((Page *)(uintptr_t)p)); /* exact below 2^16, for the multiples that cells have */
    return (uint32_t)(offset * p->reciprocal >> 32);
}

static inline bool
object_is_large(const Object *o)
{
    return (atomic_load_explicit(&o->lock, memory_order_relaxed) & LOCK_LARGE) != 0;
}

static inline LargeHead *
large_head(const Object *o)
{
    return (LargeHead *)(uintptr_t)o - 1;
}

/* Takes a free heap, or makes one. null without memory or ids. */
ThreadHeap *heap_take(void);
void heap_give(ThreadHeap *heap);
ThreadHeap *heap_of_id(uint16_t id);
void heap_collect_returned(ThreadHeap *heap);

/* The count in a shared word. */
static inline int32_t
refs_shared_count(uint32_t shared)
{
    return (int32_t)shared >> REFS_SHIFT;
}

/* Has the owner, if it is running, merge the halves of the count, so that it counts o as everybody does. pre: o is held */
void refs_ask_for_merge(Object *o);
/* Gives an object whose count is zero one reference of this thread's. */
void refs_revive(Object *o);
/* The count is zero and o is not deferred: finalizer, weak references, dealloc. */
void object_die(Object *o);
/* How often the program was shown objects of the heap that it may have had no reference to (gc.get_objects and the like). stw to change */
extern _Atomic uint64_t objects_shown;
/* Gives up the collector's references to cleared deferred objects: those die of which it was the last; none, if the program was shown any since
 * objects_shown was `shown`. Reorders the items. */
void drop_deferred_last(Object **items, size_t n, uint64_t shown);
void dying_thread_begin(Thread *t);
void dying_thread_end(void);
/* stw: the classes of what t is deallocating, whose instances' counts are zero already. */
void dying_visit_types(const Thread *t, Visit visit, void *arg);
void heap_merge_queue(ThreadHeap *heap);
extern bool gc_has_frozen; /* gc.freeze() was called. guard: the world stopped */
void pages_visit_stw(void (*visit)(Page *p, void *arg), void *arg); /* tracked ones */
void large_visit_stw(ObjectVisit visit, void *arg);
/* stw: nothing is allocated from p any more; and again. */
void page_set_aside(Page *p);
void page_take_back(Page *p);
void page_grow_old(Page *p); /* stw: a collection has seen its objects */
/* stw: lists of the tracked pages and of the large objects, to be freed with free(); null without memory. How many. */
size_t pages_list_stw(Page ***list);
size_t large_list_stw(Object ***list);
void large_keep_dead(bool keep); /* from now on the memory of large tracked objects that die is kept, with shape 0; until then */
int64_t pages_unused_stw(void); /* cells that tracked pages can hand out without asking (cell_slow) */
void page_visit_objects(Page *p, ObjectVisit visit, void *arg);
void attach_without_sections(void);
void critical_suspend(Thread *t); /* detaching: gives up the locks of all sections */
void critical_resume(Thread *t);  /* attached again: takes the innermost section's locks */

extern _Atomic int64_t gc_young_budget; /* tracked cells that may still be handed out before a collection is asked for */
void threads_visit_lost(void (*visit)(Thread *t, void *arg), void *arg);
void gc_request(void);
void gc_collect_due(void);

#endif
