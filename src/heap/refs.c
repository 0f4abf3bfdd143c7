/* Reference counts off the fast path, publication, and death: heap/object.h.
 *
 * The shared word is a signed count of 29 bits over REFS_QUEUED, REFS_MERGED and REFS_SPREAD. Who makes the last reference go away:
 *   owner, local reaches 0:   owner := 0, then REFS_MERGED is set; the object dies if the count is 0 and it is not queued
 *   another, count below 0:   REFS_QUEUED is set and the object goes to its owner's queue; merging there clears it
 *   anybody, merged:          the object dies when the count reaches 0 and it is not queued
 *   anybody, spread:          nobody; settling finds it (heap/spread.h)
 * A merged object has no owner until a thread that uses it adopts it: REFS_MERGED is taken back, then the thread counts in `local`, until that
 * comes to 0 and it is merged again. Between those two steps, as between the two of merging, an object has neither an owner nor REFS_MERGED.
 * An object in a queue never dies before it is taken out, so a queue needs no references. */
#include <stdlib.h>
#include <unistd.h>

#include "base/stats.h"
#include "heap/heap_priv.h"
#include "heap/spread.h"

bool threads_many;
__thread uint16_t thread_owner_id;
__thread Thread *thread_current;
static void
no_memory_yet(void)
{
}

HeapHooks heap_hooks = {.no_memory = no_memory_yet};

/* What a word says that was read or written when the object was left without an owner: nobody will ask again. */
static inline bool
says_dead(uint32_t shared)
{
    return refs_shared_count(shared) == 0 && !(shared & (REFS_QUEUED | REFS_SPREAD));
}

/* The whole count is zero. */
static void
count_is_zero(Object *o)
{
    if (!(obj_flags(o) & OBJ_DEFERRED)) { /* those wait for a full collection */
        object_die(o);
    }
}

/* May a thread become the owner of a living object with this word? Not of one in a queue, which waits for the merging by its last owner. */
static inline bool
can_adopt(const Object *o, uint32_t shared)
{
    return (shared & (REFS_MERGED | REFS_QUEUED | REFS_SPREAD)) == REFS_MERGED && !(obj_flags(o) & (OBJ_DEFERRED | OBJ_IMMORTAL));
}

/* This thread counts o from now on, beginning with one reference, of which the caller has taken what was in the shared word. pre: the caller
 * has just taken REFS_MERGED back */
static inline void
adopt(Object *o)
{
    o->local = 1;
    atomic_store_explicit(&o->owner, thread_owner_id, memory_order_release);
}

static NOINLINE void
own_shared(Object *o, uint32_t shared)
{
    STAT(shared_counts, 1);
    if (threads_many && can_adopt(o, shared) &&
        atomic_compare_exchange_strong_explicit(&o->shared, &shared, shared & ~(uint32_t)REFS_MERGED, memory_order_acq_rel,
                                                memory_order_relaxed)) {
        adopt(o);
    } else {
        atomic_fetch_add_explicit(&o->shared, REFS_ONE, memory_order_relaxed);
    }
    if (threads_many) {
        spread_notice(o);
    }
}

void
own_slow(Object *o)
{
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed);
    if (LIKELY(shared & REFS_SPREAD)) {
        spread_count(o, 1);
    } else {
        own_shared(o, shared);
    }
}

static NOINLINE bool
try_own_shared(Object *o, uint32_t shared)
{
    uint32_t more;
    bool adopts;
    do {
        if (shared & REFS_SPREAD) {
            spread_count(o, 1);
            return true;
        }
        if ((shared & REFS_MERGED) && says_dead(shared) && !(obj_flags(o) & OBJ_DEFERRED)) {
            return false;
        }
        adopts = threads_many && can_adopt(o, shared);
        more = adopts ? shared & ~(uint32_t)REFS_MERGED : shared + REFS_ONE;
    } while (!atomic_compare_exchange_weak_explicit(&o->shared, &shared, more, memory_order_acq_rel, memory_order_relaxed));
    if (adopts) {
        adopt(o);
    }
    STAT(shared_counts, 1);
    spread_notice(o);
    return true;
}

