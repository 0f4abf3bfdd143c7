/* The module posix: files and directories by name. Functions are thin: arguments in, one system call (detached), result out. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.h"
#include "heap/world.h"
#include "module/sys/config.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/set.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "path.h"
#include "module/os/system.h"
#include "posix_priv.h"

#include "posix.spec.h"

/* A function of one path (and a directory) that returns an int. */
#define AT_PATH(function, v, dir_fd, call)                                                         \
    do {                                                                                           \
        Path path;                                                                                 \
        int at, result;                                                                            \
        if (dir_fd_get(dir_fd, &at) < 0 || path_get(&path, function, "path", v, 0) < 0) {          \
            return -1;                                                                             \
        }                                                                                          \
        SYSCALL(result, call);                                                                     \
        if (result < 0) {                                                                          \
            raise_path(&path);                                                                     \
        }                                                                                          \
        path_release(&path);                                                                       \
        return result < 0 ? -1 : 0;                                                                \
    } while (0)

Own
posix_fspath(Value module UNUSED, Value path)
{
    return path_fspath(path);
}

static Own
current_directory(bool as_bytes)
{
    char text[PATH_MAX];
    char *found;
    detach();
    found = getcwd(text, sizeof text);
    attach();
    return found ? path_text(text, strlen(text), as_bytes) : raise_errno(errno);
}

Own
posix_getcwd(Value module UNUSED)
{
    return current_directory(false);
}

Own
posix_getcwdb(Value module UNUSED)
{
    return current_directory(true);
}

int
posix_chdir(Value module UNUSED, Value v)
{
    if (audit_wanted() && audit_event("os.chdir", "O", v) < 0) {
        return -1;
    }
    Path path;
    int result;
    if (path_get(&path, "chdir", "path", v, PATH_FD) < 0) {
        return -1;
    }
    SYSCALL(result, path.text ? chdir(path.text) : fchdir(path.fd));
    if (result < 0) {
        raise_path(&path);
    }
    path_release(&path);
    return result;
}

int
posix_fchdir(Value module UNUSED, Value v)
{
    if (audit_wanted() && audit_event("os.chdir", "O", v) < 0) {
        return -1;
    }
    int fd = fd_from_value(v), result;
    if (fd < 0) {
        return -1;
    }
    SYSCALL(result, fchdir(fd));
    return posix_status(result);
}

Own
posix_listdir(Value module UNUSED, Value v)
{
    if (audit_wanted() && audit_event("os.listdir", "O", v) < 0) {
        return NO_VALUE;
    }
    Path path;
    if (path_get(&path, "listdir", "path", v, PATH_FD | PATH_NONE) < 0) {
        return NO_VALUE;
    }
    DIR *dir;
    detach();
    int copy = path.text ? -1 : fcntl(path.fd, F_DUPFD_CLOEXEC, 0);
    dir = path.text ? opendir(path.text) : copy < 0 ? NULL : directory_of(copy);
    attach();
    if (!dir) {
        raise_path(&path);
        path_release(&path);
        return NO_VALUE;
    }
    if (!path.text) {
        rewinddir(dir);
    }
    Own list = list_new(16);
    while (list) {
        errno = 0;
        detach();
        struct dirent *entry = readdir(dir);
        attach();
        if (!entry) {
            if (errno) {
                raise_path(&path);
                ref_clear(&list);
            }
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            list_append_own(list, path_text(entry->d_name, strlen(entry->d_name), path.is_bytes)) < 0) {
            ref_clear(&list);
        }
    }
    detach();
    closedir(dir);
    attach();
    path_release(&path);
    return list;
}

int
posix_access(Value module UNUSED, Value v, int mode, Value dir_fd, bool effective_ids, bool follow_symlinks)
{
    Path path;
    int at, result;
    if (dir_fd_get(dir_fd, &at) < 0 || path_get(&path, "access", "path", v, 0) < 0) {
        return -1;
    }
    SYSCALL(result, faccessat(at, path.text, mode, (effective_ids ? AT_EACCESS : 0) | (follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW)));
    path_release(&path);
    return result == 0;
}

