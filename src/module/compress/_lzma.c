/* The module _lzma, over liblzma. Threads: stream.h. */
#include <stdlib.h>

#include "module/compress/lzma_priv.h"
#include "module/exception_class.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"
#include "object/type.h"

enum { FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW };

#define CHECK_UNKNOWN ((int)LZMA_CHECK_ID_MAX + 1)

typedef struct LzmaCompressor {
    Object head;
    Mutex lock;
    lzma_stream stream; /* guard: lock */
    lzma_action action; /* of the call being made; guard: lock */
    bool flushed;       /* guard: lock */
} LzmaCompressor;

typedef struct LzmaDecompressor {
    Unpacker decoder;
    lzma_stream stream; /* guard: decoder.lock */
    int check;          /* guard: decoder.lock */
} LzmaDecompressor;

static Type lzma_compressor_type, lzma_decompressor_type;

#include "_lzma.spec.h"

Own lzma_error_class; /* written once, before the module is anybody's */

int
lzma_check_status(lzma_ret status)
{
    Type *error = (Type *)obj(lzma_error_class);
    switch (status) {
    case LZMA_OK:
    case LZMA_GET_CHECK:
    case LZMA_NO_CHECK:
    case LZMA_STREAM_END:
        return 0;
    case LZMA_UNSUPPORTED_CHECK:
        return raise_int(error, "Unsupported integrity check");
    case LZMA_MEM_ERROR:
        raise_no_memory();
        return -1;
    case LZMA_MEMLIMIT_ERROR:
        return raise_int(error, "Memory usage limit exceeded");
    case LZMA_FORMAT_ERROR:
        return raise_int(error, "Input format not supported by decoder");
    case LZMA_OPTIONS_ERROR:
        return raise_int(error, "Invalid or unsupported options");
    case LZMA_DATA_ERROR:
        return raise_int(error, "Corrupt input data");
    case LZMA_BUF_ERROR:
        return raise_int(error, "Insufficient buffer space");
    case LZMA_PROG_ERROR:
        return raise_int(error, "Internal error");
    default:
        return raise_int(error, "Unrecognized error from liblzma: %d", (int)status);
    }
}

static lzma_ret
code(lzma_stream *s, lzma_action action, StreamIo *io)
{
    s->next_in = io->in;
    s->avail_in = io->in_left;
    s->next_out = io->out;
    s->avail_out = io->out_left;
    lzma_ret status = lzma_code(s, action);
    io->in = s->next_in;
    io->in_left = s->avail_in;
    io->out_left = s->avail_out;
    return status;
}

/* liblzma's status as one of stream.h's: errors shifted away from STEP_END. */
static int
step_status(lzma_ret status)
{
    if (status == LZMA_STREAM_END) {
        return STEP_END;
    }
    bool fine = status == LZMA_OK || status == LZMA_GET_CHECK || status == LZMA_NO_CHECK || status == LZMA_BUF_ERROR;
    return fine ? STEP_OK : 100 + (int)status;
}

static Own
raise_step(void *coder UNUSED, int status)
{
    return lzma_check_status((lzma_ret)(status - 100)) < 0 ? NO_VALUE : NONE; /* it is an error: NO_VALUE */
}

/* -- compressing -- */

