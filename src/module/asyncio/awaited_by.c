/* Who awaits a future: what asyncio's call graph is drawn from. Usually one task: no set is made
 * for it. */
#include "module/asyncio/asyncio_priv.h"
#include "object/set.h"

static bool
is_waiter_set(Value v)
{
    return IS_EXACT(v, SET);
}

/* One try: 1 done, 0 another thread came between, -1. What hashes a waiter may be Python code: no lock is held then. */
static int
add_once(Future *f, Value waiter)
{
    Own now = ref_load(&f->head, &f->awaited_by);
    if (now && (now == waiter || is_waiter_set(now))) { /* a set stays for good */
        int status = now == waiter ? 0 : set_add(now, waiter);
        drop(now);
        return status < 0 ? -1 : 1;
    }
    Own fresh = now ? set_new() : own(waiter);
    if (!fresh || (now && (set_add(fresh, now) < 0 || set_add(fresh, waiter) < 0))) {
        drop_opt(fresh);
        drop_opt(now);
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &f->head);
    bool same = f->awaited_by == now;
    Own old = same ? ref_swap(&f->head, &f->awaited_by, fresh) : fresh;
    critical_leave(&section);
    drop_opt(old);
    drop_opt(now);
    return same;
}

int
awaited_by_add(Value future, Value waiter)
{
    if (!is_future(future) || !is_future(waiter)) {
        return 0;
    }
    int status;
    while ((status = add_once((Future *)obj(future), waiter)) == 0) {
    }
    return status < 0 ? -1 : 0;
}

int
awaited_by_discard(Value future, Value waiter)
{
    if (!is_future(future) || !is_future(waiter)) {
        return 0;
    }
    Future *f = (Future *)obj(future);
    CriticalSection section;
    Own old = NO_VALUE, set = NO_VALUE;
    critical_enter(&section, &f->head);
    if (f->awaited_by == waiter) {
        old = ref_swap(&f->head, &f->awaited_by, NO_VALUE);
    } else if (f->awaited_by && is_waiter_set(f->awaited_by)) {
        set = own(f->awaited_by);
    }
    critical_leave(&section);
    int status = set ? set_discard(set, waiter) : 0;
    drop_opt(old);
    drop_opt(set);
    return status < 0 ? -1 : 0;
}

Own
awaited_by_get(Future *f)
{
    Own v = ref_load(&f->head, &f->awaited_by);
    if (!v) {
        return NONE;
    }
    Own frozen = NO_VALUE;
    if (is_waiter_set(v)) {
        frozen = frozenset_from_iterable(v);
    } else {
        Own one = set_new();
        frozen = one && set_add(one, v) >= 0 ? frozenset_from_iterable(one) : NO_VALUE;
        drop_opt(one);
    }
    drop(v);
    return frozen;
}
