/* BytesIO and StringIO: files in memory, each guarded by its critical section. Views that getbuffer() gave keep the size as it is. */
#include <stdio.h>

#include "base/utf8.h"
#include "heap/critical.h"
#include "io_priv.h"
#include "newline.h"
#include "object/args.h"
#include "object/list.h"
#include "object/str_priv.h"

typedef struct BytesFile {
    Object head;
    uint8_t *data;            /* guard (all): lock */
    int64_t length, capacity, pos, exports;
    _Atomic bool closed;      /* guard: lock to change */
} BytesFile;

/* Characters are kept as UCS-4: any may be overwritten by any other. */
typedef struct StringFile {
    Object head;
    uint32_t *chars;          /* guard (all): lock */
    int64_t length, capacity, pos;
    Newlines newlines;
    _Atomic bool closed, ready; /* guard: lock to change */
    bool universal;
    char read_newline[3], write_newline[3];
} StringFile;

#include "memory.spec.h"

/* ---- BytesIO ---- */

static int
bytes_open(const BytesFile *self)
{
    return self->closed ? raise_int(&exc_ValueError, "I/O operation on closed file.") : 0;
}

static int
bytes_reserve(BytesFile *self, int64_t size)
{
    if (size <= self->capacity) {
        return 0;
    }
    int64_t capacity = size > INT64_MAX / 2 ? size : size + size / 8 + 64;
    uint8_t *moved = mem_realloc(self->data, (size_t)capacity);
    if (!moved) {
        return -1;
    }
    self->data = moved;
    self->capacity = capacity;
    return 0;
}

static int
bytes_resizable(const BytesFile *self)
{
    return self->exports ? raise_int(&exc_BufferError, "Existing exports of data: object cannot be re-sized") : 0;
}

static int64_t
bytes_write_locked(BytesFile *self, const uint8_t *from, int64_t n)
{
    if (bytes_open(self) < 0 || bytes_resizable(self) < 0) {
        return -1;
    }
    if (n == 0) {
        return 0;
    }
    if (self->pos > INT64_MAX - n || bytes_reserve(self, self->pos + n) < 0) {
        return exc_pending() ? -1 : raise_int(&exc_OverflowError, "new buffer size too large");
    }
    if (self->pos > self->length) {
        memset(self->data + self->length, 0, (size_t)(self->pos - self->length));
    }
    buffer_memory_copy(self->data + self->pos, from, (size_t)n); /* which may be lent */
    self->pos += n;
    if (self->pos > self->length) {
        self->length = self->pos;
    }
    return n;
}

static int64_t
bytes_left(const BytesFile *self, int64_t limit)
{
    int64_t left = self->length > self->pos ? self->length - self->pos : 0;
    return limit >= 0 && limit < left ? limit : left;
}

static Own
bytes_take(BytesFile *self, int64_t n)
{
    Own bytes = bytes_of_lent(n ? self->data + self->pos : NULL, n);
    if (n) {
        self->pos += n;
    }
    return bytes;
}

#define LOCKED(self, statement)                                                                    \
    do {                                                                                           \
        CriticalSection section_;                                                                  \
        critical_enter(&section_, &(self)->head);                                                  \
        statement;                                                                                 \
        critical_leave(&section_);                                                                 \
    } while (0)

int
io_bytesio_init(BytesFile *self, Value initial)
{
    Buffer b = {0};
    if (initial != NONE && buffer_get_still(initial, &b) < 0) {
        return -1;
    }
    int64_t status = 0;
    LOCKED(self, if (bytes_resizable(self) < 0) { status = -1; } else {
        self->closed = false;
        self->length = self->pos = 0;
        status = bytes_write_locked(self, b.data, b.length);
        self->pos = 0;
    });
    if (initial != NONE) {
        buffer_release(&b);
    }
    return status < 0 ? -1 : 0;
}

