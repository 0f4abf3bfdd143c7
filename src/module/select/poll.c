/* select.poll: a table of descriptors and events, in the order of registering.
 *
 * Threads: the table is guarded by the object's lock; poll() waits on a copy, without the lock, and
 * only one thread at a time. */
#include <errno.h>
#include <poll.h>

#include "base/os.h"
#include "heap/world.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "module/select/select_priv.h"
#include "object/list.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Poll {
    Object head;
    struct pollfd *entries;  /* guard: lock */
    int64_t count, capacity; /* guard: lock */
    _Atomic bool running;    /* a thread is in poll() */
} Poll;

#include "poll.spec.h"

#define EVENTS_DEFAULT (POLLIN | POLLPRI | POLLOUT)

static int
events_from_value(Value v, uint16_t *events)
{
    uint64_t n = EVENTS_DEFAULT;
    if (v && unsigned_from_value(v, UINT16_MAX, "unsigned short", &n) < 0) {
        return -1;
    }
    *events = (uint16_t)n;
    return 0;
}

static struct pollfd *
entry_find_locked(Poll *self, int fd)
{
    for (int64_t i = 0; i < self->count; i++) {
        if (self->entries[i].fd == fd) {
            return &self->entries[i];
        }
    }
    return NULL;
}

static int
entry_set_locked(Poll *self, int fd, uint16_t events)
{
    struct pollfd *entry = entry_find_locked(self, fd);
    if (!entry) {
        if (self->count == self->capacity) {
            int64_t more = self->capacity ? self->capacity * 2 : 8;
            struct pollfd *grown = mem_realloc(self->entries, (size_t)more * sizeof *grown);
            if (!grown) {
                return -1;
            }
            self->entries = grown;
            self->capacity = more;
        }
        entry = &self->entries[self->count++];
        *entry = (struct pollfd){.fd = fd};
    }
    entry->events = (short)events;
    return 0;
}

int
poll_py_register(Poll *self, Value v, Value eventmask)
{
    uint16_t events;
    int fd = fd_from_value(v);
    if (fd < 0 || events_from_value(eventmask, &events) < 0) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    int status = entry_set_locked(self, fd, events);
    critical_leave(&section);
    return status;
}

int
poll_py_modify(Poll *self, Value v, Value eventmask)
{
    uint16_t events;
    int fd = fd_from_value(v);
    if (fd < 0 || events_from_value(eventmask, &events) < 0) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    struct pollfd *entry = entry_find_locked(self, fd);
    if (entry) {
        entry->events = (short)events;
    }
    critical_leave(&section);
    if (!entry) {
        raise_errno(ENOENT);
        return -1;
    }
    return 0;
}

int
poll_py_unregister(Poll *self, Value v)
{
    int fd = fd_from_value(v);
    if (fd < 0) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    struct pollfd *entry = entry_find_locked(self, fd);
    if (entry) {
        self->count--;
        memmove(entry, entry + 1, (size_t)(self->entries + self->count - entry) * sizeof *entry);
    }
    critical_leave(&section);
    if (!entry) {
        raise_key_error(small_int(fd));
        return -1;
    }
    return 0;
}

/* A copy of the table. fail: -1 + MemoryError */
static int
entries_copy(Poll *self, struct pollfd **copy, int64_t *count)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    *count = self->count;
    *copy = mem_alloc((size_t)(self->count + 1) * sizeof **copy);
    if (*copy && self->count) {
        memcpy(*copy, self->entries, (size_t)self->count * sizeof **copy);
    }
    critical_leave(&section);
    return *copy ? 0 : -1;
}

static Own
events_list(const struct pollfd *entries, int64_t count, int ready)
{
    Own list = list_new(ready);
    for (int64_t i = 0; i < count && list; i++) {
        if (entries[i].revents) {
            Own pair[] = {small_int(entries[i].fd), small_int((uint16_t)entries[i].revents)};
            Own item = tuple_from_own(pair, 2);
            if (!item || list_append_own(list, item) < 0) {
                ref_clear(&list);
            }
        }
    }
    return list;
}

Own
poll_py_poll(Poll *self, Value timeout)
{
    int64_t ns, count;
    struct pollfd *entries;
    if (poll_timeout(timeout, 1000000, &ns) < 0) {
        return NO_VALUE;
    }
    if (atomic_exchange(&self->running, true)) {
        return raise_msg(&exc_RuntimeError, "concurrent poll() invocation");
    }
    Own result = NO_VALUE;
    if (entries_copy(self, &entries, &count) == 0) {
        int64_t deadline = ns < 0 ? -1 : os_clock_monotonic() + ns;
        int ready;
        SYSCALL(ready, poll(entries, (nfds_t)count, poll_milliseconds(deadline)));
        result = posix_status(ready) < 0 ? NO_VALUE : events_list(entries, count, ready);
        mem_free(entries);
    }
    atomic_store(&self->running, false);
    return result;
}

static void
poll_dealloc(Object *o)
{
    mem_free(((Poll *)o)->entries);
    object_free(o);
}

Type poll_type = {
    .name = "select.poll",
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(Poll),
    .slots = {.dealloc = poll_dealloc},
    .methods = poll_methods,
    .getsets = poll_getsets,
    .spec_doc = poll_doc,
};
