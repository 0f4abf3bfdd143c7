/* _IOBase, _RawIOBase, _BufferedIOBase, _TextIOBase: what every file has, over the methods that its class defines. */
#include "object/dict.h"
#include "object/list.h"
#include "io_priv.h"

#include "iobase.spec.h"

typedef struct IoBase {
    Object head; /* InstanceAttrs follow */
} IoBase;

Own io_unsupported;

Own
io_raise_unsupported(const char *message)
{
    Own text = str_from_cstr(message);
    Own exc = text ? call1(io_unsupported, text) : NO_VALUE;
    drop_opt(text);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

Own
io_create(Type *cls, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return type_alloc(cls, 0);
}

int
io_lock(CallLock *lock, Value self)
{
    return call_lock(lock) ? 0 : raise_int(&exc_RuntimeError, "reentrant call inside %R", self);
}

int
io_is_closed(Value self)
{
    ShapeId shape = obj_shape(obj(self)); /* usual files need no attribute */
    if (shape == io_reader_type.root_shape || shape == io_writer_type.root_shape ||
        shape == io_random_type.root_shape) {
        int closed = io_buffered_is_closed(self);
        if (closed >= 0) {
            return closed;
        }
    } else if (shape == io_fileio_type.root_shape) {
        return io_fileio_is_closed(self);
    }
    Own closed = object_getattr(self, NAME(closed));
    int truth = closed ? object_truth(closed) : -1;
    drop_opt(closed);
    return truth;
}

int
io_check_open(Value self)
{
    int closed = io_is_closed(self);
    return closed > 0 ? raise_int(&exc_ValueError, "I/O operation on closed file.") : closed;
}

int64_t
io_size(Value v)
{
    if (v == NO_VALUE || v == NONE) {
        return -1;
    }
    if (!is_int(v) && !object_has_index(v)) {
        raise_fmt(&exc_TypeError, "argument should be integer or None, not '%T'", v);
        return -2;
    }
    int64_t n = object_as_ssize(v);
    return n == -1 && exc_pending() ? -2 : n < 0 ? -1 : n;
}

int64_t
io_method_offset(Value v, const char *method, Value argument)
{
    Own result = argument ? call_method1(v, method, argument) : call_method0(v, method);
    int64_t n = -1;
    if (result) {
        n = object_as_int64(result);
        drop(result);
        if (n < 0 && !exc_pending()) {
            raise_fmt(&exc_OSError, "Raw stream returned invalid position %zd", n);
            n = -1;
        }
    }
    return n;
}

/* -- _IOBase -- */

Own
io_iobase_py_seek(Value self UNUSED, Value offset UNUSED, int whence UNUSED)
{
    return io_raise_unsupported("seek");
}

Own
io_iobase_py_tell(Value self)
{
    return call_method2(self, "seek", small_int(0), small_int(1));
}

Own
io_iobase_py_truncate(Value self UNUSED, Value size UNUSED)
{
    return io_raise_unsupported("truncate");
}

/* Is the mark that _IOBase.close leaves there? */
static int
is_marked_closed(Value self)
{
    Own mark;
    int found = object_lookup_attr(self, NAME(__IOBase_closed), &mark);
    drop_opt(mark);
    return found;
}

int
io_iobase_py_flush(Value self)
{
    int closed = is_marked_closed(self);
    return closed > 0 ? raise_int(&exc_ValueError, "I/O operation on closed file.") : closed;
}

int
io_iobase_py_close(Value self)
{
    int closed = is_marked_closed(self);
    if (closed) {
        return closed < 0 ? -1 : 0;
    }
    Own flushed = call_method0(self, "flush");
    Own pending = flushed ? NO_VALUE : exc_take();
    drop_opt(flushed);
    int status = object_setattr(self, NAME(__IOBase_closed), TRUE_VALUE);
    if (pending) {
        exc_clear();
        exc_restore(pending);
        return -1;
    }
    return status;
}

int
io_iobase_py_seekable(Value self UNUSED)
{
    return 0;
}

int
io_iobase_py_readable(Value self UNUSED)
{
    return 0;
}

int
io_iobase_py_writable(Value self UNUSED)
{
    return 0;
}

Own
io_iobase_py_fileno(Value self UNUSED)
{
    return io_raise_unsupported("fileno");
}

int
io_iobase_py_isatty(Value self)
{
    return io_check_open(self) < 0 ? -1 : 0;
}

/* How many bytes to read at once without going past the line's end: as many as peek() shows up to it. fail: -1 */
static int64_t
line_step(Value self, bool has_peek, int64_t limit)
{
    if (!has_peek) {
        return 1;
    }
    Own ahead = call_method1(self, "peek", small_int(1));
    if (!ahead) {
        return -1;
    }
    if (!is_bytes(ahead)) {
        raise_fmt(&exc_OSError, "peek() should have returned a bytes object, not '%T'", (Value)ahead);
        drop(ahead);
        return -1;
    }
    const Bytes *b = as_bytes(ahead);
    const uint8_t *end = memchr(b->data, '\n', (size_t)b->length);
    int64_t n = b->length == 0 ? 1 : end ? end - b->data + 1 : b->length;
    drop(ahead);
    return limit >= 0 && n > limit ? limit : n;
}

Own
io_iobase_py_readline(Value self, Value size)
{
    int64_t limit = io_size(size);
    Own peek;
    int has_peek = limit == -2 ? -1 : object_lookup_attr(self, NAME(peek), &peek);
    if (has_peek < 0) {
        return NO_VALUE;
    }
    drop_opt(peek);
    Own line = bytearray_new(NULL, 0);
    while (line && (limit < 0 || object_len(line) < limit)) {
        int64_t n = line_step(self, has_peek, limit < 0 ? -1 : limit - object_len(line));
        Own part = n < 0 ? NO_VALUE : call_method1(self, "read", small_int(n));
        if (part && part != NONE && !is_bytes(part)) {
            raise_fmt(&exc_OSError, "read() should have returned a bytes object, not '%T'", (Value)part);
            ref_clear(&part);
        }
        if (!part) {
            ref_clear(&line);
            break;
        }
        int64_t got = part == NONE ? 0 : as_bytes(part)->length;
        bool end = got == 0 || as_bytes(part)->data[got - 1] == '\n';
        Own longer = got ? object_inplace(line, part, OP_ADD) : own(line);
        drop(part);
        drop(line);
        line = longer;
        if (end) {
            break;
        }
    }
    Own result = line ? bytes_from_buffer(line) : NO_VALUE;
    drop_opt(line);
    return result;
}

/* The file's methods are the class's own: no subclass's, none among its attributes. */
static bool
is_plain(Value file, const Type *t)
{
    return obj_shape(obj(file)) == t->root_shape;
}

static bool
is_plain_writer(Value file)
{
    return is_plain(file, &io_writer_type) || is_plain(file, &io_random_type);
}

Own
io_lines_at_once(Value file, Value lines)
{
    if (!obj_is_contended(obj(file))) {
        return NO_VALUE;
    }
    if (IS_EXACT(lines, TUPLE) || IS_EXACT(lines, LIST)) {
        return object_to_tuple(lines);
    }
    Own list = object_snapshot(lines, true), tuple = list ? list_to_tuple(list) : NO_VALUE;
    drop_opt(list);
    return tuple;
}

Own
io_lines_joined(Value lines, Own *failure)
{
    int64_t n = as_tuple(lines)->length;
    Own parts = list_new(n);
    for (int64_t i = 0; parts && i < n; i++) {
        Buffer b;
        if (buffer_get_still(tuple_item(lines, i), &b) < 0) {
            break;
        }
        int status = list_append_own(parts, bytes_new(b.data, (size_t)b.length));
        buffer_release(&b);
        if (status < 0) {
            break;
        }
    }
    *failure = exc_pending() ? exc_take() : NO_VALUE;
    Own joined = parts ? call_method1(bytes_empty, "join", parts) : NO_VALUE;
    drop_opt(parts);
    if (!joined && *failure) {
        exc_clear();
        exc_restore(*failure);
        *failure = NO_VALUE;
    }
    return joined;
}

Own
io_lines(IoLineReader *read_line, void *file, int64_t enough)
{
    Own list = list_new(0);
    for (int64_t total = 0; list && (enough <= 0 || total < enough);) {
        Own line = read_line(file, -1);
        int64_t n = line ? object_len(line) : 0;
        if (line && n == 0) {
            drop(line);
            break;
        }
        if (list_append_own(list, line) < 0) {
            ref_clear(&list);
        }
        total += n;
    }
    return list;
}

Own
io_iobase_py_readlines(Value self, Value hint)
{
    int64_t most = io_size(hint), total = 0;
    int64_t enough = most > 0 && most < INT64_MAX ? most + 1 : most;
    if (most != -2 && (is_plain(self, &io_reader_type) || is_plain(self, &io_random_type))) {
        return io_buffered_readlines(self, enough);
    }
    if (most != -2 && is_plain(self, &io_stringio_type)) {
        return io_stringio_readlines(self, enough);
    }
    Own list = most == -2 ? NO_VALUE : list_new(0), it = list ? object_iter(self) : NO_VALUE;
    Own line = NO_VALUE;
    while (it && (line = object_next(it))) {
        int64_t n = enough > 0 ? object_len(line) : 0;
        if (n < 0) {
            drop(line);
            break;
        }
        total += n;
        if (list_append_own(list, line) < 0 || (enough > 0 && total >= enough)) {
            break;
        }
    }
    if (!it || exc_pending()) {
        drop_opt(list);
        list = NO_VALUE;
    }
    drop_opt(it);
    return list;
}

int
io_iobase_py_writelines(Value self, Value lines)
{
    if (io_check_open(self) < 0) {
        return -1;
    }
    bool text = is_plain(self, &io_stringio_type);
    Own all = text || is_plain_writer(self) ? io_lines_at_once(self, lines) : NO_VALUE;
    if (all) {
        int status = text ? io_stringio_write_lines(self, all) : io_buffered_write_lines(self, all);
        drop(all);
        return status;
    }
    if (exc_pending()) {
        return -1;
    }
    Own it = object_iter(lines), line;
    while (it && (line = object_next(it))) {
        Own done = call_method1(self, "write", line);
        drop(line);
        if (!done) {
            break;
        }
        drop(done);
    }
    drop_opt(it);
    return exc_pending() ? -1 : 0;
}

int
io_iobase_py__checkClosed(Value self, Value msg)
{
    int closed = io_is_closed(self);
    if (closed > 0) {
        return msg != NONE ? raise_int(&exc_ValueError, "%S", msg) : raise_int(&exc_ValueError, "I/O operation on closed file.");
    }
    return closed;
}

static int
check_ability(Value self, const char *method, const char *otherwise, Value msg)
{
    Own able = call_method0(self, method);
    if (!able) {
        return -1;
    }
    bool yes = able == TRUE_VALUE;
    drop(able);
    if (!yes) {
        if (msg != NONE && is_str(msg)) {
            const char *text = str_utf8(msg, NULL);
            if (text) {
                io_raise_unsupported(text);
            }
        } else {
            io_raise_unsupported(otherwise);
        }
        return -1;
    }
    return 0;
}

int
io_iobase_py__checkSeekable(Value self, Value msg)
{
    return check_ability(self, "seekable", "File or stream is not seekable.", msg);
}

int
io_iobase_py__checkReadable(Value self, Value msg)
{
    return check_ability(self, "readable", "File or stream is not readable.", msg);
}

int
io_iobase_py__checkWritable(Value self, Value msg)
{
    return check_ability(self, "writable", "File or stream is not writable.", msg);
}

Own
io_iobase_py___enter__(Value self)
{
    return io_check_open(self) < 0 ? NO_VALUE : own(self);
}

Own
io_iobase_py___exit__(Value self, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return call_method0(self, "close");
}

int
io_set_finalizing(_Atomic bool *field, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "can't delete numeric/char attribute");
    }
    if (value != TRUE_VALUE && value != FALSE_VALUE) {
        return raise_int(&exc_TypeError, "attribute value type must be bool");
    }
    *field = value == TRUE_VALUE;
    return 0;
}

