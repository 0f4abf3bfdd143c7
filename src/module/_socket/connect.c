/* Sockets: connecting, accepting, addresses of both ends, options. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "base/os.h"
#include "heap/world.h"
#include "module/_socket/socket_priv.h"
#include "module/posix/path.h"
#include "object/audit.h"
#include "object/args.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/tuple.h"

/* Declared in socket.spec.h, which only socket.c may include. */
Own socket_py__accept(Socket *self);
int socket_py_bind(Socket *self, Value object);
int socket_py_connect(Socket *self, Value object);
Own socket_py_connect_ex(Socket *self, Value object);
int socket_py_listen(Socket *self, int backlog);
Own socket_py_getsockname(Socket *self);
Own socket_py_getpeername(Socket *self);
int socket_py_shutdown(Socket *self, Value object);
Own socket_py_getsockopt(Value self, Value const *args, size_t nargs, Value kwnames);
Own socket_py_setsockopt(Value self, Value const *args, size_t nargs, Value kwnames);

typedef struct Peer {
    SocketAddress address;
    socklen_t length;
} Peer;

static ssize_t
call_accept(int fd, void *arg)
{
    Peer *peer = arg;
    peer->length = sizeof peer->address;
    return accept4(fd, &peer->address.head, &peer->length, SOCK_CLOEXEC);
}

Own
socket_py__accept(Socket *self)
{
    Peer peer = {0};
    if (!address_length(atomic_load(&self->family))) {
        return NO_VALUE;
    }
    ssize_t fd = socket_call(self, false, call_accept, &peer);
    if (fd < 0) {
        return NO_VALUE;
    }
    Own address = socket_address(self, &peer.address, peer.length);
    if (!address) {
        close((int)fd);
        return NO_VALUE;
    }
    Own pair[] = {small_int(fd), address};
    return tuple_from_own(pair, 2);
}

int
socket_py_bind(Socket *self, Value object)
{
    if (audit_wanted() && audit_event("socket.bind", "OO", VALUE(self), object) < 0) {
        return -1;
    }
    SocketAddress address = {0};
    socklen_t length;
    if (address_from_value(self, object, "bind", &address, &length) < 0) {
        return -1;
    }
    int fd = descriptor_use(&self->fd);
    detach();
    int result = bind(fd, &address.head, length);
    attach();
    descriptor_done(&self->fd);
    return posix_status(result);
}

/* How the connecting has ended. arg: int *error */
static ssize_t
call_error(int fd, void *arg)
{
    socklen_t size = sizeof(int);
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, arg, &size);
}

/* 0, an error number, or -1 with an exception (a signal handler's). */
static int
finish_connecting(Socket *self, int error)
{
    int64_t timeout = atomic_load(&self->timeout_ns);
    bool waits = error == EINTR ? timeout != 0 : error == EINPROGRESS && timeout > 0;
    if (!waits) {
        return error;
    }
    int64_t deadline = socket_deadline(timeout);
    do {
        if (error == EINTR && safepoint(thread_self()) < 0) {
            return -1;
        }
        ssize_t result = socket_attempt(self, true, true, call_error, &error, deadline);
        if (result < 0) {
            error = result == -2 ? EWOULDBLOCK : errno;
        }
    } while (error == EINTR);
    return error;
}

/* As finish_connecting. */
static int
connect_socket(Socket *self, Value object, const char *caller, bool *timed_out)
{
    SocketAddress address = {0};
    socklen_t length;
    *timed_out = false;
    if (address_from_value(self, object, caller, &address, &length) < 0) {
        return -1;
    }
    int fd = descriptor_use(&self->fd);
    detach();
    int result = connect(fd, &address.head, length);
    attach();
    descriptor_done(&self->fd);
    if (result == 0) {
        return 0;
    }
    int first = errno, error = finish_connecting(self, first);
    *timed_out = error == EWOULDBLOCK && error != first;
    return error;
}

int
socket_py_connect(Socket *self, Value object)
{
    if (audit_wanted() && audit_event("socket.connect", "OO", VALUE(self), object) < 0) {
        return -1;
    }
    bool timed_out;
    int error = connect_socket(self, object, "connect", &timed_out);
    if (error > 0) {
        if (timed_out) {
            return raise_int(&exc_TimeoutError, "timed out");
        }
        raise_errno(error);
    }
    return error ? -1 : 0;
}

Own
socket_py_connect_ex(Socket *self, Value object)
{
    if (audit_wanted() && audit_event("socket.connect", "OO", VALUE(self), object) < 0) {
        return NO_VALUE;
    }
    bool timed_out;
    int error = connect_socket(self, object, "connect_ex", &timed_out);
    return error < 0 ? NO_VALUE : small_int(error);
}

int
socket_py_listen(Socket *self, int backlog)
{
    int fd = descriptor_use(&self->fd);
    detach();
    int result = listen(fd, backlog < 0 ? 0 : backlog);
    attach();
    descriptor_done(&self->fd);
    return posix_status(result);
}

static Own
end_address(Socket *self, int (*ask)(int, struct sockaddr *, socklen_t *))
{
    SocketAddress address = {0};
    socklen_t length = address_length(atomic_load(&self->family));
    if (!length) {
        return NO_VALUE;
    }
    length = sizeof address;
    int fd = descriptor_use(&self->fd);
    detach();
    int result = ask(fd, &address.head, &length);
    attach();
    descriptor_done(&self->fd);
    return posix_status(result) < 0 ? NO_VALUE : socket_address(self, &address, length);
}

