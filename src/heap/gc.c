/* The cycle collector.
 *
 * With the world stopped: count for each candidate the references that do not come from other candidates (trial deletion); what has some, or is
 * held by a register that does not count, is alive, and so is what it reaches; the rest is garbage. Candidates carry OBJ_MARK; their counts are in
 * a table beside each page for the time of the collection. A young collection's candidates are the objects without OBJ_OLD; deferred objects
 * (types, functions, modules) are candidates of full ones only. An instance holds its class without counting it: the second pass follows that edge.
 *
 * Garbage is then kept alive by one reference each, the world runs on, and PEP 442's order follows: weak references with callbacks, finalizers; what a
 * finalizer brought back (found by a second, smaller trial deletion) lives on; the rest is cleared.
 *
 * With many objects and several threads a full collection looks for its garbage in slices (gc_slices.c), and verifies it here, batch by batch. Stops of
 * the world then are as long as a slice, a batch, or a young collection takes.
 *
 * One collection at a time (collector). Fields below: guard: the world stopped, or being the collector. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os.h"
#include "heap/gc_priv.h"
#include "heap/spread.h"

bool gc_subtracting;
bool gc_has_frozen;
void (*gc_uncollectable)(Object *o);
void (*gc_log)(const char *text);
_Atomic int64_t gc_young_budget = 8000;

static _Atomic bool enabled = true;
static _Atomic(Thread *) collector; /* the thread that collects now; null: none */
static _Atomic int64_t thresholds[3] = {2000, 10, 10};
static _Atomic bool threshold_chosen; /* the program set the first: it is kept to, however large the heap */
static _Atomic int debug_flags;
static GcStats stats[3];        /* guard: stats_lock */
static Mutex stats_lock;
static int64_t live_after_full; /* tracked objects found alive by the last full collection */
static int64_t survivors;       /* objects made old since */
static unsigned fruitless[2];   /* how many young and full collections in a row, nearly, found next to nothing */
static int64_t counts[3];       /* collections of the generation below since this one's; [0] see gc_count. guard: stats_lock */
static _Atomic int64_t slices_begun; /* when; 0: no automatic collection in slices is going on. guard: being the collector to change */
static int64_t slices_young;         /* young_cells() when it or another began; guard: being the collector */
static _Atomic int64_t slice_due;    /* when its next slice may begin */
static int64_t budget_spent;            /* of the budgets given before, since the last collection; guard: stats_lock */
static int64_t budget_given = 8000;     /* what gc_young_budget was set to; guard: stats_lock */
static int64_t unused_then;     /* and the cells that pages had left at that time; guard: stats_lock */

#define CELLS_PER_THRESHOLD 4
#define WAIT_FOR_OTHERS 200000000 /* ns: see gc_wait_idle */
#define SLICES_FROM 100000 /* objects: what takes longer than a slice or a few */
#define CELLS_PER_SLICE 2000
#define REST_US 1500
#define BATCH 10000        /* objects verified in one stop */
#define YOUNG_MOST 30000   /* the same for threads that wait */
#define WORTH_IT 64        /* one of so many objects was garbage */
#define FRUITLESS_MOST 5
#define FRUITLESS_MOST_FULL 3
#define SAMPLE_LEAST 1000
#define YOUNG_LEAST 8000 /* tracked cells between young collections, at least */

typedef struct Collection {
    bool full;
    bool failed;         /* out of memory: nothing is freed this time */
    size_t most;         /* a young one: candidates after which the pages that are left become old unseen */
    ObjectVec candidates;
    ObjectVec pages;     /* those looked at: Page* */
    ObjectVec reachable; /* to be followed */
} Collection;

static inline uint32_t *
refs_of(Object *o)
{
    if (object_is_large(o)) {
        return &large_head(o)->refs;
    }
    Page *p = page_of(o);
    return &p->refs[page_index(p, o)];
}

static inline bool
is_candidate(Value v)
{
    return v && is_object(v) && (obj_flags(obj(v)) & OBJ_MARK);
}

static void
stop_to_count(void)
{
    world_stop();
    spread_settle_stw(NULL);
}

/* may: runpy */
static void
start_again(void)
{
    world_start();
    spread_bury();
}

