/* Addresses of sockets: from Python's tuples and paths to the system's structures, and back. */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <linux/can.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/qrtr.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/utf8.h"
#include "heap/world.h"
#include "module/_socket/bluetooth.h"
#include "module/_socket/socket_priv.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/args.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

/* -- text -- */

Own
system_text(const char *text, size_t length)
{
    return path_text(text, length, false);
}

Own
address_text(const struct sockaddr *address, socklen_t length)
{
    char text[NI_MAXHOST];
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;
        inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
        return str_from_cstr(text);
    }
    const struct sockaddr_in6 *in6 = (const void *)address;
    if (address->sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
        return str_from_cstr(text);
    }
    detach();
    int error = getnameinfo(address, length, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    attach();
    return error ? raise_gai(error) : str_from_cstr(text);
}

/* -- looking up -- */

int
address_resolve(const char *name, SocketAddress *address, size_t size, int family)
{
    struct addrinfo hints = {.ai_family = family}, *found = NULL;
    bool any = name[0] == 0;
    if (any) {
        hints.ai_socktype = SOCK_DGRAM;
        hints.ai_flags = AI_PASSIVE;
    } else if (strcmp(name, "<broadcast>") == 0 || strcmp(name, "255.255.255.255") == 0) {
        if (family != AF_INET && family != AF_UNSPEC) {
            return raise_int(&exc_OSError, "address family mismatched");
        }
        struct sockaddr_in *in = (void *)address;
        *in = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {INADDR_BROADCAST}};
        return 0;
    } else if (family == AF_INET6 && !strchr(name, '%')) {
        struct sockaddr_in6 *in6 = (void *)address;
        memset(in6, 0, sizeof *in6);
        in6->sin6_family = AF_INET6;
        if (inet_pton(AF_INET6, name, &in6->sin6_addr) > 0) {
            return 0;
        }
    } else if (family == AF_INET || family == AF_UNSPEC) {
        struct sockaddr_in *in = (void *)address;
        *in = (struct sockaddr_in){.sin_family = AF_INET};
        if (inet_pton(AF_INET, name, &in->sin_addr) > 0) {
            return 0;
        }
    }
    detach();
    int error = getaddrinfo(any ? NULL : name, any ? "0" : NULL, &hints, &found);
    attach();
    if (error) {
        raise_gai(error);
        return -1;
    }
    int status = 0;
    if (any && found->ai_next) {
        status = raise_int(&exc_OSError, "wildcard resolved to multiple address");
    } else {
        memcpy(address, found->ai_addr, found->ai_addrlen < size ? found->ai_addrlen : size);
    }
    freeaddrinfo(found);
    return status;
}

/* An ASCII host name as it is, unless a label of it is empty or too long. */
static bool
plain_host_name(const Str *s)
{
    int64_t label = 0;
    for (int64_t i = 0; s->ascii && i < s->length; i++) {
        if (s->data[i] == '.') {
            if (label == 0) {
                return false;
            }
            label = 0;
        } else if (++label > 63) {
            return false;
        }
    }
    return s->ascii;
}

Own
host_name_bytes(Value v)
{
    if (!is_str(v)) {
        return is_bytes(v) ? own(v) : bytes_from_buffer(v);
    }
    const Str *s = as_str(v);
    if (plain_host_name(s)) {
        return bytes_new(s->data, (size_t)s->length);
    }
    Own codec = str_from_cstr("idna");
    Own result = codec ? call_method1(v, "encode", codec) : NO_VALUE;
    drop_opt(codec);
    return result;
}

/* The host part of an address. own: ret new bytes, without NULs */
static Own
host_argument(Value v)
{
    static const char *const kinds = "str, bytes or bytearray expected, not %T";
    if (!is_str(v) && !is_bytes(v) && strcmp(type_of(v)->name, "bytearray") != 0) {
        return raise_fmt(&exc_TypeError, kinds, v);
    }
    Own bytes = is_str(v) && as_str(v)->ascii
                    ? bytes_new(as_str(v)->data, (size_t)as_str(v)->length)
                    : host_name_bytes(v);
    if (bytes && strlen((const char *)as_bytes(bytes)->data) !=
                     (size_t)as_bytes(bytes)->length) {
        drop(bytes);
        return raise_msg(&exc_TypeError, "host name must not contain null character");
    }
    return bytes;
}

/* -- from Python -- */

