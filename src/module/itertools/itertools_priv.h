/* What the files of itertools share.
 *
 * An object of this module begins with its references, all in a row behind the header, so that its
 * life (visiting and dropping them) is written once. None has a clear: what it refers to is
 * immutable, or it is emptied when it is used up, and a cycle goes through something else.
 *
 * Threads: where a step changes more than one thing it holds the object's lock (step_locked).
 * The iterators below run Python code, which may let other threads in, show them an object that
 * was private (step_renew), or come back to this very object: after each such call the state is
 * looked at anew, and a field that may be emptied meanwhile is held (next_of). */
#ifndef WEFT_MODULE_ITERTOOLS_PRIV_H
#define WEFT_MODULE_ITERTOOLS_PRIV_H

#include "heap/critical.h"
#include "object/iterator.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

/* The type's C name, in the order of the documentation. */
#define ITERTOOLS_TYPES(X)                                                                         \
    X(count) X(cycle) X(repeat) X(accumulate) X(batched) X(chain) X(compress) X(dropwhile)         \
    X(filterfalse) X(groupby) X(grouper) X(islice) X(pairwise) X(starmap) X(takewhile) X(tee)      \
    X(tee_data) X(zip_longest) X(product) X(permutations) X(combinations)                          \
    X(combinations_with_replacement)
#define X(name) extern Type itertools_##name##_type;
ITERTOOLS_TYPES(X)
#undef X

static inline int
refs_traverse(Object *o, int n, Visit visit, void *arg)
{
    Own const *refs = (Own const *)(o + 1);
    for (int i = 0; i < n; i++) {
        VISIT(refs[i]);
    }
    return 0;
}

static inline void
refs_dealloc(Object *o, int n)
{
    Own const *refs = (Own const *)(o + 1);
    for (int i = 0; i < n; i++) {
        drop_opt(refs[i]);
    }
    object_free(o);
}

/* A new instance with its references, which are eaten, also on failure; one that is NO_VALUE after
 * an error makes it fail. own: ret new */
static inline Own
refs_new(Type *type, int n, const Own *refs)
{
    bool complete = true;
    for (int i = 0; i < n; i++) {
        complete &= refs[i] != NO_VALUE;
    }
    Own v = complete ? type_alloc(type, 0) : NO_VALUE;
    for (int i = 0; i < n; i++) {
        if (v) {
            ref_init(obj(v), (Own *)(obj(v) + 1) + i, refs[i]);
        } else {
            drop_opt(refs[i]);
        }
    }
    return v;
}

/* A class with an __init__ of its own decides itself which keywords there are. */
static inline Value
own_keywords(const Type *type, const Type *base, Value kwnames)
{
    return type->slots.init != base->slots.init ? NO_VALUE : kwnames;
}

/* Python code has run in a step. */
static ALWAYS_INLINE void
step_renew(CriticalSection *section)
{
    if (UNLIKELY(!section->first && obj_is_contended(section->objects[0]))) {
        (void)critical_renew(section);
    }
}

/* The next item of the iterator in a field that may be emptied while it runs. */
static ALWAYS_INLINE Own
next_of(CriticalSection *section, Own const *field)
{
    Own it = ref_load(section->objects[0], field);
    if (!it) {
        return NO_VALUE;
    }
    Own item = object_next(it);
    drop(it);
    step_renew(section);
    return item;
}

/* Empties a field, and drops what it held when the lock is free. */
static inline void
field_empty(Object *holder, Own *field)
{
    CriticalSection section;
    critical_enter(&section, holder);
    Own old = ref_swap(holder, field, NO_VALUE);
    critical_leave(&section);
    drop_opt(old);
}

static ALWAYS_INLINE Own
step_locked(Value v, Own (*step)(Value v, CriticalSection *section))
{
    CriticalSection section;
    critical_enter(&section, obj(v));
    Own item = step(v, &section);
    critical_leave(&section);
    return item;
}

/* The type `itertools.SHOWN` of instances of Struct, with n references. */
#define DEFINE_ITERTOOL(kind, shown, Struct, n, create_function, next_function)                    \
    static int kind##_traverse(Object *o, Visit visit, void *arg)                                  \
    {                                                                                              \
        return refs_traverse(o, n, visit, arg);                                                    \
    }                                                                                              \
    static void kind##_dealloc(Object *o)                                                          \
    {                                                                                              \
        refs_dealloc(o, n);                                                                        \
    }                                                                                              \
    Type itertools_##kind##_type = {                                                               \
        .name = "itertools." #shown,                                                               \
        .flags = TYPE_GC | TYPE_BASE,                                                              \
        .basic_size = sizeof(Struct),                                                              \
        .slots = {.traverse = kind##_traverse,                                                     \
                  .dealloc = kind##_dealloc,                                                       \
                  .create = create_function,                                                       \
                  .iter = iterator_self,                                                           \
                  .next = next_function},                                                          \
        .methods = itertools_##kind##_methods,                                                     \
        .getsets = itertools_##kind##_getsets,                                                     \
        .spec_doc = itertools_##kind##_doc,                                                        \
    }

#endif
