/* socket objects: life, calls that may wait, sending and receiving.
 *
 * The descriptor is in non-blocking mode whenever there is a time limit; then each operation first
 * waits by poll(). A signal interrupts both the wait and the call: its handlers run, and the rest of
 * the time is waited for (PEP 475). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/os.h"
#include "heap/world.h"
#include "module/_socket/socket_priv.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/hooks.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "socket.spec.h"

_Atomic int64_t socket_default_timeout = -1;

/* -- waiting -- */

int64_t
socket_deadline(int64_t timeout)
{
    int64_t now = os_clock_monotonic();
    return timeout <= 0 ? -1 : timeout > INT64_MAX - now ? INT64_MAX : now + timeout;
}

/* 1 ready, 0 the deadline passed, -1 a signal came. Other errors of poll() are ignored as the call that
 * follows will meet them too. */
static int
wait_for(int fd, short events, int64_t deadline)
{
    struct pollfd p = {.fd = fd, .events = events};
    for (;;) {
        int64_t left = deadline - os_clock_monotonic();
        if (deadline >= 0 && left < 0) {
            return 0;
        }
        int64_t ms = (left + 999999) / 1000000;
        errno = 0;
        detach();
        int n = poll(&p, 1, deadline < 0 ? -1 : ms > INT_MAX ? INT_MAX : (int)ms);
        attach();
        if (n != 0) {
            return n < 0 && errno == EINTR ? -1 : 1;
        }
    }
}

ssize_t
socket_attempt(Socket *s, bool waits, bool writing, SocketCall call, void *arg, int64_t deadline)
{
    int fd = descriptor_use(&s->fd);
    int ready = waits && fd >= 0 ? wait_for(fd, writing ? POLLOUT : POLLIN, deadline) : 1;
    ssize_t result = ready < 0 ? -1 : -2;
    if (ready > 0) {
        if (waits && atomic_load(&s->fd.number) != fd) {
            fd = -1; /* closed, perhaps opened again: the wait was for another socket */
        }
        errno = 0;
        detach();
        result = call(fd, arg);
        attach();
    }
    descriptor_done(&s->fd);
    return result;
}

ssize_t
socket_call_until(Socket *s, bool writing, SocketCall call, void *arg, int64_t timeout,
                  int64_t deadline)
{
    for (;;) {
        ssize_t result = socket_attempt(s, timeout > 0, writing, call, arg, deadline);
        if (result >= 0) {
            return result;
        }
        if (result == -2) {
            return raise_int(&exc_TimeoutError, "timed out");
        }
        if (errno == EINTR) {
            if (safepoint(thread_self()) < 0) {
                return -1;
            }
        } else if (timeout <= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
            raise_errno(errno);
            return -1;
        }
    }
}

ssize_t
socket_call(Socket *s, bool writing, SocketCall call, void *arg)
{
    int64_t timeout = atomic_load(&s->timeout_ns);
    return socket_call_until(s, writing, call, arg, timeout, socket_deadline(timeout));
}

static int
set_nonblocking(int fd, bool on)
{
    int flag = on;
    return posix_status(ioctl(fd, FIONBIO, &flag));
}

/* -- life -- */

/* Sets the fields of a socket that is open. fail: -1, and fd still belongs to the caller */
static int
socket_begin(Socket *s, int fd, int family, int kind, int proto)
{
    atomic_store(&s->family, family);
    atomic_store(&s->type, kind & ~(SOCK_NONBLOCK | SOCK_CLOEXEC));
    atomic_store(&s->proto, proto);
    int64_t timeout = kind & SOCK_NONBLOCK ? 0 : atomic_load(&socket_default_timeout);
    atomic_store(&s->timeout_ns, timeout);
    if (!(kind & SOCK_NONBLOCK) && timeout >= 0 && set_nonblocking(fd, true) < 0) {
        return -1;
    }
    atomic_store(&s->fd.number, fd);
    return 0;
}

Own
socket_new(Type *type, int fd, int family, int kind, int proto)
{
    Own v = type_alloc(type, 0);
    if (v) {
        atomic_store(&as_socket(v)->fd.number, -1);
    }
    if (!v || socket_begin(as_socket(v), fd, family, kind, proto) < 0) {
        close(fd);
        drop_opt(v);
        return NO_VALUE;
    }
    return v;
}

static Own
socket_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own v = type_alloc(type, 0);
    if (v) {
        atomic_store(&as_socket(v)->fd.number, -1);
        atomic_store(&as_socket(v)->timeout_ns, atomic_load(&socket_default_timeout));
    }
    return v;
}

