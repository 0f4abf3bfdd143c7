/* The module _socket, for its own files: the socket object, calls that may wait, addresses. */
#ifndef WEFT_MODULE_SOCKET_PRIV_H
#define WEFT_MODULE_SOCKET_PRIV_H

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include "module/os/descriptor.h"
#include "object/buffer.h"
#include "object/object.h"

/* One thread may close a socket while another uses it: around each system call is a use of `fd`, none
 * around Python code. As on CPython a call that waits then goes on, and none begins any more. */
typedef struct Socket {
    Object head;
    Descriptor fd;
    _Atomic int family, type, proto;
    _Atomic int64_t timeout_ns; /* 0 = never wait, -1 = no limit */
} Socket;

static ALWAYS_INLINE Socket *
as_socket(Value v)
{
    return (Socket *)obj(v);
}

extern Type socket_type;
extern Own socket_gaierror, socket_herror; /* classes; immutable after the module is made */
extern _Atomic int64_t socket_default_timeout;

typedef union SocketAddress {
    struct sockaddr head;
    struct sockaddr_storage any;
    struct sockaddr_un path;
} SocketAddress;

/* One attempt at a system call: its result, -1 with errno. Runs detached. */
typedef ssize_t (*SocketCall)(int fd, void *arg);

/* Waits until the socket is ready (for writing, or reading), within its timeout, and calls; again
 * after signals and false alarms. fail: -1 + exception */
NODISCARD ssize_t socket_call(Socket *s, bool writing, SocketCall call, void *arg);
/* The same until a deadline of the monotonic clock (-1 none); timeout: the whole, for sockets that
 * never wait. */
NODISCARD ssize_t socket_call_until(Socket *s, bool writing, SocketCall call, void *arg,
                                    int64_t timeout, int64_t deadline);
int64_t socket_deadline(int64_t timeout);
/* What both repeat: waits until the deadline if so wanted, and calls. -1 + errno, EINTR also where a
 * signal ended the wait, EBADF where the socket is closed or was meanwhile; -2 the deadline passed. */
NODISCARD ssize_t socket_attempt(Socket *s, bool waits, bool writing, SocketCall call, void *arg,
                                 int64_t deadline);
/* A new socket object of the type; closes fd on failure. own: ret new */
NODISCARD Own socket_new(Type *type, int fd, int family, int kind, int proto);

/* -- addresses */
/* The system's form of an address of the socket's family. caller: "connect". fail: -1 */
NODISCARD int address_from_value(Socket *s, Value v, const char *caller, SocketAddress *address,
                                 socklen_t *length);
/* Python's form; fd: a socket's, to ask for names of interfaces. own: ret new */
NODISCARD Own address_to_value(int fd, const SocketAddress *address, socklen_t length, int proto);
/* The same of an address that a call with the socket gave. own: ret new */
NODISCARD Own socket_address(Socket *s, const SocketAddress *address, socklen_t length);
/* How long addresses of the family are at most; 0, and an exception, for unknown families. */
socklen_t address_length(int family);
/* An IP address as text. own: ret new */
NODISCARD Own address_text(const struct sockaddr *address, socklen_t length);
/* Looks a host up. fail: -1 + exception */
NODISCARD int address_resolve(const char *name, SocketAddress *address, size_t size, int family);
/* The bytes of a host name, IDNA encoded. own: ret new bytes */
NODISCARD Own host_name_bytes(Value v);
/* Text of the system as a str. own: ret new */
NODISCARD Own system_text(const char *text, size_t length);
Own raise_gai(int error) COLD;

NODISCARD int socket_add_constants(Value m);

#endif
