/* FileIO: a file descriptor as a raw file.
 *
 * Threads: an operation counts itself as a user of the descriptor (module/os/descriptor.h): a file that is closed meanwhile is closed
 * at once, its descriptor after the last use. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "module/os/descriptor.h"
#include "module/posix/path.h"
#include "object/audit.h"
#include "object/type.h"
#include "object/args.h"
#include "object/hooks.h"
#include "io_priv.h"

typedef struct FileObject {
    Object head;
    Descriptor fd;
    uint8_t created, readable, writable, appending;
    bool closefd;
    _Atomic bool finalizing;
    _Atomic int8_t seekable; /* -1 = not known yet */
    int block_size;
    _Atomic int64_t size_hint; /* at the opening; 0 unknown */
    bool regular;
} FileObject;

#include "fileio.spec.h"

__thread int io_writes_for_buffer;

#define FILE_CLOSED "I/O operation on closed file"
#define IO_MOST 0x7FFFF000
#define IO_SMALL_FILE 65536

static FileObject *
as_file(Value v)
{
    return (FileObject *)obj(v);
}

/* The descriptor, or -1 with ValueError. */
static int
file_fd(FileObject *self)
{
    int fd = descriptor_peek(&self->fd);
    return fd >= 0 ? fd : raise_int(&exc_ValueError, FILE_CLOSED);
}

/* The descriptor, which stays open until file_done(), or -1 with ValueError. */
static int
file_use(FileObject *self)
{
    int fd = descriptor_use(&self->fd);
    if (fd < 0) {
        descriptor_done(&self->fd);
        raise_msg(&exc_ValueError, FILE_CLOSED);
    }
    return fd;
}

static void
file_done(FileObject *self)
{
    descriptor_done(&self->fd);
}

int
io_fileio_is_closed(Value self)
{
    return descriptor_peek(&as_file(self)->fd) < 0;
}

int
io_fileio_write_out(Value file, const uint8_t *data, int64_t n)
{
    for (int64_t done = 0; done < n;) {
        int fd = descriptor_use(&as_file(file)->fd);
        detach();
        ssize_t got = write(fd, data + done, (size_t)(n - done));
        attach();
        descriptor_done(&as_file(file)->fd);
        if (got < 0 && errno != EINTR) {
            return -1;
        }
        done += got > 0 ? got : 0;
    }
    return 0;
}

/* -- opening -- */

static int
bad_mode(void)
{
    return raise_int(&exc_ValueError, "Must have exactly one of create/read/write/append mode and at most one plus");
}

/* Sets what the file can do; returns the flags for open(). fail: -1 */
static int
parse_mode(FileObject *self, const char *mode)
{
    int flags = 0;
    bool plus = false, chosen = false;
    for (const char *c = mode; *c; c++) {
        if (*c == 'b') {
            continue;
        }
        if (*c == '+') {
            if (plus) {
                return bad_mode();
            }
            plus = true;
            continue;
        }
        if (*c != 'r' && *c != 'w' && *c != 'a' && *c != 'x') {
            return raise_int(&exc_ValueError, "invalid mode: %s", mode);
        }
        if (chosen) {
            return bad_mode();
        }
        chosen = true;
        self->readable = *c == 'r';
        self->writable = *c != 'r';
        self->created = *c == 'x';
        self->appending = *c == 'a';
        flags = *c == 'r' ? 0 : *c == 'w' ? O_CREAT | O_TRUNC : *c == 'a' ? O_CREAT | O_APPEND : O_CREAT | O_EXCL;
    }
    if (!chosen) {
        return bad_mode();
    }
    if (plus) {
        self->readable = self->writable = 1;
    }
    return flags | (self->readable && self->writable ? O_RDWR : self->readable ? O_RDONLY : O_WRONLY);
}

static int
open_with(Value opener, Value name, int flags)
{
    Own result = call2(opener, name, small_int(flags));
    if (!result) {
        return -1;
    }
    int fd = object_as_int(result);
    drop(result);
    if (fd == -1 && exc_pending()) {
        return -1;
    }
    if (fd < 0) {
        return raise_int(&exc_ValueError, "opener returned %d", fd);
    }
    int flags_of_fd = fcntl(fd, F_GETFD);
    if (flags_of_fd < 0 || (!(flags_of_fd & FD_CLOEXEC) && fcntl(fd, F_SETFD, flags_of_fd | FD_CLOEXEC) < 0)) {
        return posix_status(-1);
    }
    return fd; /* not inherited, whatever the opener did */
}

static int
open_path(Value name, Value opener, int flags)
{
    if (opener != NONE) {
        return open_with(opener, name, flags);
    }
    Path path;
    int fd;
    Own text = path_fspath(name);
    int status = text ? path_get(&path, "open", "path", text, 0) : -1;
    drop_opt(text);
    if (status < 0) {
        return -1;
    }
    SYSCALL(fd, open(path.text, flags | O_CLOEXEC, 0666));
    if (fd < 0) {
        raise_path(&path);
    }
    path_release(&path);
    return fd;
}