Own
io_bytesio_py_read(BytesFile *self, Value size)
{
    int64_t n = io_size(size);
    Own result = NO_VALUE;
    if (n != -2) {
        LOCKED(self, result = bytes_open(self) < 0 ? NO_VALUE : bytes_take(self, bytes_left(self, n)));
    }
    return result;
}

Own
io_bytesio_py_read1(BytesFile *self, Value size)
{
    return io_bytesio_py_read(self, size);
}

static Own
bytes_line_locked(void *file, int64_t limit)
{
    BytesFile *self = file;
    if (bytes_open(self) < 0) {
        return NO_VALUE;
    }
    int64_t n = bytes_left(self, limit);
    const uint8_t *newline = n ? lent_find(self->data + self->pos, '\n', (size_t)n) : NULL;
    return bytes_take(self, newline ? newline - (self->data + self->pos) + 1 : n);
}

Own
io_bytesio_py_readline(BytesFile *self, Value size)
{
    int64_t n = io_size(size);
    Own line = NO_VALUE;
    if (n != -2) {
        LOCKED(self, line = bytes_line_locked(self, n));
    }
    return line;
}

Own
io_bytesio_py_readlines(BytesFile *self, Value size)
{
    int64_t most = io_size(size);
    Own list = NO_VALUE;
    if (most != -2) {
        LOCKED(self, list = io_lines(bytes_line_locked, self, most));
    }
    return list;
}

int64_t
io_bytesio_py_readinto(BytesFile *self, Buffer *buffer)
{
    int64_t n = -1;
    LOCKED(self, if (bytes_open(self) == 0) {
        n = bytes_left(self, buffer->length);
        if (n) {
            buffer_memory_copy(buffer->data, self->data + self->pos, (size_t)n); /* both may be lent, and the same */
            self->pos += n;
        }
    });
    return n;
}

int64_t
io_bytesio_py_write(BytesFile *self, Buffer *b)
{
    int64_t n;
    LOCKED(self, n = bytes_write_locked(self, b->data, b->length));
    return n;
}

static int
bytes_write_all(BytesFile *self, Value lines)
{
    Own failure, joined = io_lines_joined(lines, &failure);
    if (!joined) {
        return -1;
    }
    int64_t n = as_bytes(joined)->length, written = 0;
    if (n) {
        LOCKED(self, written = bytes_write_locked(self, as_bytes(joined)->data, n));
    }
    drop(joined);
    if (written >= 0 && failure) {
        exc_restore(failure);
        return -1;
    }
    drop_opt(failure);
    return written < 0 ? -1 : 0;
}

int
io_bytesio_py_writelines(BytesFile *self, Value lines)
{
    if (bytes_open(self) < 0) {
        return -1;
    }
    Own all = io_lines_at_once(VALUE(self), lines);
    if (all) {
        int status = bytes_write_all(self, all);
        drop(all);
        return status;
    }
    if (exc_pending()) {
        return -1;
    }
    Own it = object_iter_all(lines), line;
    int64_t written = 0;
    while (written >= 0 && it && (line = object_next(it))) {
        Buffer b;
        if ((written = buffer_get_still(line, &b)) == 0) {
            LOCKED(self, written = bytes_write_locked(self, b.data, b.length));
            buffer_release(&b);
        }
        drop(line);
    }
    drop_opt(it);
    return exc_pending() ? -1 : 0;
}

int64_t
io_bytesio_py_seek(BytesFile *self, int64_t pos, int whence)
{
    int64_t result = -1;
    if (whence == SEEK_SET && pos < 0) {
        return raise_int(&exc_ValueError, "negative seek value %zd", pos);
    }
    if (whence < 0 || whence > 2) {
        return raise_int(&exc_ValueError, "invalid whence (%d, should be 0, 1 or 2)", whence);
    }
    LOCKED(self, if (bytes_open(self) == 0) {
        int64_t base = whence == SEEK_CUR ? self->pos : whence == SEEK_END ? self->length : 0;
        if (pos > INT64_MAX - base) {
            raise_int(&exc_OverflowError, "new position too large");
        } else {
            self->pos = result = base + pos < 0 ? 0 : base + pos;
        }
    });
    return result;
}