/* Closes an abandoned file; what goes wrong is shown only in development mode, as the program can do nothing about it. */
int
io_finalize_close(Object *o)
{
    Value self = VALUE(o);
    Own closed;
    int found = object_lookup_attr(self, NAME(closed), &closed);
    int is = found > 0 ? object_truth(closed) : found;
    drop_opt(closed);
    exc_clear();
    if (is == 0) { /* else closed, or never made ready */
        if (object_setattr(self, NAME(_finalizing), TRUE_VALUE) < 0) {
            exc_clear();
        }
        Own done = call_method0(self, "close");
        if (!done) {
            exc_write_unraisable(NULL, self);
        }
        drop_opt(done);
    }
    return 0;
}

int
io_iobase_py___del__(Value self)
{
    return io_finalize_close(obj(self)); /* it may be called for a class's own __del__ */
}

Own
io_iobase_get_closed(Value self)
{
    int closed = is_marked_closed(self);
    return closed < 0 ? NO_VALUE : bool_value(closed);
}

static Own
iobase_iter(Value self)
{
    return io_check_open(self) < 0 ? NO_VALUE : own(self);
}

static Own
iobase_next(Value self)
{
    Own line = call_method0(self, "readline");
    if (line && object_len(line) <= 0) {
        ref_clear(&line);
    }
    return line;
}