static inline void
flag_set_stw(Object *o, uint8_t bits)
{
    atomic_store_explicit(&o->flags, (uint8_t)(obj_flags(o) | bits), memory_order_relaxed);
}

static inline void
flag_clear_stw(Object *o, uint8_t bits)
{
    atomic_store_explicit(&o->flags, (uint8_t)(obj_flags(o) & ~bits), memory_order_relaxed);
}

/* -- choosing candidates -- */

static void
candidate_add(Object *o, void *arg)
{
    Collection *c = arg;
    uint8_t flags = obj_flags(o);
    if ((flags & OBJ_IMMORTAL) || !(flags & OBJ_TRACKED) || (!c->full && (flags & (OBJ_OLD | OBJ_DEFERRED)))) {
        return;
    }
    if (gc_is_dying(o) || (object_is_large(o) && large_head(o)->frozen)) {
        return;
    }
    object_vec_push(&c->candidates, o);
    flag_set_stw(o, OBJ_MARK);
    *refs_of(o) = gc_count_of(o);
}

static void
candidates_of_page(Page *p, void *arg)
{
    Collection *c = arg;
    if (c->failed || p->frozen || (!c->full && !atomic_load_explicit(&p->young, memory_order_relaxed))) {
        return;
    }
    if (c->candidates.count >= c->most && !c->full) {
        survivors += p->used;
        page_grow_old(p);
        return;
    }
    if (!p->refs) {
        p->refs = malloc(p->cell_count * sizeof *p->refs);
        if (!p->refs) {
            c->failed = true;
            return;
        }
        object_vec_push(&c->pages, (Object *)p);
    }
    page_visit_objects(p, candidate_add, c);
}

/* -- trial deletion -- */

static int
subtract(Value v, void *arg UNUSED)
{
    if (is_candidate(v)) {
        --*refs_of(obj(v));
    }
    return 0;
}

static int
reach(Value v, void *arg)
{
    if (is_candidate(v)) {
        flag_clear_stw(obj(v), OBJ_MARK);
        object_vec_push(arg, obj(v));
    }
    return 0;
}

static int
ignore(Value v UNUSED, void *arg UNUSED)
{
    return 0;
}

static void
traverse(Object *o, Visit visit, void *arg)
{
    TraverseFn fn = obj_type(o)->slots.traverse;
    if (fn) {
        fn(o, visit, arg);
    }
}

typedef struct FrameRoots {
    Visit visit;
    void *arg;
} FrameRoots;

static void
visit_frames(Thread *t, void *arg)
{
    const FrameRoots *roots = arg;
    heap_hooks.visit_frames(t, ignore, roots->visit, roots->arg);
}

/* What is frozen is no candidate, yet it holds its class, and generators hold deferred objects, without counting them. */
static void
reach_from_frozen(Object *o, void *arg)
{
    if (!gc_is_dying(o)) {
        traverse(o, reach, arg);
        reach(VALUE(obj_type(o)), arg);
    }
}

static void
reach_from_frozen_page(Page *p, void *arg)
{
    if (p->frozen) {
        page_visit_objects(p, reach_from_frozen, arg);
    }
}

static void
reach_from_frozen_large(Object *o, void *arg)
{
    if (large_head(o)->frozen) {
        reach_from_frozen(o, arg);
    }
}

void
gc_visit_frames_stw(Visit visit, void *arg)
{
    FrameRoots roots = {visit, arg};
    for (Thread *t = threads_first; t; t = t->next) {
        visit_frames(t, &roots);
        dying_visit_types(t, visit, arg);
    }
    threads_visit_lost(visit_frames, &roots);
}

static void
follow_reached(Collection *c)
{
    ObjectVec *work = &c->reachable;
    while (work->count) {
        Object *o = work->items[--work->count];
        traverse(o, reach, work);
        if (c->full) {
            reach(VALUE(obj_type(o)), work);
        }
    }
}

/* Clears OBJ_MARK of every candidate that is alive. extra: references that the collector itself holds to each. */
static void
find_reachable(Collection *c, uint32_t extra)
{
    ObjectVec *all = &c->candidates, *work = &c->reachable;
    gc_subtracting = true;
    for (size_t i = 0; i < all->count; i++) {
        traverse(all->items[i], subtract, NULL);
    }
    gc_subtracting = false;
    gc_visit_frames_stw(reach, work);
    if (c->full && gc_has_frozen) {
        pages_visit_stw(reach_from_frozen_page, work);
        large_visit_stw(reach_from_frozen_large, work);
    }
    for (size_t i = 0; i < all->count; i++) {
        Object *o = all->items[i];
        if ((obj_flags(o) & OBJ_MARK) && *refs_of(o) != extra) {
            reach(VALUE(o), work);
        }
    }
    follow_reached(c);
}

