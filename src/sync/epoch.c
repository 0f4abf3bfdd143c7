/* Quiescent-state reclamation: see the header. */
#include <stdlib.h>

#include "base/stats.h"
#include "sync/epoch.h"
#include "sync/mutex.h"

#define RECLAIM_BYTES (256 * 1024) /* each time that so much has been retired the epoch is advanced */
#define RECLAIM_ITEMS 1024
#define BATCH 255

typedef struct Retired {
    void *p;
    void (*free_fn)(void *, size_t);
    uint64_t epoch;
    size_t bytes;
} Retired;

/* Items in order of their epochs. */
typedef struct Batch {
    struct Batch *next;
    uint32_t first, end; /* items[first] to items[end - 1] wait */
    Retired items[BATCH];
} Batch;

/* Fields are the owner thread's; the common record's: guard: records_lock. */
struct EpochRecord {
    _Alignas(64) _Atomic uint64_t announced; /* 0 = detached */
    Batch *oldest, *newest;
    Batch *spare;                  /* an empty one, or null */
    size_t new_bytes, new_items;   /* retired since this thread advanced the epoch */
    _Atomic size_t bytes;          /* waiting; others read it */
    struct EpochRecord *next;      /* guard: records_lock */
};

static _Atomic uint64_t global_epoch = 1;
static Mutex records_lock;
static EpochRecord *records;   /* guard: records_lock */
static EpochRecord orphans;    /* what ended threads had retired: batches in any order */
static _Atomic bool orphans_waiting; /* there are some */

static void
bytes_change(EpochRecord *r, size_t more, size_t less)
{
    size_t bytes = atomic_load_explicit(&r->bytes, memory_order_relaxed) + more - less;
    atomic_store_explicit(&r->bytes, bytes, memory_order_relaxed);
}

/* The batch for the next item; null without memory. */
static Batch *
batch_with_room(EpochRecord *r)
{
    if (LIKELY(r->newest && r->newest->end < BATCH)) {
        return r->newest;
    }
    Batch *b = r->spare ? r->spare : malloc(sizeof *b);
    r->spare = NULL;
    if (b) {
        b->next = NULL;
        b->first = b->end = 0;
        *(r->newest ? &r->newest->next : &r->oldest) = b;
        r->newest = b;
    }
    return b;
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

static inline bool
some_wait(const EpochRecord *r)
{
    return r->oldest && r->oldest->first < r->oldest->end;
}

/* Frees what was retired before `oldest`. A free function may retire more. */
static void
epoch_reclaim(EpochRecord *r, uint64_t oldest)
{
    while (some_wait(r) && r->oldest->items[r->oldest->first].epoch < oldest) {
        Batch *b = r->oldest;
        Retired item = b->items[b->first++];
        if (b->first == b->end && b->end == BATCH) {
            r->oldest = b->next;
            r->newest = b->next ? r->newest : NULL;
            free(r->spare);
            r->spare = b;
        }
        bytes_change(r, 0, item.bytes);
        item.free_fn(item.p, item.bytes);
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
    if (r->oldest) {
        r->newest->next = orphans.oldest;
        orphans.oldest = r->oldest;
        bytes_change(&orphans, atomic_load_explicit(&r->bytes, memory_order_relaxed), 0);
        atomic_store(&orphans_waiting, true);
    }
    mutex_unlock(&records_lock);
    free(r->spare);
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

/* Batches all of whose items are due. */
static void
orphans_reclaim(uint64_t oldest)
{
    Batch *due = NULL;
    mutex_lock(&records_lock);
    for (Batch **link = &orphans.oldest; *link;) {
        Batch *b = *link;
        if (b->first < b->end && b->items[b->end - 1].epoch >= oldest) {
            link = &b->next;
            continue;
        }
        *link = b->next;
        b->next = due;
        due = b;
        for (uint32_t i = b->first; i < b->end; i++) {
            bytes_change(&orphans, 0, b->items[i].bytes);
        }
    }
    atomic_store(&orphans_waiting, orphans.oldest != NULL);
    mutex_unlock(&records_lock);
    while (due) {
        Batch *b = due;
        due = b->next;
        for (uint32_t i = b->first; i < b->end; i++) {
            b->items[i].free_fn(b->items[i].p, b->items[i].bytes);
        }
        free(b);
    }
}

void
epoch_quiescent(EpochRecord *r)
{
    epoch_enter(r);
    if (some_wait(r) || atomic_load_explicit(&orphans_waiting, memory_order_relaxed)) {
        uint64_t oldest = epoch_oldest();
        epoch_reclaim(r, oldest);
        orphans_reclaim(oldest);
    }
}

bool
epoch_retire(EpochRecord *r, void *p, void (*free_fn)(void *, size_t), size_t bytes)
{
    Batch *b = batch_with_room(r);
    if (!b) {
        return false; /* no memory to remember it: leaked, never freed too early */
    }
    b->items[b->end++] = (Retired){p, free_fn, atomic_load(&global_epoch), bytes};
    STAT(retired, 1);
    STAT(retired_bytes, bytes);
    bytes_change(r, bytes, 0);
    r->new_bytes += bytes;
    r->new_items++;
    if (r->new_bytes < RECLAIM_BYTES && r->new_items < RECLAIM_ITEMS) {
        return false;
    }
    r->new_bytes = r->new_items = 0;
    STAT(epochs, 1);
    atomic_fetch_add(&global_epoch, 1);
    return true;
}

size_t
epoch_bytes_waiting(void)
{
    mutex_lock(&records_lock);
    size_t bytes = atomic_load_explicit(&orphans.bytes, memory_order_relaxed);
    for (const EpochRecord *r = records; r; r = r->next) {
        bytes += atomic_load_explicit(&r->bytes, memory_order_relaxed);
    }
    mutex_unlock(&records_lock);
    return bytes;
}
