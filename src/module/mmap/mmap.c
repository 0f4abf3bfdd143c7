/* The module mmap: files in memory.
 *
 * Threads: address, length, position and the number of exports are guarded by the object's lock. The
 * bytes themselves are memory that other processes may change, too: nothing guards them. */
#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap/world.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/bytes.h"
#include "object/audit.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef enum { ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY } Access;

typedef struct Mmap {
    Object head;
    uint8_t *data;    /* null = closed; guard: lock, as the rest */
    int64_t length;
    int64_t position;
    int64_t offset;   /* in the file */
    int64_t exports;  /* buffers given out: it stays where it is */
    int fd;           /* a duplicate of the file's; -1 = none */
    int flags;
    Access access;
    bool trackfd;
} Mmap;

#include "mmap.spec.h"

extern Type mmap_type;

static Mmap *
as_mmap(Value v)
{
    return (Mmap *)obj(v);
}

/* lock: m's */
static int
check_open(const Mmap *m)
{
    return m->data ? 0 : raise_int(&exc_ValueError, "mmap closed or invalid");
}

/* The length at this moment. fail: -1 + ValueError where it is closed */
static int64_t
open_length(Mmap *m)
{
    CriticalSection section;
    critical_enter(&section, &m->head);
    int64_t length = check_open(m) < 0 ? -1 : m->length;
    critical_leave(&section);
    return length;
}

static int
check_writable(const Mmap *m)
{
    return m->access == ACCESS_READ
               ? raise_int(&exc_TypeError, "mmap can't modify a readonly memory map.")
               : 0;
}

static int
check_resizable(const Mmap *m)
{
    if (m->exports > 0) {
        return raise_int(&exc_BufferError, "mmap can't resize with extant buffers exported.");
    }
    if (!m->trackfd) {
        return raise_int(&exc_ValueError, "mmap can't resize with trackfd=False.");
    }
    return m->access == ACCESS_READ || m->access == ACCESS_COPY
               ? raise_int(&exc_TypeError,
                           "mmap can't resize a readonly or copy-on-write memory map.")
               : 0;
}

/* -- making -- */

typedef struct Wanted {
    int fd, flags, prot, access;
    int64_t length, offset;
    bool trackfd;
} Wanted;

static int
wanted_parse(Wanted *w, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"fileno", "length", "flags",  "prot",
                                        "access", "offset", "trackfd"};
    static const ArgsSpec spec = {"function", names, 7, 0, 6, 0x3, false, false};
    Value v[7];
    *w = (Wanted){.flags = MAP_SHARED, .prot = PROT_READ | PROT_WRITE, .trackfd = true};
    if (args_parse(&spec, args, nargs, kwnames, v, 0) < 0 ||
        args_int("mmap", 0, "fileno", v[0], &w->fd) < 0 ||
        args_ssize("mmap", 0, "length", v[1], &w->length) < 0 ||
        (v[2] && args_int("mmap", 0, "flags", v[2], &w->flags) < 0) ||
        (v[3] && args_int("mmap", 0, "prot", v[3], &w->prot) < 0) ||
        (v[4] && args_int("mmap", 0, "access", v[4], &w->access) < 0) ||
        (v[5] && args_i64("mmap", 0, "offset", v[5], &w->offset) < 0) ||
        (v[6] && args_bool("mmap", 0, "trackfd", v[6], &w->trackfd) < 0)) {
        return -1;
    }
    if (w->length < 0) {
        return raise_int(&exc_OverflowError, "memory mapped length must be positive");
    }
    if (w->offset < 0) {
        return raise_int(&exc_OverflowError, "memory mapped offset must be positive");
    }
    if (w->access != ACCESS_DEFAULT &&
        (w->flags != MAP_SHARED || w->prot != (PROT_READ | PROT_WRITE))) {
        return raise_int(&exc_ValueError, "mmap can't specify both access and flags, prot.");
    }
    return 0;
}