bool
try_own_slow(Object *o)
{
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed);
    if (LIKELY(shared & REFS_SPREAD)) {
        spread_count(o, 1);
        return true;
    }
    return try_own_shared(o, shared);
}

void
take_over(Value v)
{
    if (!v || !is_object(v) || obj_is_mine(obj(v))) {
        return;
    }
    Object *o = obj(v);
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed);
    if (can_adopt(o, shared) && atomic_compare_exchange_strong_explicit(&o->shared, &shared, (shared - REFS_ONE) & ~(uint32_t)REFS_MERGED,
                                                                        memory_order_acq_rel, memory_order_relaxed)) {
        adopt(o);
    }
}

bool
own_if_still(Value v, Own const *field)
{
    if (!try_own(v)) {
        return false;
    }
    if (UNLIKELY(__atomic_load_n(field, __ATOMIC_ACQUIRE) != v)) {
        drop_later((Own)(uintptr_t)v);
        return false;
    }
    return true;
}

/* Takes one from the count, unless that may be the last reference. */
static bool
drop_but_last(Object *o)
{
    if (obj_is_mine(o)) {
        bool others = o->local > 1;
        o->local -= others;
        return others;
    }
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed), less;
    do {
        if (shared & REFS_SPREAD) {
            spread_count(o, -1);
            return true;
        }
        less = shared - REFS_ONE;
        if (shared & REFS_MERGED ? says_dead(less) : refs_shared_count(less) < 0) {
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&o->shared, &shared, less, memory_order_acq_rel, memory_order_relaxed));
    STAT(shared_counts, 1);
    return true;
}

void
drop_later(Own v)
{
    if (!is_object(v) || (obj_flags(obj(v)) & OBJ_IMMORTAL) || drop_but_last(obj(v))) {
        return;
    }
    ThreadHeap *heap = thread_current->heap;
    if (heap->later_count == heap->later_capacity) {
        size_t capacity = heap->later_capacity * 2 + 16;
        Object **later = realloc(heap->later, capacity * sizeof *later);
        if (!later) {
            return; /* leaked, but never freed too early */
        }
        heap->later = later;
        heap->later_capacity = capacity;
    }
    heap->later[heap->later_count++] = obj(v);
    breaker_set(thread_current, BREAK_MERGE);
}

/* Joins the halves of o, which this thread owns (or whose owner is no more, under its queue's lock). True when the object is to die. */
static bool
merge(Object *o)
{
    STAT(merges, 1);
    uint32_t local = o->local;
    o->local = 0;
    atomic_store_explicit(&o->owner, 0, memory_order_relaxed);
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed), merged;
    do {
        merged = ((shared & ~(uint32_t)REFS_QUEUED) + local * REFS_ONE) | REFS_MERGED;
    } while (!atomic_compare_exchange_weak_explicit(&o->shared, &shared, merged, memory_order_acq_rel, memory_order_relaxed));
    return says_dead(merged);
}

void
drop_last_local(Object *o)
{
    uint8_t flags = obj_flags(o);
    if (UNLIKELY(flags & OBJ_DEFERRED)) { /* only a full collection frees it: its owner goes on counting without atomics */
        return;
    }
    if (LIKELY((!threads_many || !(flags & OBJ_SHARED)) && atomic_load_explicit(&o->shared, memory_order_relaxed) == 0)) {
        object_die(o);
        return;
    }
    atomic_store_explicit(&o->owner, 0, memory_order_relaxed);
    uint32_t shared = atomic_fetch_or_explicit(&o->shared, REFS_MERGED, memory_order_acq_rel);
    if (says_dead(shared)) {
        count_is_zero(o);
    }
}

