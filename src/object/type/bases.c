/* mro() of metaclasses, and assignment to __bases__ of a live class.
 *
 * mro() is Python code: it may assign to __bases__ of the same classes, or of classes that are still
 * being made. What the innermost assignment has put in place stays.
 *
 * Threads: fields are swapped under types_lock; readers take no lock, so what was replaced is dropped
 * only after the world has been stopped once. Entries and slots follow with the world stopped; until then the class is in the lists of
 * subclasses of its old bases and of its new ones, because its entries may have values of either. An order is put in place only if no
 * bases and no other order have changed since it was computed (type_orders). */
#include "heap/world.h"
#include "object/list.h"
#include "object/type/layout.h"
#include "object/type/slotdefs.h"

uint64_t type_orders;

uint64_t
type_orders_now(void)
{
    return __atomic_load_n(&type_orders, __ATOMIC_ACQUIRE);
}

static void
orders_changed_locked(void)
{
    __atomic_store_n(&type_orders, type_orders + 1, __ATOMIC_RELEASE);
}

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
type_make_mro(Type *t, bool *asked)
{
    *asked = false;
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
    *asked = true;
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
        t = type_base(t);
    }
    return t != NULL;
}

static int
raise_cycle(void)
{
    return raise_int(&exc_TypeError, "a __bases__ item causes an inheritance cycle");
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
            return raise_cycle();
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

static int
reorders_reserve(Reorders *all)
{
    if (all->count == all->capacity) {
        size_t capacity = all->capacity * 2 + 8;
        Reorder *items = mem_realloc(all->items, capacity * sizeof *items);
        if (!items) {
            return -1;
        }
        all->items = items;
        all->capacity = capacity;
    }
    return 0;
}

/* A new order for t, computed and put in place. 0 when a mro() has put another one in place meanwhile; fail: -1 */
static int
reorder_one(Reorders *all, Type *t)
{
    if (reorders_reserve(all) < 0) {
        return -1;
    }
    for (;;) {
        bool asked;
        uint64_t orders = type_orders_now();
        Own before = ref_load(&t->head, &t->mro), mro = type_make_mro(t, &asked);
        if (!mro) {
            drop_opt(before);
            return -1;
        }
        types_lock();
        bool same = t->mro == before, valid = same && (asked || orders == type_orders);
        if (valid) {
            own(VALUE(t));
            all->items[all->count++] = (Reorder){t, ref_swap(&t->head, &t->mro, own(mro)), mro};
            orders_changed_locked();
        }
        types_unlock();
        drop_opt(before);
        if (valid) {
            return 1;
        }
        drop(mro);
        if (asked) {
            return 0;
        }
    }
}

/* New orders for t and all below; each is put in place at once, because those below are computed
 * from it. */
static int
reorder(Reorders *all, Type *t)
{
    if (!c_stack_ok()) {
        return -1;
    }
    int status = reorder_one(all, t);
    if (status <= 0) {
        return status;
    }
    Own below = subclass_list(t);
    status = below ? 0 : -1;
    for (int64_t i = 0; status == 0 && i < list_len(below); i++) {
        status = reorder(all, (Type *)obj(as_list(below)->buffer->items[i]));
    }
    drop_opt(below);
    return status;
}

/* Back to the old orders, where nobody has put other ones in place. */
static void
restore(Reorders *all)
{
    types_lock();
    for (size_t i = all->count; i-- > 0;) {
        Reorder *r = &all->items[i];
        if (r->type->mro == r->now) {
            drop_opt(ref_swap(&r->type->head, &r->type->mro, r->old)); /* r->now holds it, too */
            r->old = NO_VALUE;
        }
    }
    orders_changed_locked();
    types_unlock();
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

/* t joins the subclasses of its bases. Without memory __subclasses__ is incomplete, nothing worse: changes above would not reach t. */
static void
link_locked(Type *t, Value bases)
{
    for (int64_t i = 0; i < as_tuple(bases)->length; i++) {
        if (subclass_add((Type *)obj(tuple_item(bases, i)), t) < 0) {
            return;
        }
    }
}

/* By the bases that classes have now, whatever their orders still say. */
static bool
derives_locked(const Type *t, const Type *of)
{
    bool derives = t == of;
    for (int64_t i = 0; !derives && t->bases && i < as_tuple(t->bases)->length; i++) {
        derives = derives_locked((const Type *)obj(tuple_item(t->bases, i)), of);
    }
    return derives;
}

/* By the lists of subclasses, which may still say what has been undone. */
static bool
is_below_locked(const Type *t, const Type *top)
{
    const TypeChildren *children = top->subclasses;
    bool below = t == top;
    for (uint32_t i = 0; !below && children && i < children->count; i++) {
        below = is_below_locked(t, children->items[i]);
    }
    return below;
}

/* What an assignment puts in place, or puts back: after a swap, what was there. All owned. */
typedef struct Bases {
    Own bases;
    Type *base;
} Bases;

static void
swap_bases_locked(Type *t, Bases *b)
{
    Type *base = t->base;
    b->bases = ref_swap(&t->head, &t->bases, b->bases);
    __atomic_store_n(&t->base, b->base, __ATOMIC_RELEASE);
    b->base = base;
    orders_changed_locked();
}

/* The first half: t gets the new bases, and is a subclass of both the old and the new ones. *linked: it is one of any. fail: -1 */
static int
begin_assignment(Type *t, Bases *b, bool *linked)
{
    types_lock();
    bool cycle = false, gone = !t->bases;
    for (int64_t i = 0; i < as_tuple(b->bases)->length; i++) {
        const Type *base = (const Type *)obj(tuple_item(b->bases, i));
        cycle |= derives_locked(base, t) || is_below_locked(base, t);
    }
    if (!cycle && !gone) {
        *linked = (type_flags(t) & TYPE_READY) != 0;
        if (*linked) {
            link_locked(t, b->bases);
            subclasses_moving++;
        }
        swap_bases_locked(t, b);
    }
    types_unlock();
    return gone ? raise_int(&exc_TypeError, "cannot set '__bases__' attribute of '%N': it is being destroyed", t) : cycle ? raise_cycle() : 0;
}

/* The second: t has the order that it keeps, and leaves the bases that nothing of it depends on any more. */
static void
end_assignment(Type *t, Value left, bool undone)
{
    types_lock_stw();
    entries_update_all(t);
    slot_update_all(t);
    for (int64_t i = 0; i < as_tuple(left)->length; i++) {
        subclass_remove((Type *)obj(tuple_item(left, i)), t, undone);
    }
    subclasses_moving--;
    caches_flush();
    types_unlock_stw();
}

int
type_assign_bases(Type *t, Value bases)
{
    if (check_new_bases(t, bases) < 0) {
        return -1;
    }
    Type *base = type_best_base(bases);
    if (!base || type_check_same_layout("__bases__", type_base(t), base) < 0) {
        return -1;
    }
    Bases b = {own(bases), base};
    own(VALUE(base));
    bool linked, undone = false;
    int status = begin_assignment(t, &b, &linked);
    if (status == 0) {
        Reorders all = {0};
        status = reorder(&all, t);
        Own failed = status < 0 ? exc_take() : NO_VALUE;
        if (failed) {
            restore(&all);
            types_lock();
            /* else others have been assigned meanwhile, by mro() or another thread; or t was completed with these */
            undone = t->bases == bases && linked == ((type_flags(t) & TYPE_READY) != 0);
            if (undone) {
                swap_bases_locked(t, &b);
            }
            types_unlock();
        }
        if (linked) {
            end_assignment(t, b.bases, undone);
        } else {
            world_stop(); /* nobody is reading the orders that go away now */
            world_start();
        }
        reorders_free(&all);
        if (failed) {
            exc_restore(failed);
        }
    }
    drop(b.bases);
    drop(OWN(b.base));
    return status;
}
