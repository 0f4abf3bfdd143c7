/* Finding names in classes: the entry table, and the per-type index into it.
 *
 * An entry (type, name) holds what the type's mro gives for the name now. It does not count its
 * value: the dict of some class in the mro does, and every change of such a dict goes through
 * type_setattr, which rewrites the entries of that class and of all below it before the old value
 * is dropped.
 *
 * Threads. Entries and indexes are written under types_lock. Readers take no lock: `state` is
 * ENTRY_CHANGING while value and kind disagree, a value is taken with try_own and checked again; a
 * replaced index waits for an epoch. */
#include <time.h>

#include "object/type/type_priv.h"

#define ENTRIES_KEPT (TYPE_ENTRY_MAX / 4) /* the last quarter is for inline caches */
#define INDEX_MAX 4096                    /* names that type_find remembers in one type */

typedef struct TypeLookup {
    uint32_t mask, count;
    struct {
        _Atomic(Value) name;
        uint32_t entry;
    } cells[];
} TypeLookup;

TypeEntry type_entries[TYPE_ENTRY_MAX];
static uint32_t entries_used = 1; /* guard: types_lock */
/* Entries of types that are gone, linked by `next`: as dead and free shapes. guard: types_lock */
static uint32_t entries_dead, entries_free, entries_dead_count;

static Mutex types_mutex;
static _Atomic uint32_t types_waiting; /* threads that wait for it */

/* Whoever waits for the lock is detached, and never keeps it when it wakes up: so nobody holds it
 * while stopped, and a thread that has stopped the world always gets it at once. */
void
types_lock(void)
{
    if (UNLIKELY(atomic_load_explicit(&types_waiting, memory_order_relaxed) != 0) && !world_is_exiting()) {
        detach(); /* who takes the lock again and again does not keep the others from it */
        nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
        attach();
    }
    if (!mutex_try_lock(&types_mutex)) {
        atomic_fetch_add_explicit(&types_waiting, 1, memory_order_relaxed);
        do {
            detach();
            mutex_lock(&types_mutex);
            mutex_unlock(&types_mutex);
            attach();
        } while (!mutex_try_lock(&types_mutex));
        atomic_fetch_sub_explicit(&types_waiting, 1, memory_order_relaxed);
    }
    thread_self()->holding++;
}

void
types_unlock(void)
{
    mutex_unlock(&types_mutex);
    thread_let_go(thread_self());
}

void
types_lock_stw(void)
{
    for (;;) {
        world_stop();
        if (mutex_try_lock(&types_mutex)) {
            thread_self()->holding++;
            return;
        }
        world_start(); /* its holder waits inside a dict's section: let it finish */
        types_lock();
        types_unlock();
    }
}

void
types_unlock_stw(void)
{
    types_unlock();
    world_start();
}

/* -- the dicts of classes -- */

/* Keys are interned when they enter the dict of a type; keys that are no str make every lookup a
 * search by identity. */
static Own
dict_get_by_identity(Value dict, Value name)
{
    int64_t position = 0;
    Own key, value;
    while (dict_next(dict, &position, &key, &value)) {
        bool same = key == name;
        drop(key);
        if (same) {
            return value;
        }
        drop(value);
    }
    return NO_VALUE;
}

Own
class_dict_get(const Type *t, Value name)
{
    Own dict = __atomic_load_n(&t->dict, __ATOMIC_ACQUIRE);
    if (UNLIKELY(!dict)) {
        return NO_VALUE; /* being torn down */
    }
    if (LIKELY(__atomic_load_n(&as_dict(dict)->table, __ATOMIC_ACQUIRE)->all_str)) {
        return dict_get_name(dict, name);
    }
    return dict_get_by_identity(dict, name);
}

Value
type_resolve(const Type *t, Value name, Type **where)
{
    Own mro = __atomic_load_n(&t->mro, __ATOMIC_ACQUIRE);
    if (UNLIKELY(!mro)) {
        return NO_VALUE;
    }
    for (int64_t i = 0; i < as_tuple(mro)->length; i++) {
        Type *c = (Type *)obj(tuple_item(mro, i));
        Own v = class_dict_get(c, name);
        if (v) {
            if (where) {
                *where = c;
            }
            drop(v); /* the dict still has it, and cannot change: we hold types_lock */
            return v;
        }
    }
    return NO_VALUE;
}

/* -- entries -- */

static uint32_t
kind_of(Value v)
{
    if (!v) {
        return ENTRY_ABSENT;
    }
    const Type *t = type_of(v);
    if (type_flags(t) & TYPE_METHOD_LIKE) {
        return ENTRY_METHOD;
    }
    if (t->slots.descr_set) {
        return ENTRY_DATA;
    }
    return t->slots.descr_get ? ENTRY_DESCRIPTOR : ENTRY_PLAIN;
}

static inline uint32_t
name_hash(Value name)
{
    uint64_t bits = value_bits(name) >> 4;
    return (uint32_t)(bits ^ bits >> 13);
}