/* What is known of a descriptor that the program gives: fills in what is -1. fail: -1 */
static int
socket_inspect(int fd, int *family, int *kind, int *proto)
{
    SocketAddress address = {0};
    socklen_t length = sizeof address, size = sizeof(int);
    if (getsockname(fd, &address.head, &length) < 0) {
        if (*family == -1 || errno == EBADF || errno == ENOTSOCK) {
            raise_errno(errno);
            return -1;
        }
    } else if (*family == -1) {
        *family = address.head.sa_family;
    }
    if ((*kind == -1 && posix_status(getsockopt(fd, SOL_SOCKET, SO_TYPE, kind, &size)) < 0) ||
        (*proto == -1 && posix_status(getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, proto, &size)) < 0)) {
        return -1;
    }
    return 0;
}

int
socket_init(Socket *self, int family, int type, int proto, Value fileno)
{
    if (audit_wanted() && audit_event("socket.__new__", "Oiii", VALUE(self), family, type, proto) < 0) {
        return -1;
    }
    int fd;
    if (fileno != NONE) {
        int64_t n = object_as_int64(fileno);
        if (n == -1 && exc_pending()) {
            return -1;
        }
        if (n < 0) {
            return raise_int(&exc_ValueError, "negative file descriptor");
        }
        if (n > INT_MAX) {
            raise_errno(EBADF);
            return -1;
        }
        fd = (int)n;
        return socket_inspect(fd, &family, &type, &proto) < 0
                   ? -1
                   : socket_begin(self, fd, family, type, proto);
    }
    family = family == -1 ? AF_INET : family;
    type = type == -1 ? SOCK_STREAM : type;
    proto = proto == -1 ? 0 : proto;
    detach();
    fd = socket(family, type | SOCK_CLOEXEC, proto);
    attach();
    if (posix_status(fd) < 0) {
        return -1;
    }
    if (socket_begin(self, fd, family, type, proto) < 0) {
        close(fd);
        return -1;
    }
    return 0;
}

int
socket_py_close(Socket *self)
{
    int fd = descriptor_take(&self->fd);
    if (fd < 0) {
        return 0;
    }
    int result = descriptor_close(&self->fd, fd);
    return result < 0 && errno != ECONNRESET ? posix_status(result) : 0;
}

static void
socket_finalize(Object *o)
{
    Socket *s = (Socket *)o;
    if (atomic_load(&s->fd.number) < 0) {
        return;
    }
    Own pending = exc_take();
    Own message = str_fmt("unclosed %R", VALUE(s));
    if (!message || object_hooks.warn(&exc_ResourceWarning, message, 1, VALUE(s)) < 0) {
        if (exc_matches(&exc_Warning)) {
            exc_write_unraisable(NULL, VALUE(s));
        }
        exc_clear();
    }
    drop_opt(message);
    int fd = descriptor_take(&s->fd);
    if (fd >= 0) {
        (void)descriptor_close(&s->fd, fd);
    }
    if (pending) {
        exc_restore(pending);
    }
}

static void
socket_dealloc(Object *o)
{
    int fd = descriptor_take(&((Socket *)o)->fd);
    if (fd >= 0) {
        close(fd);
    }
    object_free(o);
}

static Own
socket_repr(Value v)
{
    Socket *s = as_socket(v);
    return str_fmt("<socket object, fd=%d, family=%d, type=%d, proto=%d>", atomic_load(&s->fd.number),
                   atomic_load(&s->family), atomic_load(&s->type), atomic_load(&s->proto));
}

int64_t
socket_py_detach(Socket *self)
{
    return descriptor_take(&self->fd);
}

int64_t
socket_py_fileno(Socket *self)
{
    return atomic_load(&self->fd.number);
}

Own
socket_get_family(Socket *self)
{
    return small_int(atomic_load(&self->family));
}

Own
socket_get_type(Socket *self)
{
    return small_int(atomic_load(&self->type));
}

Own
socket_get_proto(Socket *self)
{
    return small_int(atomic_load(&self->proto));
}

/* -- timeouts -- */

/* The time limit, and the mode that the descriptor then is in. fail: -1 + exception */
static int
set_timeout(Socket *s, int64_t ns)
{
    atomic_store(&s->timeout_ns, ns);
    int fd = descriptor_use(&s->fd), status = set_nonblocking(fd, ns >= 0);
    descriptor_done(&s->fd);
    return status;
}

int
socket_py_getblocking(Socket *self)
{
    return atomic_load(&self->timeout_ns) != 0;
}

int
socket_py_setblocking(Socket *self, bool flag)
{
    return set_timeout(self, flag ? -1 : 0);
}

