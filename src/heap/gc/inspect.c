/* What the collector sees, for programs that look: lists of tracked objects, who refers to what; and freezing.
 *
 * All of it with the world stopped. What a list is to hold is published then and there (its maker may be another thread, standing at a safepoint) and
 * counted, so that it is safe to use when the world runs on. */
#include <stdlib.h>

#include "heap/heap_priv.h"
#include "heap/type.h"

/* A list that grows; `failed` sticks. Items are counted. */
typedef struct Found {
    Own *items;
    size_t count, capacity;
    bool failed;
} Found;

static void
found_add(Found *f, Value v)
{
    if (f->failed) {
        return;
    }
    if (f->count == f->capacity) {
        size_t capacity = f->capacity * 2 + 256;
        Own *items = realloc(f->items, capacity * sizeof *items);
        if (!items) {
            f->failed = true;
            return;
        }
        f->items = items;
        f->capacity = capacity;
    }
    publish(v);
    f->items[f->count++] = own(v);
}

static Own *
found_finish(Found *f, size_t *count)
{
    if (f->failed) {
        for (size_t i = 0; i < f->count; i++) {
            drop(f->items[i]);
        }
        free(f->items);
        heap_hooks.no_memory();
        return NULL;
    }
    *count = f->count;
    return f->items ? f->items : malloc(1);
}

/* Neither dying nor frozen. */
static bool
is_seen(Object *o)
{
    if (obj_flags(o) & OBJ_IMMORTAL) {
        return true;
    }
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed);
    if (refs_shared_count(shared) + (int64_t)o->local == 0 && !(obj_flags(o) & OBJ_DEFERRED) && !(shared & REFS_SPREAD)) {
        return false;
    }
    return !(object_is_large(o) ? large_head(o)->frozen : page_of(o)->frozen);
}

/* -- all objects -- */

typedef struct Generation {
    Found found;
    int wanted; /* 0, 1, 2; -1 = all */
} Generation;

static void
add_if_wanted(Object *o, void *arg)
{
    Generation *g = arg;
    int generation = obj_flags(o) & (OBJ_OLD | OBJ_IMMORTAL) ? 2 : 0;
    if ((g->wanted < 0 || g->wanted == generation) && is_seen(o)) {
        found_add(&g->found, VALUE(o));
    }
}

Own *
gc_objects(int generation, size_t *count)
{
    Generation g = {.wanted = generation};
    world_stop();
    atomic_fetch_add(&objects_shown, 1);
    objects_visit_stw(add_if_wanted, &g);
    world_start();
    return found_finish(&g.found, count);
}

/* -- references -- */

typedef struct Referrers {
    Found found;
    Value const *of;
    size_t n;
} Referrers;

/* 1 ends the traversal: one reference is enough. */
static int
is_one_of(Value v, void *arg)
{
    const Referrers *r = arg;
    for (size_t i = 0; v && i < r->n; i++) {
        if (r->of[i] == v) {
            return 1;
        }
    }
    return 0;
}

/* Visits what o refers to, its class included where that is made at run time. */
static int
visit_references(Object *o, Visit visit, void *arg)
{
    Type *type = obj_type(o);
    int status = type->slots.traverse ? type->slots.traverse(o, visit, arg) : 0;
    return status == 0 && (type_flags(type) & TYPE_HEAP) ? visit(VALUE(type), arg) : status;
}

static void
add_if_refers(Object *o, void *arg)
{
    Referrers *r = arg;
    if (is_seen(o) && visit_references(o, is_one_of, r)) {
        found_add(&r->found, VALUE(o));
    }
}

Own *
gc_referrers(Value const *of, size_t n, size_t *count)
{
    Referrers r = {.of = of, .n = n};
    world_stop();
    atomic_fetch_add(&objects_shown, 1);
    objects_visit_stw(add_if_refers, &r);
    world_start();
    return found_finish(&r.found, count);
}

int
gc_add_referent(Value v, void *arg)
{
    if (v) {
        found_add(arg, v);
    }
    return 0;
}

Own *
gc_referents(Value const *of, size_t n, size_t *count)
{
    Found found = {0};
    world_stop();
    atomic_fetch_add(&objects_shown, 1);
    for (size_t i = 0; i < n; i++) {
        if (is_object(of[i]) && (type_flags(obj_type(obj(of[i]))) & TYPE_GC)) {
            visit_references(obj(of[i]), gc_add_referent, &found);
        }
    }
    world_start();
    return found_finish(&found, count);
}

/* -- freezing: whole pages leave the collector's sight, and allocation's: what is made later lies elsewhere -- */

static void
freeze_page(Page *p, void *arg UNUSED)
{
    p->frozen = true;
    page_set_aside(p);
}

static void
unfreeze_page(Page *p, void *arg UNUSED)
{
    p->frozen = false;
    page_take_back(p);
}

static void
freeze_large(Object *o, void *arg)
{
    large_head(o)->frozen = *(bool *)arg;
}

static void
freeze(bool on)
{
    world_stop();
    gc_has_frozen = on;
    pages_visit_stw(on ? freeze_page : unfreeze_page, NULL);
    large_visit_stw(freeze_large, &on);
    world_start();
}

void
gc_freeze(void)
{
    freeze(true);
}

void
gc_unfreeze(void)
{
    freeze(false);
}

static void
count_frozen(Object *o, void *arg)
{
    if (object_is_large(o) ? large_head(o)->frozen : page_of(o)->frozen) {
        ++*(int64_t *)arg;
    }
}

int64_t
gc_freeze_count(void)
{
    int64_t count = 0;
    world_stop();
    objects_visit_stw(count_frozen, &count);
    world_start();
    return count;
}
