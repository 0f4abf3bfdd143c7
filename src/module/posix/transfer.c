/* posix: moving data between descriptors, and descriptors that are no files (events, timers,
 * memory, processes). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "heap/world.h"
#include "module/os/system.h"
#include "object/audit.h"
#include "object/buffer.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"
#include "path.h"
#include "posix_priv.h"

static int64_t
count_or_error(int64_t result)
{
    return posix_status(result) < 0 ? -1 : result;
}

/* -- several buffers -- */

typedef struct Vectors {
    Own tuple;
    Buffer *buffers;
    struct iovec *vectors;
    int64_t count;
} Vectors;

static void
vectors_free(Vectors *v)
{
    for (int64_t i = 0; i < v->count; i++) {
        buffer_release(&v->buffers[i]);
    }
    mem_free(v->buffers);
    mem_free(v->vectors);
    drop_opt(v->tuple);
}

static int
vectors_of(Vectors *v, Value sequence, const char *function, int flags)
{
    *v = (Vectors){0};
    if (!is_list(sequence) && !is_tuple(sequence) && !type_of(sequence)->slots.getitem) {
        return raise_int(&exc_TypeError, "%s() arg 2 must be a sequence", function);
    }
    v->tuple = object_to_tuple(sequence);
    if (!v->tuple) {
        return -1;
    }
    int64_t n = as_tuple(v->tuple)->length;
    v->buffers = mem_zalloc((size_t)(n + 1) * sizeof *v->buffers);
    v->vectors = v->buffers ? mem_zalloc((size_t)(n + 1) * sizeof *v->vectors) : NULL;
    if (!v->vectors) {
        return -1;
    }
    for (int64_t i = 0; i < n; i++) {
        if (buffer_get(tuple_item(v->tuple, i), &v->buffers[i], flags) < 0) {
            return -1;
        }
        v->count++;
        v->vectors[i] = (struct iovec){v->buffers[i].data, (size_t)v->buffers[i].length};
    }
    return 0;
}

#define VECTOR_CALL(name, flags, call)                                                             \
    Vectors v;                                                                                     \
    ssize_t n = -1;                                                                                \
    if (vectors_of(&v, buffers, name, flags) == 0) {                                               \
        SYSCALL(n, call);                                                                          \
        posix_status(n);                                                                           \
    }                                                                                              \
    vectors_free(&v);                                                                              \
    return n

int64_t
posix_readv(Value module UNUSED, int fd, Value buffers)
{
    VECTOR_CALL("readv", BUFFER_WRITABLE, readv(fd, v.vectors, (int)v.count));
}

int64_t
posix_writev(Value module UNUSED, int fd, Value buffers)
{
    VECTOR_CALL("writev", BUFFER_SIMPLE, writev(fd, v.vectors, (int)v.count));
}

int64_t
posix_preadv(Value module UNUSED, int fd, Value buffers, int64_t offset, int flags)
{
    VECTOR_CALL("preadv2", BUFFER_WRITABLE, preadv2(fd, v.vectors, (int)v.count, offset, flags));
}

int64_t
posix_pwritev(Value module UNUSED, int fd, Value buffers, int64_t offset, int flags)
{
    VECTOR_CALL("pwritev2", BUFFER_SIMPLE, pwritev2(fd, v.vectors, (int)v.count, offset, flags));
}

/* -- within the kernel -- */

/* An offset argument, None for the file's own position. fail: -1 */
static int
offset_of(Value v, off64_t *offset, off64_t **pointer)
{
    *pointer = NULL;
    if (v == NONE) {
        return 0;
    }
    *offset = object_as_int64(v);
    *pointer = offset;
    return *offset == -1 && exc_pending() ? -1 : 0;
}

int64_t
posix_sendfile(Value module UNUSED, int out_fd, int in_fd, Value offset, int64_t count)
{
    off64_t at, *from;
    ssize_t n;
    if (offset_of(offset, &at, &from) < 0) {
        return -1;
    }
    SYSCALL(n, sendfile64(out_fd, in_fd, from, (size_t)count));
    return count_or_error(n);
}

int64_t
posix_copy_file_range(Value module UNUSED, int src, int dst, int64_t count, Value offset_src,
                      Value offset_dst)
{
    off64_t a, b, *from, *to;
    ssize_t n;
    if (count < 0) {
        return raise_int(&exc_ValueError, "negative value for 'count' not allowed");
    }
    if (offset_of(offset_src, &a, &from) < 0 || offset_of(offset_dst, &b, &to) < 0) {
        return -1;
    }
    SYSCALL(n, copy_file_range(src, from, dst, to, (size_t)count, 0));
    return count_or_error(n);
}

