/* zlib: compressors and decompressors of data in pieces. Threads: stream.h. */
#include "module/compress/zlib_priv.h"
#include "object/type.h"

typedef struct Compress {
    Object head;
    Mutex lock;
    z_stream stream; /* guard: lock */
    int flush;       /* of the call being made; guard: lock */
    bool ready;      /* neither ended nor failed to begin; guard: lock */
} Compress;

typedef struct Decompress {
    Object head;
    Mutex lock;
    z_stream stream; /* guard: lock */
    Own zdict;       /* bytes or NO_VALUE; immutable */
    bool raw;        /* immutable */
    bool ready;      /* guard: lock */
    _Atomic bool eof; /* guard: lock to change */
    Own unused_data, unconsumed_tail; /* guard: lock to change, ref_load to read */
} Decompress;

typedef struct ZlibDecompressor {
    Unpacker decoder;
    z_stream stream; /* guard: decoder.lock */
    Own zdict;       /* bytes or NO_VALUE; immutable */
    bool ready;
} ZlibDecompressor;

#include "zlib_objects.spec.h"

enum { STEP_BAD_DICT = 1000 }; /* + status: of setting the dictionary */

/* -- Compress -- */

Own
zlib_compressobj_new(int level, int method, int wbits, int mem_level, int strategy, Value zdict)
{
    Buffer dict = {.owner = NO_VALUE};
    if (zdict && buffer_get_still(zdict, &dict) < 0) {
        return NO_VALUE;
    }
    Own v = type_alloc(&zlib_compress_type, 0);
    if (v) {
        Compress *c = (Compress *)obj(v);
        int status = deflateInit2(&c->stream, level, method, wbits, mem_level, strategy);
        c->ready = status == Z_OK;
        int dict_status = c->ready && zdict ? deflateSetDictionary(&c->stream, dict.data, (uInt)dict.length) : Z_OK;
        if (status == Z_MEM_ERROR) {
            raise_msg(&exc_MemoryError, "Can't allocate memory for compression object");
        } else if (status == Z_STREAM_ERROR) {
            raise_msg(&exc_ValueError, "Invalid initialization option");
        } else if (status != Z_OK) {
            zlib_raise(&c->stream, status, "while creating compression object");
        } else if (dict_status == Z_STREAM_ERROR) {
            raise_msg(&exc_ValueError, "Invalid dictionary");
        } else if (dict_status != Z_OK) {
            raise_msg(&exc_ValueError, "deflateSetDictionary()");
        }
        if (exc_pending()) {
            drop(v);
            v = NO_VALUE;
        }
    }
    buffer_release(&dict);
    return v;
}

static int
compress_step(void *coder, StreamIo *io)
{
    Compress *c = coder;
    zlib_io_in(&c->stream, io);
    int status = deflate(&c->stream, c->flush);
    zlib_io_out(&c->stream, io);
    return status == Z_BUF_ERROR ? STEP_OK : status;
}

/* lock: c's */
static Own
compress_locked(Compress *c, const uint8_t *data, size_t n, int flush, const char *what)
{
    StreamIo io = {.in = data, .in_left = n};
    ByteBuilder b;
    int status = Z_STREAM_ERROR;
    byte_builder_init(&b);
    c->flush = flush;
    if (c->ready && stream_run(c, compress_step, &io, &b, -1, &status) < 0) {
        byte_builder_discard(&b);
        return NO_VALUE;
    }
    if (status != STEP_OK && status != STEP_END) {
        byte_builder_discard(&b);
        z_stream none = {0};
        return zlib_raise(c->ready ? &c->stream : &none, status, what);
    }
    if (status == STEP_END) {
        deflateEnd(&c->stream);
        c->ready = false;
    }
    return byte_builder_finish(&b);
}

Own
zlib_compress_py_compress(Compress *self, Buffer *data)
{
    work_lock(&self->lock);
    Own result = compress_locked(self, data->data, (size_t)data->length, Z_NO_FLUSH, "while compressing data");
    work_unlock(&self->lock);
    return result;
}

Own
zlib_compress_py_flush(Compress *self, int mode)
{
    if (mode == Z_NO_FLUSH) {
        return own(bytes_empty);
    }
    work_lock(&self->lock);
    Own result = compress_locked(self, (const uint8_t *)"", 0, mode, "while flushing");
    work_unlock(&self->lock);
    return result;
}