/* What `access` stands for, or what flags and protection mean. fail: -1 */
static int
wanted_access(Wanted *w)
{
    switch (w->access) {
    case ACCESS_READ:
        w->prot = PROT_READ;
        return 0;
    case ACCESS_WRITE:
        return 0;
    case ACCESS_COPY:
        w->flags = MAP_PRIVATE;
        return 0;
    case ACCESS_DEFAULT:
        if ((w->prot & PROT_READ) && !(w->prot & PROT_WRITE)) {
            w->access = ACCESS_READ;
        } else if ((w->prot & PROT_WRITE) && !(w->prot & PROT_READ)) {
            w->access = ACCESS_WRITE;
        }
        return 0;
    default:
        return raise_int(&exc_ValueError, "mmap invalid access parameter.");
    }
}

/* The length of a regular file decides where none was given, and limits it. fail: -1 */
static int
wanted_length(Wanted *w)
{
    struct stat st;
    int result;
    if (w->fd == -1) {
        return 0;
    }
    SYSCALL(result, fstat(w->fd, &st));
    if (result < 0 && (errno != EBADF || w->trackfd)) {
        return posix_status(result);
    }
    if (result < 0) {
        raise_errno(errno);
        return -1;
    }
    if (!S_ISREG(st.st_mode)) {
        return 0;
    }
    if (w->length == 0) {
        if (st.st_size == 0) {
            return raise_int(&exc_ValueError, "cannot mmap an empty file");
        }
        if (w->offset >= st.st_size) {
            return raise_int(&exc_ValueError, "mmap offset is greater than file size");
        }
        w->length = st.st_size - w->offset;
        return 0;
    }
    return w->offset > st.st_size || st.st_size - w->offset < w->length
               ? raise_int(&exc_ValueError, "mmap length is greater than file size")
               : 0;
}

static Own
mmap_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    Wanted w;
    if (wanted_parse(&w, args, nargs, kwnames) < 0 ||
        (audit_wanted() && audit_event("mmap.__new__", "iIiI", w.fd, w.length, w.access, w.offset) < 0) || wanted_access(&w) < 0 ||
        wanted_length(&w) < 0) {
        return NO_VALUE;
    }
    Own v = type_alloc(type, 0);
    if (!v) {
        return NO_VALUE;
    }
    Mmap *m = as_mmap(v);
    m->fd = -1;
    if (w.fd == -1) {
        w.flags |= MAP_ANONYMOUS;
    } else if (w.trackfd) {
        m->fd = fcntl(w.fd, F_DUPFD_CLOEXEC, 0);
        if (posix_status(m->fd) < 0) {
            drop(v);
            return NO_VALUE;
        }
    }
    detach();
    void *data = mmap(NULL, (size_t)w.length, w.prot, w.flags, w.fd, w.offset);
    attach();
    if (data == MAP_FAILED) {
        raise_errno(errno);
        drop(v);
        return NO_VALUE;
    }
    m->data = data;
    m->length = w.length;
    m->offset = w.offset;
    m->flags = w.flags;
    m->access = (Access)w.access;
    m->trackfd = w.trackfd;
    return v;
}

static void
unmap(uint8_t *data, int64_t length, int fd)
{
    if (fd >= 0) {
        close(fd);
    }
    if (data) {
        munmap(data, (size_t)length);
    }
}

static void
mmap_dealloc(Object *o)
{
    Mmap *m = (Mmap *)o;
    unmap(m->data, m->length, m->data || m->fd > 0 ? m->fd : -1);
    object_free(o);
}

int
mmap_py_close(Mmap *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    bool lent = self->exports > 0;
    uint8_t *data = self->data;
    int fd = self->fd;
    if (!lent) {
        self->data = NULL;
        self->fd = -1;
    }
    int64_t length = self->length;
    critical_leave(&section);
    if (lent) {
        return raise_int(&exc_BufferError, "cannot close exported pointers exist");
    }
    detach();
    unmap(data, length, fd);
    attach();
    return 0;
}

Own
mmap_get_closed(Mmap *self)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    bool closed = self->data == NULL;
    critical_leave(&section);
    return bool_value(closed);
}

Own
mmap_py___enter__(Mmap *self)
{
    return open_length(self) < 0 ? NO_VALUE : own(VALUE(self));
}