typedef struct Source {
    Socket *socket;
    Value value; /* the address as given */
    const char *caller;
} Source;

/* A tuple of least to most items. fail: -1 */
static int
source_tuple(const Source *s, const char *family, int64_t least, int64_t most, const char *shape)
{
    if (!is_tuple(s->value)) {
        return raise_int(&exc_TypeError, "%s(): %s address must be tuple, not %T", s->caller,
                         family, s->value);
    }
    int64_t n = as_tuple(s->value)->length;
    return n < least || n > most ? raise_int(&exc_TypeError, "%s", shape) : 0;
}

/* Item i as an int; `otherwise` where the tuple is shorter. fail: -1 + pending */
static int
source_int(const Source *s, int64_t i, int otherwise, int *out)
{
    *out = otherwise;
    return i < as_tuple(s->value)->length
               ? args_int(s->caller, 0, "address", tuple_item(s->value, i), out)
               : 0;
}

static int
source_u32(const Source *s, int64_t i, uint32_t *out)
{
    *out = 0;
    if (i >= as_tuple(s->value)->length) {
        return 0;
    }
    Own n = object_index(tuple_item(s->value, i));
    if (!n) {
        return -1;
    }
    *out = (uint32_t)object_as_uint64_mask(n);
    drop(n);
    return 0;
}

static int
source_port(const Source *s, uint16_t *port)
{
    Own n = object_index(tuple_item(s->value, 1));
    int64_t number = -1;
    if (!n) {
        return -1;
    }
    bool fits = int_as_i64(n, &number);
    drop(n);
    if (!fits || number < 0 || number > 0xFFFF) {
        return raise_int(&exc_OverflowError, "%s(): port must be 0-65535.", s->caller);
    }
    *port = htons((uint16_t)number);
    return 0;
}

static int
from_inet(const Source *s, SocketAddress *address, socklen_t *length)
{
    struct sockaddr_in *in = (void *)address;
    uint16_t port;
    if (source_tuple(s, "AF_INET", 2, 2, "AF_INET address must be a pair (host, port)") < 0) {
        return -1;
    }
    Own host = host_argument(tuple_item(s->value, 0));
    if (!host) {
        return -1;
    }
    Own number = object_index(tuple_item(s->value, 1)); /* its type is checked before the look-up */
    int status = number ? address_resolve((const char *)as_bytes(host)->data, address, sizeof *in,
                                          AF_INET)
                        : -1;
    drop_opt(number);
    drop(host);
    if (status < 0 || source_port(s, &port) < 0) {
        return -1;
    }
    in->sin_family = AF_INET;
    in->sin_port = port;
    *length = sizeof *in;
    return 0;
}

static int
from_inet6(const Source *s, SocketAddress *address, socklen_t *length)
{
    struct sockaddr_in6 *in = (void *)address;
    uint16_t port;
    uint32_t flow, scope;
    if (source_tuple(s, "AF_INET6", 2, 4,
                     "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])") < 0) {
        return -1;
    }
    Own host = host_argument(tuple_item(s->value, 0));
    if (!host) {
        return -1;
    }
    int status = source_u32(s, 2, &flow) < 0 || source_u32(s, 3, &scope) < 0 ? -1 : 0;
    if (status == 0) {
        status = address_resolve((const char *)as_bytes(host)->data, address, sizeof *in, AF_INET6);
    }
    drop(host);
    if (status < 0 || source_port(s, &port) < 0) {
        return -1;
    }
    if (flow > 0xFFFFF) {
        return raise_int(&exc_OverflowError, "%s(): flowinfo must be 0-1048575.", s->caller);
    }
    in->sin6_family = AF_INET6;
    in->sin6_port = port;
    in->sin6_flowinfo = htonl(flow);
    if (as_tuple(s->value)->length > 3 || !in->sin6_scope_id) {
        in->sin6_scope_id = scope;
    }
    *length = sizeof *in;
    return 0;
}