/* Empties the queue: what was in it, for the caller to free. */
static Object **
queue_take(ThreadHeap *heap, size_t *count)
{
    mutex_lock(&heap->queue_lock);
    Object **queue = heap->queue;
    *count = heap->queue_count;
    heap->queue = NULL;
    heap->queue_count = heap->queue_capacity = 0;
    mutex_unlock(&heap->queue_lock);
    return queue;
}

/* Merges what is queued for a thread that is detached, in its place, so that the objects die now and not when it next runs. What is dead
 * dies when the owner has been let go: finalizers run. pre: thread_hold_detached(owner) */
static void
merge_for(ThreadHeap *heap, Thread *owner)
{
    size_t count, dead = 0;
    Object **queue = queue_take(heap, &count);
    for (size_t i = 0; i < count; i++) {
        if (merge(queue[i]) && !(obj_flags(queue[i]) & OBJ_DEFERRED)) {
            refs_revive(queue[i]); /* held until its turn: the finalizer of one may bring about a collection, which would take its class for unneeded */
            queue[dead++] = queue[i];
        }
    }
    thread_let_run(owner);
    for (size_t i = 0; i < dead; i++) {
        obj_drop(queue[i]);
    }
    free(queue);
}

/* Puts o into its owner's queue; when the owner has no thread, merges at once. */
static void
queue_for_merge(Object *o, ThreadHeap *heap)
{
    mutex_lock(&heap->queue_lock);
    if (!heap->taken) { /* its owner may have merged it before it ended, and left the rest to the queue */
        bool dead = merge(o);
        mutex_unlock(&heap->queue_lock);
        if (dead) {
            count_is_zero(o);
        }
        return;
    }
    if (heap->queue_count == heap->queue_capacity) {
        size_t capacity = heap->queue_capacity * 2 + 32;
        Object **queue = realloc(heap->queue, capacity * sizeof *queue);
        if (!queue) { /* o stays marked as queued: leaked, but never freed too early */
            mutex_unlock(&heap->queue_lock);
            return;
        }
        heap->queue = queue;
        heap->queue_capacity = capacity;
    }
    heap->queue[heap->queue_count++] = o;
    Thread *owner = heap->thread;
    bool held = false;
    if (owner) {
        breaker_set(owner, BREAK_MERGE);
        held = thread_hold_detached(owner); /* it may be blocked for long */
    }
    mutex_unlock(&heap->queue_lock);
    if (held) {
        merge_for(heap, owner);
    }
}

/* Puts o, which this thread has just marked REFS_QUEUED, into its owner's queue. From then on nobody adopts it, and the owner leaves it to the
 * queue. `owner` may have been read as 0 between the owner's two steps of merging or of adopting; then either it turns up, or the merger has seen
 * the mark. */
static void
queue_to_owner(Object *o, uint16_t owner)
{
    ThreadHeap *heap = owner ? heap_of_id(owner) : NULL;
    while (!heap) {
        owner = atomic_load_explicit(&o->owner, memory_order_acquire);
        uint32_t now = atomic_load_explicit(&o->shared, memory_order_acquire);
        if (owner) {
            heap = heap_of_id(owner);
        } else if (now & REFS_MERGED) { /* nobody has it queued: take the mark back */
            now = atomic_fetch_and_explicit(&o->shared, ~(uint32_t)REFS_QUEUED, memory_order_acq_rel);
            if (says_dead(now & ~(uint32_t)REFS_QUEUED)) {
                count_is_zero(o);
            }
            return;
        }
    }
    queue_for_merge(o, heap);
}