Own
mmap_py___exit__(Mmap *self, Value type UNUSED, Value value UNUSED, Value tb UNUSED)
{
    return mmap_py_close(self) < 0 ? NO_VALUE : NONE;
}

/* -- as a file -- */

static int64_t
remaining(const Mmap *m)
{
    return m->position < m->length ? m->length - m->position : 0;
}

/* So many bytes from the position on. own: ret new */
static Own
take_bytes_locked(Mmap *m, int64_t n)
{
    Own bytes = bytes_of_lent(m->data + (n ? m->position : 0), n);
    if (bytes) {
        m->position += n;
    }
    return bytes;
}

Own
mmap_py_read(Mmap *self, Value n)
{
    int64_t most = INT64_MAX;
    if (n != NONE) {
        if (!is_int(n) && !object_has_index(n)) {
            return raise_fmt(&exc_TypeError, "argument should be integer or None, not '%T'", n);
        }
        most = object_as_ssize(n);
        if (most == -1 && exc_pending()) {
            return NO_VALUE;
        }
        most = most < 0 ? INT64_MAX : most;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own bytes = NO_VALUE;
    if (check_open(self) == 0) {
        int64_t left = remaining(self);
        bytes = take_bytes_locked(self, left < most ? left : most);
    }
    critical_leave(&section);
    return bytes;
}

Own
mmap_py_readline(Mmap *self)
{
    if (check_open(self) < 0) {
        return NO_VALUE;
    }
    int64_t left = remaining(self);
    const uint8_t *at = self->data + (left ? self->position : 0);
    const uint8_t *end = left ? lent_find(at, '\n', (size_t)left) : NULL;
    return take_bytes_locked(self, end ? end + 1 - at : left);
}

Own
mmap_py_read_byte(Mmap *self)
{
    if (check_open(self) < 0) {
        return NO_VALUE;
    }
    if (!remaining(self)) {
        return raise_msg(&exc_ValueError, "read byte out of range");
    }
    return small_int(lent_byte(self->data + self->position++));
}

Own
mmap_py_write(Value v, Value const *args, size_t nargs, Value kwnames)
{
    Mmap *self = as_mmap(v);
    Buffer data;
    if (args_check_positional("mmap.write", nargs, kwnames, 1, 1) < 0 ||
        buffer_get_still(args[0], &data) < 0) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own result = NO_VALUE;
    if (check_open(self) == 0 && check_writable(self) == 0) {
        if (self->position > self->length || self->length - self->position < data.length) {
            raise_msg(&exc_ValueError, "data out of range");
        } else {
            buffer_memory_copy(self->data + self->position, data.data, (size_t)data.length);
            self->position += data.length;
            result = int_from_i64(data.length);
        }
    }
    critical_leave(&section);
    buffer_release(&data);
    return result;
}

/* fail: -1 */
static int
byte_of(Value v)
{
    Own i = object_index(v);
    int64_t n = 0;
    if (!i) {
        return -1;
    }
    bool fits = int_as_i64(i, &n), negative = int_sign(i) < 0;
    drop(i);
    if (negative) {
        return raise_int(&exc_OverflowError, "unsigned byte integer is less than minimum");
    }
    return !fits || n > 255
               ? raise_int(&exc_OverflowError, "unsigned byte integer is greater than maximum")
               : (int)n;
}

Own
mmap_py_write_byte(Value v, Value const *args, size_t nargs, Value kwnames)
{
    Mmap *self = as_mmap(v);
    if (args_check_positional("mmap.write_byte", nargs, kwnames, 1, 1) < 0) {
        return NO_VALUE;
    }
    int byte = byte_of(args[0]);
    if (byte < 0) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own result = NO_VALUE;
    if (check_open(self) == 0 && check_writable(self) == 0) {
        if (remaining(self)) {
            lent_byte_set(self->data + self->position++, (uint8_t)byte);
            result = NONE;
        } else {
            raise_msg(&exc_ValueError, "write byte out of range");
        }
    }
    critical_leave(&section);
    return result;
}

Own
mmap_py_tell(Mmap *self)
{
    return check_open(self) < 0 ? NO_VALUE : int_from_i64(self->position);
}

int
mmap_py_seekable(Mmap *self UNUSED)
{
    return 1;
}

Own
mmap_py_seek(Mmap *self, int64_t pos, int whence)
{
    if (check_open(self) < 0) {
        return NO_VALUE;
    }
    if (whence < 0 || whence > 2) {
        return raise_msg(&exc_ValueError, "unknown seek type");
    }
    int64_t base = whence == 0 ? 0 : whence == 1 ? self->position : self->length, to;
    if (__builtin_add_overflow(base, pos, &to) || to < 0 || to > self->length) {
        return raise_msg(&exc_ValueError, "seek out of range");
    }
    self->position = to;
    return int_from_i64(to);
}

Own
mmap_py_size(Mmap *self)
{
    struct stat st;
    if (check_open(self) < 0) {
        return NO_VALUE;
    }
    if (self->fd < 0 && self->trackfd && (self->flags & MAP_ANONYMOUS)) {
        return raise_errno(EBADF);
    }
    return posix_status(fstat(self->fd, &st)) < 0 ? NO_VALUE : int_from_i64(st.st_size);
}

/* -- the system's -- */

/* A length argument, None for all. lock: not yet held, as __index__ may publish the mapping. fail: -1 */
static int
length_or_none(Value v, int64_t *out)
{
    *out = v == NONE ? 0 : object_as_ssize(v);
    return *out == -1 && exc_pending() ? -1 : 0;
}

static Own
flush_locked(Mmap *self, int64_t offset, int64_t size)
{
    if (check_open(self) < 0) {
        return NO_VALUE;
    }
    if (offset < 0 || size < 0 || offset > self->length ||
        self->length - offset < size) {
        return raise_msg(&exc_ValueError, "flush values out of range");
    }
    if (self->access == ACCESS_READ || self->access == ACCESS_COPY) {
        return NONE;
    }
    return posix_status(msync(self->data + offset, (size_t)size, MS_SYNC)) < 0 ? NO_VALUE : NONE;
}

Own
mmap_py_flush(Mmap *self, int64_t offset, Value size_value)
{
    int64_t size;
    if (length_or_none(size_value, &size) < 0) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own result = flush_locked(self, offset, size_value == NONE ? self->length : size);
    critical_leave(&section);
    return result;
}

static Own
madvise_locked(Mmap *self, int option, int64_t start, int64_t length)
{
    if (check_open(self) < 0) {
        return NO_VALUE;
    }
    if (start < 0 || start >= self->length) {
        return raise_msg(&exc_ValueError, "madvise start out of bounds");
    }
    if (length < 0) {
        return raise_msg(&exc_ValueError, "madvise length invalid");
    }
    if (length > INT64_MAX - start) {
        return raise_msg(&exc_OverflowError, "madvise length too large");
    }
    length = length > self->length - start ? self->length - start : length;
    return posix_status(madvise(self->data + start, (size_t)length, option)) < 0 ? NO_VALUE
                                                                                : NONE;
}

Own
mmap_py_madvise(Mmap *self, int option, int64_t start, Value length_value)
{
    int64_t length;
    if (length_or_none(length_value, &length) < 0) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own result = madvise_locked(self, option, start, length_value == NONE ? self->length : length);
    critical_leave(&section);
    return result;
}

Own
mmap_py_move(Mmap *self, int64_t dest, int64_t src, int64_t count)
{
    if (check_open(self) < 0 || check_writable(self) < 0) {
        return NO_VALUE;
    }
    if (dest < 0 || src < 0 || count < 0 || self->length - dest < count ||
        self->length - src < count) {
        return raise_msg(&exc_ValueError, "source, destination, or count out of range");
    }
    buffer_memory_copy(self->data + dest, self->data + src, (size_t)count);
    return NONE;
}

static int
resize_locked(Mmap *m, int64_t size)
{
    if (check_open(m) < 0 || check_resizable(m) < 0) {
        return -1;
    }
    if (size < 0 || INT64_MAX - size < m->offset) {
        return raise_int(&exc_ValueError, "new size out of range");
    }
    if (m->fd == -1 && !(m->flags & MAP_PRIVATE) && size > m->length) {
        return raise_int(&exc_ValueError, "mmap: can't expand a shared anonymous mapping");
    }
    if (m->fd != -1 && posix_status(ftruncate(m->fd, m->offset + size)) < 0) {
        return -1;
    }
    void *data = mremap(m->data, (size_t)m->length, (size_t)size, MREMAP_MAYMOVE);
    if (data == MAP_FAILED) {
        raise_errno(errno);
        return -1;
    }
    m->data = data;
    m->length = size;
    return 0;
}

Own
mmap_py_resize(Mmap *self, int64_t newsize)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    int status = resize_locked(self, newsize);
    critical_leave(&section);
    return status < 0 ? NO_VALUE : NONE;
}

