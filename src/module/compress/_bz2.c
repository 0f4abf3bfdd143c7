/* The module _bz2, over libbz2. Threads: stream.h. */
#include <bzlib.h>

#include "module/compress/stream.h"
#include "object/int.h"
#include "object/module.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Bz2Compressor {
    Object head;
    Mutex lock;
    bz_stream stream; /* guard: lock */
    int action;       /* of BZ2_bzCompress; guard: lock */
    bool ready, flushed; /* guard: lock */
} Bz2Compressor;

typedef struct Bz2Decompressor {
    Unpacker decoder;
    bz_stream stream; /* guard: unpacker.lock */
    bool ready;
} Bz2Decompressor;

static Type bz2_compressor_type, bz2_decompressor_type;

#include "_bz2.spec.h"

static Own
raise_bz(void *coder UNUSED, int status)
{
    switch (status) {
    case BZ_PARAM_ERROR:
        return raise_msg(&exc_ValueError, "Internal error - invalid parameters passed to libbzip2");
    case BZ_MEM_ERROR:
        return raise_no_memory();
    case BZ_DATA_ERROR:
    case BZ_DATA_ERROR_MAGIC:
        return raise_msg(&exc_OSError, "Invalid data stream");
    case BZ_IO_ERROR:
        return raise_msg(&exc_OSError, "Unknown I/O error");
    case BZ_UNEXPECTED_EOF:
        return raise_msg(&exc_EOFError, "Compressed file ended before the logical end-of-stream was detected");
    case BZ_SEQUENCE_ERROR:
        return raise_msg(&exc_RuntimeError, "Internal error - Invalid sequence of commands sent to libbzip2");
    default:
        return raise_fmt(&exc_OSError, "Unrecognized error from libbzip2: %d", status);
    }
}

static void
io_to_bz(bz_stream *s, const StreamIo *io)
{
    s->next_in = (char *)(uintptr_t)io->in;
    s->avail_in = io->in_left > UINT32_MAX ? UINT32_MAX : (unsigned)io->in_left;
    s->next_out = (char *)io->out;
    s->avail_out = (unsigned)io->out_left;
}

static void
io_from_bz(const bz_stream *s, StreamIo *io)
{
    io->in_left -= (size_t)((const uint8_t *)s->next_in - io->in);
    io->in = (const uint8_t *)s->next_in;
    io->out_left = s->avail_out;
}

/* -- compressing -- */

static int
compress_step(void *coder, StreamIo *io)
{
    Bz2Compressor *c = coder;
    if (c->action == BZ_RUN && io->in_left == 0) {
        return STEP_OK; /* libbz2 takes a call with nothing to do for an error */
    }
    io_to_bz(&c->stream, io);
    int status = BZ2_bzCompress(&c->stream, c->action);
    io_from_bz(&c->stream, io);
    return status == BZ_STREAM_END ? STEP_END : status < 0 ? status : STEP_OK;
}

/* lock: c's */
static Own
compress_locked(Bz2Compressor *c, const uint8_t *data, size_t n, int action)
{
    StreamIo io = {.in = data, .in_left = n};
    ByteBuilder b;
    int status;
    byte_builder_init(&b);
    c->action = action;
    if (stream_run(c, compress_step, &io, &b, -1, &status) < 0) {
        byte_builder_discard(&b);
        return NO_VALUE;
    }
    if (status < 0) {
        byte_builder_discard(&b);
        return raise_bz(c, status);
    }
    return byte_builder_finish(&b);
}

Own
bz2_compressor_py_compress(Bz2Compressor *self, Buffer *data)
{
    work_lock(&self->lock);
    Own result = self->flushed ? raise_msg(&exc_ValueError, "Compressor has been flushed")
                               : compress_locked(self, data->data, (size_t)data->length, BZ_RUN);
    work_unlock(&self->lock);
    return result;
}

Own
bz2_compressor_py_flush(Bz2Compressor *self)
{
    work_lock(&self->lock);
    Own result = NO_VALUE;
    if (self->flushed) {
        raise_msg(&exc_ValueError, "Repeated call to flush()");
    } else {
        self->flushed = true;
        result = compress_locked(self, (const uint8_t *)"", 0, BZ_FINISH);
    }
    work_unlock(&self->lock);
    return result;
}

Own
bz2_compressor_py___reduce__(Bz2Compressor *self)
{
    return raise_cannot_pickle(VALUE(self));
}