int64_t
io_bytesio_py_tell(BytesFile *self)
{
    int64_t pos;
    LOCKED(self, pos = bytes_open(self) < 0 ? -1 : self->pos);
    return pos;
}

int64_t
io_bytesio_py_truncate(BytesFile *self, Value size)
{
    int64_t n = bytes_open(self) < 0 ? -1 : size == NONE ? 0 : object_as_int64(size);
    if (n < 0) {
        return exc_pending() ? -1 : raise_int(&exc_ValueError, "negative size value %zd", n);
    }
    int64_t result = -1;
    LOCKED(self, if (bytes_open(self) == 0 && bytes_resizable(self) == 0) {
        n = size == NONE ? self->pos : n;
        if (n < self->length) {
            self->length = n;
        }
        result = n;
    });
    return result;
}

Own
io_bytesio_py_getvalue(BytesFile *self)
{
    Own result;
    LOCKED(self, result = bytes_open(self) < 0 ? NO_VALUE : bytes_of_lent(self->data, self->length));
    return result;
}

Own
io_bytesio_py_getbuffer(BytesFile *self)
{
    return bytes_open(self) < 0 ? NO_VALUE : io_bytes_buffer(VALUE(self));
}

int
io_bytesio_py_close(BytesFile *self)
{
    int status = 0;
    LOCKED(self, if (!self->closed && (status = bytes_resizable(self)) == 0) {
        self->closed = true;
        mem_free(self->data);
        self->data = NULL;
        self->length = self->capacity = 0;
    });
    return status;
}

#define BYTES_TRUE(name)                                                                           \
    int io_bytesio_py_##name(BytesFile *self)                                                      \
    {                                                                                              \
        return bytes_open(self) < 0 ? -1 : 1;                                                      \
    }
BYTES_TRUE(readable)
BYTES_TRUE(writable)
BYTES_TRUE(seekable)

int
io_bytesio_py_isatty(BytesFile *self)
{
    return bytes_open(self) < 0 ? -1 : 0;
}

int
io_bytesio_py_flush(BytesFile *self)
{
    return bytes_open(self);
}

Own
io_bytesio_get_closed(BytesFile *self)
{
    return bool_value(self->closed);
}

/* The instance's own attributes: a copy, or None. */
static Own
attributes_copy(Value self)
{
    Own dict = object_dict(self);
    if (!dict) {
        exc_clear();
        return NONE;
    }
    Own copy = object_len(dict) ? call_method0(dict, "copy") : NONE;
    drop(dict);
    return copy;
}

Own
io_bytesio_py___getstate__(BytesFile *self)
{
    Own values[3] = {NO_VALUE};
    LOCKED(self, if ((values[0] = io_bytesio_py_getvalue(self)) != NO_VALUE) { values[1] = int_from_i64(self->pos); });
    if (!values[0]) {
        return NO_VALUE;
    }
    values[2] = attributes_copy(VALUE(self));
    return tuple_from_own(values, 3);
}

static int
restore_attributes(Value self, Value dict)
{
    if (dict == NONE) {
        return 0;
    }
    if (!is_dict(dict)) {
        return raise_int(&exc_TypeError, "third item of state should be a dict, got a %T", dict);
    }
    Own mine = object_dict(self), done = mine ? call_method1(mine, "update", dict) : NO_VALUE;
    drop_opt(mine);
    drop_opt(done);
    return done ? 0 : -1;
}