static int
from_unix(const Source *s, SocketAddress *address, socklen_t *length)
{
    Buffer path = {0};
    Own encoded = NO_VALUE;
    if (is_str(s->value)) {
        /* an address may have NULs, unlike a path: encode without path_get */
        Own codec = str_from_cstr("utf-8"), errors = str_from_cstr("surrogateescape");
        encoded = codec && errors ? call_method2(s->value, "encode", codec, errors) : NO_VALUE;
        drop_opt(codec);
        drop_opt(errors);
        if (!encoded) {
            return -1;
        }
    }
    if (buffer_get_still(encoded ? (Value)encoded : s->value, &path) < 0) {
        drop_opt(encoded);
        return -1;
    }
    struct sockaddr_un *un = &address->path;
    size_t n = (size_t)path.length;
    bool abstract = n > 0 && path.data[0] == 0;
    int status = 0;
    if (n > sizeof un->sun_path || (!abstract && n == sizeof un->sun_path)) {
        status = raise_int(&exc_OSError, "AF_UNIX path too long");
    } else {
        *un = (struct sockaddr_un){.sun_family = AF_UNIX};
        memcpy(un->sun_path, path.data, n);
        *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (abstract || !n ? 0 : 1));
    }
    buffer_release(&path);
    drop_opt(encoded);
    return status;
}

static int
from_netlink(const Source *s, SocketAddress *address, socklen_t *length)
{
    struct sockaddr_nl *nl = (void *)address;
    int pid, groups;
    if (source_tuple(s, "AF_NETLINK", 2, 2, "AF_NETLINK address must be a pair (pid, groups)") <
            0 ||
        source_int(s, 0, 0, &pid) < 0 || source_int(s, 1, 0, &groups) < 0) {
        return -1;
    }
    *nl = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = (uint32_t)pid,
                               .nl_groups = (uint32_t)groups};
    *length = sizeof *nl;
    return 0;
}

/* The index of the interface that item i names; 0 for "". fail: -1 */
static int
source_interface(const Source *s, int64_t i, int *index)
{
    Path name;
    if (path_get(&name, s->caller, "interface", tuple_item(s->value, i), 0) < 0) {
        return -1;
    }
    int status = 0;
    *index = 0;
    if (name.text[0]) {
        struct ifreq request = {0};
        if (strlen(name.text) >= sizeof request.ifr_name) {
            status = raise_int(&exc_OSError, "interface name too long");
        } else {
            strcpy(request.ifr_name, name.text);
            int fd = descriptor_use(&s->socket->fd);
            status = posix_status(ioctl(fd, SIOCGIFINDEX, &request));
            descriptor_done(&s->socket->fd);
            *index = request.ifr_ifindex;
        }
    }
    path_release(&name);
    return status;
}

static int
from_packet(const Source *s, SocketAddress *address, socklen_t *length)
{
    struct sockaddr_ll *ll = (void *)address;
    int index, proto, kind, hardware;
    if (source_tuple(s, "AF_PACKET", 2, 5,
                     "AF_PACKET address must be a tuple of two to five elements") < 0 ||
        source_int(s, 1, 0, &proto) < 0 || source_int(s, 2, 0, &kind) < 0 ||
        source_int(s, 3, 0, &hardware) < 0) {
        return -1;
    }
    if (proto < 0 || proto > 0xFFFF) {
        return raise_int(&exc_OverflowError, "%s(): proto must be 0-65535.", s->caller);
    }
    Buffer physical = {0};
    if (as_tuple(s->value)->length > 4 &&
        buffer_get_still(tuple_item(s->value, 4), &physical) < 0) {
        return -1;
    }
    int status = physical.length > 8
                     ? raise_int(&exc_ValueError, "Hardware address must be 8 bytes or less")
                     : source_interface(s, 0, &index);
    if (status == 0) {
        *ll = (struct sockaddr_ll){.sll_family = AF_PACKET, .sll_protocol = htons((uint16_t)proto),
                                   .sll_ifindex = index, .sll_pkttype = (uint8_t)kind,
                                   .sll_hatype = (uint16_t)hardware,
                                   .sll_halen = (uint8_t)physical.length};
        if (physical.length) {
            memcpy(ll->sll_addr, physical.data, (size_t)physical.length);
        }
        *length = sizeof *ll;
    }
    buffer_release(&physical);
    return status;
}