static int
iobase_traverse(Object *o, Visit visit, void *arg)
{
    return instance_attrs_traverse(o, visit, arg);
}

static void
iobase_dealloc(Object *o)
{
    instance_attrs_free(o);
    object_free(o);
}

static void
iobase_finalize(Object *o)
{
    io_finalize_close(o);
}

Type io_iobase_type = {
    .name = "_io._IOBase",
    .flags = IO_FLAGS,
    .basic_size = sizeof(IoBase),
    .dict_offset = sizeof(IoBase),
    .slots = {
        .traverse = iobase_traverse,
        .clear = instance_attrs_clear,
        .dealloc = iobase_dealloc,
        .finalize = iobase_finalize,
        .iter = iobase_iter,
        .next = iobase_next,
    },
    .methods = io_iobase_methods,
    .getsets = io_iobase_getsets,
    .spec_doc = io_iobase_doc,
};

/* -- _RawIOBase -- */

Own
io_rawiobase_py_readinto(Value self UNUSED, Value buffer UNUSED)
{
    return raise_msg(&exc_NotImplementedError, "");
}

Own
io_rawiobase_py_write(Value self UNUSED, Value b UNUSED)
{
    return raise_msg(&exc_NotImplementedError, "");
}

Own
io_rawiobase_py_read(Value self, int64_t size)
{
    if (size < 0) {
        return call_method0(self, "readall");
    }
    Own buffer = bytearray_new(NULL, (size_t)size);
    Own got = buffer ? call_method1(self, "readinto", buffer) : NO_VALUE;
    Own result = NO_VALUE;
    if (got == NONE) {
        result = NONE;
    } else if (got) {
        int64_t n = object_as_ssize(got);
        if (n == -1 && exc_pending()) {
        } else if (n < 0 || n > size) {
            raise_fmt(&exc_ValueError, "readinto returned %zd outside buffer size %zd", n, size);
        } else {
            result = bytes_new(NULL, (size_t)n);
            if (result && n) {
                bytearray_copy_out(buffer, as_bytes(result)->data, n);
            }
        }
    }
    drop_opt(got);
    drop_opt(buffer);
    return result;
}