static void
close_own(FileObject *self)
{
    int fd = descriptor_take(&self->fd);
    if (fd >= 0 && self->closefd) {
        (void)descriptor_close(&self->fd, fd);
    }
}

int
io_fileio_init(FileObject *self, Value file, const char *mode, bool closefd, Value opener)
{
    if (atomic_load(&self->fd.number) >= 0) { /* __init__ again */
        close_own(self);
    }
    atomic_store(&self->fd.number, -1);
    self->created = self->readable = self->writable = self->appending = 0;
    atomic_store(&self->seekable, -1);
    self->closefd = closefd;
    int fd = -1;
    if (is_int(file)) {
        if (file == TRUE_VALUE || file == FALSE_VALUE) {
            if (warn_fmt(&exc_RuntimeWarning, 1, "bool is used as a file descriptor") < 0) {
                return -1;
            }
        }
        fd = object_as_int(file);
        if (fd < 0) {
            return exc_pending() ? -1 : raise_int(&exc_ValueError, "negative file descriptor");
        }
    }
    int flags = parse_mode(self, mode);
    if (flags < 0) {
        return -1;
    }
    if (audit_wanted() && audit_event("open", "Osi", file, mode, flags) < 0) {
        return -1;
    }
    bool own_fd = fd < 0;
    if (own_fd) {
        if (!closefd) {
            return raise_int(&exc_ValueError, "Cannot use closefd=False with file name");
        }
        fd = open_path(file, opener, flags);
        if (fd < 0) {
            return -1;
        }
    } else {
        self->closefd = closefd;
    }
    struct stat st;
    int result;
    SYSCALL(result, fstat(fd, &st));
    int error = result < 0 ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
    if (error) {
        if (own_fd) {
            close(fd);
        }
        raise_errno_path(error, file);
        return -1;
    }
    self->block_size = st.st_blksize > 1 ? (int)st.st_blksize : 8192;
    self->size_hint = st.st_size;
    self->regular = S_ISREG(st.st_mode);
    atomic_store(&self->fd.number, fd);
    if (object_setattr(VALUE(self), NAME(name), file) < 0) {
        if (!own_fd) {
            atomic_store(&self->fd.number, -1); /* the caller's, still */
        }
        return -1;
    }
    if (self->appending && lseek(fd, 0, SEEK_END) < 0 && errno != ESPIPE) {
        raise_errno(errno);
        return -1;
    }
    return 0;
}

static Own
fileio_create(Type *cls, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own v = type_alloc(cls, 0);
    if (v) {
        atomic_store(&as_file(v)->fd.number, -1);
        atomic_store(&as_file(v)->seekable, -1);
        as_file(v)->closefd = true;
    }
    return v;
}

/* -- closing -- */

int
io_fileio_py__dealloc_warn(FileObject *self, Value source)
{
    if (atomic_load(&self->fd.number) < 0 || !self->closefd) {
        return 0;
    }
    Own text = str_fmt("unclosed file %R", source);
    if (!text || object_hooks.warn(&exc_ResourceWarning, text, 1, source) < 0) {
        if (exc_matches(&exc_Warning)) {
            exc_write_unraisable(NULL, VALUE(self));
        } else {
            exc_clear();
        }
    }
    drop_opt(text);
    return 0;
}

int
io_fileio_py_close(FileObject *self)
{
    if (self->finalizing) {
        (void)!io_fileio_py__dealloc_warn(self, VALUE(self));
    }
    Own done = call_method1(VALUE(&io_rawiobase_type), "close", VALUE(self));
    Own pending = done ? NO_VALUE : exc_take();
    drop_opt(done);
    int fd = descriptor_take(&self->fd), status = 0;
    if (fd >= 0 && self->closefd) {
        int result = descriptor_close(&self->fd, fd);
        if (result < 0 && errno != EINTR) {
            raise_errno(errno);
            status = -1;
        }
    }
    if (pending) {
        exc_clear();
        exc_restore(pending);
        return -1;
    }
    return status;
}

/* -- reading and writing -- */

static Own
not_allowed(const char *what)
{
    Own text = str_fmt("File not open for %s", what);
    if (text) {
        io_raise_unsupported(str_utf8(text, NULL));
        drop(text);
    }
    return NO_VALUE;
}

/* n >= 0 as an int, None for EAGAIN, or the error. */
static Own
transferred(ssize_t n)
{
    if (n >= 0) {
        return small_int(n);
    }
    if (errno == EAGAIN) {
        return NONE;
    }
    posix_status(-1);
    return NO_VALUE;
}