Own
zlib_compress_py_copy(Compress *self)
{
    Own v = type_alloc(&zlib_compress_type, 0);
    if (!v) {
        return NO_VALUE;
    }
    Compress *copy = (Compress *)obj(v);
    work_lock(&self->lock);
    int status = self->ready ? deflateCopy(&copy->stream, &self->stream) : Z_STREAM_ERROR;
    work_unlock(&self->lock);
    copy->ready = status == Z_OK;
    if (status != Z_OK) {
        drop(v);
        return status == Z_STREAM_ERROR ? raise_msg(&exc_ValueError, "Inconsistent stream state")
                                        : raise_msg(&exc_MemoryError, "Can't allocate memory for compression object");
    }
    return v;
}

Own
zlib_compress_py___copy__(Compress *self)
{
    return zlib_compress_py_copy(self);
}

Own
zlib_compress_py___deepcopy__(Compress *self, Value memo UNUSED)
{
    return zlib_compress_py_copy(self);
}

Own
zlib_compress_py___reduce__(Compress *self)
{
    return raise_cannot_pickle(VALUE(self));
}

static void
zlib_compress_dealloc(Object *o)
{
    if (((Compress *)o)->ready) {
        deflateEnd(&((Compress *)o)->stream);
    }
    object_free(o);
}

/* -- Decompress -- */

/* The dictionary that a decompressor was given, as bytes of its own; NO_VALUE for none. fail: -1 */
static int
take_zdict(Value zdict, Own *out)
{
    *out = NO_VALUE;
    if (!zdict) {
        return 0;
    }
    if (!object_has_buffer(zdict)) {
        return raise_int(&exc_TypeError, "zdict argument must support the buffer protocol");
    }
    Own bytes = bytes_from_buffer(zdict);
    if (!bytes) {
        return -1;
    }
    if (as_bytes(bytes)->length == 0) {
        drop(bytes);
        bytes = NO_VALUE;
    }
    *out = bytes;
    return 0;
}

/* Begins to inflate. raw streams take the dictionary at once. fail: -1 */
static int
inflate_begin(z_stream *z, int wbits, Value zdict, bool *ready)
{
    int status = inflateInit2(z, wbits);
    *ready = status == Z_OK;
    if (status == Z_STREAM_ERROR) {
        return raise_int(&exc_ValueError, "Invalid initialization option");
    }
    if (status == Z_MEM_ERROR) {
        return raise_int(&exc_MemoryError, "Can't allocate memory for decompression object");
    }
    if (status != Z_OK) {
        zlib_raise(z, status, "while creating decompression object");
        return -1;
    }
    if (zdict && wbits < 0) {
        status = inflateSetDictionary(z, as_bytes(zdict)->data, (uInt)as_bytes(zdict)->length);
        if (status != Z_OK) {
            zlib_raise(z, status, "while setting zdict");
            return -1;
        }
    }
    return 0;
}

/* One call of inflate, which is given the dictionary when it asks for it. */
static int
inflate_step(z_stream *z, Value zdict, int flush, StreamIo *io)
{
    zlib_io_in(z, io);
    int status = inflate(z, flush);
    zlib_io_out(z, io);
    if (status == Z_NEED_DICT && zdict) {
        status = inflateSetDictionary(z, as_bytes(zdict)->data, (uInt)as_bytes(zdict)->length);
        if (status != Z_OK) {
            return STEP_BAD_DICT + status;
        }
        zlib_io_in(z, io);
        status = inflate(z, flush);
        zlib_io_out(z, io);
    }
    return status == Z_BUF_ERROR ? STEP_OK : status;
}

static Own
raise_inflate(const z_stream *z, int status)
{
    if (status >= STEP_BAD_DICT - 100) {
        z_stream none = {0};
        return zlib_raise(&none, status - STEP_BAD_DICT, "while setting zdict");
    }
    return status == Z_MEM_ERROR ? raise_msg(&exc_MemoryError, "Out of memory while decompressing data")
                                 : zlib_raise(z, status, "while decompressing data");
}

