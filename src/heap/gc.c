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
 * One collection at a time (collector). Fields below: guard: the world stopped, or being the collector. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os.h"
#include "heap/heap_priv.h"
#include "heap/spread.h"
#include "heap/type.h"

bool gc_subtracting;
bool gc_has_frozen;
void (*gc_uncollectable)(Object *o);
void (*gc_log)(const char *text);
_Atomic int64_t gc_young_budget = 8000;

static _Atomic bool enabled = true;
static _Atomic(Thread *) collector; /* the thread that collects now; null: none */
static _Atomic int64_t thresholds[3] = {2000, 10, 10};
static _Atomic int debug_flags;
static GcStats stats[3];        /* guard: stats_lock */
static Mutex stats_lock;
static int64_t live_after_full; /* tracked objects found alive by the last full collection */
static int64_t survivors;       /* objects made old since */
static int64_t counts[3];       /* collections of the generation below since this one's; [0] see gc_count. guard: stats_lock */
static int64_t budget_given = 8000;     /* what gc_young_budget was set to; guard: stats_lock */
static int64_t unused_then;     /* and the cells that pages had left at that time; guard: stats_lock */

#define CELLS_PER_THRESHOLD 4
#define WAIT_FOR_OTHERS 200000000 /* ns: see gc_wait_idle */
#define YOUNG_LEAST 8000 /* tracked cells between young collections, at least */

/* A list of objects that grows; items are not counted. */
typedef struct ObjectVec {
    Object **items;
    size_t count, capacity;
    bool failed;
} ObjectVec;

static void
vec_push(ObjectVec *v, Object *o)
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

typedef struct Collection {
    bool full;
    bool failed;         /* out of memory: nothing is freed this time */
    ObjectVec candidates;
    ObjectVec reachable; /* to be followed */
} Collection;

static inline uint32_t *
refs_of(Object *o)
{
    if (object_is_large(o)) {
        return &large_head(o)->refs;
    }
    Page *p = page_of(o);
    return &p->refs[((char *)o - page_cells(p)) / p->cell_size];
}

static inline bool
is_candidate(Value v)
{
    return v && is_object(v) && (obj_flags(obj(v)) & OBJ_MARK);
}

