/* BufferedReader, BufferedWriter, BufferedRandom.
 *
 * One buffer holds either bytes read ahead (pos .. end of what is valid) or bytes to be written (0 .. dirty), never both. `raw_at` is where the raw file
 * stands, so the file's position is raw_at - (end - pos) when reading, raw_at + dirty when writing. Every operation holds the CallLock, as the raw
 * file may block or run Python code. */
#include <errno.h>
#include <unistd.h>

#include "object/type.h"
#include "object/args.h"
#include "object/exception.h"
#include "object/list.h"
#include "io_priv.h"

typedef struct BufferedObject {
    Object head;
    Own raw;            /* NO_VALUE before __init__ and after detach(). guard: lock */
    CallLock lock;
    uint8_t *buffer;    /* guard (these six): lock */
    int64_t size;
    int64_t pos, end;   /* read ahead */
    int64_t dirty;      /* to be written */
    int64_t raw_at;     /* -1 unknown */
    bool readable, writable;
    _Atomic bool ready, detached; /* guard: lock to change */
    _Atomic bool finalizing;
} BufferedObject;

#include "buffered.spec.h"

static BufferedObject *
as_buffered(Value v)
{
    return (BufferedObject *)obj(v);
}

static int
check_ready(BufferedObject *self)
{
    if (self->ready) {
        return 0;
    }
    return raise_int(&exc_ValueError, self->detached ? "raw stream has been detached" : "I/O operation on uninitialized object");
}

/* The raw file, which detach() in another thread may be taking away. own: ret new · fail: 0 + ValueError */
static Own
raw_file(BufferedObject *self)
{
    Own raw = check_ready(self) < 0 ? NO_VALUE : ref_load(&self->head, &self->raw);
    if (!raw && !exc_pending()) {
        (void)!check_ready(self);
    }
    return raw;
}

static Own
ask_raw(BufferedObject *self, const char *method)
{
    Own raw = raw_file(self), answer = raw ? call_method0(raw, method) : NO_VALUE;
    drop_opt(raw);
    return answer;
}

static int
raw_is_closed(BufferedObject *self)
{
    Own raw = raw_file(self);
    int closed = raw ? io_is_closed(raw) : -1;
    drop_opt(raw);
    return closed;
}

int
io_buffered_is_closed(Value self)
{
    const BufferedObject *b = as_buffered(self);
    Own raw = b->ready ? ref_load(&b->head, &b->raw) : NO_VALUE;
    int closed = raw && obj_shape(obj(raw)) == io_fileio_type.root_shape ? io_fileio_is_closed(raw) : -1;
    drop_opt(raw);
    return closed;
}

/* Takes the lock of a file that still has its raw one. fail: -1 */
static int
lock_ready(BufferedObject *self)
{
    if (io_lock(&self->lock, VALUE(self)) < 0) {
        return -1;
    }
    if (check_ready(self) < 0) {
        call_unlock(&self->lock);
        return -1;
    }
    return 0;
}

/* The same of a file that close() has not been called on. fail: -1 */
static int
buffered_enter(BufferedObject *self)
{
    if (lock_ready(self) < 0) {
        return -1;
    }
    if (!self->buffer) {
        call_unlock(&self->lock);
        return raise_int(&exc_ValueError, "I/O operation on closed file.");
    }
    return 0;
}

/* message: of the ValueError */
static int
check_open(BufferedObject *self, const char *message)
{
    int closed = raw_is_closed(self);
    return closed > 0 ? raise_int(&exc_ValueError, "%s", message) : closed;
}

/* -- the raw file -- */

/* At most n bytes into `to`. -1 failed, -2 nothing is there yet */
static int64_t
raw_read(BufferedObject *self, uint8_t *to, int64_t n)
{
    Own bytes = bytearray_new(NULL, (size_t)n); /* the raw file may keep it: it never sees our memory */
    Own view = bytes ? call1(VALUE(&memoryview_type), bytes) : NO_VALUE, got = NO_VALUE;
    do {
        got = view ? call_method1(self->raw, "readinto", view) : NO_VALUE;
    } while (!got && exc_swallow(&exc_InterruptedError));
    int64_t count = -1;
    if (got == NONE) {
        count = -2;
    } else if (got) {
        count = object_as_ssize(got);
        if (count == -1 && exc_pending()) {
            raise_from_pending(&exc_OSError, "raw readinto() failed");
        } else if (count < 0 || count > n) {
            count = raise_int(&exc_OSError, "raw readinto() returned invalid length %zd (should have been between 0 and %zd)", count, n);
        } else {
            bytearray_copy_out(bytes, to, count);
            if (self->raw_at >= 0) {
                self->raw_at += count;
            }
        }
    }
    drop_opt(got);
    drop_opt(view);
    drop_opt(bytes);
    return count;
}

