/* mro() of metaclasses, and assignment to __bases__ of a live class.
 *
 * mro() is Python code: it may assign to __bases__ of the same classes, or of classes that are still
 * being made. What the innermost assignment has put in place stays.
 *
 * Threads: fields are swapped under types_lock; readers take no lock, so what was replaced is dropped
 * only after the world has been stopped once. Entries and slots follow with the world stopped. */
#include "heap/world.h"
#include "object/list.h"
#include "object/type/layout.h"
#include "object/type/slotdefs.h"

/* What a metaclass's mro() returned, as a tuple, checked against t. Eats result. */
static Own
checked_mro(Type *t, Own result)
{
    Own mro = object_to_tuple(result);
    drop(result);
    for (int64_t i = 0; mro && i < as_tuple(mro)->length; i++) {
        Value item = tuple_item(mro, i);
        if (!is_type(item)) {
            raise_fmt(&exc_TypeError, "mro() returned a non-class ('%T')", item);
            ref_clear(&mro);
        } else if (!type_fits_layout(t, (const Type *)obj(item))) {
            raise_fmt(&exc_TypeError, "mro() returned base with unsuitable layout ('%N')",
                      (Type *)obj(item));
            ref_clear(&mro);
        }
    }
    if (mro && as_tuple(mro)->length == 0) {
        raise_msg(&exc_TypeError, "type MRO must not be empty");
        ref_clear(&mro);
    }
    return mro;
}

static Own
mro_by_bases(Type *t)
{
    Own bases = ref_load(&t->head, &t->bases);
    Own mro = bases ? mro_compute(t, bases) : raise_fmt(&exc_TypeError, "Cannot extend an incomplete type '%N'", t);
    drop_opt(bases);
    return mro;
}

Own
type_make_mro(Type *t)
{
    Type *meta = type_of(VALUE(t));
    if (meta == &type_type) {
        return mro_by_bases(t);
    }
    Own mine = type_find(meta, NAME(mro)), builtin = type_find(&type_type, NAME(mro));
    bool overridden = mine != builtin;
    drop_opt(mine);
    drop_opt(builtin);
    if (!overridden) {
        return mro_by_bases(t);
    }
    Own method;
    int found = object_lookup_special(VALUE(t), NAME(mro), &method);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : mro_by_bases(t);
    }
    Own result = call0(method);
    drop(method);
    return result ? checked_mro(t, result) : NO_VALUE;
}

/* -- __bases__ -- */

/* By the chain of first bases, which an assignment changes before it asks mro() of anything. */
static bool
derives_by_base(const Type *t, const Type *of)
{
    while (t && t != of) {
        t = t->base;
    }
    return t != NULL;
}

static int
check_new_bases(Type *t, Value bases)
{
    if (!is_tuple(bases)) {
        return raise_int(&exc_TypeError, "can only assign tuple to %N.__bases__, not %T", t, bases);
    }
    if (as_tuple(bases)->length == 0) {
        return raise_int(&exc_TypeError, "can only assign non-empty tuple to %N.__bases__, not ()",
                         t);
    }
    for (int64_t i = 0; i < as_tuple(bases)->length; i++) {
        Value base = tuple_item(bases, i);
        if (!is_type(base)) {
            return raise_int(&exc_TypeError, "%N.__bases__ must be tuple of classes, not '%T'", t,
                             base);
        }
        if (type_is_subtype((const Type *)obj(base), t) || derives_by_base((const Type *)obj(base), t)) {
            return raise_int(&exc_TypeError, "a __bases__ item causes an inheritance cycle");
        }
    }
    return 0;
}

/* A class whose order changes: what it was, and what it became. All owned; old may be NO_VALUE. */
typedef struct Reorder {
    Type *type;
    Own old, now;
} Reorder;

typedef struct Reorders {
    Reorder *items;
    size_t count, capacity;
} Reorders;

static Own
swap_locked(Type *t, Own *field, Own v)
{
    types_lock();
    Own old = ref_swap(&t->head, field, v);
    types_unlock();
    return old;
}