Own
zlib_decompressobj_new(int wbits, Value zdict_arg)
{
    Own zdict;
    if (take_zdict(zdict_arg, &zdict) < 0) {
        return NO_VALUE;
    }
    Own v = type_alloc(&zlib_decompress_type, 0);
    if (!v) {
        drop_opt(zdict);
        return NO_VALUE;
    }
    Decompress *d = (Decompress *)obj(v);
    ref_init(&d->head, &d->zdict, zdict);
    ref_init(&d->head, &d->unused_data, own(bytes_empty));
    ref_init(&d->head, &d->unconsumed_tail, own(bytes_empty));
    d->raw = wbits < 0;
    if (inflate_begin(&d->stream, wbits, d->zdict, &d->ready) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

static int
decompress_step(void *coder, StreamIo *io)
{
    Decompress *d = coder;
    return inflate_step(&d->stream, d->zdict, Z_SYNC_FLUSH, io);
}

static int
flush_step(void *coder, StreamIo *io)
{
    Decompress *d = coder;
    return inflate_step(&d->stream, d->zdict, Z_FINISH, io);
}

/* Puts what is left of the input where it belongs. lock: d's · fail: -1 */
static int
keep_rest(Decompress *d, const StreamIo *io, int status)
{
    Own rest = bytes_new(io->in_left ? io->in : (const uint8_t *)"", io->in_left), old = NO_VALUE, unused = NO_VALUE;
    if (!rest) {
        return -1;
    }
    if (status == STEP_END) {
        d->eof = true;
        if (io->in_left) {
            Value before = d->unused_data;
            unused = object_binary(before, rest, OP_ADD);
            drop(rest);
            if (!unused) {
                return -1;
            }
            old = ref_swap(&d->head, &d->unused_data, unused);
            drop_opt(old);
            rest = own(bytes_empty);
        }
    }
    old = ref_swap(&d->head, &d->unconsumed_tail, rest);
    drop_opt(old);
    return 0;
}

/* lock: d's */
static Own
decompress_locked(Decompress *d, StepFn step, const uint8_t *data, size_t n, int64_t most, int *status)
{
    StreamIo io = {.in = data, .in_left = n};
    ByteBuilder b;
    *status = Z_STREAM_ERROR;
    byte_builder_init(&b);
    if (d->ready && stream_run(d, step, &io, &b, most, status) < 0) {
        byte_builder_discard(&b);
        return NO_VALUE;
    }
    if (d->ready && keep_rest(d, &io, *status) < 0) {
        byte_builder_discard(&b);
        return NO_VALUE;
    }
    if (*status != STEP_OK && *status != STEP_END) {
        byte_builder_discard(&b);
        z_stream none = {0};
        return raise_inflate(d->ready ? &d->stream : &none, *status);
    }
    return byte_builder_finish(&b);
}

Own
zlib_decompress_py_decompress(Decompress *self, Buffer *data, int64_t max_length)
{
    int status;
    if (max_length < 0) {
        return raise_msg(&exc_ValueError, "max_length must be non-negative");
    }
    work_lock(&self->lock);
    Own result = decompress_locked(self, decompress_step, data->data, (size_t)data->length, max_length ? max_length : -1, &status);
    work_unlock(&self->lock);
    return result;
}

Own
zlib_decompress_py_flush(Decompress *self, int64_t length)
{
    int status;
    if (length <= 0) {
        return raise_msg(&exc_ValueError, "length must be greater than zero");
    }
    work_lock(&self->lock);
    Own result = NO_VALUE;
    if (!self->ready) {
        result = own(bytes_empty);
    } else {
        Own tail = own(self->unconsumed_tail);
        result = decompress_locked(self, flush_step, as_bytes(tail)->data, (size_t)as_bytes(tail)->length, -1, &status);
        drop(tail);
        if (result && status == STEP_END) {
            inflateEnd(&self->stream);
            self->ready = false;
        }
    }
    work_unlock(&self->lock);
    return result;
}

Own
zlib_decompress_py_copy(Decompress *self)
{
    Own v = type_alloc(&zlib_decompress_type, 0);
    if (!v) {
        return NO_VALUE;
    }
    Decompress *copy = (Decompress *)obj(v);
    work_lock(&self->lock);
    int status = self->ready ? inflateCopy(&copy->stream, &self->stream) : Z_STREAM_ERROR;
    copy->ready = status == Z_OK;
    copy->eof = self->eof;
    copy->raw = self->raw;
    ref_init(&copy->head, &copy->zdict, own_opt(self->zdict));
    ref_init(&copy->head, &copy->unused_data, own(self->unused_data));
    ref_init(&copy->head, &copy->unconsumed_tail, own(self->unconsumed_tail));
    work_unlock(&self->lock);
    if (status != Z_OK) {
        drop(v);
        return status == Z_STREAM_ERROR ? raise_msg(&exc_ValueError, "Inconsistent stream state")
                                        : raise_msg(&exc_MemoryError, "Can't allocate memory for decompression object");
    }
    return v;
}

Own
zlib_decompress_py___copy__(Decompress *self)
{
    return zlib_decompress_py_copy(self);
}

Own
zlib_decompress_py___deepcopy__(Decompress *self, Value memo UNUSED)
{
    return zlib_decompress_py_copy(self);
}

Own
zlib_decompress_py___reduce__(Decompress *self)
{
    return raise_cannot_pickle(VALUE(self));
}

Own
zlib_decompress_get_eof(Decompress *self)
{
    return bool_value(self->eof);
}

Own
zlib_decompress_get_unused_data(Decompress *self)
{
    return ref_load(&self->head, &self->unused_data);
}

Own
zlib_decompress_get_unconsumed_tail(Decompress *self)
{
    return ref_load(&self->head, &self->unconsumed_tail);
}

static int
zlib_decompress_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Decompress *)o)->zdict);
    VISIT(((Decompress *)o)->unused_data);
    VISIT(((Decompress *)o)->unconsumed_tail);
    return 0;
}