/* -- searching -- */

static int64_t
find_in(const uint8_t *data, int64_t from, int64_t to, const Buffer *what, bool last)
{
    int64_t n = what->length;
    for (int64_t i = last ? to - n : from; to - from >= n && i >= from && i <= to - n;
         i += last ? -1 : 1) {
        if (n == 0 || (lent_byte(data + i) == what->data[0] && lent_compare(data + i, what->data, (size_t)n) == 0)) {
            return i;
        }
        if (!last) { /* leap to the next possible place */
            const uint8_t *next =
                lent_find(data + i + 1, what->data[0], (size_t)(to - n - i > 0 ? to - n - i : 0));
            if (!next) {
                return -1;
            }
            i = next - data - 1;
        }
    }
    return -1;
}

static int
bound_of(Value v, int64_t *out)
{
    return v == NO_VALUE || v == NONE ? 0 : slice_bound(v, out);
}

static Own
find_any(Value v, Value const *args, size_t nargs, Value kwnames, bool last)
{
    Mmap *self = as_mmap(v);
    Buffer what;
    if (((kwnames != NO_VALUE || nargs < 1 || nargs > 3) &&
         args_check_positional(last ? "rfind" : "find", nargs, kwnames, 1, 3) < 0) ||
        buffer_get_still(args[0], &what) < 0) {
        return NO_VALUE;
    }
    int64_t start = 0, end = INT64_MAX;
    bool from_position = nargs < 2 || args[1] == NONE;
    Own result = NO_VALUE;
    int status = bound_of(nargs > 1 ? args[1] : NO_VALUE, &start) < 0 ||
                         bound_of(nargs > 2 ? args[2] : NO_VALUE, &end) < 0
                     ? -1
                     : 0;
    CriticalSection section;
    critical_enter(&section, &self->head);
    if (status == 0 && check_open(self) == 0) {
        int64_t length = self->length;
        start = from_position ? self->position : start < 0 ? start + length : start;
        end = end < 0 ? end + length : end;
        start = start < 0 ? 0 : start > length ? length : start;
        end = end < 0 ? 0 : end > length ? length : end;
        result = int_from_i64(start > end ? -1 : find_in(self->data, start, end, &what, last));
    }
    critical_leave(&section);
    buffer_release(&what);
    return result;
}

