/* Which event loop, and which of its tasks, a thread is running.
 *
 * Both are fields of the thread record, which only their thread writes; others read them with the
 * world stopped. */
#include "heap/world.h"
#include "module/asyncio/asyncio_priv.h"
#include "object/exception.h"

#include "module/asyncio/asyncio.h"

/* Publishes what other threads may come to see: with the world stopped they read it as it is. */
static void
thread_set(Own *field, Own v)
{
    Own old = *field;
    *field = v;
    drop_opt(old);
}

Own
loop_running(void)
{
    return own_opt(thread_self()->running_loop);
}

void
loop_set_running(Value loop)
{
    Thread *t = thread_self();
    thread_set(&t->running_loop, loop == NONE ? NO_VALUE : own(loop));
    if (loop == NONE) {
        thread_set(&t->running_task, NO_VALUE);
    }
}

Own
loop_current(void)
{
    Own loop = loop_running();
    if (loop) {
        return loop;
    }
    Own policy = asyncio_call("asyncio.events", "_get_event_loop_policy", NULL, 0);
    loop = policy ? call_method0(policy, "get_event_loop") : NO_VALUE;
    drop_opt(policy);
    return loop;
}

static int
check_running(Value loop)
{
    return thread_self()->running_loop == loop
               ? 0
               : raise_int(&exc_RuntimeError, "loop %R is not the running loop", loop);
}

int
task_enter(Value loop, Value task)
{
    Thread *t = thread_self();
    if (check_running(loop) < 0) {
        return -1;
    }
    if (t->running_task) {
        return raise_int(&exc_RuntimeError,
                         "Cannot enter into task %R while another task %R is being executed.", task,
                         (Value)t->running_task);
    }
    t->running_task = own(task);
    return 0;
}

int
task_leave(Value loop, Value task)
{
    Thread *t = thread_self();
    if (check_running(loop) < 0) {
        return -1;
    }
    if (t->running_task != task) {
        return raise_int(&exc_RuntimeError,
                         "Invalid attempt to leave task %R while task %R is entered.", task,
                         t->running_task ? (Value)t->running_task : (Value)NONE);
    }
    thread_set(&t->running_task, NO_VALUE);
    return 0;
}

Own
task_swap(Value loop, Value task)
{
    Thread *t = thread_self();
    if (check_running(loop) < 0) {
        return NO_VALUE;
    }
    Own before = t->running_task;
    t->running_task = task == NONE ? NO_VALUE : own(task);
    return before ? before : NONE;
}

/* The task that another thread's loop runs. own: ret new, None when there is none */
static Own
task_of_other_loop(Value loop)
{
    Own task = NO_VALUE;
    world_stop();
    for (Thread *t = threads_first; t; t = t->next) {
        if (t->running_loop == loop && t->running_task) {
            publish(t->running_task);
            task = own(t->running_task);
            break;
        }
    }
    world_start();
    return task ? task : NONE;
}

Own
task_current(Value loop)
{
    Thread *t = thread_self();
    if (loop == NONE && !t->running_loop) {
        return raise_msg(&exc_RuntimeError, "no running event loop");
    }
    if (loop == NONE || loop == t->running_loop) {
        return t->running_task ? own(t->running_task) : NONE;
    }
    return task_of_other_loop(loop);
}