static NOINLINE void
drop_shared(Object *o, uint32_t shared)
{
    uint32_t less;
    do {
        if (shared & REFS_SPREAD) {
            spread_count(o, -1);
            return;
        }
        less = shared - REFS_ONE;
        if (!(shared & REFS_MERGED) && refs_shared_count(less) < 0) {
            less |= REFS_QUEUED;
        }
    } while (!atomic_compare_exchange_weak_explicit(&o->shared, &shared, less, memory_order_acq_rel, memory_order_relaxed));
    STAT(shared_counts, 1);
    if ((less & REFS_QUEUED) && !(shared & REFS_QUEUED)) {
        queue_to_owner(o, atomic_load_explicit(&o->owner, memory_order_acquire));
    } else if ((less & REFS_MERGED) && says_dead(less)) {
        count_is_zero(o);
    }
}

void
drop_slow(Object *o)
{
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed);
    if (LIKELY(shared & REFS_SPREAD)) {
        spread_count(o, -1);
    } else {
        drop_shared(o, shared);
    }
}

/* Does its owner run Python code now? */
static bool
owner_is_attached(const Object *o)
{
    uint16_t owner = atomic_load_explicit(&o->owner, memory_order_relaxed);
    ThreadHeap *heap = owner ? heap_of_id(owner) : NULL;
    if (!heap) {
        return false;
    }
    mutex_lock(&heap->queue_lock);
    bool attached = heap->thread && thread_is_attached(heap->thread);
    mutex_unlock(&heap->queue_lock);
    return attached;
}

void
refs_ask_for_merge(Object *o)
{
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed);
    uint16_t owner;
    do {
        owner = atomic_load_explicit(&o->owner, memory_order_relaxed);
        if ((shared & (REFS_MERGED | REFS_QUEUED)) || !owner_is_attached(o)) {
            return;
        }
    } while (!atomic_compare_exchange_weak_explicit(&o->shared, &shared, shared | REFS_QUEUED, memory_order_acq_rel, memory_order_relaxed));
    queue_to_owner(o, owner);
}

void
heap_merge_queue(ThreadHeap *heap)
{
    while (heap->later_count) {
        obj_drop(heap->later[--heap->later_count]);
    }
    size_t count;
    Object **queue = queue_take(heap, &count);
    for (size_t i = 0; i < count; i++) {
        if (merge(queue[i])) {
            count_is_zero(queue[i]);
        }
    }
    free(queue);
}

/* -- death -- */

#define DYING_DEPTH 64 /* nested deallocations on the C stack, then a queue */

/* What this thread is deallocating. An instance does not count its class: while Python code runs in between, the collector learns here
 * which classes are still needed. */
typedef struct Dying {
    int depth;
    const Type *types[DYING_DEPTH]; /* of what is being deallocated, outermost first */
    Object **queue; /* dead, not yet deallocated: the outermost object_die goes on with them. Null, `few`, or from malloc */
    size_t count, capacity;
    Object *few[256];
} Dying;

static __thread Dying dying;

void
refs_revive(Object *o)
{
    atomic_store_explicit(&o->owner, thread_owner_id, memory_order_relaxed);
    o->local = 1;
    atomic_store_explicit(&o->shared, 0, memory_order_release);
}

/* Takes that reference back. False when the finalizer let the object escape. */
static bool
unrevive(Object *o)
{
    if (LIKELY(obj_is_mine(o) && o->local == 1 && (!obj_is_contended(o)) &&
               atomic_load_explicit(&o->shared, memory_order_relaxed) == 0)) {
        o->local = 0;
        return true;
    }
    if (obj_is_mine(o)) {
        if (--o->local > 0) {
            return false;
        }
        atomic_store_explicit(&o->owner, 0, memory_order_relaxed);
        return says_dead(atomic_fetch_or_explicit(&o->shared, REFS_MERGED, memory_order_acq_rel));
    }
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed);
    do {
        if ((shared & REFS_SPREAD) || !(shared & REFS_MERGED)) { /* it escaped and is counted elsewhere by now: a reference like any other */
            drop_slow(o);
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&o->shared, &shared, shared - REFS_ONE, memory_order_acq_rel, memory_order_relaxed));
    return says_dead(shared - REFS_ONE);
}

