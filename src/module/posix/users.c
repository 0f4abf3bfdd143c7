/* posix: users, groups, priorities, owners of files. */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "heap/world.h"
#include "module/os/system.h"
#include "object/audit.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "path.h"
#include "posix_priv.h"

#define SET_ID(name, kind, call)                                                                   \
    int posix_##name(Value module UNUSED, Value v)                                                 \
    {                                                                                              \
        kind##_t id;                                                                               \
        return kind##_from_value(v, &id) < 0 ? -1 : posix_status(call(id));                        \
    }
SET_ID(setuid, uid, setuid)
SET_ID(seteuid, uid, seteuid)
SET_ID(setgid, gid, setgid)
SET_ID(setegid, gid, setegid)

#define SET_TWO_IDS(name, kind)                                                                    \
    int posix_##name(Value module UNUSED, Value a, Value b)                                        \
    {                                                                                              \
        kind##_t first, second;                                                                    \
        return kind##_from_value(a, &first) < 0 || kind##_from_value(b, &second) < 0               \
                   ? -1                                                                            \
                   : posix_status(name(first, second));                                            \
    }
SET_TWO_IDS(setreuid, uid)
SET_TWO_IDS(setregid, gid)

#define SET_THREE_IDS(name, kind)                                                                  \
    int posix_##name(Value module UNUSED, Value a, Value b, Value c)                               \
    {                                                                                              \
        kind##_t first, second, third;                                                             \
        return kind##_from_value(a, &first) < 0 || kind##_from_value(b, &second) < 0 ||            \
                       kind##_from_value(c, &third) < 0                                            \
                   ? -1                                                                            \
                   : posix_status(name(first, second, third));                                     \
    }
SET_THREE_IDS(setresuid, uid)
SET_THREE_IDS(setresgid, gid)

static Own
three(uint32_t a, uint32_t b, uint32_t c)
{
    Own values[] = {small_int(a), small_int(b), small_int(c)};
    return tuple_from_own(values, 3);
}

Own
posix_getresuid(Value module UNUSED)
{
    uid_t a, b, c;
    return posix_status(getresuid(&a, &b, &c)) < 0 ? NO_VALUE : three(a, b, c);
}

Own
posix_getresgid(Value module UNUSED)
{
    gid_t a, b, c;
    return posix_status(getresgid(&a, &b, &c)) < 0 ? NO_VALUE : three(a, b, c);
}

int
posix_setgroups(Value module UNUSED, Value groups)
{
    if (!is_list(groups) && !is_tuple(groups) && !type_of(groups)->slots.getitem) {
        return raise_int(&exc_TypeError, "setgroups argument must be a sequence");
    }
    Own tuple = object_to_tuple(groups);
    if (!tuple) {
        return -1;
    }
    int64_t n = as_tuple(tuple)->length;
    gid_t *ids = NULL;
    int status = n > NGROUPS_MAX ? raise_int(&exc_ValueError, "too many groups") : 0;
    if (status == 0 && !(ids = mem_alloc((size_t)(n + 1) * sizeof *ids))) {
        status = -1;
    }
    for (int64_t i = 0; status == 0 && i < n; i++) {
        Value item = tuple_item(tuple, i);
        status = is_int(item) ? gid_from_value(item, &ids[i])
                              : raise_int(&exc_TypeError, "groups must be integers");
    }
    if (status == 0) {
        status = posix_status(setgroups((size_t)n, ids));
    }
    mem_free(ids);
    drop(tuple);
    return status;
}

Own
posix_getgrouplist(Value module UNUSED, Value user, Value group)
{
    gid_t base;
    Path path;
    if (gid_from_value(group, &base) < 0 || path_get(&path, "getgrouplist", "user", user, 0) < 0) {
        return NO_VALUE;
    }
    int count = 64, found = -1;
    gid_t *ids = NULL;
    for (int capacity = 64; found < 0 && capacity <= 1 << 20; capacity *= 4) {
        gid_t *more = mem_realloc(ids, (size_t)capacity * sizeof *ids);
        if (!more) {
            break;
        }
        ids = more;
        count = capacity;
        detach();
        found = getgrouplist(path.text, base, ids, &count);
        attach();
    }
    path_release(&path);
    Own list = found >= 0 ? list_new(count) : exc_pending() ? NO_VALUE : raise_errno(errno);
    for (int i = 0; i < count && list; i++) {
        if (list_append_own(list, small_int(ids[i])) < 0) {
            ref_clear(&list);
        }
    }
    mem_free(ids);
    return list;
}