/* -1 failed, -2 none can be written yet */
static int64_t
raw_write(BufferedObject *self, const uint8_t *from, int64_t n)
{
    Own bytes = bytes_new(from, (size_t)n), view = bytes ? call1(VALUE(&memoryview_type), bytes) : NO_VALUE, got;
    drop_opt(bytes);
    do {
        errno = 0;
        io_writes_for_buffer++;
        got = view ? call_method1(self->raw, "write", view) : NO_VALUE;
        io_writes_for_buffer--;
    } while (!got && exc_swallow(&exc_InterruptedError));
    drop_opt(view);
    int64_t count = -1;
    if (got == NONE) {
        count = -2;
    } else if (got) {
        count = object_as_ssize(got);
        if (count == -1 && exc_pending()) {
        } else if (count < 0 || count > n) {
            count = raise_int(&exc_OSError, "raw write() returned invalid length %zd (should have been between 0 and %zd)", count, n);
        } else if (self->raw_at >= 0) {
            self->raw_at += count;
        }
    }
    drop_opt(got);
    return count;
}

static int64_t
raw_seek(BufferedObject *self, int64_t target, int whence)
{
    Own where = int_from_i64(target);
    Own result = where ? call_method2(self->raw, "seek", where, small_int(whence)) : NO_VALUE;
    drop_opt(where);
    if (!result) {
        return -1;
    }
    int64_t n = object_as_int64(result);
    drop(result);
    if (n < 0) {
        return exc_pending() ? -1 : raise_int(&exc_OSError, "Raw stream returned invalid position %zd", n);
    }
    self->raw_at = n;
    return n;
}

static int64_t
raw_tell(BufferedObject *self)
{
    int64_t n = io_method_offset(self->raw, "tell", NO_VALUE);
    self->raw_at = n;
    return n;
}

/* BlockingIOError(EAGAIN, "write could not complete without blocking", written) */
static void
raise_blocking(int64_t written)
{
    Own text = str_from_cstr("write could not complete without blocking");
    Value args[] = {small_int(EAGAIN), text, small_int(written)};
    Own exc = text ? object_call(VALUE(&exc_BlockingIOError), args, 3, NO_VALUE) : NO_VALUE;
    drop_opt(text);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
}

/* Writes out what is dirty. lock: self's. fail: -1, with the rest still dirty */
static int
flush_locked(BufferedObject *self)
{
    int64_t done = 0;
    int status = 0;
    while (done < self->dirty) {
        int64_t n = raw_write(self, self->buffer + done, self->dirty - done);
        if (n < 0) {
            if (n == -2) {
                raise_blocking(0);
            }
            status = -1;
            break;
        }
        done += n;
        if (safepoint(thread_self()) < 0) { /* a signal cut the writing short: its handler runs before it blocks again */
            status = -1;
            break;
        }
    }
    memmove(self->buffer, self->buffer + done, (size_t)(self->dirty - done));
    self->dirty -= done;
    return status;
}

/* Forgets what was read ahead, moving the raw file back to the position. */
static int
unread_locked(BufferedObject *self)
{
    int64_t ahead = self->end - self->pos;
    self->pos = self->end = 0;
    return ahead && raw_seek(self, -ahead, SEEK_CUR) < 0 ? -1 : 0;
}

/* Fills the empty buffer with one read. As raw_read; 0 at the end of the file. */
static int64_t
fill_locked(BufferedObject *self)
{
    self->pos = self->end = 0;
    int64_t n = raw_read(self, self->buffer, self->size);
    if (n > 0) {
        self->end = n;
    }
    return n;
}

