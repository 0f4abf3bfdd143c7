/* posix: the status of files, and of file systems. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "heap/world.h"
#include "object/float.h"
#include "object/int.h"
#include "object/structseq.h"
#include "path.h"
#include "posix_priv.h"

static const StructSeqField stat_fields[] = {
    {"st_mode", "protection bits"},
    {"st_ino", "inode"},
    {"st_dev", "device"},
    {"st_nlink", "number of hard links"},
    {"st_uid", "user ID of owner"},
    {"st_gid", "group ID of owner"},
    {"st_size", "total size, in bytes"},
    {NULL, "integer time of last access"},
    {NULL, "integer time of last modification"},
    {NULL, "integer time of last change"},
    {"st_atime", "time of last access"},
    {"st_mtime", "time of last modification"},
    {"st_ctime", "time of last change"},
    {"st_atime_ns", "time of last access in nanoseconds"},
    {"st_mtime_ns", "time of last modification in nanoseconds"},
    {"st_ctime_ns", "time of last change in nanoseconds"},
    {"st_blksize", "blocksize for filesystem I/O"},
    {"st_blocks", "number of blocks allocated"},
    {"st_rdev", "device type (if inode device)"},
};
static const StructSeqDef stat_def = {"os.stat_result", "The status of a file.", stat_fields, ARRAY_LEN(stat_fields), 10, false};
static const StructSeqField statvfs_fields[] = {
    {"f_bsize", NULL}, {"f_frsize", NULL}, {"f_blocks", NULL}, {"f_bfree", NULL}, {"f_bavail", NULL}, {"f_files", NULL},
    {"f_ffree", NULL}, {"f_favail", NULL}, {"f_flag", NULL},   {"f_namemax", NULL}, {"f_fsid", NULL},
};
static const StructSeqDef statvfs_def = {"os.statvfs_result", "The status of a file system.", statvfs_fields, 11, 10, false};
static Type *stat_type, *statvfs_type; /* immutable after the module is made */

static double
seconds(struct timespec t)
{
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static Own
nanoseconds(struct timespec t)
{
    Own whole = int_from_i64(t.tv_sec), s = whole ? int_mul(whole, small_int(1000000000)) : NO_VALUE;
    drop_opt(whole);
    Own sum = s ? int_add(s, small_int(t.tv_nsec)) : NO_VALUE;
    drop_opt(s);
    return sum;
}

Own
posix_stat_result(const struct stat *st)
{
    Own values[] = {
        small_int(st->st_mode), int_from_u64(st->st_ino), int_from_u64(st->st_dev), int_from_u64(st->st_nlink),
        small_int(st->st_uid), small_int(st->st_gid), int_from_i64(st->st_size), int_from_i64(st->st_atim.tv_sec),
        int_from_i64(st->st_mtim.tv_sec), int_from_i64(st->st_ctim.tv_sec), float_new(seconds(st->st_atim)), float_new(seconds(st->st_mtim)),
        float_new(seconds(st->st_ctim)), nanoseconds(st->st_atim), nanoseconds(st->st_mtim), nanoseconds(st->st_ctim),
        int_from_i64(st->st_blksize), int_from_i64(st->st_blocks), int_from_u64(st->st_rdev),
    };
    return structseq_new(stat_type, values);
}

static Own
stat_path(const char *function, Value v, Value dir_fd, bool follow, int allow)
{
    Path path;
    int at, result;
    struct stat st;
    if (dir_fd_get(dir_fd, &at) < 0 || path_get(&path, function, "path", v, allow) < 0) {
        return NO_VALUE;
    }
    if (!path.text && at != AT_FDCWD) {
        path_release(&path);
        return raise_fmt(&exc_ValueError, "%s: can't specify dir_fd without matching path", function);
    }
    if (!path.text && !follow) {
        path_release(&path);
        return raise_fmt(&exc_ValueError, "%s: cannot use fd and follow_symlinks together", function);
    }
    SYSCALL(result, path.text ? fstatat(at, path.text, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW) : fstat(path.fd, &st));
    Own status = result < 0 ? raise_path(&path) : posix_stat_result(&st);
    path_release(&path);
    return status;
}

Own
posix_stat(Value module UNUSED, Value path, Value dir_fd, bool follow_symlinks)
{
    return stat_path("stat", path, dir_fd, follow_symlinks, PATH_FD);
}

Own
posix_lstat(Value module UNUSED, Value path, Value dir_fd)
{
    return stat_path("lstat", path, dir_fd, false, 0);
}

Own
posix_fstat(Value module UNUSED, int fd)
{
    struct stat st;
    int result;
    SYSCALL(result, fstat(fd, &st));
    return posix_status(result) < 0 ? NO_VALUE : posix_stat_result(&st);
}

static Own
statvfs_result(const struct statvfs *st)
{
    Own values[] = {int_from_u64(st->f_bsize),  int_from_u64(st->f_frsize), int_from_u64(st->f_blocks), int_from_u64(st->f_bfree),
                    int_from_u64(st->f_bavail), int_from_u64(st->f_files),  int_from_u64(st->f_ffree),  int_from_u64(st->f_favail),
                    int_from_u64(st->f_flag),   int_from_u64(st->f_namemax), int_from_u64(st->f_fsid)};
    return structseq_new(statvfs_type, values);
}

Own
posix_fstatvfs(Value module UNUSED, int fd)
{
    struct statvfs st;
    int result;
    SYSCALL(result, fstatvfs(fd, &st));
    return posix_status(result) < 0 ? NO_VALUE : statvfs_result(&st);
}

Own
posix_statvfs(Value module UNUSED, Value v)
{
    Path path;
    struct statvfs st;
    int result;
    if (path_get(&path, "statvfs", "path", v, PATH_FD) < 0) {
        return NO_VALUE;
    }
    SYSCALL(result, path.text ? statvfs(path.text, &st) : fstatvfs(path.fd, &st));
    if (result < 0) {
        raise_path(&path);
    }
    path_release(&path);
    if (result < 0) {
        return NO_VALUE;
    }
    return statvfs_result(&st);
}

int
posix_add_stat(Value m)
{
    stat_type = structseq_type(&stat_def);
    statvfs_type = structseq_type(&statvfs_def);
    return !stat_type || !statvfs_type || module_add(m, "stat_result", OWN(stat_type)) < 0 || module_add(m, "statvfs_result", OWN(statvfs_type)) < 0
               ? -1
               : 0;
}
