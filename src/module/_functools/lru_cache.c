/* lru_cache: a function with a cache of its results.
 *
 * Results are the values of a dict, if their number is not bounded; else the values are links,
 * which hold the result and stand in a list, that used last at its front. Dict and list each hold a
 * reference to a link.
 *
 * Threads. A hit takes no lock and writes nothing that other threads write: it finds the link in
 * the dict, as any reader of a dict does, and takes a reference to the result. While no other
 * thread can be using the cache it then moves the link to the front at once. Otherwise it marks
 * the link as touched, if it is not yet marked; who must throw a result out takes the link at
 * the end of the list, but one that is touched goes back to the front, unmarked (second chance;
 * Corbato, 1968). Counts of hits lie in stripes by thread. A miss calls the function without the
 * lock, and stores the result with it. Comparing keys may run Python code and let others in:
 * between two such comparisons dict and list are changed together, with the locks of cache and
 * dict held; only a link that is just being thrown out is in the dict, but not in the list. */
#include "heap/critical.h"
#include "heap/world.h"
#include "module/_functools/functools_priv.h"
#include "object/dict.h"
#include "object/function.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct LruLink {
    Object head;
    Own key, result;              /* immutable */
    int64_t hash;
    struct LruLink *newer, *older; /* guard: the cache's lock; null when not in the list */
    _Atomic bool touched;         /* used since it was moved to the front. guard: atomic */
} LruLink;

#define STRIPES 64 /* for threads with smaller ids, one each; and so many that the other threads share */

typedef struct HitStripe {
    _Atomic int64_t hits;
    char padding[120]; /* two cache lines each: processors fetch them in pairs */
} HitStripe;

typedef struct LruCache {
    Object head;
    Own function, info_type, results; /* immutable */
    int64_t maxsize;                  /* -1 = unbounded; immutable */
    bool typed;                       /* immutable */
    _Atomic int64_t hits, misses;     /* hits: those of the time before there were stripes */
    _Atomic int64_t forgotten;        /* of all hits, those before the last cache_clear() */
    _Atomic(HitStripe *) stripes;     /* made when threads first share the cache */
    LruLink *newest, *oldest;         /* guard: lock */
    int64_t count;                    /* of links in the list; guard: lock */
} LruCache;

#include "lru_cache.spec.h"

static LruCache *
as_cache(Value v)
{
    return (LruCache *)obj(v);
}

/* -- counts -- */

/* pre: only this thread counts there */
static inline void
count_one(_Atomic int64_t *n)
{
    atomic_store_explicit(n, atomic_load_explicit(n, memory_order_relaxed) + 1, memory_order_relaxed);
}

static NOINLINE void
count_hit_shared(LruCache *c)
{
    HitStripe *stripes = atomic_load_explicit(&c->stripes, memory_order_acquire);
    if (!stripes) {
        HitStripe *fresh = mem_try_alloc(2 * STRIPES * sizeof(HitStripe));
        if (!fresh) {
            atomic_fetch_add_explicit(&c->hits, 1, memory_order_relaxed);
            return;
        }
        memset(fresh, 0, 2 * STRIPES * sizeof(HitStripe));
        if (atomic_compare_exchange_strong(&c->stripes, &stripes, fresh)) {
            stripes = fresh;
        } else {
            mem_free(fresh);
        }
    }
    unsigned id = thread_self()->id;
    if (LIKELY(id < STRIPES)) {
        count_one(&stripes[id].hits);
    } else {
        atomic_fetch_add_explicit(&stripes[STRIPES + id % STRIPES].hits, 1, memory_order_relaxed);
    }
}

static ALWAYS_INLINE void
count_hit(LruCache *c, bool contended)
{
    if (UNLIKELY(contended)) {
        count_hit_shared(c);
    } else {
        count_one(&c->hits);
    }
}

/* Since the cache was made. */
static int64_t
total_hits(LruCache *c)
{
    int64_t hits = atomic_load_explicit(&c->hits, memory_order_relaxed);
    HitStripe *stripes = atomic_load_explicit(&c->stripes, memory_order_acquire);
    for (int i = 0; stripes && i < 2 * STRIPES; i++) {
        hits += atomic_load_explicit(&stripes[i].hits, memory_order_relaxed);
    }
    return hits;
}

/* -- keys -- */

/* Stands between positional and keyword arguments in keys: nothing else is, or equals, it. */
static Object keyword_mark = {.shape = SHAPE_OBJECT, .flags = OBJ_SHARED | OBJ_IMMORTAL};

/* What the arguments of a call are remembered under. A lone int or str is its own key. own: ret
 * new */
