/* Tasks of another process, and who awaits them.
 *
 * A task that is done, or whose memory is something else by now, has left its list: it is passed
 * over. The rest of a task is looked at until it fits. */
#include "module/_remote_debugging/look.h"
#include "module/asyncio/future.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/set.h"
#include "object/str.h"
#include "object/structseq.h"
#include "vm/generator.h"

enum {
    FUTURES_DEEP = 64, /* futures that await futures, until a task does */
    SLOTS_LOG2_MOST = 24,
    SLOTS_AT_ONCE = 256,
};

static int
future_read(Look *l, Address at, Task *t)
{
    bool is;
    int status = look_read(l, at, t, sizeof(Future));
    if (status == LOOK_GOOD) {
        status = look_is_a(l, &t->base.head, t->base.is_task ? &task_type : &future_type, &is);
    }
    if (status == LOOK_GOOD && !is) {
        return look_torn(l, "a future is none");
    }
    return status == LOOK_GOOD && t->base.is_task ? look_read(l, at, t, sizeof *t) : status;
}

/* -- one task -- */

/* own: *name new */
static int
task_name(Look *l, const Task *t, Own *name)
{
    Value v = t->name;
    if (v && is_object(v)) {
        return look_str(l, (Address)v, LOOK_NAME_MOST, name);
    }
    *name = v ? str_fmt("Task-%S", v) : own(str_empty);
    return *name ? LOOK_GOOD : LOOK_FAILED;
}

/* CoroInfo(frames, id), frames eaten. own: ret new */
static Own
coro_info(Own frames, Address task)
{
    Own fields[] = {frames, int_from_u64(task)};
    return structseq_new(coro_info_type, fields);
}

/* The frames of a task's coroutine where this look has read them: many tasks may be awaited by one.
 * A list of the caller's, or NO_VALUE. own: *frames new */
static int
task_frames_kept(Look *l, Address at, Own *frames)
{
    Own key = int_from_u64(at), kept = NO_VALUE;
    int found = key ? dict_lookup(l->stacks, key, &kept) : -1;
    drop_opt(key);
    *frames = NO_VALUE;
    if (found <= 0) {
        return found < 0 ? LOOK_FAILED : LOOK_GOOD;
    }
    if (look_charge(l, list_len(kept)) == 0) {
        *frames = list_slice(kept, 0, list_len(kept));
    }
    drop(kept);
    return *frames ? LOOK_GOOD : LOOK_FAILED;
}

/* The same, read if need be. */
static int
task_frames(Look *l, Address at, const Task *t, Own *frames)
{
    int status = task_frames_kept(l, at, frames);
    if (status != LOOK_GOOD || *frames) {
        return status;
    }
    Own key = int_from_u64(at), kept = list_new(0);
    status = key && kept ? look_coroutine(l, (Address)t->coroutine, kept) : LOOK_FAILED;
    if (status == LOOK_GOOD && dict_set(l->stacks, key, kept) < 0) {
        status = LOOK_FAILED;
    }
    drop_opt(key);
    drop_opt(kept);
    return status == LOOK_GOOD ? task_frames_kept(l, at, frames) : status;
}

/* -- who awaits it -- */

static int awaited_by_add(Look *l, Value field, int deep, Value list);

/* A task is added to the list of CoroInfos; a future stands for the tasks that await it. */
static int
waiter_add(Look *l, Address at, int deep, Value list)
{
    Task t;
    Own frames;
    int status = task_frames_kept(l, at, &frames);
    if (status == LOOK_GOOD && frames) {
        return list_append_own(list, coro_info(frames, at));
    }
    if (status == LOOK_GOOD) {
        status = future_read(l, at, &t);
    }
    if (status != LOOK_GOOD) {
        return status;
    }
    if (!t.base.is_task) {
        return deep < FUTURES_DEEP ? awaited_by_add(l, t.base.awaited_by, deep + 1, list)
                                   : LOOK_GOOD;
    }
    status = task_frames(l, at, &t, &frames);
    return status == LOOK_GOOD ? list_append_own(list, coro_info(frames, at)) : status;
}