Own
mmap_py_find(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return find_any(self, args, nargs, kwnames, false);
}

Own
mmap_py_rfind(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return find_any(self, args, nargs, kwnames, true);
}

/* -- as a sequence of bytes -- */

static int64_t
mmap_len(Value v)
{
    return open_length(as_mmap(v));
}

/* By iteration: bytes of length 1, as in Python's sequence protocol of mmap. */
static Own
mmap_seq_item(Value v, int64_t i)
{
    Mmap *m = as_mmap(v);
    CriticalSection section;
    critical_enter(&section, &m->head);
    Own item = NO_VALUE;
    if (check_open(m) == 0) {
        item = i < 0 || i >= m->length ? raise_msg(&exc_IndexError, "mmap index out of range")
                                       : bytes_of_lent(m->data + i, 1);
    }
    critical_leave(&section);
    return item;
}

static Own
item_locked(Mmap *m, int64_t i)
{
    i = i < 0 ? i + m->length : i;
    return i < 0 || i >= m->length ? raise_msg(&exc_IndexError, "mmap index out of range")
                                   : small_int(lent_byte(m->data + i));
}

static Own
slice_locked(Mmap *m, int64_t start, int64_t stop, int64_t step)
{
    int64_t n = slice_adjust(m->length, &start, &stop, step);
    Own bytes = step == 1 && n > 0 ? bytes_of_lent(m->data + start, n) : bytes_new(NULL, (size_t)(n > 0 ? n : 0));
    for (int64_t i = 0; bytes && step != 1 && i < n; i++) {
        as_bytes(bytes)->data[i] = lent_byte(m->data + start + i * step);
    }
    return bytes;
}

