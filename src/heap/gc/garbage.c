/* The end of what is unreachable, in PEP 442's order, while the world runs: weak references with callbacks, finalizers; what a finalizer brought back
 * (found by a second, smaller trial deletion) lives on; the rest is cleared. The garbage is held by one reference each meanwhile.
 *
 * Each thread may be at it with garbage of its own: what another collection sees of it, it sees held. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "heap/gc/gc_priv.h"

void (*gc_uncollectable)(Object *o);
void (*gc_log)(const char *text);

static _Atomic int debug_flags;

/* A class lists its subclasses without counting them: from here on nobody finds those of the garbage there, unless they turn out to be alive. */
static void
set_classes_unreachable(Object *const *items, size_t n, bool unreachable)
{
    for (size_t i = 0; i < n; i++) {
        if (type_flags(obj_type(items[i])) & TYPE_TYPE_SUBCLASS) {
            Type *t = (Type *)items[i];
            if (unreachable) {
                atomic_fetch_or_explicit(&t->flags, TYPE_UNREACHABLE, memory_order_relaxed);
            } else {
                atomic_fetch_and_explicit(&t->flags, ~(uint32_t)TYPE_UNREACHABLE, memory_order_relaxed);
                atomic_fetch_or_explicit(&t->head.flags, OBJ_WEAKREFS, memory_order_relaxed); /* as at birth */
            }
        }
    }
}

static void
finalize(Object *o)
{
    atomic_fetch_or_explicit(&o->flags, OBJ_FINALIZED, memory_order_relaxed);
    Own pending = thread_current->exc;
    thread_current->exc = NO_VALUE;
    obj_type(o)->slots.finalize(o);
    thread_current->exc = pending;
}

static void
finalize_all(const ObjectVec *garbage)
{
    uint32_t turns = 1; /* a bit for each turn that there is */
    for (uint32_t turn = 0; turns >> turn; turn++) {
        for (size_t i = 0; turns >> turn & 1 && i < garbage->count; i++) {
            Object *o = garbage->items[i];
            Type *type = obj_type(o);
            if (type->slots.finalize && !(obj_flags(o) & OBJ_FINALIZED)) {
                uint32_t its = (type_flags(type) & TYPE_FINALIZED_LAST) / TYPE_FINALIZED_SECOND;
                turns |= 1u << its;
                if (its == turn) {
                    finalize(o);
                }
            }
        }
    }
}

static void
exchange(Object **a, Object **b)
{
    Object *o = *a;
    *a = *b;
    *b = o;
}

/* Moves the dead of a batch to `to`, which is not behind it; the others are dropped. Without memory to tell them apart, all are. */
static Object **
keep_dead(Object **items, size_t n, Object **to, bool in_slices, bool *awaited)
{
    size_t dead = 0;
    gc_stop_to_count();
    if (in_slices && gc_slices_closed_stw(items, n, 1)) {
        dead = n;
    } else {
        bool ok = gc_find_dead_stw(items, n, 1);
        for (size_t i = 0; i < n; i++) {
            bool is_dead = ok && (obj_flags(items[i]) & OBJ_MARK);
            gc_forget_some_stw(&items[i], 1);
            if (is_dead) {
                exchange(&items[dead++], &items[i]);
            }
        }
    }
    memmove(to, items, dead * sizeof *to);
    *awaited = world_is_awaited();
    gc_start_again();
    set_classes_unreachable(items + dead, n - dead, false);
    for (size_t i = dead; i < n; i++) {
        obj_drop(items[i]);
    }
    return to + dead;
}

/* Drops from the garbage what finalizers made reachable again. */
static void
keep_resurrected(GcGarbage *g, const GcBatches *batches, void (*rest)(void))
{
    size_t begun = 0;
    Object **to = g->objects.items;
    for (size_t i = 0; i < batches->count; i++) {
        bool awaited;
        to = keep_dead(g->objects.items + begun, batches->ends[i] - begun, to, g->in_slices, &awaited);
        begun = batches->ends[i];
        if (awaited && i + 1 < batches->count) {
            rest();
        }
    }
    g->objects.count = (size_t)(to - g->objects.items);
}

static void
clear_one(Object *o)
{
    if (gc_uncollectable && gc_debugs(GC_DEBUG_SAVEALL)) {
        gc_uncollectable(o);
    } else if (obj_type(o)->slots.clear) {
        obj_type(o)->slots.clear(o);
    }
}

/* Moves the instances of classes that others than the collector still refer to, to the front of the first n; gives how many. With the world
 * stopped, or a count could change between the reading of its halves. */