int
posix_chmod(Value module UNUSED, Value v, int mode, Value dir_fd, bool follow_symlinks)
{
    if (audit_wanted() && audit_event("os.chmod", "OiO", v, mode, audit_dir(dir_fd)) < 0) {
        return -1;
    }
    Path path;
    int at, result;
    if (dir_fd_get(dir_fd, &at) < 0 || path_get(&path, "chmod", "path", v, PATH_FD) < 0) {
        return -1;
    }
    SYSCALL(result, path.text ? fchmodat(at, path.text, (mode_t)mode, follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW) : fchmod(path.fd, (mode_t)mode));
    if (result < 0) {
        raise_path(&path);
    }
    path_release(&path);
    return result;
}

int
posix_fchmod(Value module UNUSED, int fd, int mode)
{
    if (audit_wanted() && audit_event("os.chmod", "iii", fd, mode, -1) < 0) {
        return -1;
    }
    int result;
    SYSCALL(result, fchmod(fd, (mode_t)mode));
    return posix_status(result);
}

int
posix_mkdir(Value module UNUSED, Value v, int mode, Value dir_fd)
{
    if (audit_wanted() && audit_event("os.mkdir", "OiO", v, mode, audit_dir(dir_fd)) < 0) {
        return -1;
    }
    AT_PATH("mkdir", v, dir_fd, mkdirat(at, path.text, (mode_t)mode));
}

int
posix_mkfifo(Value module UNUSED, Value v, int mode, Value dir_fd)
{
    AT_PATH("mkfifo", v, dir_fd, mkfifoat(at, path.text, (mode_t)mode));
}

int
posix_rmdir(Value module UNUSED, Value v, Value dir_fd)
{
    if (audit_wanted() && audit_event("os.rmdir", "OO", v, audit_dir(dir_fd)) < 0) {
        return -1;
    }
    AT_PATH("rmdir", v, dir_fd, unlinkat(at, path.text, AT_REMOVEDIR));
}

int
posix_unlink(Value module UNUSED, Value v, Value dir_fd)
{
    if (audit_wanted() && audit_event("os.remove", "OO", v, audit_dir(dir_fd)) < 0) {
        return -1;
    }
    AT_PATH("unlink", v, dir_fd, unlinkat(at, path.text, 0));
}

int
posix_remove(Value module UNUSED, Value v, Value dir_fd)
{
    if (audit_wanted() && audit_event("os.remove", "OO", v, audit_dir(dir_fd)) < 0) {
        return -1;
    }
    AT_PATH("remove", v, dir_fd, unlinkat(at, path.text, 0));
}

/* A function of two paths. */
static int
two_paths(const char *function, Value src, Value dst, Value src_dir, Value dst_dir, int (*call)(int, const char *, int, const char *))
{
    Path from, to;
    int at, bt, result;
    if (dir_fd_get(src_dir, &at) < 0 || dir_fd_get(dst_dir, &bt) < 0 || path_get(&from, function, "src", src, 0) < 0) {
        return -1;
    }
    if (path_get(&to, function, "dst", dst, 0) < 0) {
        path_release(&from);
        return -1;
    }
    SYSCALL(result, call(at, from.text, bt, to.text));
    if (result < 0 && errno) {
        raise_errno_two_paths(errno, from.given, to.given);
    }
    path_release(&from);
    path_release(&to);
    return result;
}

int
posix_rename(Value module UNUSED, Value src, Value dst, Value src_dir_fd, Value dst_dir_fd)
{
    if (audit_wanted() && audit_event("os.rename", "OOOO", src, dst, audit_dir(src_dir_fd), audit_dir(dst_dir_fd)) < 0) {
        return -1;
    }
    return two_paths("rename", src, dst, src_dir_fd, dst_dir_fd, renameat);
}

int
posix_replace(Value module UNUSED, Value src, Value dst, Value src_dir_fd, Value dst_dir_fd)
{
    if (audit_wanted() && audit_event("os.rename", "OOOO", src, dst, audit_dir(src_dir_fd), audit_dir(dst_dir_fd)) < 0) {
        return -1;
    }
    return two_paths("replace", src, dst, src_dir_fd, dst_dir_fd, renameat);
}

static int
link_following(int a, const char *from, int b, const char *to)
{
    return linkat(a, from, b, to, AT_SYMLINK_FOLLOW);
}

static int
link_itself(int a, const char *from, int b, const char *to)
{
    return linkat(a, from, b, to, 0);
}