static Own
mmap_getitem(Value v, Value key)
{
    Mmap *m = as_mmap(v);
    int64_t start = 0, stop = 0, step = 1;
    bool slice = IS_EXACT(key, SLICE), number = is_int(key) || object_has_index(key);
    if (open_length(m) < 0) {
        return NO_VALUE;
    }
    if (!slice && !number) {
        return raise_msg(&exc_TypeError, "mmap indices must be integers");
    }
    if ((slice ? slice_unpack(key, &start, &stop, &step) : index_value(key, &start)) < 0) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &m->head);
    Own result = check_open(m) < 0 ? NO_VALUE
                 : slice           ? slice_locked(m, start, stop, step)
                                   : item_locked(m, start);
    critical_leave(&section);
    return result;
}

static int
set_slice(Mmap *m, Value key, Value value)
{
    int64_t start, stop, step;
    Buffer data;
    if (slice_unpack(key, &start, &stop, &step) < 0) {
        return -1;
    }
    if (!value) {
        return raise_int(&exc_TypeError, "mmap object doesn't support slice deletion");
    }
    if (buffer_get_still(value, &data) < 0) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &m->head);
    int status = check_open(m);
    if (status == 0) {
        int64_t n = slice_adjust(m->length, &start, &stop, step);
        if (data.length != (n > 0 ? n : 0)) {
            status = raise_int(&exc_IndexError, "mmap slice assignment is wrong size");
        } else if (step == 1) {
            buffer_memory_copy(m->data + (n > 0 ? start : 0), data.data, (size_t)data.length);
        } else {
            for (int64_t i = 0; i < n; i++) {
                lent_byte_set(m->data + start + i * step, data.data[i]);
            }
        }
    }
    critical_leave(&section);
    buffer_release(&data);
    return status;
}

static int
set_item(Mmap *m, Value key, Value value)
{
    int64_t i, n = 0;
    if (index_value(key, &i) < 0) {
        return -1;
    }
    int64_t length = open_length(m);
    if (length < 0) {
        return -1;
    }
    i = i < 0 ? i + length : i;
    if (i < 0 || i >= length) {
        return raise_int(&exc_IndexError, "mmap index out of range");
    }
    if (!value) {
        return raise_int(&exc_TypeError, "mmap doesn't support item deletion");
    }
    if (!is_int(value) && !object_has_index(value)) {
        return raise_int(&exc_TypeError, "mmap item value must be an int");
    }
    Own number = object_index(value);
    if (!number) {
        return -1;
    }
    bool fits = int_as_i64(number, &n) && n >= 0 && n < 256;
    drop(number);
    if (!fits) {
        return raise_int(&exc_ValueError, "mmap item value must be in range(0, 256)");
    }
    CriticalSection section;
    critical_enter(&section, &m->head);
    int status = check_open(m);
    if (status == 0 && i >= m->length) { /* the value's __index__ has made it smaller */
        status = raise_int(&exc_IndexError, "mmap index out of range");
    } else if (status == 0) {
        lent_byte_set(m->data + i, (uint8_t)n);
    }
    critical_leave(&section);
    return status;
}

static int
mmap_setitem(Value v, Value key, Value value)
{
    Mmap *m = as_mmap(v);
    if (open_length(m) < 0 || check_writable(m) < 0) {
        return -1;
    }
    if (IS_EXACT(key, SLICE)) {
        return set_slice(m, key, value);
    }
    if (!is_int(key) && !object_has_index(key)) {
        return raise_int(&exc_TypeError, "mmap indices must be integer");
    }
    return set_item(m, key, value);
}

