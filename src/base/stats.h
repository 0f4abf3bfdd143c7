/* The counting build (-Dstats=true): how often a thread writes what others may read, and how long it keeps them waiting. In other builds none of
 * this is code.
 *
 * Each thread counts in memory of its own, which others read (relaxed) while it runs. */
#ifndef WEFT_BASE_STATS_H
#define WEFT_BASE_STATS_H

#include <stdatomic.h>

#include "base/attr.h"

#ifndef WITH_STATS
#define WITH_STATS 0
#endif

/* X(name, what it counts) */
#define STATS(X)                                                                                   \
    X(rmws, "atomic read-modify-writes of the C program, whatever for (with clang)")                \
    X(shared_counts, "atomic changes of an object's shared count")                                 \
    X(spread_counts, "counts in the thread's own table instead")                                   \
    X(merges, "owner's and shared count joined")                                                   \
    X(published, "private objects that became shared")                                             \
    X(locks, "locks of objects taken")                                                             \
    X(lock_waits, "of those, contended")                                                           \
    X(long_waits, "contended locks of the program (threading.Lock, RLock)")                         \
    X(mutex_waits, "contended internal locks")                                                     \
    X(parks, "times that the thread slept until another woke it")                                  \
    X(asides, "times that it stood aside of a lock that was fought for")                           \
    X(retired, "pieces of memory that wait for an epoch before they are free")                     \
    X(retired_bytes, "and their bytes")                                                            \
    X(epochs, "epochs begun")                                                                      \
    X(stops, "times that the world was stopped")                                                   \
    X(stop_ns, "nanoseconds until it ran again")

enum {
#define X(name, text) STAT_##name,
    STATS(X)
#undef X
    STAT_COUNT
};

#if WITH_STATS
typedef struct StatsOfThread {
    _Atomic uint64_t counts[STAT_COUNT];
    struct StatsOfThread *next; /* guard: the list's lock */
} StatsOfThread;

extern __thread StatsOfThread stats_mine;

static inline void
stat_add(int which, uint64_t n)
{
    uint64_t now = atomic_load_explicit(&stats_mine.counts[which], memory_order_relaxed);
    atomic_store_explicit(&stats_mine.counts[which], now + n, memory_order_relaxed);
}

/* This thread is one whose counts count; and no more: they are added to those of the past. */
void stats_begin(void);
void stats_end(void);
/* The sums of all threads, past ones too. */
void stats_read(uint64_t sums[STAT_COUNT]);
void stats_print(void); /* to stderr */
#define STAT(name, n) stat_add(STAT_##name, n)
#else
#define STAT(name, n) ((void)0)
static inline void stats_begin(void) {}
static inline void stats_end(void) {}
static inline void stats_print(void) {}
#endif

#endif