/* Begins an encoder. fail: -1 */
static int
compressor_begin(lzma_stream *s, int format, int check, uint32_t preset, Value filters)
{
    FilterChain chain;
    lzma_options_lzma options;
    lzma_ret status;
    chain.filters[0].id = LZMA_VLI_UNKNOWN;
    if (filters != NONE && lzma_chain_parse(&chain, filters) < 0) {
        return -1;
    }
    if (format == FORMAT_XZ) {
        lzma_check id = check == -1 ? LZMA_CHECK_CRC64 : (lzma_check)check;
        status = filters == NONE ? lzma_easy_encoder(s, preset, id) : lzma_stream_encoder(s, chain.filters, id);
    } else if (format == FORMAT_RAW) {
        status = lzma_raw_encoder(s, chain.filters);
    } else if (filters == NONE) {
        if (lzma_lzma_preset(&options, preset)) {
            return raise_int((Type *)obj(lzma_error_class), "Invalid compression preset: %u", preset);
        }
        status = lzma_alone_encoder(s, &options);
    } else if (chain.filters[0].id == LZMA_FILTER_LZMA1 && chain.filters[1].id == LZMA_VLI_UNKNOWN) {
        status = lzma_alone_encoder(s, chain.filters[0].options);
    } else {
        lzma_chain_free(&chain);
        return raise_int(&exc_ValueError, "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
    }
    lzma_chain_free(&chain);
    return lzma_check_status(status);
}

Own
lzma_compressor_make(Type *cls, int format, int check, Value preset_arg, Value filters)
{
    uint32_t preset = LZMA_PRESET_DEFAULT;
    if (preset_arg != NONE && filters != NONE) {
        return raise_msg(&exc_ValueError, "Cannot specify both preset and filter chain");
    }
    if (preset_arg != NONE && lzma_take_u32(preset_arg, &preset) < 0) {
        return NO_VALUE;
    }
    if (format != FORMAT_XZ && check != -1 && check != LZMA_CHECK_NONE) {
        return raise_msg(&exc_ValueError, "Integrity checks are only supported by FORMAT_XZ");
    }
    if (format != FORMAT_XZ && format != FORMAT_ALONE && format != FORMAT_RAW) {
        return raise_fmt(&exc_ValueError, "Invalid container format: %d", format);
    }
    if (format == FORMAT_RAW && filters == NONE) {
        return raise_msg(&exc_ValueError, "Must specify filters for FORMAT_RAW");
    }
    Own v = type_alloc(cls, 0);
    if (v && compressor_begin(&((LzmaCompressor *)obj(v))->stream, format, check, preset, filters) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

static int
compress_step(void *coder, StreamIo *io)
{
    LzmaCompressor *c = coder;
    return step_status(code(&c->stream, c->action, io));
}

/* lock: c's */
static Own
compress_locked(LzmaCompressor *c, const uint8_t *data, size_t n, lzma_action action)
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
    if (status != STEP_OK && status != STEP_END) {
        byte_builder_discard(&b);
        return raise_step(c, status);
    }
    return byte_builder_finish(&b);
}

Own
lzma_compressor_py_compress(LzmaCompressor *self, Buffer *data)
{
    work_lock(&self->lock);
    Own result = self->flushed ? raise_msg(&exc_ValueError, "Compressor has been flushed")
                               : compress_locked(self, data->data, (size_t)data->length, LZMA_RUN);
    work_unlock(&self->lock);
    return result;
}

Own
lzma_compressor_py_flush(LzmaCompressor *self)
{
    work_lock(&self->lock);
    Own result = NO_VALUE;
    if (self->flushed) {
        raise_msg(&exc_ValueError, "Repeated call to flush()");
    } else {
        self->flushed = true;
        result = compress_locked(self, (const uint8_t *)"", 0, LZMA_FINISH);
    }
    work_unlock(&self->lock);
    return result;
}

Own
lzma_compressor_py___reduce__(LzmaCompressor *self)
{
    return raise_cannot_pickle(VALUE(self));
}

static void
lzma_compressor_dealloc(Object *o)
{
    lzma_end(&((LzmaCompressor *)o)->stream);
    object_free(o);
}

/* -- decompressing -- */

#define DECODER_FLAGS (LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK)

static int
decompressor_begin(lzma_stream *s, int format, uint64_t limit, Value filters)
{
    FilterChain chain;
    lzma_ret status;
    if (format == FORMAT_RAW) {
        if (lzma_chain_parse(&chain, filters) < 0) {
            return -1;
        }
        status = lzma_raw_decoder(s, chain.filters);
        lzma_chain_free(&chain);
    } else {
        status = format == FORMAT_AUTO ? lzma_auto_decoder(s, limit, DECODER_FLAGS)
                 : format == FORMAT_XZ ? lzma_stream_decoder(s, limit, DECODER_FLAGS)
                                       : lzma_alone_decoder(s, limit);
    }
    return lzma_check_status(status);
}

Own
lzma_decompressor_make(Type *cls, int format, Value memlimit, Value filters)
{
    uint64_t limit = UINT64_MAX;
    if (memlimit != NONE) {
        if (format == FORMAT_RAW) {
            return raise_msg(&exc_ValueError, "Cannot specify memory limit with FORMAT_RAW");
        }
        if (lzma_take_u64(memlimit, &limit) < 0) {
            return NO_VALUE;
        }
    }
    if (format == FORMAT_RAW && filters == NONE) {
        return raise_msg(&exc_ValueError, "Must specify filters for FORMAT_RAW");
    }
    if (format != FORMAT_RAW && filters != NONE) {
        return raise_msg(&exc_ValueError, "Cannot specify filters except with FORMAT_RAW");
    }
    if (format < FORMAT_AUTO || format > FORMAT_RAW) {
        return raise_fmt(&exc_ValueError, "Invalid container format: %d", format);
    }
    Own v = type_alloc(cls, 0);
    if (!v) {
        return NO_VALUE;
    }
    LzmaDecompressor *d = (LzmaDecompressor *)obj(v);
    d->check = format == FORMAT_ALONE || format == FORMAT_RAW ? (int)LZMA_CHECK_NONE : CHECK_UNKNOWN;
    if (unpacker_init(&d->decoder) < 0 || decompressor_begin(&d->stream, format, limit, filters) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

static int
decompress_step(void *coder, StreamIo *io)
{
    LzmaDecompressor *d = coder;
    lzma_ret status = code(&d->stream, LZMA_RUN, io);
    if (status == LZMA_GET_CHECK || status == LZMA_NO_CHECK) {
        __atomic_store_n(&d->check, (int)lzma_get_check(&d->stream), __ATOMIC_RELAXED);
        status = io->in_left || io->out_left ? code(&d->stream, LZMA_RUN, io) : LZMA_OK;
    }
    return step_status(status);
}

Own
lzma_decompressor_py_decompress(LzmaDecompressor *self, Buffer *data, int64_t max_length)
{
    return unpacker_run(&self->decoder, self, decompress_step, raise_step, data, max_length, "Already at end of stream");
}

Own
lzma_decompressor_py___reduce__(LzmaDecompressor *self)
{
    return raise_cannot_pickle(VALUE(self));
}

Own
lzma_decompressor_get_check(LzmaDecompressor *self)
{
    return small_int(__atomic_load_n(&self->check, __ATOMIC_RELAXED));
}

Own
lzma_decompressor_get_eof(LzmaDecompressor *self)
{
    return bool_value(self->decoder.eof);
}

Own
lzma_decompressor_get_needs_input(LzmaDecompressor *self)
{
    return bool_value(self->decoder.needs_input);
}

Own
lzma_decompressor_get_unused_data(LzmaDecompressor *self)
{
    return unpacker_unused(&self->decoder);
}

static void
lzma_decompressor_dealloc(Object *o)
{
    lzma_end(&((LzmaDecompressor *)o)->stream);
    unpacker_clear(&((LzmaDecompressor *)o)->decoder);
    object_free(o);
}

static Type lzma_compressor_type = {
    .name = "_lzma.LZMACompressor",
    .basic_size = sizeof(LzmaCompressor),
    .slots = {.dealloc = lzma_compressor_dealloc, .create = lzma_compressor_create_slot},
    .methods = lzma_compressor_methods,
    .getsets = lzma_compressor_getsets,
    .spec_doc = lzma_compressor_doc,
};

static Type lzma_decompressor_type = {
    .name = "_lzma.LZMADecompressor",
    .flags = TYPE_GC,
    .basic_size = sizeof(LzmaDecompressor),
    .slots = {.traverse = unpacker_traverse, .dealloc = lzma_decompressor_dealloc, .create = lzma_decompressor_create_slot},
    .methods = lzma_decompressor_methods,
    .getsets = lzma_decompressor_getsets,
    .spec_doc = lzma_decompressor_doc,
};

/* -- the module's functions -- */

int
lzma_module_is_check_supported(Value module UNUSED, int check_id)
{
    return lzma_check_is_supported((lzma_check)check_id);
}

Own
lzma_module__encode_filter_properties(Value module UNUSED, Value spec)
{
    lzma_filter filter;
    uint32_t size;
    if (lzma_filter_parse(&filter, spec) < 0) {
        return NO_VALUE;
    }
    Own bytes = NO_VALUE;
    if (lzma_check_status(lzma_properties_size(&size, &filter)) == 0) {
        bytes = bytes_new(NULL, size);
        if (bytes && lzma_check_status(lzma_properties_encode(&filter, as_bytes(bytes)->data)) < 0) {
            drop(bytes);
            bytes = NO_VALUE;
        }
    }
    mem_free(filter.options);
    return bytes;
}

Own
lzma_module__decode_filter_properties(Value module UNUSED, Value filter_id, Buffer *encoded_props)
{
    uint64_t id;
    if (lzma_take_u64(filter_id, &id) < 0) {
        return NO_VALUE;
    }
    lzma_filter filter = {.id = id};
    if (lzma_check_status(lzma_properties_decode(&filter, NULL, encoded_props->data, (size_t)encoded_props->length)) < 0) {
        return NO_VALUE;
    }
    Own d = lzma_filter_dict(&filter);
    free(filter.options); /* liblzma's own memory */
    return d;
}

static int
lzma_exec(Value m)
{
    static const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
        {"FORMAT_AUTO", FORMAT_AUTO}, {"FORMAT_XZ", FORMAT_XZ}, {"FORMAT_ALONE", FORMAT_ALONE}, {"FORMAT_RAW", FORMAT_RAW},
        {"CHECK_NONE", LZMA_CHECK_NONE}, {"CHECK_CRC32", LZMA_CHECK_CRC32}, {"CHECK_CRC64", LZMA_CHECK_CRC64},
        {"CHECK_SHA256", LZMA_CHECK_SHA256}, {"CHECK_ID_MAX", LZMA_CHECK_ID_MAX}, {"CHECK_UNKNOWN", CHECK_UNKNOWN},
        {"FILTER_LZMA1", (int64_t)LZMA_FILTER_LZMA1}, {"FILTER_LZMA2", LZMA_FILTER_LZMA2}, {"FILTER_DELTA", LZMA_FILTER_DELTA},
        {"FILTER_X86", LZMA_FILTER_X86}, {"FILTER_POWERPC", LZMA_FILTER_POWERPC}, {"FILTER_IA64", LZMA_FILTER_IA64},
        {"FILTER_ARM", LZMA_FILTER_ARM}, {"FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB}, {"FILTER_SPARC", LZMA_FILTER_SPARC},
        {"MF_HC3", LZMA_MF_HC3}, {"MF_HC4", LZMA_MF_HC4}, {"MF_BT2", LZMA_MF_BT2}, {"MF_BT3", LZMA_MF_BT3},
        {"MF_BT4", LZMA_MF_BT4}, {"MODE_FAST", LZMA_MODE_FAST}, {"MODE_NORMAL", LZMA_MODE_NORMAL},
        {"PRESET_DEFAULT", LZMA_PRESET_DEFAULT}, {"PRESET_EXTREME", (int64_t)LZMA_PRESET_EXTREME},
    };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (module_add_int(m, numbers[i].name, numbers[i].value) < 0) {
            return -1;
        }
    }
    if (!lzma_error_class) {
        lzma_error_class = exception_class_new("_lzma", "LZMAError", VALUE(&exc_Exception), "Call to liblzma failed.");
    }
    return module_add(m, "LZMAError", own_opt(lzma_error_class)) < 0 || module_add_type(m, &lzma_compressor_type) < 0
               ? -1
               : module_add_type(m, &lzma_decompressor_type);
}

const ModuleDef module__lzma = {
    .name = "_lzma",
    .doc = lzma_module_module_doc,
    .functions = lzma_module_functions,
    .exec = lzma_exec,
};
