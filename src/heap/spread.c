/* Counts that are spread over the threads: heap/spread.h. */
#include <stdlib.h>

#include "base/os.h"
#include "base/stats.h"
#include "heap/heap_priv.h"
#include "heap/spread.h"

#define ENTRIES_LOG_LEAST 8 /* a table grows from the one to the other */
#define ENTRIES_LOG_MOST 14
#define PROBES 16
#define SPREAD_MAX 8192  /* objects; at that number settling is asked for, */
#define ASK_EVERY_NS 100000000 /* but not more often than so */
#define USED_MUCH 16     /* counts of all threads since the last settling: it stays spread */

/* Which objects are spread. guard: spread_lock */
static Mutex spread_lock;
static Object **spread;
static size_t spread_total, spread_capacity;
static Object **dead; /* and those found dead, with a reference each */
static size_t dead_total, dead_capacity;
static int64_t asked_at; /* when settling was last asked for; guard: spread_lock */

/* -- counting -- */

static inline int32_t
entry_count(const SpreadEntry *e)
{
    return (int32_t)(uint32_t)e->sum;
}

static inline uint32_t
entry_used(const SpreadEntry *e)
{
    return (uint32_t)((e->sum - (uint64_t)(int64_t)entry_count(e)) >> 32);
}

static inline size_t
table_size(const SpreadTable *table)
{
    return (size_t)1 << (64 - table->shift);
}

/* null without memory */
static SpreadTable *
table_of(Thread *t)
{
    if (UNLIKELY(!t->spread)) {
        SpreadTable *table = calloc(1, sizeof *table);
        SpreadEntry *entries = calloc((size_t)1 << ENTRIES_LOG_LEAST, sizeof *entries);
        if (!table || !entries) {
            free(table);
            free(entries);
            return NULL;
        }
        table->shift = 64 - ENTRIES_LOG_LEAST;
        table->entries = entries;
        t->spread = table;
    }
    return t->spread;
}

/* The entry of o, or a free one for it. null: there is no room where it would be looked for */
static inline SpreadEntry *
entry_in(const SpreadTable *table, const Object *o)
{
    size_t at = spread_place(o, table->shift), mask = table_size(table) - 1;
    for (size_t i = 0; i < PROBES; i++) {
        SpreadEntry *e = &table->entries[(at + i) & mask];
        if (LIKELY(e->object == o) || !e->object) {
            return e;
        }
    }
    return NULL;
}

/* Moves all to four times as many entries. When it cannot, all stay. */
static void
table_grow(SpreadTable *table)
{
    SpreadTable larger = {.shift = table->shift - 2, .used = table->used};
    larger.entries = larger.shift >= 64 - ENTRIES_LOG_MOST ? calloc(table_size(&larger), sizeof *larger.entries) : NULL;
    bool room = larger.entries != NULL;
    for (size_t i = 0; room && i < table_size(table); i++) {
        const SpreadEntry *from = &table->entries[i];
        SpreadEntry *to = from->object ? entry_in(&larger, from->object) : NULL;
        if (to) {
            *to = *from;
        }
        room = to || !from->object;
    }
    if (room) {
        free(table->entries);
        *table = larger;
    } else {
        free(larger.entries);
        table->stays = true;
    }
}

void
spread_count_slow(Object *o, int32_t change)
{
    SpreadTable *table = table_of(thread_current);
    SpreadEntry *e = LIKELY(table) ? entry_in(table, o) : NULL;
    if (table && (!e || !e->object) && !table->stays && (!e || table->used >= table_size(table) / 2)) {
        table_grow(table);
        e = entry_in(table, o);
    }
    if (UNLIKELY(!e)) {
        STAT(shared_counts, 1);
        atomic_fetch_add_explicit(&o->shared, (uint32_t)(change * REFS_ONE), memory_order_acq_rel);
        return;
    }
    STAT(spread_counts, 1);
    table->used += !e->object;
    e->object = o;
    e->sum += (uint64_t)(SPREAD_USE + change);
}

