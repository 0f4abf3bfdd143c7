/* enumerate: pairs of a count and an item.
 *
 * Threads: the iterator's lock guards the count, so that no number is given out twice; it is not
 * held while the iterable is asked for an item, so which item goes with which number is open
 * when threads share an enumerate. */
#include "heap/critical.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/iterator.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Enumerate {
    Object head;
    Own iterator; /* immutable */
    Own count;    /* of the next item: an exact int. guard: lock */
} Enumerate;

#include "enumerate.spec.h"

static Own
enumerate_new(Type *type, Value iterable, Value start)
{
    Own count = start ? object_index(start) : small_int(0);
    Own it = count ? object_iter(iterable) : NO_VALUE;
    Own v = it ? type_alloc(type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(it);
        drop_opt(count);
        return NO_VALUE;
    }
    Enumerate *e = (Enumerate *)obj(v);
    ref_init(&e->head, &e->iterator, it);
    ref_init(&e->head, &e->count, count);
    return v;
}

/* enumerate(iterable, start=0), either by name. */
static Own
enumerate_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    size_t names = kwnames ? (size_t)as_tuple(kwnames)->length : 0;
    Value values[2] = {NO_VALUE, NO_VALUE};
    if (nargs + names > 2) {
        return raise_fmt(&exc_TypeError, "enumerate() takes at most %d arguments (%zd given)", 2,
                         (int64_t)(nargs + names));
    }
    for (size_t i = 0; i < nargs; i++) {
        values[i] = args[i];
    }
    for (size_t i = 0; i < names; i++) {
        Value name = tuple_item(kwnames, (int64_t)i);
        size_t which = str_equals_cstr(name, "iterable") ? 0
                       : str_equals_cstr(name, "start")  ? 1
                                                         : 2;
        if (which == 2 || values[which]) {
            return raise_fmt(&exc_TypeError, "'%U' is an invalid keyword argument for enumerate()",
                             name);
        }
        values[which] = args[nargs + i];
    }
    if (!values[0] && values[1]) {
        return raise_msg(&exc_TypeError,
                         "'start' is an invalid keyword argument for enumerate()");
    }
    if (!values[0]) {
        return raise_msg(&exc_TypeError, "enumerate() missing required argument 'iterable'");
    }
    return enumerate_new(type, values[0], values[1]);
}

/* The number of the next item: a new reference. lock: e held · fail: 0 + MemoryError */
static ALWAYS_INLINE Own
enumerate_count_locked(Enumerate *e)
{
    Own count = e->count;
    if (LIKELY(is_small_int(count) && small_int_value(count) < SMALL_INT_MAX)) {
        e->count = small_int(small_int_value(count) + 1);
        return count;
    }
    Own next = int_add(count, small_int(1));
    return next ? ref_swap(&e->head, &e->count, next) : NO_VALUE;
}

static Own
enumerate_next(Value v)
{
    Enumerate *e = (Enumerate *)obj(v);
    Own pair[2] = {NO_VALUE, object_next(e->iterator)};
    if (!pair[1]) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &e->head);
    pair[0] = enumerate_count_locked(e);
    critical_leave(&section);
    if (UNLIKELY(!pair[0])) {
        drop(pair[1]);
        return NO_VALUE;
    }
    return tuple_from_own(pair, 2);
}

Own
enumerate_py___reduce__(Enumerate *self)
{
    Own args = tuple_pack(2, (Value)self->iterator, (Value)self->count);
    Own result = args ? tuple_pack(2, VALUE(type_of(VALUE(self))), (Value)args) : NO_VALUE;
    drop_opt(args);
    return result;
}

Own
enumerate_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

static int
enumerate_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Enumerate *)o)->iterator);
    return 0;
}

/* No clear: the iterator is never empty, and a cycle goes through what it iterates. */
static void
enumerate_dealloc(Object *o)
{
    drop_opt(((Enumerate *)o)->iterator);
    drop_opt(((Enumerate *)o)->count);
    object_free(o);
}

Type enumerate_type = {
    .name = "enumerate",
    .root_shape = SHAPE_ENUMERATE,
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Enumerate),
    .slots = {
        .traverse = enumerate_traverse,
        .dealloc = enumerate_dealloc,
        .create = enumerate_create,
        .iter = iterator_self,
        .next = enumerate_next,
    },
    .methods = enumerate_methods,
    .getsets = enumerate_getsets,
    .spec_doc = enumerate_doc,
};