int
io_bytesio_py___setstate__(BytesFile *self, Value state)
{
    if (io_check_open(VALUE(self)) < 0) {
        return -1;
    }
    if (!is_tuple(state) || as_tuple(state)->length < 3) {
        return raise_int(&exc_TypeError, "%T.__setstate__ argument should be 3-tuple, got %T", VALUE(self), state);
    }
    if (io_bytesio_init(self, tuple_item(state, 0)) < 0) {
        return -1;
    }
    if (!is_int(tuple_item(state, 1))) {
        return raise_int(&exc_TypeError, "second item of state must be an integer, not %T", tuple_item(state, 1));
    }
    int64_t pos = object_as_ssize(tuple_item(state, 1));
    if (pos < 0) {
        return exc_pending() ? -1 : raise_int(&exc_ValueError, "position value cannot be negative");
    }
    LOCKED(self, self->pos = pos);
    return restore_attributes(VALUE(self), tuple_item(state, 2));
}

static Own
bytes_next(Value v)
{
    Own line = io_bytesio_py_readline((BytesFile *)obj(v), NONE);
    if (line && as_bytes(line)->length == 0) {
        ref_clear(&line);
    }
    return line;
}

int
io_bytesio_lend(Value file, Value lender, Buffer *buffer, int flags)
{
    BytesFile *self = (BytesFile *)obj(file);
    int status = -1;
    LOCKED(self, if (bytes_open(self) == 0 && bytes_reserve(self, 1) == 0) {
        status = buffer_fill(buffer, lender, self->data, self->length, false, flags);
        self->exports += status == 0;
    });
    return status;
}

void
io_bytesio_take_back(Value file)
{
    BytesFile *self = (BytesFile *)obj(file);
    LOCKED(self, self->exports--);
}

static int
memory_traverse(Object *o, Visit visit, void *arg)
{
    return instance_attrs_traverse(o, visit, arg);
}

static void
bytesio_dealloc(Object *o)
{
    mem_free(((BytesFile *)o)->data);
    instance_attrs_free(o);
    object_free(o);
}

Type io_bytesio_type = {
    .name = "_io.BytesIO",
    .base = &io_bufferediobase_type,
    .flags = IO_FLAGS,
    .basic_size = sizeof(BytesFile),
    .dict_offset = sizeof(BytesFile),
    .slots = {
        .traverse = memory_traverse,
        .clear = instance_attrs_clear,
        .dealloc = bytesio_dealloc,
        .create = io_create, .init = io_bytesio_init_slot,
        .next = bytes_next,
    },
    .methods = io_bytesio_methods,
    .getsets = io_bytesio_getsets,
    .spec_doc = io_bytesio_doc,
};

/* ---- StringIO ---- */

static int
string_open(const StringFile *self)
{
    if (!self->ready) {
        return raise_int(&exc_ValueError, "I/O operation on uninitialized object");
    }
    return self->closed ? raise_int(&exc_ValueError, "I/O operation on closed file") : 0;
}

/* The text as it is kept: newlines translated as writing does. own: ret new */
static Own
string_translate(StringFile *self, Value text)
{
    Own out = own(text);
    if (self->universal) {
        Newlines n = {.translate = self->newlines.translate};
        out = newlines_apply(&n, out, true);
        self->newlines.seen |= n.seen;
    }
    if (out && self->write_newline[0]) {
        Own to = str_from_cstr(self->write_newline);
        Own changed = to ? str_replace(out, str_from_char('\n'), to, -1) : NO_VALUE;
        drop_opt(to);
        drop(out);
        out = changed;
    }
    return out;
}

static int
string_reserve(StringFile *self, int64_t size)
{
    if (size <= self->capacity) {
        return 0;
    }
    enum { WIDTH = sizeof *self->chars };
    if (size >= (int64_t)(SIZE_MAX / WIDTH)) {
        return raise_int(&exc_OverflowError, "new buffer size too large");
    }
    int64_t capacity = size > INT64_MAX / WIDTH / 2 ? size : size + size / 8 + 32;
    uint32_t *moved = mem_realloc(self->chars, (size_t)capacity * WIDTH);
    if (!moved) {
        return -1;
    }
    self->chars = moved;
    self->capacity = capacity;
    return 0;
}

