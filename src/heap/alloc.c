/* Pages, size classes and large objects: heap/alloc.h.
 *
 * Threads: a page is changed by the thread that has its heap. Another thread frees a cell by pushing it on page->remote; when the page
 * is full, so that its owner would not look, the page itself is pushed on heap->returned. */
#include <stdlib.h>
#include <sys/mman.h>

#include "base/faults.h"
#include "base/os.h"
#include "base/sanitize.h"
#include "heap/heap_priv.h"

#define SEGMENT_PAGES 64
#define SEGMENT_BYTES (SEGMENT_PAGES * PAGE_BYTES)
#define PAGES_RESERVED 8 /* the last free ones: for threads that leave a `with`, or they would keep the lock that it is about */
#define PAGES_KEPT 64 /* free pages that keep their memory, at least; beyond that, as many as a half of those in use */

static Mutex pages_lock;
static size_t pages_idle;     /* free pages that have memory: Segment.idle; guard: pages_lock */
static size_t pages_without;  /* and that have none: Segment.without; the same */
static size_t segment_with_idle, segment_with_those; /* none before this one has any */
static size_t segment_to_trim; /* to be looked at next */
static size_t pages_used;     /* guard: pages_lock */
static size_t segments;       /* guard: pages_lock */

/* Where pages come from. What is known of free pages is kept here: to write it into one without memory would give it some. */
typedef struct Segment {
    char *base;
    uint64_t idle;    /* a bit for each page that is free and has memory */
    uint64_t without; /* and for each that has none */
} Segment;

#define SEGMENTS_MAX (1u << 18)
static Segment segment_table[SEGMENTS_MAX]; /* guard: pages_lock */
_Static_assert(SEGMENT_PAGES == 64, "a bit each");
static Mutex large_lock;
static LargeHead *large_all;  /* tracked large objects; guard: large_lock */
static Mutex heaps_lock;
static ThreadHeap *_Atomic heaps_all; /* guard: heaps_lock to change */
static ThreadHeap *heaps_by_id[1 << 16]; /* filled once each, before the id is used */

/* -- size classes: steps of 8 up to 128, of 16 up to 256, of 32 up to 512 -- */

static inline unsigned
size_class(size_t size)
{
    if (size <= 128) {
        return size <= 16 ? 0 : (unsigned)((size - 9) / 8);
    }
    if (size <= 256) {
        return 15 + (unsigned)((size - 129) / 16);
    }
    return 23 + (unsigned)((size - 257) / 32);
}

static inline uint32_t
class_size(unsigned c)
{
    return c < 15 ? 16 + 8 * c : c < 23 ? 144 + 16 * (c - 15) : 288 + 32 * (c - 23);
}

#if WITH_ASAN
/* Too much memory asked for is a MemoryError, as without it. */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *
__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}
#endif

/* -- tracing: heap_hooks.trace_alloc and trace_free -- */

static _Atomic size_t quick_max = OBJECT_SMALL_MAX; /* larger objects take the slow way; all while allocations are traced */

static ALWAYS_INLINE bool
traces(void)
{
    return UNLIKELY(atomic_load_explicit(&quick_max, memory_order_relaxed) == 0);
}

void
heap_trace(bool on)
{
    atomic_store(&quick_max, on ? 0 : OBJECT_SMALL_MAX);
}

static ALWAYS_INLINE void *
traced(void *p, size_t size)
{
    if (traces() && p) {
        heap_hooks.trace_alloc(p, size);
    }
    return p;
}

static ALWAYS_INLINE void
untraced(const void *p)
{
    if (traces()) {
        heap_hooks.trace_free(p);
    }
}

/* Under AddressSanitizer: the bytes behind each cell that nobody may touch, and the freed cells that each heap keeps for a while before
 * they are used again. */
#define CELL_GAP (WITH_ASAN ? 16 : 0)
#if WITH_ASAN
#define QUARANTINE_CELLS 16384
typedef struct Quarantine {
    void *cells[QUARANTINE_CELLS]; /* a ring; guard: the heap's thread */
    size_t next;
} Quarantine;
#endif

/* -- pages -- */

static void
list_push(PageList *list, Page *p)
{
    p->prev = NULL;
    p->next = list->first;
    if (p->next) {
        p->next->prev = p;
    }
    list->first = p;
}

static void
list_remove(PageList *list, Page *p)
{
    *(p->prev ? &p->prev->next : &list->first) = p->next;
    if (p->next) {
        p->next->prev = p->prev;
    }
}

