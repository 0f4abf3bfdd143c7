/* Trial deletion, with the world stopped.
 *
 * The candidates are the objects without OBJ_OLD, those of some pages, or in a full collection all; they carry OBJ_MARK meanwhile, and their counts are in
 * a table beside each page. What a frame holds is alive, and so is all that it reaches. Of the counts of the others their references among each other are taken off: what has
 * some left is held from elsewhere, and alive with all that it reaches. The rest is garbage.
 *
 * Deferred objects (types, functions, modules) are candidates of full collections only, and held by registers without a count. An instance holds its class
 * without counting it: reaching follows that edge. */
#include "heap/gc/gc_priv.h"
#include "heap/spread.h"

bool gc_subtracting;
bool gc_has_frozen;

#define STRETCH 2 /* pages */
#define VEC_KEPT 8192 /* room for so many is kept from one collection to the next: fresh memory costs page faults, with the world stopped */

typedef struct Collection {
    GcScope scope;
    bool failed;         /* out of memory: nothing is freed this time */
    size_t most;
    size_t page;         /* a sample: pages gone through; */
    size_t apart, chosen; /* of so many stretches of pages that follow each other it has this one */
    int64_t in_use;      /* tracked cells, and large objects */
    ObjectVec candidates;
    ObjectVec pages;     /* those looked at: Page* */
    ObjectVec reachable; /* to be followed */
} Collection;

static Collection kept; /* its lists; guard: the world stopped */

static inline uint32_t *
refs_of(Object *o)
{
    if (object_is_large(o)) {
        return &large_head(o)->refs;
    }
    Page *p = page_of(o);
    return &p->refs[page_index(p, o)];
}

static inline bool
is_candidate(Value v)
{
    return v && is_object(v) && (obj_flags(obj(v)) & OBJ_MARK);
}

void
gc_stop_to_count(void)
{
    world_stop();
    spread_settle_stw(NULL);
}

/* may: runpy */
void
gc_start_again(void)
{
    world_start();
    spread_bury();
}

/* -- choosing candidates -- */

static void
candidate_add(Object *o, void *arg)
{
    Collection *c = arg;
    uint8_t flags = obj_flags(o);
    if ((flags & OBJ_IMMORTAL) || !(flags & OBJ_TRACKED) || (c->scope != GC_FULL && (flags & OBJ_DEFERRED)) ||
        (c->scope == GC_YOUNG && (flags & OBJ_OLD))) {
        return;
    }
    if (gc_is_dying(o) || (object_is_large(o) && large_head(o)->frozen)) {
        return;
    }
    object_vec_push(&c->candidates, o);
    if (UNLIKELY(c->candidates.failed)) { /* a mark that nobody takes away would be there in the next collection */
        return;
    }
    gc_flag_set_stw(o, OBJ_MARK);
    *refs_of(o) = gc_count_of(o);
}

static void
candidates_of_page(Page *p, void *arg)
{
    Collection *c = arg;
    if (p->frozen) {
        return;
    }
    c->in_use += p->used;
    if (c->failed || c->candidates.failed || (c->scope == GC_YOUNG && !atomic_load_explicit(&p->young, memory_order_relaxed))) {
        return;
    }
    if (c->scope == GC_SAMPLE && c->page++ / STRETCH % c->apart != c->chosen) {
        return;
    }
    if (c->scope == GC_YOUNG && c->candidates.count >= c->most) {
        gc_survivors += p->used;
        gc_slices_renew_stw(p);
        page_grow_old(p);
        return;
    }
    if (!p->refs) {
        p->refs = malloc(p->cell_count * sizeof *p->refs);
        if (!p->refs) {
            c->failed = true;
            return;
        }
        object_vec_push(&c->pages, (Object *)p);
    }
    page_visit_objects(p, candidate_add, c);
}

static void
candidate_add_large(Object *o, void *arg)
{
    Collection *c = arg;
    c->in_use++;
    if (c->scope != GC_SAMPLE) {
        candidate_add(o, arg);
    }
}

typedef struct PageSum {
    size_t pages, objects;
} PageSum;

static void
add_page(Page *p, void *arg)
{
    PageSum *sum = arg;
    sum->pages += !p->frozen;
    sum->objects += p->frozen ? 0 : p->used;
}

/* Pages that follow each other were mostly filled after each other: of a cycle that lies in a stretch of them much will lie there. */
static void
sample_choose(Collection *c)
{
    static uint64_t turn; /* guard: being the collector */
    PageSum sum = {0};
    pages_visit_stw(add_page, &sum);
    size_t stretches = sum.pages / STRETCH + 1, apart = sum.objects / c->most + 1;
    c->apart = apart < stretches ? apart : stretches;
    c->chosen = (++turn * 0x9E3779B97F4A7C15 >> 32) % c->apart;
}

