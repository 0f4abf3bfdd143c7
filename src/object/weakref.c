/* Weak references, and the table that finds them.
 *
 * An object with weak references has OBJ_WEAKREFS; the list of them hangs in a hash table keyed by
 * the object's address. At the front of a list are the reference and the proxy without a callback
 * that everybody shares (of the exact types), then the others, newest first. A list has an entry
 * while its object lives; a reference leaves its list when it dies first.
 *
 * Threads. The table is in shards, each with a mutex, under which nothing but the table's memory is
 * allocated, nothing is dropped and no Python code runs. A target and its references are published:
 * any thread may come by them through the table. Reading a reference takes no lock: the target is
 * loaded, taken unless it is dying, and compared again; its memory is safe until this thread's next
 * safepoint. */
#include "object/weakref.h"

#include <pthread.h>

#include "heap/hooks.h"
#include "heap/world.h"
#include "object/genericalias.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "weakref.spec.h"

/* -- the table -- */

enum { SHARD_BITS = 6, SHARDS = 1 << SHARD_BITS };

typedef struct Entry {
    Object *target; /* null = empty */
    WeakRef *first; /* null in an entry that is in use = its references are dead already */
} Entry;

/* Open addressing, linear probing, at most three quarters full. */
typedef struct Shard {
    _Alignas(64) Mutex lock;
    uint32_t used, mask; /* mask: slots - 1, or 0 when there is no table */
    Entry *entries;
} Shard;

static Shard shards[SHARDS];

static inline uint64_t
hash_address(const Object *o)
{
    return ((uint64_t)(uintptr_t)o >> 4) * 0x9E3779B97F4A7C15u; /* 2^64 / golden ratio */
}

static inline Shard *
shard_of(const Object *o)
{
    return &shards[hash_address(o) >> (64 - SHARD_BITS)];
}

static inline uint32_t
home_of(const Shard *s, const Object *o)
{
    return (uint32_t)(hash_address(o) >> 20) & s->mask;
}

/* The entry of o, or null. lock: s */
static Entry *
find_locked(Shard *s, const Object *o)
{
    if (!s->entries) {
        return NULL;
    }
    for (uint32_t i = home_of(s, o); s->entries[i].target; i = (i + 1) & s->mask) {
        if (s->entries[i].target == o) {
            return &s->entries[i];
        }
    }
    return NULL;
}

static Entry *
insert_locked(Shard *s, Object *o)
{
    uint32_t i = home_of(s, o);
    while (s->entries[i].target) {
        i = (i + 1) & s->mask;
    }
    s->entries[i] = (Entry){o, NULL};
    s->used++;
    return &s->entries[i];
}

/* Room for one more. False without memory. lock: s */
static bool
reserve_locked(Shard *s)
{
    uint32_t slots = s->entries ? s->mask + 1 : 0;
    if (s->used + 1 <= slots / 4 * 3) {
        return true;
    }
    uint32_t wanted = slots ? slots * 2 : 8;
    Entry *grown = mem_try_alloc(wanted * sizeof *grown), *old = s->entries;
    if (!grown) {
        return false;
    }
    memset(grown, 0, wanted * sizeof *grown);
    s->entries = grown;
    s->mask = wanted - 1;
    s->used = 0;
    for (uint32_t i = 0; i < slots; i++) {
        if (old[i].target) {
            insert_locked(s, old[i].target)->first = old[i].first;
        }
    }
    mem_free(old);
    return true;
}

/* Later entries of the same run move up, so that no mark of deletion is needed. lock: s */
static void
remove_locked(Shard *s, Entry *entry)
{
    uint32_t hole = (uint32_t)(entry - s->entries);
    for (uint32_t i = (hole + 1) & s->mask; s->entries[i].target; i = (i + 1) & s->mask) {
        uint32_t home = home_of(s, s->entries[i].target);
        if (((i - home) & s->mask) >= ((i - hole) & s->mask)) {
            s->entries[hole] = s->entries[i];
            hole = i;
        }
    }
    s->entries[hole] = (Entry){0};
    s->used--;
}

