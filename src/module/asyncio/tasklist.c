/* The tasks that are not done, for all_tasks().
 *
 * Each thread has a list of the tasks it made, linked through the tasks themselves and holding no
 * reference: its thread adds and removes without a lock or an atomic; any other thread stops the
 * world first, to read as well. What a thread leaves behind when it ends goes to the list of
 * orphans, which has no thread. Tasks of other classes than Task are in a WeakSet, or, while they
 * are in their eager first step, in a set. */
#include "heap/world.h"
#include "module/asyncio/asyncio.h"
#include "module/asyncio/asyncio_priv.h"
#include "object/list.h"
#include "object/set.h"
#include "object/str.h"

static TaskList orphans = {{&orphans.head, &orphans.head, &orphans},
                           NULL, NULL};        /* guard: world stopped */
TaskList *task_lists = &orphans;
static __thread TaskList *mine;                /* null until this thread makes a task */
static Own foreign_tasks, foreign_eager_tasks; /* set once, atomically; each guards itself */

static TaskList *
my_list(void)
{
    if (!mine) {
        TaskList *list = mem_alloc(sizeof *list);
        if (!list) {
            return NULL;
        }
        list->head = (TaskNode){&list->head, &list->head, list};
        list->thread = thread_self();
        world_stop();
        list->next = task_lists;
        task_lists = list;
        world_start();
        mine = list;
    }
    return mine;
}

/* Adds the last node. pre: its `list` is set */
static void
link_node(TaskNode *n, TaskList *list)
{
    n->next = &list->head;
    n->prev = list->head.prev;
    n->prev->next = n;
    list->head.prev = n;
}

int
task_link(Task *t)
{
    TaskList *list = my_list();
    if (!list) {
        return -1;
    }
    TaskList *none = NULL;
    if (!atomic_compare_exchange_strong(&t->node.list, &none, list)) {
        return 0;
    }
    link_node(&t->node, list);
    return 0;
}

static void
unlink_node(TaskNode *n)
{
    n->next->prev = n->prev;
    n->prev->next = n->next;
    n->next = n->prev = NULL;
    atomic_store_explicit(&n->list, NULL, memory_order_release);
}

void
task_unlink(Task *t)
{
    const TaskList *list = atomic_load_explicit(&t->node.list, memory_order_relaxed);
    if (!list) {
        return;
    }
    if (!threads_many || list == mine) { /* only this thread links into its list, or unlinks from it */
        unlink_node(&t->node);
        return;
    }
    world_stop();
    if (atomic_load_explicit(&t->node.list, memory_order_relaxed)) {
        unlink_node(&t->node);
    }
    world_start();
}

void
asyncio_thread_exiting(Thread *t UNUSED)
{
    TaskList *list = mine;
    if (!list) {
        return;
    }
    world_stop();
    while (list->head.next != &list->head) {
        TaskNode *n = list->head.next;
        unlink_node(n);
        atomic_store_explicit(&n->list, &orphans, memory_order_relaxed);
        link_node(n, &orphans);
    }
    TaskList **link = &task_lists;
    while (*link != list) {
        link = &(*link)->next;
    }
    *link = list->next;
    world_start();
    mine = NULL;
    mem_free(list);
}

/* -- tasks of other classes -- */

