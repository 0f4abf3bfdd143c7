/* MemoryError, which must be raised when nothing can be allocated.
 *
 * A few instances are kept in reserve. Raising tries to allocate as any exception does; when that
 * fails it takes one of the reserve; and when that is used up, the last one is raised again and
 * again (it is immortal). Whenever an allocation succeeds the reserve is filled up first.
 *
 * Threads: the reserve is guarded by its mutex, under which nothing is allocated, dropped or run.
 */
#include "heap/gc.h"
#include "heap/hooks.h"
#include "heap/shape.h"
#include "object/exception/exception_priv.h"
#include "object/str.h"
#include "object/tuple.h"
#include "sync/mutex.h"

enum { RESERVE = 8 };

static Mutex reserve_lock;
static Own reserve[RESERVE]; /* guard: reserve_lock */
static int reserve_count;    /* guard: reserve_lock */
static Own last_resort;      /* immutable once ready */

/* This thread is allocating a MemoryError: a failure inside must not raise another. */
static __thread bool raising;

static bool
reserve_put(Own exc)
{
    publish(exc);
    mutex_lock(&reserve_lock);
    bool fits = reserve_count < RESERVE;
    if (fits) {
        reserve[reserve_count++] = exc;
    }
    mutex_unlock(&reserve_lock);
    return fits;
}

static Own
reserve_take(void)
{
    mutex_lock(&reserve_lock);
    Own exc = reserve_count > 0 ? reserve[--reserve_count] : NO_VALUE;
    mutex_unlock(&reserve_lock);
    return exc ? exc : own(last_resort);
}

static int
reserve_missing(void)
{
    mutex_lock(&reserve_lock);
    int missing = RESERVE - reserve_count;
    mutex_unlock(&reserve_lock);
    return missing;
}

/* An instance without arguments, made without raising: NO_VALUE when there is no memory. */
static Own
memory_error_try_new(void)
{
    Own exc = type_alloc(&exc_MemoryError, 0);
    if (exc) {
        ref_init(obj(exc), &as_exception(exc)->args, own(tuple_empty));
    }
    return exc;
}

static void
reserve_fill(void)
{
    for (int missing = reserve_missing(); missing > 0; missing--) {
        Own exc = memory_error_try_new();
        if (!exc) {
            return;
        }
        if (!reserve_put(exc)) {
            drop(exc);
            return;
        }
    }
}

Own
raise_no_memory(void)
{
    if (raising || !last_resort) { /* none: while the program starts */
        return NO_VALUE;
    }
    raising = true;
    exc_clear();
    gc_memory_is_short();
    reserve_fill();
    Own exc = memory_error_try_new();
    if (!exc) {
        exc = reserve_take();
    }
    raising = false;
    return raise_instance(exc);
}

static void
no_memory(void)
{
    raise_no_memory();
}

int
memory_error_ready(void)
{
    last_resort = memory_error_try_new();
    if (!last_resort) {
        return -1;
    }
    obj_make_immortal(obj(last_resort));
    reserve_fill();
    heap_hooks.no_memory = no_memory;
    return 0;
}

Type exc_MemoryError = {
    .name = "MemoryError",
    .base = &exc_Exception,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(Exception),
    .dict_offset = sizeof(Exception),
    .slots = {.create = exception_create},
    .spec_doc = "There is no memory left.",
};
