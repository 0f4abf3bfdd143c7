/* The counters of the counting build: base/stats.h. */
#include <pthread.h>
#include <stdio.h>

#include "base/stats.h"

#if WITH_STATS
__thread StatsOfThread stats_mine;

static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static StatsOfThread *threads;       /* guard: stats_lock */
static uint64_t past[STAT_COUNT];    /* of threads that have ended; guard: stats_lock */

void
stats_begin(void)
{
    pthread_mutex_lock(&stats_lock);
    stats_mine.next = threads;
    threads = &stats_mine;
    pthread_mutex_unlock(&stats_lock);
}

void
stats_end(void)
{
    pthread_mutex_lock(&stats_lock);
    for (StatsOfThread **link = &threads; *link; link = &(*link)->next) {
        if (*link == &stats_mine) {
            *link = stats_mine.next;
            break;
        }
    }
    for (int i = 0; i < STAT_COUNT; i++) {
        past[i] += atomic_load_explicit(&stats_mine.counts[i], memory_order_relaxed);
        atomic_store_explicit(&stats_mine.counts[i], 0, memory_order_relaxed);
    }
    pthread_mutex_unlock(&stats_lock);
}

void
stats_read(uint64_t sums[STAT_COUNT])
{
    pthread_mutex_lock(&stats_lock);
    for (int i = 0; i < STAT_COUNT; i++) {
        sums[i] = past[i];
        for (StatsOfThread *t = threads; t; t = t->next) {
            sums[i] += atomic_load_explicit(&t->counts[i], memory_order_relaxed);
        }
    }
    pthread_mutex_unlock(&stats_lock);
}

void
stats_print(void)
{
    static const char *const texts[] = {
#define X(name, text) text,
        STATS(X)
#undef X
    };
    uint64_t sums[STAT_COUNT];
    stats_read(sums);
    for (int i = 0; i < STAT_COUNT; i++) {
        fprintf(stderr, "%14llu  %s\n", (unsigned long long)sums[i], texts[i]);
    }
}
#endif
