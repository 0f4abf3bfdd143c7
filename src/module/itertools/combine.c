/* itertools: product, permutations, combinations, combinations_with_replacement.
 *
 * Each keeps the indices of its last result and steps to those that come next in lexicographic
 * order. The indices are guarded by the lock; no Python code runs while it is held. */
#include "heap/alloc.h"
#include "module/itertools/itertools_priv.h"
#include "object/int.h"

typedef struct Product {
    Object head;
    Own pools;        /* tuple of tuples; immutable */
    int64_t *indices; /* one for each pool */
    bool started, finished;
} Product;

typedef struct Choice {
    Object head;
    Own pool;         /* tuple; immutable */
    int64_t *indices; /* permutations: all of the pool's, those behind the r-th ascending; else r */
    int64_t r;        /* immutable */
    bool started, finished;
} Choice;

#include "combine.spec.h"

/* -- product -- */

/* The pools of n iterables, `repeat` times over. own: ret new */
static Own
product_pools(Value const *iterables, int64_t n, int64_t repeat)
{
    if (repeat < 0) {
        return raise_msg(&exc_ValueError, "repeat argument cannot be negative");
    }
    if (n > 0 && repeat > INT64_MAX / (int64_t)sizeof(Own) / n) {
        return raise_msg(&exc_OverflowError, "repeat argument too large");
    }
    Own pools = tuple_new(n * repeat);
    for (int64_t i = 0; pools && i < n && repeat > 0; i++) {
        Own pool = object_to_tuple(iterables[i]);
        if (pool) {
            tuple_init_item(pools, i, pool);
        } else {
            ref_clear(&pools);
        }
    }
    for (int64_t i = n; pools && i < n * repeat; i++) {
        tuple_init_item(pools, i, own(tuple_item(pools, i - n)));
    }
    return pools;
}

Own
itertools_product_make(Type *cls, int64_t repeat, Value const *iterables, size_t n)
{
    Own pools = product_pools(iterables, (int64_t)n, repeat);
    Own v = refs_new(cls, 1, &pools);
    if (!v) {
        return NO_VALUE;
    }
    Product *p = (Product *)obj(v);
    p->indices = mem_zalloc((size_t)as_tuple(p->pools)->length * sizeof(int64_t));
    if (!p->indices) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

/* Steps to the next indices; false when there are none. */
static bool
product_advance(Product *p)
{
    int64_t n = as_tuple(p->pools)->length;
    if (!p->started) {
        p->started = true;
        for (int64_t i = 0; i < n; i++) {
            if (as_tuple(tuple_item(p->pools, i))->length == 0) {
                return false;
            }
        }
        return true;
    }
    for (int64_t i = n; i-- > 0;) {
        if (++p->indices[i] < as_tuple(tuple_item(p->pools, i))->length) {
            return true;
        }
        p->indices[i] = 0;
    }
    return false;
}

static Own
product_step(Value v, CriticalSection *section)
{
    Product *p = (Product *)obj(v);
    if (p->finished || !product_advance(p)) {
        p->finished = true;
        return NO_VALUE;
    }
    int64_t n = as_tuple(p->pools)->length;
    Own result = tuple_new(n);
    for (int64_t i = 0; result && i < n; i++) {
        tuple_init_item(result, i, own(tuple_item(tuple_item(p->pools, i), p->indices[i])));
    }
    return result;
}

static Own
product_next(Value v)
{
    return step_locked(v, product_step);
}

int64_t
itertools_product_py___sizeof__(Product *self)
{
    return type_of(VALUE(self))->basic_size +
           as_tuple(self->pools)->length * (int64_t)sizeof(int64_t);
}

static int
product_traverse(Object *o, Visit visit, void *arg)
{
    return refs_traverse(o, 1, visit, arg);
}

static void
product_dealloc(Object *o)
{
    mem_free(((Product *)o)->indices);
    refs_dealloc(o, 1);
}

Type itertools_product_type = {
    .name = "itertools.product",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Product),
    .slots = {
        .traverse = product_traverse,
        .dealloc = product_dealloc,
        .create = itertools_product_create_slot,
        .iter = iterator_self,
        .next = product_next,
    },
    .methods = itertools_product_methods,
    .getsets = itertools_product_getsets,
    .spec_doc = itertools_product_doc,
};

/* -- choosing r items of one pool -- */

/* Eats pool, which may be NO_VALUE after a failure. `all`: indices of the whole pool, else of r. */
static Own
choice_new(Type *type, Own pool, int64_t r, bool all, bool replacement)
{
    int64_t n = pool ? as_tuple(pool)->length : 0;
    Own v = refs_new(type, 1, &pool);
    if (!v) {
        return NO_VALUE;
    }
    Choice *c = (Choice *)obj(v);
    c->r = r;
    c->finished = replacement ? n == 0 && r > 0 : r > n;
    int64_t count = c->finished ? 0 : all ? n : r;
    c->indices = count <= INT64_MAX / 8 ? mem_zalloc((size_t)count * sizeof(int64_t)) : NULL;
    if (!c->indices) {
        if (!exc_pending()) {
            raise_no_memory();
        }
        drop(v);
        return NO_VALUE;
    }
    for (int64_t i = 0; i < count && !replacement; i++) {
        c->indices[i] = i;
    }
    return v;
}

static Own
choice_result(const Choice *c)
{
    Own result = tuple_new(c->r);
    for (int64_t i = 0; result && i < c->r; i++) {
        tuple_init_item(result, i, own(tuple_item(c->pool, c->indices[i])));
    }
    return result;
}