static Value
kept(Own *cell, Own (*make)(void))
{
    Own v = __atomic_load_n(cell, __ATOMIC_ACQUIRE), none = NO_VALUE;
    if (v || !(v = make())) {
        return v;
    }
    publish(v);
    if (!__atomic_compare_exchange_n(cell, &none, v, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        drop(v);
        return none;
    }
    return v;
}

static Own
make_weak_set(void)
{
    return asyncio_call("weakref", "WeakSet", NULL, 0);
}

int
task_register(Value task, bool eager)
{
    if (is_task(task)) {
        return task_link((Task *)obj(task));
    }
    if (eager) {
        Value set = kept(&foreign_eager_tasks, set_new);
        return !set || set_add(set, task) < 0 ? -1 : 0;
    }
    Value weak = kept(&foreign_tasks, make_weak_set);
    Own done = weak ? call_method1(weak, "add", task) : NO_VALUE;
    drop_opt(done);
    return done ? 0 : -1;
}

int
task_unregister(Value task, bool eager)
{
    if (is_task(task)) {
        task_unlink((Task *)obj(task));
        return 0;
    }
    if (eager) {
        Value set = kept(&foreign_eager_tasks, set_new);
        return !set || set_discard(set, task) < 0 ? -1 : 0;
    }
    Value weak = kept(&foreign_tasks, make_weak_set);
    Own done = weak ? call_method1(weak, "discard", task) : NO_VALUE;
    drop_opt(done);
    return done ? 0 : -1;
}

/* -- all of them -- */

/* How many tasks a list has of the loop; with `found`, takes references to them. stw */
static int64_t
list_take(const TaskList *list, Value loop, Own *found, int64_t n, int64_t room)
{
    for (TaskNode *node = list->head.next; node != &list->head; node = node->next) {
        Task *t = (Task *)(void *)((char *)node - offsetof(Task, node));
        if (t->base.loop != loop || !future_is_pending(&t->base)) {
            continue;
        }
        if (found && n < room && try_own(VALUE(t))) {
            publish(VALUE(t));
            found[n++] = OWN(t);
        } else if (!found) {
            n++;
        }
    }
    return n;
}

static int64_t
lists_take_stw(Value loop, Own *found, int64_t room)
{
    int64_t n = 0;
    for (const TaskList *list = task_lists; list; list = list->next) {
        n = list_take(list, loop, found, n, room);
    }
    return n;
}

/* Adds a task of another class, if it is of the loop and not done. fail: -1 */
static int
add_foreign(Value set, Value task, Value loop)
{
    Own get_loop = NO_VALUE, of = NO_VALUE;
    int found = object_lookup_attr(task, NAME(get_loop), &get_loop);
    if (found > 0) {
        of = call0(get_loop);
        drop(get_loop);
    } else if (found == 0) {
        of = object_getattr(task, NAME(_loop));
    }
    if (!of) {
        return -1;
    }
    bool same = of == loop;
    drop(of);
    if (!same) {
        return 0;
    }
    Own done = call_method0(task, "done");
    int truth = done ? object_truth(done) : -1;
    drop_opt(done);
    return truth < 0 || (!truth && set_add(set, task) < 0) ? -1 : 0;
}

static int
add_foreign_of(Value set, Own *cell, Value loop)
{
    Value from = __atomic_load_n(cell, __ATOMIC_ACQUIRE);
    Own list = from ? object_to_list(from) : NO_VALUE;
    int status = from && !list ? -1 : 0;
    for (int64_t i = 0; list && status == 0 && i < list_len(list); i++) {
        Own task = list_get(list, i);
        if (task) {
            status = add_foreign(set, task, loop);
            drop(task);
        }
    }
    drop_opt(list);
    return status;
}

Own
tasks_all(Value loop)
{
    Own *found = NULL;
    int64_t room, n = 0;
    world_stop();
    room = lists_take_stw(loop, NULL, 0);
    found = room ? mem_try_alloc((size_t)room * sizeof *found) : NULL;
    if (found) {
        n = lists_take_stw(loop, found, room);
    }
    world_start();
    if (room && !found) {
        return raise_no_memory();
    }
    Own set = set_new();
    int status = set ? 0 : -1;
    for (int64_t i = 0; i < n; i++) {
        status = status < 0 || set_add(set, found[i]) < 0 ? -1 : 0;
        drop(found[i]);
    }
    mem_free(found);
    if (status < 0 || add_foreign_of(set, &foreign_eager_tasks, loop) < 0 ||
        add_foreign_of(set, &foreign_tasks, loop) < 0) {
        drop_opt(set);
        return NO_VALUE;
    }
    return set;
}