static Own
cache_key(const LruCache *c, Value const *args, size_t nargs, Value kwnames)
{
    size_t names = kwnames ? (size_t)as_tuple(kwnames)->length : 0, all = nargs + names;
    if (nargs == 1 && !names && !c->typed &&
        (is_small_int(args[0]) || IS_EXACT(args[0], STR) || IS_EXACT(args[0], INT))) {
        return own(args[0]);
    }
    size_t n = nargs + (names ? 1 + 2 * names : 0) + (c->typed ? all : 0);
    Own key = tuple_new((int64_t)n);
    if (!key) {
        return NO_VALUE;
    }
    int64_t at = 0;
    for (size_t i = 0; i < nargs; i++) {
        tuple_init_item(key, at++, own(args[i]));
    }
    if (names) {
        tuple_init_item(key, at++, OWN(&keyword_mark));
    }
    for (size_t i = 0; i < names; i++) {
        tuple_init_item(key, at++, own(tuple_item(kwnames, (int64_t)i)));
        tuple_init_item(key, at++, own(args[nargs + i]));
    }
    for (size_t i = 0; c->typed && i < all; i++) {
        tuple_init_item(key, at++, own(VALUE(type_of(args[i]))));
    }
    return key;
}

/* -- the list: a counted reference to each link -- */

/* pre: the link is in the dict */
static bool
is_listed(const LruCache *c, const LruLink *link)
{
    return link->newer || c->newest == link;
}

static void
list_detach_locked(LruCache *c, LruLink *link)
{
    *(link->newer ? &link->newer->older : &c->newest) = link->older;
    *(link->older ? &link->older->newer : &c->oldest) = link->newer;
    link->newer = link->older = NULL;
    c->count--;
}

/* The reference moves in. */
static void
list_add_front_locked(LruCache *c, LruLink *link)
{
    link->newer = NULL;
    link->older = c->newest;
    *(c->newest ? &c->newest->newer : &c->oldest) = link;
    c->newest = link;
    c->count++;
}

static void
list_to_front_locked(LruCache *c, LruLink *link)
{
    if (c->newest != link) {
        list_detach_locked(c, link);
        list_add_front_locked(c, link);
    }
}

/* Empties the list; what comes back is the first of a chain by `older`, each to be dropped. */
static LruLink *
list_take_all_locked(LruCache *c)
{
    LruLink *first = c->newest;
    c->newest = c->oldest = NULL;
    c->count = 0;
    return first;
}

static void
links_drop(LruLink *link)
{
    while (link) {
        LruLink *next = link->older;
        drop(OWN(link));
        link = next;
    }
}

/* -- hits -- */

/* The result under key: new reference, or NO_VALUE; then *failed says whether comparing keys
 * raised. */
static Own
cache_find(LruCache *c, Value key, int64_t hash, bool *failed)
{
    for (;;) {
        Value found;
        int status = dict_peek_hash(c->results, key, hash, &found);
        *failed = status < 0;
        if (status <= 0) {
            return NO_VALUE;
        }
        /* Only this thread could make another one, so while there is none no other uses the cache. */
        bool contended = obj_is_contended(&c->head) &&
                         atomic_load_explicit(&threads_count, memory_order_acquire) > 1;
        if (c->maxsize < 0) {
            if (!try_own(found)) {
                continue;
            }
            count_hit(c, contended);
            return (Own)(uintptr_t)found;
        }
        LruLink *link = (LruLink *)obj(found);
        Own result = link->result;
        if (!try_own(result)) {
            continue; /* the link is gone, and with it the result */
        }
        if (LIKELY(!contended)) {
            if (LIKELY(is_listed(c, link))) {
                list_to_front_locked(c, link);
            }
        } else if (!atomic_load_explicit(&link->touched, memory_order_relaxed)) {
            atomic_store_explicit(&link->touched, true, memory_order_relaxed);
        }
        count_hit(c, contended);
        return result;
    }
}

/* -- misses -- */

/* The link to be thrown out. pre: the list is not empty. lock: c held */
static LruLink *
oldest_unused_locked(LruCache *c)
{
    for (int64_t n = c->count; n > 0; n--) {
        LruLink *link = c->oldest;
        if (!atomic_exchange_explicit(&link->touched, false, memory_order_relaxed)) {
            return link;
        }
        list_to_front_locked(c, link);
    }
    return c->oldest;
}

/* The list's reference to a link that is no longer in it moves to *gone. */
static void
give_up(LruLink *link, LruLink **gone)
{
    link->older = *gone;
    *gone = link;
}