static int
string_write_locked(StringFile *self, Value text)
{
    Own out = string_translate(self, text);
    if (!out) {
        return -1;
    }
    int64_t n = as_str(out)->length;
    int status = n > INT64_MAX - self->pos ? raise_int(&exc_OverflowError, "new position too large")
                                           : string_reserve(self, self->pos + n);
    if (status == 0 && n) {
        for (int64_t i = self->length; i < self->pos; i++) {
            self->chars[i] = 0;
        }
        chars_copy(self->chars + self->pos, 4, as_str(out)->data, as_str(out)->width, (size_t)n);
        self->pos += n;
        if (self->pos > self->length) {
            self->length = self->pos;
        }
    }
    drop(out);
    return status;
}

int
io_stringio_init(StringFile *self, Value initial, Value newline)
{
    const char *nl = "\n";
    if (newline == NONE) {
        nl = NULL;
    } else if (newline) {
        if (!is_str(newline)) {
            return raise_int(&exc_TypeError, "newline must be str or None, not %T", newline);
        }
        nl = str_utf8(newline, NULL);
        if (!nl) {
            return -1;
        }
    }
    if (nl && strcmp(nl, "") != 0 && strcmp(nl, "\n") != 0 && strcmp(nl, "\r") != 0 && strcmp(nl, "\r\n") != 0) {
        return raise_int(&exc_ValueError, "illegal newline value: %R", newline);
    }
    if (initial && initial != NONE && !is_str(initial)) {
        return raise_int(&exc_TypeError, "initial_value must be str or None, not %T", initial);
    }
    int status = 0;
    LOCKED(self, self->length = self->pos = 0; self->closed = false; self->ready = true; self->universal = !nl || !*nl;
           self->newlines = (Newlines){.translate = !nl}; strcpy(self->read_newline, nl ? nl : "");
           strcpy(self->write_newline, nl && strcmp(nl, "\n") != 0 ? nl : ""); if (initial && initial != NONE) {
               status = string_write_locked(self, initial);
               self->pos = 0;
           });
    return status;
}

static Own
string_take(StringFile *self, int64_t n)
{
    Own text = str_from_ucs4(n ? self->chars + self->pos : (const uint32_t *)"\0\0\0", (size_t)n);
    self->pos += n;
    return text;
}

static int64_t
string_left(const StringFile *self, int64_t limit)
{
    int64_t left = self->length > self->pos ? self->length - self->pos : 0;
    return limit >= 0 && limit < left ? limit : left;
}

Own
io_stringio_py_read(StringFile *self, Value size)
{
    int64_t n = io_size(size);
    Own text = NO_VALUE;
    if (n != -2) {
        LOCKED(self, text = string_open(self) < 0 ? NO_VALUE : string_take(self, string_left(self, n)));
    }
    return text;
}

static Own
string_line_locked(void *file, int64_t limit)
{
    StringFile *self = file;
    if (string_open(self) < 0) {
        return NO_VALUE;
    }
    int64_t n = string_left(self, limit), i = 0;
    const uint32_t *c = n ? self->chars + self->pos : NULL; /* the position may lie anywhere behind the end */
    bool any = self->universal && !self->newlines.translate;
    const char *nl = self->read_newline[0] ? self->read_newline : "\n";
    while (i < n) {
        uint32_t here = c[i++];
        if (any ? here == '\n' || here == '\r' : here == (uint32_t)nl[0]) {
            const char second = any ? (here == '\r' ? '\n' : 0) : nl[1];
            if (!second) {
                break;
            }
            if (i < n && c[i] == (uint32_t)second) {
                i++;
                break;
            }
            if (any) {
                break;
            }
        }
    }
    return string_take(self, i);
}

Own
io_stringio_py_readline(StringFile *self, Value size)
{
    int64_t n = io_size(size);
    Own line = NO_VALUE;
    if (n != -2) {
        LOCKED(self, line = string_line_locked(self, n));
    }
    return line;
}

