/* itertools: those that look at items together with those before: accumulate, batched, groupby. */
#include "module/itertools/itertools_priv.h"
#include "object/int.h"

typedef struct Accumulate {
    Object head;
    Own iterator, function; /* immutable; function may be None: addition */
    Own total;              /* NO_VALUE before the first item. guard: lock; ref_load */
    Own initial;            /* given first; None when not or no more. guard: lock */
} Accumulate;

typedef struct Batched {
    Object head;
    Own iterator; /* NO_VALUE when used up. guard: lock; ref_load */
    int64_t size; /* immutable */
    bool strict;  /* immutable */
} Batched;

typedef struct Groupby {
    Object head;
    Own iterator, key;       /* immutable; key may be None */
    Own target;              /* key of the group being given. guard for all below: lock; ref_load */
    Own item_key, item;      /* the item taken last, not yet given; or NO_VALUE */
    const void *group;       /* the last _grouper made: only that one may take items */
} Groupby;

typedef struct Grouper {
    Object head;
    Own parent, target; /* immutable */
} Grouper;

#include "group.spec.h"

/* -- accumulate -- */

Own
itertools_accumulate_make(Type *cls, Value iterable, Value function, Value initial)
{
    Own it = object_iter(iterable);
    Own refs[] = {it, it ? own(function) : NO_VALUE};
    Own v = refs_new(cls, 2, refs);
    if (v) {
        Accumulate *a = (Accumulate *)obj(v);
        ref_init(&a->head, &a->initial, own(initial));
    }
    return v;
}

/* The total is now `total`, which is given as well: eaten. own: ret new */
static Own
accumulate_set(Accumulate *a, Own total)
{
    Own old = ref_swap(&a->head, &a->total, own(total));
    drop_opt(old);
    return total;
}

static Own
accumulate_step(Value v, CriticalSection *section)
{
    Accumulate *a = (Accumulate *)obj(v);
    if (a->initial != NONE) {
        return accumulate_set(a, ref_swap(&a->head, &a->initial, NONE));
    }
    Own item = object_next(a->iterator);
    step_renew(section);
    if (!item) {
        return NO_VALUE;
    }
    Own total = ref_load(&a->head, &a->total);
    if (!total) {
        return accumulate_set(a, item);
    }
    Own sum = a->function == NONE ? object_binary(total, item, OP_ADD)
                                  : call2(a->function, total, item);
    drop(total);
    drop(item);
    step_renew(section);
    return sum ? accumulate_set(a, sum) : NO_VALUE;
}

static Own
accumulate_next(Value v)
{
    return step_locked(v, accumulate_step);
}

DEFINE_ITERTOOL(accumulate, accumulate, Accumulate, 4, itertools_accumulate_create_slot,
                accumulate_next);

/* -- batched -- */

Own
itertools_batched_make(Type *cls, Value iterable, int64_t n, bool strict)
{
    if (n < 1) {
        return raise_msg(&exc_ValueError, "n must be at least one");
    }
    Own it = object_iter(iterable), v = refs_new(cls, 1, &it);
    if (v) {
        ((Batched *)obj(v))->size = n;
        ((Batched *)obj(v))->strict = strict;
    }
    return v;
}

/* The first n items of a tuple, which is eaten. */
static Own
tuple_shorten(Own tuple, int64_t n)
{
    Own head = tuple_slice(tuple, 0, n);
    drop(tuple);
    return head;
}

static Own
batched_step(Value v, CriticalSection *section)
{
    Batched *b = (Batched *)obj(v);
    if (!b->iterator) {
        return NO_VALUE;
    }
    int64_t at = 0, room = b->size < 64 ? b->size : 64;
    Own batch = tuple_new(room), item = NO_VALUE;
    while (batch && at < b->size && (item = next_of(section, &b->iterator)) != NO_VALUE) {
        if (at == room) { /* a size may be given that no memory has */
            room = room > b->size / 2 ? b->size : room * 2;
            Own larger = tuple_new(room);
            for (int64_t i = 0; larger && i < at; i++) {
                tuple_init_item(larger, i, own(tuple_item(batch, i)));
            }
            drop(batch);
            batch = larger;
            if (!batch) {
                drop(item);
                return NO_VALUE;
            }
        }
        tuple_init_item(batch, at++, item);
    }
    if (at == b->size || !batch) {
        return batch;
    }
    bool failed = exc_pending();
    Own exc = exc_take();
    field_empty(&b->head, &b->iterator);
    Own rest = at > 0 && !failed && !b->strict ? tuple_shorten(batch, at) : NO_VALUE;
    if (!rest) {
        if (at == 0 || failed || b->strict) {
            drop(batch);
        }
        if (failed) {
            exc_restore(exc);
        } else if (at > 0 && b->strict) {
            raise_msg(&exc_ValueError, "batched(): incomplete batch");
        }
    }
    return rest;
}