/* Ready to read: nothing is left to be written. */
static int
begin_read(BufferedObject *self, const char *closed_message)
{
    if (check_open(self, closed_message) < 0) {
        return -1;
    }
    if (!self->readable) {
        io_raise_unsupported("read");
        return -1;
    }
    if (buffered_enter(self) < 0) {
        return -1;
    }
    if (self->dirty && flush_locked(self) < 0) {
        call_unlock(&self->lock);
        return -1;
    }
    return 0;
}

/* -- reading -- */

static Own
read_all_locked(BufferedObject *self)
{
    Own start = bytes_new(self->buffer + self->pos, (size_t)(self->end - self->pos));
    self->pos = self->end = 0;
    Own readall;
    int found = start ? object_lookup_attr(self->raw, NAME(readall), &readall) : -1;
    if (found > 0) {
        Own rest = call0(readall);
        drop(readall);
        self->raw_at = -1;
        if (rest && rest != NONE && !is_bytes(rest)) {
            raise_msg(&exc_TypeError, "readall() should return bytes");
            ref_clear(&rest);
        }
        if (!rest || rest == NONE || as_bytes(start)->length == 0) {
            if (rest == NONE && as_bytes(start)->length) {
                return start;
            }
            drop(start);
            return rest;
        }
        Own whole = object_binary(start, rest, OP_ADD);
        drop(start);
        drop(rest);
        return whole;
    }
    Own parts = found == 0 ? list_new(2) : NO_VALUE;
    if (!parts || list_append(parts, start) < 0) {
        drop_opt(start);
        drop_opt(parts);
        return NO_VALUE;
    }
    bool some = as_bytes(start)->length > 0;
    drop(start);
    for (;;) {
        Own part = call_method0(self->raw, "read");
        if (part && part != NONE && !is_bytes(part)) {
            raise_msg(&exc_TypeError, "read() should return bytes");
            ref_clear(&part);
        }
        if (!part) {
            drop(parts);
            return NO_VALUE;
        }
        if (part == NONE || as_bytes(part)->length == 0) {
            bool none = part == NONE && !some;
            drop(part);
            Own whole = none ? NONE : call_method1(bytes_empty, "join", parts);
            drop(parts);
            return whole;
        }
        some = true;
        if (self->raw_at >= 0) {
            self->raw_at += as_bytes(part)->length;
        }
        if (list_append_own(parts, part) < 0) {
            drop(parts);
            return NO_VALUE;
        }
    }
}

/* Copies up to n bytes to `to`; one_read: stops after one read of the raw file that gave something. Returns how many; -1 failed; -2 none are there yet. */
static int64_t
read_locked(BufferedObject *self, uint8_t *to, int64_t n, bool one_read)
{
    int64_t done = 0;
    while (done < n) {
        int64_t ahead = self->end - self->pos;
        if (ahead == 0) {
            if (done && one_read) {
                break;
            }
            if (n - done >= self->size) { /* past the buffer, straight to its place */
                int64_t direct = one_read ? n - done : (n - done) / self->size * self->size;
                int64_t got = raw_read(self, to + done, direct);
                if (got <= 0) {
                    return got == 0 || done ? (got == -1 ? -1 : done) : got;
                }
                done += got;
                if (one_read) {
                    break;
                }
                continue;
            }
            int64_t got = fill_locked(self);
            if (got <= 0) {
                return got == -1 ? -1 : got == -2 && !done ? -2 : done;
            }
            ahead = got;
        }
        int64_t take = ahead < n - done ? ahead : n - done;
        buffer_memory_copy(to + done, self->buffer + self->pos, (size_t)take); /* which may be lent */
        self->pos += take;
        done += take;
        if (one_read) {
            break;
        }
    }
    return done;
}

static Own
read_n_locked(BufferedObject *self, int64_t n, bool one_read)
{
    Own bytes = bytes_new(NULL, (size_t)n);
    if (!bytes) {
        return NO_VALUE;
    }
    int64_t got = read_locked(self, as_bytes(bytes)->data, n, one_read);
    if (got < 0) {
        drop(bytes);
        return got == -2 ? (one_read ? bytes_empty : NONE) : NO_VALUE;
    }
    return bytes_shrink(bytes, got);
}

