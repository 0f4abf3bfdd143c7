/* Quiescent-state reclamation: see the header. */
#include <stdlib.h>

#include "sync/epoch.h"
#include "sync/mutex.h"

#define RECLAIM_BYTES (256 * 1024) /* retired bytes after which the epoch is advanced */
#define RECLAIM_ITEMS 1024

typedef struct Retired {
    void *p;
    void (*free_fn)(void *);
    uint64_t epoch;
    size_t bytes;
} Retired;

struct EpochRecord {
    _Alignas(64) _Atomic uint64_t announced; /* 0 = detached */
    Retired *items; /* a queue, oldest first; owner thread only (the common record's: records_lock) */
    size_t first, count, capacity;
    size_t bytes;
    struct EpochRecord *next; /* guard: records_lock */
};

static _Atomic uint64_t global_epoch = 1;
static _Atomic size_t bytes_waiting;
static Mutex records_lock;
static EpochRecord *records;   /* guard: records_lock */
static EpochRecord orphans;    /* what ended threads had retired; guard: records_lock */
static _Atomic bool orphans_waiting; /* orphans.count > 0 */

static bool
retired_reserve(EpochRecord *r, size_t extra)
{
    if (r->first + r->count + extra <= r->capacity) {
        return true;
    }
    if (r->first) {
        memmove(r->items, r->items + r->first, r->count * sizeof(Retired));
        r->first = 0;
    }
    if (r->count + extra > r->capacity) {
        size_t capacity = (r->count + extra) * 2 + 64;
        Retired *items = realloc(r->items, capacity * sizeof(Retired));
        if (!items) {
            return false;
        }
        r->items = items;
        r->capacity = capacity;
    }
    return true;
}

/* The oldest epoch that an attached thread may still be in. */
static uint64_t
epoch_oldest(void)
{
    uint64_t oldest = atomic_load(&global_epoch);
    mutex_lock(&records_lock);
    for (EpochRecord *r = records; r; r = r->next) {
        uint64_t announced = atomic_load(&r->announced);
        if (announced && announced < oldest) {
            oldest = announced;
        }
    }
    mutex_unlock(&records_lock);
    return oldest;
}

static void
epoch_reclaim(EpochRecord *r, uint64_t oldest)
{
    while (r->count && r->items[r->first].epoch < oldest) {
        Retired item = r->items[r->first++];
        r->count--;
        r->bytes -= item.bytes;
        atomic_fetch_sub_explicit(&bytes_waiting, item.bytes, memory_order_relaxed);
        item.free_fn(item.p);
    }
}

EpochRecord *
epoch_register(void)
{
    EpochRecord *r = aligned_alloc(64, (sizeof(EpochRecord) + 63) / 64 * 64);
    if (!r) {
        return NULL;
    }
    memset(r, 0, sizeof *r);
    mutex_lock(&records_lock);
    r->next = records;
    records = r;
    mutex_unlock(&records_lock);
    return r;
}

void
epoch_unregister(EpochRecord *r)
{
    atomic_store(&r->announced, 0);
    mutex_lock(&records_lock);
    EpochRecord **link = &records;
    while (*link != r) {
        link = &(*link)->next;
    }
    *link = r->next;
    if (r->count && retired_reserve(&orphans, r->count)) { /* without memory they are leaked */
        memcpy(orphans.items + orphans.first + orphans.count, r->items + r->first, r->count * sizeof(Retired));
        orphans.count += r->count;
        orphans.bytes += r->bytes;
        atomic_store(&orphans_waiting, true);
    }
    mutex_unlock(&records_lock);
    free(r->items);
    free(r);
}

void
epoch_after_fork(void)
{
    atomic_store(&records_lock.state, 0);
}

void
epoch_enter(EpochRecord *r)
{
    atomic_store(&r->announced, atomic_load(&global_epoch));
}

void
epoch_leave(EpochRecord *r)
{
    atomic_store(&r->announced, 0);
}

static void
orphans_reclaim(uint64_t oldest)
{
    /* Their epochs are not in order: only an all-clear frees them. */
    Retired *items = NULL;
    size_t first = 0, count = 0;
    mutex_lock(&records_lock);
    bool due = orphans.count > 0;
    for (size_t i = 0; i < orphans.count && due; i++) {
        due = orphans.items[orphans.first + i].epoch < oldest;
    }
    if (due) {
        items = orphans.items;
        first = orphans.first;
        count = orphans.count;
        memset(&orphans, 0, sizeof orphans);
        atomic_store(&orphans_waiting, false);
    }
    mutex_unlock(&records_lock);
    for (size_t i = first; i < first + count; i++) {
        atomic_fetch_sub_explicit(&bytes_waiting, items[i].bytes, memory_order_relaxed);
        items[i].free_fn(items[i].p);
    }
    free(items);
}

void
epoch_quiescent(EpochRecord *r)
{
    epoch_enter(r);
    if (r->count || atomic_load_explicit(&orphans_waiting, memory_order_relaxed)) {
        uint64_t oldest = epoch_oldest();
        epoch_reclaim(r, oldest);
        orphans_reclaim(oldest);
    }
}

bool
epoch_retire(EpochRecord *r, void *p, void (*free_fn)(void *), size_t bytes)
{
    if (!retired_reserve(r, 1)) {
        return false; /* no memory to remember it: leaked, never freed too early */
    }
    r->items[r->first + r->count++] = (Retired){p, free_fn, atomic_load(&global_epoch), bytes};
    r->bytes += bytes;
    atomic_fetch_add_explicit(&bytes_waiting, bytes, memory_order_relaxed);
    if (r->bytes < RECLAIM_BYTES && r->count < RECLAIM_ITEMS) {
        return false;
    }
    atomic_fetch_add(&global_epoch, 1);
    return true;
}

size_t
epoch_bytes_waiting(void)
{
    return atomic_load_explicit(&bytes_waiting, memory_order_relaxed);
}
