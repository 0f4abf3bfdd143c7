/* The tables behind _tracemalloc: module/_tracemalloc/traces.h.
 *
 * Traces lie in a table of their own by address: open addressing, linear probing, gaps closed when one goes. Tracebacks are kept once
 * each, in chained buckets, until they are cleared: programs allocate in few places. */
#include "module/_tracemalloc/traces.h"

#include <pthread.h>
#include <stdlib.h>

#include "heap/alloc.h"
#include "heap/hooks.h"
#include "object/error.h"
#include "object/object.h"
#include "sync/mutex.h"
#include "vm/frameobject.h"

#define BUCKETS 4096

static Mutex lock;
static _Atomic bool on;          /* guard: lock to change */
static int max_frames = 1;       /* the rest: guard: lock */
static Trace *table;             /* block null: a free place */
static size_t capacity, used;    /* capacity: a power of two, or 0 */
static Traceback *buckets[BUCKETS];
static TraceFrame *scratch;      /* max_frames of them: the traceback being looked up */
static size_t traced_now, traced_peak, own_bytes;
static __thread bool paused;     /* this thread's allocations are the tracer's */

/* -- the table of traces. lock: held -- */

static inline size_t
place_of(const void *block)
{
    return (size_t)(((uint64_t)(uintptr_t)block >> 3) * 0x9E3779B97F4A7C15u >> 20) & (capacity - 1);
}

static Trace *
trace_find(const void *block)
{
    if (used == 0) {
        return NULL;
    }
    for (size_t i = place_of(block);; i = (i + 1) & (capacity - 1)) {
        if (table[i].block == block) {
            return &table[i];
        }
        if (!table[i].block) {
            return NULL;
        }
    }
}

static void
trace_put(const Trace *trace)
{
    size_t i = place_of(trace->block);
    while (table[i].block) {
        i = (i + 1) & (capacity - 1);
    }
    table[i] = *trace;
}

static bool
table_grow(void)
{
    size_t old_capacity = capacity, more = capacity ? capacity * 2 : 4096;
    Trace *old = table, *larger = calloc(more, sizeof *larger);
    if (!larger) {
        return false;
    }
    table = larger;
    capacity = more;
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i].block) {
            trace_put(&old[i]);
        }
    }
    free(old);
    own_bytes += (more - old_capacity) * sizeof *larger;
    return true;
}

static void
trace_remove(Trace *trace)
{
    traced_now -= trace->size;
    used--;
    size_t gap = (size_t)(trace - table);
    for (size_t i = (gap + 1) & (capacity - 1); table[i].block; i = (i + 1) & (capacity - 1)) {
        size_t home = place_of(table[i].block);
        if (((i - home) & (capacity - 1)) >= ((i - gap) & (capacity - 1))) { /* it may move that far back */
            table[gap] = table[i];
            gap = i;
        }
    }
    table[gap] = (Trace){0};
}

/* -- tracebacks. lock: held -- */

/* What this thread is running, into scratch. Returns how many frames; *total: how many there are. */
static uint32_t
look_at_frames(uint32_t *total, uint64_t *hash)
{
    uint32_t count = 0, all = 0;
    uint64_t h = 0x9E3779B97F4A7C15u;
    for (const Frame *f = frame_seen(thread_current->frame); f; f = frame_seen(f->prev)) {
        if (count < (uint32_t)max_frames) {
            int line = frame_line(f);
            TraceFrame *t = &scratch[count++];
            t->filename = (Own)(uintptr_t)f->code->filename;
            t->line = line < 0 ? 0 : line;
            h = (h ^ value_bits(t->filename) ^ (uint64_t)t->line << 48) * 0xFF51AFD7ED558CCDu;
            h ^= h >> 32;
        }
        all += all < TRACES_MAX_FRAMES;
    }
    if (count == 0) {
        scratch[count++] = (TraceFrame){NO_VALUE, 0};
        all = 1;
    }
    *total = all;
    *hash = h ^ all;
    return count;
}

static bool
is_same(const Traceback *tb, uint32_t count, uint32_t total)
{
    if (tb->count != count || tb->total != total) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (tb->frames[i].filename != scratch[i].filename || tb->frames[i].line != scratch[i].line) {
            return false;
        }
    }
    return true;
}

static size_t
traceback_bytes(uint32_t count)
{
    return sizeof(Traceback) + count * sizeof(TraceFrame);
}

/* The one traceback of what this thread is running; null without memory. */
static Traceback *
traceback_here(void)
{
    uint32_t total;
    uint64_t hash;
    uint32_t count = look_at_frames(&total, &hash);
    Traceback **bucket = &buckets[hash % BUCKETS];
    for (Traceback *tb = *bucket; tb; tb = tb->next) {
        if (tb->hash == hash && is_same(tb, count, total)) {
            return tb;
        }
    }
    Traceback *tb = malloc(traceback_bytes(count));
    if (!tb) {
        return NULL;
    }
    *tb = (Traceback){.next = *bucket, .hash = hash, .holders = 1, .total = total, .count = count};
    for (uint32_t i = 0; i < count; i++) {
        tb->frames[i] = scratch[i];
        if (tb->frames[i].filename) {
            publish(tb->frames[i].filename);
            (void)own(tb->frames[i].filename); /* dropped by traceback_free */
        }
    }
    *bucket = tb;
    own_bytes += traceback_bytes(count);
    return tb;
}