/* pre: count zero. True when o is still dead after its finalizer. */
static bool
finalize(Object *o, Type *type)
{
    if (type->slots.finalize && !(obj_flags(o) & OBJ_FINALIZED)) {
        atomic_store_explicit(&o->flags, obj_flags(o) | OBJ_FINALIZED, memory_order_relaxed); /* nobody else has it */
        refs_revive(o);
        Own pending = thread_current->exc;
        thread_current->exc = NO_VALUE;
        type->slots.finalize(o);
        assert(!thread_current->exc);
        thread_current->exc = pending;
        return unrevive(o);
    }
    return true;
}

static inline void
dying_note_type(const Type *type)
{
    if (LIKELY(dying.depth <= DYING_DEPTH)) {
        dying.types[dying.depth - 1] = type;
    }
}

/* pre: dying.depth counts o */
static void
die_now(Object *o)
{
    Type *type = obj_type(o);
    dying_note_type(type);
    if (!finalize(o, type)) {
        return;
    }
    if (obj_flags(o) & OBJ_WEAKREFS) {
        heap_hooks.weakrefs_clear(o); /* the count stays zero: nobody can take o by one of them */
    }
    type = obj_type(o); /* a finalizer may have changed it */
    dying_note_type(type);
    type->slots.dealloc(o);
}

/* False without memory. */
static bool
dying_push(Object *o)
{
    if (!dying.queue) {
        dying.queue = dying.few;
        dying.capacity = ARRAY_LEN(dying.few);
    }
    if (dying.count == dying.capacity) {
        size_t capacity = dying.capacity * 2;
        Object **queue = realloc(dying.queue == dying.few ? NULL : dying.queue, capacity * sizeof *queue);
        if (!queue) {
            return false;
        }
        if (dying.queue == dying.few) {
            memcpy(queue, dying.few, sizeof dying.few);
        }
        dying.queue = queue;
        dying.capacity = capacity;
    }
    dying.queue[dying.count++] = o;
    return true;
}

void
object_die(Object *o)
{
    if (UNLIKELY(dying.depth >= DYING_DEPTH)) {
        if (dying_push(o) || (uintptr_t)__builtin_frame_address(0) < thread_current->c_stack_limit) {
            return; /* or neither memory nor C stack is left: leaked */
        }
    }
    dying.depth++;
    die_now(o);
    while (dying.depth == 1 && dying.count) {
        die_now(dying.queue[--dying.count]);
    }
    dying.depth--;
}

void
dying_thread_begin(Thread *t)
{
    t->dying = &dying;
}

void
dying_visit_types(const Thread *t, Visit visit, void *arg)
{
    const Dying *d = t->dying;
    for (int i = 0; d && i < d->depth && i < DYING_DEPTH; i++) {
        visit(VALUE(d->types[i]), arg);
    }
    for (size_t i = 0; d && i < d->count; i++) {
        visit(VALUE(obj_type(d->queue[i])), arg);
    }
}

/* Takes o over from its owner if only the collector refers to it. stw: else a count could change between the reading of its halves */
static bool
take_last_stw(Object *o)
{
    uint32_t shared = atomic_load(&o->shared);
    if ((uint32_t)refs_shared_count(shared) + o->local != 1 || (shared & (REFS_QUEUED | REFS_SPREAD))) {
        return false;
    }
    o->local = 0;
    atomic_store(&o->owner, 0);
    atomic_store(&o->shared, REFS_MERGED);
    /* its memory may wait for an epoch: until then a collection must see that it is dead */
    atomic_fetch_and_explicit(&o->flags, (uint8_t)~OBJ_DEFERRED, memory_order_relaxed);
    return true;
}

#define LAST_ROUNDS 100

_Atomic uint64_t objects_shown;

