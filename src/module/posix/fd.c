/* posix: file descriptors. */
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap/world.h"
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/str.h"
#include "object/structseq.h"
#include "path.h"
#include "module/os/system.h"
#include "posix_priv.h"

#define READ_MOST 0x7FFFF000 /* the kernel moves no more in one call */

int
posix_close(Value module UNUSED, int fd)
{
    detach();
    int result = close(fd);
    attach();
    return result < 0 && errno != EINTR ? posix_status(result) : 0;
}

int
posix_closerange(Value module UNUSED, int low, int high)
{
    detach();
    if (low < high && close_range((unsigned)(low < 0 ? 0 : low), (unsigned)high - 1, 0) != 0) {
        for (int fd = low; fd < high; fd++) {
            close(fd);
        }
    }
    attach();
    return 0;
}

int64_t
posix_dup(Value module UNUSED, int fd)
{
    int result;
    SYSCALL(result, fcntl(fd, F_DUPFD_CLOEXEC, 0));
    return posix_status(result) < 0 ? -1 : result;
}

int64_t
posix_dup2(Value module UNUSED, int fd, int fd2, bool inheritable)
{
    int result;
    SYSCALL(result, inheritable || fd == fd2 ? dup2(fd, fd2) : dup3(fd, fd2, O_CLOEXEC));
    return posix_status(result) < 0 ? -1 : result;
}

static Own
read_bytes(int fd, int64_t length, bool at_offset, int64_t offset)
{
    if (length < 0) {
        return raise_errno(EINVAL);
    }
    Own bytes = bytes_new(NULL, (size_t)(length > READ_MOST ? READ_MOST : length));
    if (!bytes) {
        return NO_VALUE;
    }
    ssize_t n;
    void *to = as_bytes(bytes)->data;
    size_t most = (size_t)as_bytes(bytes)->length;
    SYSCALL(n, at_offset ? pread(fd, to, most, offset) : read(fd, to, most));
    if (posix_status(n) < 0) {
        drop(bytes);
        return NO_VALUE;
    }
    return bytes_shrink(bytes, n);
}

Own
posix_read(Value module UNUSED, int fd, int64_t length)
{
    return read_bytes(fd, length, false, 0);
}

Own
posix_pread(Value module UNUSED, int fd, int64_t length, int64_t offset)
{
    return read_bytes(fd, length, true, offset);
}

int64_t
posix_readinto(Value module UNUSED, int fd, Buffer *buffer)
{
    ssize_t n;
    SYSCALL(n, read(fd, buffer->data, (size_t)(buffer->length > READ_MOST ? READ_MOST : buffer->length)));
    return posix_status(n) < 0 ? -1 : n;
}

int64_t
posix_write(Value module UNUSED, int fd, Buffer *data)
{
    ssize_t n;
    SYSCALL(n, write(fd, data->data, (size_t)(data->length > READ_MOST ? READ_MOST : data->length)));
    if (posix_status(n) < 0 || (n < data->length && safepoint(thread_self()) < 0)) { /* cut short by a signal: its handler runs now */
        return -1;
    }
    return n;
}

int64_t
posix_pwrite(Value module UNUSED, int fd, Buffer *data, int64_t offset)
{
    ssize_t n;
    SYSCALL(n, pwrite(fd, data->data, (size_t)(data->length > READ_MOST ? READ_MOST : data->length), offset));
    return posix_status(n) < 0 ? -1 : n;
}

int64_t
posix_lseek(Value module UNUSED, int fd, int64_t position, int how)
{
    int64_t result;
    SYSCALL(result, lseek(fd, position, how));
    return posix_status(result) < 0 ? -1 : result;
}

int
posix_fsync(Value module UNUSED, Value v)
{
    int fd = fd_from_value(v), result;
    if (fd < 0) {
        return -1;
    }
    SYSCALL(result, fsync(fd));
    return posix_status(result);
}

int
posix_fdatasync(Value module UNUSED, Value v)
{
    int fd = fd_from_value(v), result;
    if (fd < 0) {
        return -1;
    }
    SYSCALL(result, fdatasync(fd));
    return posix_status(result);
}

int
posix_isatty(Value module UNUSED, int fd)
{
    return isatty(fd);
}

Own
posix_ttyname(Value module UNUSED, int fd)
{
    char name[256];
    int error = ttyname_r(fd, name, sizeof name);
    return error ? raise_errno(error) : str_from_cstr(name);
}

static const StructSeqField size_fields[] = {{"columns", "width of the terminal window in characters"}, {"lines", "height of the terminal window in characters"}};
static const StructSeqDef size_def = {"os.terminal_size", "The size of a terminal: (columns, lines).", size_fields, 2, 2, false};
static Type *size_type; /* immutable after the module is made */

Own
posix_get_terminal_size(Value module UNUSED, int fd)
{
    struct winsize size;
    int result;
    SYSCALL(result, ioctl(fd, TIOCGWINSZ, &size));
    if (posix_status(result) < 0) {
        return NO_VALUE;
    }
    Own values[] = {small_int(size.ws_col), small_int(size.ws_row)};
    return structseq_new(size_type, values);
}

static Own
make_pipe(int flags)
{
    int fds[2], result;
    SYSCALL(result, pipe2(fds, flags));
    if (posix_status(result) < 0) {
        return NO_VALUE;
    }
    Own pair[] = {small_int(fds[0]), small_int(fds[1])};
    return tuple_from_own(pair, 2);
}

Own
posix_pipe(Value module UNUSED)
{
    return make_pipe(O_CLOEXEC);
}

Own
posix_pipe2(Value module UNUSED, int flags)
{
    return make_pipe(flags);
}

/* A flag of a descriptor: read by `get`, and changed by `set` when `value` is 0 or 1. */
static int
fd_flag(int fd, int get, int set, int bit, int value)
{
    int flags = fcntl(fd, get);
    if (flags >= 0 && value >= 0) {
        int changed = value ? flags | bit : flags & ~bit;
        flags = changed == flags ? flags : fcntl(fd, set, changed);
    }
    return posix_status(flags) < 0 ? -1 : (flags & bit) != 0;
}

int
posix_get_inheritable(Value module UNUSED, int fd)
{
    int cloexec = fd_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, -1);
    return cloexec < 0 ? -1 : !cloexec;
}

int
posix_set_inheritable(Value module UNUSED, int fd, int inheritable)
{
    return fd_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, !inheritable) < 0 ? -1 : 0;
}

int
posix_get_blocking(Value module UNUSED, int fd)
{
    int nonblocking = fd_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, -1);
    return nonblocking < 0 ? -1 : !nonblocking;
}

int
posix_set_blocking(Value module UNUSED, int fd, bool blocking)
{
    return fd_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, !blocking) < 0 ? -1 : 0;
}

int
posix_add_terminal_size(Value m)
{
    size_type = structseq_type(&size_def);
    return size_type ? module_add(m, "terminal_size", OWN(size_type)) : -1;
}
