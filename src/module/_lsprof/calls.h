/* What a profiler has counted: tables of entries, one set a thread, and the calls under way.
 *
 * Threads: each thread changes its own CallData without a lock; all of a profiler's are in a list. Others look at it, or free it, with
 * the world stopped. Memory is malloc's. */
#ifndef WEFT_MODULE_LSPROF_CALLS_H
#define WEFT_MODULE_LSPROF_CALLS_H

#include "object/object.h"

#define CALL_BUCKETS 256

typedef struct Counts {
    int64_t calls, recursive;
    int64_t total, own; /* ticks: with and without what it called */
    int64_t level;      /* how often it is being called now */
} Counts;

typedef struct Entry Entry;

typedef struct SubEntry {
    Entry *entry;          /* what was called, of the same table */
    Counts counts;
    struct SubEntry *next;
} SubEntry;

struct Entry {
    const void *key;       /* a code object, or the definition of a built-in function */
    Own shown;             /* the code object, or a str; shared */
    Counts counts;
    SubEntry *calls;
    Entry *next;           /* in the bucket */
};

typedef struct Call {
    Entry *entry;
    SubEntry *by;          /* of the caller's entry, or null */
    int64_t start, inner;  /* ticks: when it began; in what it called */
    struct Call *caller;
} Call;

typedef struct CallData {
    uint64_t thread;       /* its number; immutable */
    Entry *buckets[CALL_BUCKETS];
    Call *current;
    bool no_memory;
    struct CallData *next;
} CallData;

Entry *calls_find(const CallData *d, const void *key);
/* A new entry; shown is eaten. null without memory */
Entry *calls_add(CallData *d, const void *key, Own shown);
/* A call of e begins, the innermost one ends. */
void calls_begin(CallData *d, Entry *e, int64_t now, bool by_caller);
void calls_end(CallData *d, int64_t now);
/* Adds what `from` counted. False without memory. (no runpy) */
bool calls_merge(CallData *into, const CallData *from);
/* Gives up all of it. pre: nobody else can see it any more */
void calls_free(CallData *d);

#endif