/* The items of a set. */
static int
waiters_add(Look *l, Address set, int deep, Value list)
{
    Set head;
    SetTable table;
    int64_t found = 0;
    int status = look_read(l, set, &head, sizeof head);
    if (status == LOOK_GOOD) {
        status = look_read(l, (Address)head.table, &table, sizeof table);
    }
    if (status == LOOK_GOOD && table.log2_slots > SLOTS_LOG2_MOST) {
        status = look_torn(l, "a set has no table");
    }
    int64_t slots = status == LOOK_GOOD ? (int64_t)1 << table.log2_slots : 0;
    for (int64_t i = 0; i < slots && status == LOOK_GOOD; i += SLOTS_AT_ONCE) {
        Own items[SLOTS_AT_ONCE];
        int64_t n = slots - i < SLOTS_AT_ONCE ? slots - i : SLOTS_AT_ONCE;
        Address at = (Address)head.table + offsetof(SetTable, slots) + (size_t)i * sizeof *items;
        status = look_read(l, at, items, (size_t)n * sizeof *items);
        for (int64_t k = 0; k < n && status == LOOK_GOOD; k++) {
            if (set_is_item(items[k])) {
                status = waiter_add(l, (Address)items[k], deep, list);
                found++;
            }
        }
    }
    return status == LOOK_GOOD && found != head.length ? look_torn(l, "a set changes") : status;
}

/* field: Future.awaited_by */
static int
awaited_by_add(Look *l, Value field, int deep, Value list)
{
    Object head;
    if (!field) {
        return LOOK_GOOD;
    }
    int status = look_read(l, (Address)field, &head, sizeof head);
    if (status != LOOK_GOOD) {
        return status;
    }
    return obj_shape(&head) == SHAPE_SET ? waiters_add(l, (Address)field, deep, list)
                                         : waiter_add(l, (Address)field, deep, list);
}

/* TaskInfo of a task that was read; frames (eaten): its stack, or NO_VALUE for that of its
 * coroutine. own: *info new */
static int
task_info(Look *l, Address at, const Task *t, Own frames, Own *info)
{
    Own name = NO_VALUE, stacks = list_new(1), awaited_by = list_new(0);
    int status = stacks && awaited_by ? task_name(l, t, &name) : LOOK_FAILED;
    if (status == LOOK_GOOD && !frames) {
        status = task_frames(l, at, t, &frames);
    }
    if (status == LOOK_GOOD) {
        status = awaited_by_add(l, t->base.awaited_by, 0, awaited_by);
    }
    if (status == LOOK_GOOD) {
        status = list_append_own(stacks, coro_info(frames, at));
        frames = NO_VALUE;
    }
    if (status == LOOK_GOOD) {
        Own fields[] = {int_from_u64(at), name, stacks, awaited_by};
        *info = structseq_new(task_info_type, fields);
        return *info ? LOOK_GOOD : LOOK_FAILED;
    }
    drop_opt(frames);
    drop_opt(name);
    drop_opt(stacks);
    drop_opt(awaited_by);
    return status;
}

/* AwaitedInfo(thread_id, tasks), tasks eaten, at the end of a list. fail: -1 */
static int
awaited_info_append(Value result, uint64_t thread_id, Own tasks)
{
    Own fields[] = {int_from_u64(thread_id), tasks};
    return list_append_own(result, structseq_new(awaited_info_type, fields));
}

/* -- all tasks, by the lists of the threads that made them -- */

typedef struct SeenList {
    Address address;
    TaskList list;
} SeenList;
VEC_DEFINE(SeenLists, seen_lists, SeenList);

static int
lists_once(Look *l, SeenLists *lists)
{
    Address at;
    int status = look_read(l, process_address(&l->process, &task_lists), &at, sizeof at);
    while (at && status == LOOK_GOOD) {
        SeenList seen = {.address = at};
        status = look_read(l, at, &seen.list, sizeof seen.list);
        if (status != LOOK_GOOD) {
            return status;
        }
        if ((Address)seen.list.head.list != at || lists->len == UINT16_MAX) {
            return look_torn(l, "the lists of tasks change");
        }
        if (seen_lists_push(lists, seen) < 0) {
            raise_no_memory();
            return LOOK_FAILED;
        }
        at = (Address)seen.list.next;
    }
    return status;
}

static int
lists_read(Look *l, SeenLists *lists)
{
    for (int i = 0; i < LOOK_TRIES; i++) {
        lists->len = 0;
        int status = lists_once(l, lists);
        if (status != LOOK_TORN) {
            return status;
        }
    }
    return look_give_up(l);
}