Own
io_buffered_py_read(BufferedObject *self, Value size)
{
    int64_t n = io_size(size);
    if (n == -1 && size != NONE && object_as_ssize(size) < -1) {
        return raise_msg(&exc_ValueError, "read length must be non-negative or -1");
    }
    if (n == -2 || begin_read(self, "read of closed file") < 0) {
        return NO_VALUE;
    }
    Own result = n < 0 ? read_all_locked(self) : read_n_locked(self, n, false);
    call_unlock(&self->lock);
    return result;
}

Own
io_buffered_py_read1(BufferedObject *self, int64_t size)
{
    if (begin_read(self, "read of closed file") < 0) {
        return NO_VALUE;
    }
    Own result = read_n_locked(self, size < 0 ? self->size : size, true);
    call_unlock(&self->lock);
    return result;
}

Own
io_buffered_py_peek(BufferedObject *self, int64_t size UNUSED)
{
    if (begin_read(self, "peek of closed file") < 0) {
        return NO_VALUE;
    }
    int64_t got = self->end > self->pos ? 1 : fill_locked(self);
    Own result = got == -1 ? NO_VALUE : bytes_new(self->buffer + self->pos, (size_t)(self->end - self->pos));
    call_unlock(&self->lock);
    return result;
}

static Own
readinto(BufferedObject *self, Buffer *buffer, bool one_read)
{
    if (begin_read(self, "readinto of closed file") < 0) {
        return NO_VALUE;
    }
    int64_t ahead = self->end - self->pos, got = 0;
    if (one_read && ahead && buffer->length - ahead > self->size) { /* what is there, and one read more */
        buffer_memory_copy(buffer->data, self->buffer + self->pos, (size_t)ahead); /* which may be lent */
        self->pos = self->end = 0;
        got = raw_read(self, buffer->data + ahead, buffer->length - ahead);
        got = got == -1 ? -1 : ahead + (got > 0 ? got : 0);
    } else {
        got = read_locked(self, buffer->data, buffer->length, one_read);
    }
    call_unlock(&self->lock);
    return got == -1 ? NO_VALUE : got == -2 ? NONE : int_from_i64(got);
}

Own
io_buffered_py_readinto(BufferedObject *self, Buffer *buffer)
{
    return readinto(self, buffer, false);
}

Own
io_buffered_py_readinto1(BufferedObject *self, Buffer *buffer)
{
    return readinto(self, buffer, true);
}

static Own
readline_locked(void *file, int64_t limit)
{
    BufferedObject *self = file;
    Own line = bytes_empty;
    for (;;) {
        if (self->pos == self->end) {
            int64_t got = fill_locked(self);
            if (got == -1) {
                drop(line);
                return NO_VALUE;
            }
            if (got <= 0) {
                return line;
            }
        }
        int64_t most = self->end - self->pos;
        if (limit >= 0 && most > limit - as_bytes(line)->length) {
            most = limit - as_bytes(line)->length;
        }
        const uint8_t *start = self->buffer + self->pos, *newline = memchr(start, '\n', (size_t)most);
        int64_t take = newline ? newline - start + 1 : most;
        Own part = bytes_new(start, (size_t)take);
        self->pos += take;
        if (as_bytes(line)->length) {
            Own longer = part ? object_binary(line, part, OP_ADD) : NO_VALUE;
            drop_opt(part);
            drop(line);
            part = longer;
        }
        line = part;
        if (!line || newline || (limit >= 0 && as_bytes(line)->length >= limit)) {
            return line;
        }
    }
}

Own
io_buffered_py_readline(BufferedObject *self, Value size)
{
    int64_t limit = io_size(size);
    if (limit == -2 || begin_read(self, "readline of closed file") < 0) {
        return NO_VALUE;
    }
    Own line = limit == 0 ? bytes_empty : readline_locked(self, limit);
    call_unlock(&self->lock);
    return line;
}

Own
io_buffered_readlines(Value file, int64_t enough)
{
    BufferedObject *self = as_buffered(file);
    if (io_check_open(file) < 0 || begin_read(self, "readline of closed file") < 0) {
        return NO_VALUE;
    }
    Own list = io_lines(readline_locked, self, enough);
    call_unlock(&self->lock);
    return list;
}

static Own
buffered_next(Value v)
{
    Own line = io_buffered_py_readline(as_buffered(v), NONE);
    if (line && as_bytes(line)->length == 0) {
        ref_clear(&line);
    }
    return line;
}

/* -- writing -- */

