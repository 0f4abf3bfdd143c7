/* The module _posixshmem. Without state. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap/world.h"
#include "module/posix/path.h"
#include "object/str.h"

#include "_posixshmem.spec.h"

static int
name_of(Path *name, Value v)
{
    if (path_get(name, "shm_open", "path", v, 0) < 0) {
        if (exc_swallow(&exc_ValueError)) {
            raise_msg(&exc_ValueError, "embedded null character");
        }
        return -1;
    }
    return 0;
}

int64_t
posixshmem_shm_open(Value module UNUSED, Value path, int flags, int mode)
{
    Path name;
    int fd;
    if (name_of(&name, path) < 0) {
        return -1;
    }
    SYSCALL(fd, shm_open(name.text, flags, (mode_t)mode));
    if (fd < 0) {
        raise_path(&name);
    }
    path_release(&name);
    return fd;
}

int
posixshmem_shm_unlink(Value module UNUSED, Value path)
{
    Path name;
    int result;
    if (name_of(&name, path) < 0) {
        return -1;
    }
    SYSCALL(result, shm_unlink(name.text));
    if (result < 0) {
        raise_path(&name);
    }
    path_release(&name);
    return result;
}

const ModuleDef module__posixshmem = {
    .name = "_posixshmem",
    .doc = posixshmem_module_doc,
    .functions = posixshmem_functions,
};
