/* The module select: select() itself and the constants. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

#include "base/os.h"
#include "heap/world.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "module/select/select_priv.h"
#include "object/list.h"
#include "object/tuple.h"
#include "object/type.h"

#include "_select.spec.h"

/* One of the three sets: the objects given, and their descriptors. */
typedef struct Watched {
    Own objects; /* a list of this call's own */
    int *fds;
    int64_t count;
    fd_set set;
} Watched;

static void
watched_free(Watched *w)
{
    mem_free(w->fds);
    drop_opt(w->objects);
}

/* An item of a list or tuple; nothing, and no exception, past its end: fileno() and other threads may
 * change a list meanwhile. own: ret new */
static Own
item_of(Value fast, int64_t i)
{
    if (is_list(fast)) {
        return list_get(fast, i);
    }
    return i < as_tuple(fast)->length ? own(tuple_item(fast, i)) : NO_VALUE;
}

static int
watched_fill(Watched *w, Value sequence, int *highest)
{
    Own fast = sequence_fast(sequence, "arguments 1-3 must be sequences");
    w->objects = fast ? list_new(0) : NO_VALUE;
    w->fds = w->objects ? mem_alloc(FD_SETSIZE * sizeof *w->fds) : NULL;
    FD_ZERO(&w->set);
    int status = w->fds ? 0 : -1;
    for (int64_t i = 0; status == 0; i++) {
        Own item = item_of(fast, i);
        if (!item) {
            break;
        }
        int fd = fd_from_value(item);
        if (fd < 0) {
            status = -1;
        } else if (fd >= FD_SETSIZE) {
            status = raise_int(&exc_ValueError, "filedescriptor out of range in select()");
        } else if (w->count >= FD_SETSIZE) {
            status = raise_int(&exc_ValueError, "too many file descriptors in select()");
        } else if (list_append(w->objects, item) < 0) {
            status = -1;
        } else {
            FD_SET(fd, &w->set);
            *highest = fd > *highest ? fd : *highest;
            w->fds[w->count++] = fd;
        }
        drop(item);
    }
    drop_opt(fast);
    return status;
}

/* The objects that are in the set. own: ret new list */
static Own
watched_ready(const Watched *w, const fd_set *ready)
{
    Own list = list_new(0);
    for (int64_t i = 0; i < w->count && list; i++) {
        if (ready && FD_ISSET(w->fds[i], ready) &&
            list_append_own(list, list_get(w->objects, i)) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

/* deadline: of the monotonic clock, -1 = none. What select() returns; -1 with errno 0 when a signal
 * handler raised. */
static int
wait_for_sets(Watched *w, fd_set *ready, int highest, int64_t deadline)
{
    for (;;) {
        int64_t left = deadline < 0 ? 0 : deadline - os_clock_monotonic();
        left = left < 0 ? 0 : left;
        struct timeval t = {left / 1000000000, (left % 1000000000 + 999) / 1000};
        if (t.tv_usec >= 1000000) {
            t = (struct timeval){t.tv_sec + 1, 0};
        }
        for (int i = 0; i < 3; i++) {
            ready[i] = w[i].set;
        }
        errno = 0;
        detach();
        int n = select(highest + 1, &ready[0], &ready[1], &ready[2], deadline < 0 ? NULL : &t);
        attach();
        if (n >= 0 || errno != EINTR || !posix_retry()) {
            return n;
        }
    }
}

Own
select_select(Value module UNUSED, Value rlist, Value wlist, Value xlist, Value timeout)
{
    int64_t ns = -1, deadline = -1;
    if (timeout != NONE) {
        if (!is_float(timeout) && !is_int(timeout) && !object_has_index(timeout)) {
            return raise_msg(&exc_TypeError, "timeout must be a float or None");
        }
        if (time_from_value(timeout, 1000000000, &ns) < 0) {
            return NO_VALUE;
        }
        if (ns < 0) {
            return raise_msg(&exc_ValueError, "timeout must be non-negative");
        }
        int64_t now = os_clock_monotonic();
        deadline = ns > INT64_MAX - now ? INT64_MAX : now + ns;
    }
    Watched w[3] = {{0}};
    fd_set ready[3];
    Own lists[3] = {NO_VALUE};
    int highest = -1;
    Value given[] = {rlist, wlist, xlist};
    for (int i = 0; i < 3; i++) {
        if (watched_fill(&w[i], given[i], &highest) < 0) {
            goto end;
        }
    }
    int n = wait_for_sets(w, ready, highest, deadline);
    if (posix_status(n) == 0) {
        for (int i = 0; i < 3; i++) {
            lists[i] = watched_ready(&w[i], n ? &ready[i] : NULL);
        }
    }
end:
    for (int i = 0; i < 3; i++) {
        watched_free(&w[i]);
    }
    if (exc_pending()) {
        for (int i = 0; i < 3; i++) {
            drop_opt(lists[i]);
        }
        return NO_VALUE;
    }
    return tuple_from_own(lists, 3);
}

Own
select_poll(Value self UNUSED, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (args_check_positional("select.poll", nargs, kwnames, 0, 0) < 0) {
        return NO_VALUE;
    }
    return type_alloc(&poll_type, 0);
}

int
poll_timeout(Value timeout, int64_t unit_ns, int64_t *ns)
{
    *ns = -1;
    if (timeout == NONE) {
        return 0;
    }
    if (!is_float(timeout) && !is_int(timeout) && !object_has_index(timeout)) {
        return raise_int(&exc_TypeError, "timeout must be an integer or None");
    }
    if (time_from_value(timeout, unit_ns, ns) < 0) {
        return -1;
    }
    if (*ns > 0 && (*ns - 1) / 1000000 + 1 > INT_MAX) {
        return raise_int(&exc_OverflowError, "timeout is too large");
    }
    *ns = *ns < 0 ? -1 : *ns;
    return 0;
}

int
poll_milliseconds(int64_t deadline)
{
    if (deadline < 0) {
        return -1;
    }
    int64_t left = deadline - os_clock_monotonic();
    return left <= 0 ? 0 : (int)((left + 999999) / 1000000);
}

#define N(name) {#name, name}
static const SystemConstant constants[] = {
    N(PIPE_BUF),     N(POLLIN),       N(POLLPRI),      N(POLLOUT),      N(POLLERR),
    N(POLLHUP),      N(POLLNVAL),     N(POLLRDNORM),   N(POLLRDBAND),   N(POLLWRNORM),
    N(POLLWRBAND),   N(POLLMSG),      N(POLLRDHUP),    N(EPOLLIN),      N(EPOLLOUT),
    N(EPOLLPRI),     N(EPOLLERR),     N(EPOLLHUP),     N(EPOLLRDHUP),   N(EPOLLONESHOT),
    N(EPOLLRDNORM),  N(EPOLLRDBAND),  N(EPOLLWRNORM),  N(EPOLLWRBAND),  N(EPOLLMSG),
    N(EPOLLWAKEUP),  N(EPOLLEXCLUSIVE), N(EPOLL_CLOEXEC), {"EPOLLET", (uint32_t)EPOLLET},
    {NULL, 0},
};

static int
select_exec(Value m)
{
    return type_ready(&poll_type) < 0 || module_add_type(m, &epoll_type) < 0 ||
                   module_add(m, "error", own(VALUE(&exc_OSError))) < 0 ||
                   module_add_constants(m, constants) < 0
               ? -1
               : 0;
}

const ModuleDef module_select = {
    .name = "select",
    .doc = select_module_doc,
    .functions = select_functions,
    .exec = select_exec,
};