/* Huge pages: a program with more than a little data has fewer page faults with them, and fewer TLB misses. Whoever takes a second segment for objects
 * asks for them, there and in the segment that its buffers come from. */
#define BUFFER_SEGMENT ((uintptr_t)32 << 20) /* mimalloc's; if it is another the guess brings nothing */
#define FRESH_BUFFER 50000                  /* of a size that is cut from where most is free */

static void
ask_for_huge_pages(char *segment)
{
    madvise(segment, SEGMENT_BYTES, MADV_HUGEPAGE);
#if !WITH_ASAN && !WITH_TSAN
    void *p = mi_malloc(FRESH_BUFFER);
    madvise((void *)((uintptr_t)p & ~(BUFFER_SEGMENT - 1)), p ? BUFFER_SEGMENT : 0, MADV_HUGEPAGE);
    mi_free(p);
#endif
}

/* More pages from the system. lock: pages_lock held */
static bool
segment_map(void)
{
    char *base = segments == SEGMENTS_MAX ? MAP_FAILED
                                          : mmap(NULL, 2 * SEGMENT_BYTES, PROT_READ | PROT_WRITE,
                                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        return false;
    }
    char *start = (char *)(((uintptr_t)base + SEGMENT_BYTES - 1) & ~(uintptr_t)(SEGMENT_BYTES - 1));
    if (start > base) {
        munmap(base, (size_t)(start - base));
    }
    if (start < base + SEGMENT_BYTES) {
        munmap(start + SEGMENT_BYTES, (size_t)(base + SEGMENT_BYTES - start));
    }
    if (segments > 0) {
        ask_for_huge_pages(start);
    }
    MEMORY_IS_ROOT(start, SEGMENT_BYTES);
    segment_table[segments] = (Segment){start, 0, UINT64_MAX};
    segment_with_those = pages_without ? segment_with_those : segments;
    segments++;
    pages_without += SEGMENT_PAGES;
    return true;
}

static bool
may_use_reserve(void)
{
    return heap_hooks.may_use_reserve && heap_hooks.may_use_reserve();
}

/* A free page, its header zero but for the segment. Those that have memory come first, and of them those with the lowest address, so that
 * whole segments become free. lock: pages_lock held */
static Page *
page_take(void)
{
    if (UNLIKELY(pages_idle + pages_without <= PAGES_RESERVED) && !segment_map() && (pages_idle + pages_without == 0 || !may_use_reserve())) {
        return NULL;
    }
    size_t *segment = pages_idle ? &segment_with_idle : &segment_with_those;
    while (!(pages_idle ? segment_table[*segment].idle : segment_table[*segment].without)) {
        ++*segment;
    }
    Segment *s = &segment_table[*segment];
    uint64_t *bits = pages_idle ? &s->idle : &s->without;
    Page *p = (Page *)(s->base + (size_t)__builtin_ctzll(*bits) * PAGE_BYTES);
    *bits &= *bits - 1;
    --*(pages_idle ? &pages_idle : &pages_without);
    memset(p, 0, sizeof *p);
    p->segment = (uint32_t)*segment;
    return p;
}

/* All pages in use, the newest segments first: what the next page is does not wait for a look at the last, and their headers, which lie so that they compete
 * for the same few cache lines, are asked for ahead. */
typedef struct PageWalk {
    size_t done; /* segments, or begun */
    char *base;
    uint64_t rest; /* of the pages of this one */
} PageWalk;

#define WALK_AHEAD 6 /* pages, whether in use or not */

/* lock: pages_lock, or the world is stopped */
static inline Page *
page_walk(PageWalk *w)
{
    while (!w->rest) {
        if (w->done == segments) {
            return NULL;
        }
        const Segment *s = &segment_table[segments - ++w->done];
        w->base = s->base;
        w->rest = ~(s->idle | s->without);
    }
    size_t i = 63 - (size_t)__builtin_clzll(w->rest);
    w->rest &= ~((uint64_t)1 << i);
    __builtin_prefetch((const void *)((uintptr_t)w->base + (i - WALK_AHEAD) * PAGE_BYTES));
    return (Page *)(w->base + i * PAGE_BYTES);
}

#define HUGE_PAGES_PER_SEGMENT (SEGMENT_BYTES / OS_HUGE_PAGE)
#define PAGES_PER_HUGE_PAGE (SEGMENT_PAGES / HUGE_PAGES_PER_SEGMENT)

/* Gives the memory of a segment's huge pages back that nothing is used of: a part of one costs the system as much, and it would be a huge page no more.
 * lock: pages_lock held */
