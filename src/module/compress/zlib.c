/* The module zlib: its functions. The objects are in zlib_objects.c. */
#include "module/compress/zlib_priv.h"
#include "module/exception_class.h"
#include "object/int.h"
#include "object/module.h"
#include "object/type.h"

#include "zlib.spec.h"

Own zlib_error_class; /* written once, before the module is anybody's */

Own
zlib_raise(const z_stream *z, int status, const char *what)
{
    const char *why = status == Z_VERSION_ERROR ? "library version mismatch" : z->msg;
    if (!why) {
        why = status == Z_BUF_ERROR      ? "incomplete or truncated stream"
              : status == Z_STREAM_ERROR ? "inconsistent stream state"
              : status == Z_DATA_ERROR   ? "invalid input data"
                                         : NULL;
    }
    return why ? raise_fmt((Type *)obj(zlib_error_class), "Error %d %s: %.200s", status, what, why)
               : raise_fmt((Type *)obj(zlib_error_class), "Error %d %s", status, what);
}

void
zlib_io_in(z_stream *z, const StreamIo *io)
{
    z->next_in = (Bytef *)(uintptr_t)io->in;
    z->avail_in = io->in_left > UINT32_MAX ? UINT32_MAX : (uInt)io->in_left;
    z->next_out = io->out;
    z->avail_out = (uInt)io->out_left;
}

void
zlib_io_out(const z_stream *z, StreamIo *io)
{
    io->in_left -= (size_t)(z->next_in - io->in);
    io->in = z->next_in;
    io->out_left = z->avail_out;
}

Own
zlib_adler32(Value module UNUSED, Buffer *data, uint64_t value)
{
    bool detached = work_detach(data->length);
    uLong sum = adler32_z((uint32_t)value, data->data, (size_t)data->length);
    work_attach(detached);
    return int_from_u64(sum & 0xFFFFFFFF);
}

Own
zlib_crc32(Value module UNUSED, Buffer *data, uint64_t value)
{
    bool detached = work_detach(data->length);
    uLong sum = crc32_z((uint32_t)value, data->data, (size_t)data->length);
    work_attach(detached);
    return int_from_u64(sum & 0xFFFFFFFF);
}

static int
deflate_step(void *coder, StreamIo *io)
{
    z_stream *z = coder;
    zlib_io_in(z, io);
    int status = deflate(z, io->in_left > UINT32_MAX ? Z_NO_FLUSH : Z_FINISH);
    zlib_io_out(z, io);
    return status == Z_BUF_ERROR ? STEP_OK : status;
}

Own
zlib_compress(Value module UNUSED, Buffer *data, int level, int wbits)
{
    z_stream z = {0};
    int status = deflateInit2(&z, level, Z_DEFLATED, wbits, 8, Z_DEFAULT_STRATEGY);
    if (status == Z_MEM_ERROR) {
        return raise_msg(&exc_MemoryError, "Out of memory while compressing data");
    }
    if (status != Z_OK) {
        return status == Z_STREAM_ERROR ? raise_msg((Type *)obj(zlib_error_class), "Bad compression level")
                                        : zlib_raise(&z, status, "while compressing data");
    }
    StreamIo io = {.in = data->data, .in_left = (size_t)data->length};
    ByteBuilder b;
    byte_builder_init(&b);
    int failed = stream_run(&z, deflate_step, &io, &b, -1, &status);
    deflateEnd(&z);
    if (failed < 0 || status != STEP_END) {
        byte_builder_discard(&b);
        return failed < 0 ? NO_VALUE : zlib_raise(&z, status, "while compressing data");
    }
    return byte_builder_finish(&b);
}

static int
inflate_step(void *coder, StreamIo *io)
{
    z_stream *z = coder;
    zlib_io_in(z, io);
    int status = inflate(z, Z_SYNC_FLUSH);
    zlib_io_out(z, io);
    return status == Z_BUF_ERROR ? STEP_OK : status;
}