/* The tasks that a list links. */
static int
list_once(Look *l, Address list, Addresses *tasks)
{
    TaskNode node;
    Address head = list + offsetof(TaskList, head), before = head;
    int status = look_read(l, head, &node, sizeof node);
    while (status == LOOK_GOOD && (Address)node.next != head) {
        Address at = (Address)node.next;
        status = look_read(l, at, &node, sizeof node);
        if (status == LOOK_GOOD && ((Address)node.list != list || (Address)node.prev != before)) {
            return look_torn(l, "the list of tasks changes");
        }
        if (status == LOOK_GOOD && addresses_push(tasks, at - offsetof(Task, node)) < 0) {
            raise_no_memory();
            return LOOK_FAILED;
        }
        before = at;
    }
    return status;
}

/* A task of a list: *info is NO_VALUE when it is not in it any more. */
static int
listed_task(Look *l, Address at, Address list, Own *info)
{
    for (int i = 0; i < LOOK_TRIES; i++) {
        Task t;
        int status = look_read(l, at, &t, sizeof t);
        bool there = status == LOOK_GOOD && (Address)t.node.list == list && t.node.next &&
                     atomic_load(&t.base.state) == FUTURE_PENDING;
        if (status == LOOK_FAILED || !there) {
            return status == LOOK_FAILED ? status : LOOK_GOOD;
        }
        status = task_info(l, at, &t, NO_VALUE, info);
        if (status != LOOK_TORN) {
            return status;
        }
    }
    return look_give_up(l);
}

/* Appends the TaskInfos of a list. */
static int
list_tasks(Look *l, Address list, Value infos)
{
    Addresses tasks = {0};
    int status = LOOK_TORN;
    for (int i = 0; i < LOOK_TRIES && status == LOOK_TORN; i++) {
        tasks.len = 0;
        status = list_once(l, list, &tasks);
    }
    for (size_t i = 0; i < tasks.len && status == LOOK_GOOD; i++) {
        Own info = NO_VALUE;
        status = listed_task(l, tasks.data[i], list, &info);
        if (status == LOOK_GOOD && info) {
            status = list_append_own(infos, info);
        }
    }
    addresses_free(&tasks);
    return status == LOOK_TORN ? look_give_up(l) : status;
}

/* The tasks of the lists of one thread (address; 0: of all that are not there any more). */
static int
thread_tasks(Look *l, const SeenLists *lists, Address thread, uint64_t id, Value result)
{
    Own infos = list_new(0);
    int status = infos ? LOOK_GOOD : LOOK_FAILED;
    for (size_t i = 0; i < lists->len && status == LOOK_GOOD; i++) {
        if ((Address)lists->data[i].list.thread == thread) {
            status = list_tasks(l, lists->data[i].address, infos);
        }
    }
    if (status == LOOK_GOOD) {
        return awaited_info_append(result, id, infos);
    }
    drop_opt(infos);
    return status;
}

/* Lists of threads that are gone, as after a fork, count as those of none. */
static void
lists_adopt(SeenLists *lists, const SeenThreads *threads)
{
    for (size_t i = 0; i < lists->len; i++) {
        bool lives = false;
        for (size_t k = 0; k < threads->len && !lives; k++) {
            lives = (Address)lists->data[i].list.thread == threads->data[k].address;
        }
        if (!lives) {
            lists->data[i].list.thread = NULL;
        }
    }
}

int
look_all_tasks(Look *l, Own *result)
{
    SeenThreads threads = {0};
    SeenLists lists = {0};
    Own infos = list_new(0);
    int status = infos ? look_threads(l, &threads) : LOOK_FAILED;
    if (status == LOOK_GOOD) {
        status = lists_read(l, &lists);
    }
    lists_adopt(&lists, &threads);
    for (size_t i = 0; i < threads.len && status == LOOK_GOOD; i++) {
        const SeenThread *seen = &threads.data[i];
        status = thread_tasks(l, &lists, seen->address, seen->thread.os_id, infos);
    }
    if (status == LOOK_GOOD) {
        status = thread_tasks(l, &lists, 0, 0, infos);
    }
    seen_threads_free(&threads);
    seen_lists_free(&lists);
    if (status != LOOK_GOOD) {
        drop_opt(infos);
        return status;
    }
    *result = infos;
    return LOOK_GOOD;
}

/* -- the task that a thread runs, and those that wait for it, directly or not -- */

/* The tasks of a TaskInfo's awaited_by, the first on top. */
static int
waiters_push(Value info, Addresses *todo)
{
    Value awaited_by = tuple_item(info, 3);
    for (int64_t i = list_len(awaited_by); i-- > 0;) {
        Own waiter = list_get(awaited_by, i);
        int64_t at = 0;
        bool good = waiter && int_as_i64(tuple_item(waiter, 1), &at);
        drop_opt(waiter);
        if (good && addresses_push(todo, (Address)at) < 0) {
            raise_no_memory();
            return LOOK_FAILED;
        }
    }
    return LOOK_GOOD;
}

