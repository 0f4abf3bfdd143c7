/* The traces of allocations: which memory blocks are in use, and where each was made.
 *
 * One mutex guards all of it; it is a leaf, held for a few memory operations, and nothing is allocated from the heap under it. What the
 * tracer itself needs is malloc's. Any thread may call these. */
#ifndef WEFT_MODULE_TRACEMALLOC_TRACES_H
#define WEFT_MODULE_TRACEMALLOC_TRACES_H

#include "heap/value.h"

#define TRACES_MAX_FRAMES 65535

typedef struct TraceFrame {
    Own filename; /* a str; NO_VALUE where no Python code ran */
    int line;
} TraceFrame;

typedef struct Traceback {
    struct Traceback *next; /* with the same hash, in its bucket */
    uint64_t hash;
    size_t holders;         /* the table of tracebacks is one, each Trace given out another */
    uint32_t total;         /* frames there were */
    uint32_t count;         /* frames kept */
    TraceFrame frames[];    /* innermost first */
} Traceback;

typedef struct Trace {
    const void *block;
    size_t size;
    Traceback *traceback;
} Trace;

void traces_init_hooks(void); /* at start-up */
/* 1 <= max_frames <= TRACES_MAX_FRAMES. fail: -1 + MemoryError */
NODISCARD int traces_start(int max_frames);
void traces_stop(void);
void traces_clear(void);
bool traces_on(void);
int traces_frame_limit(void);
void traces_memory(size_t *now, size_t *peak);
void traces_reset_peak(void);
size_t traces_own_memory(void);

/* A copy of all traces, each holding its traceback; null without memory. */
Trace *traces_copy(size_t *count);
void traces_release(Trace *traces, size_t count);
/* The traceback of one block, held, or null. */
Traceback *traces_find(const void *block);
void traceback_release(Traceback *tb);

/* What this thread allocates meanwhile is not traced: for those who make objects of traces. */
void traces_pause(bool pause);

#endif
