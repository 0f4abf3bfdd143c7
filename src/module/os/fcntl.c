/* The module fcntl. Without state. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "heap/world.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/str.h"

#include "fcntl.spec.h"

#define ARGUMENT_MOST 1024 /* bytes that are passed in a copy */
#define GUARD 64           /* bytes behind it, to see an operation that writes too much */

/* The copy that a system call may write to. */
typedef struct Scratch {
    uint8_t data[ARGUMENT_MOST + GUARD] __attribute__((aligned(16)));
    size_t length;
} Scratch;

static const uint8_t guard[GUARD] = {0x5A, 0xC3, 0x99, 0x1E, 0x77};

/* pre: v is str or has a buffer. fail: -1 */
static int
scratch_fill(Scratch *s, Value v, const char *function)
{
    Buffer given = {0};
    const void *from;
    if (is_str(v)) {
        from = str_utf8(v, &s->length);
        if (!from) {
            return -1;
        }
    } else {
        if (buffer_get_still(v, &given) < 0) {
            return -1;
        }
        from = given.data;
        s->length = (size_t)given.length;
    }
    int status = 0;
    if (s->length > ARGUMENT_MOST) {
        status = raise_int(&exc_ValueError, "%s argument 3 is too long", function);
    } else {
        memcpy(s->data, from, s->length);
        memcpy(s->data + s->length, guard, GUARD);
    }
    buffer_release(&given);
    return status;
}

/* What the call left in the copy. own: ret new bytes */
static Own
scratch_result(const Scratch *s)
{
    if (memcmp(s->data + s->length, guard, GUARD) != 0) {
        return raise_msg(&exc_SystemError, "buffer overflow");
    }
    return bytes_new(s->data, s->length);
}

static int
bad_argument(const char *function, Value v)
{
    return raise_int(&exc_TypeError,
                     "%s() argument 3 must be an integer, a bytes-like object, or a string, "
                     "not %T",
                     function, v);
}

/* An int argument, cut to the C type. fail: -1 + pending */
static int
masked_int(Value v, uint64_t *out)
{
    Own i = object_index(v);
    if (!i) {
        return -1;
    }
    *out = object_as_uint64_mask(i);
    drop(i);
    return 0;
}

Own
fcntl_fcntl(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    int cmd, result;
    uint64_t number = 0;
    if (((kwnames != NO_VALUE || nargs < 2 || nargs > 3) &&
         args_check_positional("fcntl", nargs, kwnames, 2, 3) < 0)) {
        return NO_VALUE;
    }
    int fd = fd_from_value(args[0]);
    if (fd < 0 || args_int("fcntl", 2, "cmd", args[1], &cmd) < 0) {
        return NO_VALUE;
    }
    Value arg = nargs > 2 ? args[2] : small_int(0);
    if (audit_wanted() && audit_event("fcntl.fcntl", "iiO", fd, cmd, nargs > 2 ? arg : NO_VALUE) < 0) {
        return NO_VALUE;
    }
    if (is_int(arg) || object_has_index(arg)) {
        if (masked_int(arg, &number) < 0) {
            return NO_VALUE;
        }
        SYSCALL(result, fcntl(fd, cmd, (int)number));
        return posix_status(result) < 0 ? NO_VALUE : int_from_i64(result);
    }
    if (!is_str(arg) && !object_has_buffer(arg)) {
        bad_argument("fcntl", arg);
        return NO_VALUE;
    }
    Scratch scratch;
    if (scratch_fill(&scratch, arg, "fcntl") < 0) {
        return NO_VALUE;
    }
    SYSCALL(result, fcntl(fd, cmd, scratch.data));
    return posix_status(result) < 0 ? NO_VALUE : scratch_result(&scratch);
}

/* ioctl on a writable buffer itself. own: ret new, the result */
static Own
ioctl_in_place(int fd, unsigned long request, Buffer *buffer)
{
    int result;
    Scratch scratch;
    bool copied = buffer->length <= ARGUMENT_MOST;
    if (copied) { /* small ones through a copy, with room behind */
        scratch.length = (size_t)buffer->length;
        memcpy(scratch.data, buffer->data, scratch.length);
        memcpy(scratch.data + scratch.length, guard, GUARD);
    }
    SYSCALL(result, ioctl(fd, request, copied ? scratch.data : buffer->data));
    if (copied) {
        memcpy(buffer->data, scratch.data, scratch.length);
    }
    if (posix_status(result) < 0) {
        return NO_VALUE;
    }
    if (copied && memcmp(scratch.data + scratch.length, guard, GUARD) != 0) {
        return raise_msg(&exc_SystemError, "buffer overflow");
    }
    return int_from_i64(result);
}

