/* When to collect what, and what was collected.
 *
 * A collection is asked for when so many tracked cells have been handed out (the budget). It is a young one, unless the old objects have grown by a quarter
 * and 8000 since the last full one. The first comes early. Where collections find next to nothing they come more seldom, and young ones look at a part.
 * Full ones come when the old objects have doubled; when they are sixteen times as many, and a million more, if a sample of the old objects, taken each
 * time that those have doubled, has as little garbage. A program is taken for one that makes no cycles until that turns out to be wrong. A threshold that
 * it sets is kept to. */
#include <string.h>

#include "heap/gc/gc_priv.h"

#define UNTIL_STARTED (INT64_MAX / 2) /* what is made meanwhile stays */

_Atomic int64_t gc_young_budget = UNTIL_STARTED;
int64_t gc_live_after_full;
int64_t gc_survivors;

static _Atomic bool enabled = true;
static _Atomic int64_t thresholds[3] = {2000, 10, 10};
static _Atomic bool threshold_chosen; /* the program set the first: it is kept to, however large the heap */
/* How many collections in a row, nearly, found next to nothing; samples: since the last full one. guard: being the collector */
static unsigned fruitless[GC_FULL + 1] = {[GC_FULL] = 2};
static _Atomic bool nothing_known = true; /* of what the program makes: no collection has been */
static Mutex stats_lock;
static GcStats stats[3];        /* guard: stats_lock, as below */
static int64_t counts[3];       /* collections of the generation below since this one's; [0] see gc_count */
static _Atomic bool memory_is_short; /* since gc_due looked last */
static int64_t handed_out;      /* cells before gc_young_budget was set */
static int64_t budget_given = UNTIL_STARTED; /* what that was set to */
static int64_t handed_out_then; /* at the last collection */
static int64_t unused_then;     /* and the cells that pages had left at that time */

#define CELLS_PER_THRESHOLD 4
#define SLICES_FROM 100000 /* objects: what takes longer than a slice or a few */
#define SLICES_ALONE_FROM 25000 /* where there is one thread, which does not wait between them */
#define CELLS_PER_SLICE 2000
#define REST_US 1500
#define YOUNG_MOST 12000   /* objects that a young collection looks at, where other threads wait */
#define WORTH_IT 64        /* one of so many objects was garbage */
static const unsigned fruitless_most[] = {[GC_YOUNG] = 4, [GC_SAMPLE] = 10, [GC_FULL] = 2};
#define SAMPLES_BEFORE_FULL 4 /* without garbage: and then one anyway, as a sample does not see large cycles, */
#define SURVIVORS_LEAST 1000000 /* once that could free as much as 100 MB */
#define SAMPLE_SHARE 64    /* a sample is one of so many */
#define SAMPLE_LEAST 1000
#define YOUNG_LEAST 8000 /* tracked cells between young collections, at least */

/* -- budgets -- */

/* lock: stats_lock */
static int64_t
handed_out_locked(void)
{
    return handed_out + budget_given - atomic_load(&gc_young_budget);
}

static void
budget_set_locked(int64_t cells)
{
    handed_out = handed_out_locked();
    budget_given = cells;
    atomic_store(&gc_young_budget, cells);
}

int64_t
gc_cells_handed_out(void)
{
    mutex_lock(&stats_lock);
    int64_t cells = handed_out_locked();
    mutex_unlock(&stats_lock);
    return cells;
}

/* Since the last collection. */
static int64_t
young_cells(void)
{
    mutex_lock(&stats_lock);
    int64_t cells = handed_out_locked() - handed_out_then;
    mutex_unlock(&stats_lock);
    return cells;
}

/* Cells to hand out between two collections: each goes through all pages. */
static int64_t
budget_of_young(void)
{
    bool seldom = fruitless[GC_YOUNG] >= fruitless_most[GC_YOUNG];
    int64_t budget = (gc_live_after_full + gc_survivors) / (seldom ? 2 : 4), least = atomic_load(&thresholds[0]) * CELLS_PER_THRESHOLD;
    if (atomic_load(&threshold_chosen)) {
        budget = least;
    } else if (atomic_load(&nothing_known)) { /* the first looks at all, and its lists are fresh memory: the fewer the better */
        return atomic_load(&thresholds[0]);
    } else if (budget > YOUNG_MOST && atomic_load(&threads_count) > 1) {
        budget = YOUNG_MOST;
    }
    return budget > least ? budget : least > 0 ? least : YOUNG_LEAST;
}

void
gc_budget_renew(int generation)
{
    int64_t budget = gc_slices_active() ? CELLS_PER_SLICE : budget_of_young();
    world_stop();
    int64_t unused = pages_unused_stw();
    world_start();
    mutex_lock(&stats_lock);
    budget_set_locked(budget);
    handed_out_then = handed_out;
    unused_then = unused;
    for (int i = 0; i < 3; i++) {
        counts[i] = i == generation + 1 ? counts[i] + 1 : i <= generation ? 0 : counts[i];
    }
    mutex_unlock(&stats_lock);
}

