/* Sockets: messages with ancillary data (sendmsg, recvmsg), and those of AF_ALG. */
#include <errno.h>
#include <limits.h>
#include <linux/if_alg.h>
#include <sys/uio.h>

#include "heap/world.h"
#include "module/_socket/socket_priv.h"
#include "module/posix/path.h"
#include "object/args.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

/* Declared in socket.spec.h, which only socket.c may include. */
Own socket_py_recvmsg(Socket *self, int64_t bufsize, int64_t ancbufsize, int flags);
Own socket_py_recvmsg_into(Value self, Value const *args, size_t nargs, Value kwnames);
Own socket_py_sendmsg(Value self, Value const *args, size_t nargs, Value kwnames);
int64_t socket_py_sendmsg_afalg(Socket *self, Value msg, Value op, Value iv, Value assoclen,
                                int flags);


/* Buffers of an iterable, as the system wants them. */
typedef struct Pieces {
    Own list;
    Buffer *buffers;
    struct iovec *vectors;
    int64_t count;
} Pieces;

static void
pieces_free(Pieces *p)
{
    for (int64_t i = 0; i < p->count; i++) {
        buffer_release(&p->buffers[i]);
    }
    mem_free(p->buffers);
    mem_free(p->vectors);
    drop_opt(p->list);
}

static int
pieces_of(Pieces *p, Value iterable, int flags, const char *name)
{
    *p = (Pieces){0};
    Own fast = sequence_fast(iterable, flags & BUFFER_WRITABLE
                                           ? "recvmsg_into() argument 1 must be an iterable"
                                           : "sendmsg() argument 1 must be an iterable");
    p->list = fast ? object_to_tuple(fast) : NO_VALUE;
    drop_opt(fast);
    if (!p->list) {
        return -1;
    }
    int64_t n = as_tuple(p->list)->length;
    if (n > INT_MAX) {
        return raise_int(&exc_OSError, "%s() argument 1 is too long", name);
    }
    p->buffers = mem_zalloc((size_t)(n + 1) * sizeof *p->buffers);
    p->vectors = p->buffers ? mem_zalloc((size_t)(n + 1) * sizeof *p->vectors) : NULL;
    if (!p->vectors) {
        return -1;
    }
    for (int64_t i = 0; i < n; i++) {
        Buffer *b = &p->buffers[i];
        if (buffer_get(tuple_item(p->list, i), b, flags) < 0) {
            if (flags & BUFFER_WRITABLE) {
                exc_clear();
                return raise_int(&exc_TypeError, "recvmsg_into() argument 1 must be an iterable of "
                                                 "single-segment read-write buffers");
            }
            return -1;
        }
        p->count++;
        p->vectors[i] = (struct iovec){b->data, (size_t)b->length};
    }
    return 0;
}

/* -- receiving -- */

typedef struct Message {
    struct msghdr header;
    int flags;
    SocketAddress address;
    void *control;
    size_t control_length;
} Message;

static ssize_t
call_recvmsg(int fd, void *arg)
{
    Message *m = arg;
    m->header.msg_name = &m->address;
    m->header.msg_namelen = sizeof m->address;
    m->header.msg_control = m->control;
    m->header.msg_controllen = m->control_length;
    return recvmsg(fd, &m->header, m->flags);
}

/* (level, type, data) of each item of ancillary data that is there, the last one as far as it fits.
 * own: ret new list */
static Own
ancillary_list(struct msghdr *header)
{
    Own list = list_new(0);
    const uint8_t *end = (const uint8_t *)header->msg_control + header->msg_controllen;
    struct cmsghdr *item = header->msg_controllen ? CMSG_FIRSTHDR(header) : NULL;
    for (; item && list; item = CMSG_NXTHDR(header, item)) {
        const uint8_t *data = CMSG_DATA(item);
        if (data > end || item->cmsg_len < CMSG_LEN(0)) {
            break;
        }
        size_t length = item->cmsg_len - CMSG_LEN(0), room = (size_t)(end - data);
        bool cut = length > room;
        Own values[] = {small_int(item->cmsg_level), small_int(item->cmsg_type),
                        bytes_new(data, cut ? room : length)};
        Own triple = values[2] ? tuple_from_own(values, 3) : NO_VALUE;
        if (!triple || list_append_own(list, triple) < 0) {
            ref_clear(&list);
        }
        if (cut) {
            break;
        }
    }
    return list;
}