static int
write_locked(BufferedObject *self, const uint8_t *data, int64_t n, int64_t *written)
{
    *written = 0;
    if ((self->end > self->pos || self->end) && unread_locked(self) < 0) {
        return -1;
    }
    if (n <= self->size - self->dirty) {
        memcpy(self->buffer + self->dirty, data, (size_t)n);
        self->dirty += n;
        *written = n;
        return 0;
    }
    if (self->dirty && flush_locked(self) < 0) {
        if (exc_matches(&exc_BlockingIOError)) { /* keep what fits */
            int64_t room = self->size - self->dirty, keep = room < n ? room : n;
            memcpy(self->buffer + self->dirty, data, (size_t)keep);
            self->dirty += keep;
            exc_clear();
            if (keep == n) {
                *written = n;
                return 0;
            }
            raise_blocking(keep);
        }
        return -1;
    }
    while (n - *written > self->size) {
        int64_t got = raw_write(self, data + *written, n - *written);
        if (got < 0) {
            if (got == -2) {
                int64_t left = n - *written, keep = left < self->size ? left : self->size;
                memcpy(self->buffer, data + *written, (size_t)keep);
                self->dirty = keep;
                *written += keep;
                raise_blocking(*written);
            }
            return -1;
        }
        *written += got;
        if (safepoint(thread_self()) < 0) {
            return -1;
        }
    }
    memcpy(self->buffer, data + *written, (size_t)(n - *written));
    self->dirty = n - *written;
    *written = n;
    return 0;
}

/* Returns how many bytes were written. fail: -1 */
static int64_t
write_bytes(BufferedObject *self, const uint8_t *data, int64_t n)
{
    if (check_ready(self) < 0) {
        return -1;
    }
    if (!self->writable) {
        io_raise_unsupported("write");
        return -1;
    }
    if (check_open(self, "write to closed file") < 0 || buffered_enter(self) < 0) {
        return -1;
    }
    int64_t written = 0;
    int status = check_open(self, "write to closed file"); /* it may have been closed meanwhile */
    if (status == 0) {
        status = write_locked(self, data, n, &written);
    }
    call_unlock(&self->lock);
    return status < 0 ? -1 : written;
}

Own
io_buffered_py_write(BufferedObject *self, Buffer *buffer)
{
    int64_t written = write_bytes(self, buffer->data, buffer->length);
    return written < 0 ? NO_VALUE : int_from_i64(written);
}

int
io_buffered_write_lines(Value file, Value lines)
{
    Own failure, joined = io_lines_joined(lines, &failure);
    if (!joined) {
        return -1;
    }
    int status = 0;
    if (as_bytes(joined)->length && write_bytes(as_buffered(file), as_bytes(joined)->data, as_bytes(joined)->length) < 0) {
        status = -1;
        drop_opt(failure);
    } else if (failure) {
        status = -1;
        exc_restore(failure);
    }
    drop(joined);
    return status;
}

/* Brings the raw file to the position, with all written out. */
static int
flush_and_rewind_locked(BufferedObject *self)
{
    if (self->dirty && flush_locked(self) < 0) {
        return -1;
    }
    return self->readable && self->writable ? unread_locked(self) : 0;
}

static int
flush_and_rewind(BufferedObject *self)
{
    if (buffered_enter(self) < 0) {
        return -1;
    }
    int status = flush_and_rewind_locked(self);
    call_unlock(&self->lock);
    return status;
}

int
io_writer_write_out(Value writer, const uint8_t *more, int64_t n)
{
    BufferedObject *self = as_buffered(writer);
    if (type_of(writer) == &io_fileio_type) { /* -u */
        return io_fileio_write_out(writer, more, n);
    }
    if (type_of(writer) != &io_writer_type || buffered_enter(self) < 0) {
        exc_clear();
        return -1;
    }
    int status = -1;
    if (type_of(self->raw) == &io_fileio_type && (status = io_fileio_write_out(self->raw, self->buffer, self->dirty)) == 0) {
        self->dirty = 0;
        self->raw_at = -1;
        status = io_fileio_write_out(self->raw, more, n);
    }
    call_unlock(&self->lock);
    return status;
}

int
io_buffered_py_flush(BufferedObject *self)
{
    if (check_open(self, "flush of closed file") < 0) {
        return -1;
    }
    if (!self->writable) {
        Own done = ask_raw(self, "flush");
        drop_opt(done);
        return done ? 0 : -1;
    }
    return flush_and_rewind(self);
}