int
posix_initgroups(Value module UNUSED, Value username, Value gid_value)
{
    gid_t gid;
    Path path;
    if (gid_from_value(gid_value, &gid) < 0 ||
        path_get(&path, "initgroups", "username", username, 0) < 0) {
        return -1;
    }
    detach();
    int result = initgroups(path.text, gid);
    attach();
    path_release(&path);
    return posix_status(result);
}

Own
posix_getlogin(Value module UNUSED)
{
    char name[256];
    int error = getlogin_r(name, sizeof name);
    return error ? raise_errno(error) : path_text(name, strlen(name), false);
}

int64_t
posix_getpriority(Value module UNUSED, int which, int who)
{
    errno = 0;
    int value = getpriority((__priority_which_t)which, (id_t)who);
    if (errno) {
        raise_errno(errno);
    }
    return value;
}

int
posix_setpriority(Value module UNUSED, int which, int who, int priority)
{
    return posix_status(setpriority((__priority_which_t)which, (id_t)who, priority));
}

/* -- owners of files -- */

int
posix_chown(Value module UNUSED, Value v, Value uid_value, Value gid_value, Value dir_fd,
            bool follow_symlinks)
{
    if (audit_wanted() && audit_event("os.chown", "OOOO", v, uid_value, gid_value, audit_dir(dir_fd)) < 0) {
        return -1;
    }
    uid_t uid;
    gid_t gid;
    Path path;
    int at, result;
    if (path_get(&path, "chown", "path", v, PATH_FD) < 0) {
        return -1;
    }
    if (uid_from_value(uid_value, &uid) < 0 || gid_from_value(gid_value, &gid) < 0 ||
        dir_fd_get(dir_fd, &at) < 0) {
        path_release(&path);
        return -1;
    }
    if (!path.text && at != AT_FDCWD) {
        path_release(&path);
        return raise_int(&exc_ValueError, "chown: can't specify both dir_fd and fd");
    }
    if (!path.text && !follow_symlinks) {
        path_release(&path);
        return raise_int(&exc_ValueError, "chown: cannot use fd and follow_symlinks together");
    }
    SYSCALL(result, path.text ? fchownat(at, path.text, uid, gid,
                                         follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW)
                              : fchown(path.fd, uid, gid));
    if (result < 0) {
        raise_path(&path);
    }
    path_release(&path);
    return result;
}

int
posix_fchown(Value module UNUSED, int fd, Value uid_value, Value gid_value)
{
    if (audit_wanted() && audit_event("os.chown", "iOOi", fd, uid_value, gid_value, -1) < 0) {
        return -1;
    }
    uid_t uid;
    gid_t gid;
    int result;
    if (uid_from_value(uid_value, &uid) < 0 || gid_from_value(gid_value, &gid) < 0) {
        return -1;
    }
    SYSCALL(result, fchown(fd, uid, gid));
    return posix_status(result);
}

int
posix_lchown(Value module UNUSED, Value v, Value uid_value, Value gid_value)
{
    if (audit_wanted() && audit_event("os.chown", "OOOi", v, uid_value, gid_value, -1) < 0) {
        return -1;
    }
    uid_t uid;
    gid_t gid;
    Path path;
    int result;
    if (uid_from_value(uid_value, &uid) < 0 || gid_from_value(gid_value, &gid) < 0 ||
        path_get(&path, "lchown", "path", v, 0) < 0) {
        return -1;
    }
    SYSCALL(result, lchown(path.text, uid, gid));
    if (result < 0) {
        raise_path(&path);
    }
    path_release(&path);
    return result;
}

int
posix_chroot(Value module UNUSED, Value v)
{
    Path path;
    int result;
    if (path_get(&path, "chroot", "path", v, 0) < 0) {
        return -1;
    }
    SYSCALL(result, chroot(path.text));
    if (result < 0) {
        raise_path(&path);
    }
    path_release(&path);
    return result;
}