/* Receives into the vectors: (what, ancillary data, flags, address); `what` is the number of bytes,
 * or the bytes (eaten) cut to it. */
static Own
receive_message(Socket *s, struct iovec *vectors, int64_t count, int64_t control, int flags,
                Own bytes)
{
    Message m = {.flags = flags, .header = {.msg_iov = vectors, .msg_iovlen = (size_t)count}};
    Own values[4] = {bytes};
    if (!address_length(atomic_load(&s->family))) {
        goto fail;
    }
    if (control < 0 || control > INT_MAX) {
        raise_msg(&exc_ValueError, "invalid ancillary data buffer length");
        goto fail;
    }
    if (control) {
        m.control_length = (size_t)control;
        m.control = mem_alloc(m.control_length);
        if (!m.control) {
            goto fail;
        }
    }
    ssize_t n = socket_call(s, false, call_recvmsg, &m);
    if (n < 0) {
        goto fail;
    }
    values[0] = bytes ? bytes_shrink(bytes, n) : int_from_i64(n);
    values[1] = ancillary_list(&m.header);
    values[2] = small_int(m.header.msg_flags);
    values[3] = socket_address(s, &m.address,
                               m.header.msg_namelen > sizeof m.address ? sizeof m.address
                                                                       : m.header.msg_namelen);
    if (values[0] && values[1] && values[3]) {
        mem_free(m.control);
        return tuple_from_own(values, 4);
    }
fail:
    mem_free(m.control);
    for (int i = 0; i < 4; i++) {
        drop_opt(values[i]);
    }
    return NO_VALUE;
}

Own
socket_py_recvmsg(Socket *self, int64_t bufsize, int64_t ancbufsize, int flags)
{
    if (bufsize < 0) {
        return raise_msg(&exc_ValueError, "negative buffer size in recvmsg()");
    }
    Own bytes = bytes_new(NULL, (size_t)bufsize);
    if (!bytes) {
        return NO_VALUE;
    }
    uint8_t none[1];
    struct iovec vector = {bufsize ? as_bytes(bytes)->data : none, (size_t)bufsize};
    return receive_message(self, &vector, 1, ancbufsize, flags, bytes);
}

Own
socket_py_recvmsg_into(Value self, Value const *args, size_t nargs, Value kwnames)
{
    int64_t control = 0;
    int flags = 0;
    if ((kwnames != NO_VALUE || nargs < 1 || nargs > 3) &&
        args_check_positional("recvmsg_into", nargs, kwnames, 1, 3) < 0) {
        return NO_VALUE;
    }
    if ((nargs > 1 && args_ssize("recvmsg_into", 2, "ancbufsize", args[1], &control) < 0) ||
        (nargs > 2 && args_int("recvmsg_into", 3, "flags", args[2], &flags) < 0)) {
        return NO_VALUE;
    }
    Pieces pieces;
    Own result = NO_VALUE;
    if (pieces_of(&pieces, args[0], BUFFER_WRITABLE, "recvmsg_into") == 0) {
        result = receive_message(as_socket(self), pieces.vectors, pieces.count, control, flags,
                                 NO_VALUE);
    }
    pieces_free(&pieces);
    return result;
}

/* -- sending -- */

static ssize_t
call_sendmsg(int fd, void *arg)
{
    Message *m = arg;
    return sendmsg(fd, &m->header, m->flags);
}