int64_t
posix_splice(Value module UNUSED, int src, int dst, int64_t count, Value offset_src,
             Value offset_dst, int flags)
{
    off64_t a, b, *from, *to;
    ssize_t n;
    if (count < 0) {
        return raise_int(&exc_ValueError, "negative value for 'count' not allowed");
    }
    if (offset_of(offset_src, &a, &from) < 0 || offset_of(offset_dst, &b, &to) < 0) {
        return -1;
    }
    SYSCALL(n, splice(src, from, dst, to, (size_t)count, (unsigned)flags));
    return count_or_error(n);
}

int
posix_posix_fadvise(Value module UNUSED, int fd, int64_t offset, int64_t length, int advice)
{
    detach();
    int error = posix_fadvise(fd, offset, length, advice);
    attach();
    if (error) {
        raise_errno(error);
    }
    return error ? -1 : 0;
}

int
posix_posix_fallocate(Value module UNUSED, int fd, int64_t offset, int64_t length)
{
    int error;
    do {
        detach();
        error = posix_fallocate(fd, offset, length);
        attach();
    } while (error == EINTR && posix_retry());
    if (error && !exc_pending()) {
        raise_errno(error);
    }
    return error ? -1 : 0;
}

int
posix_lockf(Value module UNUSED, int fd, int command, int64_t length)
{
    if (audit_wanted() && audit_event("os.lockf", "iiI", fd, command, length) < 0) {
        return -1;
    }
    int result;
    SYSCALL(result, lockf(fd, command, length));
    return posix_status(result);
}

int
posix_sync(Value module UNUSED)
{
    detach();
    sync();
    attach();
    return 0;
}

/* -- events -- */

int64_t
posix_eventfd(Value module UNUSED, Value initval, int flags)
{
    uint64_t n;
    return unsigned_from_value(initval, UINT_MAX, "unsigned int", &n) < 0
               ? -1
               : count_or_error(eventfd((unsigned)n, flags));
}

Own
posix_eventfd_read(Value module UNUSED, int fd)
{
    eventfd_t value;
    int result;
    SYSCALL(result, eventfd_read(fd, &value));
    return posix_status(result) < 0 ? NO_VALUE : int_from_u64(value);
}

int
posix_eventfd_write(Value module UNUSED, int fd, Value value)
{
    uint64_t n;
    int result;
    if (unsigned_from_value(value, UINT64_MAX, "unsigned long long", &n) < 0) {
        return -1;
    }
    SYSCALL(result, eventfd_write(fd, n));
    return posix_status(result);
}

/* -- timers -- */

int64_t
posix_timerfd_create(Value module UNUSED, int clockid, int flags)
{
    return count_or_error(timerfd_create(clockid, flags));
}

static Own
timer_seconds(const struct itimerspec *t)
{
    Own pair[] = {float_new((double)t->it_value.tv_sec + (double)t->it_value.tv_nsec * 1e-9),
                  float_new((double)t->it_interval.tv_sec + (double)t->it_interval.tv_nsec * 1e-9)};
    return tuple_from_own(pair, 2);
}

static Own
timer_nanoseconds(const struct itimerspec *t)
{
    Own pair[] = {int_from_i64(t->it_value.tv_sec * 1000000000 + t->it_value.tv_nsec),
                  int_from_i64(t->it_interval.tv_sec * 1000000000 + t->it_interval.tv_nsec)};
    return tuple_from_own(pair, 2);
}

Own
posix_timerfd_gettime(Value module UNUSED, int fd)
{
    struct itimerspec t;
    return posix_status(timerfd_gettime(fd, &t)) < 0 ? NO_VALUE : timer_seconds(&t);
}

Own
posix_timerfd_gettime_ns(Value module UNUSED, int fd)
{
    struct itimerspec t;
    return posix_status(timerfd_gettime(fd, &t)) < 0 ? NO_VALUE : timer_nanoseconds(&t);
}

static struct timespec
timespec_of(int64_t ns)
{
    struct timespec t = {ns / 1000000000, ns % 1000000000};
    if (t.tv_nsec < 0) {
        t.tv_sec--;
        t.tv_nsec += 1000000000;
    }
    return t;
}