Own
fcntl_ioctl(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    int result;
    uint64_t request, number = 0;
    bool mutate = true;
    if (((kwnames != NO_VALUE || nargs < 2 || nargs > 4) &&
         args_check_positional("ioctl", nargs, kwnames, 2, 4) < 0)) {
        return NO_VALUE;
    }
    int fd = fd_from_value(args[0]);
    if (fd < 0 || masked_int(args[1], &request) < 0 ||
        (nargs > 3 && args_bool("ioctl", 4, "mutate_flag", args[3], &mutate) < 0)) {
        return NO_VALUE;
    }
    Value arg = nargs > 2 ? args[2] : small_int(0);
    if (audit_wanted() && audit_event("fcntl.ioctl", "iIO", fd, (int64_t)request, nargs > 2 ? arg : NO_VALUE) < 0) {
        return NO_VALUE;
    }
    if (is_int(arg) || object_has_index(arg)) {
        if (masked_int(arg, &number) < 0) {
            return NO_VALUE;
        }
        SYSCALL(result, ioctl(fd, request, (long)(int)number));
        return posix_status(result) < 0 ? NO_VALUE : int_from_i64(result);
    }
    if (!is_str(arg) && !object_has_buffer(arg)) {
        bad_argument("ioctl", arg);
        return NO_VALUE;
    }
    if (!is_str(arg) && mutate) {
        Buffer buffer;
        if (buffer_get(arg, &buffer, BUFFER_WRITABLE) == 0) {
            Own status = ioctl_in_place(fd, request, &buffer);
            buffer_release(&buffer);
            return status;
        }
        if (!exc_swallow(&exc_BufferError) && !exc_swallow(&exc_TypeError)) {
            return NO_VALUE;
        }
    }
    Scratch scratch;
    if (scratch_fill(&scratch, arg, "ioctl") < 0) {
        return NO_VALUE;
    }
    SYSCALL(result, ioctl(fd, request, scratch.data));
    return posix_status(result) < 0 ? NO_VALUE : scratch_result(&scratch);
}

int
fcntl_flock(Value module UNUSED, Value fd_value, int operation)
{
    if (audit_wanted() && audit_event("fcntl.flock", "Oi", fd_value, operation) < 0) {
        return -1;
    }
    int fd = fd_from_value(fd_value), result;
    if (fd < 0) {
        return -1;
    }
    SYSCALL(result, flock(fd, operation));
    return posix_status(result);
}

static int
offset_of(Value v, off_t *out)
{
    *out = v ? object_as_int64(v) : 0;
    return *out == -1 && exc_pending() ? -1 : 0;
}

Own
fcntl_lockf(Value module UNUSED, Value fd_value, int cmd, Value len, Value start, int whence)
{
    if (audit_wanted() && audit_event("fcntl.lockf", "OiOOi", fd_value, cmd, len, start, whence) < 0) {
        return NO_VALUE;
    }
    struct flock lock = {.l_whence = (short)whence};
    int fd = fd_from_value(fd_value), result;
    if (fd < 0) {
        return NO_VALUE;
    }
    if (cmd == LOCK_UN) {
        lock.l_type = F_UNLCK;
    } else if (cmd & LOCK_SH) {
        lock.l_type = F_RDLCK;
    } else if (cmd & LOCK_EX) {
        lock.l_type = F_WRLCK;
    } else {
        return raise_msg(&exc_ValueError, "unrecognized lockf argument");
    }
    if (offset_of(start, &lock.l_start) < 0 || offset_of(len, &lock.l_len) < 0) {
        return NO_VALUE;
    }
    SYSCALL(result, fcntl(fd, cmd & LOCK_NB ? F_SETLK : F_SETLKW, &lock));
    return posix_status(result) < 0 ? NO_VALUE : NONE;
}

#define N(name) {#name, name}
static const SystemConstant constants[] = {
    N(DN_ACCESS), N(DN_ATTRIB), N(DN_CREATE), N(DN_DELETE), N(DN_MODIFY), N(DN_MULTISHOT),
    N(DN_RENAME), N(FASYNC), N(FD_CLOEXEC), N(FICLONE), N(FICLONERANGE), N(F_ADD_SEALS), N(F_DUPFD),
    N(F_DUPFD_CLOEXEC), {"F_DUPFD_QUERY", 1027}, N(F_EXLCK), N(F_GETFD), N(F_GETFL), N(F_GETLEASE),
    N(F_GETLK), N(F_GETLK64), N(F_GETOWN), N(F_GETOWN_EX), N(F_GETPIPE_SZ), N(F_GETSIG),
    N(F_GET_FILE_RW_HINT), N(F_GET_RW_HINT), N(F_GET_SEALS), N(F_NOTIFY), N(F_OFD_GETLK),
    N(F_OFD_SETLK), N(F_OFD_SETLKW), N(F_OWNER_PGRP), N(F_OWNER_PID), N(F_OWNER_TID), N(F_RDLCK),
    N(F_SEAL_FUTURE_WRITE), N(F_SEAL_GROW), N(F_SEAL_SEAL), N(F_SEAL_SHRINK), N(F_SEAL_WRITE),
    N(F_SETFD), N(F_SETFL), N(F_SETLEASE), N(F_SETLK), N(F_SETLK64), N(F_SETLKW), N(F_SETLKW64),
    N(F_SETOWN), N(F_SETOWN_EX), N(F_SETPIPE_SZ), N(F_SETSIG), N(F_SET_FILE_RW_HINT),
    N(F_SET_RW_HINT), N(F_SHLCK), N(F_UNLCK), N(F_WRLCK), N(LOCK_EX), N(LOCK_MAND), N(LOCK_NB),
    N(LOCK_READ), N(LOCK_RW), N(LOCK_SH), N(LOCK_UN), N(LOCK_WRITE), N(RWH_WRITE_LIFE_EXTREME),
    N(RWH_WRITE_LIFE_LONG), N(RWH_WRITE_LIFE_MEDIUM), N(RWH_WRITE_LIFE_NONE),
    N(RWH_WRITE_LIFE_NOT_SET), N(RWH_WRITE_LIFE_SHORT), {NULL, 0},
};

static int
fcntl_exec(Value m)
{
    return module_add_constants(m, constants);
}

const ModuleDef module_fcntl = {
    .name = "fcntl",
    .doc = fcntl_module_doc,
    .functions = fcntl_functions,
    .exec = fcntl_exec,
};
