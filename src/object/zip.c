/* zip, and how it and map take an item of each of several iterators.
 *
 * Threads: nothing changes but `strict`. The iterators guard themselves; threads that share a
 * zip share them out as they come. */
#include "object/iterator.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Zip {
    Object head;
    Own iterators;       /* a tuple; immutable */
    _Atomic bool strict; /* guard: atomic */
} Zip;

#include "zip.spec.h"

Own
iterators_of(Value const *iterables, size_t n)
{
    Own iterators = tuple_new((int64_t)n);
    for (size_t i = 0; iterators && i < n; i++) {
        Own it = object_iter(iterables[i]);
        if (it) {
            tuple_init_item(iterators, (int64_t)i, it);
        } else {
            ref_clear(&iterators);
        }
    }
    return iterators;
}

/* "argument 1" or "arguments 1-3": those before the n-th. */
static int
raise_uneven(const char *function, int64_t n, const char *relation)
{
    return raise_int(&exc_ValueError, "%s() argument %zd is %s than argument%s%zd", function, n + 1,
                     relation, n == 1 ? " " : "s 1-", n);
}

/* The i-th iterator is used up. Is that all right? 0 yes, -1 no. */
static NOINLINE int
iterators_end(const char *function, Value iterators, int64_t i)
{
    if (i > 0) {
        return raise_uneven(function, i, "shorter");
    }
    for (i = 1; i < as_tuple(iterators)->length; i++) {
        Own item = object_next(tuple_item(iterators, i));
        if (item) {
            drop(item);
            return raise_uneven(function, i, "longer");
        }
        if (exc_pending()) {
            return -1;
        }
    }
    return 0;
}

int
iterators_next(const char *function, Value iterators, bool strict, Own *items)
{
    int64_t n = as_tuple(iterators)->length;
    for (int64_t i = 0; i < n; i++) {
        items[i] = object_next(tuple_item(iterators, i));
        if (LIKELY(items[i] != NO_VALUE)) {
            continue;
        }
        bool failed = exc_pending();
        Own exc = exc_take(); /* dropping what was taken already may run Python code */
        for (int64_t taken = i; taken-- > 0;) {
            drop(items[taken]);
        }
        if (failed) {
            exc_restore(exc);
            return -1;
        }
        return strict ? iterators_end(function, iterators, i) : 0;
    }
    return 1;
}

Own
zip_make(Type *cls, bool strict, Value const *iterables, size_t n)
{
    Own iterators = iterators_of(iterables, n);
    if (!iterators) {
        return NO_VALUE;
    }
    Own v = type_alloc(cls, 0);
    if (!v) {
        drop(iterators);
        return NO_VALUE;
    }
    Zip *z = (Zip *)obj(v);
    ref_init(&z->head, &z->iterators, iterators);
    atomic_store_explicit(&z->strict, strict, memory_order_relaxed);
    return v;
}

static Own
zip_next(Value v)
{
    Zip *z = (Zip *)obj(v);
    int64_t n = as_tuple(z->iterators)->length;
    bool strict = atomic_load_explicit(&z->strict, memory_order_relaxed);
    Own few[8], *items = n <= 8 ? few : mem_alloc((size_t)n * sizeof(Own));
    if (n == 0 || !items) {
        return NO_VALUE;
    }
    Own tuple = iterators_next("zip", z->iterators, strict, items) == 1 ? tuple_from_own(items, n)
                                                                       : NO_VALUE;
    if (items != few) {
        mem_free(items);
    }
    return tuple;
}

Own
zip_py___reduce__(Zip *self)
{
    Value type = VALUE(type_of(VALUE(self)));
    if (atomic_load_explicit(&self->strict, memory_order_relaxed)) {
        return tuple_pack(3, type, (Value)self->iterators, (Value)TRUE_VALUE);
    }
    return tuple_pack(2, type, (Value)self->iterators);
}

int
zip_py___setstate__(Zip *self, Value state)
{
    int strict = object_truth(state);
    if (strict < 0) {
        return -1;
    }
    atomic_store_explicit(&self->strict, strict != 0, memory_order_relaxed);
    return 0;
}

static int
zip_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Zip *)o)->iterators);
    return 0;
}

/* No clear: a cycle goes through what is iterated. */
static void
zip_dealloc(Object *o)
{
    drop_opt(((Zip *)o)->iterators);
    object_free(o);
}

Type zip_type = {
    .name = "zip",
    .root_shape = SHAPE_ZIP,
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Zip),
    .slots = {
        .traverse = zip_traverse,
        .dealloc = zip_dealloc,
        .create = zip_create_slot,
        .iter = iterator_self,
        .next = zip_next,
    },
    .methods = zip_methods,
    .getsets = zip_getsets,
    .spec_doc = zip_doc,
};