/* Another thread has closed the file since this one looked. lock: held */
static bool
closed_meanwhile(BufferedObject *self)
{
    int closed = obj_is_contended(&self->head) && !self->buffer ? raw_is_closed(self) : 0;
    if (closed < 0) {
        exc_clear();
    }
    return closed > 0;
}

int
io_buffered_py_close(BufferedObject *self)
{
    int closed = raw_is_closed(self);
    if (closed) {
        return closed < 0 ? -1 : 0;
    }
    if (self->finalizing) {
        (void)!io_buffered_py__dealloc_warn(self, VALUE(self));
        exc_clear();
    }
    Own flushed = call_method0(VALUE(self), "flush");
    Own pending = flushed ? NO_VALUE : exc_take();
    drop_opt(flushed);
    Own done = NO_VALUE;
    if (lock_ready(self) == 0) { /* nobody is reading meanwhile, or has written since */
        if (closed_meanwhile(self)) { /* flush() may have found it closed: closing twice is allowed */
            call_unlock(&self->lock);
            if (!pending || type_of(pending) == &exc_ValueError) {
                drop_opt(pending);
                return 0;
            }
            exc_restore(pending);
            return -1;
        }
        if (!pending && self->dirty && flush_locked(self) < 0) {
            pending = exc_take();
        }
        done = call_method0(self->raw, "close");
        mem_free(self->buffer); /* a closed file may be kept for long */
        self->buffer = NULL;
        self->pos = self->end = self->dirty = 0;
        call_unlock(&self->lock);
    }
    if (pending) {
        if (!done) {
            Own second = exc_take();
            if (second && !as_exception(second)->context) {
                ref_store(obj(second), &as_exception(second)->context, pending);
                pending = NO_VALUE;
            }
            drop_opt(pending);
            exc_restore(second);
        } else {
            exc_restore(pending);
        }
        drop_opt(done);
        return -1;
    }
    drop_opt(done);
    return done ? 0 : -1;
}

Own
io_buffered_py_detach(BufferedObject *self)
{
    if (check_ready(self) < 0) {
        return NO_VALUE;
    }
    Own flushed = call_method0(VALUE(self), "flush");
    if (!flushed) {
        return NO_VALUE;
    }
    drop(flushed);
    if (buffered_enter(self) < 0) {
        return NO_VALUE;
    }
    if (self->dirty && flush_locked(self) < 0) { /* written since */
        call_unlock(&self->lock);
        return NO_VALUE;
    }
    self->ready = false;
    self->detached = true;
    Own raw = ref_swap(&self->head, &self->raw, NO_VALUE);
    call_unlock(&self->lock);
    return raw;
}

/* -- positions -- */

static int64_t
tell_locked(BufferedObject *self)
{
    int64_t at = self->raw_at >= 0 ? self->raw_at : raw_tell(self);
    if (at < 0) {
        return -1;
    }
    at += self->dirty - (self->end - self->pos);
    return at < 0 ? 0 : at; /* a device stands at 0 for ever */
}

Own
io_buffered_py_tell(BufferedObject *self)
{
    if (check_ready(self) < 0 || buffered_enter(self) < 0) {
        return NO_VALUE;
    }
    int64_t at = raw_tell(self) < 0 ? -1 : tell_locked(self);
    call_unlock(&self->lock);
    return at < 0 ? (exc_pending() ? NO_VALUE : small_int(0)) : int_from_i64(at);
}

static int64_t
seek_locked(BufferedObject *self, int64_t target, int whence)
{
    if (whence != SEEK_END && self->readable && !self->dirty && self->end) { /* inside what is read ahead? */
        int64_t now = tell_locked(self);
        if (now < 0) {
            return -1;
        }
        int64_t move = whence == SEEK_SET ? target - now : target;
        if (move >= -self->pos && move <= self->end - self->pos) {
            self->pos += move;
            return now + move;
        }
    }
    if (self->dirty && flush_locked(self) < 0) {
        return -1;
    }
    if (whence == SEEK_CUR) {
        target -= self->end - self->pos;
    }
    int64_t n = raw_seek(self, target, whence);
    if (n >= 0) {
        self->pos = self->end = 0;
    }
    return n;
}