/* What only some objects are candidates of may be held, uncounted, by any other: classes by their instances, what is deferred by the registers of
 * generators. */
static void
reach_uncounted(Object *o, void *arg)
{
    if (!(obj_flags(o) & OBJ_MARK) && !gc_is_dying(o)) {
        reach(VALUE(obj_type(o)), arg);
        if (gc_holds_uncounted(o)) {
            traverse(o, reach, arg);
        }
    }
}

/* Trial deletion with just these candidates, which the collector holds `extra` times each. OBJ_MARK stays on the dead. False: no memory. The flags
 * and the tables are to be taken back: forget_some_stw. */
static bool
find_dead_stw(Object **items, size_t n, uint32_t extra)
{
    Collection c = {.full = true, .candidates = {.items = items, .count = n}};
    for (size_t i = 0; i < n; i++) {
        Page *p = object_is_large(items[i]) ? NULL : page_of(items[i]);
        if (p && !p->refs && !(p->refs = malloc(p->cell_count * sizeof *p->refs))) {
            return false;
        }
    }
    for (size_t i = 0; i < n; i++) {
        flag_set_stw(items[i], OBJ_MARK);
        *refs_of(items[i]) = gc_count_of(items[i]);
    }
    find_reachable(&c, extra);
    for (size_t i = 0; i < n; i++) {
        if ((obj_flags(items[i]) & (OBJ_MARK | OBJ_DEFERRED)) == (OBJ_MARK | OBJ_DEFERRED)) {
            objects_visit_stw(reach_uncounted, &c.reachable);
            follow_reached(&c);
            break;
        }
    }
    free(c.reachable.items);
    return !c.reachable.failed;
}

static void
page_forget_refs(Page *p)
{
    free(p->refs);
    p->refs = NULL;
}

static void
forget_some_stw(Object **items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        flag_clear_stw(items[i], OBJ_MARK);
        if (!object_is_large(items[i])) {
            page_forget_refs(page_of(items[i]));
        }
    }
}

void
gc_make_old(Object *o)
{
    if (!(obj_flags(o) & OBJ_OLD)) {
        flag_set_stw(o, OBJ_OLD);
        survivors++;
    }
}

/* Splits the candidates: garbage is moved to `garbage` with a reference each, the rest becomes old. */
static void
settle(Collection *c, ObjectVec *garbage)
{
    for (size_t i = 0; i < c->candidates.count; i++) {
        Object *o = c->candidates.items[i];
        if (obj_flags(o) & OBJ_MARK) {
            if (!c->failed && !c->reachable.failed) {
                object_vec_push(garbage, o);
            }
            flag_clear_stw(o, OBJ_MARK);
        }
        gc_make_old(o);
    }
    if (garbage->failed) {
        garbage->count = 0;
    }
    for (size_t i = 0; i < garbage->count; i++) {
        obj_own(garbage->items[i]);
    }
    for (size_t i = 0; i < c->pages.count; i++) {
        Page *p = (Page *)c->pages.items[i];
        page_forget_refs(p);
        page_grow_old(p);
    }
}

static void
mark_stw(Collection *c, ObjectVec *garbage)
{
    pages_visit_stw(candidates_of_page, c);
    large_visit_stw(candidate_add, c);
    if (c->pages.failed) { /* they keep their tables, and stay young */
        c->failed = true;
    }
    if (!c->failed && !c->candidates.failed) {
        find_reachable(c, 0);
    } else {
        c->failed = true;
    }
    settle(c, garbage);
    if (c->full) {
        live_after_full = (int64_t)(c->candidates.count - garbage->count);
        survivors = 0;
    }
}

/* -- garbage -- */