static int
from_can(const Source *s, SocketAddress *address, socklen_t *length)
{
    struct sockaddr_can *can = (void *)address;
    int proto = atomic_load(&s->socket->proto), index;
    *can = (struct sockaddr_can){.can_family = AF_CAN};
    *length = sizeof *can;
    if (proto == CAN_ISOTP) {
        uint32_t rx, tx;
        if (source_tuple(s, "AF_CAN", 3, 3,
                         "AF_CAN address must be a tuple (interface, rx_addr, tx_addr)") < 0 ||
            source_u32(s, 1, &rx) < 0 || source_u32(s, 2, &tx) < 0 ||
            source_interface(s, 0, &index) < 0) {
            return -1;
        }
        can->can_addr.tp.rx_id = rx;
        can->can_addr.tp.tx_id = tx;
    } else if (proto == CAN_J1939) {
        uint32_t group, station;
        if (source_tuple(s, "AF_CAN", 4, 4,
                         "AF_CAN address must be a tuple (interface, name, pgn, addr)") < 0) {
            return -1;
        }
        Own name = object_index(tuple_item(s->value, 1));
        if (!name) {
            return -1;
        }
        can->can_addr.j1939.name = object_as_uint64_mask(name);
        drop(name);
        if (source_u32(s, 2, &group) < 0 || source_u32(s, 3, &station) < 0 ||
            source_interface(s, 0, &index) < 0) {
            return -1;
        }
        can->can_addr.j1939.pgn = group;
        can->can_addr.j1939.addr = (uint8_t)station;
    } else if (source_tuple(s, "AF_CAN", 1, 1, "AF_CAN address must be a tuple (interface, )") <
                   0 ||
               source_interface(s, 0, &index) < 0) {
        return -1;
    }
    can->can_ifindex = index;
    return 0;
}

static int
from_tipc(const Source *s, SocketAddress *address, socklen_t *length)
{
    struct sockaddr_tipc *tipc = (void *)address;
    uint32_t kind, v[3];
    int scope;
    if (source_tuple(s, "AF_TIPC", 4, 5, "AF_TIPC address must be a tuple of four or five items") <
            0 ||
        source_u32(s, 0, &kind) < 0 || source_u32(s, 1, &v[0]) < 0 ||
        source_u32(s, 2, &v[1]) < 0 || source_u32(s, 3, &v[2]) < 0 ||
        source_int(s, 4, TIPC_CLUSTER_SCOPE, &scope) < 0) {
        return -1;
    }
    memset(tipc, 0, sizeof *tipc);
    tipc->family = AF_TIPC;
    tipc->scope = (signed char)scope;
    tipc->addrtype = (unsigned char)kind;
    if (kind == TIPC_ADDR_NAMESEQ) {
        tipc->addr.nameseq.type = v[0];
        tipc->addr.nameseq.lower = v[1];
        tipc->addr.nameseq.upper = v[2];
    } else if (kind == TIPC_ADDR_NAME) {
        tipc->addr.name.name.type = v[0];
        tipc->addr.name.name.instance = v[1];
    } else if (kind == TIPC_ADDR_ID) {
        tipc->addr.id.node = v[0];
        tipc->addr.id.ref = v[1];
    } else {
        return raise_int(&exc_TypeError, "Invalid address type");
    }
    *length = sizeof *tipc;
    return 0;
}

static int
from_alg(const Source *s, SocketAddress *address, socklen_t *length)
{
    struct sockaddr_alg *alg = (void *)address;
    uint32_t features, mask;
    const char *kind, *name;
    if (source_tuple(s, "AF_ALG", 2, 4, "AF_ALG address must be a tuple (type, name[, feat[, "
                                        "mask]])") < 0 ||
        args_cstr(s->caller, 0, "type", tuple_item(s->value, 0), &kind) < 0 ||
        args_cstr(s->caller, 0, "name", tuple_item(s->value, 1), &name) < 0 ||
        source_u32(s, 2, &features) < 0 || source_u32(s, 3, &mask) < 0) {
        return -1;
    }
    memset(alg, 0, sizeof *alg);
    if (strlen(kind) >= sizeof alg->salg_type) {
        return raise_int(&exc_ValueError, "AF_ALG type too long.");
    }
    if (strlen(name) >= sizeof alg->salg_name) {
        return raise_int(&exc_ValueError, "AF_ALG name too long.");
    }
    alg->salg_family = AF_ALG;
    strcpy((char *)alg->salg_type, kind);
    strcpy((char *)alg->salg_name, name);
    alg->salg_feat = features;
    alg->salg_mask = mask;
    *length = sizeof *alg;
    return 0;
}