/* fail: -1 */
static int
timer_set(int fd, int flags, int64_t initial, int64_t interval, struct itimerspec *old)
{
    struct itimerspec t = {.it_value = timespec_of(initial), .it_interval = timespec_of(interval)};
    return posix_status(timerfd_settime(fd, flags, &t, old));
}

/* Seconds as nanoseconds. fail: -1 */
static int
nanoseconds_of(double seconds, int64_t *ns)
{
    Own v = float_new(seconds);
    int status = v ? time_from_value(v, 1000000000, ns) : -1;
    drop_opt(v);
    return status;
}

Own
posix_timerfd_settime(Value module UNUSED, int fd, int flags, double initial, double interval)
{
    struct itimerspec old;
    int64_t first, every;
    if (nanoseconds_of(initial, &first) < 0 || nanoseconds_of(interval, &every) < 0) {
        return NO_VALUE;
    }
    return timer_set(fd, flags, first, every, &old) < 0 ? NO_VALUE : timer_seconds(&old);
}

Own
posix_timerfd_settime_ns(Value module UNUSED, int fd, int flags, int64_t initial, int64_t interval)
{
    struct itimerspec old;
    return timer_set(fd, flags, initial, interval, &old) < 0 ? NO_VALUE : timer_nanoseconds(&old);
}

/* -- memory, processes, namespaces -- */

int64_t
posix_memfd_create(Value module UNUSED, Value name, int flags)
{
    Path path;
    int fd;
    if (path_convert(&path, name) < 0) {
        return -1;
    }
    SYSCALL(fd, memfd_create(path.text, (unsigned)flags));
    path_release(&path);
    return count_or_error(fd);
}

int64_t
posix_pidfd_open(Value module UNUSED, int pid, int flags)
{
    return count_or_error(syscall(SYS_pidfd_open, pid, (unsigned)flags));
}

int
posix_setns(Value module UNUSED, int fd, int nstype)
{
    int result;
    SYSCALL(result, setns(fd, nstype));
    return posix_status(result);
}

int
posix_unshare(Value module UNUSED, int flags)
{
    int result;
    SYSCALL(result, unshare(flags));
    return posix_status(result);
}

/* -- devices -- */

/* A device number: -1 stands for none. fail: -1 */
static int
device_of(Value v, dev_t *device)
{
    Own i = object_index(v);
    int64_t n;
    if (!i) {
        return -1;
    }
    int status = 0;
    if (int_bit_length(i) > 64 || (int_sign(i) < 0 && !(int_as_i64(i, &n) && n == -1))) {
        status = raise_int(&exc_OverflowError, "int too big to convert");
    } else {
        *device = (dev_t)object_as_uint64_mask(i);
    }
    drop(i);
    return status;
}

static Own
number_value(unsigned n)
{
    return n == UINT_MAX ? small_int(-1) : small_int(n);
}

Own
posix_major(Value module UNUSED, Value device)
{
    dev_t d;
    return device_of(device, &d) < 0 ? NO_VALUE : number_value(major(d));
}

Own
posix_minor(Value module UNUSED, Value device)
{
    dev_t d;
    return device_of(device, &d) < 0 ? NO_VALUE : number_value(minor(d));
}

static int
part_of(Value v, unsigned *part)
{
    Own i = object_index(v);
    int64_t n = 0;
    if (!i) {
        return -1;
    }
    bool fits = int_as_i64(i, &n) && n >= -1 && n <= UINT_MAX;
    drop(i);
    *part = (unsigned)n;
    return fits ? 0
                : raise_int(&exc_OverflowError,
                            "Python int too large to convert to C unsigned int");
}

Own
posix_makedev(Value module UNUSED, Value major_value, Value minor_value)
{
    unsigned a, b;
    if (part_of(major_value, &a) < 0 || part_of(minor_value, &b) < 0) {
        return NO_VALUE;
    }
    dev_t device = makedev(a, b);
    return device == (dev_t)-1 ? small_int(-1) : int_from_u64(device);
}

int
posix_mknod(Value module UNUSED, Value v, int mode, Value device, Value dir_fd)
{
    Path path;
    dev_t d = 0;
    int at, result;
    if ((device && device_of(device, &d) < 0) || dir_fd_get(dir_fd, &at) < 0 ||
        path_get(&path, "mknod", "path", v, 0) < 0) {
        return -1;
    }
    SYSCALL(result, mknodat(at, path.text, (mode_t)mode, d));
    if (result < 0) {
        raise_path(&path);
    }
    path_release(&path);
    return result;
}