static int
awaiting_task(Look *l, Address at, Own *info)
{
    for (int i = 0; i < LOOK_TRIES; i++) {
        Task t;
        int status = future_read(l, at, &t);
        if (status == LOOK_GOOD) {
            status = task_info(l, at, &t, NO_VALUE, info);
        }
        if (status != LOOK_TORN) {
            return status;
        }
    }
    return look_give_up(l);
}

/* Each once, depth first. */
static int
awaiting_tasks(Look *l, Value first, Value infos)
{
    Addresses todo = {0};
    Own seen = dict_new();
    int status = seen && dict_set(seen, tuple_item(first, 0), NONE) == 0 ? waiters_push(first, &todo)
                                                                         : LOOK_FAILED;
    while (todo.len > 0 && status == LOOK_GOOD) {
        Address at = addresses_pop(&todo);
        Own key = int_from_u64(at), info = NO_VALUE;
        int known = key ? dict_contains(seen, key) : -1;
        status = known < 0 || (!known && dict_set(seen, key, NONE) < 0) ? LOOK_FAILED : LOOK_GOOD;
        drop_opt(key);
        if (!known && status == LOOK_GOOD) {
            status = awaiting_task(l, at, &info);
        }
        if (info) {
            status = waiters_push(info, &todo);
            status = list_append_own(infos, info) < 0 ? LOOK_FAILED : status;
        }
    }
    addresses_free(&todo);
    drop_opt(seen);
    return status;
}

/* The task that a thread runs, with the frames above its coroutine; NO_VALUE: none. `plain`: only
 * those of the coroutine. own: *info new */
static int
running_once(Look *l, const Thread *thread, bool plain, Own *info)
{
    Task t;
    bool is = false;
    Own frames = NO_VALUE;
    Address at = (Address)thread->running_task;
    int status = look_read(l, at, &t, sizeof(Future));
    if (status == LOOK_GOOD) {
        status = look_is_a(l, &t.base.head, &task_type, &is);
    }
    if (status != LOOK_GOOD || !is) {
        return status; /* a task of another class: nothing is known of it */
    }
    status = look_read(l, at, &t, sizeof t);
    if (status == LOOK_GOOD && !plain) {
        Address last = (Address)t.coroutine + offsetof(Generator, frame);
        frames = list_new(0);
        status = frames ? look_frames(l, (Address)thread->frame, last, frames) : LOOK_FAILED;
    }
    if (status != LOOK_GOOD) {
        drop_opt(frames);
        return status;
    }
    return task_info(l, at, &t, frames, info);
}

static int
running_of_thread(Look *l, SeenThread *seen, Own *info)
{
    for (int i = 0; i < LOOK_TRIES; i++) {
        bool gone;
        int status = look_thread_again(l, seen, &gone);
        if (status != LOOK_GOOD || gone || !seen->thread.running_task) {
            return status;
        }
        /* The coroutine may have ended a moment ago, and the task still count as running. */
        status = running_once(l, &seen->thread, i >= LOOK_TRIES / 2, info);
        if (status != LOOK_TORN) {
            return status;
        }
    }
    return look_give_up(l);
}

int
look_running_tasks(Look *l, Own *result)
{
    SeenThreads threads = {0};
    Own infos = list_new(0);
    int status = infos ? look_threads(l, &threads) : LOOK_FAILED;
    for (size_t i = 0; i < threads.len && status == LOOK_GOOD; i++) {
        SeenThread *seen = &threads.data[i];
        Own first = NO_VALUE, tasks = NO_VALUE;
        status = running_of_thread(l, seen, &first);
        if (first) {
            tasks = list_new(1);
            status = tasks && list_append(tasks, first) == 0 ? awaiting_tasks(l, first, tasks)
                                                             : LOOK_FAILED;
            drop(first);
        }
        if (tasks && status == LOOK_GOOD) {
            status = awaited_info_append(infos, seen->thread.os_id, tasks);
        } else {
            drop_opt(tasks);
        }
    }
    seen_threads_free(&threads);
    if (status != LOOK_GOOD) {
        drop_opt(infos);
        return status;
    }
    *result = infos;
    return LOOK_GOOD;
}
