/* map: a function over the items of iterables.
 *
 * Threads: as zip: nothing changes but `strict`. */
#include "object/iterator.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Map {
    Object head;
    Own function;        /* immutable */
    Own iterators;       /* a tuple; immutable */
    _Atomic bool strict; /* guard: atomic */
} Map;

#include "map.spec.h"

Own
map_make(Type *cls, Value function, Value iterable UNUSED, bool strict, Value const *rest, size_t n)
{
    /* The arguments lie in a row: iterable is the one before the rest. */
    Own iterators = iterators_of(rest - 1, n + 1);
    if (!iterators) {
        return NO_VALUE;
    }
    Own v = type_alloc(cls, 0);
    if (!v) {
        drop(iterators);
        return NO_VALUE;
    }
    Map *m = (Map *)obj(v);
    ref_init(&m->head, &m->function, own(function));
    ref_init(&m->head, &m->iterators, iterators);
    atomic_store_explicit(&m->strict, strict, memory_order_relaxed);
    return v;
}

static Own
map_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs >= 2) {
        return map_create_slot(type, args, nargs, kwnames);
    }
    for (int64_t i = 0; kwnames && i < as_tuple(kwnames)->length; i++) {
        Value name = tuple_item(kwnames, i);
        if (!str_equals_cstr(name, "strict")) {
            return raise_fmt(&exc_TypeError, "map() got an unexpected keyword argument '%U'", name);
        }
    }
    return raise_msg(&exc_TypeError, "map() must have at least two arguments.");
}

static Own
map_next(Value v)
{
    Map *m = (Map *)obj(v);
    int64_t n = as_tuple(m->iterators)->length;
    if (LIKELY(n == 1)) {
        Own item = object_next(tuple_item(m->iterators, 0));
        if (!item) {
            return NO_VALUE;
        }
        Own result = call1(m->function, item);
        drop(item);
        return result;
    }
    bool strict = atomic_load_explicit(&m->strict, memory_order_relaxed);
    Own few[8], *items = n <= 8 ? few : mem_alloc((size_t)n * sizeof(Own)), result = NO_VALUE;
    if (!items) {
        return NO_VALUE;
    }
    if (iterators_next("map", m->iterators, strict, items) == 1) {
        result = object_call(m->function, (Value const *)items, (size_t)n, NO_VALUE);
        for (int64_t i = 0; i < n; i++) {
            drop(items[i]);
        }
    }
    if (items != few) {
        mem_free(items);
    }
    return result;
}

/* (class, (function, iterator...)[, True]) */
Own
map_py___reduce__(Map *self)
{
    int64_t n = as_tuple(self->iterators)->length;
    Own args = tuple_new(n + 1);
    if (!args) {
        return NO_VALUE;
    }
    tuple_init_item(args, 0, own(self->function));
    for (int64_t i = 0; i < n; i++) {
        tuple_init_item(args, i + 1, own(tuple_item(self->iterators, i)));
    }
    Value type = VALUE(type_of(VALUE(self)));
    Own result = atomic_load_explicit(&self->strict, memory_order_relaxed)
                     ? tuple_pack(3, type, (Value)args, (Value)TRUE_VALUE)
                     : tuple_pack(2, type, (Value)args);
    drop(args);
    return result;
}

int
map_py___setstate__(Map *self, Value state)
{
    int strict = object_truth(state);
    if (strict < 0) {
        return -1;
    }
    atomic_store_explicit(&self->strict, strict != 0, memory_order_relaxed);
    return 0;
}

static int
map_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Map *)o)->function);
    VISIT(((Map *)o)->iterators);
    return 0;
}

/* No clear: a cycle goes through the function or what is iterated. */
static void
map_dealloc(Object *o)
{
    drop_opt(((Map *)o)->function);
    drop_opt(((Map *)o)->iterators);
    object_free(o);
}

Type map_type = {
    .name = "map",
    .root_shape = SHAPE_MAP,
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Map),
    .slots = {
        .traverse = map_traverse,
        .dealloc = map_dealloc,
        .create = map_create,
        .iter = iterator_self,
        .next = map_next,
    },
    .methods = map_methods,
    .getsets = map_getsets,
    .spec_doc = map_doc,
};