static ALWAYS_INLINE Own
choice_step(Value v, bool (*advance)(Choice *c))
{
    Choice *c = (Choice *)obj(v);
    if (c->finished || (c->started && !advance(c))) {
        c->finished = true;
        return NO_VALUE;
    }
    c->started = true;
    return choice_result(c);
}

static Own
check_r(int64_t r)
{
    return r < 0 ? raise_msg(&exc_ValueError, "r must be non-negative") : TRUE_VALUE;
}

Own
itertools_combinations_make(Type *cls, Value iterable, int64_t r)
{
    Own pool = object_to_tuple(iterable);
    if (pool && !check_r(r)) {
        ref_clear(&pool);
    }
    return choice_new(cls, pool, r, false, false);
}

Own
itertools_combinations_with_replacement_make(Type *cls, Value iterable, int64_t r)
{
    Own pool = object_to_tuple(iterable);
    if (pool && !check_r(r)) {
        ref_clear(&pool);
    }
    return choice_new(cls, pool, r, false, true);
}

Own
itertools_permutations_make(Type *cls, Value iterable, Value r_arg)
{
    Own pool = object_to_tuple(iterable);
    int64_t r = pool ? as_tuple(pool)->length : 0;
    if (pool && r_arg != NONE) {
        if (!is_int(r_arg)) {
            raise_msg(&exc_TypeError, "Expected int as r");
            ref_clear(&pool);
        } else {
            r = object_as_ssize(r_arg);
            if (exc_pending() || !check_r(r)) {
                ref_clear(&pool);
            }
        }
    }
    return choice_new(cls, pool, r, true, false);
}

/* The last index that has room goes up by one, those behind it follow. */
static bool
combinations_advance(Choice *c)
{
    int64_t n = as_tuple(c->pool)->length, i = c->r - 1;
    while (i >= 0 && c->indices[i] == i + n - c->r) {
        i--;
    }
    if (i < 0) {
        return false;
    }
    for (c->indices[i]++; ++i < c->r;) {
        c->indices[i] = c->indices[i - 1] + 1;
    }
    return true;
}

static bool
replacement_advance(Choice *c)
{
    int64_t n = as_tuple(c->pool)->length, i = c->r - 1;
    while (i >= 0 && c->indices[i] == n - 1) {
        i--;
    }
    if (i < 0) {
        return false;
    }
    for (c->indices[i]++; ++i < c->r;) {
        c->indices[i] = c->indices[i - 1];
    }
    return true;
}

/* The indices behind place i are ascending. Where one of them is greater than that in place i,
 * the least such one and that change places, which keeps those behind ascending. Else that one
 * is the greatest: it goes to the end, and the place before i is next. */
static bool
permutations_advance(Choice *c)
{
    int64_t n = as_tuple(c->pool)->length, *indices = c->indices;
    for (int64_t i = c->r - 1; i >= 0; i--) {
        int64_t here = indices[i], low = i + 1, high = n;
        while (low < high) {
            int64_t middle = low + (high - low) / 2;
            if (indices[middle] > here) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        if (low < n) {
            indices[i] = indices[low];
            indices[low] = here;
            return true;
        }
        memmove(indices + i, indices + i + 1, (size_t)(n - i - 1) * sizeof(int64_t));
        indices[n - 1] = here;
    }
    return false;
}

static Own
combinations_step(Value v, CriticalSection *section)
{
    return choice_step(v, combinations_advance);
}

static Own
replacement_step(Value v, CriticalSection *section)
{
    return choice_step(v, replacement_advance);
}

static Own
permutations_step(Value v, CriticalSection *section)
{
    return choice_step(v, permutations_advance);
}

static Own
combinations_next(Value v)
{
    return step_locked(v, combinations_step);
}

static Own
replacement_next(Value v)
{
    return step_locked(v, replacement_step);
}

static Own
permutations_next(Value v)
{
    return step_locked(v, permutations_step);
}

static int64_t
choice_sizeof(Choice *c, int64_t indices)
{
    return type_of(VALUE(c))->basic_size + indices * (int64_t)sizeof(int64_t);
}

int64_t
itertools_combinations_py___sizeof__(Choice *self)
{
    return choice_sizeof(self, self->r);
}

int64_t
itertools_combinations_with_replacement_py___sizeof__(Choice *self)
{
    return choice_sizeof(self, self->r);
}

int64_t
itertools_permutations_py___sizeof__(Choice *self)
{
    return choice_sizeof(self, as_tuple(self->pool)->length);
}

static int
choice_traverse(Object *o, Visit visit, void *arg)
{
    return refs_traverse(o, 1, visit, arg);
}

static void
choice_dealloc(Object *o)
{
    mem_free(((Choice *)o)->indices);
    refs_dealloc(o, 1);
}

#define DEFINE_CHOICE(kind, next_function)                                                         \
    Type itertools_##kind##_type = {                                                               \
        .name = "itertools." #kind,                                                                \
        .flags = TYPE_GC | TYPE_BASE,                                                              \
        .basic_size = sizeof(Choice),                                                              \
        .slots = {.traverse = choice_traverse,                                                     \
                  .dealloc = choice_dealloc,                                                       \
                  .create = itertools_##kind##_create_slot,                                        \
                  .iter = iterator_self,                                                           \
                  .next = next_function},                                                          \
        .methods = itertools_##kind##_methods,                                                     \
        .getsets = itertools_##kind##_getsets,                                                     \
        .spec_doc = itertools_##kind##_doc,                                                        \
    }

DEFINE_CHOICE(permutations, permutations_next);
DEFINE_CHOICE(combinations, combinations_next);
DEFINE_CHOICE(combinations_with_replacement, replacement_next);