int
posix_link(Value module UNUSED, Value src, Value dst, Value src_dir_fd, Value dst_dir_fd, bool follow_symlinks)
{
    if (audit_wanted() && audit_event("os.link", "OOOO", src, dst, audit_dir(src_dir_fd), audit_dir(dst_dir_fd)) < 0) {
        return -1;
    }
    return two_paths("link", src, dst, src_dir_fd, dst_dir_fd, follow_symlinks ? link_following : link_itself);
}

static int
symlink_call(int a UNUSED, const char *from, int b, const char *to)
{
    return symlinkat(from, b, to);
}

int
posix_symlink(Value module UNUSED, Value src, Value dst, bool target_is_directory UNUSED, Value dir_fd)
{
    if (audit_wanted() && audit_event("os.symlink", "OOO", src, dst, audit_dir(dir_fd)) < 0) {
        return -1;
    }
    return two_paths("symlink", src, dst, NO_VALUE, dir_fd, symlink_call);
}

Own
posix_readlink(Value module UNUSED, Value v, Value dir_fd)
{
    Path path;
    int at;
    if (dir_fd_get(dir_fd, &at) < 0 || path_get(&path, "readlink", "path", v, 0) < 0) {
        return NO_VALUE;
    }
    char text[PATH_MAX];
    ssize_t n;
    SYSCALL(n, readlinkat(at, path.text, text, sizeof text));
    Own result = n < 0 ? raise_path(&path) : path_text(text, (size_t)n, path.is_bytes);
    path_release(&path);
    return result;
}

