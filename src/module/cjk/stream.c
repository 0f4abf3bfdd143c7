/* MultibyteStreamReader and MultibyteStreamWriter: a codec over a file of bytes.
 *
 * Threads: as in incremental.c. Two threads that read one stream at once share out its bytes, as
 * they do with the file below. */
#include "heap/critical.h"
#include "module/cjk/codec.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/list.h"
#include "object/type.h"

typedef struct StreamReader {
    Object head;
    const CjkCodec *codec; /* immutable */
    Own errors;            /* str. guard: lock */
    Own stream;            /* immutable */
    CjkState state;        /* guard: lock */
    Own pending;           /* bytes not decoded yet, or NO_VALUE. guard: lock */
} StreamReader;

typedef struct StreamWriter {
    Object head;
    const CjkCodec *codec; /* immutable */
    Own errors;            /* str. guard: lock */
    Own stream;            /* immutable */
    CjkState state;        /* guard: lock */
    Own pending; /* str: characters that wait for the next one, or NO_VALUE. guard: lock */
} StreamWriter;

_Static_assert(sizeof(StreamReader) == sizeof(StreamWriter), "one life for both");

#include "multibyte_stream.spec.h"

Own multibyte_parse_errors(const char *function, Value const *args, size_t nargs, Value kwnames);
Own multibyte_encode_piece(const CjkCodec *codec, CjkState *state, Own *pending, Value input,
                           Value errors, bool last);

static Own
stream_create(Type *cls, Value const *args, size_t nargs, Value kwnames, const char *function,
              bool decoding)
{
    if (nargs == 0) {
        return raise_fmt(&exc_TypeError, "%s() missing required argument 'stream' (pos 1)",
                         function);
    }
    Own errors = multibyte_parse_errors(function, args + 1, nargs - 1, kwnames);
    const CjkCodec *codec = errors ? multibyte_codec_of(cls) : NULL;
    Own v = codec ? type_alloc(cls, 0) : NO_VALUE;
    if (!v) {
        drop_opt(errors);
        return NO_VALUE;
    }
    StreamReader *self = (StreamReader *)obj(v);
    self->codec = codec;
    self->state = cjk_start(codec, decoding);
    ref_init(&self->head, &self->errors, errors);
    ref_init(&self->head, &self->stream, own(args[0]));
    return v;
}

static Own
reader_create(Type *cls, Value const *args, size_t nargs, Value kwnames)
{
    return stream_create(cls, args, nargs, kwnames, "MultibyteStreamReader", true);
}

static Own
writer_create(Type *cls, Value const *args, size_t nargs, Value kwnames)
{
    return stream_create(cls, args, nargs, kwnames, "MultibyteStreamWriter", false);
}

static int
ready_init(Value self UNUSED, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return 0;
}

static CjkState
stream_get(void *stream, Own *pending)
{
    StreamReader *self = stream;
    CriticalSection section;
    critical_enter(&section, &self->head);
    CjkState state = self->state;
    *pending = ref_swap(&self->head, &self->pending, NO_VALUE);
    critical_leave(&section);
    return state;
}

static void
stream_put(void *stream, CjkState state, Own pending)
{
    StreamReader *self = stream;
    CriticalSection section;
    critical_enter(&section, &self->head);
    self->state = state;
    Own old = ref_swap(&self->head, &self->pending, pending);
    critical_leave(&section);
    drop_opt(old);
}

/* -- reading -- */

/* An argument: None is -1. fail: -2 */
static int64_t
size_arg(Value v)
{
    if (v == NONE) {
        return -1;
    }
    if (!is_int(v)) {
        raise_msg(&exc_TypeError, "arg 1 must be an integer");
        return -2;
    }
    int64_t n = object_as_ssize(v);
    return n == -1 && exc_pending() ? -2 : n;
}

/* What waits, and what method(size) of the stream gives: bytes. *end: it gave nothing. own: ret new
 */
static Own
read_more(StreamReader *self, const char *method, int64_t size, Own pending, bool *end)
{
    Own more = size < 0 ? call_method0(self->stream, method)
                        : call_method1(self->stream, method, small_int(size));
    if (more && !is_bytes(more)) {
        raise_fmt(&exc_TypeError, "stream function returned a non-bytes object (%T)", (Value)more);
        ref_clear(&more);
    }
    if (!more) {
        drop_opt(pending);
        return NO_VALUE;
    }
    *end = as_bytes(more)->length == 0;
    Own all = pending ? object_binary(pending, more, OP_ADD) : own(more);
    drop_opt(pending);
    drop(more);
    return all;
}

static Own
reader_read(StreamReader *self, const char *method, int64_t size)
{
    if (size == 0) {
        return own(str_empty);
    }
    for (int64_t wanted = size;; wanted = 1) {
        Own pending;
        bool end;
        CjkState state = stream_get(self, &pending);
        Own data = read_more(self, method, wanted, pending, &end);
        if (!data) {
            return NO_VALUE;
        }
        int64_t used, n = as_bytes(data)->length;
        Own errors = ref_load(&self->head, &self->errors);
        Own text = multibyte_decode(self->codec, &state, as_bytes(data)->data, n, errors,
                                    end || size < 0, &used);
        drop_opt(errors);
        Own rest = NO_VALUE;
        if (text && used < n &&
            !(rest = bytes_new(as_bytes(data)->data + used, (size_t)(n - used)))) {
            ref_clear(&text);
        }
        drop(data);
        if (!text) {
            return NO_VALUE;
        }
        stream_put(self, state, rest);
        if (end || size < 0 || as_str(text)->length) {
            return text;
        }
        drop(text);
    }
}