static void
segment_trim(size_t segment)
{
    Segment *s = &segment_table[segment];
    for (size_t i = 0; i < HUGE_PAGES_PER_SEGMENT; i++) {
        uint64_t mask = (((uint64_t)1 << PAGES_PER_HUGE_PAGE) - 1) << i * PAGES_PER_HUGE_PAGE, idle = s->idle & mask;
        if (idle && (idle | (s->without & mask)) == mask) {
            madvise(s->base + i * OS_HUGE_PAGE, OS_HUGE_PAGE, MADV_DONTNEED);
            s->idle &= ~mask;
            s->without |= mask;
            segment_with_those = pages_without && segment_with_those < segment ? segment_with_those : segment;
            pages_idle -= (size_t)__builtin_popcountll(idle);
            pages_without += (size_t)__builtin_popcountll(idle);
        }
    }
}

/* A page has become free. lock: pages_lock held */
static void
page_put(const Page *p)
{
    size_t segment = p->segment;
    Segment *s = &segment_table[segment];
    s->idle |= (uint64_t)1 << (size_t)((const char *)p - s->base) / PAGE_BYTES;
    segment_with_idle = pages_idle && segment_with_idle < segment ? segment_with_idle : segment;
    pages_idle++;
    if (pages_idle > PAGES_KEPT + pages_used / 2) { /* and some that was not given back, as there were fewer then */
        segment_trim(segment);
        segment_trim(segment_to_trim);
        segment_to_trim = (segment_to_trim + 1) % segments;
    }
}

static Page *
page_new(ThreadHeap *heap, bool tracked, unsigned c)
{
    mutex_lock(&pages_lock);
    Page *p = page_take();
    if (!p) {
        mutex_unlock(&pages_lock);
        return NULL;
    }
    pages_used++;
    p->heap = heap;
    p->tracked = tracked;
    p->size_class = (uint8_t)c;
    p->cell_size = class_size(c) + CELL_GAP;
    p->reciprocal = (uint32_t)((((uint64_t)1 << 32) + p->cell_size - 1) / p->cell_size);
    p->cell_count = (uint32_t)((PAGE_BYTES - (size_t)(page_cells(p) - (char *)p)) / p->cell_size);
    mutex_unlock(&pages_lock);
    MEMORY_POISON(page_cells(p), (size_t)((char *)p + PAGE_BYTES - page_cells(p)));
    return p;
}

/* Gives an empty page back. */
static void
page_free(Page *p)
{
    MEMORY_UNPOISON(p, PAGE_BYTES);
    mutex_lock(&pages_lock);
    pages_used--;
    p->tracked = false; /* a collection in slices may have it in its list */
    page_put(p);
    mutex_unlock(&pages_lock);
}

/* Moves what other threads freed to the page's own list. */
static SEES_POISON void
page_collect_remote(Page *p)
{
    FreeCell *cell = atomic_exchange_explicit(&p->remote, NULL, memory_order_acquire);
    p->batches += cell != NULL;
    while (cell) {
        FreeCell *next = cell->next;
        cell->next = p->free;
        p->free = cell;
        p->used--;
        cell = next;
    }
}

/* A full page that has free cells again goes back to where allocation looks. */
static void
page_unfull(Page *p)
{
    if (p->in_full_list && !p->frozen) {
        p->in_full_list = false;
        list_remove(&p->heap->full[p->tracked][p->size_class], p);
        PageList *list = &p->heap->available[p->tracked][p->size_class];
        if (list->first) { /* second: the first is being allocated from */
            p->prev = list->first;
            p->next = list->first->next;
            if (p->next) {
                p->next->prev = p;
            }
            list->first->next = p;
        } else {
            list_push(list, p);
        }
    }
}

/* An unused page that is not the one allocated from is given back, unless a thread that freed into it is about to put it on heap->returned. */
static void
page_release_if_empty(Page *p)
{
    PageList *list = &p->heap->available[p->tracked][p->size_class];
    if (p->used == 0 && !p->in_full_list && list->first != p && p->batches == atomic_load(&p->announced) && !atomic_load(&p->returned)) {
        list_remove(list, p);
        page_free(p);
    }
}

void
heap_collect_returned(ThreadHeap *heap)
{
    Page *p = atomic_exchange_explicit(&heap->returned, NULL, memory_order_acquire);
    while (p) {
        Page *next = p->returned_next;
        atomic_store(&p->returned, false);
        page_collect_remote(p);
        page_unfull(p);
        page_release_if_empty(p);
        p = next;
    }
}

