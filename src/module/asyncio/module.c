/* The module _asyncio: its functions, over running.c, tasklist.c and awaited_by.c. */
#include "module/asyncio/asyncio.h"
#include "module/asyncio/asyncio_priv.h"
#include "module/contextvars/contextvars.h"
#include "object/module.h"
#include "object/type.h"

#include "_asyncio.spec.h"

Own
asyncio_get_running_loop(Value module UNUSED)
{
    Own loop = loop_running();
    return loop ? loop : raise_msg(&exc_RuntimeError, "no running event loop");
}

Own
asyncio__get_running_loop(Value module UNUSED)
{
    Own loop = loop_running();
    return loop ? loop : NONE;
}

int
asyncio__set_running_loop(Value module UNUSED, Value loop)
{
    loop_set_running(loop);
    return 0;
}

Own
asyncio_get_event_loop(Value module UNUSED)
{
    return loop_current();
}

Own
asyncio_current_task(Value module UNUSED, Value loop)
{
    return task_current(loop);
}

Own
asyncio_all_tasks(Value module UNUSED, Value loop)
{
    Own of = loop == NONE ? loop_running() : own(loop);
    if (!of) {
        return raise_msg(&exc_RuntimeError, "no running event loop");
    }
    Own set = tasks_all(of);
    drop(of);
    return set;
}

int
asyncio__register_task(Value module UNUSED, Value task)
{
    return task_register(task, false);
}

int
asyncio__register_eager_task(Value module UNUSED, Value task)
{
    return task_register(task, true);
}

int
asyncio__unregister_task(Value module UNUSED, Value task)
{
    return task_unregister(task, false);
}

int
asyncio__unregister_eager_task(Value module UNUSED, Value task)
{
    return task_unregister(task, true);
}

int
asyncio__enter_task(Value module UNUSED, Value loop, Value task)
{
    return task_enter(loop, task);
}

int
asyncio__leave_task(Value module UNUSED, Value loop, Value task)
{
    return task_leave(loop, task);
}

Own
asyncio__swap_current_task(Value module UNUSED, Value loop, Value task)
{
    return task_swap(loop, task);
}

int
asyncio_future_add_to_awaited_by(Value module UNUSED, Value fut, Value waiter)
{
    return awaited_by_add(fut, waiter);
}

int
asyncio_future_discard_from_awaited_by(Value module UNUSED, Value fut, Value waiter)
{
    return awaited_by_discard(fut, waiter);
}

_Atomic bool asyncio_imported;

static int
asyncio_exec(Value m)
{
    atomic_store(&asyncio_imported, true);
    if (contextvars_ready() < 0 || type_ready(&future_iter_type) < 0 ||
        module_add_type(m, &future_type) < 0) {
        return -1;
    }
    return module_add_type(m, &task_type);
}

const ModuleDef module__asyncio = {
    .name = "_asyncio",
    .doc = asyncio_module_doc,
    .functions = asyncio_functions,
    .exec = asyncio_exec,
};