Own
socket_py_gettimeout(Socket *self)
{
    int64_t ns = atomic_load(&self->timeout_ns);
    return ns < 0 ? NONE : float_new((double)ns / 1e9);
}

Own
socket_get_timeout(Socket *self)
{
    return socket_py_gettimeout(self);
}

/* A time limit that the program gives. fail: -1 + exception, else 0 */
static int
timeout_from_value(Value v, int64_t *ns)
{
    *ns = -1;
    if (v == NONE) {
        return 0;
    }
    if (time_from_value(v, 1000000000, ns) < 0) {
        return -1;
    }
    if (*ns < 0) {
        return raise_int(&exc_ValueError, "Timeout value out of range");
    }
    if (*ns / 1000000 > INT_MAX) {
        return raise_int(&exc_OverflowError, "timeout doesn't fit into C timeval");
    }
    return 0;
}

int
socket_py_settimeout(Socket *self, Value object)
{
    int64_t ns;
    return timeout_from_value(object, &ns) < 0 ? -1 : set_timeout(self, ns);
}

int
socket_set_default_timeout(Value v)
{
    int64_t ns;
    if (timeout_from_value(v, &ns) < 0) {
        return -1;
    }
    atomic_store(&socket_default_timeout, ns);
    return 0;
}

/* -- sending and receiving -- */

typedef struct Transfer {
    void *data;
    size_t length;
    int flags;
    SocketAddress *address; /* null where none is wanted */
    socklen_t address_length;
} Transfer;

static ssize_t
call_recv(int fd, void *arg)
{
    Transfer *t = arg;
    return recv(fd, t->data, t->length, t->flags);
}

static ssize_t
call_recvfrom(int fd, void *arg)
{
    Transfer *t = arg;
    t->address_length = sizeof *t->address;
    return recvfrom(fd, t->data, t->length, t->flags, &t->address->head, &t->address_length);
}

static ssize_t
call_send(int fd, void *arg)
{
    Transfer *t = arg;
    return send(fd, t->data, t->length, t->flags);
}

static ssize_t
call_sendto(int fd, void *arg)
{
    Transfer *t = arg;
    return sendto(fd, t->data, t->length, t->flags, &t->address->head, t->address_length);
}

/* The two arguments of recv and recvfrom. */
static int
receive_arguments(const char *name, Value const *args, size_t nargs, Value kwnames, int64_t *size,
                  int *flags)
{
    if (kwnames != NO_VALUE || nargs < 1 || nargs > 2) {
        return args_check_positional(name, nargs, kwnames, 1, 2);
    }
    *flags = 0;
    if (args_ssize(name, 1, "bufsize", args[0], size) < 0 ||
        (nargs > 1 && args_int(name, 2, "flags", args[1], flags) < 0)) {
        return -1;
    }
    return *size < 0 ? raise_int(&exc_ValueError, "negative buffersize in %s", name) : 0;
}

Own
socket_py_recv(Value self, Value const *args, size_t nargs, Value kwnames)
{
    int64_t size;
    int flags;
    if (receive_arguments("recv", args, nargs, kwnames, &size, &flags) < 0) {
        return NO_VALUE;
    }
    Own bytes = bytes_new(NULL, (size_t)size);
    if (!bytes || size == 0) {
        return bytes;
    }
    Transfer t = {.data = as_bytes(bytes)->data, .length = (size_t)size, .flags = flags};
    ssize_t n = socket_call(as_socket(self), false, call_recv, &t);
    if (n < 0) {
        drop(bytes);
        return NO_VALUE;
    }
    return bytes_shrink(bytes, n);
}

Own
socket_address(Socket *s, const SocketAddress *address, socklen_t length)
{
    int fd = descriptor_use(&s->fd);
    Own value = address_to_value(fd, address, length, atomic_load(&s->proto));
    descriptor_done(&s->fd);
    return value;
}

Own
socket_py_recvfrom(Value self, Value const *args, size_t nargs, Value kwnames)
{
    int64_t size;
    int flags;
    Socket *s = as_socket(self);
    if (receive_arguments("recvfrom", args, nargs, kwnames, &size, &flags) < 0 ||
        !address_length(atomic_load(&s->family))) {
        return NO_VALUE;
    }
    Own bytes = bytes_new(NULL, (size_t)size);
    if (!bytes) {
        return NO_VALUE;
    }
    SocketAddress from = {0};
    uint8_t none[1];
    Transfer t = {.data = size ? as_bytes(bytes)->data : none, .length = (size_t)size,
                  .flags = flags, .address = &from};
    ssize_t n = socket_call(s, false, call_recvfrom, &t);
    if (n < 0) {
        drop(bytes);
        return NO_VALUE;
    }
    Own pair[] = {size ? bytes_shrink(bytes, n) : bytes,
                  socket_address(s, &from, t.address_length)};
    if (!pair[0] || !pair[1]) {
        drop_opt(pair[0]);
        drop_opt(pair[1]);
        return NO_VALUE;
    }
    return tuple_from_own(pair, 2);
}