/* A cell when the current page has none. */
static NOINLINE SEES_POISON FreeCell *
cell_slow(ThreadHeap *heap, bool tracked, unsigned c)
{
    PageList *list = &heap->available[tracked][c];
    heap_collect_returned(heap);
    for (Page *p = list->first; p;) {
        Page *next = p->next;
        page_collect_remote(p);
        if (p->free || p->bump < p->cell_count) {
            if (p != list->first) {
                list_remove(list, p);
                list_push(list, p);
            }
            break;
        }
        list_remove(list, p);
        list_push(&heap->full[tracked][c], p);
        p->in_full_list = true;
        p = next;
    }
    Page *p = list->first;
    if (!p) {
        p = page_new(heap, tracked, c);
        if (!p) {
            return NULL;
        }
        list_push(list, p);
    }
    if (tracked) {
        atomic_store_explicit(&p->young, true, memory_order_relaxed);
        int64_t cells = p->cell_count - p->used;
        if (atomic_fetch_sub_explicit(&gc_young_budget, cells, memory_order_relaxed) <= cells) {
            gc_request();
        }
    }
    FreeCell *cell = p->free;
    if (cell) {
        p->free = cell->next;
    } else {
        cell = (FreeCell *)(page_cells(p) + (size_t)p->bump++ * p->cell_size);
    }
    p->used++;
    return cell;
}

#define ZERO_BY_WORDS 96 /* up to so many bytes a loop is quicker than memset */

/* Zeroes o past the header (up to a multiple of 8 bytes, which cells are) and fills the header in, by two stores. */
static ALWAYS_INLINE Object *
object_init(Object *o, ShapeId shape, size_t size, unsigned flags)
{
    const Thread *t = thread_current;
    uint64_t *words = (uint64_t *)(void *)o;
    if (LIKELY(size <= ZERO_BY_WORDS)) {
        for (uint64_t *word = words + 2; (char *)word < (char *)o + size; word++) {
            *word = 0;
            __asm__("" : "+r"(word)); /* or the compiler makes it a call of memset */
        }
    } else {
        memset(words + 2, 0, size - sizeof(Object));
    }
    Object head = {.shape = shape, .owner = t->id, .flags = (uint8_t)(flags | t->birth_flags), .local = 1};
    uint64_t first, second;
    memcpy(&first, &head, sizeof first);
    memcpy(&second, (char *)&head + sizeof first, sizeof second);
    __atomic_store_n(words + 1, second, __ATOMIC_RELAXED);
    __atomic_store_n(words, first, __ATOMIC_RELEASE);
    return o;
}

#define PROBED ((size_t)1 << 30)

/* More than can be, or than the system has. The allocator asks it for address space, which it always gives, and ends the process when that
 * is used; so it is asked for memory first, where that may matter. */
static bool
is_too_large(size_t size)
{
    if (LIKELY(size < PROBED)) {
        return false;
    }
    void *p = size <= PTRDIFF_MAX - PAGE_BYTES ? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) : MAP_FAILED;
    if (p != MAP_FAILED) {
        munmap(p, size);
    }
    return p == MAP_FAILED;
}

static COLD Object *
large_alloc(ShapeId shape, size_t size, unsigned flags)
{
    LargeHead *head = is_too_large(size) ? NULL : mi_malloc(sizeof(LargeHead) + size);
    if (!head) {
        heap_hooks.no_memory();
        return NULL;
    }
    head->size = size;
    head->next = head->prev = NULL;
    head->frozen = false;
    head->hint_cycle = 0;
    Object *o = object_init((Object *)(head + 1), shape, size, flags);
    atomic_store_explicit(&o->lock, LOCK_LARGE, memory_order_relaxed);
    if (flags & OBJ_TRACKED) {
        mutex_lock(&large_lock);
        head->next = large_all;
        if (large_all) {
            large_all->prev = head;
        }
        large_all = head;
        mutex_unlock(&large_lock);
    }
    return o;
}

