/* posix.scandir() and DirEntry.
 *
 * Threads: the iterator reads the directory under its own lock. A DirEntry is immutable but for its cached statuses, each set once (ref_load, lock). */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap/critical.h"
#include "heap/world.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "path.h"
#include "posix_priv.h"

typedef struct DirEntryObject {
    Object head;
    Own name, path;        /* immutable */
    Own status, lstatus;   /* cached; guard: lock */
    int dir_fd;            /* of the directory when scandir() got a descriptor, else AT_FDCWD */
    unsigned char type;    /* DT_* */
    uint64_t inode;
} DirEntryObject;

typedef struct ScandirObject {
    Object head;
    Own directory; /* str or bytes, as is_bytes says; NO_VALUE for "." and descriptors. immutable */
    DIR *dir;      /* guard: lock; null once closed */
    int dir_fd;
    bool is_bytes;
} ScandirObject;

#include "scandir.spec.h"

static Type scandir_type, dirent_type;

/* -- entries -- */

static Own
entry_stat(DirEntryObject *self, bool follow)
{
    if (follow && self->type != DT_LNK && self->type != DT_UNKNOWN) {
        follow = false; /* the same, and perhaps known */
    }
    Own *field = follow ? &self->status : &self->lstatus;
    Own known = ref_load(&self->head, field);
    if (known) {
        return known;
    }
    Path path;
    struct stat st;
    int result;
    if (path_get(&path, "stat", "path", self->dir_fd == AT_FDCWD ? self->path : self->name, 0) < 0) {
        return NO_VALUE;
    }
    SYSCALL(result, fstatat(self->dir_fd, path.text, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    Own status = result < 0 ? raise_path(&path) : posix_stat_result(&st);
    path_release(&path);
    if (status) {
        CriticalSection section;
        critical_enter(&section, &self->head);
        Own old = ref_swap(&self->head, field, own(status));
        critical_leave(&section);
        drop_opt(old);
    }
    return status;
}

/* Is it of this kind (S_IFDIR...)? What has vanished is of none. */
static int
entry_is(DirEntryObject *self, bool follow, unsigned kind, unsigned char type)
{
    if (self->type != DT_UNKNOWN && !(self->type == DT_LNK && follow)) {
        return self->type == type;
    }
    Own status = entry_stat(self, follow);
    if (!status) {
        return exc_swallow(&exc_FileNotFoundError) ? 0 : -1;
    }
    int is = (small_int_value(tuple_item(status, 0)) & S_IFMT) == kind;
    drop(status);
    return is;
}

int
dirent_py_is_dir(DirEntryObject *self, bool follow_symlinks)
{
    return entry_is(self, follow_symlinks, S_IFDIR, DT_DIR);
}

int
dirent_py_is_file(DirEntryObject *self, bool follow_symlinks)
{
    return entry_is(self, follow_symlinks, S_IFREG, DT_REG);
}

int
dirent_py_is_symlink(DirEntryObject *self)
{
    return self->type != DT_UNKNOWN ? self->type == DT_LNK : entry_is(self, false, S_IFLNK, DT_LNK);
}

int
dirent_py_is_junction(DirEntryObject *self UNUSED)
{
    return 0;
}

Own
dirent_py_stat(DirEntryObject *self, bool follow_symlinks)
{
    return entry_stat(self, follow_symlinks);
}

Own
dirent_py_inode(DirEntryObject *self)
{
    return int_from_u64(self->inode);
}

Own
dirent_py___fspath__(DirEntryObject *self)
{
    return own(self->path);
}

Own
dirent_get_name(DirEntryObject *self)
{
    return own(self->name);
}

Own
dirent_get_path(DirEntryObject *self)
{
    return own(self->path);
}

static Own
dirent_repr(Value v)
{
    return str_fmt("<DirEntry %R>", (Value)((DirEntryObject *)obj(v))->name);
}

static void
dirent_dealloc(Object *o)
{
    DirEntryObject *self = (DirEntryObject *)o;
    ref_clear(&self->name);
    ref_clear(&self->path);
    ref_clear(&self->status);
    ref_clear(&self->lstatus);
    object_free(o);
}

static int
dirent_traverse(Object *o, Visit visit, void *arg)
{
    DirEntryObject *self = (DirEntryObject *)o;
    VISIT(self->name);
    VISIT(self->path);
    VISIT(self->status);
    VISIT(self->lstatus);
    return 0;
}

static Own
dirent_class_getitem(Value cls, Value const *args, size_t nargs, Value kwnames UNUSED)
{
    return nargs == 1 ? generic_alias_new(cls, args[0]) : raise_msg(&exc_TypeError, "DirEntry.__class_getitem__() takes exactly one argument");
}

static MethodDef dirent_all_methods[ARRAY_LEN(dirent_methods) + 1];

static Type dirent_type = {
    .name = "posix.DirEntry",
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(DirEntryObject),
    .slots = {.traverse = dirent_traverse, .dealloc = dirent_dealloc, .repr = dirent_repr},
    .methods = dirent_all_methods,
    .getsets = dirent_getsets,
    .spec_doc = dirent_doc,
};

/* -- the iterator -- */

/* directory/name, in the kind of the path that scandir() got. */
static Own
join(ScandirObject *self, Value name)
{
    if (self->dir_fd != AT_FDCWD) {
        return own(name);
    }
    if (!self->directory) {
        Own start = path_text("./", 2, self->is_bytes);
        Own whole = start ? object_binary(start, name, OP_ADD) : NO_VALUE;
        drop_opt(start);
        return whole;
    }
    Value text = self->directory;
    int64_t n = self->is_bytes ? as_bytes(text)->length : as_str(text)->length;
    uint32_t last = n == 0 ? '/' : self->is_bytes ? as_bytes(text)->data[n - 1] : str_char_at(as_str(text), n - 1);
    Own slash = last == '/' ? own(text) : path_text("/", 1, self->is_bytes);
    Own start = last == '/' ? own(text) : slash ? object_binary(text, slash, OP_ADD) : NO_VALUE;
    Own whole = start ? object_binary(start, name, OP_ADD) : NO_VALUE;
    drop_opt(slash);
    drop_opt(start);
    return whole;
}

static Own
entry_new(ScandirObject *self, const struct dirent *d)
{
    Own name = path_text(d->d_name, strlen(d->d_name), self->is_bytes);
    Own path = name ? join(self, name) : NO_VALUE;
    Own v = path ? type_alloc(&dirent_type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(name);
        drop_opt(path);
        return NO_VALUE;
    }
    DirEntryObject *entry = (DirEntryObject *)obj(v);
    ref_init(obj(v), &entry->name, name);
    ref_init(obj(v), &entry->path, path);
    entry->dir_fd = self->dir_fd;
    entry->type = d->d_type;
    entry->inode = d->d_ino;
    return v;
}

static void
scandir_close(ScandirObject *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    DIR *dir = self->dir;
    self->dir = NULL;
    critical_leave(&section);
    if (dir) {
        if (self->dir_fd != AT_FDCWD) {
            rewinddir(dir);
        }
        detach();
        closedir(dir);
        attach();
    }
}

static Own
scandir_next(Value v)
{
    ScandirObject *self = (ScandirObject *)obj(v);
    for (;;) {
        struct dirent copy;
        bool found = false;
        int error = 0;
        CriticalSection section;
        critical_enter(&section, obj(v));
        if (self->dir) {
            errno = 0;
            struct dirent *d = readdir(self->dir);
            found = d != NULL;
            error = d ? 0 : errno;
            if (d) {
                memcpy(&copy, d, d->d_reclen < sizeof copy ? d->d_reclen : sizeof copy);
            }
        }
        critical_leave(&section);
        if (!found) {
            scandir_close(self);
            return error ? raise_errno_path(error, self->directory ? (Value)self->directory : (Value)NONE) : NO_VALUE;
        }
        if (strcmp(copy.d_name, ".") != 0 && strcmp(copy.d_name, "..") != 0) {
            return entry_new(self, &copy);
        }
    }
}

DIR *
directory_of(int fd)
{
    DIR *dir = fdopendir(fd);
    if (!dir) {
        int error = errno;
        close(fd);
        errno = error;
    }
    return dir;
}

Own
posix_scandir(Value module UNUSED, Value v)
{
    if (audit_wanted() && audit_event("os.scandir", "O", v) < 0) {
        return NO_VALUE;
    }
    Path path;
    if (path_get(&path, "scandir", "path", v, PATH_FD | PATH_NONE) < 0) {
        return NO_VALUE;
    }
    detach();
    int copy = path.text ? -1 : fcntl(path.fd, F_DUPFD_CLOEXEC, 0);
    DIR *dir = path.text ? opendir(path.text) : copy < 0 ? NULL : directory_of(copy);
    attach();
    Own result = dir ? type_alloc(&scandir_type, 0) : raise_path(&path);
    if (result) {
        ScandirObject *self = (ScandirObject *)obj(result);
        self->dir = dir;
        self->dir_fd = path.text ? AT_FDCWD : path.fd;
        self->is_bytes = path.is_bytes;
        ref_init(obj(result), &self->directory, own_opt(path.text ? path.given : NO_VALUE));
    } else if (dir) {
        closedir(dir);
    }
    path_release(&path);
    return result;
}

int
scandir_py_close(ScandirObject *self)
{
    scandir_close(self);
    return 0;
}

Own
scandir_py___enter__(ScandirObject *self)
{
    return own(VALUE(self));
}

Own
scandir_py___exit__(Value self, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    scandir_close((ScandirObject *)obj(self));
    return NONE;
}

static Own
scandir_iter(Value v)
{
    return own(v);
}

static void
scandir_finalize(Object *o)
{
    if (((ScandirObject *)o)->dir) {
        if (warn_fmt(&exc_ResourceWarning, 1, "unclosed scandir iterator %R", VALUE(o)) < 0) {
            exc_write_unraisable(NULL, VALUE(o));
        }
        scandir_close((ScandirObject *)o);
    }
}

static void
scandir_dealloc(Object *o)
{
    ref_clear(&((ScandirObject *)o)->directory);
    object_free(o);
}

static Type scandir_type = {
    .name = "posix.ScandirIterator",
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(ScandirObject),
    .slots = {.dealloc = scandir_dealloc, .finalize = scandir_finalize, .iter = scandir_iter, .next = scandir_next},
    .methods = scandir_methods,
    .spec_doc = scandir_doc,
};

int
posix_add_scandir(Value m)
{
    size_t n = ARRAY_LEN(dirent_methods) - 1;
    memcpy(dirent_all_methods, dirent_methods, n * sizeof *dirent_methods);
    dirent_all_methods[n] = (MethodDef){"__class_getitem__", "__class_getitem__($type, item, /)\n--\n\nSee PEP 585.", dirent_class_getitem, METHOD_CLASS};
    if (type_ready(&scandir_type) < 0) {
        return -1;
    }
    return module_add_type(m, &dirent_type);
}