/* A fork must not leave a shard locked by a thread that is not in the child. */
static void
lock_all(void)
{
    for (int i = 0; i < SHARDS; i++) {
        mutex_lock(&shards[i].lock);
    }
}

static void
unlock_all(void)
{
    for (int i = SHARDS; i-- > 0;) {
        mutex_unlock(&shards[i].lock);
    }
}

/* -- lists -- */

/* Shared by all who ask for it: of an exact type, without a callback. */
static bool
is_basic(const WeakRef *ref)
{
    return !ref->callback && (obj_shape(&ref->head) == SHAPE_WEAKREF || is_weakproxy(VALUE(ref)));
}

static void
link_locked(Entry *entry, WeakRef *ref)
{
    WeakRef *before = NULL, *after = entry->first;
    if (obj_shape(&ref->head) != SHAPE_WEAKREF || ref->callback) {
        bool basic = is_basic(ref);
        while (after && is_basic(after) && (!basic || obj_shape(&after->head) == SHAPE_WEAKREF)) {
            before = after;
            after = after->next;
        }
    }
    ref->prev = before;
    ref->next = after;
    *(before ? &before->next : &entry->first) = ref;
    if (after) {
        after->prev = ref;
    }
}

static void
unlink_locked(Entry *entry, WeakRef *ref)
{
    *(ref->prev ? &ref->prev->next : &entry->first) = ref->next;
    if (ref->next) {
        ref->next->prev = ref->prev;
    }
    ref->next = ref->prev = NULL;
}

/* A reference to an object that may be dying. What this thread owns and has not counted is dying:
 * it waits for its dealloc. */
static bool
take(Object *o)
{
    if (obj_is_mine(o) && !(obj_flags(o) & (OBJ_IMMORTAL | OBJ_DEFERRED))) {
        if (o->local == 0) {
            return false;
        }
        o->local++;
        return true;
    }
    return try_own(VALUE(o));
}

/* The shared reference or proxy of this type. Own, or null. lock: the entry's */
static WeakRef *
find_basic_locked(const Entry *entry, const Type *type)
{
    for (WeakRef *ref = entry->first; ref && is_basic(ref); ref = ref->next) {
        if (obj_type(&ref->head) == type && take(&ref->head)) {
            return ref;
        }
    }
    return NULL;
}

/* -- making -- */

static int
check_target(Value target)
{
    if (!is_object(target) || !(type_flags(type_of(target)) & TYPE_HAS_WEAKREFS)) {
        return raise_int(&exc_TypeError, "cannot create weak reference to '%T' object", target);
    }
    return 0;
}

static WeakRef *
find_basic(Object *target, const Type *type)
{
    if (!(obj_flags(target) & OBJ_WEAKREFS)) {
        return NULL;
    }
    Shard *s = shard_of(target);
    mutex_lock(&s->lock);
    Entry *entry = find_locked(s, target);
    WeakRef *found = entry ? find_basic_locked(entry, type) : NULL;
    mutex_unlock(&s->lock);
    return found;
}

/* Puts a fresh reference into the table, unless another thread was faster with the basic one: then
 * *basic gets that. False without memory. */
static bool
enter(WeakRef *ref, Object *target, bool shareable, WeakRef **basic)
{
    Shard *s = shard_of(target);
    bool done = true;
    mutex_lock(&s->lock);
    Entry *entry = find_locked(s, target);
    if (!entry) {
        entry = reserve_locked(s) ? insert_locked(s, target) : NULL;
    } else if (shareable) {
        *basic = find_basic_locked(entry, obj_type(&ref->head));
    }
    if (entry && !*basic) {
        __atomic_store_n(&ref->target, target, __ATOMIC_RELEASE);
        link_locked(entry, ref);
        atomic_fetch_or_explicit(&target->flags, OBJ_WEAKREFS, memory_order_relaxed);
    }
    done = entry != NULL;
    mutex_unlock(&s->lock);
    return done;
}