/* Inlined: what says SEES_POISON are its callers. */
static ALWAYS_INLINE Object *
small_alloc(ShapeId shape, size_t size, unsigned flags)
{
    ThreadHeap *heap = thread_current->heap;
    unsigned c = size_class(size);
    bool tracked = (flags & OBJ_TRACKED) != 0;
    Page *p = heap->available[tracked][c].first;
    FreeCell *cell;
    if (LIKELY(p && p->free)) {
        cell = p->free;
        p->free = cell->next;
        p->used++;
    } else if (LIKELY(p && p->bump < p->cell_count)) {
        cell = (FreeCell *)(page_cells(p) + (size_t)p->bump++ * p->cell_size);
        p->used++;
    } else {
        cell = cell_slow(heap, tracked, c);
        if (!cell) {
            heap_hooks.no_memory();
            return NULL;
        }
    }
    MEMORY_UNPOISON(cell, class_size(c));
    return object_init((Object *)cell, shape, size, flags);
}

/* A large object, or any while allocations are traced. */
static COLD SEES_POISON Object *
object_alloc_slow(ShapeId shape, size_t size, unsigned flags)
{
    Object *o = size > OBJECT_SMALL_MAX ? large_alloc(shape, size, flags) : small_alloc(shape, size, flags);
    if (o && traces()) {
        atomic_fetch_or_explicit(&o->lock, LOCK_TRACED, memory_order_relaxed);
        heap_hooks.trace_alloc(o, size);
    }
    return o;
}

SEES_POISON Object *
object_alloc(ShapeId shape, size_t size, unsigned flags)
{
    assert(shape != 0 && size >= sizeof(Object));
    if (UNLIKELY(alloc_fails()) && !may_use_reserve()) {
        heap_hooks.no_memory();
        return NULL;
    }
    if (UNLIKELY(size > atomic_load_explicit(&quick_max, memory_order_relaxed))) {
        return object_alloc_slow(shape, size, flags);
    }
    return small_alloc(shape, size, flags);
}

static void
page_return(Page *p)
{
    if (!atomic_exchange(&p->returned, true)) {
        Page *first = atomic_load(&p->heap->returned);
        do {
            p->returned_next = first;
        } while (!atomic_compare_exchange_weak(&p->heap->returned, &first, p));
    }
}

/* Marks a cell as free and puts it to those that wait, whose oldest takes its place: null while there is none. */
static SEES_POISON void *
cell_exchange(void *cell)
{
    atomic_store_explicit(&((FreeCell *)cell)->shape, 0, memory_order_release);
#if WITH_ASAN
    MEMORY_POISON(cell, page_of(cell)->cell_size);
    ThreadHeap *heap = thread_current->heap;
    if (!heap->quarantine && !(heap->quarantine = calloc(1, sizeof(Quarantine)))) {
        return cell;
    }
    Quarantine *q = heap->quarantine;
    void **place = &q->cells[q->next++ % QUARANTINE_CELLS], *oldest = *place;
    *place = cell;
    cell = oldest;
#endif
    return cell;
}

/* To a page of another heap: cells linked from `first` to `last`. */
static SEES_POISON void
page_push_remote(Page *p, FreeCell *first, FreeCell *last)
{
    FreeCell *next = atomic_load_explicit(&p->remote, memory_order_relaxed);
    do {
        last->next = next;
    } while (!atomic_compare_exchange_weak(&p->remote, &next, first));
    if (!next) {
        page_return(p);
        atomic_fetch_add(&p->announced, 1); /* from here on the page may go */
    }
}

/* To a page of this thread's heap. */
static inline SEES_POISON void
page_push(Page *p, FreeCell *cell)
{
    cell->next = p->free;
    p->free = cell;
    p->used--;
    if (UNLIKELY(p->in_full_list)) {
        page_unfull(p);
    }
    if (UNLIKELY(p->used == 0)) {
        page_release_if_empty(p);
    }
}

static void
cell_free(void *freed)
{
    FreeCell *cell = cell_exchange(freed);
    if (WITH_ASAN && !cell) {
        return;
    }
    Page *p = page_of((Object *)cell);
    if (LIKELY(p->heap == thread_current->heap)) {
        page_push(p, cell);
    } else {
        page_push_remote(p, cell, cell);
    }
}

/* One of many: those of another heap's page go there together, as each time the page's owner and all who free into it want one line of memory. */
static SEES_POISON void
cell_free_retired(void *freed, size_t size UNUSED)
{
    FreeCell *cell = cell_exchange(freed);
    if (WITH_ASAN && !cell) {
        return;
    }
    Page *p = page_of((Object *)cell);
    ThreadHeap *heap = thread_current->heap;
    if (LIKELY(p->heap == heap)) {
        page_push(p, cell);
        return;
    }
    unsigned place = ((uintptr_t)p / PAGE_BYTES) % OUTGOING;
    Outgoing *out = &heap->outgoing[place];
    if (out->page == p) {
        cell->next = out->first;
        out->first = cell;
        return;
    }
    if (out->page) {
        page_push_remote(out->page, out->first, out->last);
    }
    *out = (Outgoing){p, cell, cell};
    heap->outgoing_some |= 1u << place;
}

