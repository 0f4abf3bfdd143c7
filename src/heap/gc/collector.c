/* The cycle collector: who collects, what and how.
 *
 * A young collection, and a full one of few objects, finds its garbage in one stop of the world (mark.c). A full one of many finds it in slices (slices.c),
 * and verifies it batch by batch; young ones go on meanwhile, on the threads that make the garbage, or they would outrun the one that collects. Stops of
 * the world then are as long as a slice, a batch, or a young collection takes.
 *
 * One thread at a time is the collector, and chooses and marks; when the garbage is found in one stop it lets the next one begin, and does away with it
 * (garbage.c). A thread that does either begins no collection of its own: its finalizers do not nest. Fields below: guard: being the collector. */
#include <unistd.h>

#include "base/os.h"
#include "heap/gc/gc_priv.h"

#define WAIT_FOR_OTHERS 200000000 /* ns without progress: see wait_for */
#define BATCH 10000        /* objects verified in one stop */

enum { NOT_COLLECTING, IS_COLLECTOR, DISPOSES }; /* Thread.collecting */

static _Atomic(Thread *) collector; /* null: none. guard: atomic */
static _Atomic(Thread *) slices_owner; /* does a full one in slices from beginning to end, or the end of one; in between it lets others be the collector, for young
                                          ones. guard: being the collector to set */
static _Atomic bool owner_waits;    /* to be the collector again: no automatic one begins */
static _Atomic uint64_t turns;      /* how often a thread became it */
static _Atomic uint64_t owner_steps; /* slices, batches and rests of slices_owner */
static _Atomic uint64_t disposals_begun, disposals_done; /* by threads that were not the collector any more */
static _Atomic int64_t slices_begun; /* when; 0: no automatic collection in slices is going on. guard: being the collector to change */
static int64_t slice_due;           /* when its next slice may begin */
static int64_t slices_from;         /* cells handed out when it or another began */
static int64_t survivors_before;    /* and gc_survivors */

/* -- being the collector -- */

/* With no exception pending. False: another thread is, or this one is at a collection further out. */
static bool
collector_become(Own *pending)
{
    Thread *none = NULL, *t = thread_current;
    if (t->collecting || atomic_load(&owner_waits) || !atomic_compare_exchange_strong(&collector, &none, t)) {
        return false;
    }
    t->collecting = IS_COLLECTOR;
    atomic_fetch_add(&turns, 1);
    *pending = t->exc;
    t->exc = NO_VALUE;
    return true;
}

/* Lets another thread become it; this one still is at its collection. */
static void
collector_pass_on(void)
{
    atomic_fetch_add(&disposals_begun, 1);
    thread_current->collecting = DISPOSES;
    atomic_store(&collector, NULL);
}

static void
collector_resign(Own pending)
{
    Thread *t = thread_current;
    t->exc = pending;
    if (t->collecting == DISPOSES) {
        atomic_fetch_add(&disposals_done, 1);
    } else {
        atomic_store(&collector, NULL);
    }
    t->collecting = NOT_COLLECTING;
}

/* A moment; false when it is not to be waited any longer. */
static bool
wait_until(int64_t deadline)
{
    if (thread_current->collecting || os_clock_monotonic() >= deadline) {
        return false;
    }
    detach();
    usleep(100);
    attach();
    return true;
}

typedef struct Wait {
    uint64_t progress;
    int64_t deadline;
} Wait;

/* The same while what is waited for goes on, and that is not what others do meanwhile: it may run a finalizer, which may wait for this very thread. */
static bool
wait_for(Wait *w, uint64_t progress)
{
    if (progress != w->progress || !w->deadline) {
        w->progress = progress;
        w->deadline = os_clock_monotonic() + WAIT_FOR_OTHERS;
    }
    return wait_until(w->deadline);
}

bool
gc_wait_idle(int64_t most_ns)
{
    int64_t deadline = os_clock_monotonic() + most_ns;
    while (atomic_load(&collector) || atomic_load(&slices_owner) || atomic_load(&disposals_done) != atomic_load(&disposals_begun)) {
        if (!wait_until(deadline)) {
            return false;
        }
    }
    return true;
}

void
gc_abandon(const Thread *t)
{
    Thread *mine = (Thread *)(uintptr_t)t;
    if (t->collecting == DISPOSES) {
        atomic_fetch_add(&disposals_done, 1);
    } else {
        atomic_compare_exchange_strong(&collector, &mine, NULL);
    }
    if (atomic_load(&slices_owner) == t) { /* whoever collects next goes on with it */
        atomic_store(&slices_owner, NULL);
        atomic_store(&owner_waits, false);
    }
}

void
gc_after_fork(void)
{
    const Thread *me = thread_current, *other = atomic_load(&collector), *owner = atomic_load(&slices_owner);
    if ((other && other != me) || (owner && owner != me)) {
        atomic_store(&slices_begun, 0);
        gc_slices_end();
        atomic_store(&collector, other == me ? thread_current : NULL);
        atomic_store(&slices_owner, NULL);
        atomic_store(&owner_waits, false);
    }
    atomic_store(&disposals_done, atomic_load(&disposals_begun) - (me->collecting == DISPOSES));
}