static Own
batched_next(Value v)
{
    return step_locked(v, batched_step);
}

DEFINE_ITERTOOL(batched, batched, Batched, 1, itertools_batched_create_slot, batched_next);

/* -- groupby -- */

Own
itertools_groupby_make(Type *cls, Value iterable, Value key)
{
    Own it = object_iter(iterable);
    Own refs[] = {it, it ? own(key) : NO_VALUE};
    return refs_new(cls, 2, refs);
}

static void
groupby_store(Groupby *g, CriticalSection *section, Own *field, Own value)
{
    Own old = ref_swap(&g->head, field, value);
    drop_opt(old);
    step_renew(section);
}

/* Takes the next item and its key. fail: -1, also at the end */
static int
groupby_advance(Groupby *g, CriticalSection *section)
{
    Own item = object_next(g->iterator);
    if (!item) {
        return -1;
    }
    Own key = g->key == NONE ? own(item) : call1(g->key, item);
    step_renew(section);
    if (!key) {
        drop(item);
        return -1;
    }
    groupby_store(g, section, &g->item, item);
    groupby_store(g, section, &g->item_key, key);
    return 0;
}

/* Has the item taken last this key? 1, 0, -1; 0 also when there is none */
static int
groupby_matches(Groupby *g, CriticalSection *section, Value key)
{
    Own item_key = ref_load(&g->head, &g->item_key);
    if (!item_key) {
        return 0;
    }
    int same = object_equal(key, item_key);
    drop(item_key);
    step_renew(section);
    return same;
}

static Own
groupby_step(Value v, CriticalSection *section)
{
    Groupby *g = (Groupby *)obj(v);
    g->group = NULL;
    for (;;) { /* past the rest of the group before */
        Own target = ref_load(&g->head, &g->target);
        bool first = !g->item_key;
        int same = first ? 1 : target ? groupby_matches(g, section, target) : 0;
        drop_opt(target);
        if (same < 0) {
            return NO_VALUE;
        }
        if (!same) {
            break;
        }
        if (groupby_advance(g, section) < 0) {
            return NO_VALUE;
        }
        if (first) {
            break;
        }
    }
    Own key = ref_load(&g->head, &g->item_key);
    if (!key) {
        return NO_VALUE;
    }
    groupby_store(g, section, &g->target, own(key));
    Own refs[] = {own(v), own(key)};
    Own group = refs_new(&itertools_grouper_type, 2, refs);
    if (!group) {
        drop(key);
        return NO_VALUE;
    }
    g->group = obj(group);
    Own pair[2] = {key, group};
    return tuple_from_own(pair, 2);
}

static Own
groupby_next(Value v)
{
    return step_locked(v, groupby_step);
}

DEFINE_ITERTOOL(groupby, groupby, Groupby, 5, itertools_groupby_create_slot, groupby_next);

Own
itertools_grouper_make(Type *cls, Value parent, Value target)
{
    if (!is_instance_of(parent, &itertools_groupby_type)) {
        return raise_fmt(&exc_TypeError, "_grouper() argument 1 must be itertools.groupby, not %T",
                         parent);
    }
    Own refs[] = {own(parent), own(target)};
    Own v = refs_new(cls, 2, refs);
    if (v) {
        CriticalSection section;
        critical_enter(&section, obj(parent));
        ((Groupby *)obj(parent))->group = obj(v);
        critical_leave(&section);
    }
    return v;
}

/* lock: the parent's */
static Own
grouper_step(Grouper *grouper, CriticalSection *section)
{
    Groupby *g = (Groupby *)obj(grouper->parent);
    if (g->group != grouper) {
        return NO_VALUE;
    }
    if (!g->item && groupby_advance(g, section) < 0) {
        return NO_VALUE;
    }
    if (groupby_matches(g, section, grouper->target) <= 0 || g->group != grouper) {
        return NO_VALUE;
    }
    return ref_swap(&g->head, &g->item, NO_VALUE);
}

static Own
grouper_next(Value v)
{
    Grouper *grouper = (Grouper *)obj(v);
    CriticalSection section;
    critical_enter(&section, obj(grouper->parent));
    Own item = grouper_step(grouper, &section);
    critical_leave(&section);
    return item;
}

DEFINE_ITERTOOL(grouper, _grouper, Grouper, 2, itertools_grouper_create_slot, grouper_next);