Own
io_fileio_py_readinto(FileObject *self, Buffer *buffer)
{
    int fd = self->readable ? file_use(self) : file_fd(self);
    if (fd < 0 || !self->readable) {
        return fd < 0 ? NO_VALUE : not_allowed("reading");
    }
    ssize_t n;
    SYSCALL(n, read(fd, buffer->data, (size_t)(buffer->length > IO_MOST ? IO_MOST : buffer->length)));
    file_done(self);
    return transferred(n);
}

static Own
read_to_end(FileObject *self, int fd)
{
    /* where it stands matters to the guess of a large file's size alone */
    int64_t at = !self->regular                      ? -1
                 : self->size_hint > IO_SMALL_FILE ? lseek(fd, 0, SEEK_CUR)
                                                     : 0;
    int64_t capacity = at >= 0 && self->size_hint > at ? self->size_hint - at + 1 : IO_BUFFER_SIZE, used = 0;
    uint8_t *data = mem_alloc((size_t)capacity);
    while (data) {
        if (used == capacity) {
            int64_t more = capacity + (capacity < 1 << 20 ? capacity : capacity / 4);
            uint8_t *moved = mem_realloc(data, (size_t)more);
            if (!moved) {
                break;
            }
            data = moved;
            capacity = more;
        }
        ssize_t n;
        int64_t room = capacity - used > IO_MOST ? IO_MOST : capacity - used;
        SYSCALL(n, read(fd, data + used, (size_t)room));
        if (n < 0) {
            Own result = errno == EAGAIN ? (used ? bytes_new(data, (size_t)used) : NONE) : (posix_status(-1), NO_VALUE);
            mem_free(data);
            return result;
        }
        if (n == 0) {
            Own result = bytes_new(data, (size_t)used);
            mem_free(data);
            return result;
        }
        used += n;
    }
    mem_free(data);
    return NO_VALUE;
}

Own
io_fileio_py_readall(FileObject *self)
{
    int fd = self->readable ? file_use(self) : file_fd(self);
    if (fd < 0 || !self->readable) {
        return fd < 0 ? NO_VALUE : not_allowed("reading");
    }
    Own all = read_to_end(self, fd);
    file_done(self);
    return all;
}

Own
io_fileio_py_read(FileObject *self, Value size)
{
    int fd = file_fd(self);
    if (fd < 0 || !self->readable) {
        return fd < 0 ? NO_VALUE : not_allowed("reading");
    }
    int64_t length = io_size(size);
    if (length < 0) {
        return length == -2 ? NO_VALUE : call_method0(VALUE(self), "readall");
    }
    Own bytes = bytes_new(NULL, (size_t)(length > IO_MOST ? IO_MOST : length));
    fd = bytes ? file_use(self) : -1;
    if (fd < 0) {
        drop_opt(bytes);
        return NO_VALUE;
    }
    ssize_t n;
    SYSCALL(n, read(fd, as_bytes(bytes)->data, (size_t)as_bytes(bytes)->length));
    file_done(self);
    if (n < 0) {
        drop(bytes);
        return transferred(n);
    }
    return bytes_shrink(bytes, n);
}

Own
io_fileio_py_write(FileObject *self, Buffer *b)
{
    int fd = self->writable ? file_use(self) : file_fd(self);
    if (fd < 0 || !self->writable) {
        return fd < 0 ? NO_VALUE : not_allowed("writing");
    }
    ssize_t n;
    SYSCALL(n, write(fd, b->data, (size_t)(b->length > IO_MOST ? IO_MOST : b->length)));
    file_done(self);
    if (n >= 0 && n < b->length && !io_writes_for_buffer && safepoint(thread_self()) < 0) {
        return NO_VALUE; /* a signal cut it short, and its handler raised */
    }
    return transferred(n);
}

/* -- positions -- */

Own
io_fileio_py_seek(FileObject *self, Value pos, int whence)
{
    int fd = file_fd(self);
    if (fd < 0) {
        return NO_VALUE;
    }
    if (is_float(pos)) {
        return raise_msg(&exc_TypeError, "an integer is required");
    }
    int64_t offset = object_as_int64(pos);
    if (offset == -1 && exc_pending()) {
        return NO_VALUE;
    }
    fd = file_use(self); /* __index__ may have made it another */
    if (fd < 0) {
        return NO_VALUE;
    }
    int64_t result;
    SYSCALL(result, lseek(fd, offset, whence));
    file_done(self);
    if (result < 0) {
        posix_status(-1);
        return NO_VALUE;
    }
    atomic_store(&self->seekable, 1);
    return int_from_i64(result);
}

Own
io_fileio_py_tell(FileObject *self)
{
    return io_fileio_py_seek(self, small_int(0), SEEK_CUR);
}