Own
io_stringio_readlines(Value file, int64_t enough)
{
    StringFile *self = (StringFile *)obj(file);
    Own list = NO_VALUE;
    if (io_check_open(file) == 0) {
        LOCKED(self, list = io_lines(string_line_locked, self, enough));
    }
    return list;
}

static Own
string_next(Value v)
{
    Own line;
    if (type_of(v) == &io_stringio_type) {
        line = io_stringio_py_readline((StringFile *)obj(v), NONE);
    } else {
        line = call_method0(v, "readline");
        if (line && !is_str(line)) {
            raise_fmt(&exc_OSError, "readline() should have returned a str object, not '%T'", (Value)line);
            ref_clear(&line);
        }
    }
    if (line && as_str(line)->length == 0) {
        ref_clear(&line);
    }
    return line;
}

static int
string_check(Value s)
{
    return is_str(s) ? 0 : raise_int(&exc_TypeError, "string argument expected, got '%T'", s);
}

Own
io_stringio_py_write(StringFile *self, Value s)
{
    if (string_check(s) < 0) {
        return NO_VALUE;
    }
    int status;
    LOCKED(self, status = string_open(self) < 0 || (as_str(s)->length && string_write_locked(self, s) < 0) ? -1 : 0);
    return status < 0 ? NO_VALUE : int_from_i64(as_str(s)->length);
}

static int
string_write_all_locked(StringFile *self, Value lines)
{
    for (int64_t i = 0; i < as_tuple(lines)->length; i++) {
        Value line = tuple_item(lines, i);
        if (string_check(line) < 0 || string_open(self) < 0 || (as_str(line)->length && string_write_locked(self, line) < 0)) {
            return -1;
        }
    }
    return 0;
}

int
io_stringio_write_lines(Value file, Value lines)
{
    StringFile *self = (StringFile *)obj(file);
    int status;
    LOCKED(self, status = string_write_all_locked(self, lines));
    return status;
}

Own
io_stringio_py_seek(StringFile *self, int64_t pos, int whence)
{
    if (string_open(self) < 0) {
        return NO_VALUE;
    }
    if (whence < 0 || whence > 2) {
        return raise_fmt(&exc_ValueError, "Invalid whence (%d, should be 0, 1 or 2)", whence);
    }
    if (pos < 0 && whence == SEEK_SET) {
        return raise_fmt(&exc_ValueError, "Negative seek position %zd", pos);
    }
    if (whence != SEEK_SET && pos != 0) {
        return raise_msg(&exc_OSError, "Can't do nonzero cur-relative seeks");
    }
    LOCKED(self, self->pos = pos = whence == SEEK_SET ? pos : whence == SEEK_CUR ? self->pos : self->length);
    return int_from_i64(pos);
}

Own
io_stringio_py_tell(StringFile *self)
{
    int64_t pos;
    LOCKED(self, pos = string_open(self) < 0 ? -1 : self->pos);
    return pos < 0 ? NO_VALUE : int_from_i64(pos);
}

Own
io_stringio_py_truncate(StringFile *self, Value pos)
{
    if (pos != NONE && !is_int(pos) && !object_has_index(pos)) {
        return raise_fmt(&exc_TypeError, "argument should be integer or None, not '%T'", pos);
    }
    int64_t n = pos == NONE ? 0 : object_as_ssize(pos);
    if ((n == -1 && exc_pending()) || string_open(self) < 0) {
        return NO_VALUE;
    }
    if (n < 0) {
        return raise_fmt(&exc_ValueError, "Negative size value %zd", n);
    }
    LOCKED(self, n = pos == NONE ? self->pos : n; if (n < self->length) { self->length = n; });
    return int_from_i64(n);
}

Own
io_stringio_py_getvalue(StringFile *self)
{
    Own text;
    LOCKED(self, text = string_open(self) < 0 ? NO_VALUE : self->length ? str_from_ucs4(self->chars, (size_t)self->length) : str_empty);
    return text;
}

int
io_stringio_py_close(StringFile *self)
{
    LOCKED(self, self->closed = true; mem_free(self->chars); self->chars = NULL; self->length = self->capacity = 0);
    return 0;
}