/* A reference of this type. callback may be NO_VALUE or None. own: ret new */
static Own
make(Type *type, Value target, Value callback)
{
    if (check_target(target) < 0) {
        return NO_VALUE;
    }
    Object *o = obj(target);
    bool shareable =
        (!callback || callback == NONE) &&
        (type == &weakref_type || type == &weakproxy_type || type == &weakcallableproxy_type);
    WeakRef *basic = shareable ? find_basic(o, type) : NULL;
    if (basic) {
        return OWN(basic);
    }
    Own made = type_alloc(type, 0);
    if (!made) {
        return NO_VALUE;
    }
    WeakRef *ref = as_weakref(made);
    atomic_init(&ref->hash, -1);
    ref_init(&ref->head, &ref->callback, callback && callback != NONE ? own(callback) : NO_VALUE);
    publish(target);
    publish(made);
    bool entered = enter(ref, o, shareable, &basic);
    if (entered && !basic) {
        return made;
    }
    drop(made);
    return entered ? OWN(basic) : raise_no_memory();
}

Own
weakref_new(Value target, Value callback)
{
    return make(&weakref_type, target, callback);
}

Own
weakproxy_new(Value target, Value callback)
{
    return make(object_is_callable(target) ? &weakcallableproxy_type : &weakproxy_type, target,
                callback);
}

/* -- using -- */

Own
weakref_get(Value v)
{
    WeakRef *ref = as_weakref(v);
    Object *target = __atomic_load_n(&ref->target, __ATOMIC_ACQUIRE);
    if (!target || !take(target)) {
        return NO_VALUE;
    }
    if (UNLIKELY(__atomic_load_n(&ref->target, __ATOMIC_ACQUIRE) !=
                 target)) { /* gone: what was taken died meanwhile */
        drop(OWN(target));
        return NO_VALUE;
    }
    return OWN(target);
}

int64_t
weakref_count(Value target)
{
    int64_t n = 0;
    if (is_object(target) && (obj_flags(obj(target)) & OBJ_WEAKREFS)) {
        Shard *s = shard_of(obj(target));
        mutex_lock(&s->lock);
        const Entry *entry = find_locked(s, obj(target));
        for (const WeakRef *ref = entry ? entry->first : NULL; ref; ref = ref->next) {
            n++;
        }
        mutex_unlock(&s->lock);
    }
    return n;
}

/* Fills items with at most `most` references, each taken. */
static int64_t
take_all(Object *target, Own *items, int64_t most)
{
    int64_t n = 0;
    Shard *s = shard_of(target);
    mutex_lock(&s->lock);
    const Entry *entry = find_locked(s, target);
    for (WeakRef *ref = entry ? entry->first : NULL; ref && n < most; ref = ref->next) {
        if (take(&ref->head)) {
            items[n++] = OWN(ref);
        }
    }
    mutex_unlock(&s->lock);
    return n;
}

Own
weakref_list(Value target)
{
    int64_t most = weakref_count(target);
    if (most == 0) {
        return list_new(0);
    }
    Own *items = mem_alloc((size_t)most * sizeof *items);
    if (!items) {
        return NO_VALUE;
    }
    Own list = list_from_own(items, take_all(obj(target), items, most));
    mem_free(items);
    return list;
}

/* -- death -- */

/* Empties o's list. Those that are to be called back are held, and linked by `next` from *last on.
 * Returns where the next one goes. */