/* -- becoming spread -- */

static bool
reserve(Object ***items, size_t *capacity, size_t count)
{
    if (count <= *capacity) {
        return true;
    }
    size_t more = *capacity * 2 + 64;
    Object **moved = realloc(*items, (more > count ? more : count) * sizeof *moved);
    if (moved) {
        *items = moved;
        *capacity = more > count ? more : count;
    }
    return moved != NULL;
}

/* There is no room. Asks for a collection, which settles, unless that has helped little a moment ago: more objects are in use at a time than
 * there is room for. lock: spread_lock */
static void
ask_for_room_locked(void)
{
    int64_t now = os_clock_monotonic();
    if (now - asked_at >= ASK_EVERY_NS) {
        asked_at = now;
        gc_request();
    }
}

/* From now on o is counted in the tables; by its owner, too, once that has merged. pre: o is held */
static void
spread_begin(Object *o)
{
    mutex_lock(&spread_lock);
    bool full = spread_total >= SPREAD_MAX;
    if (full) {
        ask_for_room_locked();
    } else if (!(atomic_load_explicit(&o->shared, memory_order_relaxed) & REFS_SPREAD) &&
               reserve(&spread, &spread_capacity, spread_total + 1)) {
        spread[spread_total++] = o;
        atomic_fetch_or_explicit(&o->shared, REFS_SPREAD, memory_order_acq_rel);
    }
    mutex_unlock(&spread_lock);
    if (!full) {
        refs_ask_for_merge(o);
    }
}

/* Lehmer's generator (Park, Miller: "Random Number Generators: Good Ones Are Hard to Find", 1988). */
static uint32_t
next_distance(Thread *t)
{
    uint32_t seed = t->foreign_random ? t->foreign_random : t->id;
    t->foreign_random = (uint32_t)((uint64_t)seed * 48271 % 0x7FFFFFFF);
    return t->foreign_random % (2 * SPREAD_SAMPLED);
}

/* Relaxed: the two bits are a guess, and nothing else follows from them. */
void
spread_sample(Thread *t, Object *o)
{
    t->foreign_left = next_distance(t);
    if (atomic_load_explicit(&threads_count, memory_order_relaxed) <= 1) {
        return;
    }
    uint8_t state = atomic_load_explicit(&o->lock, memory_order_relaxed), after;
    do {
        after = (uint8_t)((state & ~LOCK_SAMPLES) | ((state + LOCK_SAMPLE) & LOCK_SAMPLES));
        after = (after & LOCK_SAMPLES) == LOCK_SAMPLES ? (uint8_t)(after & ~LOCK_SAMPLES) : after;
    } while (!atomic_compare_exchange_weak_explicit(&o->lock, &state, after, memory_order_relaxed, memory_order_relaxed));
    if (!(after & LOCK_SAMPLES)) {
        spread_begin(o);
    }
}

/* -- settling -- */

/* How an object was used since the last settling. */
typedef struct Use {
    uint32_t all;  /* counts by all threads */
    uint32_t most; /* and by the thread that counted most */
    Thread *by;    /* null: nobody did */
} Use;

/* stw: what the tables say of o is moved into its shared word. */
static Use
gather(Object *o)
{
    Use use = {0};
    int32_t change = 0;
    for (Thread *t = threads_first; t; t = t->next) {
        SpreadEntry *e = t->spread ? entry_in(t->spread, o) : NULL;
        if (e && e->object == o) {
            uint32_t used = entry_used(e);
            change += entry_count(e);
            use.all = use.all + used < used ? UINT32_MAX : use.all + used;
            if (used > use.most) {
                use.most = used;
                use.by = t;
            }
        }
    }
    atomic_fetch_add_explicit(&o->shared, (uint32_t)(change * REFS_ONE), memory_order_relaxed);
    return use;
}

