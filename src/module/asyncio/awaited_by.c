/* Who awaits a future: what asyncio's call graph is drawn from. Usually one task: no set is made
 * for it. */
#include "module/asyncio/asyncio_priv.h"
#include "object/set.h"

static bool
is_waiter_set(Value v)
{
    return IS_EXACT(v, SET);
}

int
awaited_by_add(Value future, Value waiter)
{
    if (!is_future(future) || !is_future(waiter)) {
        return 0;
    }
    Future *f = (Future *)obj(future);
    CriticalSection section;
    Own spare = NO_VALUE;
    int status = 0;
    if (f->awaited_by && !is_waiter_set(f->awaited_by) && !(spare = set_new())) {
        return -1;
    }
    critical_enter(&section, &f->head);
    if (!f->awaited_by) {
        ref_init(&f->head, &f->awaited_by, own(waiter));
    } else if (is_waiter_set(f->awaited_by)) {
        status = set_add(f->awaited_by, waiter);
    } else if (f->awaited_by != waiter && spare) {
        status = set_add(spare, f->awaited_by) < 0 || set_add(spare, waiter) < 0 ? -1 : 0;
        if (status == 0) {
            spare = ref_swap(&f->head, &f->awaited_by, spare);
        }
    }
    critical_leave(&section);
    drop_opt(spare);
    return status;
}

int
awaited_by_discard(Value future, Value waiter)
{
    if (!is_future(future) || !is_future(waiter)) {
        return 0;
    }
    Future *f = (Future *)obj(future);
    CriticalSection section;
    Own old = NO_VALUE;
    int status = 0;
    critical_enter(&section, &f->head);
    if (f->awaited_by == waiter) {
        old = ref_swap(&f->head, &f->awaited_by, NO_VALUE);
    } else if (f->awaited_by && is_waiter_set(f->awaited_by)) {
        status = set_discard(f->awaited_by, waiter);
    }
    critical_leave(&section);
    drop_opt(old);
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