/* Eats old and now. */
static int
reorder_push(Reorders *all, Type *t, Own old, Own now)
{
    if (all->count == all->capacity) {
        size_t capacity = all->capacity * 2 + 8;
        Reorder *items = mem_realloc(all->items, capacity * sizeof *items);
        if (!items) {
            drop_opt(old);
            drop(now);
            return -1;
        }
        all->items = items;
        all->capacity = capacity;
    }
    own(VALUE(t));
    all->items[all->count++] = (Reorder){t, old, now};
    return 0;
}

/* New orders for t and all below; each is put in place at once, because those below are computed
 * from it. */
static int
reorder(Reorders *all, Type *t)
{
    if (!c_stack_ok()) {
        return -1;
    }
    Own before = own_opt(t->mro), mro = type_make_mro(t);
    if (!mro || t->mro != before) { /* failed; or mro() has changed it meanwhile */
        int status = mro ? 0 : -1;
        drop_opt(mro);
        drop_opt(before);
        return status;
    }
    drop_opt(before);
    Own now = own(mro);
    if (reorder_push(all, t, swap_locked(t, &t->mro, mro), now) < 0) {
        return -1;
    }
    Own below = subclass_list(t);
    int status = below ? 0 : -1;
    for (int64_t i = 0; status == 0 && i < list_len(below); i++) {
        status = reorder(all, (Type *)obj(as_list(below)->buffer->items[i]));
    }
    drop_opt(below);
    return status;
}

static void
relink(Type *t, Value old_bases, Value new_bases)
{
    for (int64_t i = 0; i < as_tuple(old_bases)->length; i++) {
        subclass_remove((Type *)obj(tuple_item(old_bases, i)), t);
    }
    for (int64_t i = 0; i < as_tuple(new_bases)->length; i++) {
        if (subclass_add((Type *)obj(tuple_item(new_bases, i)), t) < 0) {
            return; /* without memory __subclasses__ is incomplete, nothing worse: changes above
                       would not reach t */
        }
    }
}

static void
apply(Type *t, Value old_bases, Value new_bases)
{
    types_lock_stw();
    relink(t, old_bases, new_bases);
    entries_update_all(t);
    slot_update_all(t);
    types_unlock_stw();
    caches_flush();
}

/* Back to the old orders, where nobody has put other ones in place. */
static void
restore(Reorders *all)
{
    for (size_t i = all->count; i-- > 0;) {
        Reorder *r = &all->items[i];
        if (r->type->mro == r->now) {
            drop_opt(swap_locked(r->type, &r->type->mro, r->old)); /* r->now holds it, too */
            r->old = NO_VALUE;
        }
    }
    world_stop(); /* nobody is reading the orders that go away now */
    world_start();
}

static void
reorders_free(Reorders *all)
{
    for (size_t i = 0; i < all->count; i++) {
        drop_opt(all->items[i].old);
        drop(all->items[i].now);
        drop(OWN(all->items[i].type));
    }
    mem_free(all->items);
}

int
type_assign_bases(Type *t, Value bases)
{
    if (check_new_bases(t, bases) < 0) {
        return -1;
    }
    Type *base = type_best_base(bases);
    if (!base || type_check_same_layout("__bases__", t->base, base) < 0) {
        return -1;
    }
    types_lock();
    Own old_bases = ref_swap(&t->head, &t->bases, own(bases));
    Type *old_base = t->base;
    t->base = base;
    own(VALUE(base));
    types_unlock();
    Reorders all = {0};
    int status = reorder(&all, t);
    Own dead = NO_VALUE;
    bool mine = t->bases == bases; /* else mro() has assigned others, and all is done */
    if (status < 0) {
        Own failed = exc_take();
        types_lock();
        if (mine) {
            dead = ref_swap(&t->head, &t->bases, old_bases);
            t->base = old_base;
            old_base = base;
        } else {
            dead = old_bases;
        }
        types_unlock();
        restore(&all);
        exc_restore(failed);
    } else {
        if (mine && (type_flags(t) & TYPE_READY)) {
            apply(t, old_bases, bases);
        }
        dead = old_bases;
    }
    reorders_free(&all);
    drop(dead);
    drop(OWN(old_base));
    return status;
}