/* -- what is seen of a collection -- */

static void
announce(int generation)
{
    if (heap_hooks.gc_callback) {
        heap_hooks.gc_callback(true, generation, 0, 0);
    }
    if (gc_debugs(GC_DEBUG_STATS)) {
        gc_say("gc: collecting generation %d...\n", generation);
    }
}

static void
conclude(int generation, int64_t found, int64_t began)
{
    if (gc_debugs(GC_DEBUG_STATS)) {
        gc_say("gc: done, %lld unreachable, 0 uncollectable, %.4fs elapsed\n", (long long)found,
               (double)(os_clock_monotonic() - began) / 1e9);
    }
    gc_account(generation, found);
    if (heap_hooks.gc_callback) {
        heap_hooks.gc_callback(false, generation, found, 0);
    }
}

/* -- at once -- */

static void
find_at_once(int generation, GcScope scope, size_t most, GcGarbage *g)
{
    gc_stop_to_count();
    gc_mark_stw(scope, most, g);
    gc_start_again();
    gc_learn(scope, (int64_t)g->objects.count, g->candidates);
    gc_budget_renew(generation);
}

static int64_t
dispose_all(GcGarbage *g)
{
    size_t end = g->objects.count;
    return gc_dispose(g, &(GcBatches){&end, 1}, NULL);
}

/* Passes on being the collector. */
static int64_t
collect_at_once(int generation, GcScope scope, size_t most)
{
    GcGarbage g = {.shown = atomic_load(&objects_shown)};
    find_at_once(generation, scope, most, &g);
    collector_pass_on();
    return dispose_all(&g);
}

/* -- in slices -- */

/* Between two stops, when somebody waited for the last to end: lets the others run, and collect what they make. pre: slices_owner */
static void
rest(void)
{
    int64_t us = gc_rest_us(slices_from);
    gc_budget_for_slice();
    atomic_store(&collector, NULL);
    detach();
    usleep((useconds_t)us);
    attach();
    atomic_store(&owner_waits, true);
    for (Thread *none = NULL; !atomic_compare_exchange_strong(&collector, &none, thread_current); none = NULL) {
        detach();
        usleep(50);
        attach();
    }
    atomic_store(&owner_waits, false);
    atomic_fetch_add(&owner_steps, 1);
}

/* Adds to the garbage what is dead of a batch that the slices found. False without memory. */
static bool
verify_batch(size_t from, size_t to, Object **items, GcGarbage *g, bool *awaited)
{
    gc_stop_to_count();
    size_t closed, n = gc_slices_batch_stw(from, to, items, &closed);
    bool ok = n == closed || gc_find_dead_stw(items + closed, n - closed, 0);
    for (size_t i = 0; i < n && ok; i++) {
        if (i < closed || (obj_flags(items[i]) & OBJ_MARK)) {
            ok = gc_garbage_add_stw(g, items[i]);
        }
    }
    gc_forget_some_stw(items + closed, n - closed);
    *awaited = world_is_awaited();
    gc_start_again();
    atomic_fetch_add(&owner_steps, 1);
    return ok;
}

static bool
slice(bool *awaited)
{
    gc_slices_prepare();
    if (gc_slices_active()) {
        world_stop(); /* counts that are spread are what they were in the first slice: those of garbage do not change */
    } else {
        slices_from = gc_cells_handed_out();
        gc_stop_to_count();
        survivors_before = gc_survivors;
    }
    bool done = gc_slice_stw();
    *awaited = world_is_awaited();
    gc_start_again();
    atomic_fetch_add(&owner_steps, 1);
    return done;
}

/* Verifies what the slices found, and does away with it. It counts as a collection of this generation. */
static int64_t
slices_finish(int generation)
{
    GcGarbage g = {.candidates = gc_slices_candidates(), .in_slices = true, .shown = atomic_load(&objects_shown)};
    GcBatches batches;
    size_t verified = 0;
    bool ok = gc_slices_sort(BATCH, &batches) == 0;
    size_t most = ok && batches.count ? batches.ends[batches.count - 1] : 0;
    Object **items = most ? malloc(2 * most * sizeof *items) : NULL;
    object_vec_reserve(&g.objects, most);
    for (size_t i = 0, begun = 0; ok && items && i < batches.count; i++) {
        size_t end = batches.ends[i], before = g.objects.count;
        bool awaited;
        ok = verify_batch(begun, end, items, &g, &awaited);
        if (awaited) {
            rest();
        }
        begun = end;
        if (g.objects.count > before) {
            batches.ends[verified++] = g.objects.count;
        }
    }
    batches.count = verified;
    free(items);
    world_stop();
    gc_live_after_full = g.candidates - (int64_t)g.objects.count;
    gc_survivors -= gc_survivors < survivors_before ? gc_survivors : survivors_before;
    world_start();
    gc_learn(GC_FULL, (int64_t)g.objects.count, g.candidates);
    int64_t found = gc_dispose(&g, &batches, rest);
    free(batches.ends);
    gc_slices_end();
    gc_budget_renew(generation);
    return found;
}

