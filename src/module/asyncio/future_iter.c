/* The iterator behind `await future`: gives the future once, then its result. */
#include "module/asyncio/asyncio_priv.h"
#include "object/args.h"
#include "object/exception.h"
#include "object/type.h"
#include "vm/generator.h"

typedef struct FutureIter {
    Object head;
    Own future; /* guard: lock to change; NO_VALUE once it is used up */
} FutureIter;

#include "future_iter.spec.h"

Own
future_iter(Value v)
{
    if (future_check((const Future *)obj(v)) < 0) {
        return NO_VALUE;
    }
    Own it = type_alloc(&future_iter_type, 0);
    if (it) {
        ref_init(obj(it), &((FutureIter *)obj(it))->future, own(v));
    }
    return it;
}

/* 1 waits: *result is the future; 0 done: *result; -1 failed */
static int
iter_step(FutureIter *it, Own *result)
{
    Own v = ref_load(&it->head, &it->future);
    Future *f = (Future *)obj(v);
    *result = NO_VALUE;
    if (!v) {
        *result = NONE;
        return 0;
    }
    if (future_is_pending(f)) {
        if (!atomic_exchange(&f->blocking, 1)) {
            *result = v;
            return 1;
        }
        drop(v);
        return raise_int(&exc_RuntimeError, "await wasn't used with future");
    }
    future_store(it, &it->future, NO_VALUE);
    *result = future_result(f);
    drop(v);
    return *result ? 0 : -1;
}

static Own
iter_next(Value v)
{
    Own result;
    int status = iter_step((FutureIter *)obj(v), &result);
    if (status == 0) {
        if (result != NONE) {
            raise_stop_iteration(result);
            drop(result);
        }
        return NO_VALUE;
    }
    return result;
}

Own
future_iter_py_send(FutureIter *self, Value value UNUSED)
{
    Own result = iter_next(VALUE(self));
    return result || exc_pending() ? result : raise_stop_iteration(NO_VALUE);
}

Own
future_iter_py_throw(Value self, Value const *args, size_t nargs, Value kwnames)
{
    FutureIter *it = (FutureIter *)obj(self);
    if (args_check_positional("throw", nargs, kwnames, 1, 3) < 0) {
        return NO_VALUE;
    }
    if (nargs > 1 && warn_fmt(&exc_DeprecationWarning, 1,
                              "the (type, exc, tb) signature of throw() is deprecated, use the "
                              "single-arg signature instead.") < 0) {
        return NO_VALUE;
    }
    int status =
        throw_arguments(args[0], nargs > 1 ? args[1] : NO_VALUE, nargs > 2 ? args[2] : NO_VALUE);
    if (status == 0) {
        Own exc = exc_take();
        future_store(it, &it->future, NO_VALUE);
        exc_restore(exc);
    }
    return NO_VALUE;
}

int
future_iter_py_close(FutureIter *self)
{
    future_store(self, &self->future, NO_VALUE);
    return 0;
}

static Own
iter_iter(Value v)
{
    return own(v);
}

static int
iter_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((FutureIter *)o)->future);
    return 0;
}

static void
iter_clear(Object *o)
{
    ref_clear(&((FutureIter *)o)->future);
}

static void
iter_dealloc(Object *o)
{
    iter_clear(o);
    object_free(o);
}

Type future_iter_type = {
    .name = "_asyncio.FutureIter",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(FutureIter),
    .slots =
        {
            .traverse = iter_traverse,
            .clear = iter_clear,
            .dealloc = iter_dealloc,
            .iter = iter_iter,
            .next = iter_next,
        },
    .methods = future_iter_methods,
    .getsets = future_iter_getsets,
    .spec_doc = future_iter_doc,
};