static WeakRef **
forget_target(Object *o, WeakRef **last)
{
    Shard *s = shard_of(o);
    mutex_lock(&s->lock);
    Entry *entry = find_locked(s, o);
    if (entry) {
        WeakRef *next;
        for (WeakRef *ref = entry->first; ref; ref = next) {
            next = ref->next;
            ref->next = ref->prev = NULL;
            __atomic_store_n(&ref->target, NULL, __ATOMIC_RELEASE);
            if (__atomic_load_n(&ref->callback, __ATOMIC_RELAXED) && take(&ref->head)) {
                *last = ref;
                last = &ref->next;
            }
        }
        remove_locked(s, entry);
    }
    atomic_fetch_and_explicit(&o->flags, (uint8_t)~OBJ_WEAKREFS, memory_order_relaxed);
    mutex_unlock(&s->lock);
    return last;
}

/* Calls back a list of references, which are held, and lets them go. Keeps the pending exception.
 */
static void
call_back(WeakRef *ref)
{
    if (!ref) {
        return;
    }
    Own pending = exc_take();
    while (ref) {
        WeakRef *next = ref->next;
        ref->next = NULL;
        Own callback = __atomic_exchange_n(&ref->callback, NO_VALUE, __ATOMIC_ACQ_REL);
        if (callback) {
            Own result = call1(callback, VALUE(ref));
            if (!result) {
                exc_write_unraisable_fmt("Exception ignored while calling weakref callback %R",
                                         (Value)callback);
            }
            drop_opt(result);
            drop(callback);
        }
        drop(OWN(ref));
        ref = next;
    }
    exc_restore(pending);
}

void
weakrefs_clear(Object *o)
{
    WeakRef *first = NULL;
    (void)forget_target(o, &first);
    call_back(first);
}

/* Takes ref out of its target's list. The callback is the caller's to drop. */
static Own
leave_table(WeakRef *ref)
{
    Object *target = __atomic_load_n(&ref->target, __ATOMIC_ACQUIRE);
    if (target) {
        Shard *s = shard_of(target);
        mutex_lock(&s->lock);
        if (ref->target) { /* the target may have died before we had the lock */
            Entry *entry = find_locked(s, target);
            unlink_locked(entry, ref);
            __atomic_store_n(&ref->target, NULL, __ATOMIC_RELEASE);
            if (!entry->first) {
                remove_locked(s, entry);
            }
        }
        mutex_unlock(&s->lock);
    }
    return __atomic_exchange_n(&ref->callback, NO_VALUE, __ATOMIC_ACQ_REL);
}

/* References among the garbage go first: they call nobody back. Then all others forget what they
 * refer to, before the first of them calls back and could bring something to life again. */
void
weakrefs_collect(Object *const *garbage, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Value v = VALUE(garbage[i]);
        if (is_weakref(v) || is_weakproxy(v)) {
            drop_opt(leave_table(as_weakref(v)));
        }
    }
    WeakRef *first = NULL, **last = &first;
    for (size_t i = 0; i < count; i++) {
        if (obj_flags(garbage[i]) & OBJ_WEAKREFS) {
            last = forget_target(garbage[i], last);
        }
    }
    call_back(first);
}

static const Object *
weak_target(const Object *o)
{
    return is_weakref(VALUE(o)) || is_weakproxy(VALUE(o)) ? ((const WeakRef *)o)->target : NULL;
}

static int
weakref_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((WeakRef *)o)->callback);
    return 0;
}

void
weakref_leave(Object *o)
{
    drop_opt(leave_table((WeakRef *)o));
}

static void
weakref_dealloc(Object *o)
{
    weakref_leave(o);
    object_free(o);
}

/* -- weakref.ref -- */

/* (target, callback=None): -1 + TypeError */
static int
check_arguments(const char *function, size_t nargs)
{
    if (nargs < 1) {
        return raise_int(&exc_TypeError, "%s expected at least 1 argument, got 0", function);
    }
    if (nargs > 2) {
        return raise_int(&exc_TypeError, "%s expected at most 2 arguments, got %zu", function,
                         nargs);
    }
    return 0;
}

static bool
has_keywords(Value kwnames)
{
    return kwnames && as_tuple(kwnames)->length;
}