/* To its position without a size. */
static Own
truncate_to(FileObject *self, int fd, Value size)
{
    int64_t length = size == NONE ? lseek(fd, 0, SEEK_CUR) : object_as_int64(size);
    if (length == -1 && exc_pending()) {
        return NO_VALUE;
    }
    int result;
    SYSCALL(result, ftruncate(fd, length));
    if (posix_status(result) < 0) {
        return NO_VALUE;
    }
    self->size_hint = length;
    return int_from_i64(length);
}

Own
io_fileio_py_truncate(FileObject *self, Value size)
{
    int fd = self->writable ? file_use(self) : file_fd(self);
    if (fd < 0 || !self->writable) {
        return fd < 0 ? NO_VALUE : not_allowed("writing");
    }
    Own length = truncate_to(self, fd, size);
    file_done(self);
    return length;
}

int
io_fileio_py_seekable(FileObject *self)
{
    int fd = file_use(self);
    if (fd < 0) {
        return -1;
    }
    if (atomic_load(&self->seekable) < 0) {
        atomic_store(&self->seekable, lseek(fd, 0, SEEK_CUR) >= 0);
    }
    file_done(self);
    return atomic_load(&self->seekable);
}

int
io_fileio_py_readable(FileObject *self)
{
    return file_fd(self) < 0 ? -1 : self->readable;
}

int
io_fileio_py_writable(FileObject *self)
{
    return file_fd(self) < 0 ? -1 : self->writable;
}

int64_t
io_fileio_py_fileno(FileObject *self)
{
    return file_fd(self);
}

int
io_fileio_py_isatty(FileObject *self)
{
    int fd = file_use(self);
    if (fd < 0) {
        return -1;
    }
    int answer = isatty(fd);
    file_done(self);
    return answer;
}

int
io_fileio_py__isatty_open_only(FileObject *self)
{
    return self->regular ? 0 : io_fileio_py_isatty(self);
}

Own
io_fileio_py___getstate__(FileObject *self)
{
    return raise_fmt(&exc_TypeError, "cannot pickle '%s' instances", type_short_name(type_of(VALUE(self))));
}

Own
io_fileio_get_closed(FileObject *self)
{
    return bool_value(atomic_load(&self->fd.number) < 0);
}

Own
io_fileio_get_closefd(FileObject *self)
{
    return bool_value(self->closefd);
}

static const char *
mode_text(const FileObject *self)
{
    return self->created     ? (self->readable ? "xb+" : "xb")
           : self->appending ? (self->readable ? "ab+" : "ab")
           : self->readable  ? (self->writable ? "rb+" : "rb")
                             : "wb";
}

Own
io_fileio_get_mode(FileObject *self)
{
    return str_from_cstr(mode_text(self));
}

Own
io_fileio_get__blksize(FileObject *self)
{
    return small_int(self->block_size);
}

Own
io_fileio_get__finalizing(FileObject *self)
{
    return bool_value(self->finalizing);
}

int
io_fileio_set__finalizing(FileObject *self, Value value)
{
    return io_set_finalizing(&self->finalizing, value);
}

static Own
fileio_repr(Value v)
{
    FileObject *self = as_file(v);
    int fd = atomic_load(&self->fd.number);
    if (fd < 0) {
        return str_fmt("<%T [closed]>", v);
    }
    Own name;
    int found = object_lookup_attr(v, NAME(name), &name);
    if (found < 0) {
        return NO_VALUE;
    }
    if (!found) {
        return str_fmt("<%T fd=%d mode='%s' closefd=%s>", v, fd, mode_text(self), self->closefd ? "True" : "False");
    }
    int status = repr_enter(v);
    Own text = status == 0 ? str_fmt("<%T name=%R mode='%s' closefd=%s>", v, (Value)name, mode_text(self), self->closefd ? "True" : "False") : NO_VALUE;
    if (status == 0) {
        repr_leave(v);
    } else if (status > 0) {
        raise_fmt(&exc_RuntimeError, "reentrant call inside %T.__repr__", v);
    }
    drop(name);
    return text;
}

static int
fileio_traverse(Object *o, Visit visit, void *arg)
{
    return instance_attrs_traverse(o, visit, arg);
}

static void
fileio_dealloc(Object *o)
{
    instance_attrs_free(o);
    object_free(o);
}

Type io_fileio_type = {
    .name = "_io.FileIO",
    .base = &io_rawiobase_type,
    .flags = IO_FLAGS,
    .basic_size = sizeof(FileObject),
    .dict_offset = sizeof(FileObject),
    .slots = {
        .traverse = fileio_traverse,
        .clear = instance_attrs_clear,
        .dealloc = fileio_dealloc,
        .create = fileio_create,
        .init = io_fileio_init_slot,
        .repr = fileio_repr,
    },
    .methods = io_fileio_methods,
    .getsets = io_fileio_getsets,
    .spec_doc = io_fileio_doc,
};