static void
zlib_decompress_dealloc(Object *o)
{
    Decompress *d = (Decompress *)o;
    if (d->ready) {
        inflateEnd(&d->stream);
    }
    drop_opt(d->zdict);
    drop_opt(d->unused_data);
    drop_opt(d->unconsumed_tail);
    object_free(o);
}

/* -- _ZlibDecompressor -- */

Own
zlib_decompressor_make(Type *cls, int wbits, Value zdict_arg)
{
    Own zdict;
    if (take_zdict(zdict_arg, &zdict) < 0) {
        return NO_VALUE;
    }
    Own v = type_alloc(cls, 0);
    if (!v) {
        drop_opt(zdict);
        return NO_VALUE;
    }
    ZlibDecompressor *d = (ZlibDecompressor *)obj(v);
    ref_init(obj(v), &d->zdict, zdict);
    if (unpacker_init(&d->decoder) < 0 || inflate_begin(&d->stream, wbits, d->zdict, &d->ready) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

static int
decompressor_step(void *coder, StreamIo *io)
{
    ZlibDecompressor *d = coder;
    return inflate_step(&d->stream, d->zdict, Z_SYNC_FLUSH, io);
}

static Own
decompressor_raise(void *coder, int status)
{
    return raise_inflate(&((ZlibDecompressor *)coder)->stream, status);
}

Own
zlib_decompressor_py_decompress(ZlibDecompressor *self, Buffer *data, int64_t max_length)
{
    return unpacker_run(&self->decoder, self, decompressor_step, decompressor_raise, data, max_length,
                       "End of stream already reached");
}

Own
zlib_decompressor_py___reduce__(ZlibDecompressor *self)
{
    return raise_cannot_pickle(VALUE(self));
}

Own
zlib_decompressor_get_eof(ZlibDecompressor *self)
{
    return bool_value(self->decoder.eof);
}

Own
zlib_decompressor_get_needs_input(ZlibDecompressor *self)
{
    return bool_value(self->decoder.needs_input);
}

Own
zlib_decompressor_get_unused_data(ZlibDecompressor *self)
{
    return unpacker_unused(&self->decoder);
}

static void
zlib_decompressor_dealloc(Object *o)
{
    ZlibDecompressor *d = (ZlibDecompressor *)o;
    if (d->ready) {
        inflateEnd(&d->stream);
    }
    drop_opt(d->zdict);
    unpacker_clear(&d->decoder);
    object_free(o);
}

static int
zlib_decompressor_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((ZlibDecompressor *)o)->zdict);
    return unpacker_traverse(o, visit, arg);
}

#define ZLIB_TYPE(prefix, python_name, struct_name, type_flags, ...)                               \
    Type prefix##_type = {                                                                         \
        .name = python_name,                                                                       \
        .flags = type_flags,                                                                       \
        .basic_size = sizeof(struct_name),                                                         \
        .slots = {.dealloc = prefix##_dealloc, __VA_ARGS__},                                       \
        .methods = prefix##_methods,                                                               \
        .getsets = prefix##_getsets,                                                               \
        .spec_doc = prefix##_doc,                                                                  \
    }
ZLIB_TYPE(zlib_compress, "zlib.Compress", Compress, TYPE_NO_INSTANTIATE, );
ZLIB_TYPE(zlib_decompress, "zlib.Decompress", Decompress, TYPE_GC | TYPE_NO_INSTANTIATE, .traverse = zlib_decompress_traverse);
ZLIB_TYPE(zlib_decompressor, "zlib._ZlibDecompressor", ZlibDecompressor, TYPE_GC, .traverse = zlib_decompressor_traverse,
          .create = zlib_decompressor_create_slot);