/* Keywords are for the __init__ of subclasses. */
static Own
weakref_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    if (type == &weakref_type && has_keywords(kwnames)) {
        return raise_msg(&exc_TypeError, "ref() takes no keyword arguments");
    }
    return check_arguments("__new__", nargs) < 0
               ? NO_VALUE
               : make(type, args[0], nargs > 1 ? args[1] : NO_VALUE);
}

static int
weakref_init(Value self UNUSED, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (has_keywords(kwnames)) {
        return raise_int(&exc_TypeError, "ref() takes no keyword arguments");
    }
    return check_arguments("__init__", nargs);
}

static Own
weakref_call(Value self, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (has_keywords(kwnames)) {
        return raise_msg(&exc_TypeError, "weakref() takes no keyword arguments");
    }
    if (nargs) {
        return raise_fmt(&exc_TypeError, "weakref expected 0 arguments, got %zu", nargs);
    }
    Own target = weakref_get(self);
    return target ? target : own(NONE);
}

Own
weakref_get_callback(WeakRef *self)
{
    Own callback = ref_load(&self->head, &self->callback);
    return callback ? callback : own(NONE);
}

Own
weakref_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

static Own
weakref_repr(Value v)
{
    Own target = weakref_get(v), name = NO_VALUE;
    if (!target) {
        return str_fmt("<weakref at %p; dead>", obj(v));
    }
    if (object_lookup_attr(target, NAME(__name__), &name) < 0) {
        exc_clear(); /* the referent may do what it likes when it is asked for a name */
    }
    Own text = name && is_str(name)
                   ? str_fmt("<weakref at %p; to '%Q' at %p (%U)>", obj(v), (Value)target,
                             obj(target), (Value)name)
                   : str_fmt("<weakref at %p; to '%Q' at %p>", obj(v), (Value)target, obj(target));
    drop_opt(name);
    drop(target);
    return text;
}

static int64_t
weakref_hash(Value v)
{
    WeakRef *ref = as_weakref(v);
    int64_t hash = atomic_load_explicit(&ref->hash, memory_order_relaxed);
    if (hash != -1) {
        return hash;
    }
    Own target = weakref_get(v);
    if (!target) {
        return raise_int(&exc_TypeError, "weak object has gone away");
    }
    hash = object_hash(target);
    drop(target);
    atomic_store_explicit(&ref->hash, hash, memory_order_relaxed);
    return hash;
}

/* By what they stand for, while both are alive; else by identity. */
static Own
weakref_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_weakref(a) || !is_weakref(b)) {
        return own(NOTIMPLEMENTED);
    }
    Own x = weakref_get(a), y = weakref_get(b);
    Own result = x && y ? object_compare(x, y, op) : bool_value((a == b) == (op == CMP_EQ));
    drop_opt(x);
    drop_opt(y);
    return result;
}

int
weakrefs_ready(void)
{
    if (type_ready(&weakproxy_type) < 0 || type_ready(&weakcallableproxy_type) < 0) {
        return -1;
    }
    heap_hooks.weakrefs_clear = weakrefs_clear;
    heap_hooks.weakrefs_collect = weakrefs_collect;
    heap_hooks.weakref_target = weak_target;
    if (pthread_atfork(lock_all, unlock_all, unlock_all) != 0) {
        raise_no_memory();
        return -1;
    }
    return 0;
}

Type weakref_type = {
    .name = "weakref.ReferenceType",
    .root_shape = SHAPE_WEAKREF,
    .flags = TYPE_BASE | TYPE_GC,
    .basic_size = sizeof(WeakRef),
    .slots =
        {
            .traverse = weakref_traverse,
            .clear = weakref_leave,
            .dealloc = weakref_dealloc,
            .create = weakref_create,
            .init = weakref_init,
            .repr = weakref_repr,
            .hash = weakref_hash,
            .call = weakref_call,
            .compare = weakref_compare,
        },
    .methods = weakref_methods,
    .getsets = weakref_getsets,
    .spec_doc = weakref_doc,
};
