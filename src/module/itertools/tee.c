/* itertools.tee: iterators that share the items of one.
 *
 * Items taken from the shared iterator lie in a chain of blocks; each tee stands somewhere in it.
 * Blocks that all have left die.
 *
 * Threads: a block is filled with its lock held, so that each item is taken once; filled places
 * never change, and are read without it. Taking an item runs Python code: who comes to the block
 * meanwhile gets an error, as in CPython. The place of a tee is guarded by its own lock, and looked at
 * again once there is an item: only who moves the tee on hands it out. */
#include "module/itertools/itertools_priv.h"
#include "object/list.h"

#define TEE_BLOCK 57

typedef struct TeeData {
    Object head;
    Own iterator;   /* immutable */
    Own next;       /* the block after, or NO_VALUE. guard for all below: lock */
    int64_t filled; /* acquire to read, the items below it too */
    bool running;   /* the iterator is being asked */
    Own items[TEE_BLOCK];
} TeeData;

typedef struct Tee {
    Object head;
    Own data;      /* a TeeData; never empty. guard: lock; ref_load */
    int64_t index; /* of the next item in it; guard: lock */
} Tee;

#include "tee.spec.h"

/* -- blocks -- */

/* Eats iterator, which may be NO_VALUE after a failure. */
static Own
tee_data_new(Own iterator)
{
    TeeData *d = NULL;
    if (iterator) {
        d = (TeeData *)object_alloc(itertools_tee_data_type.root_shape, sizeof(TeeData),
                                    OBJ_TRACKED);
        if (!d) {
            drop(iterator);
            return NO_VALUE;
        }
        ref_init(&d->head, &d->iterator, iterator);
    }
    return OWN(d);
}

static bool
is_filled(const TeeData *d, int64_t i)
{
    return i < __atomic_load_n(&d->filled, __ATOMIC_ACQUIRE);
}

/* Fills the next place. fail: -1, with nothing pending at the iterator's end. lock: d held, by this section */
static int
tee_data_fill_locked(TeeData *d, CriticalSection *section)
{
    if (d->running) {
        return raise_int(&exc_RuntimeError, "cannot re-enter the tee iterator");
    }
    d->running = true;
    Own item = object_next(d->iterator);
    critical_renew(section);
    d->running = false;
    if (!item) {
        return -1;
    }
    ref_init(&d->head, &d->items[d->filled], item);
    __atomic_store_n(&d->filled, d->filled + 1, __ATOMIC_RELEASE);
    return 0;
}

/* Item i of a block, taken from the iterator if need be. own: ret new */
static Own
tee_data_item(TeeData *d, int64_t i)
{
    int status = 0;
    if (!is_filled(d, i)) {
        CriticalSection section;
        critical_enter(&section, &d->head);
        status = is_filled(d, i) ? 0 : tee_data_fill_locked(d, &section);
        critical_leave(&section);
    }
    return status < 0 ? NO_VALUE : own(d->items[i]);
}

/* The block after d, made if need be. own: ret new */
static Own
tee_data_next(TeeData *d)
{
    CriticalSection section;
    critical_enter(&section, &d->head);
    if (!d->next) {
        ref_init(&d->head, &d->next, tee_data_new(own(d->iterator)));
    }
    Own next = own_opt(d->next);
    critical_leave(&section);
    return next;
}

static int
tee_data_restore(TeeData *d, Value values, Value next)
{
    int64_t n = list_len(values);
    bool is_block = next != NONE && type_of(next) == &itertools_tee_data_type;
    if (n > TEE_BLOCK || (next != NONE && (!is_block || n != TEE_BLOCK))) {
        return raise_int(&exc_ValueError, "Invalid arguments");
    }
    for (Own item; d->filled < n && (item = list_get(values, d->filled)) != NO_VALUE;) {
        ref_init(&d->head, &d->items[d->filled++], item);
    }
    if (is_block) {
        ref_init(&d->head, &d->next, own(next));
    }
    return 0;
}

/* _tee_dataobject(iterator, values, next block or None) */
static Own
tee_data_create(Type *type UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("teedataobject", nargs, kwnames, 3, 3) < 0) {
        return NO_VALUE;
    }
    if (!is_list(args[1])) {
        args_type_error("teedataobject", 2, "values", "list", args[1]);
        return NO_VALUE;
    }
    Own v = tee_data_new(own(args[0]));
    if (v && tee_data_restore((TeeData *)obj(v), args[1], args[2]) < 0) {
        ref_clear(&v);
    }
    return v;
}