void
heap_send_freed(ThreadHeap *heap)
{
    for (; heap->outgoing_some; heap->outgoing_some &= heap->outgoing_some - 1) {
        Outgoing *out = &heap->outgoing[__builtin_ctz(heap->outgoing_some)];
        page_push_remote(out->page, out->first, out->last);
        out->page = NULL;
    }
}

static bool large_dead_kept;  /* guard: large_lock */
static LargeHead *large_dead; /* linked by `next`; the same */

static void
large_free(void *object, size_t size UNUSED)
{
    LargeHead *head = large_head(object);
    if (obj_flags(object) & OBJ_TRACKED) {
        mutex_lock(&large_lock);
        *(head->prev ? &head->prev->next : &large_all) = head->next;
        if (head->next) {
            head->next->prev = head->prev;
        }
        if (large_dead_kept) {
            atomic_store_explicit(&((Object *)object)->shape, 0, memory_order_relaxed);
            head->next = large_dead;
            large_dead = head;
            head = NULL;
        }
        mutex_unlock(&large_lock);
    }
    mi_free(head);
}

static void
retire(Thread *t, void *p, void (*free_fn)(void *, size_t), size_t bytes)
{
    if (epoch_retire(t->epoch, p, free_fn, bytes)) {
        breaker_set_all(BREAK_EPOCH);
    }
}

void
object_free(Object *o)
{
    uint8_t birth = atomic_load_explicit(&o->lock, memory_order_relaxed);
    bool large = (birth & LOCK_LARGE) != 0;
    if (UNLIKELY(birth & LOCK_TRACED)) {
        untraced(o);
    }
    if (obj_is_contended(o)) { /* a lock-free reader may still look at the header */
        /* and the collector may see it: without the flag a count of zero means that it is dead */
        atomic_fetch_and_explicit(&o->flags, (uint8_t)~OBJ_DEFERRED, memory_order_relaxed);
        retire(thread_current, o, large ? large_free : cell_free_retired, large ? large_head(o)->size : 64);
    } else if (large) {
        large_free(o, 0);
    } else {
        cell_free(o);
    }
}

/* One of the C program's own: the linker says where these lie. */
static bool
object_is_static(const Object *o)
{
    extern const char __executable_start[], _end[];
    return (uintptr_t)o >= (uintptr_t)__executable_start && (uintptr_t)o < (uintptr_t)_end;
}

size_t
object_cell_size(const Object *o)
{
    if (object_is_static(o)) {
        return obj_type(o)->basic_size;
    }
    return object_is_large(o) ? large_head(o)->size : page_of(o)->cell_size - CELL_GAP;
}

/* -- buffers -- */

void *
mem_try_alloc(size_t size)
{
    return is_too_large(size) || alloc_fails() ? NULL : traced(mi_malloc(size), size);
}

void *
mem_alloc(size_t size)
{
    void *p = mem_try_alloc(size);
    if (UNLIKELY(!p)) {
        heap_hooks.no_memory();
    }
    return p;
}

void *
mem_zalloc(size_t size)
{
    void *p = is_too_large(size) || alloc_fails() ? NULL : traced(mi_zalloc(size), size);
    if (UNLIKELY(!p)) {
        heap_hooks.no_memory();
    }
    return p;
}

void *
mem_realloc(void *p, size_t size)
{
    void *moved = NULL;
    if (LIKELY(!is_too_large(size) && !alloc_fails())) {
        untraced(p); /* before another thread can get this address */
        moved = mi_realloc(p, size);
        traced(moved ? moved : p, moved ? size : mi_usable_size(p));
    }
    if (UNLIKELY(!moved)) {
        heap_hooks.no_memory();
    }
    return moved;
}

void
mem_free(void *p)
{
    untraced(p);
    mi_free(p);
}

void
mem_give_back(void)
{
#if !WITH_ASAN && !WITH_TSAN
    mi_collect(true);
#endif
}

static void
buffer_free(void *p, size_t size UNUSED)
{
    mi_free(p);
}

void
mem_retire(const Object *holder, void *p)
{
    if (!p) {
        return;
    }
    untraced(p);
    if (obj_is_contended(holder)) {
        retire(thread_current, p, buffer_free, mi_usable_size(p));
    } else {
        mi_free(p);
    }
}