Own
io_buffered_py_seek(BufferedObject *self, Value target, int whence)
{
    if (whence < 0 || whence > 4) {
        return raise_fmt(&exc_ValueError, "whence value %d unsupported", whence);
    }
    if (check_open(self, "seek of closed file") < 0) {
        return NO_VALUE;
    }
    Own checked = ask_raw(self, "seekable");
    int able = checked ? object_truth(checked) : -1;
    drop_opt(checked);
    if (able <= 0) {
        return able < 0 ? NO_VALUE : io_raise_unsupported("File or stream is not seekable.");
    }
    int64_t offset = object_as_int64(target);
    if ((offset == -1 && exc_pending()) || buffered_enter(self) < 0) {
        return NO_VALUE;
    }
    int64_t n = seek_locked(self, offset, whence);
    call_unlock(&self->lock);
    return n < 0 ? NO_VALUE : int_from_i64(n);
}

Own
io_buffered_py_truncate(BufferedObject *self, Value pos)
{
    if (check_open(self, "truncate of closed file") < 0) {
        return NO_VALUE;
    }
    if (!self->writable) {
        return io_raise_unsupported("truncate");
    }
    if (buffered_enter(self) < 0) {
        return NO_VALUE;
    }
    Own result = flush_and_rewind_locked(self) < 0 ? NO_VALUE : call_method1(self->raw, "truncate", pos);
    self->raw_at = -1; /* a raw file may move with that */
    call_unlock(&self->lock);
    return result;
}

/* -- the raw file's own answers -- */

#define ASK_RAW(name)                                                                              \
    Own io_buffered_py_##name(BufferedObject *self)                                                \
    {                                                                                              \
        return ask_raw(self, #name);                                                               \
    }
ASK_RAW(seekable)
ASK_RAW(fileno)
ASK_RAW(isatty)

Own
io_buffered_py_readable(BufferedObject *self)
{
    return check_ready(self) < 0 ? NO_VALUE : self->readable ? ask_raw(self, "readable") : FALSE_VALUE;
}

Own
io_buffered_py_writable(BufferedObject *self)
{
    return check_ready(self) < 0 ? NO_VALUE : self->writable ? ask_raw(self, "writable") : FALSE_VALUE;
}

int
io_buffered_py__dealloc_warn(BufferedObject *self, Value source)
{
    Own raw = self->ready ? ref_load(&self->head, &self->raw) : NO_VALUE;
    if (raw) {
        Own warned = call_method1(raw, "_dealloc_warn", source);
        drop_opt(warned);
        exc_clear();
        drop(raw);
    }
    return 0;
}

Own
io_buffered_py___getstate__(BufferedObject *self)
{
    return raise_fmt(&exc_TypeError, "cannot pickle '%s' instances", type_short_name(type_of(VALUE(self))));
}

Own
io_buffered_py___sizeof__(BufferedObject *self)
{
    return int_from_i64((int64_t)object_cell_size(&self->head) + (self->buffer ? self->size : 0));
}

Own
io_buffered_get_closed(BufferedObject *self)
{
    int closed = raw_is_closed(self);
    return closed < 0 ? NO_VALUE : bool_value(closed);
}

Own
io_buffered_get_raw(BufferedObject *self)
{
    Own raw = ref_load(&self->head, &self->raw);
    return raw ? raw : NONE;
}

Own
io_buffered_get_name(BufferedObject *self)
{
    Own raw = raw_file(self), value = raw ? object_getattr(raw, NAME(name)) : NO_VALUE;
    drop_opt(raw);
    return value;
}

Own
io_buffered_get_mode(BufferedObject *self)
{
    Own raw = raw_file(self), value = raw ? object_getattr(raw, NAME(mode)) : NO_VALUE;
    drop_opt(raw);
    return value;
}

Own
io_buffered_get__finalizing(BufferedObject *self)
{
    return bool_value(self->finalizing);
}

int
io_buffered_set__finalizing(BufferedObject *self, Value value)
{
    return io_set_finalizing(&self->finalizing, value);
}

/* -- making -- */

static int
init(BufferedObject *self, Value raw, int64_t size, bool readable, bool writable)
{
    self->ready = self->detached = false;
    if (size <= 0) {
        return raise_int(&exc_ValueError, "buffer size must be strictly positive");
    }
    static const struct {
        const char *question, *refusal;
    } abilities[] = {{"readable", "File or stream is not readable."},
                     {"writable", "File or stream is not writable."},
                     {"seekable", "File or stream is not seekable."}};
    bool wanted[] = {readable, writable, readable && writable};
    for (int i = 0; i < 3; i++) {
        Own able = wanted[i] ? call_method0(raw, abilities[i].question) : TRUE_VALUE;
        int truth = able ? object_truth(able) : -1;
        drop_opt(able);
        if (truth <= 0) {
            if (truth == 0) {
                io_raise_unsupported(abilities[i].refusal);
            }
            return -1;
        }
    }
    uint8_t *buffer = mem_alloc((size_t)size);
    if (!buffer || io_lock(&self->lock, VALUE(self)) < 0) {
        mem_free(buffer);
        return -1;
    }
    mem_free(self->buffer);
    self->buffer = buffer;
    self->size = size;
    self->pos = self->end = self->dirty = 0;
    self->readable = readable;
    self->writable = writable;
    ref_store(&self->head, &self->raw, own(raw));
    if (raw_tell(self) < 0) {
        exc_clear();
    }
    self->ready = true;
    call_unlock(&self->lock);
    return 0;
}

int
io_reader_init(BufferedObject *self, Value raw, int64_t buffer_size)
{
    return init(self, raw, buffer_size, true, false);
}

int
io_writer_init(BufferedObject *self, Value raw, int64_t buffer_size)
{
    return init(self, raw, buffer_size, false, true);
}

int
io_random_init(BufferedObject *self, Value raw, int64_t buffer_size)
{
    return init(self, raw, buffer_size, true, true);
}

static Own
buffered_repr(Value v)
{
    Own name;
    int found = object_lookup_attr(v, NAME(name), &name);
    if (found < 0) {
        exc_clear();
        found = 0;
    }
    if (!found) {
        return str_fmt("<%T>", v);
    }
    int status = repr_enter(v);
    Own text = status == 0 ? str_fmt("<%T name=%R>", v, (Value)name) : NO_VALUE;
    if (status == 0) {
        repr_leave(v);
    } else if (status > 0) {
        raise_fmt(&exc_RuntimeError, "reentrant call inside %T.__repr__", v);
    }
    drop(name);
    return text;
}

static int
buffered_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((BufferedObject *)o)->raw);
    return instance_attrs_traverse(o, visit, arg);
}