Own
zlib_decompress(Value module UNUSED, Buffer *data, int wbits, int64_t bufsize)
{
    z_stream z = {0};
    if (bufsize < 0) {
        return raise_msg(&exc_ValueError, "bufsize must be non-negative");
    }
    int status = inflateInit2(&z, wbits);
    if (status != Z_OK) {
        return status == Z_MEM_ERROR ? raise_msg(&exc_MemoryError, "Out of memory while decompressing data")
                                     : zlib_raise(&z, status, "while preparing to decompress data");
    }
    StreamIo io = {.in = data->data, .in_left = (size_t)data->length};
    ByteBuilder b;
    byte_builder_init(&b);
    int failed = stream_run(&z, inflate_step, &io, &b, -1, &status);
    if (failed < 0 || status != STEP_END) {
        byte_builder_discard(&b);
        if (failed == 0 && status == Z_MEM_ERROR) {
            raise_msg(&exc_MemoryError, "Out of memory while decompressing data");
        } else if (failed == 0) {
            zlib_raise(&z, status == STEP_OK ? Z_BUF_ERROR : status, "while decompressing data");
        }
        inflateEnd(&z);
        return NO_VALUE;
    }
    inflateEnd(&z);
    return byte_builder_finish(&b);
}

Own
zlib_compressobj(Value module UNUSED, int level, int method, int wbits, int memLevel, int strategy, Value zdict)
{
    return zlib_compressobj_new(level, method, wbits, memLevel, strategy, zdict);
}

Own
zlib_decompressobj(Value module UNUSED, int wbits, Value zdict)
{
    return zlib_decompressobj_new(wbits, zdict);
}

static int
zlib_exec(Value m)
{
    static const struct {
        const char *name;
        int value;
    } numbers[] = {
        {"MAX_WBITS", MAX_WBITS}, {"DEFLATED", Z_DEFLATED}, {"DEF_MEM_LEVEL", 8}, {"DEF_BUF_SIZE", 16384},
        {"Z_NO_COMPRESSION", Z_NO_COMPRESSION}, {"Z_BEST_SPEED", Z_BEST_SPEED}, {"Z_BEST_COMPRESSION", Z_BEST_COMPRESSION},
        {"Z_DEFAULT_COMPRESSION", Z_DEFAULT_COMPRESSION}, {"Z_FILTERED", Z_FILTERED}, {"Z_HUFFMAN_ONLY", Z_HUFFMAN_ONLY},
        {"Z_RLE", Z_RLE}, {"Z_FIXED", Z_FIXED}, {"Z_DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY}, {"Z_NO_FLUSH", Z_NO_FLUSH},
        {"Z_PARTIAL_FLUSH", Z_PARTIAL_FLUSH}, {"Z_SYNC_FLUSH", Z_SYNC_FLUSH}, {"Z_FULL_FLUSH", Z_FULL_FLUSH},
        {"Z_FINISH", Z_FINISH}, {"Z_BLOCK", Z_BLOCK}, {"Z_TREES", Z_TREES},
    };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (module_add_int(m, numbers[i].name, numbers[i].value) < 0) {
            return -1;
        }
    }
    if (!zlib_error_class) {
        zlib_error_class = exception_class_new("zlib", "error", VALUE(&exc_Exception), NULL);
    }
    return module_add(m, "error", own_opt(zlib_error_class)) < 0 || type_ready(&zlib_compress_type) < 0 ||
                   type_ready(&zlib_decompress_type) < 0 || module_add_type(m, &zlib_decompressor_type) < 0 ||
                   module_add_cstr(m, "ZLIB_VERSION", ZLIB_VERSION) < 0 ||
                   module_add_cstr(m, "ZLIB_RUNTIME_VERSION", zlibVersion()) < 0 || module_add_cstr(m, "__version__", "1.0") < 0
               ? -1
               : 0;
}

const ModuleDef module_zlib = {
    .name = "zlib",
    .doc = zlib_module_doc,
    .functions = zlib_functions,
    .exec = zlib_exec,
};