Own
io_rawiobase_py_readall(Value self)
{
    Own parts = list_new(0);
    for (;;) {
        Own part = parts ? call_method1(self, "read", small_int(IO_BUFFER_SIZE)) : NO_VALUE;
        if (part == NONE && list_len(parts) == 0) {
            drop(parts);
            return part;
        }
        if (part && part != NONE && !is_bytes(part)) {
            raise_msg(&exc_TypeError, "read() should return bytes");
            ref_clear(&part);
        }
        if (!part) {
            drop_opt(parts);
            return NO_VALUE;
        }
        if (part == NONE || as_bytes(part)->length == 0) {
            drop(part);
            break;
        }
        if (list_append_own(parts, part) < 0) {
            drop(parts);
            return NO_VALUE;
        }
    }
    Own result = call_method1(bytes_empty, "join", parts);
    drop(parts);
    return result;
}

#define IO_BASE_SLOTS .traverse = iobase_traverse, .clear = instance_attrs_clear, .dealloc = iobase_dealloc

Type io_rawiobase_type = {
    .name = "_io._RawIOBase",
    .base = &io_iobase_type,
    .flags = IO_FLAGS | TYPE_FINALIZED_LAST,
    .basic_size = sizeof(IoBase),
    .dict_offset = sizeof(IoBase),
    .slots = {IO_BASE_SLOTS},
    .methods = io_rawiobase_methods,
    .spec_doc = io_rawiobase_doc,
};