/* -- trial deletion -- */

static int
subtract(Value v, void *arg UNUSED)
{
    if (is_candidate(v)) {
        --*refs_of(obj(v));
    }
    return 0;
}

static int
reach(Value v, void *arg)
{
    if (is_candidate(v)) {
        gc_flag_clear_stw(obj(v), OBJ_MARK);
        object_vec_push(arg, obj(v));
    }
    return 0;
}

int
gc_ignore(Value v UNUSED, void *arg UNUSED)
{
    return 0;
}

static void
traverse(Object *o, Visit visit, void *arg)
{
    TraverseFn fn = obj_type(o)->slots.traverse;
    if (fn) {
        fn(o, visit, arg);
    }
}

typedef struct FrameRoots {
    Visit counted, uncounted;
    void *arg;
} FrameRoots;

static void
visit_frames(Thread *t, void *arg)
{
    const FrameRoots *roots = arg;
    heap_hooks.visit_frames(t, roots->counted, roots->uncounted, roots->arg);
}

void
gc_visit_frames_stw(Visit counted, Visit uncounted, void *arg)
{
    FrameRoots roots = {counted, uncounted, arg};
    for (Thread *t = threads_first; t; t = t->next) {
        visit_frames(t, &roots);
        dying_visit_types(t, uncounted, arg);
    }
    threads_visit_lost(visit_frames, &roots);
}

/* What is frozen is no candidate, yet it holds its class, and generators hold deferred objects, without counting them. */
static void
reach_from_frozen(Object *o, void *arg)
{
    if (!gc_is_dying(o)) {
        traverse(o, reach, arg);
        reach(VALUE(obj_type(o)), arg);
    }
}

static void
reach_from_frozen_page(Page *p, void *arg)
{
    if (p->frozen) {
        page_visit_objects(p, reach_from_frozen, arg);
    }
}

static void
reach_from_frozen_large(Object *o, void *arg)
{
    if (large_head(o)->frozen) {
        reach_from_frozen(o, arg);
    }
}

static void
follow_reached(Collection *c)
{
    ObjectVec *work = &c->reachable;
    while (work->count) {
        Object *o = work->items[--work->count];
        traverse(o, reach, work);
        if (c->scope == GC_FULL) {
            reach(VALUE(obj_type(o)), work);
        }
    }
}

/* Clears OBJ_MARK of every candidate that is alive. extra: references that the collector itself holds to each. */
static void
find_reachable(Collection *c, uint32_t extra)
{
    ObjectVec *all = &c->candidates, *work = &c->reachable;
    gc_visit_frames_stw(reach, reach, work);
    if (c->scope == GC_FULL && gc_has_frozen) {
        pages_visit_stw(reach_from_frozen_page, work);
        large_visit_stw(reach_from_frozen_large, work);
    }
    follow_reached(c);
    gc_subtracting = true;
    for (size_t i = 0; i < all->count; i++) {
        if (obj_flags(all->items[i]) & OBJ_MARK) { /* references from what is known to be alive stay in the counts */
            traverse(all->items[i], subtract, NULL);
        }
    }
    gc_subtracting = false;
    for (size_t i = 0; i < all->count; i++) {
        Object *o = all->items[i];
        if ((obj_flags(o) & OBJ_MARK) && *refs_of(o) != extra) {
            reach(VALUE(o), work);
            follow_reached(c);
        }
    }
}

/* What only some objects are candidates of may be held, uncounted, by any other: classes by their instances, what is deferred by the registers of
 * generators. */
static void
reach_uncounted(Object *o, void *arg)
{
    if (!(obj_flags(o) & OBJ_MARK) && !gc_is_dying(o)) {
        reach(VALUE(obj_type(o)), arg);
        if (gc_holds_uncounted(o)) {
            traverse(o, reach, arg);
        }
    }
}

bool
gc_find_dead_stw(Object **items, size_t n, uint32_t extra)
{
    Collection c = {.scope = GC_FULL, .candidates = {.items = items, .count = n}};
    for (size_t i = 0; i < n; i++) {
        Page *p = object_is_large(items[i]) ? NULL : page_of(items[i]);
        if (p && !p->refs && !(p->refs = malloc(p->cell_count * sizeof *p->refs))) {
            return false;
        }
    }
    for (size_t i = 0; i < n; i++) {
        gc_flag_set_stw(items[i], OBJ_MARK);
        *refs_of(items[i]) = gc_count_of(items[i]);
    }
    find_reachable(&c, extra);
    for (size_t i = 0; i < n; i++) {
        if ((obj_flags(items[i]) & (OBJ_MARK | OBJ_DEFERRED)) == (OBJ_MARK | OBJ_DEFERRED)) {
            objects_visit_stw(reach_uncounted, &c.reachable);
            follow_reached(&c);
            break;
        }
    }
    free(c.reachable.items);
    return !c.reachable.failed;
}

