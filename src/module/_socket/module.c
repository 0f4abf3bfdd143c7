/* The module _socket: looking up names, byte orders, interfaces. All of it without state but the
 * default timeout, which is atomic. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "heap/world.h"
#include "module/_socket/socket_priv.h"
#include "module/exception_class.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "_socket.spec.h"

int socket_set_default_timeout(Value v);

Own socket_gaierror, socket_herror;

#define LOOKUP_ROOM 16384 /* for what the system's reentrant look-ups return */

/* -- errors -- */

static Own
raise_pair(Own cls, int code, const char *text)
{
    Own message = str_from_cstr(text);
    Value args[] = {small_int(code), message};
    Own exc = message ? object_call(cls, args, 2, NO_VALUE) : NO_VALUE;
    drop_opt(message);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

Own
raise_gai(int error)
{
    return error == EAI_SYSTEM ? raise_errno(errno)
                               : raise_pair(socket_gaierror, error, gai_strerror(error));
}

/* -- hosts -- */

/* A host given to gethostbyname and its like. own: ret new bytes */
static Own
host_of(Value v, const char *function)
{
    if (!is_str(v) && !is_bytes(v) && strcmp(type_of(v)->name, "bytearray") != 0) {
        return raise_fmt(&exc_TypeError,
                         "%s() argument 1 must be str, bytes or bytearray, not %T", function, v);
    }
    Own bytes = host_name_bytes(v);
    if (bytes &&
        strlen((const char *)as_bytes(bytes)->data) != (size_t)as_bytes(bytes)->length) {
        drop(bytes);
        return raise_msg(&exc_ValueError, "embedded null character");
    }
    return bytes;
}

static int
host_resolve(Value host, const char *function, SocketAddress *address, int family)
{
    Own bytes = host_of(host, function);
    if (!bytes) {
        return -1;
    }
    int status =
        address_resolve((const char *)as_bytes(bytes)->data, address, sizeof *address, family);
    drop(bytes);
    return status;
}

Own
socket_gethostbyname(Value module UNUSED, Value host)
{
    if (audit_wanted() && audit_event("socket.gethostbyname", "O", host) < 0) {
        return NO_VALUE;
    }
    SocketAddress address = {0};
    return host_resolve(host, "gethostbyname", &address, AF_INET) < 0
               ? NO_VALUE
               : address_text(&address.head, sizeof(struct sockaddr_in));
}

/* The names in a null-terminated array. own: ret new list */
static Own
names_list(char **names)
{
    Own list = list_new(0);
    for (; names && *names && list; names++) {
        Own name = system_text(*names, strlen(*names));
        if (!name || list_append_own(list, name) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

static Own
addresses_list(const struct hostent *h)
{
    Own list = list_new(0);
    for (char **p = h->h_addr_list; *p && list; p++) {
        char text[INET6_ADDRSTRLEN];
        inet_ntop(h->h_addrtype, *p, text, sizeof text);
        Own address = str_from_cstr(text);
        if (!address || list_append_own(list, address) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

static Own
host_tuple(const struct hostent *h, int error)
{
    if (!h) {
        return raise_pair(socket_herror, error, hstrerror(error));
    }
    Own values[] = {system_text(h->h_name, strlen(h->h_name)), names_list(h->h_aliases),
                    addresses_list(h)};
    if (!values[0] || !values[1] || !values[2]) {
        for (int i = 0; i < 3; i++) {
            drop_opt(values[i]);
        }
        return NO_VALUE;
    }
    return tuple_from_own(values, 3);
}

Own
socket_gethostbyname_ex(Value module UNUSED, Value host)
{
    if (audit_wanted() && audit_event("socket.gethostbyname", "O", host) < 0) {
        return NO_VALUE;
    }
    SocketAddress address = {0};
    if (host_resolve(host, "gethostbyname_ex", &address, AF_INET) < 0) {
        return NO_VALUE;
    }
    Own name = host_of(host, "gethostbyname_ex");
    char *room = mem_alloc(LOOKUP_ROOM);
    Own result = NO_VALUE;
    if (name && room) {
        struct hostent entry, *found = NULL;
        int error = 0;
        detach();
        gethostbyname_r((const char *)as_bytes(name)->data, &entry, room, LOOKUP_ROOM, &found,
                        &error);
        attach();
        result = host_tuple(found, error);
    }
    mem_free(room);
    drop_opt(name);
    return result;
}

Own
socket_gethostbyaddr(Value module UNUSED, Value host)
{
    if (audit_wanted() && audit_event("socket.gethostbyaddr", "O", host) < 0) {
        return NO_VALUE;
    }
    SocketAddress address = {0};
    if (host_resolve(host, "gethostbyaddr", &address, AF_UNSPEC) < 0) {
        return NO_VALUE;
    }
    int family = address.head.sa_family;
    if (family != AF_INET && family != AF_INET6) {
        return raise_msg(&exc_OSError, "unsupported address family");
    }
    const void *bytes = family == AF_INET
                            ? (const void *)&((struct sockaddr_in *)(void *)&address)->sin_addr
                            : (const void *)&((struct sockaddr_in6 *)(void *)&address)->sin6_addr;
    char *room = mem_alloc(LOOKUP_ROOM);
    if (!room) {
        return NO_VALUE;
    }
    struct hostent entry, *found = NULL;
    int error = 0;
    detach();
    gethostbyaddr_r(bytes, family == AF_INET ? 4 : 16, family, &entry, room, LOOKUP_ROOM, &found,
                    &error);
    attach();
    Own result = host_tuple(found, error);
    mem_free(room);
    return result;
}

/* -- getaddrinfo -- */

/* The C text of a host or port, in *text (null for None), kept by *holder. fail: -1 */
static int
host_text(Value v, Own *holder, const char **text)
{
    *text = NULL;
    *holder = NO_VALUE;
    if (v == NONE) {
        return 0;
    }
    if (is_str(v)) {
        *holder = host_name_bytes(v);
    } else if (is_bytes(v)) {
        *holder = own(v);
    } else {
        return raise_int(&exc_TypeError, "getaddrinfo() argument 1 must be string or None");
    }
    if (!*holder) {
        return -1;
    }
    *text = (const char *)as_bytes(*holder)->data;
    return 0;
}

static int
port_text(Value v, Own *holder, const char **text)
{
    *text = NULL;
    *holder = NO_VALUE;
    if (v == NONE) {
        return 0;
    }
    if (is_int(v)) {
        Own n = object_index(v);
        *holder = n ? object_str(n) : NO_VALUE;
        drop_opt(n);
    } else if (is_str(v) || is_bytes(v)) {
        *holder = own(v);
    } else {
        return raise_int(&exc_OSError, "Int or String expected");
    }
    if (!*holder) {
        return -1;
    }
    size_t length;
    *text = is_bytes(*holder) ? (const char *)as_bytes(*holder)->data
                              : str_utf8(*holder, &length);
    return *text ? 0 : -1;
}

static Own
addrinfo_tuple(const struct addrinfo *info)
{
    SocketAddress address = {0};
    memcpy(&address, info->ai_addr,
           info->ai_addrlen < sizeof address ? info->ai_addrlen : sizeof address);
    Own where = address_to_value(-1, &address, info->ai_addrlen, info->ai_protocol);
    const char *canonical = info->ai_canonname ? info->ai_canonname : "";
    Own name = where ? system_text(canonical, strlen(canonical)) : NO_VALUE;
    if (!name) {
        drop_opt(where);
        return NO_VALUE;
    }
    Own values[] = {small_int(info->ai_family), small_int(info->ai_socktype),
                    small_int(info->ai_protocol), name, where};
    return tuple_from_own(values, 5);
}

Own
socket_getaddrinfo(Value module UNUSED, Value host, Value port, int family, int type, int proto,
                   int flags)
{
    if (audit_wanted() && audit_event("socket.getaddrinfo", "OOiii", host, port, family, type, proto) < 0) {
        return NO_VALUE;
    }
    Own host_holder, port_holder = NO_VALUE, list = NO_VALUE;
    const char *host_c, *port_c;
    if (host_text(host, &host_holder, &host_c) == 0 &&
        port_text(port, &port_holder, &port_c) == 0) {
        struct addrinfo hints = {.ai_family = family, .ai_socktype = type, .ai_protocol = proto,
                                 .ai_flags = flags};
        struct addrinfo *found = NULL;
        detach();
        int error = getaddrinfo(host_c, port_c, &hints, &found);
        attach();
        list = error ? raise_gai(error) : list_new(0);
        for (struct addrinfo *p = found; !error && p && list; p = p->ai_next) {
            Own item = addrinfo_tuple(p);
            if (!item || list_append_own(list, item) < 0) {
                ref_clear(&list);
            }
        }
        if (!error && found) {
            freeaddrinfo(found);
        }
    }
    drop_opt(host_holder);
    drop_opt(port_holder);
    return list;
}

/* The parts of the address given to getnameinfo. fail: -1 */
static int
name_arguments(Value v, const char **host, int *port, uint32_t *flow, uint32_t *scope)
{
    *flow = *scope = 0;
    if (!is_tuple(v)) {
        return raise_int(&exc_TypeError, "getnameinfo() argument 1 must be a tuple");
    }
    int64_t n = as_tuple(v)->length;
    if (n < 2 || n > 4) {
        return raise_int(&exc_TypeError, "getnameinfo(): illegal sockaddr argument");
    }
    if (args_cstr("getnameinfo", 0, "host", tuple_item(v, 0), host) < 0 ||
        args_int("getnameinfo", 0, "port", tuple_item(v, 1), port) < 0) {
        return -1;
    }
    for (int64_t i = 2; i < n; i++) {
        Own number = object_index(tuple_item(v, i));
        if (!number) {
            return -1;
        }
        *(i == 2 ? flow : scope) = (uint32_t)object_as_uint64_mask(number);
        drop(number);
    }
    return *flow > 0xFFFFF
               ? raise_int(&exc_OverflowError, "getnameinfo(): flowinfo must be 0-1048575.")
               : 0;
}

Own
socket_getnameinfo(Value module UNUSED, Value sockaddr, int flags)
{
    if (audit_wanted() && audit_event("socket.getnameinfo", "O", sockaddr) < 0) {
        return NO_VALUE;
    }
    const char *host;
    int port;
    uint32_t flow, scope;
    if (name_arguments(sockaddr, &host, &port, &flow, &scope) < 0) {
        return NO_VALUE;
    }
    char service[16], host_name[NI_MAXHOST], service_name[NI_MAXSERV];
    snprintf(service, sizeof service, "%d", port);
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}, *found = NULL;
    detach();
    int error = getaddrinfo(host, service, &hints, &found);
    attach();
    if (error) {
        return raise_gai(error);
    }
    Own result = NO_VALUE;
    if (found->ai_next) {
        raise_msg(&exc_OSError, "sockaddr resolved to multiple addresses");
    } else if (found->ai_family == AF_INET && as_tuple(sockaddr)->length != 2) {
        raise_msg(&exc_OSError, "IPv4 sockaddr must be 2 tuple");
    } else {
        if (found->ai_family == AF_INET6) {
            struct sockaddr_in6 *in6 = (void *)found->ai_addr;
            in6->sin6_flowinfo = htonl(flow);
            in6->sin6_scope_id = scope;
        }
        detach();
        error = getnameinfo(found->ai_addr, found->ai_addrlen, host_name, sizeof host_name,
                            service_name, sizeof service_name, flags);
        attach();
        Own values[] = {error ? raise_gai(error) : system_text(host_name, strlen(host_name)),
                        NO_VALUE};
        values[1] = values[0] ? str_from_cstr(service_name) : NO_VALUE;
        result = values[1] ? tuple_from_own(values, 2) : (drop_opt(values[0]), NO_VALUE);
    }
    freeaddrinfo(found);
    return result;
}

/* -- this machine, services, protocols -- */

Own
socket_gethostname(Value module UNUSED)
{
    if (audit_wanted() && audit_event("socket.gethostname", "") < 0) {
        return NO_VALUE;
    }
    char name[1024];
    return posix_status(gethostname(name, sizeof name - 1)) < 0
               ? NO_VALUE
               : system_text(name, strnlen(name, sizeof name - 1));
}

int
socket_sethostname(Value module UNUSED, Value name)
{
    if (audit_wanted() && audit_event("socket.sethostname", "O", name) < 0) {
        return -1;
    }
    Path path;
    if (path_convert(&path, name) < 0) {
        return -1;
    }
    int status = posix_status(sethostname(path.text, strlen(path.text)));
    path_release(&path);
    return status;
}

int64_t
socket_getservbyname(Value module UNUSED, const char *servicename, const char *protocolname)
{
    if (audit_wanted() && audit_event("socket.getservbyname", "ss", servicename, protocolname) < 0) {
        return -1;
    }
    char room[LOOKUP_ROOM / 4];
    struct servent entry, *found = NULL;
    detach();
    getservbyname_r(servicename, protocolname, &entry, room, sizeof room, &found);
    attach();
    return found ? ntohs((uint16_t)found->s_port)
                 : raise_int(&exc_OSError, "service/proto not found");
}

Own
socket_getservbyport(Value module UNUSED, int port, const char *protocolname)
{
    if (audit_wanted() && audit_event("socket.getservbyport", "is", port, protocolname) < 0) {
        return NO_VALUE;
    }
    char room[LOOKUP_ROOM / 4];
    struct servent entry, *found = NULL;
    if (port < 0 || port > 0xFFFF) {
        return raise_msg(&exc_OverflowError, "getservbyport: port must be 0-65535.");
    }
    detach();
    getservbyport_r(htons((uint16_t)port), protocolname, &entry, room, sizeof room, &found);
    attach();
    return found ? str_from_cstr(found->s_name) : raise_msg(&exc_OSError, "port/proto not found");
}

int64_t
socket_getprotobyname(Value module UNUSED, const char *protocolname)
{
    char room[LOOKUP_ROOM / 4];
    struct protoent entry, *found = NULL;
    detach();
    getprotobyname_r(protocolname, &entry, room, sizeof room, &found);
    attach();
    return found ? found->p_proto : raise_int(&exc_OSError, "protocol not found");
}

/* -- timeouts and descriptors -- */

Own
socket_getdefaulttimeout(Value module UNUSED)
{
    int64_t ns = atomic_load(&socket_default_timeout);
    return ns < 0 ? NONE : float_new((double)ns / 1e9);
}

int
socket_setdefaulttimeout(Value module UNUSED, Value timeout)
{
    return socket_set_default_timeout(timeout);
}

Own
socket_socketpair(Value module UNUSED, Value family_value, int type, int proto)
{
    int fds[2], family = AF_UNIX;
    if (family_value && args_int("socketpair", 1, "family", family_value, &family) < 0) {
        return NO_VALUE;
    }
    if (posix_status(socketpair(family, type | SOCK_CLOEXEC, proto, fds)) < 0) {
        return NO_VALUE;
    }
    Own first = socket_new(&socket_type, fds[0], family, type, proto);
    if (!first) {
        close(fds[1]);
        return NO_VALUE;
    }
    Own pair[] = {first, socket_new(&socket_type, fds[1], family, type, proto)};
    if (!pair[1]) {
        drop(first);
        return NO_VALUE;
    }
    return tuple_from_own(pair, 2);
}

/* A descriptor as sockets have them: any C long, cut to an int. fail: -1 + pending */
static int
descriptor_of(Value v, int *fd)
{
    int64_t n = object_as_int64(v);
    *fd = (int)n;
    return n == -1 && exc_pending() ? -1 : 0;
}

int
socket_close(Value module UNUSED, Value v)
{
    int fd;
    if (descriptor_of(v, &fd) < 0) {
        return -1;
    }
    errno = 0;
    detach();
    int result = close(fd);
    attach();
    return result < 0 && errno != ECONNRESET ? posix_status(result) : 0;
}

int64_t
socket_dup(Value module UNUSED, Value v)
{
    int fd;
    if (descriptor_of(v, &fd) < 0) {
        return -1;
    }
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return posix_status(copy) < 0 ? -1 : copy;
}

/* -- numbers and addresses -- */

int64_t
socket_htons(Value module UNUSED, Value integer)
{
    uint64_t n;
    return unsigned_from_value(integer, UINT16_MAX, "uint16_t", &n) < 0 ? -1 : htons((uint16_t)n);
}

int64_t
socket_ntohs(Value module, Value integer)
{
    return socket_htons(module, integer);
}

int64_t
socket_htonl(Value module UNUSED, Value integer)
{
    uint64_t n;
    return unsigned_from_value(integer, UINT32_MAX, "uint32_t", &n) < 0
               ? -1
               : (int64_t)htonl((uint32_t)n);
}

int64_t
socket_ntohl(Value module, Value integer)
{
    return socket_htonl(module, integer);
}

Own
socket_inet_aton(Value module UNUSED, const char *text)
{
    struct in_addr address;
    return text[0] && inet_aton(text, &address)
               ? bytes_new(&address, sizeof address)
               : raise_msg(&exc_OSError, "illegal IP address string passed to inet_aton");
}

Own
socket_inet_ntoa(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    Buffer data;
    if (args_check_positional("_socket.inet_ntoa", nargs, kwnames, 1, 1) < 0 ||
        buffer_get_still(args[0], &data) < 0) {
        return NO_VALUE;
    }
    char text[INET_ADDRSTRLEN];
    Own result = data.length != 4
                     ? raise_msg(&exc_OSError, "packed IP wrong length for inet_ntoa")
                     : str_from_cstr(inet_ntop(AF_INET, data.data, text, sizeof text));
    buffer_release(&data);
    return result;
}

Own
socket_inet_pton(Value module UNUSED, int family, const char *text)
{
    uint8_t packed[16];
    int status = inet_pton(family, text, packed);
    if (status < 0) {
        return raise_errno(errno);
    }
    return status ? bytes_new(packed, family == AF_INET ? 4 : 16)
                  : raise_msg(&exc_OSError, "illegal IP address string passed to inet_pton");
}

Own
socket_inet_ntop(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    int family;
    Buffer data;
    if (args_check_positional("inet_ntop", nargs, kwnames, 2, 2) < 0 ||
        args_int("inet_ntop", 1, "address_family", args[0], &family) < 0 ||
        buffer_get_still(args[1], &data) < 0) {
        return NO_VALUE;
    }
    char text[INET6_ADDRSTRLEN];
    Own result = NO_VALUE;
    if (family != AF_INET && family != AF_INET6) {
        raise_fmt(&exc_ValueError, "unknown address family %d", family);
    } else if (data.length != (family == AF_INET ? 4 : 16)) {
        raise_msg(&exc_ValueError, "invalid length of packed IP address string");
    } else {
        result = str_from_cstr(inet_ntop(family, data.data, text, sizeof text));
    }
    buffer_release(&data);
    return result;
}

/* -- interfaces -- */

Own
socket_if_nameindex(Value module UNUSED)
{
    struct if_nameindex *all = if_nameindex();
    if (!all) {
        return raise_errno(errno);
    }
    Own list = list_new(0);
    for (struct if_nameindex *p = all; p->if_index && list; p++) {
        Own values[] = {small_int(p->if_index), system_text(p->if_name, strlen(p->if_name))};
        Own pair = values[1] ? tuple_from_own(values, 2) : NO_VALUE;
        if (!pair || list_append_own(list, pair) < 0) {
            ref_clear(&list);
        }
    }
    if_freenameindex(all);
    return list;
}

int64_t
socket_if_nametoindex(Value module UNUSED, Value name)
{
    Path path;
    if (path_convert(&path, name) < 0) {
        return -1;
    }
    errno = 0;
    unsigned index = if_nametoindex(path.text);
    if (!index) {
        raise_errno(errno ? errno : ENODEV);
    }
    path_release(&path);
    return index ? (int64_t)index : -1;
}

Own
socket_if_indextoname(Value module UNUSED, Value if_index)
{
    uint64_t index;
    char name[IF_NAMESIZE + 1];
    if (unsigned_from_value(if_index, UINT_MAX, "unsigned int", &index) < 0) {
        return NO_VALUE;
    }
    return if_indextoname((unsigned)index, name) ? system_text(name, strlen(name))
                                                 : raise_errno(errno);
}

/* -- ancillary data -- */

int64_t
socket_CMSG_LEN(Value module UNUSED, int64_t length)
{
    return length < 0 || length > (int64_t)(INT_MAX - CMSG_LEN(0))
               ? raise_int(&exc_OverflowError, "CMSG_LEN() argument out of range")
               : (int64_t)CMSG_LEN((size_t)length);
}

int64_t
socket_CMSG_SPACE(Value module UNUSED, int64_t length)
{
    return length < 0 || length > (int64_t)(INT_MAX - CMSG_SPACE(1))
               ? raise_int(&exc_OverflowError, "CMSG_SPACE() argument out of range")
               : (int64_t)CMSG_SPACE((size_t)length);
}

static int
socket_exec(Value m)
{
    if (!socket_gaierror) {
        socket_herror = exception_class_new("socket", "herror", VALUE(&exc_OSError),
                                        "The look-up of a host's address failed.");
        socket_gaierror = exception_class_new("socket", "gaierror", VALUE(&exc_OSError),
                                          "The look-up of a host or service failed.");
    }
    return !socket_herror || !socket_gaierror ||
                   module_add(m, "herror", own(socket_herror)) < 0 ||
                   module_add(m, "gaierror", own(socket_gaierror)) < 0 ||
                   module_add(m, "error", own(VALUE(&exc_OSError))) < 0 ||
                   module_add(m, "timeout", own(VALUE(&exc_TimeoutError))) < 0 ||
                   module_add(m, "has_ipv6", TRUE_VALUE) < 0 ||
                   module_add_type(m, &socket_type) < 0 ||
                   module_add(m, "SocketType", own(VALUE(&socket_type))) < 0 ||
                   socket_add_constants(m) < 0
               ? -1
               : 0;
}

const ModuleDef module__socket = {
    .name = "_socket",
    .doc = socket_module_doc,
    .functions = socket_functions,
    .exec = socket_exec,
};
