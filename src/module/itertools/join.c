/* itertools: those that put items of several places together: chain, zip_longest, pairwise. */
#include "module/itertools/itertools_priv.h"
#include "object/genericalias.h"

typedef struct Chain {
    Object head;
    Own source; /* iterator of iterables; NO_VALUE when used up. guard: lock; ref_load */
    Own active; /* the present one's iterator, or NO_VALUE. the same */
} Chain;

typedef struct ZipLongest {
    Object head;
    Own iterators; /* tuple; those used up are replaced by None. guard: lock */
    Own fill;      /* immutable */
    int64_t left;  /* iterators not used up. guard: lock */
} ZipLongest;

typedef struct Pairwise {
    Object head;
    Own iterator; /* NO_VALUE when used up. guard: lock; ref_load */
    Own old;      /* the item before, or NO_VALUE. the same */
} Pairwise;

#include "join.spec.h"

/* -- chain -- */

/* Eats source. */
static Own
chain_new(Type *type, Own source)
{
    Own v = refs_new(type, 1, &source);
    return v;
}

Own
itertools_chain_make(Type *cls, Value const *iterables, size_t n)
{
    Own tuple = tuple_from_array(iterables, (int64_t)n);
    Own source = tuple ? object_iter(tuple) : NO_VALUE;
    drop_opt(tuple);
    return chain_new(cls, source);
}

static Own
chain_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    kwnames = own_keywords(type, &itertools_chain_type, kwnames);
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "chain() takes no keyword arguments");
    }
    return itertools_chain_create_slot(type, args, nargs, NO_VALUE);
}

Own
itertools_chain_py_from_iterable(Type *cls, Value iterable)
{
    return chain_new(cls, object_iter(iterable));
}

Own
itertools_chain_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

/* Makes the next iterable the active one. false: there is none, or an exception is pending; the
 * source is then done with. */
static bool
chain_advance(Chain *c, CriticalSection *section)
{
    Own iterable = next_of(section, &c->source);
    Own it = iterable ? object_iter(iterable) : NO_VALUE;
    drop_opt(iterable);
    step_renew(section);
    if (!it) {
        field_empty(&c->head, &c->source);
        return false;
    }
    Own old = ref_swap(&c->head, &c->active, it);
    drop_opt(old);
    return true;
}

static Own
chain_step(Value v, CriticalSection *section)
{
    Chain *c = (Chain *)obj(v);
    while (c->source) {
        if (!c->active && !chain_advance(c, section)) {
            return NO_VALUE;
        }
        Own item = next_of(section, &c->active);
        if (item || exc_pending()) {
            return item;
        }
        field_empty(&c->head, &c->active);
    }
    return NO_VALUE;
}

static Own
chain_next(Value v)
{
    return step_locked(v, chain_step);
}

DEFINE_ITERTOOL(chain, chain, Chain, 2, chain_create, chain_next);

/* -- zip_longest -- */

static Own
zip_longest_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    Value fill = NONE;
    for (int64_t i = 0; kwnames && i < as_tuple(kwnames)->length; i++) {
        if (!str_equals_cstr(tuple_item(kwnames, i), "fillvalue")) {
            return raise_msg(&exc_TypeError, "zip_longest() got an unexpected keyword argument");
        }
        fill = args[nargs + (size_t)i];
    }
    Own iterators = iterators_of(args, nargs);
    Own refs[] = {iterators, iterators ? own(fill) : NO_VALUE};
    Own v = refs_new(type, 2, refs);
    if (v) {
        ((ZipLongest *)obj(v))->left = (int64_t)nargs;
    }
    return v;
}

/* Iterator i gives nothing more: it is let go. */
static void
zip_longest_finish(ZipLongest *z, int64_t i)
{
    Own *slot = &as_tuple(z->iterators)->items[i], old = *slot;
    if (old != NONE) {
        __atomic_store_n(slot, NONE, __ATOMIC_RELEASE);
        z->left--;
        drop(old);
    }
}

/* The i-th item of the next tuple. fail: 0, also when no iterator is left */
static Own
zip_longest_item(ZipLongest *z, CriticalSection *section, int64_t i)
{
    Own it = own(tuple_item(z->iterators, i));
    Own item = it == NONE ? NO_VALUE : object_next(it);
    drop(it);
    step_renew(section);
    if (item) {
        return item;
    }
    if (exc_pending()) {
        z->left = 0;
        return NO_VALUE;
    }
    zip_longest_finish(z, i);
    return z->left > 0 ? own(z->fill) : NO_VALUE;
}

static Own
zip_longest_step(Value v, CriticalSection *section)
{
    ZipLongest *z = (ZipLongest *)obj(v);
    int64_t n = as_tuple(z->iterators)->length;
    Own result = z->left > 0 ? tuple_new(n) : NO_VALUE;
    for (int64_t i = 0; result && i < n; i++) {
        Own item = zip_longest_item(z, section, i);
        if (item) {
            tuple_init_item(result, i, item);
        } else {
            Own exc = exc_take(); /* dropping what was taken already may run Python code */
            ref_clear(&result);
            if (exc) {
                exc_restore(exc);
            }
        }
    }
    return result;
}

static Own
zip_longest_next(Value v)
{
    return step_locked(v, zip_longest_step);
}

DEFINE_ITERTOOL(zip_longest, zip_longest, ZipLongest, 2, zip_longest_create, zip_longest_next);

/* -- pairwise -- */

Own
itertools_pairwise_make(Type *cls, Value iterable)
{
    Own it = object_iter(iterable);
    return refs_new(cls, 1, &it);
}

static Own
pairwise_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    return itertools_pairwise_create_slot(type, args, nargs,
                                          own_keywords(type, &itertools_pairwise_type, kwnames));
}

static void
pairwise_finish(Pairwise *p)
{
    field_empty(&p->head, &p->iterator);
    field_empty(&p->head, &p->old);
}

static Own
pairwise_step(Value v, CriticalSection *section)
{
    Pairwise *p = (Pairwise *)obj(v);
    if (!p->old) {
        Own first = next_of(section, &p->iterator);
        if (!first) {
            pairwise_finish(p);
            return NO_VALUE;
        }
        Own before = ref_swap(&p->head, &p->old, first);
        drop_opt(before);
    }
    Own pair[2] = {ref_load(&p->head, &p->old), NO_VALUE};
    pair[1] = pair[0] ? next_of(section, &p->iterator) : NO_VALUE;
    if (!pair[1]) {
        drop_opt(pair[0]);
        pairwise_finish(p);
        return NO_VALUE;
    }
    Own before = ref_swap(&p->head, &p->old, own(pair[1]));
    drop_opt(before);
    return tuple_from_own(pair, 2);
}

static Own
pairwise_next(Value v)
{
    return step_locked(v, pairwise_step);
}

DEFINE_ITERTOOL(pairwise, pairwise, Pairwise, 2, pairwise_create, pairwise_next);
