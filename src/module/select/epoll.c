/* select.epoll: an epoll descriptor.
 *
 * Threads: the descriptor is the only state. Around each system call is a use of it
 * (module/os/descriptor.h), none around Python code, which may close it. */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/os.h"
#include "heap/world.h"
#include "module/os/descriptor.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "module/select/select_priv.h"
#include "object/list.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Epoll {
    Object head;
    Descriptor fd;
} Epoll;

#include "epoll.spec.h"

#define EVENTS_MOST (FD_SETSIZE - 1)

static int
raise_closed(void)
{
    return raise_int(&exc_ValueError, "I/O operation on closed epoll object");
}

/* The descriptor. fail: -1 + ValueError */
static int
epoll_fd(Epoll *self)
{
    int fd = atomic_load(&self->fd.number);
    return fd >= 0 ? fd : raise_closed();
}

static Own
epoll_of(Type *cls, int fd)
{
    Own v = type_alloc(cls, 0);
    if (v) {
        atomic_store(&((Epoll *)obj(v))->fd.number, fd);
    } else {
        close(fd);
    }
    return v;
}

Own
epoll_make(Type *cls, int sizehint, int flags)
{
    if (sizehint == 0 || sizehint < -1) {
        return raise_msg(&exc_ValueError, "negative sizehint");
    }
    if (flags && flags != EPOLL_CLOEXEC) {
        return raise_msg(&exc_OSError, "invalid flags");
    }
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? raise_errno(errno) : epoll_of(cls, fd);
}

Own
epoll_py_fromfd(Type *cls, int fd)
{
    return epoll_of(cls, fd);
}

int
epoll_py_close(Epoll *self)
{
    int fd = descriptor_take(&self->fd);
    return fd < 0 ? 0 : posix_status(descriptor_close(&self->fd, fd));
}

int64_t
epoll_py_fileno(Epoll *self)
{
    return epoll_fd(self);
}

Own
epoll_get_closed(Epoll *self)
{
    return bool_value(atomic_load(&self->fd.number) < 0);
}

static int
control(Epoll *self, int operation, Value file, Value eventmask)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLPRI | EPOLLOUT};
    int fd = fd_from_value(file);
    if (fd < 0) {
        return -1;
    }
    if (eventmask) {
        Own mask = object_index(eventmask);
        if (!mask) {
            return -1;
        }
        event.events = (uint32_t)object_as_uint64_mask(mask);
        drop(mask);
    }
    event.data.fd = fd;
    int epfd = descriptor_use(&self->fd), result = -1;
    if (epfd < 0) {
        raise_closed();
    } else {
        detach();
        result = epoll_ctl(epfd, operation, fd, &event);
        attach();
    }
    descriptor_done(&self->fd);
    return epfd < 0 ? -1 : posix_status(result);
}

int
epoll_py_register(Epoll *self, Value fd, Value eventmask)
{
    return control(self, EPOLL_CTL_ADD, fd, eventmask);
}

int
epoll_py_modify(Epoll *self, Value fd, Value eventmask)
{
    return control(self, EPOLL_CTL_MOD, fd, eventmask);
}

int
epoll_py_unregister(Epoll *self, Value fd)
{
    return control(self, EPOLL_CTL_DEL, fd, NO_VALUE);
}

/* What epoll_wait() gives, again after signals. */
static int
wait_for_events(Epoll *self, struct epoll_event *events, int most, int64_t deadline)
{
    int ready;
    do {
        int fd = descriptor_use(&self->fd);
        detach();
        ready = epoll_wait(fd, events, most, poll_milliseconds(deadline));
        attach();
        descriptor_done(&self->fd);
    } while (ready < 0 && errno == EINTR && posix_retry());
    return ready;
}

Own
epoll_py_poll(Epoll *self, Value timeout, int maxevents)
{
    int64_t ns;
    if (epoll_fd(self) < 0 || poll_timeout(timeout, 1000000000, &ns) < 0) {
        return NO_VALUE;
    }
    if (maxevents == -1) {
        maxevents = EVENTS_MOST;
    } else if (maxevents < 1) {
        return raise_fmt(&exc_ValueError, "maxevents must be greater than 0, got %d", maxevents);
    }
    struct epoll_event *events = mem_alloc((size_t)maxevents * sizeof *events);
    if (!events) {
        return NO_VALUE;
    }
    int64_t deadline = ns < 0 ? -1 : os_clock_monotonic() + ns;
    int ready = wait_for_events(self, events, maxevents, deadline);
    Own list = posix_status(ready) < 0 ? NO_VALUE : list_new(ready);
    for (int i = 0; i < ready && list; i++) {
        Own pair[] = {small_int(events[i].data.fd), small_int(events[i].events)};
        Own item = tuple_from_own(pair, 2);
        if (!item || list_append_own(list, item) < 0) {
            ref_clear(&list);
        }
    }
    mem_free(events);
    return list;
}

Own
epoll_py___enter__(Epoll *self)
{
    return epoll_fd(self) < 0 ? NO_VALUE : own(VALUE(self));
}

int
epoll_py___exit__(Epoll *self, Value type UNUSED, Value value UNUSED, Value tb UNUSED)
{
    Own done = call_method0(VALUE(self), "close");
    drop_opt(done);
    return done ? 0 : -1;
}

static void
epoll_dealloc(Object *o)
{
    int fd = atomic_load(&((Epoll *)o)->fd.number);
    if (fd >= 0) {
        close(fd);
    }
    object_free(o);
}

Type epoll_type = {
    .name = "select.epoll",
    .basic_size = sizeof(Epoll),
    .slots = {.dealloc = epoll_dealloc, .create = epoll_create_slot},
    .methods = epoll_methods,
    .getsets = epoll_getsets,
    .spec_doc = epoll_doc,
};