static void
finalize_all(ObjectVec *garbage)
{
    for (size_t i = 0; i < garbage->count; i++) {
        Object *o = garbage->items[i];
        Type *type = obj_type(o);
        if (type->slots.finalize && !(obj_flags(o) & OBJ_FINALIZED)) {
            atomic_fetch_or_explicit(&o->flags, OBJ_FINALIZED, memory_order_relaxed);
            Own pending = thread_current->exc;
            thread_current->exc = NO_VALUE;
            type->slots.finalize(o);
            thread_current->exc = pending;
        }
    }
}

/* Tracked cells handed out since the last collection, nearly. */
static int64_t
young_cells(void)
{
    mutex_lock(&stats_lock);
    int64_t cells = budget_spent + budget_given - atomic_load(&gc_young_budget);
    mutex_unlock(&stats_lock);
    return cells;
}

/* How long the program runs between two slices: as long as it had to stand, but less the more it allocates meanwhile, or the collector could not keep
 * up with it. */
static int64_t
rest_us(void)
{
    int64_t allocated = young_cells() - slices_young, pressure = allocated * 16 / (live_after_full + SLICES_FROM);
    return REST_US / (1 + (pressure > 0 ? pressure : 0));
}

/* Lets the others run, if they want to. pre: the world was just started */
static void
let_run(bool awaited)
{
    if (awaited) {
        int64_t us = rest_us();
        detach();
        usleep((useconds_t)us);
        attach();
    }
}

/* Moves the dead of a batch to `to`; the others are dropped. */
static Object **
keep_dead(Object **items, size_t n, Object **to, bool *awaited)
{
    ObjectVec alive = {0};
    stop_to_count();
    if (gc_slices_closed_stw(items, n, 1)) {
        memmove(to, items, n * sizeof *to);
        to += n;
    } else {
        bool ok = find_dead_stw(items, n, 1);
        size_t dead = 0;
        for (size_t i = 0; i < n; i++) {
            Object *o = items[i];
            bool is_dead = ok && (obj_flags(o) & OBJ_MARK);
            flag_clear_stw(o, OBJ_MARK);
            if (!object_is_large(o)) {
                page_forget_refs(page_of(o));
            }
            if (is_dead) {
                items[dead++] = o;
            } else {
                object_vec_push(&alive, o); /* without memory for the list they keep a reference: alive for ever, never freed too early */
            }
        }
        memmove(to, items, dead * sizeof *to);
        to += dead;
    }
    *awaited = world_is_awaited();
    start_again();
    for (size_t i = 0; i < alive.count; i++) {
        obj_drop(alive.items[i]);
    }
    free(alive.items);
    return to;
}

/* Drops from the garbage what finalizers made reachable again. */
static void
keep_resurrected(ObjectVec *garbage, const GcBatches *batches)
{
    size_t begun = 0;
    Object **to = garbage->items;
    for (size_t i = 0; i < batches->count; i++) {
        bool awaited;
        to = keep_dead(garbage->items + begun, batches->ends[i] - begun, to, &awaited);
        begun = batches->ends[i];
        let_run(awaited && i + 1 < batches->count);
    }
    garbage->count = (size_t)(to - garbage->items);
}

static void
clear_one(Object *o)
{
    if (gc_uncollectable && (atomic_load(&debug_flags) & GC_DEBUG_SAVEALL)) {
        gc_uncollectable(o);
    } else if (obj_type(o)->slots.clear) {
        obj_type(o)->slots.clear(o);
    }
}

/* Moves the instances of classes that others than the collector still refer to, to the front of the first n; gives how many. With the world
 * stopped, or a count could change between the reading of its halves. */
static size_t
held_first(ObjectVec *garbage, size_t n)
{
    size_t held = 0;
    stop_to_count();
    for (size_t i = 0; i < n; i++) {
        Object *o = garbage->items[i];
        if (gc_total_count(o) > 1 && (type_flags(obj_type(o)) & TYPE_HEAP)) {
            garbage->items[i] = garbage->items[held];
            garbage->items[held++] = o;
        }
    }
    start_again();
    return held;
}

/* Drops the first n, which have been cleared, but for instances of classes that something still holds: these are moved to the front. How many. */
static size_t
drop_cleared(ObjectVec *garbage, size_t n)
{
    size_t held;
    while (n > 0 && (held = held_first(garbage, n)) < n) {
        for (size_t i = held; i < n; i++) {
            obj_drop(garbage->items[i]);
        }
        n = held; /* looked at again now that others are gone */
    }
    return n;
}