/* -- what the heap tells -- */

static void
note_alloc(const void *p, size_t size)
{
    if (!thread_current || paused) {
        return;
    }
    mutex_lock(&lock);
    if (atomic_load_explicit(&on, memory_order_relaxed) && (used * 4 < capacity * 3 || table_grow())) {
        Traceback *tb = traceback_here();
        if (tb) {
            Trace trace = {p, size, tb};
            trace_put(&trace);
            used++;
            traced_now += size;
            traced_peak = traced_now > traced_peak ? traced_now : traced_peak;
        }
    }
    mutex_unlock(&lock);
}

static void
note_free(const void *p)
{
    mutex_lock(&lock);
    Trace *trace = p ? trace_find(p) : NULL;
    if (trace) {
        trace_remove(trace);
    }
    mutex_unlock(&lock);
}

/* -- the way in -- */

static void
lock_for_fork(void) /* another thread may hold it, and will not be there in the child */
{
    mutex_lock(&lock);
}

static void
unlock_after_fork(void)
{
    mutex_unlock(&lock);
}

static void
prepare_forks(void)
{
    (void)pthread_atfork(lock_for_fork, unlock_after_fork, unlock_after_fork);
}

void
traces_init_hooks(void)
{
    heap_hooks.trace_alloc = note_alloc;
    heap_hooks.trace_free = note_free;
}

int
traces_start(int frames)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, prepare_forks);
    mutex_lock(&lock);
    if (atomic_load(&on)) {
        mutex_unlock(&lock);
        return 0;
    }
    TraceFrame *room = realloc(scratch, (size_t)frames * sizeof *room);
    if (room) {
        scratch = room;
        max_frames = frames;
        atomic_store(&on, true);
        heap_trace(true);
    }
    mutex_unlock(&lock);
    if (!room) {
        heap_hooks.no_memory();
        return -1;
    }
    return 0;
}

/* Nobody holds it any more. May run Python code as little as the end of a str does. */
static void
traceback_free(Traceback *tb)
{
    for (uint32_t i = 0; i < tb->count; i++) {
        drop_opt(tb->frames[i].filename);
    }
    free(tb);
}

void
traceback_release(Traceback *tb)
{
    mutex_lock(&lock);
    bool last = --tb->holders == 0;
    mutex_unlock(&lock);
    if (last) {
        traceback_free(tb);
    }
}

static void
clear(bool stop)
{
    Traceback *gone = NULL;
    mutex_lock(&lock);
    if (stop) {
        heap_trace(false);
        atomic_store(&on, false);
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        for (Traceback *tb = buckets[i], *next; tb; tb = next) {
            next = tb->next;
            if (--tb->holders == 0) {
                tb->next = gone;
                gone = tb;
            }
        }
        buckets[i] = NULL;
    }
    free(table);
    table = NULL;
    capacity = used = traced_now = traced_peak = own_bytes = 0;
    mutex_unlock(&lock);
    while (gone) { /* without the lock: the end of a filename is an end of memory, too */
        Traceback *next = gone->next;
        traceback_free(gone);
        gone = next;
    }
}

void
traces_stop(void)
{
    clear(true);
}

void
traces_clear(void)
{
    clear(false);
}

bool
traces_on(void)
{
    return atomic_load(&on);
}

int
traces_frame_limit(void)
{
    mutex_lock(&lock);
    int n = max_frames;
    mutex_unlock(&lock);
    return n;
}

void
traces_memory(size_t *now, size_t *peak)
{
    mutex_lock(&lock);
    *now = traced_now;
    *peak = traced_peak;
    mutex_unlock(&lock);
}

void
traces_reset_peak(void)
{
    mutex_lock(&lock);
    traced_peak = traced_now;
    mutex_unlock(&lock);
}

size_t
traces_own_memory(void)
{
    mutex_lock(&lock);
    size_t n = own_bytes;
    mutex_unlock(&lock);
    return n;
}

Trace *
traces_copy(size_t *count)
{
    mutex_lock(&lock);
    Trace *copy = malloc((used + 1) * sizeof *copy);
    size_t n = 0;
    for (size_t i = 0; copy && i < capacity; i++) {
        if (table[i].block) {
            table[i].traceback->holders++;
            copy[n++] = table[i];
        }
    }
    mutex_unlock(&lock);
    *count = n;
    return copy;
}

void
traces_release(Trace *traces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        traceback_release(traces[i].traceback);
    }
    free(traces);
}

Traceback *
traces_find(const void *block)
{
    mutex_lock(&lock);
    Trace *trace = trace_find(block);
    Traceback *tb = trace ? trace->traceback : NULL;
    if (tb) {
        tb->holders++;
    }
    mutex_unlock(&lock);
    return tb;
}

void
traces_pause(bool pause)
{
    paused = pause;
}
