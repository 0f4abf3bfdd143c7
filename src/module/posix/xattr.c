/* posix: extended attributes of files. */
#include <errno.h>
#include <linux/limits.h>
#include <sys/xattr.h>

#include "heap/world.h"
#include "object/audit.h"
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/list.h"
#include "path.h"
#include "posix_priv.h"

#define NAMES_MOST (1 << 20)

/* The file and, where name is not null, the attribute. fail: -1 */
static int
xattr_arguments(const char *function, Value v, int allow, Value attribute, bool follow, Path *path,
                Path *name)
{
    *name = (Path){0};
    if (path_get(path, function, "path", v, allow) < 0) {
        return -1;
    }
    if (attribute && path_get(name, function, "attribute", attribute, 0) < 0) {
        path_release(path);
        return -1;
    }
    if (!path->text && !follow) {
        path_release(name);
        path_release(path);
        return raise_int(&exc_ValueError, "%s: cannot use fd and follow_symlinks together",
                         function);
    }
    return 0;
}

static ssize_t
get_value(const Path *path, const Path *name, bool follow, void *to, size_t size)
{
    return !path->text ? fgetxattr(path->fd, name->text, to, size)
           : follow    ? getxattr(path->text, name->text, to, size)
                       : lgetxattr(path->text, name->text, to, size);
}

static ssize_t
list_names(const Path *path, bool follow, char *to, size_t size)
{
    return !path->text ? flistxattr(path->fd, to, size)
           : follow    ? listxattr(path->text, to, size)
                       : llistxattr(path->text, to, size);
}

Own
posix_getxattr(Value module UNUSED, Value v, Value attribute, bool follow_symlinks)
{
    if (audit_wanted() && audit_event("os.getxattr", "OO", v, attribute) < 0) {
        return NO_VALUE;
    }
    Path path, name;
    if (xattr_arguments("getxattr", v, PATH_FD, attribute, follow_symlinks, &path, &name) < 0) {
        return NO_VALUE;
    }
    Own value = NO_VALUE;
    for (size_t size = 128;; size = XATTR_SIZE_MAX) {
        ssize_t n;
        value = bytes_new(NULL, size);
        if (!value) {
            break;
        }
        SYSCALL(n, get_value(&path, &name, follow_symlinks, as_bytes(value)->data, size));
        if (n >= 0) {
            value = bytes_shrink(value, n);
            break;
        }
        ref_clear(&value);
        if (errno != ERANGE || size == XATTR_SIZE_MAX) {
            raise_path(&path);
            break;
        }
    }
    path_release(&path);
    path_release(&name);
    return value;
}

int
posix_setxattr(Value module UNUSED, Value v, Value attribute, Value value, int flags,
               bool follow_symlinks)
{
    if (audit_wanted() && audit_event("os.setxattr", "OOOi", v, attribute, value, flags) < 0) {
        return -1;
    }
    Path path, name;
    Buffer data;
    int result;
    if (xattr_arguments("setxattr", v, PATH_FD, attribute, follow_symlinks, &path, &name) < 0) {
        return -1;
    }
    result = buffer_get(value, &data, BUFFER_SIMPLE);
    if (result == 0) {
        const void *from = data.data;
        size_t size = (size_t)data.length;
        SYSCALL(result, !path.text         ? fsetxattr(path.fd, name.text, from, size, flags)
                        : follow_symlinks ? setxattr(path.text, name.text, from, size, flags)
                                          : lsetxattr(path.text, name.text, from, size, flags));
        if (result < 0) {
            raise_path(&path);
        }
        buffer_release(&data);
    }
    path_release(&path);
    path_release(&name);
    return result;
}

int
posix_removexattr(Value module UNUSED, Value v, Value attribute, bool follow_symlinks)
{
    if (audit_wanted() && audit_event("os.removexattr", "OO", v, attribute) < 0) {
        return -1;
    }
    Path path, name;
    int result;
    if (xattr_arguments("removexattr", v, PATH_FD, attribute, follow_symlinks, &path, &name) < 0) {
        return -1;
    }
    SYSCALL(result, !path.text         ? fremovexattr(path.fd, name.text)
                    : follow_symlinks ? removexattr(path.text, name.text)
                                      : lremovexattr(path.text, name.text));
    if (result < 0) {
        raise_path(&path);
    }
    path_release(&path);
    path_release(&name);
    return result;
}

Own
posix_listxattr(Value module UNUSED, Value v, bool follow_symlinks)
{
    if (audit_wanted() && audit_event("os.listxattr", "O", v) < 0) {
        return NO_VALUE;
    }
    Path path, none;
    if (xattr_arguments("listxattr", v, PATH_FD | PATH_NONE, NO_VALUE, follow_symlinks, &path,
                        &none) < 0) {
        return NO_VALUE;
    }
    Own list = NO_VALUE;
    char *room = NULL;
    for (size_t size = 256; size <= NAMES_MOST; size *= 16) {
        char *more = mem_realloc(room, size);
        ssize_t n;
        if (!more) {
            break;
        }
        room = more;
        SYSCALL(n, list_names(&path, follow_symlinks, room, size));
        if (n < 0 && errno == ERANGE && size < NAMES_MOST) {
            continue;
        }
        list = n < 0 ? raise_path(&path) : list_new(0);
        for (char *at = room; list && at < room + n; at += strlen(at) + 1) {
            Own name = path_text(at, strlen(at), false);
            if (!name || list_append_own(list, name) < 0) {
                ref_clear(&list);
            }
        }
        break;
    }
    mem_free(room);
    path_release(&path);
    return list;
}
