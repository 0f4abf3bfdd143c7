/* Counts that are spread over the threads.
 *
 * An object that threads other than its owner count again and again (REFS_SPREAD in its shared word) is counted by each thread in a table of
 * that thread's, so that using it writes nothing that others read. Its true count is the sum of `local`, `shared` and all the tables, which
 * nobody knows while the world runs: it does not die when a count comes to zero, but when the tables are next settled, with the world
 * stopped: at each collection, and when the last but one thread ends. Then an object that is not much used any more is counted as
 * before. Nothing depends on which objects are spread, but for when an object dies.
 *
 * A thread's table belongs to that thread, and to whoever stopped the world. An entry's object is alive: it is spread, and who ends that
 * empties the tables. Where a table has no room the shared word is counted in: that is always right. */
#ifndef WEFT_HEAP_SPREAD_H
#define WEFT_HEAP_SPREAD_H

#include "base/stats.h"
#include "heap/thread.h"

typedef struct SpreadEntry {
    Object *object;
    uint64_t sum; /* of a SPREAD_USE and the change for each: what this thread adds to the object's count, and how often it did since the last
                     settling (modulo 2^32) */
} SpreadEntry;

#define SPREAD_USE ((int64_t)1 << 32)

typedef struct SpreadTable {
    SpreadEntry *entries;
    unsigned shift; /* there are 2^(64 - shift) of them */
    size_t used;    /* since the last settling */
    bool stays;     /* it could not grow; until the next settling it is not tried again */
} SpreadTable;

#define SPREAD_SAMPLED 32 /* of so many counts of others' objects one is looked at, on average */

/* Where o is looked for first: multiplied by the golden ratio (Knuth 1973, 6.4), as objects mostly lie at equal distances. */
static inline size_t
spread_place(const Object *o, unsigned shift)
{
    return ((uint64_t)(uintptr_t)o >> 4) * 0x9E3779B97F4A7C15 >> shift;
}

/* The same where it is not the first entry that is looked at. */
void spread_count_slow(Object *o, int32_t change);

/* The same where it is the first: false if it is not. t: this thread */
static ALWAYS_INLINE bool
spread_count_fast(const Thread *t, const Object *o, int32_t change)
{
    SpreadTable *table = t->spread;
    if (UNLIKELY(!table)) {
        return false;
    }
    SpreadEntry *e = &table->entries[spread_place(o, table->shift)];
    if (UNLIKELY(e->object != o)) {
        return false;
    }
    STAT(spread_counts, 1);
    e->sum += (uint64_t)(SPREAD_USE + change);
    return true;
}

/* Adds to the count of o, which is spread. */
static ALWAYS_INLINE void
spread_count(Object *o, int32_t change)
{
    if (UNLIKELY(!spread_count_fast(thread_current, o, change))) {
        spread_count_slow(o, change);
    }
}

/* One of the counts that are looked at: an object's third makes it spread. That it was seen, its header remembers (LOCK_SAMPLES), so that it
 * does not matter how many objects there are. Which counts are looked at is random: programs go through the same objects in turns. */
void spread_sample(Thread *t, Object *o);

/* This thread has counted o, which is another's, in its shared word. pre: o is held */
static inline void
spread_notice(Object *o)
{
    Thread *t = thread_current;
    if (UNLIKELY(t->foreign_left-- == 0)) {
        spread_sample(t, o);
    }
}

/* stw: makes all counts true, and ends the spreading of objects that are not used much, or by one thread only, which then owns them. With a
 * survivor, the only thread that there will be, all are its. What proves dead waits for spread_bury. */
void spread_settle_stw(const Thread *survivor);
void spread_bury(void); /* may: runpy */

/* This thread is about to end: where that leaves one, objects are to die at once again. may: runpy */
void spread_thread_ending(void);
/* t counts nothing any more; or the child of a fork does not have it. */
void spread_thread_end(Thread *t);

/* The true count. may: stops the world */
int64_t object_count(Object *o);

#endif