static int
from_vsock(const Source *s, SocketAddress *address, socklen_t *length)
{
    struct sockaddr_vm *vm = (void *)address;
    uint32_t cid, port;
    if (source_tuple(s, "AF_VSOCK", 2, 2, "AF_VSOCK address must be a pair (CID, Port)") < 0 ||
        source_u32(s, 0, &cid) < 0 || source_u32(s, 1, &port) < 0) {
        return -1;
    }
    *vm = (struct sockaddr_vm){.svm_family = AF_VSOCK, .svm_port = port, .svm_cid = cid};
    *length = sizeof *vm;
    return 0;
}

static int
from_qipcrtr(const Source *s, SocketAddress *address, socklen_t *length)
{
    struct sockaddr_qrtr *qrtr = (void *)address;
    uint32_t node, port;
    if (source_tuple(s, "AF_QIPCRTR", 2, 2, "AF_QIPCRTR address must be a pair (node, port)") <
            0 ||
        source_u32(s, 0, &node) < 0 || source_u32(s, 1, &port) < 0) {
        return -1;
    }
    *qrtr = (struct sockaddr_qrtr){.sq_family = AF_QIPCRTR, .sq_node = node, .sq_port = port};
    *length = sizeof *qrtr;
    return 0;
}

int
address_from_value(Socket *socket, Value v, const char *caller, SocketAddress *address,
                   socklen_t *length)
{
    Source s = {socket, v, caller};
    int family = atomic_load(&socket->family);
    switch (family) {
    case AF_INET:
    case AF_RDS:
        return from_inet(&s, address, length);
    case AF_INET6:
        return from_inet6(&s, address, length);
    case AF_UNIX:
        return from_unix(&s, address, length);
    case AF_NETLINK:
        return from_netlink(&s, address, length);
    case AF_PACKET:
        return from_packet(&s, address, length);
    case AF_CAN:
        return from_can(&s, address, length);
    case AF_TIPC:
        return from_tipc(&s, address, length);
    case AF_ALG:
        return from_alg(&s, address, length);
    case AF_VSOCK:
        return from_vsock(&s, address, length);
    case AF_QIPCRTR:
        return from_qipcrtr(&s, address, length);
    case AF_BLUETOOTH:
        return bluetooth_from_value(socket, v, caller, address, length);
    default:
        return raise_int(&exc_OSError, "%s(): bad family", caller);
    }
}

socklen_t
address_length(int family)
{
    switch (family) {
    case AF_INET:
    case AF_RDS:
    case AF_INET6:
    case AF_UNIX:
    case AF_NETLINK:
    case AF_PACKET:
    case AF_CAN:
    case AF_TIPC:
    case AF_ALG:
    case AF_VSOCK:
    case AF_QIPCRTR:
    case AF_BLUETOOTH:
        return sizeof(SocketAddress);
    default:
        raise_msg(&exc_OSError, "getsockaddrlen: bad family");
        return 0;
    }
}

/* -- to Python -- */

/* A tuple of n ints. */
static Own
ints(int n, const int64_t *numbers)
{
    Own t = tuple_new(n);
    for (int i = 0; i < n && t; i++) {
        tuple_init_item(t, i, int_from_i64(numbers[i]));
    }
    return t;
}

/* The tuple of one str (eaten) and n ints. */
static Own
text_and_ints(Own text, int n, const int64_t *numbers)
{
    Own t = text ? tuple_new(n + 1) : NO_VALUE;
    if (!t) {
        drop_opt(text);
        return NO_VALUE;
    }
    tuple_init_item(t, 0, text);
    for (int i = 0; i < n; i++) {
        tuple_init_item(t, i + 1, int_from_i64(numbers[i]));
    }
    return t;
}

static Own
interface_name(int fd, int index)
{
    struct ifreq request = {.ifr_ifindex = index};
    return index && ioctl(fd, SIOCGIFNAME, &request) == 0
               ? system_text(request.ifr_name, strnlen(request.ifr_name, sizeof request.ifr_name))
               : str_from_cstr("");
}

static Own
to_unix(const SocketAddress *address, socklen_t length)
{
    const struct sockaddr_un *un = &address->path;
    size_t n = length - offsetof(struct sockaddr_un, sun_path);
    if (length <= offsetof(struct sockaddr_un, sun_path)) {
        return str_from_cstr("");
    }
    if (un->sun_path[0] == 0) {
        return bytes_new(un->sun_path, n); /* an abstract one */
    }
    return system_text(un->sun_path, strnlen(un->sun_path, n));
}