Own
multibyte_reader_py_read(StreamReader *self, Value sizeobj)
{
    int64_t size = size_arg(sizeobj);
    return size == -2 ? NO_VALUE : reader_read(self, "read", size);
}

Own
multibyte_reader_py_readline(StreamReader *self, Value sizeobj)
{
    int64_t size = size_arg(sizeobj);
    return size == -2 ? NO_VALUE : reader_read(self, "readline", size);
}

Own
multibyte_reader_py_readlines(StreamReader *self, Value sizehintobj)
{
    int64_t size = size_arg(sizehintobj);
    Own text = size == -2 ? NO_VALUE : reader_read(self, "read", size);
    Own lines = text ? call_method1(text, "splitlines", TRUE_VALUE) : NO_VALUE;
    drop_opt(text);
    return lines;
}

int
multibyte_reader_py_reset(StreamReader *self)
{
    stream_put(self, cjk_start(self->codec, true), NO_VALUE);
    return 0;
}

Own
multibyte_reader_get_errors(StreamReader *self)
{
    return ref_load(&self->head, &self->errors);
}

int
multibyte_reader_set_errors(StreamReader *self, Value value)
{
    return multibyte_set_errors(&self->head, &self->errors, value);
}

Own
multibyte_reader_get_stream(StreamReader *self)
{
    return own(self->stream);
}

/* -- writing -- */

static int
write_bytes(StreamWriter *self, Own bytes)
{
    Own done = bytes ? call_method1(self->stream, "write", bytes) : NO_VALUE;
    drop_opt(bytes);
    drop_opt(done);
    return done ? 0 : -1;
}

int
multibyte_writer_py_write(StreamWriter *self, Value strobj)
{
    Own pending, errors = ref_load(&self->head, &self->errors);
    CjkState state = stream_get(self, &pending), before = state;
    Own bytes = multibyte_encode_piece(self->codec, &state, &pending, strobj, errors, false);
    drop_opt(errors);
    stream_put(self, bytes ? state : before, pending);
    return write_bytes(self, bytes);
}

int
multibyte_writer_py_writelines(StreamWriter *self, Value lines)
{
    int64_t n = object_len(lines);
    if (n < 0) {
        exc_clear();
        return raise_int(&exc_TypeError, "arg must be a sequence object");
    }
    for (int64_t i = 0; i < n; i++) {
        Own line = object_getitem_int(lines, i);
        int status = line ? multibyte_writer_py_write(self, line) : -1;
        drop_opt(line);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

int
multibyte_writer_py_reset(StreamWriter *self)
{
    Own pending, errors = ref_load(&self->head, &self->errors);
    CjkState state = stream_get(self, &pending);
    if (!pending) { /* nothing waits, and the state is the stream's */
        stream_put(self, state, NO_VALUE);
        drop_opt(errors);
        return 0;
    }
    Own bytes = multibyte_encode_piece(self->codec, &state, &pending, str_empty, errors, true);
    drop_opt(errors);
    drop_opt(pending);
    stream_put(self, state, NO_VALUE);
    return write_bytes(self, bytes);
}

Own
multibyte_writer_get_errors(StreamWriter *self)
{
    return ref_load(&self->head, &self->errors);
}

int
multibyte_writer_set_errors(StreamWriter *self, Value value)
{
    return multibyte_set_errors(&self->head, &self->errors, value);
}

Own
multibyte_writer_get_stream(StreamWriter *self)
{
    return own(self->stream);
}

/* -- life -- */

static int
stream_traverse(Object *o, Visit visit, void *arg)
{
    StreamReader *self = (StreamReader *)o;
    VISIT(self->errors);
    VISIT(self->stream);
    VISIT(self->pending);
    return 0;
}

static void
stream_clear(Object *o)
{
    StreamReader *self = (StreamReader *)o;
    ref_clear(&self->pending);
}

static void
stream_dealloc(Object *o)
{
    StreamReader *self = (StreamReader *)o;
    drop_opt(self->errors);
    drop_opt(self->stream);
    drop_opt(self->pending);
    object_free(o);
}

#define STREAM_TYPE(Name, prefix)                                                                  \
    Type multibyte_##prefix##_type = {                                                             \
        .name = "_multibytecodec." #Name,                                                          \
        .flags = TYPE_BASE | TYPE_GC,                                                              \
        .basic_size = sizeof(StreamReader),                                                        \
        .slots = {.traverse = stream_traverse,                                                     \
                  .clear = stream_clear,                                                           \
                  .dealloc = stream_dealloc,                                                       \
                  .create = prefix##_create,                                                       \
                  .init = ready_init},                                                             \
        .methods = multibyte_##prefix##_methods,                                                   \
        .getsets = multibyte_##prefix##_getsets,                                                   \
        .spec_doc = multibyte_##prefix##_doc,                                                      \
    }
STREAM_TYPE(MultibyteStreamReader, reader);
STREAM_TYPE(MultibyteStreamWriter, writer);