static void
drop_all(ObjectVec *garbage, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        obj_drop(garbage->items[i]);
    }
}

/* Deferred objects go last: a class is needed until its instances are gone, a function's code while it is being left. */
static void
clear_all(ObjectVec *garbage)
{
    for (size_t i = 0; i < garbage->count; i++) {
        if (obj_flags(garbage->items[i]) & OBJ_WEAKREFS) {
            heap_hooks.weakrefs_clear(garbage->items[i]);
        }
    }
    ObjectVec deferred = {0};
    size_t others = 0;
    for (size_t i = 0; i < garbage->count; i++) {
        Object *o = garbage->items[i];
        if (obj_flags(o) & OBJ_DEFERRED) {
            object_vec_push(&deferred, o); /* without memory for the list it keeps a reference: never freed */
        } else {
            garbage->items[others++] = o;
        }
    }
    garbage->count = others;
    for (size_t i = 0; i < others; i++) {
        clear_one(garbage->items[i]);
    }
    if (deferred.count == 0) {
        drop_all(garbage, others);
        return;
    }
    size_t held = drop_cleared(garbage, others);
    for (size_t i = 0; i < deferred.count; i++) {
        clear_one(deferred.items[i]);
    }
    size_t classes = 0;
    for (size_t i = 0; i < deferred.count; i++) {
        Object *o = deferred.items[i];
        if (type_flags(obj_type(o)) & TYPE_TYPE_SUBCLASS) {
            deferred.items[i] = deferred.items[classes];
            deferred.items[classes++] = o;
        }
    }
    drop_deferred_last(deferred.items + classes, deferred.count - classes);
    held = drop_cleared(garbage, held); /* by classes and functions, too, until now */
    drop_all(garbage, held);
    if (held == 0) {
        drop_deferred_last(deferred.items, classes);
    } else { /* an instance lives on, in a cycle of what cannot be cleared, and needs its class: the next full collection looks again */
        drop_all(&deferred, classes);
    }
    free(deferred.items);
}

/* -- what debug flags show -- */

static void
say(const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (gc_log) {
        gc_log(text);
    } else {
        fputs(text, stderr);
    }
}

static void
show_collectable(const ObjectVec *garbage)
{
    if (atomic_load(&debug_flags) & GC_DEBUG_COLLECTABLE) {
        for (size_t i = 0; i < garbage->count; i++) {
            const char *name = obj_type(garbage->items[i])->name, *dot = strrchr(name, '.');
            say("gc: collectable <%.200s %p>\n", dot ? dot + 1 : name, (void *)garbage->items[i]);
        }
    }
}

/* -- a collection -- */

/* Does away with what is unreachable, and held; how much there was. The batches must be verified one by one; no reference leads from one to another. */
static int64_t
dispose(ObjectVec *garbage, int64_t candidates, const GcBatches *batches)
{
    if (atomic_load(&debug_flags) & GC_DEBUG_STATS) {
        say("gc: objects looked at: %lld, of them unreachable: %zu\n", (long long)candidates, garbage->count);
    }
    int64_t found = 0;
    if (garbage->count) {
        if (heap_hooks.weakrefs_collect) {
            heap_hooks.weakrefs_collect(garbage->items, garbage->count);
        }
        show_collectable(garbage);
        finalize_all(garbage);
        keep_resurrected(garbage, batches);
        found = (int64_t)garbage->count;
        clear_all(garbage);
    }
    free(garbage->items);
    return found;
}

/* Next time more seldom, if it was not worth it. found: of so many candidates */
static void
learn(bool full, int64_t found, int64_t candidates)
{
    if (found * WORTH_IT >= candidates) {
        fruitless[0] = fruitless[1] = 0;
    } else if (fruitless[full] < (full ? FRUITLESS_MOST_FULL : FRUITLESS_MOST)) {
        fruitless[full]++;
    }
}

/* All in one stop. A young collection looks at so many objects at most, roughly. */
static int64_t
collect_at_once(bool full, size_t most)
{
    Collection c = {.full = full, .most = most};
    ObjectVec garbage = {0};
    stop_to_count();
    mark_stw(&c, &garbage);
    int64_t candidates = (int64_t)c.candidates.count;
    start_again();
    free(c.candidates.items);
    free(c.reachable.items);
    free(c.pages.items);
    size_t end = garbage.count;
    int64_t found = dispose(&garbage, candidates, &(GcBatches){&end, 1});
    learn(full, found, candidates);
    return found;
}

