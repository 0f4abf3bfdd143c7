/* The module _remote_debugging: RemoteUnwinder, and the types of what it tells.
 *
 * Threads: an unwinder's fields are set by __init__ under its lock; each method copies them under it
 * and goes on without. */
#include "heap/critical.h"
#include "heap/world.h"
#include "module/_remote_debugging/look.h"
#include "module/asyncio/future.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/structseq.h"
#include "object/type.h"

typedef struct Unwinder {
    Object head;
    Process process;                      /* guard: lock */
    bool all_threads, only_active_thread; /* guard: lock */
} Unwinder;

#include "unwinder.spec.h"

Type *frame_info_type, *coro_info_type, *task_info_type, *thread_info_type, *awaited_info_type;

int
unwinder_init(Unwinder *self, int pid, bool all_threads, bool only_active_thread,
              bool debug UNUSED) /* errors tell what went wrong in any case */
{
    Process process;
    if (all_threads && only_active_thread) {
        return raise_int(&exc_ValueError, "all_threads and only_active_thread cannot both be True");
    }
    if (process_open(&process, pid) < 0) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    self->process = process;
    self->all_threads = all_threads;
    self->only_active_thread = only_active_thread;
    critical_leave(&section);
    return 0;
}

/* Begins a look with a copy of what __init__ set. */
static int
unwinder_begin(Unwinder *self, Unwinder *copy, Look *l)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    copy->process = self->process;
    copy->all_threads = self->all_threads;
    copy->only_active_thread = self->only_active_thread;
    critical_leave(&section);
    if (copy->process.pid == 0) {
        return raise_int(&exc_RuntimeError, "RemoteUnwinder.__init__() was not called");
    }
    return look_begin(l, &copy->process);
}

/* -- stacks -- */

/* own: *info new, or NO_VALUE when the thread is gone */
static int
stack_of_thread(Look *l, SeenThread *seen, Own *info)
{
    for (int i = 0; i < LOOK_TRIES; i++) {
        bool gone;
        int status = look_thread_again(l, seen, &gone);
        if (status != LOOK_GOOD || gone) {
            return status;
        }
        Own frames = list_new(0);
        status = frames ? look_frames(l, (Address)seen->thread.frame, 0, frames) : LOOK_FAILED;
        if (status == LOOK_GOOD) {
            Own fields[] = {int_from_u64(seen->thread.os_id), frames};
            *info = structseq_new(thread_info_type, fields);
            return *info ? LOOK_GOOD : LOOK_FAILED;
        }
        drop_opt(frames);
        if (status == LOOK_FAILED) {
            return status;
        }
    }
    return look_give_up(l);
}

static bool
is_wanted(const Unwinder *u, const Thread *t)
{
    return u->all_threads || (u->only_active_thread ? thread_is_attached(t) : t->is_main);
}

Own
unwinder_py_get_stack_trace(Unwinder *self)
{
    Look l;
    Unwinder copy;
    SeenThreads threads = {0};
    if (unwinder_begin(self, &copy, &l) < 0) {
        return NO_VALUE;
    }
    Own infos = list_new(0);
    int status = infos ? look_threads(&l, &threads) : LOOK_FAILED;
    for (size_t i = 0; i < threads.len && status == LOOK_GOOD; i++) {
        Own info = NO_VALUE;
        if (is_wanted(&copy, &threads.data[i].thread)) {
            status = stack_of_thread(&l, &threads.data[i], &info);
        }
        if (info) {
            status = list_append_own(infos, info);
        }
    }
    seen_threads_free(&threads);
    look_end(&l);
    if (status != LOOK_GOOD) {
        drop_opt(infos);
        return NO_VALUE;
    }
    return infos;
}

/* -- tasks -- */

static Own
tasks_by(Unwinder *self, int (*look)(Look *l, Own *result))
{
    Look l;
    Unwinder copy;
    _Atomic bool imported = false;
    Own result = NO_VALUE;
    if (unwinder_begin(self, &copy, &l) < 0) {
        return NO_VALUE;
    }
    Address at = process_address(&l.process, &asyncio_imported);
    int status = look_read(&l, at, &imported, sizeof imported);
    if (status == LOOK_TORN) {
        look_give_up(&l);
    } else if (status == LOOK_GOOD && !imported) {
        raise_int(&exc_RuntimeError, "process %d has not imported asyncio", l.process.pid);
    } else if (status == LOOK_GOOD && look(&l, &result) != LOOK_GOOD) {
        result = NO_VALUE;
    }
    look_end(&l);
    return result;
}

Own
unwinder_py_get_all_awaited_by(Unwinder *self)
{
    return tasks_by(self, look_all_tasks);
}

Own
unwinder_py_get_async_stack_trace(Unwinder *self)
{
    return tasks_by(self, look_running_tasks);
}

static Own
unwinder_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return type_alloc(type, 0);
}

static void
unwinder_dealloc(Object *o)
{
    object_free(o);
}

static Type unwinder_type = {
    .name = "_remote_debugging.RemoteUnwinder",
    .basic_size = sizeof(Unwinder),
    .slots =
        {
            .dealloc = unwinder_dealloc,
            .create = unwinder_create,
            .init = unwinder_init_slot,
        },
    .methods = unwinder_methods,
    .spec_doc = unwinder_doc,
};

/* -- the module -- */

static const StructSeqField frame_fields[] = {
    {"filename", "Source code filename"},
    {"lineno", "Line number"},
    {"funcname", "Function name"},
};
static const StructSeqField coro_fields[] = {
    {"call_stack", "Coroutine call stack"},
    {"task_name", "Task name"}, /* CPython's word for what is the task's id */
};
static const StructSeqField task_fields[] = {
    {"task_id", "Task ID (memory address)"},
    {"task_name", "Task name"},
    {"coroutine_stack", "Coroutine call stack"},
    {"awaited_by", "Tasks awaiting this task"},
};
static const StructSeqField thread_fields[] = {
    {"thread_id", "Thread ID"},
    {"frame_info", "Frame information"},
};
static const StructSeqField awaited_fields[] = {
    {"thread_id", "Thread ID"},
    {"awaited_by", "List of tasks awaited by this thread"},
};

static const struct {
    Type **type;
    StructSeqDef def;
} infos[] = {
    {&frame_info_type,
     {"_remote_debugging.FrameInfo", "Information about a frame", frame_fields, 3, 3, false}},
    {&coro_info_type,
     {"_remote_debugging.CoroInfo", "Information about a coroutine", coro_fields, 2, 2, false}},
    {&task_info_type,
     {"_remote_debugging.TaskInfo", "Information about an asyncio task", task_fields, 4, 4, false}},
    {&thread_info_type,
     {"_remote_debugging.ThreadInfo", "Information about a thread", thread_fields, 2, 2, false}},
    {&awaited_info_type,
     {"_remote_debugging.AwaitedInfo", "Information about what a thread is awaiting",
      awaited_fields, 2, 2, false}},
};

static int
remote_debugging_exec(Value m)
{
    for (size_t i = 0; i < ARRAY_LEN(infos); i++) {
        if (!*infos[i].type) {
            *infos[i].type = structseq_type(&infos[i].def);
        }
        if (!*infos[i].type || module_add_type(m, *infos[i].type) < 0) {
            return -1;
        }
    }
    return module_add_type(m, &unwinder_type) < 0
               ? -1
               : module_add_int(m, "PROCESS_VM_READV_SUPPORTED", 1);
}

const ModuleDef module__remote_debugging = {
    .name = "_remote_debugging",
    .exec = remote_debugging_exec,
};