/* Throws the oldest result out: its link goes to *gone. */
static int
evict_locked(LruCache *c, CriticalSection *section, LruLink **gone)
{
    LruLink *link = oldest_unused_locked(c);
    Own popped;
    list_detach_locked(c, link);
    int status = dict_pop_hash(c->results, link->key, link->hash, &popped);
    (void)critical_renew(section);
    if (status < 0) {
        list_add_front_locked(c, link); /* comparing keys failed: it stays */
        return -1;
    }
    LruLink *other = status && popped != OWN(link) ? (LruLink *)obj(popped) : NULL;
    if (other && is_listed(c, other)) { /* stored under the same key after a cache_clear() meanwhile */
        list_detach_locked(c, other);
        give_up(other, gone);
    }
    give_up(link, gone);
    drop_opt(popped); /* not the last reference */
    return 0;
}

static Own
link_new(Value key, int64_t hash, Value result)
{
    LruLink *link =
        (LruLink *)object_alloc(lru_link_type.root_shape, sizeof(LruLink), OBJ_TRACKED);
    if (link) {
        ref_init(&link->head, &link->key, own(key));
        ref_init(&link->head, &link->result, own(result));
        link->hash = hash;
    }
    return OWN(link);
}

/* Adds a result, unless the call that made it, or another thread, has added one under the same
 * key. Links thrown out go to *gone, a chain by `older`, to be dropped when the locks are free. */
static int
store_locked(LruCache *c, CriticalSection *section, Value key, int64_t hash, Value result, LruLink **gone)
{
    Value present;
    int status = dict_peek_hash(c->results, key, hash, &present);
    if (status != 0) {
        return status < 0 ? -1 : 0;
    }
    (void)critical_renew(section);
    while (c->count >= c->maxsize) {
        if (evict_locked(c, section, gone) < 0) {
            return -1;
        }
    }
    Own link = link_new(key, hash, result);
    bool was_present = true;
    Own stored = link ? dict_setdefault_hash(c->results, key, hash, link, &was_present) : NO_VALUE;
    (void)critical_renew(section);
    if (stored && !was_present) {
        list_add_front_locked(c, (LruLink *)obj(link));
    } else {
        drop_opt(link);
    }
    drop_opt(stored);
    return stored ? 0 : -1;
}

static int
cache_store(LruCache *c, Value key, int64_t hash, Value result)
{
    if (c->maxsize < 0) {
        return dict_set_hash(c->results, key, hash, result);
    }
    LruLink *gone = NULL;
    CriticalSection section;
    critical_enter_two(&section, &c->head, obj(c->results));
    int status = store_locked(c, &section, key, hash, result, &gone);
    critical_leave(&section);
    links_drop(gone);
    return status;
}

static Own
lru_cache_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    LruCache *c = as_cache(self);
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    if (c->maxsize == 0) {
        atomic_fetch_add_explicit(&c->misses, 1, memory_order_relaxed);
        return object_call(c->function, args, nargs, kwnames);
    }
    Own key = cache_key(c, args, nargs, kwnames);
    int64_t hash = key ? object_hash(key) : -1;
    if (hash == -1) {
        drop_opt(key);
        return NO_VALUE;
    }
    bool failed;
    Own result = cache_find(c, key, hash, &failed);
    if (!result && !failed) {
        atomic_fetch_add_explicit(&c->misses, 1, memory_order_relaxed);
        result = object_call(c->function, args, nargs, kwnames);
        if (result && cache_store(c, key, hash, result) < 0) {
            ref_clear(&result);
        }
    }
    drop(key);
    return result;
}

/* -- methods -- */

Own
lru_cache_py_cache_info(LruCache *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own size = self->maxsize < 0 ? NONE : int_from_i64(self->maxsize);
    int64_t forgotten = atomic_load_explicit(&self->forgotten, memory_order_acquire); /* first: those are among the others */
    Own hits = int_from_i64(total_hits(self) - forgotten);
    Own misses = int_from_i64(atomic_load_explicit(&self->misses, memory_order_relaxed));
    int64_t length = dict_len(self->results);
    critical_leave(&section);
    Own result = NO_VALUE;
    if (size && hits && misses) {
        Value args[] = {hits, misses, size, small_int(length)};
        result = object_call(self->info_type, args, 4, NO_VALUE);
    }
    drop_opt(size);
    drop_opt(hits);
    drop_opt(misses);
    return result;
}

int
lru_cache_py_cache_clear(LruCache *self)
{
    CriticalSection section;
    critical_enter_two(&section, &self->head, obj(self->results));
    Own results = dict_take_all(self->results);
    LruLink *links = NULL;
    if (results) {
        links = list_take_all_locked(self);
        atomic_store_explicit(&self->forgotten, total_hits(self), memory_order_release);
        atomic_store_explicit(&self->misses, 0, memory_order_relaxed);
    }
    critical_leave(&section);
    links_drop(links);
    drop_opt(results);
    return results ? 0 : -1;
}