/* -- in slices -- */

/* Adds to the garbage, with a reference each, what is dead of a batch that the slices found. False without memory. */
static bool
verify_batch(size_t from, size_t to, Object **items, ObjectVec *garbage, bool *awaited)
{
    stop_to_count();
    size_t closed, n = gc_slices_batch_stw(from, to, items, &closed);
    bool ok = n == closed || find_dead_stw(items + closed, n - closed, 0);
    for (size_t i = 0; i < n && ok; i++) {
        if (i < closed || (obj_flags(items[i]) & OBJ_MARK)) {
            object_vec_push(garbage, items[i]);
            ok = !garbage->failed;
            if (ok) {
                obj_own(items[i]);
            }
        }
    }
    forget_some_stw(items + closed, n - closed);
    *awaited = world_is_awaited();
    start_again();
    return ok;
}

static bool
slice(bool *awaited)
{
    gc_slices_prepare();
    if (gc_slices_active()) {
        world_stop(); /* counts that are spread are what they were in the first slice: those of garbage do not change */
    } else {
        stop_to_count();
    }
    bool done = gc_slice_stw();
    *awaited = world_is_awaited();
    start_again();
    return done;
}

/* Verifies what the slices found, and does away with it. */
static int64_t
slices_finish(void)
{
    ObjectVec garbage = {0};
    GcBatches batches;
    size_t verified = 0;
    int64_t candidates = gc_slices_candidates();
    bool ok = gc_slices_sort(BATCH, &batches) == 0;
    Object **items = ok && batches.count ? malloc(2 * batches.ends[batches.count - 1] * sizeof *items) : NULL;
    for (size_t i = 0, begun = 0; ok && items && i < batches.count; i++) {
        size_t end = batches.ends[i], before = garbage.count;
        bool awaited;
        ok = verify_batch(begun, end, items, &garbage, &awaited);
        let_run(awaited);
        begun = end;
        if (garbage.count > before) {
            batches.ends[verified++] = garbage.count;
        }
    }
    batches.count = verified;
    free(items);
    world_stop();
    live_after_full = candidates - (int64_t)garbage.count;
    survivors = 0;
    world_start();
    int64_t found = dispose(&garbage, candidates, &batches);
    learn(true, found, candidates);
    free(batches.ends);
    gc_slices_end();
    return found;
}

/* A full collection in slices from beginning to end; -1 without memory. */
static int64_t
collect_in_slices(void)
{
    bool awaited = false;
    slices_young = young_cells();
    while (!slice(&awaited)) {
        let_run(awaited);
    }
    if (gc_slices_failed()) {
        gc_slices_end();
        return -1;
    }
    return slices_finish();
}

/* Many objects: others would have to stand too long, and even if there are none the slices are quicker, as they keep no list of the candidates. */
static bool
wants_slices(void)
{
    return young_cells() + live_after_full + survivors > SLICES_FROM;
}

/* The heap is large, and what is in it stays. Only then automatic collections look at it in parts: there are no young collections between slices, so a
 * program that makes garbage would make more of it meanwhile than they find. */
static bool
mostly_stays(void)
{
    return live_after_full > SLICES_FROM && fruitless[1] > 0;
}

/* Cells to hand out before the next collection. */
static int64_t
budget_of_young(void)
{
    int64_t budget = live_after_full / 4, least = atomic_load(&thresholds[0]) * CELLS_PER_THRESHOLD;
    if (atomic_load(&threshold_chosen)) {
        budget = least;
    } else if (budget > YOUNG_MOST && atomic_load(&threads_count) > 1) {
        budget = YOUNG_MOST;
    }
    return budget > least ? budget : least > 0 ? least : YOUNG_LEAST;
}

/* Gives the young generation its budget, and takes note of the collection. */
static void
account(int generation, int64_t found)
{
    int64_t budget = budget_of_young();
    world_stop();
    int64_t unused = pages_unused_stw();
    world_start();
    mutex_lock(&stats_lock);
    stats[generation].collections++;
    stats[generation].collected += found;
    for (int i = 0; i < 3; i++) {
        counts[i] = i == generation + 1 ? counts[i] + 1 : i <= generation ? 0 : counts[i];
    }
    budget_given = budget;
    budget_spent = 0;
    unused_then = unused;
    atomic_store(&gc_young_budget, budget);
    mutex_unlock(&stats_lock);
}