/* One item of ancillary data that the program gives. */
typedef struct Ancillary {
    int level, type;
    Buffer data;
} Ancillary;

static int
ancillary_of(Ancillary *item, Value v)
{
    if (!is_tuple(v)) {
        return raise_int(&exc_TypeError,
                         "[sendmsg() ancillary data items]() argument must be 3-item tuple, not %T",
                         v);
    }
    int64_t n = as_tuple(v)->length;
    if (n != 3) {
        return raise_int(
            &exc_TypeError,
            "[sendmsg() ancillary data items]() argument must be tuple of length 3, not %zd", n);
    }
    const char *name = "[sendmsg() ancillary data items]";
    return args_int(name, 1, "level", tuple_item(v, 0), &item->level) < 0 ||
                   args_int(name, 2, "type", tuple_item(v, 1), &item->type) < 0 ||
                   buffer_get_still(tuple_item(v, 2), &item->data) < 0
               ? -1
               : 0;
}

/* Lays the items out one after the other. fail: -1 */
static int
ancillary_pack(Message *m, const Ancillary *items, int64_t count)
{
    size_t total = 0;
    for (int64_t i = 0; i < count; i++) {
        size_t length = (size_t)items[i].data.length;
        if (length > INT_MAX - CMSG_SPACE(0) || total > INT_MAX - CMSG_SPACE(length)) {
            return raise_int(&exc_OSError, length > INT_MAX - CMSG_SPACE(0)
                                               ? "ancillary data item too large"
                                               : "too much ancillary data");
        }
        total += CMSG_SPACE(length);
    }
    if (!total) {
        return 0;
    }
    m->control = mem_zalloc(total);
    if (!m->control) {
        return -1;
    }
    uint8_t *at = m->control;
    for (int64_t i = 0; i < count; i++) {
        size_t length = (size_t)items[i].data.length;
        struct cmsghdr *header = (struct cmsghdr *)(void *)at;
        header->cmsg_level = items[i].level;
        header->cmsg_type = items[i].type;
        header->cmsg_len = CMSG_LEN(length);
        memcpy(CMSG_DATA(header), items[i].data.data, length);
        at += CMSG_SPACE(length);
    }
    m->header.msg_control = m->control;
    m->header.msg_controllen = total;
    return 0;
}

static int
message_add_ancillary(Message *m, Value iterable)
{
    Own fast = sequence_fast(iterable, "sendmsg() argument 2 must be an iterable");
    Own tuple = fast ? object_to_tuple(fast) : NO_VALUE;
    drop_opt(fast);
    if (!tuple) {
        return -1;
    }
    int64_t n = as_tuple(tuple)->length, made = 0;
    Ancillary *items = mem_zalloc((size_t)(n + 1) * sizeof *items);
    int status = items ? 0 : -1;
    for (; status == 0 && made < n; made++) {
        status = ancillary_of(&items[made], tuple_item(tuple, made));
    }
    if (status == 0) {
        status = ancillary_pack(m, items, n);
    }
    for (int64_t i = 0; i < made; i++) {
        buffer_release(&items[i].data);
    }
    mem_free(items);
    drop(tuple);
    return status;
}

Own
socket_py_sendmsg(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Socket *s = as_socket(self);
    Message m = {0};
    if ((kwnames != NO_VALUE || nargs < 1 || nargs > 4) &&
        args_check_positional("sendmsg", nargs, kwnames, 1, 4) < 0) {
        return NO_VALUE;
    }
    if (nargs > 2 && args_int("sendmsg", 3, "flags", args[2], &m.flags) < 0) {
        return NO_VALUE;
    }
    if (nargs > 3 && args[3] != NONE) {
        socklen_t length;
        if (address_from_value(s, args[3], "sendmsg", &m.address, &length) < 0) {
            return NO_VALUE;
        }
        m.header.msg_name = &m.address;
        m.header.msg_namelen = length;
    }
    if (audit_wanted() && audit_event("socket.sendmsg", "OO", self, nargs > 3 ? args[3] : NO_VALUE) < 0) {
        return NO_VALUE;
    }
    Pieces pieces;
    ssize_t n = -1;
    if (pieces_of(&pieces, args[0], BUFFER_SIMPLE, "sendmsg") == 0 &&
        (nargs < 2 || message_add_ancillary(&m, args[1]) == 0)) {
        m.header.msg_iov = pieces.vectors;
        m.header.msg_iovlen = (size_t)pieces.count;
        n = socket_call(s, true, call_sendmsg, &m);
    }
    pieces_free(&pieces);
    mem_free(m.control);
    return n < 0 ? NO_VALUE : int_from_i64(n);
}