void
drop_deferred_last(Object **items, size_t n, uint64_t shown)
{
    size_t last = 1;
    for (int round = 0; last > 0 && n > 0 && round < LAST_ROUNDS; round++) { /* a longer chain is for the next full collections */
        last = 0;
        world_stop();
        spread_settle_stw(NULL);
        bool hidden = atomic_load(&objects_shown) == shown; /* else a register may hold one, without a count */
        for (size_t i = 0; i < n && hidden; i++) {
            Object *o = items[i];
            if (take_last_stw(o)) {
                items[i] = items[last];
                items[last++] = o;
            }
        }
        bool awaited = world_is_awaited();
        world_start();
        spread_bury();
        for (size_t i = 0; i < last; i++) {
            object_die(items[i]);
        }
        items += last; /* the others are looked at again: those may have been the last to hold them */
        n -= last;
        if (awaited && n > 0 && last > 0) {
            detach();
            usleep(100);
            attach();
        }
    }
    for (size_t i = 0; i < n; i++) {
        obj_drop(items[i]); /* something not cleared still holds it: the next full collection sees it again */
    }
}

void
dying_thread_end(void)
{
    if (dying.queue != dying.few) {
        free(dying.queue);
    }
    dying.queue = NULL;
    dying.count = dying.capacity = 0;
}

/* -- publication -- */

typedef struct Publishing {
    Object **items; /* `few`, or from malloc */
    size_t count, capacity;
    size_t handed; /* so many objects more are left without an owner */
    Object *few[64];
} Publishing;

/* o, which nobody else has yet, is counted by everybody alike. */
static void
give_up_private(Object *o)
{
    uint32_t local = o->local;
    if (obj_is_mine(o) && local < 1u << 20 && !(obj_flags(o) & (OBJ_DEFERRED | OBJ_IMMORTAL)) &&
        atomic_load_explicit(&o->shared, memory_order_relaxed) == 0) {
        o->local = 0;
        atomic_store_explicit(&o->owner, 0, memory_order_relaxed);
        atomic_store_explicit(&o->shared, local * REFS_ONE | REFS_MERGED, memory_order_relaxed);
    }
}

static int
publish_visit(Value v, void *arg)
{
    Publishing *p = arg;
    if (!v || !is_object(v) || (obj_flags(obj(v)) & OBJ_SHARED)) {
        return 0;
    }
    STAT(published, 1);
    if (p->handed > 0) {
        p->handed--;
        give_up_private(obj(v));
    }
    atomic_fetch_or_explicit(&obj(v)->flags, OBJ_SHARED, memory_order_relaxed);
    if (!obj_type(obj(v))->slots.traverse) {
        return 0;
    }
    if (p->count == p->capacity) {
        size_t capacity = p->capacity * 2 + 64;
        Object **items = realloc(p->items == p->few ? NULL : p->items, capacity * sizeof *items);
        if (items && p->items == p->few) {
            memcpy(items, p->few, sizeof p->few);
        }
        if (!items) { /* no list to remember it in: go down on the C stack */
            return obj_type(obj(v))->slots.traverse(obj(v), publish_visit, p);
        }
        p->items = items;
        p->capacity = capacity;
    }
    p->items[p->count++] = obj(v);
    return 0;
}

static void
publish_from(Object *o, size_t handed)
{
    Publishing p; /* `few` is left as it is: this is done often */
    p.items = p.few;
    p.count = 0;
    p.capacity = ARRAY_LEN(p.few);
    p.handed = handed;
    publish_visit(VALUE(o), &p);
    while (p.count) {
        Object *next = p.items[--p.count];
        obj_type(next)->slots.traverse(next, publish_visit, &p);
    }
    if (p.items != p.few) {
        free(p.items);
    }
}

void
publish_slow(Object *o)
{
    publish_from(o, 0);
}

/* What is deep in a large structure is more likely to be needed here again. */
#define HANDED_MOST 64

void
hand_over(Value v)
{
    if (is_object(v) && !(obj_flags(obj(v)) & OBJ_SHARED)) {
        publish_from(obj(v), HANDED_MOST);
    }
}