/* In the middle of a collection in slices: when to go on. */
static void
budget_for_slice(void)
{
    mutex_lock(&stats_lock);
    budget_spent += budget_given - atomic_load(&gc_young_budget);
    budget_given = CELLS_PER_SLICE;
    atomic_store(&gc_young_budget, budget_given);
    mutex_unlock(&stats_lock);
}

static void
announce(int generation)
{
    if (heap_hooks.gc_callback) {
        heap_hooks.gc_callback(true, generation, 0, 0);
    }
    if (atomic_load(&debug_flags) & GC_DEBUG_STATS) {
        say("gc: collecting generation %d...\n", generation);
    }
}

static void
conclude(int generation, int64_t found, int64_t began)
{
    if (atomic_load(&debug_flags) & GC_DEBUG_STATS) {
        say("gc: done, %lld unreachable, 0 uncollectable, %.4fs elapsed\n", (long long)found,
            (double)(os_clock_monotonic() - began) / 1e9);
    }
    account(generation, found);
    if (heap_hooks.gc_callback) {
        heap_hooks.gc_callback(false, generation, found, 0);
    }
}

/* Becomes the collector, with no exception pending. False: another thread, or this one further out, is at it. */
static bool
collector_become(Own *pending)
{
    Thread *none = NULL;
    if (!atomic_compare_exchange_strong(&collector, &none, thread_current)) {
        return false;
    }
    *pending = thread_current->exc;
    thread_current->exc = NO_VALUE;
    return true;
}

static void
collector_resign(Own pending)
{
    thread_current->exc = pending;
    atomic_store(&collector, NULL);
}

/* The one in slices that was going on, if any, is given up. */
static void
slices_give_up(void)
{
    if (atomic_load(&slices_begun)) {
        int64_t began = atomic_exchange(&slices_begun, 0);
        gc_slices_end();
        conclude(2, 0, began);
    }
}

/* -1: another thread, or this one further out, is at it. */
static int64_t
collect(int generation, size_t most)
{
    Own pending;
    if (!collector_become(&pending)) {
        return -1;
    }
    slices_give_up();
    int64_t began = os_clock_monotonic(), found = -1;
    announce(generation);
    if (generation > 0 && most == SIZE_MAX && wants_slices()) {
        found = collect_in_slices();
    }
    if (found < 0) {
        found = collect_at_once(generation > 0, most);
    }
    conclude(generation, found, began);
    collector_resign(pending);
    return found;
}

/* One slice of an automatic full collection. Between two of them the program runs at least as long as one takes. */
static void
collect_some(void)
{
    Own pending;
    budget_for_slice();
    if (os_clock_monotonic() < atomic_load(&slice_due) || !collector_become(&pending)) {
        return;
    }
    if (!atomic_load(&slices_begun)) {
        atomic_store(&slices_begun, os_clock_monotonic());
        slices_young = young_cells();
        announce(2);
    }
    bool awaited;
    if (slice(&awaited)) {
        int64_t found = gc_slices_failed() ? -1 : slices_finish();
        gc_slices_end();
        conclude(2, found < 0 ? collect_at_once(true, SIZE_MAX) : found, atomic_exchange(&slices_begun, 0));
    }
    atomic_store(&slice_due, os_clock_monotonic() + rest_us() * 1000);
    collector_resign(pending);
}

/* Another thread's collection is past its stop of the world, and runs finalizers: whoever wants one of its own waits, but not for ever, as a
 * finalizer may be waiting for this very thread. */
bool
gc_wait_idle(int64_t most_ns)
{
    int64_t deadline = os_clock_monotonic() + most_ns;
    for (;;) {
        const Thread *t = atomic_load(&collector);
        if (!t || t == thread_current) {
            return !t;
        }
        if (os_clock_monotonic() >= deadline) {
            return false;
        }
        detach();
        usleep(100);
        attach();
    }
}

void
gc_abandon(const Thread *t)
{
    Thread *mine = (Thread *)(uintptr_t)t;
    atomic_compare_exchange_strong(&collector, &mine, NULL);
}

