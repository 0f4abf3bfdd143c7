/* mro() of metaclasses, and assignment to __bases__ of a live class.
 *
 * Threads: new orders are computed first, for the class and all below it; then, with the world
 * stopped, they take the place of the old ones, and entries and slots follow. */
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

Own
type_make_mro(Type *t)
{
    Type *meta = type_of(VALUE(t));
    if (meta == &type_type) {
        return mro_compute(t, t->bases);
    }
    Own mine = type_find(meta, NAME(mro)), builtin = type_find(&type_type, NAME(mro));
    bool overridden = mine != builtin;
    drop_opt(mine);
    drop_opt(builtin);
    if (!overridden) {
        return mro_compute(t, t->bases);
    }
    Own method;
    int found = object_lookup_special(VALUE(t), NAME(mro), &method);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : mro_compute(t, t->bases);
    }
    Own result = call0(method);
    drop(method);
    return result ? checked_mro(t, result) : NO_VALUE;
}

/* -- __bases__ -- */

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
        if (base == VALUE(t) || type_is_subtype((const Type *)obj(base), t)) {
            return raise_int(&exc_TypeError, "a __bases__ item causes an inheritance cycle");
        }
    }
    return 0;
}

/* A class whose order changes: its old and new mro. */
typedef struct Reorder {
    Type *type;
    Own mro;
} Reorder;

typedef struct Reorders {
    Reorder *items;
    size_t count, capacity;
} Reorders;

static int
reorder_push(Reorders *all, Type *t, Own mro)
{
    if (all->count == all->capacity) {
        size_t capacity = all->capacity * 2 + 8;
        Reorder *items = mem_realloc(all->items, capacity * sizeof *items);
        if (!items) {
            drop(mro);
            return -1;
        }
        all->items = items;
        all->capacity = capacity;
    }
    all->items[all->count++] = (Reorder){t, mro};
    return 0;
}

/* New orders for t and all below; each is put in place at once, because those below are computed
 * from it, and the old one kept. */
static int
reorder(Reorders *all, Type *t)
{
    Own mro = type_make_mro(t);
    if (!mro) {
        return -1;
    }
    Own old = ref_swap(&t->head, &t->mro, mro);
    if (reorder_push(all, t, old) < 0) {
        return -1;
    }
    Own below = subclass_list(t);
    int status = below ? 0 : -1;
    for (int64_t i = 0; status == 0 && i < list_len(below); i++) {
        Type *child = (Type *)obj(as_list(below)->buffer->items[i]);
        status = reorder(all, child);
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

int
type_assign_bases(Type *t, Value bases)
{
    if (check_new_bases(t, bases) < 0) {
        return -1;
    }
    Type *base = type_best_base(bases);
    if (!base) {
        return -1;
    }
    if (!type_same_layout(base, t->base)) {
        return raise_int(&exc_TypeError,
                         "__bases__ assignment: '%N' object layout differs from '%N'", base,
                         t->base);
    }
    Own old_bases = ref_swap(&t->head, &t->bases, own(bases));
    Type *old_base = t->base;
    t->base = base;
    own(VALUE(base));
    Reorders all = {0};
    int status = reorder(&all, t);
    if (status < 0) {
        for (size_t i = all.count; i-- > 0;) {
            ref_store(&all.items[i].type->head, &all.items[i].type->mro, all.items[i].mro);
        }
        ref_store(&t->head, &t->bases, old_bases);
        t->base = old_base;
        drop(OWN(base));
    } else {
        types_lock_stw();
        relink(t, old_bases, bases);
        entries_update_all(t);
        slot_update_all(t);
        types_unlock_stw();
        caches_flush();
        for (size_t i = 0; i < all.count; i++) {
            drop(all.items[i].mro);
        }
        drop(old_bases);
        drop(OWN(old_base));
    }
    mem_free(all.items);
    return status;
}