void
gc_policy_start(void)
{
    gc_live_after_full = gc_survivors;
    gc_survivors = 0;
    int64_t budget = budget_of_young();
    mutex_lock(&stats_lock);
    budget_set_locked(budget);
    handed_out_then = handed_out;
    mutex_unlock(&stats_lock);
}

void
gc_budget_for_slice(void)
{
    mutex_lock(&stats_lock);
    budget_set_locked(CELLS_PER_SLICE);
    mutex_unlock(&stats_lock);
}

/* -- decisions -- */

bool
gc_young_due(void)
{
    return atomic_load(&enabled) && atomic_load(&thresholds[0]) > 0 && young_cells() >= budget_of_young();
}

void
gc_memory_was_short(void)
{
    atomic_store(&memory_is_short, true);
}

/* Unless next to nothing was made since the last full one: then there is as little to be had. */
static bool
must_find_memory(void)
{
    return atomic_exchange(&memory_is_short, false) && (young_cells() + gc_survivors) * WORTH_IT > gc_live_after_full;
}

/* The second and third threshold scale when a full one is due (10, 10): after how many survivors, and by which part. */
GcScope
gc_due(void)
{
    if (!atomic_load(&enabled) || atomic_load(&thresholds[0]) <= 0) {
        return GC_NOTHING;
    }
    if (must_find_memory()) {
        return GC_FULL;
    }
    unsigned seldom = atomic_load(&threshold_chosen) ? 0 : fruitless[GC_FULL] + fruitless[GC_SAMPLE];
    double growth = (double)(gc_live_after_full << seldom) / 40 * (double)atomic_load(&thresholds[2]) +
                    YOUNG_LEAST / 10 * (double)atomic_load(&thresholds[1]);
    if ((double)gc_survivors <= growth) {
        return GC_YOUNG;
    }
    bool samples_do = fruitless[GC_SAMPLE] < SAMPLES_BEFORE_FULL || gc_survivors < SURVIVORS_LEAST;
    return seldom >= fruitless_most[GC_FULL] && samples_do ? GC_SAMPLE : GC_FULL;
}

/* Of the young not all where that has brought nothing, and no more than others may wait for. What it does not see waits for a full one. */
size_t
gc_most(GcScope scope)
{
    size_t most = SIZE_MAX - 1;
    if (scope == GC_SAMPLE) {
        most = (size_t)(gc_live_after_full + gc_survivors) / SAMPLE_SHARE;
    } else if (fruitless[GC_YOUNG] && !atomic_load(&threshold_chosen)) {
        most = (size_t)budget_of_young() >> 2 * fruitless[GC_YOUNG];
    }
    most = most < SAMPLE_LEAST ? SAMPLE_LEAST : most;
    return most > YOUNG_MOST && gc_live_after_full > SLICES_FROM && atomic_load(&threads_count) > 1 ? YOUNG_MOST : most;
}

/* Many objects: others would have to stand too long. Where there are none the slices are quicker, as they keep no list of the candidates. */
bool
gc_wants_slices(void)
{
    return young_cells() + gc_live_after_full + gc_survivors > (atomic_load(&threads_count) > 1 ? SLICES_FROM : SLICES_ALONE_FROM);
}

/* How long the program runs between two slices: as long as it had to stand, but less the more it allocates meanwhile, or the collector could not keep
 * up with it. */
int64_t
gc_rest_us(int64_t handed_out_before)
{
    int64_t pressure = (gc_cells_handed_out() - handed_out_before) * 16 / (gc_live_after_full + SLICES_FROM);
    return REST_US / (1 + (pressure > 0 ? pressure : 0));
}

void
gc_learn(GcScope scope, int64_t found, int64_t candidates)
{
    atomic_store(&nothing_known, false);
    if (scope == GC_FULL) {
        fruitless[GC_SAMPLE] = 0;
    }
    if (found > 0 && found * WORTH_IT >= candidates) {
        memset(fruitless, 0, sizeof fruitless);
    } else if (fruitless[scope] < fruitless_most[scope]) {
        fruitless[scope]++;
    }
}

void
gc_account(int generation, int64_t found)
{
    mutex_lock(&stats_lock);
    stats[generation].collections++;
    stats[generation].collected += found;
    mutex_unlock(&stats_lock);
}

/* -- settings -- */

void
gc_set_automatic(bool on)
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
        budget_set_locked(value * CELLS_PER_THRESHOLD);
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
        count = handed_out_locked() - handed_out_then + unused_then - unused;
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

void
gc_class_changed(Object *o)
{
    if (!object_is_large(o)) {
        atomic_store_explicit(&page_of(o)->young, true, memory_order_relaxed);
    }
}