/* One time of utime(): seconds, an int or float, or nanoseconds, an int. */
static int
time_get(Value v, bool ns, struct timespec *out)
{
    if (ns) {
        Own rest = NO_VALUE;
        Own seconds = is_int(v) ? int_divmod(v, small_int(1000000000), &rest) : raise_fmt(&exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
        int64_t s, n;
        bool ok = seconds && int_as_i64(seconds, &s) && int_as_i64(rest, &n);
        drop_opt(seconds);
        drop_opt(rest);
        if (!ok) {
            return exc_pending() ? -1 : raise_int(&exc_OverflowError, "timestamp out of range for platform time_t");
        }
        *out = (struct timespec){s, n};
        return 0;
    }
    double d = object_as_double(v);
    if (d == -1.0 && exc_pending()) {
        return -1;
    }
    if (!(d > -9e18 && d < 9e18)) {
        return d != d ? raise_int(&exc_ValueError, "Invalid value NaN (not a number)")
                      : raise_int(&exc_OverflowError, "timestamp out of range for platform time_t");
    }
    double whole = __builtin_floor(d);
    *out = (struct timespec){(time_t)whole, (long)((d - whole) * 1e9)};
    return 0;
}

int
posix_utime(Value module UNUSED, Value v, Value times, Value ns, Value dir_fd, bool follow_symlinks)
{
    if (audit_wanted() && audit_event("os.utime", "OOOO", v, times, ns, audit_dir(dir_fd)) < 0) {
        return -1;
    }
    struct timespec when[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    if (times != NONE && ns) {
        return raise_int(&exc_ValueError, "utime: you may specify either 'times' or 'ns' but not both");
    }
    Value given = ns ? ns : times;
    if (given != NONE) {
        if (!is_tuple(given) || as_tuple(given)->length != 2) {
            return raise_int(&exc_TypeError, ns ? "utime: 'ns' must be a tuple of two ints" : "utime: 'times' must be either a tuple of two ints or None");
        }
        if (time_get(tuple_item(given, 0), ns != NO_VALUE, &when[0]) < 0 || time_get(tuple_item(given, 1), ns != NO_VALUE, &when[1]) < 0) {
            return -1;
        }
    }
    Path path;
    int at, result;
    if (dir_fd_get(dir_fd, &at) < 0 || path_get(&path, "utime", "path", v, PATH_FD) < 0) {
        return -1;
    }
    if (!path.text && (at != AT_FDCWD || !follow_symlinks)) {
        path_release(&path);
        return raise_int(&exc_ValueError, at != AT_FDCWD ? "utime: can't specify dir_fd without matching path"
                                                         : "utime: cannot use fd and follow_symlinks together");
    }
    SYSCALL(result, path.text ? utimensat(at, path.text, when, follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW) : futimens(path.fd, when));
    if (result < 0) {
        raise_path(&path);
    }
    path_release(&path);
    return result;
}

int
posix_truncate(Value module UNUSED, Value v, int64_t length)
{
    if (audit_wanted() && audit_event("os.truncate", "OI", v, length) < 0) {
        return -1;
    }
    Path path;
    int result;
    if (path_get(&path, "truncate", "path", v, PATH_FD) < 0) {
        return -1;
    }
    SYSCALL(result, path.text ? truncate(path.text, length) : ftruncate(path.fd, length));
    if (result < 0) {
        raise_path(&path);
    }
    path_release(&path);
    return result;
}

int
posix_ftruncate(Value module UNUSED, int fd, int64_t length)
{
    if (audit_wanted() && audit_event("os.truncate", "iI", fd, length) < 0) {
        return -1;
    }
    int result;
    SYSCALL(result, ftruncate(fd, length));
    return posix_status(result);
}

int64_t
posix_open(Value module UNUSED, Value v, int flags, int mode, Value dir_fd)
{
    if (audit_wanted() && audit_event("open", "OOi", v, NONE, flags) < 0) {
        return -1;
    }
    Path path;
    int at, fd;
    if (dir_fd_get(dir_fd, &at) < 0 || path_get(&path, "open", "path", v, 0) < 0) {
        return -1;
    }
    SYSCALL(fd, openat(at, path.text, flags | O_CLOEXEC, mode));
    if (fd < 0) {
        raise_path(&path);
    }
    path_release(&path);
    return fd;
}

/* -- the system -- */

int64_t
posix_umask(Value module UNUSED, int mask)
{
    return umask((mode_t)mask);
}

Own
posix_urandom(Value module UNUSED, int64_t size)
{
    if (size < 0) {
        return raise_msg(&exc_ValueError, "negative argument not allowed");
    }
    Own bytes = bytes_new(NULL, (size_t)size);
    if (bytes && os_random(as_bytes(bytes)->data, (size_t)size) < 0) {
        drop(bytes);
        return raise_errno(errno);
    }
    return bytes;
}

Own
posix_getrandom(Value module UNUSED, int64_t size, int flags)
{
    if (size < 0) {
        return raise_errno(EINVAL);
    }
    Own bytes = bytes_new(NULL, (size_t)size);
    ssize_t n;
    if (!bytes) {
        return NO_VALUE;
    }
    SYSCALL(n, getrandom(as_bytes(bytes)->data, (size_t)size, (unsigned)flags));
    if (n < 0) {
        drop(bytes);
        posix_status(n);
        return NO_VALUE;
    }
    return bytes_shrink(bytes, n);
}

Own
posix_strerror(Value module UNUSED, int code)
{
    return str_from_cstr(strerror(code));
}

Own
posix_cpu_count(Value module UNUSED)
{
    long n = run_config.cpu_count > 0 ? run_config.cpu_count : sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? int_from_i64(n) : NONE;
}

int
posix_putenv(Value module UNUSED, Value name, Value value)
{
    if (audit_wanted() && audit_event("os.putenv", "OO", name, value) < 0) {
        return -1;
    }
    Path n, v;
    if (path_get(&n, "putenv", "name", name, 0) < 0) {
        return -1;
    }
    if (path_get(&v, "putenv", "value", value, 0) < 0) {
        path_release(&n);
        return -1;
    }
    int status = strchr(n.text, '=') ? raise_int(&exc_ValueError, "illegal environment variable name") : posix_status(environment_change(n.text, v.text));
    path_release(&n);
    path_release(&v);
    return status;
}

int
posix_unsetenv(Value module UNUSED, Value name)
{
    if (audit_wanted() && audit_event("os.unsetenv", "O", name) < 0) {
        return -1;
    }
    Path n;
    if (path_get(&n, "unsetenv", "name", name, 0) < 0) {
        return -1;
    }
    int status = posix_status(environment_change(n.text, NULL));
    path_release(&n);
    return status;
}

Own
posix_getloadavg(Value module UNUSED)
{
    double loads[3];
    if (getloadavg(loads, 3) != 3) {
        return raise_msg(&exc_OSError, "Load averages are unobtainable");
    }
    Own values[] = {float_new(loads[0]), float_new(loads[1]), float_new(loads[2])};
    return tuple_from_own(values, 3);
}

Own
posix_device_encoding(Value module UNUSED, int fd)
{
    return isatty(fd) ? str_from_cstr("utf-8") : NONE;
}

/* -- paths as text: quick forms of what posixpath does -- */

/* Root: "/", "//" (exactly two slashes) or "". */
Own
posix__path_splitroot_ex(Value module UNUSED, Value v)
{
    Own p = path_fspath(v);
    if (!p) {
        return NO_VALUE;
    }
    bool bytes = is_bytes(p);
    int64_t n = bytes ? as_bytes(p)->length : as_str(p)->length, slashes = 0;
    while (slashes < n && (bytes ? as_bytes(p)->data[slashes] : str_char_at(as_str(p), slashes)) == '/') {
        slashes++;
    }
    int64_t root = slashes == 0 ? 0 : slashes == 2 ? 2 : 1;
    Own parts[3];
    for (int i = 0; i < 3; i++) {
        int64_t from = i == 2 ? root : 0, to = i == 0 ? 0 : i == 1 ? root : n;
        parts[i] = bytes ? bytes_new(as_bytes(p)->data + from, (size_t)(to - from)) : str_substring(p, from, to);
    }
    drop(p);
    return tuple_from_own(parts, 3);
}

/* Normalises in place; returns the new length. */
static int64_t
normalise(uint32_t *path, int64_t n)
{
    int64_t root = 0, out, i;
    while (root < n && path[root] == '/') {
        root++;
    }
    i = root;
    root = root == 0 ? 0 : root == 2 ? 2 : 1;
    out = root;
    int64_t floor = out; /* .. does not go back over this */
    while (i < n) {
        int64_t end = i;
        while (end < n && path[end] != '/') {
            end++;
        }
        int64_t length = end - i;
        bool up = length == 2 && path[i] == '.' && path[i + 1] == '.';
        if (length == 0 || (length == 1 && path[i] == '.')) {
            /* nothing */
        } else if (up && out > floor) {
            while (out > floor && path[out - 1] != '/') {
                out--;
            }
            if (out > floor) {
                out--;
            }
        } else if (!(up && root)) {
            if (out > root) {
                path[out++] = '/';
            }
            memmove(path + out, path + i, (size_t)length * sizeof *path);
            out += length;
            if (up) {
                floor = out;
            }
        }
        i = end + 1;
    }
    if (out == 0) {
        path[out++] = '.';
    }
    return out;
}

Own
posix__path_normpath(Value module UNUSED, Value v)
{
    Own p = path_fspath(v);
    if (!p) {
        return NO_VALUE;
    }
    bool bytes = is_bytes(p);
    int64_t n = bytes ? as_bytes(p)->length : as_str(p)->length;
    uint32_t *chars = mem_alloc((size_t)(n + 1) * sizeof *chars);
    if (!chars) {
        drop(p);
        return NO_VALUE;
    }
    for (int64_t i = 0; i < n; i++) {
        chars[i] = bytes ? as_bytes(p)->data[i] : str_char_at(as_str(p), i);
    }
    drop(p);
    n = normalise(chars, n);
    Own result;
    if (bytes) {
        result = bytes_new(NULL, (size_t)n);
        for (int64_t i = 0; i < n && result; i++) {
            as_bytes(result)->data[i] = (uint8_t)chars[i];
        }
    } else {
        result = str_from_ucs4(chars, (size_t)n);
    }
    mem_free(chars);
    return result;
}

static int
posix_exec(Value m)
{
    return posix_add_constants(m) < 0 || posix_add_configuration(m) < 0 || posix_add_spawn(m) < 0 || posix_add_stat(m) < 0 || posix_add_process(m) < 0 || posix_add_scandir(m) < 0 || posix_add_environ(m) < 0 || posix_add_terminal_size(m) < 0 ||
                   module_add(m, "error", own(VALUE(&exc_OSError))) < 0
               ? -1
               : 0;
}

const ModuleDef module_posix = {
    .name = "posix",
    .doc = posix_module_doc,
    .functions = posix_functions,
    .exec = posix_exec,
};