static Own
to_packet(int fd, const struct sockaddr_ll *ll)
{
    size_t n = ll->sll_halen > sizeof ll->sll_addr ? sizeof ll->sll_addr : ll->sll_halen;
    Own values[] = {interface_name(fd, ll->sll_ifindex), small_int(ntohs(ll->sll_protocol)),
                    small_int(ll->sll_pkttype), small_int(ll->sll_hatype),
                    bytes_new(ll->sll_addr, n)};
    if (!values[0] || !values[4]) {
        drop_opt(values[0]);
        drop_opt(values[4]);
        return NO_VALUE;
    }
    return tuple_from_own(values, 5);
}

static Own
to_can(int fd, const struct sockaddr_can *can, int proto)
{
    Own name = interface_name(fd, can->can_ifindex);
    if (proto == CAN_ISOTP) {
        int64_t v[] = {can->can_addr.tp.rx_id, can->can_addr.tp.tx_id};
        return text_and_ints(name, 2, v);
    }
    if (proto == CAN_J1939 && name) {
        Own values[] = {name, int_from_u64(can->can_addr.j1939.name),
                        small_int(can->can_addr.j1939.pgn), small_int(can->can_addr.j1939.addr)};
        return values[1] ? tuple_from_own(values, 4) : (drop(name), NO_VALUE);
    }
    return text_and_ints(name, 0, NULL);
}

static Own
to_tipc(const struct sockaddr_tipc *tipc)
{
    int64_t v[5] = {tipc->addrtype, 0, 0, 0, tipc->scope};
    if (tipc->addrtype == TIPC_ADDR_NAMESEQ) {
        v[1] = tipc->addr.nameseq.type;
        v[2] = tipc->addr.nameseq.lower;
        v[3] = tipc->addr.nameseq.upper;
    } else if (tipc->addrtype == TIPC_ADDR_NAME) {
        v[1] = v[2] = tipc->addr.name.name.type;
        v[2] = v[3] = tipc->addr.name.name.instance;
    } else if (tipc->addrtype == TIPC_ADDR_ID) {
        v[1] = tipc->addr.id.node;
        v[2] = tipc->addr.id.ref;
    } else {
        return raise_msg(&exc_ValueError, "Invalid address type");
    }
    return ints(5, v);
}

Own
address_to_value(int fd, const SocketAddress *address, socklen_t length, int proto)
{
    if (length == 0) {
        return NONE; /* the system gave none */
    }
    const void *a = address;
    switch (address->head.sa_family) {
    case AF_INET: {
        int64_t port = ntohs(((const struct sockaddr_in *)a)->sin_port);
        return text_and_ints(address_text(&address->head, sizeof(struct sockaddr_in)), 1, &port);
    }
    case AF_INET6: {
        const struct sockaddr_in6 *in = a;
        int64_t v[] = {ntohs(in->sin6_port), ntohl(in->sin6_flowinfo), in->sin6_scope_id};
        return text_and_ints(address_text(&address->head, sizeof *in), 3, v);
    }
    case AF_UNIX:
        return to_unix(address, length);
    case AF_NETLINK: {
        const struct sockaddr_nl *nl = a;
        int64_t v[] = {nl->nl_pid, nl->nl_groups};
        return ints(2, v);
    }
    case AF_PACKET:
        return to_packet(fd, a);
    case AF_CAN:
        return to_can(fd, a, proto);
    case AF_TIPC:
        return to_tipc(a);
    case AF_VSOCK: {
        const struct sockaddr_vm *vm = a;
        int64_t v[] = {vm->svm_cid, vm->svm_port};
        return ints(2, v);
    }
    case AF_QIPCRTR: {
        const struct sockaddr_qrtr *qrtr = a;
        int64_t v[] = {qrtr->sq_node, qrtr->sq_port};
        return ints(2, v);
    }
    case AF_BLUETOOTH:
        return bluetooth_to_value(address, proto);
    default: { /* unknown: the family and the bytes */
        size_t n = length - offsetof(struct sockaddr, sa_data);
        n = n > sizeof address->head.sa_data ? sizeof address->head.sa_data : n;
        Own values[] = {small_int(address->head.sa_family), bytes_new(address->head.sa_data, n)};
        return values[1] ? tuple_from_own(values, 2) : NO_VALUE;
    }
    }
}