static void
page_forget_refs(Page *p)
{
    free(p->refs);
    p->refs = NULL;
}

void
gc_forget_some_stw(Object **items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        gc_flag_clear_stw(items[i], OBJ_MARK);
        if (!object_is_large(items[i])) {
            page_forget_refs(page_of(items[i]));
        }
    }
}

/* -- what comes of it -- */

void
gc_make_old(Object *o)
{
    if (!(obj_flags(o) & OBJ_OLD)) {
        gc_flag_set_stw(o, OBJ_OLD);
        gc_survivors++;
    }
}

/* A reference to what is garbage. Where nothing forbids it the collecting thread becomes its owner: it will drop it, and most that it refers to. */
static void
take_stw(Object *o)
{
    uint32_t shared = atomic_load_explicit(&o->shared, memory_order_relaxed), count = gc_total_count(o);
    if (obj_is_mine(o) || (shared & (REFS_QUEUED | REFS_SPREAD)) || (obj_flags(o) & OBJ_DEFERRED)) {
        obj_own(o);
        return;
    }
    o->local = count + 1;
    atomic_store_explicit(&o->shared, 0, memory_order_relaxed);
    atomic_store_explicit(&o->owner, thread_owner_id, memory_order_relaxed);
}

bool
gc_garbage_add_stw(GcGarbage *g, Object *o)
{
    uint8_t flags = obj_flags(o);
    bool finalizes = obj_type(o)->slots.finalize && !(flags & OBJ_FINALIZED);
    object_vec_push(&g->objects, o);
    if (g->objects.failed) {
        g->revivable = true; /* what is missing may refer to what is there */
        return false;
    }
    if (finalizes) {
        publish(VALUE(o)); /* it will run here, and what it reaches may be its maker's alone */
    }
    take_stw(o);
    g->revivable = g->revivable || finalizes || (flags & OBJ_WEAKREFS);
    g->deferred = g->deferred || (flags & OBJ_DEFERRED);
    return true;
}

/* Moves the dead to the garbage; the rest becomes old. */
static void
settle(Collection *c, GcGarbage *g)
{
    bool known = !c->failed && !c->reachable.failed;
    for (size_t i = 0; i < c->candidates.count; i++) {
        Object *o = c->candidates.items[i];
        bool is_old = (obj_flags(o) & OBJ_OLD) != 0;
        bool is_dead = (obj_flags(o) & OBJ_MARK) != 0;
        gc_flag_clear_stw(o, OBJ_MARK);
        if (!is_old) {
            gc_make_old(o);
            gc_slices_pass_over_stw(o);
        }
        if (is_dead && known && gc_garbage_add_stw(g, o) && !is_old) {
            gc_survivors--;
        }
    }
    for (size_t i = 0; i < c->pages.count; i++) {
        Page *p = (Page *)c->pages.items[i];
        page_forget_refs(p);
        gc_slices_renew_stw(p);
        page_grow_old(p);
    }
}

/* Empty again; without its memory, if that is much. */
static ObjectVec
vec_keep(ObjectVec *v)
{
    bool much = v->capacity > VEC_KEPT;
    if (much) {
        free(v->items);
    }
    return much ? (ObjectVec){0} : (ObjectVec){.items = v->items, .capacity = v->capacity};
}

void
gc_mark_stw(GcScope scope, size_t most, GcGarbage *g)
{
    Collection c = kept;
    c.scope = scope;
    c.most = most;
    if (scope == GC_SAMPLE) {
        sample_choose(&c);
    }
    object_vec_reserve(&c.candidates, VEC_KEPT);
    object_vec_reserve(&c.reachable, VEC_KEPT);
    pages_visit_stw(candidates_of_page, &c);
    large_visit_stw(candidate_add_large, &c);
    c.failed = c.failed || c.pages.failed || c.candidates.failed; /* pages not listed keep their tables, and stay young */
    if (!c.failed) {
        find_reachable(&c, 0);
    }
    settle(&c, g);
    g->candidates = (int64_t)c.candidates.count;
    if (scope == GC_FULL) {
        gc_live_after_full = g->candidates - (int64_t)g->objects.count;
        gc_survivors = 0;
    }
    if (gc_survivors > c.in_use - gc_live_after_full) { /* some have died, and others have their cells, and are counted a second time */
        gc_survivors = c.in_use > gc_live_after_full ? c.in_use - gc_live_after_full : 0;
    }
    kept = (Collection){.candidates = vec_keep(&c.candidates), .pages = vec_keep(&c.pages), .reachable = vec_keep(&c.reachable)};
}