static int
tee_data_traverse(Object *o, Visit visit, void *arg)
{
    TeeData *d = (TeeData *)o;
    VISIT(d->iterator);
    VISIT(d->next);
    for (int64_t i = 0; i < d->filled; i++) {
        VISIT(d->items[i]);
    }
    return 0;
}

/* An item may lead back here. */
static void
tee_data_clear(Object *o)
{
    TeeData *d = (TeeData *)o;
    while (d->filled > 0) {
        ref_clear(&d->items[--d->filled]);
    }
}

static void
tee_data_dealloc(Object *o)
{
    TeeData *d = (TeeData *)o;
    tee_data_clear(o);
    drop_opt(d->iterator);
    drop_opt(d->next);
    object_free(o);
}

Type itertools_tee_data_type = {
    .name = "itertools._tee_dataobject",
    .flags = TYPE_GC,
    .basic_size = sizeof(TeeData),
    .slots = {
        .traverse = tee_data_traverse,
        .clear = tee_data_clear,
        .dealloc = tee_data_dealloc,
        .create = tee_data_create,
    },
    .methods = itertools_tee_data_methods,
    .getsets = itertools_tee_data_getsets,
};

/* -- tee -- */

/* A tee that stands before item `index` of a block, which is eaten. */
static Own
tee_at(Type *type, Own data, int64_t index)
{
    Own v = refs_new(type, 1, &data);
    if (v) {
        ((Tee *)obj(v))->index = index;
    }
    return v;
}

Own
itertools_tee_py___copy__(Tee *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own data = own(self->data);
    int64_t index = self->index;
    critical_leave(&section);
    return tee_at(&itertools_tee_type, data, index);
}

Own
itertools_tee_make(Type *cls, Value iterable)
{
    Own it = object_iter(iterable);
    if (!it) {
        return NO_VALUE;
    }
    if (is_instance_of(it, &itertools_tee_type)) {
        Own copy = itertools_tee_py___copy__((Tee *)obj(it));
        drop(it);
        return copy;
    }
    return tee_at(cls, tee_data_new(it), 0);
}

/* Moves on from the block that it has used up, if no other thread has. fail: -1 */
static int
tee_advance(Tee *tee, Value used_up)
{
    Own next = tee_data_next((TeeData *)obj(used_up));
    if (!next) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &tee->head);
    if (tee->data == used_up) {
        next = ref_swap(&tee->head, &tee->data, next);
        tee->index = 0;
    }
    critical_leave(&section);
    drop(next);
    return 0;
}

/* One try: 1, with *item the next one; 0 another thread came between; -1 failed, or the end. */
static int
tee_step(Tee *tee, Own *item)
{
    CriticalSection section;
    critical_enter(&section, &tee->head);
    Own data = own(tee->data);
    int64_t i = tee->index;
    critical_leave(&section);
    if (i >= TEE_BLOCK) {
        int status = tee_advance(tee, data);
        drop(data);
        return status;
    }
    *item = tee_data_item((TeeData *)obj(data), i);
    bool mine = false;
    if (*item) {
        critical_enter(&section, &tee->head);
        mine = tee->data == data && tee->index == i;
        tee->index += mine;
        critical_leave(&section);
    }
    drop(data);
    if (*item && !mine) {
        drop(*item);
        return 0;
    }
    return mine ? 1 : -1;
}

static Own
tee_next(Value v)
{
    Own item = NO_VALUE;
    int status;
    while ((status = tee_step((Tee *)obj(v), &item)) == 0) {
    }
    return status > 0 ? item : NO_VALUE;
}

static int
tee_traverse(Object *o, Visit visit, void *arg)
{
    return refs_traverse(o, 1, visit, arg);
}

static void
tee_dealloc(Object *o)
{
    refs_dealloc(o, 1);
}

Type itertools_tee_type = {
    .name = "itertools._tee",
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Tee),
    .slots = {
        .traverse = tee_traverse,
        .dealloc = tee_dealloc,
        .create = itertools_tee_create_slot,
        .iter = iterator_self,
        .next = tee_next,
    },
    .methods = itertools_tee_methods,
    .getsets = itertools_tee_getsets,
    .spec_doc = itertools_tee_doc,
};