/* stw: o, which is alive, or not to be found dead now, is counted by everybody alike, or by `owner` as its own. */
static void
give_count(Object *o, uint32_t bits, const Thread *owner)
{
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed);
    int64_t count = refs_shared_count(shared) + (int64_t)o->local;
    bits |= shared & REFS_QUEUED;
    bool owned = owner && count > 0 && bits == 0;
    o->local = owned ? (uint32_t)count : 0;
    atomic_store_explicit(&o->owner, owned ? owner->id : 0, memory_order_relaxed);
    atomic_store_explicit(&o->shared, owned ? 0 : (uint32_t)(count * REFS_ONE) | REFS_MERGED | bits, memory_order_relaxed);
}

/* stw: true when o stays spread. Else who used it alone is its owner from now on. */
static bool
settle(Object *o, const Thread *survivor)
{
    Use use = gather(o);
    bool can_die = !(obj_flags(o) & OBJ_DEFERRED) && reserve(&dead, &dead_capacity, dead_total + 1);
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed);
    bool is_dead = refs_shared_count(shared) + (int64_t)o->local == 0 && can_die;
    if (!is_dead && !survivor && use.all >= USED_MUCH && use.most < use.all - use.all / 16) {
        give_count(o, REFS_SPREAD, NULL);
        return true;
    }
    give_count(o, 0, survivor ? survivor : use.by);
    if (is_dead && !(shared & REFS_QUEUED)) {
        refs_revive(o);
        dead[dead_total++] = o;
    }
    return false;
}

void
spread_settle_stw(const Thread *survivor)
{
    mutex_lock(&spread_lock);
    size_t kept = 0;
    for (size_t i = 0; i < spread_total; i++) {
        if (settle(spread[i], survivor)) {
            spread[kept++] = spread[i];
        }
    }
    for (Thread *t = threads_first; t && spread_total > 0; t = t->next) {
        if (t->spread) {
            memset(t->spread->entries, 0, table_size(t->spread) * sizeof *t->spread->entries);
            t->spread->used = 0;
            t->spread->stays = false;
        }
    }
    spread_total = kept;
    mutex_unlock(&spread_lock);
}

void
spread_bury(void)
{
    for (;;) {
        mutex_lock(&spread_lock);
        Object *o = dead_total > 0 ? dead[--dead_total] : NULL;
        mutex_unlock(&spread_lock);
        if (!o) {
            return;
        }
        obj_drop(o);
    }
}

/* -- ends -- */

void
spread_thread_ending(void)
{
    mutex_lock(&spread_lock);
    bool some = spread_total > 0;
    mutex_unlock(&spread_lock);
    if (some && atomic_load(&threads_count) == 2) {
        world_stop();
        const Thread *other = threads_first == thread_current ? threads_first->next : threads_first;
        spread_settle_stw(other);
        world_start();
        spread_bury();
    }
}

void
spread_thread_end(Thread *t)
{
    SpreadTable *table = t->spread;
    t->spread = NULL;
    if (!table) {
        return;
    }
    for (size_t i = 0; i < table_size(table); i++) {
        const SpreadEntry *e = &table->entries[i];
        if (entry_count(e)) {
            atomic_fetch_add_explicit(&e->object->shared, (uint32_t)(entry_count(e) * REFS_ONE), memory_order_acq_rel);
        }
    }
    free(table->entries);
    free(table);
}

int64_t
object_count(Object *o)
{
    bool is_spread = atomic_load_explicit(&o->shared, memory_order_relaxed) & REFS_SPREAD;
    bool by_another = threads_many && !obj_is_mine(o) && !(obj_flags(o) & OBJ_IMMORTAL); /* or by whom it may be adopted meanwhile */
    if (is_spread || by_another) {
        world_stop();
        spread_settle_stw(NULL);
    }
    bool owned = atomic_load_explicit(&o->owner, memory_order_relaxed) != 0;
    int64_t count = refs_shared_count(atomic_load_explicit(&o->shared, memory_order_relaxed)) + (owned ? (int64_t)o->local : 0);
    if (is_spread || by_another) {
        world_start();
        spread_bury();
    }
    return count;
}