static int
ask_name(int fd, struct sockaddr *address, socklen_t *length)
{
    return getsockname(fd, address, length);
}

static int
ask_peer(int fd, struct sockaddr *address, socklen_t *length)
{
    return getpeername(fd, address, length);
}

Own
socket_py_getsockname(Socket *self)
{
    return end_address(self, ask_name);
}

Own
socket_py_getpeername(Socket *self)
{
    return end_address(self, ask_peer);
}

int
socket_py_shutdown(Socket *self, Value object)
{
    int how = object_as_int(object);
    if (how == -1 && exc_pending()) {
        return -1;
    }
    int fd = descriptor_use(&self->fd);
    detach();
    int result = shutdown(fd, how);
    attach();
    descriptor_done(&self->fd);
    return posix_status(result);
}

/* -- options -- */

static int
arguments_count(const char *name, size_t nargs, Value kwnames, size_t least, size_t most)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_int(&exc_TypeError, "socket.%s() takes no keyword arguments", name);
    }
    if (nargs < least || nargs > most) {
        return raise_int(&exc_TypeError, "%s() takes %s %zu arguments (%zu given)", name,
                         nargs < least ? "at least" : "at most", nargs < least ? least : most,
                         nargs);
    }
    return 0;
}

/* fail: -1 + exception */
static int
option_get(Socket *s, int level, int option, void *value, socklen_t *length)
{
    int fd = descriptor_use(&s->fd), result = getsockopt(fd, level, option, value, length);
    descriptor_done(&s->fd);
    return posix_status(result);
}

/* fail: -1 + exception */
static int
option_set(Socket *s, int level, int option, const void *value, socklen_t length)
{
    int fd = descriptor_use(&s->fd), result = setsockopt(fd, level, option, value, length);
    descriptor_done(&s->fd);
    return posix_status(result);
}

Own
socket_py_getsockopt(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Socket *s = as_socket(self);
    int level, option, size = 0, value = 0;
    if (arguments_count("getsockopt", nargs, kwnames, 2, 3) < 0 ||
        args_int("getsockopt", 1, "level", args[0], &level) < 0 ||
        args_int("getsockopt", 2, "option", args[1], &option) < 0 ||
        (nargs > 2 && args_int("getsockopt", 3, "buffersize", args[2], &size) < 0)) {
        return NO_VALUE;
    }
    socklen_t length = sizeof value;
    if (size == 0 && atomic_load(&s->family) == AF_VSOCK) { /* its numbers have 64 bits */
        uint64_t wide = 0;
        length = sizeof wide;
        return option_get(s, level, option, &wide, &length) < 0 ? NO_VALUE : int_from_u64(wide);
    }
    if (size == 0) {
        return option_get(s, level, option, &value, &length) < 0 ? NO_VALUE : small_int(value);
    }
    if (size < 0 || size > 1024) {
        return raise_msg(&exc_OSError, "getsockopt buflen out of range");
    }
    Own bytes = bytes_new(NULL, (size_t)size);
    length = (socklen_t)size;
    if (bytes && option_get(s, level, option, as_bytes(bytes)->data, &length) < 0) {
        drop(bytes);
        return NO_VALUE;
    }
    return bytes ? bytes_shrink(bytes, (int64_t)length) : NO_VALUE;
}

/* Sets an option to an int that fits, or to bytes. */
static int
option_set_value(Socket *s, int level, int option, Value v)
{
    if (is_int(v) || object_has_index(v)) {
        Own i = object_index(v);
        int64_t n;
        if (!i) {
            return -1;
        }
        bool fits = int_as_i64(i, &n) && n >= INT_MIN && n <= UINT_MAX;
        drop(i);
        if (fits) {
            int number = (int)n;
            return option_set(s, level, option, &number, sizeof number);
        }
        if (is_int(v)) {
            return raise_int(&exc_TypeError, "a bytes-like object is required, not '%T'", v);
        }
    }
    Buffer data;
    if (buffer_get_still(v, &data) < 0) {
        return -1;
    }
    int status = data.length > INT_MAX
                     ? raise_int(&exc_OverflowError, "socket option is larger than %d bytes",
                                 INT_MAX)
                     : option_set(s, level, option, data.data, (socklen_t)data.length);
    buffer_release(&data);
    return status;
}

Own
socket_py_setsockopt(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Socket *s = as_socket(self);
    int level, option;
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "socket.setsockopt() takes no keyword arguments");
    }
    if (nargs != 3 && !(nargs == 4 && args[2] == NONE)) {
        return raise_fmt(&exc_TypeError, "setsockopt() takes exactly 3 arguments (%zu given)",
                         nargs);
    }
    if (args_int("setsockopt", 1, "level", args[0], &level) < 0 ||
        args_int("setsockopt", 2, "option", args[1], &option) < 0) {
        return NO_VALUE;
    }
    if (nargs == 3 && atomic_load(&s->family) == AF_VSOCK && is_int(args[2])) {
        uint64_t wide = object_as_uint64_mask(args[2]);
        return option_set(s, level, option, &wide, sizeof wide) < 0 ? NO_VALUE : NONE;
    }
    if (nargs == 3) {
        return option_set_value(s, level, option, args[2]) < 0 ? NO_VALUE : NONE;
    }
    uint64_t length;
    Own i = object_index(args[3]);
    if (!i) {
        return NO_VALUE;
    }
    length = object_as_uint64_mask(i);
    drop(i);
    return option_set(s, level, option, NULL, (socklen_t)length) < 0 ? NO_VALUE : NONE;
}