/* -- buffers, repr -- */

static int
mmap_getbuffer(Value v, Buffer *buffer, int flags)
{
    Mmap *m = as_mmap(v);
    CriticalSection section;
    critical_enter(&section, &m->head);
    int status = check_open(m);
    if (status == 0) {
        status = buffer_fill(buffer, v, m->data, m->length, m->access == ACCESS_READ, flags);
        m->exports += status == 0;
    }
    critical_leave(&section);
    return status;
}

static void
mmap_releasebuffer(Value v, Buffer *buffer UNUSED)
{
    Mmap *m = as_mmap(v);
    CriticalSection section;
    critical_enter(&section, &m->head);
    m->exports--;
    critical_leave(&section);
}

static Own
mmap_repr(Value v)
{
    static const char *const names[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE",
                                        "ACCESS_COPY"};
    Mmap *m = as_mmap(v);
    const char *name = type_of(v) == &mmap_type ? "mmap.mmap" : NULL;
    Own text = name ? str_from_cstr(name) : type_qualified_name(type_of(v));
    if (!text) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &m->head);
    bool open = m->data != NULL;
    int64_t length = m->length, position = m->position;
    critical_leave(&section);
    Own result = open ? str_fmt("<%U closed=False, access=%s, length=%zd, pos=%zd, offset=%zd>",
                                (Value)text, names[m->access], length, position, m->offset)
                      : str_fmt("<%U closed=True>", (Value)text);
    drop(text);
    return result;
}

Type mmap_type = {
    .name = "mmap.mmap",
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Mmap),
    .slots = {
        .dealloc = mmap_dealloc,
        .create = mmap_create,
        .repr = mmap_repr,
        .len = mmap_len,
        .seq_item = mmap_seq_item,
        .getitem = mmap_getitem,
        .setitem = mmap_setitem,
        .getbuffer = mmap_getbuffer,
        .releasebuffer = mmap_releasebuffer,
    },
    .methods = mmap_methods,
    .getsets = mmap_getsets,
    .spec_doc = mmap_doc,
};

#define N(name) {#name, name}
static const SystemConstant constants[] = {
    N(ACCESS_COPY), N(ACCESS_DEFAULT), N(ACCESS_READ), N(ACCESS_WRITE), N(MADV_DODUMP),
    N(MADV_DOFORK), N(MADV_DONTDUMP), N(MADV_DONTFORK), N(MADV_DONTNEED), N(MADV_FREE),
    N(MADV_HUGEPAGE), N(MADV_HWPOISON), N(MADV_MERGEABLE), N(MADV_NOHUGEPAGE), N(MADV_NORMAL),
    N(MADV_RANDOM), N(MADV_REMOVE), N(MADV_SEQUENTIAL), N(MADV_UNMERGEABLE), N(MADV_WILLNEED),
#ifdef MAP_32BIT
    N(MAP_32BIT),
#endif
    N(MAP_ANON), N(MAP_ANONYMOUS), N(MAP_DENYWRITE), N(MAP_EXECUTABLE), N(MAP_NORESERVE),
    N(MAP_POPULATE), N(MAP_PRIVATE), N(MAP_SHARED), N(MAP_STACK), N(PROT_EXEC), N(PROT_READ),
    N(PROT_WRITE), {NULL, 0},
};

static int
mmap_exec(Value m)
{
    int64_t page = sysconf(_SC_PAGESIZE);
    return module_add_type(m, &mmap_type) < 0 ||
                   module_add(m, "error", own(VALUE(&exc_OSError))) < 0 ||
                   module_add_int(m, "PAGESIZE", page) < 0 ||
                   module_add_int(m, "ALLOCATIONGRANULARITY", page) < 0 ||
                   module_add_constants(m, constants) < 0
               ? -1
               : 0;
}

const ModuleDef module_mmap = {
    .name = "mmap",
    .doc = "Files mapped into memory.",
    .exec = mmap_exec,
};