/* The entry of name in t; 0 when it has none yet. */
static inline uint32_t
index_find(const Type *t, Value name)
{
    const TypeLookup *index = atomic_load_explicit(&t->lookup, memory_order_acquire);
    if (UNLIKELY(!index)) {
        return 0;
    }
    for (uint32_t i = name_hash(name);; i++) {
        Value found =
            atomic_load_explicit(&index->cells[i & index->mask].name, memory_order_acquire);
        if (found == name) {
            return index->cells[i & index->mask].entry;
        }
        if (!found) {
            return 0;
        }
    }
}

static void
index_insert(TypeLookup *index, Value name, uint32_t entry)
{
    uint32_t i = name_hash(name) & index->mask;
    while (atomic_load_explicit(&index->cells[i].name, memory_order_relaxed)) {
        i = (i + 1) & index->mask;
    }
    index->cells[i].entry = entry;
    atomic_store_explicit(&index->cells[i].name, name, memory_order_release);
    index->count++;
}

/* lock: types_lock. The index of t with room for one more; null without memory. */
static TypeLookup *
index_reserve(Type *t)
{
    TypeLookup *old = atomic_load_explicit(&t->lookup, memory_order_relaxed);
    if (old && old->count + 1 <= (old->mask + 1) / 4 * 3) {
        return old;
    }
    uint32_t size = old ? (old->mask + 1) * 2 : 8;
    size_t bytes = sizeof *old + size * sizeof old->cells[0];
    TypeLookup *grown = mem_try_alloc(bytes);
    if (!grown) {
        return NULL;
    }
    memset(grown, 0, bytes);
    grown->mask = size - 1;
    for (uint32_t i = 0; old && i <= old->mask; i++) {
        Value name = atomic_load_explicit(&old->cells[i].name, memory_order_relaxed);
        if (name) {
            index_insert(grown, name, old->cells[i].entry);
        }
    }
    atomic_store_explicit(&t->lookup, grown, memory_order_release);
    if (old) {
        mem_retire(&t->head, old);
    }
    return grown;
}

/* lock: types_lock */
static void
entry_write(TypeEntry *e, Value value)
{
    uint32_t changes = (atomic_load_explicit(&e->state, memory_order_relaxed) & ~(uint32_t)ENTRY_KINDS) + ENTRY_CHANGE;
    atomic_store_explicit(&e->state, changes | ENTRY_CHANGING, memory_order_relaxed);
    __atomic_store_n(&e->value, (Own)(uintptr_t)value, __ATOMIC_RELEASE);
    atomic_store_explicit(&e->state, changes | kind_of(value), memory_order_release);
}

static uint32_t
entry_make(Type *t, Value name, uint32_t limit)
{
    publish(name);
    Own kept = own(VALUE(t)); /* who waits for the lock may be all that has it: of an object that has got another class */
    types_lock();
    uint32_t id = index_find(t, name);
    TypeLookup *index;
    if (!id && (entries_free || entries_used < limit) && (index = index_reserve(t)) != NULL &&
        (limit == TYPE_ENTRY_MAX || index->count < INDEX_MAX)) {
        id = entries_free ? entries_free : entries_used++;
        TypeEntry *e = &type_entries[id];
        entries_free = e->next;
        e->next = 0;
        e->name = own(name);
        e->type = t;
        entry_write(e, type_resolve(t, name, NULL));
        index_insert(index, name, id);
    }
    types_unlock();
    drop(kept); /* a class goes in a collection at the earliest, at a safepoint */
    return id;
}

uint32_t
type_entry(Type *t, Value name)
{
    uint32_t id = index_find(t, name);
    return LIKELY(id) ? id : entry_make(t, name, TYPE_ENTRY_MAX);
}

Own
type_find_kind(Type *t, Value name, uint32_t *kind)
{
    if (UNLIKELY(!str_is_interned(name))) {
        name = str_find_interned(name);
        if (!name) { /* then no class has it */
            *kind = ENTRY_ABSENT;
            return NO_VALUE;
        }
    }
    uint32_t id = index_find(t, name);
    if (UNLIKELY(!id)) {
        id = entry_make(t, name, ENTRIES_KEPT);
        if (UNLIKELY(!id)) {
            Own kept = own(VALUE(t));
            types_lock();
            Value v = type_resolve(t, name, NULL);
            *kind = kind_of(v);
            Own found = own_opt(v);
            types_unlock();
            drop(kept);
            return found;
        }
    }
    return type_entry_load(id, kind);
}

Own
type_find(Type *t, Value name)
{
    uint32_t kind;
    return type_find_kind(t, name, &kind);
}

Own
type_find_cstr(Type *t, const char *name)
{
    Own text = str_intern_cstr(name);
    if (!text) {
        exc_clear();
        return NO_VALUE;
    }
    return type_find(t, text);
}