int64_t
socket_py_recv_into(Socket *self, Buffer *buffer, int64_t nbytes, int flags)
{
    if (nbytes < 0) {
        return raise_int(&exc_ValueError, "negative buffersize in recv_into");
    }
    if (nbytes > buffer->length) {
        return raise_int(&exc_ValueError, "buffer too small for requested bytes");
    }
    size_t length = (size_t)(nbytes ? nbytes : buffer->length);
    if (!length) {
        return 0;
    }
    Transfer t = {.data = buffer->data, .length = length, .flags = flags};
    return socket_call(self, false, call_recv, &t);
}

Own
socket_py_recvfrom_into(Socket *self, Buffer *buffer, int64_t nbytes, int flags)
{
    if (nbytes < 0) {
        return raise_msg(&exc_ValueError, "negative buffersize in recvfrom_into");
    }
    if (nbytes > buffer->length) {
        return raise_msg(&exc_ValueError, "nbytes is greater than the length of the buffer");
    }
    if (!address_length(atomic_load(&self->family))) {
        return NO_VALUE;
    }
    SocketAddress from = {0};
    Transfer t = {.data = buffer->data, .length = (size_t)(nbytes ? nbytes : buffer->length),
                  .flags = flags, .address = &from};
    ssize_t n = socket_call(self, false, call_recvfrom, &t);
    Own address = n < 0 ? NO_VALUE : socket_address(self, &from, t.address_length);
    if (!address) {
        return NO_VALUE;
    }
    Own pair[] = {int_from_i64(n), address};
    return tuple_from_own(pair, 2);
}

int64_t
socket_py_send(Socket *self, Buffer *data, int flags)
{
    Transfer t = {.data = data->data, .length = (size_t)data->length, .flags = flags};
    return socket_call(self, true, call_send, &t);
}

int
socket_py_sendall(Socket *self, Buffer *data, int flags)
{
    int64_t timeout = atomic_load(&self->timeout_ns), deadline = socket_deadline(timeout);
    Transfer t = {.data = data->data, .length = (size_t)data->length, .flags = flags};
    do {
        ssize_t n = socket_call_until(self, true, call_send, &t, timeout, deadline);
        if (n < 0) {
            return -1;
        }
        t.data = (uint8_t *)t.data + n;
        t.length -= (size_t)n;
        if (safepoint(thread_self()) < 0) { /* a signal comes through even while data flows */
            return -1;
        }
    } while (t.length > 0);
    return 0;
}

Own
socket_py_sendto(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Socket *s = as_socket(self);
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "socket.sendto() takes no keyword arguments");
    }
    if (nargs < 2 || nargs > 3) {
        return raise_fmt(&exc_TypeError, "sendto() takes 2 or 3 arguments (%zu given)", nargs);
    }
    int flags = 0;
    Buffer data;
    if (buffer_get_lent(args[0], &data) < 0) {
        return NO_VALUE;
    }
    SocketAddress to = {0};
    Transfer t = {.data = data.data, .length = (size_t)data.length, .address = &to};
    ssize_t n = -1;
    if ((nargs < 3 || args_int("sendto", 2, "flags", args[1], &flags) == 0) &&
        address_from_value(s, args[nargs - 1], "sendto", &to, &t.address_length) == 0) {
        t.flags = flags;
        bool refused = audit_wanted() && audit_event("socket.sendto", "OO", self, args[nargs - 1]) < 0;
        n = refused ? -1 : socket_call(s, true, call_sendto, &t);
    }
    buffer_release(&data);
    return n < 0 ? NO_VALUE : int_from_i64(n);
}

Type socket_type = {
    .name = "_socket.socket",
    .flags = TYPE_BASE | TYPE_FINALIZED_LAST,
    .basic_size = sizeof(Socket),
    .slots = {
        .create = socket_create,
        .init = socket_init_slot,
        .finalize = socket_finalize,
        .dealloc = socket_dealloc,
        .repr = socket_repr,
    },
    .methods = socket_methods,
    .getsets = socket_getsets,
    .spec_doc = socket_doc,
};