static void
buffered_clear(Object *o)
{
    ((BufferedObject *)o)->ready = false;
    ref_clear(&((BufferedObject *)o)->raw);
    instance_attrs_clear(o);
}

static void
buffered_dealloc(Object *o)
{
    ((BufferedObject *)o)->ready = false;
    ref_clear(&((BufferedObject *)o)->raw);
    mem_free(((BufferedObject *)o)->buffer);
    instance_attrs_free(o);
    object_free(o);
}

/* The three types differ in their constructors; reading methods are hidden where there is nothing to read, by their checks. */
#define BUFFERED_TYPE(variable, full_name, prefix, is_iterable)                                    \
    Type variable = {                                                                              \
        .name = full_name,                                                                         \
        .base = &io_bufferediobase_type,                                                           \
        .flags = IO_FLAGS,                                                                         \
        .basic_size = sizeof(BufferedObject),                                                      \
        .dict_offset = sizeof(BufferedObject),                                                     \
        .slots = {                                                                                 \
            .traverse = buffered_traverse,                                                         \
            .clear = buffered_clear,                                                               \
            .dealloc = buffered_dealloc,                                                           \
            .init = prefix##_init_slot,                                                            \
            .repr = buffered_repr,                                                                 \
            .next = is_iterable,                                                                   \
        },                                                                                         \
        .methods = io_buffered_methods,                                                            \
        .getsets = io_buffered_getsets,                                                            \
        .spec_doc = prefix##_doc,                                                                  \
    }
BUFFERED_TYPE(io_reader_type, "_io.BufferedReader", io_reader, buffered_next);
BUFFERED_TYPE(io_writer_type, "_io.BufferedWriter", io_writer, NULL);
BUFFERED_TYPE(io_random_type, "_io.BufferedRandom", io_random, buffered_next);