void
gc_after_fork(void)
{
    if (atomic_load(&collector) && atomic_load(&collector) != thread_current) {
        atomic_store(&slices_begun, 0);
        gc_slices_end();
        atomic_store(&collector, NULL);
    }
}

int64_t
gc_collect(int generation)
{
    int64_t found;
    do {
        found = collect(generation, SIZE_MAX);
    } while (found < 0 && gc_wait_idle(WAIT_FOR_OTHERS));
    return found < 0 ? 0 : found;
}

/* How many objects an automatic young collection looks at: all, but fewer where that has brought nothing, and no more than others may wait for. What
 * it does not see waits for a full one. */
static size_t
young_most(void)
{
    size_t most = fruitless[0] && !atomic_load(&threshold_chosen) ? ((size_t)budget_of_young() >> fruitless[0]) : SIZE_MAX - 1;
    most = most < SAMPLE_LEAST ? SAMPLE_LEAST : most;
    return most > YOUNG_MOST && mostly_stays() && atomic_load(&threads_count) > 1 ? YOUNG_MOST : most;
}

/* A collection was asked for: young, unless the old objects have grown, by default by a quarter and 8000, since the last full one, or by more where
 * full ones found nothing. The second and third threshold scale that (10, 10): after how many survivors, and by which part. */
void
gc_collect_due(void)
{
    if (!atomic_load(&enabled) || atomic_load(&thresholds[0]) <= 0) {
        return;
    }
    double growth = (double)(live_after_full << (atomic_load(&threshold_chosen) ? 0 : fruitless[1])) / 40 * (double)atomic_load(&thresholds[2]) +
                    YOUNG_LEAST / 10 * (double)atomic_load(&thresholds[1]);
    bool full = (double)survivors > growth;
    if (atomic_load(&slices_begun) || (full && mostly_stays())) {
        collect_some();
    } else {
        (void)collect(full ? 2 : 0, full ? SIZE_MAX - 1 : young_most());
    }
}

void
gc_request(void)
{
    if (atomic_load(&enabled) && !atomic_load(&collector)) {
        breaker_set(thread_current, BREAK_GC);
    }
}

/* -- settings -- */

void
gc_enable(bool on)
{
    atomic_store(&enabled, on);
}

bool
gc_is_enabled(void)
{
    return atomic_load(&enabled);
}

void
gc_set_threshold(int generation, int64_t value)
{
    atomic_store(&thresholds[generation], value);
    if (generation == 0) {
        atomic_store(&threshold_chosen, true);
        mutex_lock(&stats_lock);
        budget_spent += budget_given - atomic_load(&gc_young_budget);
        budget_given = value * CELLS_PER_THRESHOLD;
        atomic_store(&gc_young_budget, budget_given);
        mutex_unlock(&stats_lock);
    }
}

int64_t
gc_get_threshold(int generation)
{
    return atomic_load(&thresholds[generation]);
}

/* Generation 0: objects made and not freed since the last collection, nearly: what dies on a page that was full counts as alive. */
int64_t
gc_count(int generation)
{
    int64_t unused = 0;
    if (generation == 0) {
        world_stop();
        unused = pages_unused_stw();
        world_start();
    }
    mutex_lock(&stats_lock);
    int64_t count = counts[generation];
    if (generation == 0) {
        count = budget_spent + budget_given - atomic_load(&gc_young_budget) + unused_then - unused;
    }
    mutex_unlock(&stats_lock);
    return count > 0 ? count : 0;
}

GcStats
gc_stats(int generation)
{
    mutex_lock(&stats_lock);
    GcStats s = stats[generation];
    mutex_unlock(&stats_lock);
    return s;
}

void
gc_set_debug(int flags)
{
    atomic_store(&debug_flags, flags);
}

int
gc_get_debug(void)
{
    return atomic_load(&debug_flags);
}

/* -- tracking -- */

void
gc_track(Object *o)
{
    assert(object_is_large(o) || page_of(o)->tracked);
    atomic_fetch_or_explicit(&o->flags, OBJ_TRACKED, memory_order_relaxed);
}

void
gc_untrack(Object *o)
{
    atomic_fetch_and_explicit(&o->flags, (uint8_t)~OBJ_TRACKED, memory_order_relaxed);
}