/* An item of ancillary data for the kernel's cryptography. */
static void *
alg_item(struct cmsghdr *header, int type, size_t length)
{
    header->cmsg_level = SOL_ALG;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(length);
    return CMSG_DATA(header);
}

static void
alg_pack(Message *m, uint32_t operation, const Buffer *iv, const uint32_t *assoclen)
{
    m->header.msg_control = m->control;
    m->header.msg_controllen = m->control_length;
    struct cmsghdr *header = CMSG_FIRSTHDR(&m->header);
    memcpy(alg_item(header, ALG_SET_OP, sizeof operation), &operation, sizeof operation);
    if (iv->data) {
        header = CMSG_NXTHDR(&m->header, header);
        struct af_alg_iv *to =
            alg_item(header, ALG_SET_IV, sizeof *to + (size_t)iv->length);
        to->ivlen = (uint32_t)iv->length;
        memcpy(to->iv, iv->data, (size_t)iv->length);
    }
    if (assoclen) {
        header = CMSG_NXTHDR(&m->header, header);
        memcpy(alg_item(header, ALG_SET_AEAD_ASSOCLEN, sizeof *assoclen), assoclen,
               sizeof *assoclen);
    }
}

int64_t
socket_py_sendmsg_afalg(Socket *self, Value msg, Value op, Value iv_value, Value assoclen,
                        int flags)
{
    if (atomic_load(&self->family) != AF_ALG) {
        return raise_int(&exc_OSError, "algset is only supported for AF_ALG");
    }
    Buffer iv = {0};
    Pieces pieces = {0};
    Message m = {.flags = flags};
    int64_t associated = 0;
    ssize_t n = -1;
    int operation = op ? object_as_int(op) : -1;
    if (operation < 0) {
        return exc_pending() && op ? -1
                                   : raise_int(&exc_TypeError, "Invalid or missing argument 'op'");
    }
    if (assoclen) {
        associated = object_as_int64(assoclen);
        if (associated < 0 || associated > INT_MAX) {
            return exc_pending() ? -1
                                 : raise_int(&exc_TypeError, "assoclen must be non-negative");
        }
    }
    if ((iv_value && buffer_get_still(iv_value, &iv) < 0) ||
        (msg != NONE && pieces_of(&pieces, msg, BUFFER_SIMPLE, "sendmsg_afalg") < 0)) {
        goto end;
    }
    m.control_length = CMSG_SPACE(sizeof(uint32_t)) +
                       (iv.data ? CMSG_SPACE(sizeof(struct af_alg_iv) + (size_t)iv.length) : 0) +
                       (assoclen ? CMSG_SPACE(sizeof(uint32_t)) : 0);
    m.control = mem_zalloc(m.control_length);
    if (!m.control) {
        goto end;
    }
    uint32_t length = (uint32_t)associated;
    alg_pack(&m, (uint32_t)operation, &iv, assoclen ? &length : NULL);
    m.header.msg_iov = pieces.vectors;
    m.header.msg_iovlen = (size_t)pieces.count;
    n = socket_call(self, true, call_sendmsg, &m);
end:
    pieces_free(&pieces);
    buffer_release(&iv);
    mem_free(m.control);
    return n;
}