#define STRING_TRUE(name)                                                                          \
    int io_stringio_py_##name(StringFile *self)                                                    \
    {                                                                                              \
        return string_open(self) < 0 ? -1 : 1;                                                     \
    }
STRING_TRUE(readable)
STRING_TRUE(writable)
STRING_TRUE(seekable)

Own
io_stringio_get_closed(StringFile *self)
{
    return bool_value(self->closed);
}

Own
io_stringio_get_line_buffering(StringFile *self)
{
    return string_open(self) < 0 ? NO_VALUE : FALSE_VALUE;
}

Own
io_stringio_get_newlines(StringFile *self)
{
    if (string_open(self) < 0) {
        return NO_VALUE;
    }
    uint8_t seen;
    LOCKED(self, seen = self->universal ? self->newlines.seen : 0);
    return newlines_seen(seen);
}

Own
io_stringio_py___getstate__(StringFile *self)
{
    Own values[4] = {NO_VALUE};
    LOCKED(self, if ((values[0] = io_stringio_py_getvalue(self)) != NO_VALUE) {
        values[1] = self->universal && self->newlines.translate ? NONE : str_from_cstr(self->read_newline);
        values[2] = int_from_i64(self->pos);
    });
    if (!values[0]) {
        return NO_VALUE;
    }
    values[3] = attributes_copy(VALUE(self));
    return tuple_from_own(values, 4);
}

/* The value of another one: without looking at its newlines. */
static int
string_write_as_it_is_locked(StringFile *self, Value text)
{
    char keep[3];
    strcpy(keep, self->write_newline);
    self->write_newline[0] = 0;
    bool universal = self->universal;
    self->universal = false;
    int status = string_write_locked(self, text);
    self->universal = universal;
    strcpy(self->write_newline, keep);
    return status;
}

int
io_stringio_py___setstate__(StringFile *self, Value state)
{
    if (io_check_open(VALUE(self)) < 0) {
        return -1;
    }
    if (!is_tuple(state) || as_tuple(state)->length < 4) {
        return raise_int(&exc_TypeError, "%T.__setstate__ argument should be 4-tuple, got %T", VALUE(self), state);
    }
    if (io_stringio_init(self, NONE, tuple_item(state, 1)) < 0) {
        return -1;
    }
    Value text = tuple_item(state, 0);
    if (!is_str(text) && text != NONE) {
        return raise_int(&exc_TypeError, "initial_value must be str or None, not %T", text);
    }
    int status = 0;
    LOCKED(self, status = text == NONE ? 0 : string_write_as_it_is_locked(self, text));
    if (status < 0 || !is_int(tuple_item(state, 2))) {
        return status < 0 ? -1 : raise_int(&exc_TypeError, "third item of state must be an integer, got %T", tuple_item(state, 2));
    }
    int64_t pos = object_as_ssize(tuple_item(state, 2));
    if (pos < 0) {
        return exc_pending() ? -1 : raise_int(&exc_ValueError, "position value cannot be negative");
    }
    LOCKED(self, self->pos = pos);
    return restore_attributes(VALUE(self), tuple_item(state, 3));
}

static void
stringio_dealloc(Object *o)
{
    mem_free(((StringFile *)o)->chars);
    instance_attrs_free(o);
    object_free(o);
}

Type io_stringio_type = {
    .name = "_io.StringIO",
    .base = &io_textiobase_type,
    .flags = IO_FLAGS,
    .basic_size = sizeof(StringFile),
    .dict_offset = sizeof(StringFile),
    .slots = {
        .traverse = memory_traverse,
        .clear = instance_attrs_clear,
        .dealloc = stringio_dealloc,
        .create = io_create, .init = io_stringio_init_slot,
        .next = string_next,
    },
    .methods = io_stringio_methods,
    .getsets = io_stringio_getsets,
    .spec_doc = io_stringio_doc,
};