static uint32_t
total_count(const Object *o)
{
    return (uint32_t)refs_shared_count(atomic_load_explicit(&o->shared, memory_order_relaxed)) + o->local;
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

/* Its memory only waits for an epoch. */
static bool
is_dying(const Object *o)
{
    bool queued = atomic_load_explicit(&o->shared, memory_order_relaxed) & REFS_QUEUED;
    return total_count(o) == 0 && !(obj_flags(o) & OBJ_DEFERRED) && !queued;
}

static void
candidate_add(Object *o, void *arg)
{
    Collection *c = arg;
    uint8_t flags = obj_flags(o);
    if ((flags & OBJ_IMMORTAL) || !(flags & OBJ_TRACKED) || (!c->full && (flags & (OBJ_OLD | OBJ_DEFERRED)))) {
        return;
    }
    bool queued = atomic_load_explicit(&o->shared, memory_order_relaxed) & REFS_QUEUED;
    if (is_dying(o) || (object_is_large(o) && large_head(o)->frozen)) {
        return;
    }
    vec_push(&c->candidates, o);
    flag_set_stw(o, OBJ_MARK);
    *refs_of(o) = total_count(o) + queued; /* its owner's merge queue still leads to it, whatever its count says */
}

static void
candidates_of_page(Page *p, void *arg)
{
    Collection *c = arg;
    if (c->failed || p->frozen || (!c->full && !atomic_load_explicit(&p->young, memory_order_relaxed))) {
        return;
    }
    if (!p->refs) {
        p->refs = malloc(p->cell_count * sizeof *p->refs);
        if (!p->refs) {
            c->failed = true;
            return;
        }
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
        vec_push(arg, obj(v));
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

static void
reach_frames(Thread *t, void *work)
{
    heap_hooks.visit_frames(t, ignore, reach, work);
}

/* What is frozen is no candidate, yet it holds its class, and generators hold deferred objects, without counting them. */
static void
reach_from_frozen(Object *o, void *arg)
{
    if (!is_dying(o)) {
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
    for (Thread *t = threads_first; t; t = t->next) {
        reach_frames(t, work);
        dying_visit_types(t, reach, work);
    }
    threads_visit_lost(reach_frames, work);
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
    while (work->count) {
        Object *o = work->items[--work->count];
        traverse(o, reach, work);
        if (c->full) {
            reach(VALUE(obj_type(o)), work);
        }
    }
}

static void
page_forget_refs(Page *p, void *arg UNUSED)
{
    free(p->refs);
    p->refs = NULL;
}

static void
page_grow_old(Page *p, void *arg UNUSED)
{
    page_forget_refs(p, NULL);
    atomic_store_explicit(&p->young, false, memory_order_relaxed);
}

/* Splits the candidates: garbage is moved to `garbage` with a reference each, the rest becomes old. */
static void
settle(Collection *c, ObjectVec *garbage)
{
    for (size_t i = 0; i < c->candidates.count; i++) {
        Object *o = c->candidates.items[i];
        if (obj_flags(o) & OBJ_MARK) {
            if (!c->failed && !c->reachable.failed) {
                vec_push(garbage, o);
            }
            flag_clear_stw(o, OBJ_MARK);
        }
        if (!(obj_flags(o) & OBJ_OLD)) {
            flag_set_stw(o, OBJ_OLD);
            survivors++;
        }
    }
    if (garbage->failed) {
        garbage->count = 0;
    }
    for (size_t i = 0; i < garbage->count; i++) {
        obj_own(garbage->items[i]);
    }
}

static void
mark_stw(Collection *c, ObjectVec *garbage)
{
    pages_visit_stw(candidates_of_page, c);
    large_visit_stw(candidate_add, c);
    if (!c->failed && !c->candidates.failed) {
        find_reachable(c, 0);
    } else {
        c->failed = true;
    }
    settle(c, garbage);
    pages_visit_stw(page_grow_old, NULL);
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

/* Drops from the garbage what finalizers made reachable again. */
static void
keep_resurrected(ObjectVec *garbage)
{
    Collection again = {.full = true, .candidates = *garbage};
    stop_to_count();
    bool ok = true;
    for (size_t i = 0; i < garbage->count; i++) {
        Object *o = garbage->items[i];
        Page *p = object_is_large(o) ? NULL : page_of(o);
        if (p && !p->refs) {
            p->refs = malloc(p->cell_count * sizeof *p->refs);
            ok = ok && p->refs;
        }
    }
    size_t dead = 0;
    if (ok) {
        for (size_t i = 0; i < garbage->count; i++) {
            Object *o = garbage->items[i];
            flag_set_stw(o, OBJ_MARK);
            *refs_of(o) = total_count(o);
        }
        find_reachable(&again, 1);
    }
    ObjectVec alive = {0};
    for (size_t i = 0; i < garbage->count; i++) {
        Object *o = garbage->items[i];
        bool is_dead = ok && !again.reachable.failed && (obj_flags(o) & OBJ_MARK);
        flag_clear_stw(o, OBJ_MARK);
        if (is_dead) {
            garbage->items[dead++] = o;
        } else {
            vec_push(&alive, o); /* without memory for the list they keep a reference: alive for ever, never freed too early */
        }
    }
    garbage->count = dead;
    pages_visit_stw(page_forget_refs, NULL);
    start_again();
    free(again.reachable.items);
    for (size_t i = 0; i < alive.count; i++) {
        obj_drop(alive.items[i]);
    }
    free(alive.items);
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
        if (total_count(o) > 1 && (type_flags(obj_type(o)) & TYPE_HEAP)) {
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
            vec_push(&deferred, o); /* without memory for the list it keeps a reference: never freed */
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

/* Finds what is unreachable and does away with it; how many there were. */
static int64_t
collect_garbage(int generation)
{
    Collection c = {.full = generation > 0};
    ObjectVec garbage = {0};
    stop_to_count();
    mark_stw(&c, &garbage);
    int64_t candidates = (int64_t)c.candidates.count;
    start_again();
    if (atomic_load(&debug_flags) & GC_DEBUG_STATS) {
        say("gc: objects looked at: %lld, of them unreachable: %zu\n", (long long)candidates, garbage.count);
    }
    free(c.candidates.items);
    free(c.reachable.items);
    int64_t found = 0;
    if (garbage.count) {
        if (heap_hooks.weakrefs_collect) {
            heap_hooks.weakrefs_collect(garbage.items, garbage.count);
        }
        show_collectable(&garbage);
        finalize_all(&garbage);
        keep_resurrected(&garbage);
        found = (int64_t)garbage.count;
        clear_all(&garbage);
    }
    free(garbage.items);
    return found;
}

/* Gives the young generation its budget, and takes note of the collection. */
static void
account(int generation, int64_t found)
{
    int64_t budget = live_after_full / 4, least = atomic_load(&thresholds[0]) * CELLS_PER_THRESHOLD;
    budget = budget > least ? budget : least > 0 ? least : YOUNG_LEAST;
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
    unused_then = unused;
    atomic_store(&gc_young_budget, budget);
    mutex_unlock(&stats_lock);
}

/* -1: another thread, or this one further out, is at it. */
static int64_t
collect(int generation)
{
    Thread *none = NULL;
    if (!atomic_compare_exchange_strong(&collector, &none, thread_current)) {
        return -1;
    }
    Own pending = thread_current->exc;
    thread_current->exc = NO_VALUE;
    if (heap_hooks.gc_callback) {
        heap_hooks.gc_callback(true, generation, 0, 0);
    }
    bool tell = (atomic_load(&debug_flags) & GC_DEBUG_STATS) != 0;
    int64_t start = os_clock_monotonic();
    if (tell) {
        say("gc: collecting generation %d...\n", generation);
    }
    int64_t found = collect_garbage(generation);
    if (tell) {
        say("gc: done, %lld unreachable, 0 uncollectable, %.4fs elapsed\n", (long long)found, (double)(os_clock_monotonic() - start) / 1e9);
    }
    account(generation, found);
    if (heap_hooks.gc_callback) {
        heap_hooks.gc_callback(false, generation, found, 0);
    }
    thread_current->exc = pending;
    atomic_store(&collector, NULL);
    return found;
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
    if (atomic_load(&collector) != thread_current) {
        atomic_store(&collector, NULL);
    }
}

int64_t
gc_collect(int generation)
{
    int64_t found;
    do {
        found = collect(generation);
    } while (found < 0 && gc_wait_idle(WAIT_FOR_OTHERS));
    return found < 0 ? 0 : found;
}

/* A collection was asked for: young, unless the old objects have grown, by default by a quarter and 8000, since the last full one. The
 * second and third threshold scale that (10, 10): after how many survivors, and by which part. */
void
gc_collect_due(void)
{
    if (atomic_load(&enabled) && atomic_load(&thresholds[0]) > 0) {
        double growth = (double)live_after_full / 40 * (double)atomic_load(&thresholds[2]) +
                        YOUNG_LEAST / 10 * (double)atomic_load(&thresholds[1]);
        (void)collect((double)survivors > growth ? 2 : 0);
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
        mutex_lock(&stats_lock);
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
        count = budget_given - atomic_load(&gc_young_budget) + unused_then - unused;
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