/* What is left to do when the last slice is done; -1 without memory. */
static int64_t
slices_conclude(int generation)
{
    atomic_store(&slices_owner, thread_current);
    int64_t found = -1;
    if (gc_slices_failed()) {
        gc_slices_end();
    } else {
        found = slices_finish(generation);
    }
    atomic_store(&slices_owner, NULL);
    return found;
}

/* A full collection in slices from beginning to end; -1 without memory. */
static int64_t
collect_in_slices(int generation)
{
    bool awaited = false;
    atomic_store(&slices_owner, thread_current);
    while (!slice(&awaited)) {
        if (awaited) {
            rest();
        }
    }
    return slices_conclude(generation);
}

/* One slice of an automatic full collection. Between two of them the program runs at least as long as one takes. */
static void
collect_some(void)
{
    gc_budget_for_slice();
    if (os_clock_monotonic() < slice_due) {
        return;
    }
    if (!atomic_load(&slices_begun)) {
        atomic_store(&slices_begun, os_clock_monotonic());
        announce(2);
    }
    bool awaited;
    if (slice(&awaited)) {
        int64_t began = atomic_load(&slices_begun), found = slices_conclude(2);
        atomic_store(&slices_begun, 0);
        conclude(2, found < 0 ? collect_at_once(2, GC_FULL, SIZE_MAX) : found, began);
    } else {
        slice_due = os_clock_monotonic() + gc_rest_us(slices_from) * 1000;
    }
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

/* -- what others ask for -- */

/* -1: another thread, or this one further out, is at it. */
static int64_t
collect(int generation)
{
    Own pending;
    if (!collector_become(&pending)) {
        return -1;
    }
    if (generation > 0 && atomic_load(&slices_owner)) {
        collector_resign(pending);
        return -1;
    }
    if (generation > 0) {
        slices_give_up();
    }
    int64_t began = os_clock_monotonic();
    announce(generation);
    int64_t found = generation > 0 && gc_wants_slices() ? collect_in_slices(generation) : -1;
    if (found < 0) {
        found = collect_at_once(generation, generation > 0 ? GC_FULL : GC_YOUNG, SIZE_MAX);
    }
    conclude(generation, found, began);
    collector_resign(pending);
    return found;
}

static void
survives(Object *o, void *arg UNUSED)
{
    if (!(obj_flags(o) & OBJ_OLD)) {
        gc_make_old(o);
        gc_slices_pass_over_stw(o);
    }
}

static void
page_survives(Page *p, void *arg UNUSED)
{
    gc_slices_renew_stw(p);
    page_grow_old(p);
}

void
gc_start(void)
{
    Own pending;
    while (!collector_become(&pending)) { /* a thread of the site's is it */
        detach();
        usleep(50);
        attach();
    }
    world_stop();
    objects_visit_stw(survives, NULL);
    pages_visit_stw(page_survives, NULL);
    gc_policy_start();
    world_start();
    collector_resign(pending);
}

int64_t
gc_collect(int generation)
{
    int64_t found;
    Wait turn = {0}, disposal = {0};
    while ((found = collect(generation)) < 0) {
        if (!wait_for(&turn, atomic_load(&slices_owner) ? atomic_load(&owner_steps) : atomic_load(&turns))) {
            return 0;
        }
    }
    uint64_t begun = atomic_load(&disposals_begun); /* what was garbage is gone then, whoever found it */
    while (atomic_load(&disposals_done) < begun && wait_for(&disposal, atomic_load(&disposals_done))) {
    }
    return found;
}

void
gc_collect_due(void)
{
    Own pending;
    if (!collector_become(&pending)) {
        return;
    }
    GcScope due = gc_due();
    bool owned = atomic_load(&slices_owner) != NULL, going_on = owned || atomic_load(&slices_begun);
    bool in_slices = going_on ? !gc_young_due() : due == GC_FULL && gc_wants_slices();
    if (due != GC_NOTHING && in_slices && owned) {
        gc_budget_for_slice();
    } else if (due != GC_NOTHING && in_slices) {
        collect_some();
    } else if (due != GC_NOTHING) {
        GcScope scope = going_on ? GC_YOUNG : due;
        int generation = scope - GC_YOUNG; /* a sample of the old counts as the middle one */
        int64_t began = os_clock_monotonic();
        announce(generation);
        conclude(generation, collect_at_once(generation, scope, gc_most(scope)), began);
    }
    collector_resign(pending);
}

void
gc_request(void)
{
    if (gc_is_enabled() && !atomic_load(&collector) && !thread_current->collecting) {
        breaker_set(thread_current, BREAK_GC);
    }
}

void
gc_memory_is_short(void)
{
    gc_memory_was_short();
    gc_request();
}

void
gc_enable(bool on)
{
    Own pending;
    gc_set_automatic(on);
    if (!on && collector_become(&pending)) {
        if (!atomic_load(&slices_owner)) {
            slices_give_up();
        }
        collector_resign(pending);
    }
}