static Own
bz2_compressor_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "BZ2Compressor() takes no keyword arguments");
    }
    if (nargs > 1) {
        return raise_fmt(&exc_TypeError, "BZ2Compressor expected at most 1 argument, got %zu", nargs);
    }
    int level = nargs ? object_as_int(args[0]) : 9;
    if (level == -1 && exc_pending()) {
        return NO_VALUE;
    }
    if (level < 1 || level > 9) {
        return raise_msg(&exc_ValueError, "compresslevel must be between 1 and 9");
    }
    Own v = type_alloc(type, 0);
    if (v) {
        Bz2Compressor *c = (Bz2Compressor *)obj(v);
        int status = BZ2_bzCompressInit(&c->stream, level, 0, 0);
        c->ready = status == BZ_OK;
        if (!c->ready) {
            drop(v);
            return raise_bz(NULL, status);
        }
    }
    return v;
}

static void
bz2_compressor_dealloc(Object *o)
{
    if (((Bz2Compressor *)o)->ready) {
        BZ2_bzCompressEnd(&((Bz2Compressor *)o)->stream);
    }
    object_free(o);
}

/* -- decompressing -- */

static int
decompress_step(void *coder, StreamIo *io)
{
    Bz2Decompressor *d = coder;
    io_to_bz(&d->stream, io);
    int status = BZ2_bzDecompress(&d->stream);
    io_from_bz(&d->stream, io);
    if (status < 0) {
        d->decoder.failed = true;
    }
    return status == BZ_STREAM_END ? STEP_END : status < 0 ? status : STEP_OK;
}

Own
bz2_decompressor_py_decompress(Bz2Decompressor *self, Buffer *data, int64_t max_length)
{
    return unpacker_run(&self->decoder, self, decompress_step, raise_bz, data, max_length, "End of stream already reached");
}

Own
bz2_decompressor_py___reduce__(Bz2Decompressor *self)
{
    return raise_cannot_pickle(VALUE(self));
}

Own
bz2_decompressor_get_eof(Bz2Decompressor *self)
{
    return bool_value(self->decoder.eof);
}

Own
bz2_decompressor_get_needs_input(Bz2Decompressor *self)
{
    return bool_value(self->decoder.needs_input);
}

Own
bz2_decompressor_get_unused_data(Bz2Decompressor *self)
{
    return unpacker_unused(&self->decoder);
}

static Own
bz2_decompressor_create(Type *type, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "BZ2Decompressor() takes no keyword arguments");
    }
    if (nargs) {
        return raise_msg(&exc_TypeError, "BZ2Decompressor() takes no positional arguments");
    }
    Own v = type_alloc(type, 0);
    if (!v) {
        return NO_VALUE;
    }
    Bz2Decompressor *d = (Bz2Decompressor *)obj(v);
    int status = unpacker_init(&d->decoder) < 0 ? BZ_MEM_ERROR : BZ2_bzDecompressInit(&d->stream, 0, 0);
    d->ready = status == BZ_OK;
    if (!d->ready) {
        drop(v);
        return raise_bz(NULL, status);
    }
    return v;
}

static void
bz2_decompressor_dealloc(Object *o)
{
    Bz2Decompressor *d = (Bz2Decompressor *)o;
    if (d->ready) {
        BZ2_bzDecompressEnd(&d->stream);
    }
    unpacker_clear(&d->decoder);
    object_free(o);
}

static Type bz2_compressor_type = {
    .name = "_bz2.BZ2Compressor",
    .basic_size = sizeof(Bz2Compressor),
    .slots = {.dealloc = bz2_compressor_dealloc, .create = bz2_compressor_create},
    .methods = bz2_compressor_methods,
    .getsets = bz2_compressor_getsets,
    .spec_doc = bz2_compressor_doc,
};

static Type bz2_decompressor_type = {
    .name = "_bz2.BZ2Decompressor",
    .flags = TYPE_GC,
    .basic_size = sizeof(Bz2Decompressor),
    .slots = {.traverse = unpacker_traverse, .dealloc = bz2_decompressor_dealloc, .create = bz2_decompressor_create},
    .methods = bz2_decompressor_methods,
    .getsets = bz2_decompressor_getsets,
    .spec_doc = bz2_decompressor_doc,
};

static int
bz2_exec(Value m)
{
    return module_add_type(m, &bz2_compressor_type) < 0 ? -1 : module_add_type(m, &bz2_decompressor_type);
}

const ModuleDef module__bz2 = {
    .name = "_bz2",
    .doc = bz2_module_doc,
    .exec = bz2_exec,
};