/* -- _BufferedIOBase -- */

Own
io_bufferediobase_py_detach(Value self UNUSED)
{
    return io_raise_unsupported("detach");
}

Own
io_bufferediobase_py_read(Value self UNUSED, Value size UNUSED)
{
    return io_raise_unsupported("read");
}

Own
io_bufferediobase_py_read1(Value self UNUSED, int64_t size UNUSED)
{
    return io_raise_unsupported("read1");
}

Own
io_bufferediobase_py_write(Value self UNUSED, Value b UNUSED)
{
    return io_raise_unsupported("write");
}

static Own
readinto_by(Value self, const char *method, Buffer *buffer)
{
    Own data = call_method1(self, method, small_int(buffer->length));
    if (data && !is_bytes(data)) {
        raise_msg(&exc_TypeError, "read() should return bytes");
        ref_clear(&data);
    }
    if (!data) {
        return NO_VALUE;
    }
    int64_t n = as_bytes(data)->length;
    if (n > buffer->length) {
        drop(data);
        return raise_fmt(&exc_ValueError, "read() returned too much data: %zd bytes requested, %zd returned", buffer->length, n);
    }
    buffer_memory_copy(buffer->data, as_bytes(data)->data, (size_t)n); /* which may be lent */
    drop(data);
    return int_from_i64(n);
}

Own
io_bufferediobase_py_readinto(Value self, Buffer *buffer)
{
    return readinto_by(self, "read", buffer);
}

Own
io_bufferediobase_py_readinto1(Value self, Buffer *buffer)
{
    return readinto_by(self, "read1", buffer);
}

Type io_bufferediobase_type = {
    .name = "_io._BufferedIOBase",
    .base = &io_iobase_type,
    .flags = IO_FLAGS | TYPE_FINALIZED_THIRD,
    .basic_size = sizeof(IoBase),
    .dict_offset = sizeof(IoBase),
    .slots = {IO_BASE_SLOTS},
    .methods = io_bufferediobase_methods,
    .spec_doc = io_bufferediobase_doc,
};

/* -- _TextIOBase -- */

Own
io_textiobase_py_detach(Value self UNUSED)
{
    return io_raise_unsupported("detach");
}

Own
io_textiobase_py_read(Value self UNUSED, Value size UNUSED)
{
    return io_raise_unsupported("read");
}

Own
io_textiobase_py_readline(Value self UNUSED, Value size UNUSED)
{
    return io_raise_unsupported("readline");
}

Own
io_textiobase_py_write(Value self UNUSED, Value s UNUSED)
{
    return io_raise_unsupported("write");
}

Own
io_textiobase_get_encoding(Value self UNUSED)
{
    return NONE;
}

Own
io_textiobase_get_newlines(Value self UNUSED)
{
    return NONE;
}

Own
io_textiobase_get_errors(Value self UNUSED)
{
    return NONE;
}

Type io_textiobase_type = {
    .name = "_io._TextIOBase",
    .base = &io_iobase_type,
    .flags = IO_FLAGS | TYPE_FINALIZED_SECOND,
    .basic_size = sizeof(IoBase),
    .dict_offset = sizeof(IoBase),
    .slots = {IO_BASE_SLOTS},
    .methods = io_textiobase_methods,
    .getsets = io_textiobase_getsets,
    .spec_doc = io_textiobase_doc,
};