/* -- buffers of a known size -- */

static size_t
mapped_size(size_t size)
{
    return (size + OS_HUGE_PAGE - 1) & ~(OS_HUGE_PAGE - 1);
}

static void
mapped_free(void *p, size_t size)
{
    munmap(p, mapped_size(size));
}

static NOINLINE void *
map_buffer(size_t size)
{
    void *p = is_too_large(size) || alloc_fails() ? NULL : os_map_huge(mapped_size(size));
    if (UNLIKELY(!p)) {
        heap_hooks.no_memory();
        return NULL;
    }
    return traced(p, size);
}

void *
mem_alloc_sized(size_t size)
{
    return LIKELY(!mem_is_mapped(size)) ? mem_alloc(size) : map_buffer(size);
}

/* Elsewhere; null where the system refuses. */
static void *
move_mapping(void *p, size_t old_size, size_t size)
{
    void *place = os_map_huge(size);
    void *moved = place ? mremap(p, old_size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place) : MAP_FAILED;
    if (UNLIKELY(moved == MAP_FAILED) && place) {
        munmap(place, size);
    }
    return moved == MAP_FAILED ? NULL : moved;
}

static NOINLINE void *
remap_buffer(void *p, size_t old_size, size_t size)
{
    void *moved = NULL;
    if (LIKELY(!is_too_large(size) && !alloc_fails())) {
        untraced(p); /* before another thread can get this address */
        size_t from = mapped_size(old_size), to = mapped_size(size);
        moved = from == to ? p : move_mapping(p, from, to);
        traced(moved ? moved : p, moved ? size : old_size);
    }
    if (UNLIKELY(!moved)) {
        heap_hooks.no_memory();
    }
    return moved;
}

void *
mem_realloc_sized(void *p, size_t old_size, size_t size)
{
    if (mem_is_mapped(old_size) && mem_is_mapped(size)) {
        return remap_buffer(p, old_size, size);
    }
    if (!mem_is_mapped(old_size) && !mem_is_mapped(size)) {
        return mem_realloc(p, size);
    }
    void *moved = mem_alloc_sized(size);
    if (moved) {
        memcpy(moved, p, old_size < size ? old_size : size);
        mem_free_sized(p, old_size);
    }
    return moved;
}

void
mem_free_sized(void *p, size_t size)
{
    if (LIKELY(!mem_is_mapped(size))) {
        mem_free(p);
    } else {
        untraced(p);
        mapped_free(p, size);
    }
}

void
mem_retire_sized(const Object *holder, void *p, size_t size)
{
    if (LIKELY(!mem_is_mapped(size))) {
        mem_retire(holder, p);
    } else if (obj_is_contended(holder)) {
        untraced(p);
        retire(thread_current, p, mapped_free, size);
    } else {
        mem_free_sized(p, size);
    }
}

/* -- heaps -- */

ThreadHeap *
heap_take(void)
{
    static uint32_t last_id; /* guard: heaps_lock */
    mutex_lock(&heaps_lock);
    for (ThreadHeap *h = heaps_all; h; h = h->next) {
        mutex_lock(&h->queue_lock);
        bool free = !h->taken;
        h->taken = true;
        mutex_unlock(&h->queue_lock);
        if (free) {
            mutex_unlock(&heaps_lock);
            return h;
        }
    }
    ThreadHeap *h = last_id < UINT16_MAX && !alloc_fails() ? mi_zalloc(sizeof *h) : NULL;
    if (h) {
        h->id = (uint16_t)++last_id;
        h->taken = true;
        heaps_by_id[h->id] = h;
        h->next = heaps_all;
        heaps_all = h;
    }
    mutex_unlock(&heaps_lock);
    return h;
}

void
heap_give(ThreadHeap *heap)
{
    heap_collect_returned(heap);
    mutex_lock(&heap->queue_lock);
    heap->taken = false;
    heap->thread = NULL;
    mutex_unlock(&heap->queue_lock);
}

ThreadHeap *
heap_of_id(uint16_t id)
{
    return heaps_by_id[id];
}