Own
type_entry_load_slow(uint32_t id, uint32_t *kind)
{
    TypeEntry *e = &type_entries[id];
    for (;;) {
        uint32_t before = atomic_load_explicit(&e->state, memory_order_acquire);
        if ((before & ENTRY_KINDS) == ENTRY_CHANGING) {
            continue;
        }
        Own v = ref_load(&e->type->head, &e->value);
        atomic_thread_fence(memory_order_acquire);
        if (atomic_load_explicit(&e->state, memory_order_relaxed) == before) {
            *kind = before & ENTRY_KINDS;
            return v;
        }
        drop_opt(v);
    }
}

/* -- changes -- */

typedef void (*TypeVisit)(Type *t, void *arg);

/* t and every class below it. lock: types_lock. A class with several bases may be visited more than
 * once. */
static void
visit_subtree(Type *t, TypeVisit visit, void *arg)
{
    visit(t, arg);
    const TypeChildren *children = t->subclasses;
    for (uint32_t i = 0; children && i < children->count; i++) {
        visit_subtree(children->items[i], visit, arg);
    }
}

void
type_visit_subtree(Type *t, TypeVisit visit, void *arg)
{
    visit_subtree(t, visit, arg);
}

typedef struct NameChange {
    Value name;
    bool data_appeared;
} NameChange;

static void
update_one(Type *t, void *arg)
{
    NameChange *change = arg;
    uint32_t id = index_find(t, change->name);
    if (id) {
        uint32_t before = type_entry_kind(id);
        entry_write(&type_entries[id], type_resolve(t, change->name, NULL));
        change->data_appeared |= type_entry_kind(id) == ENTRY_DATA && before != ENTRY_DATA;
    }
}

bool
entries_update(Type *t, Value name)
{
    NameChange change = {name, false};
    visit_subtree(t, update_one, &change);
    return change.data_appeared;
}

static void
update_index(Type *t, void *arg UNUSED)
{
    const TypeLookup *index = atomic_load_explicit(&t->lookup, memory_order_relaxed);
    for (uint32_t i = 0; index && i <= index->mask; i++) {
        Value name = atomic_load_explicit(&index->cells[i].name, memory_order_relaxed);
        if (name) {
            entry_write(&type_entries[index->cells[i].entry], type_resolve(t, name, NULL));
        }
    }
}

void
entries_update_all(Type *t)
{
    visit_subtree(t, update_index, NULL);
}

void
entries_update_kinds(void)
{
    for (uint32_t id = 1; id < entries_used; id++) {
        TypeEntry *e = &type_entries[id];
        Own v = e->value;
        if (v && kind_of(v) != type_entry_kind(id)) {
            entry_write(e, v);
        }
    }
}

void
entries_retire(Type *t)
{
    TypeLookup *index = atomic_exchange_explicit(&t->lookup, NULL, memory_order_acq_rel);
    for (uint32_t i = 0; index && i <= index->mask; i++) {
        if (atomic_load_explicit(&index->cells[i].name, memory_order_relaxed)) {
            uint32_t id = index->cells[i].entry;
            entry_write(&type_entries[id], NO_VALUE);
            type_entries[id].next = entries_dead;
            entries_dead = id;
            entries_dead_count++;
        }
    }
    if (index) {
        mem_retire(&t->head, index);
    }
}

uint32_t
entries_dead_now(void)
{
    types_lock();
    uint32_t count = entries_dead_count;
    types_unlock();
    return count;
}

void
entries_recycle_stw(void)
{
    while (entries_dead) {
        uint32_t id = entries_dead;
        TypeEntry *e = &type_entries[id];
        entries_dead = e->next;
        drop(e->name);
        *e = (TypeEntry){.next = entries_free};
        entries_free = id;
    }
    entries_dead_count = 0;
}

/* -- subclasses -- */

uint32_t subclasses_moving;

int
subclass_add(Type *base, Type *t)
{
    TypeChildren *children = base->subclasses;
    if (!children || children->count == children->capacity) {
        uint32_t capacity = children ? children->capacity * 2 : 4;
        TypeChildren *grown = mem_try_alloc(sizeof *grown + capacity * sizeof(Type *));
        if (!grown) {
            return -1;
        }
        grown->count = 0;
        grown->capacity = capacity;
        if (children) {
            grown->count = children->count;
            memcpy(grown->items, children->items, children->count * sizeof(Type *));
            mem_free(children);
        }
        base->subclasses = grown;
        children = grown;
    }
    children->items[children->count++] = t;
    return 0;
}

void
subclass_remove(Type *base, Type *t, bool latest)
{
    TypeChildren *children = base->subclasses;
    uint32_t count = children ? children->count : 0;
    for (uint32_t n = 0; n < count; n++) {
        uint32_t i = latest ? count - 1 - n : n;
        if (children->items[i] == t) {
            children->count--;
            memmove(&children->items[i], &children->items[i + 1], (children->count - i) * sizeof children->items[0]);
            return;
        }
    }
}