static size_t
held_first(ObjectVec *garbage, size_t n)
{
    size_t held = 0;
    gc_stop_to_count();
    for (size_t i = 0; i < n; i++) {
        Object *o = garbage->items[i];
        if (gc_total_count(o) > 1 && (type_flags(obj_type(o)) & TYPE_HEAP)) {
            garbage->items[i] = garbage->items[held];
            garbage->items[held++] = o;
        }
    }
    gc_start_again();
    return held;
}

/* Drops the first n, which have been cleared, but for instances of classes that something still holds: these are moved to the front. How many. */
static size_t
drop_cleared(ObjectVec *garbage, size_t n)
{
    size_t held;
    while (n > 0 && (held = held_first(garbage, n)) < n) {
        for (size_t i = held; i < n; i++) {
            obj_drop(garbage->items[i]);
        }
        n = held; /* looked at again now that others are gone */
    }
    return n;
}

static void
drop_all(ObjectVec *garbage, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        obj_drop(garbage->items[i]);
    }
}

/* Moves what is deferred behind the rest. */
static ObjectVec
set_deferred_apart(ObjectVec *garbage)
{
    size_t others = 0, all = garbage->count;
    for (size_t i = 0; i < all; i++) {
        if (!(obj_flags(garbage->items[i]) & OBJ_DEFERRED)) {
            exchange(&garbage->items[others++], &garbage->items[i]);
        }
    }
    garbage->count = others;
    return (ObjectVec){.items = garbage->items + others, .count = all - others};
}

/* Deferred objects go last: a class is needed until its instances are gone, a function's code while it is being left. */
static void
clear_deferred(ObjectVec *garbage, ObjectVec *deferred, uint64_t shown)
{
    size_t held = drop_cleared(garbage, garbage->count);
    for (size_t i = 0; i < deferred->count; i++) {
        clear_one(deferred->items[i]);
    }
    size_t classes = 0;
    for (size_t i = 0; i < deferred->count; i++) {
        Object *o = deferred->items[i];
        if (type_flags(obj_type(o)) & TYPE_TYPE_SUBCLASS) {
            deferred->items[i] = deferred->items[classes];
            deferred->items[classes++] = o;
        }
    }
    drop_deferred_last(deferred->items + classes, deferred->count - classes, shown);
    held = drop_cleared(garbage, held); /* by classes and functions, too, until now */
    drop_all(garbage, held);
    if (held == 0) {
        drop_deferred_last(deferred->items, classes, shown);
    } else { /* an instance lives on, in a cycle of what cannot be cleared, and needs its class: the next full collection looks again */
        drop_all(deferred, classes);
    }
}

static void
clear_all(GcGarbage *g)
{
    ObjectVec *garbage = &g->objects, deferred = {0};
    for (size_t i = 0; g->revivable && i < garbage->count; i++) {
        if (obj_flags(garbage->items[i]) & OBJ_WEAKREFS) {
            heap_hooks.weakrefs_clear(garbage->items[i]);
        }
    }
    if (g->deferred) {
        deferred = set_deferred_apart(garbage);
    }
    for (size_t i = 0; i < garbage->count; i++) {
        clear_one(garbage->items[i]);
    }
    if (deferred.count == 0) {
        drop_all(garbage, garbage->count);
    } else {
        clear_deferred(garbage, &deferred, g->shown);
    }
}

int64_t
gc_dispose(GcGarbage *g, const GcBatches *batches, void (*rest)(void))
{
    ObjectVec *garbage = &g->objects;
    if (gc_debugs(GC_DEBUG_STATS)) {
        gc_say("gc: objects looked at: %lld, of them unreachable: %zu\n", (long long)g->candidates, garbage->count);
    }
    int64_t found = 0;
    if (garbage->count) {
        if (heap_hooks.weakrefs_collect) {
            heap_hooks.weakrefs_collect(garbage->items, garbage->count);
        }
        for (size_t i = 0; gc_debugs(GC_DEBUG_COLLECTABLE) && i < garbage->count; i++) {
            const char *name = obj_type(garbage->items[i])->name, *dot = strrchr(name, '.');
            gc_say("gc: collectable <%.200s %p>\n", dot ? dot + 1 : name, (void *)garbage->items[i]);
        }
        if (g->revivable) {
            finalize_all(garbage);
            set_classes_unreachable(garbage->items, garbage->count, true);
            keep_resurrected(g, batches, rest);
        }
        found = (int64_t)garbage->count;
        clear_all(g);
    }
    free(garbage->items);
    return found;
}

/* -- what debug flags show -- */

void
gc_say(const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (gc_log) {
        gc_log(text);
    } else {
        fputs(text, stderr);
    }
}

bool
gc_debugs(int flag)
{
    return (atomic_load_explicit(&debug_flags, memory_order_relaxed) & flag) != 0;
}

void
gc_set_debug(int flags)
{
    atomic_store(&debug_flags, flags);
}

int
gc_get_debug(void)
{
    return atomic_load(&debug_flags);
}