void
heap_print_stats(FILE *to)
{
    struct {
        size_t pages, cells, used;
    } sums[2][SIZE_CLASSES] = {0};
    mutex_lock(&pages_lock);
    PageWalk walk = {0};
    for (Page *p; (p = page_walk(&walk));) {
        sums[p->tracked][p->size_class].pages++;
        sums[p->tracked][p->size_class].cells += p->cell_count;
        sums[p->tracked][p->size_class].used += p->used;
    }
    size_t free_pages = pages_idle + pages_without;
    mutex_unlock(&pages_lock);
    fprintf(to, "%10s %8s %8s %10s %10s\n", "cell bytes", "tracked", "pages", "cells", "used");
    for (int tracked = 0; tracked < 2; tracked++) {
        for (unsigned c = 0; c < SIZE_CLASSES; c++) {
            if (sums[tracked][c].pages) {
                fprintf(to, "%10u %8s %8zu %10zu %10zu\n", class_size(c), tracked ? "yes" : "no", sums[tracked][c].pages,
                        sums[tracked][c].cells, sums[tracked][c].used);
            }
        }
    }
    fprintf(to, "free pages: %zu of %zu KiB\n", free_pages, PAGE_BYTES / 1024);
}

/* -- enumeration -- */

void
pages_visit_stw(void (*visit)(Page *p, void *arg), void *arg)
{
    PageWalk walk = {0};
    for (Page *p; (p = page_walk(&walk));) {
        if (p->tracked) {
            visit(p, arg);
        }
    }
}

void
large_visit_stw(ObjectVisit visit, void *arg)
{
    for (LargeHead *h = large_all, *next; h; h = next) {
        next = h->next;
        visit((Object *)(h + 1), arg);
    }
}

size_t
large_list_stw(Object ***list)
{
    size_t count = 0, n = 0;
    for (LargeHead *h = large_all; h; h = h->next) {
        count++;
    }
    *list = count ? malloc(count * sizeof **list) : NULL;
    for (LargeHead *h = large_all; h && *list; h = h->next) {
        (*list)[n++] = (Object *)(h + 1);
    }
    return count;
}

void
large_keep_dead(bool keep)
{
    mutex_lock(&large_lock);
    large_dead_kept = keep;
    LargeHead *dead = keep ? NULL : large_dead;
    large_dead = keep ? large_dead : NULL;
    mutex_unlock(&large_lock);
    while (dead) {
        LargeHead *next = dead->next;
        mi_free(dead);
        dead = next;
    }
}

size_t
pages_list_stw(Page ***list)
{
    size_t n = 0;
    *list = malloc((pages_used + 1) * sizeof **list);
    PageWalk walk = {0};
    for (Page *p; *list && (p = page_walk(&walk));) {
        if (p->tracked) {
            (*list)[n++] = p;
        }
    }
    return n;
}

/* Young stays the page that allocation goes on in. */
void
page_grow_old(Page *p)
{
    bool in_use = p->heap->available[p->tracked][p->size_class].first == p && (p->free || p->bump < p->cell_count);
    atomic_store_explicit(&p->young, in_use, memory_order_relaxed);
}

SEES_POISON void
page_visit_objects(Page *p, ObjectVisit visit, void *arg)
{
    char *cell = page_cells(p);
    for (uint32_t i = 0; i < p->bump; i++, cell += p->cell_size) {
        Object *o = (Object *)cell;
        if (obj_shape(o) != 0 && (obj_flags(o) & OBJ_TRACKED)) {
            visit(o, arg);
        }
    }
}

void
page_set_aside(Page *p)
{
    if (!p->in_full_list) {
        list_remove(&p->heap->available[p->tracked][p->size_class], p);
        list_push(&p->heap->full[p->tracked][p->size_class], p);
        p->in_full_list = true;
    }
}

void
page_take_back(Page *p)
{
    if (p->free || p->bump < p->cell_count || atomic_load(&p->remote)) {
        page_unfull(p);
    }
}

int64_t
pages_unused_stw(void)
{
    int64_t count = 0;
    for (ThreadHeap *h = heaps_all; h; h = h->next) {
        for (unsigned c = 0; c < SIZE_CLASSES; c++) {
            const Page *p = h->available[true][c].first;
            count += p && atomic_load_explicit(&p->young, memory_order_relaxed) ? p->cell_count - p->used : 0;
        }
    }
    return count;
}

typedef struct VisitAll {
    ObjectVisit visit;
    void *arg;
} VisitAll;

static void
visit_page_objects(Page *p, void *arg)
{
    VisitAll *all = arg;
    page_visit_objects(p, all->visit, all->arg);
}

void
objects_visit_stw(ObjectVisit visit, void *arg)
{
    assert(world_is_stopped());
    VisitAll all = {visit, arg};
    pages_visit_stw(visit_page_objects, &all);
    large_visit_stw(visit, arg);
}