Own
lru_cache_py___reduce__(LruCache *self)
{
    return object_getattr(VALUE(self), NAME(__qualname__));
}

Own
lru_cache_py___copy__(LruCache *self)
{
    return own(VALUE(self));
}

Own
lru_cache_py___deepcopy__(LruCache *self, Value memo UNUSED)
{
    return own(VALUE(self));
}

/* -- life -- */

/* The size that the argument maxsize means. fail: -2 */
static int64_t
cache_size(Value maxsize)
{
    if (maxsize == NONE) {
        return -1;
    }
    if (!object_has_index(maxsize)) {
        raise_msg(&exc_TypeError, "maxsize should be integer or None");
        return -2;
    }
    int64_t size = object_as_ssize(maxsize);
    if (size == -1 && exc_pending()) {
        return -2;
    }
    return size < 0 ? 0 : size;
}

static Own
lru_cache_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"user_function", "maxsize", "typed", "cache_info_type"};
    static const ArgsSpec spec = {"lru_cache", names, 4, 0, 4, 15u, false, false};
    Value slots[4];
    if (args_parse(&spec, args, nargs, kwnames, slots, NULL) < 0) {
        return NO_VALUE;
    }
    if (!object_is_callable(slots[0])) {
        return raise_msg(&exc_TypeError, "the first argument must be callable");
    }
    int typed = object_truth(slots[2]);
    int64_t size = typed < 0 ? -2 : cache_size(slots[1]);
    Own results = size == -2 ? NO_VALUE : dict_new();
    Own v = results ? type_alloc(type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(results);
        return NO_VALUE;
    }
    LruCache *c = as_cache(v);
    if (is_object(slots[0]) && (obj_flags(obj(slots[0])) & OBJ_DEFERRED)) { /* lasts as its function does, and is called as often */
        atomic_fetch_or_explicit(&c->head.flags, OBJ_DEFERRED, memory_order_relaxed);
    }
    c->maxsize = size;
    c->typed = typed != 0;
    ref_init(&c->head, &c->function, own(slots[0]));
    ref_init(&c->head, &c->info_type, own(slots[3]));
    ref_init(&c->head, &c->results, results);
    return v;
}

static Own
lru_cache_descr_get(Value self, Value instance, Value owner UNUSED)
{
    return !instance || instance == NONE ? own(self) : method_new(self, instance);
}

static int
lru_cache_traverse(Object *o, Visit visit, void *arg)
{
    LruCache *c = (LruCache *)o;
    VISIT(c->function);
    VISIT(c->info_type);
    VISIT(c->results);
    for (LruLink *link = c->newest; link; link = link->older) {
        VISIT(VALUE(link));
    }
    return instance_attrs_traverse(o, visit, arg);
}

static void
lru_cache_clear(Object *o)
{
    LruCache *c = (LruCache *)o;
    links_drop(list_take_all_locked(c));
    dict_clear(c->results);
    ref_store(o, &c->function, NONE);
    ref_store(o, &c->info_type, NONE);
    instance_attrs_clear(o);
}

static void
lru_cache_dealloc(Object *o)
{
    LruCache *c = (LruCache *)o;
    links_drop(list_take_all_locked(c));
    drop_opt(c->function);
    drop_opt(c->info_type);
    drop_opt(c->results);
    mem_free(atomic_load(&c->stripes));
    instance_attrs_free(o);
    object_free(o);
}

Type lru_cache_type = {
    .name = "functools._lru_cache_wrapper",
    .flags = TYPE_GC | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS | TYPE_METHOD_LIKE,
    .basic_size = sizeof(LruCache),
    .slots = {
        .traverse = lru_cache_traverse,
        .clear = lru_cache_clear,
        .dealloc = lru_cache_dealloc,
        .create = lru_cache_create,
        .call = lru_cache_call,
        .descr_get = lru_cache_descr_get,
    },
    .methods = lru_cache_methods,
    .getsets = lru_cache_getsets,
    .spec_doc = lru_cache_doc,
};

static int
lru_link_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((LruLink *)o)->key);
    VISIT(((LruLink *)o)->result);
    return 0;
}

/* No clear: a cycle goes through the dict that holds the link. */
static void
lru_link_dealloc(Object *o)
{
    drop_opt(((LruLink *)o)->key);
    drop_opt(((LruLink *)o)->result);
    object_free(o);
}

Type lru_link_type = {
    .name = "functools._lru_list_elem",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(LruLink),
    .slots = {
        .traverse = lru_link_traverse,
        .dealloc = lru_link_dealloc,
    },
};
