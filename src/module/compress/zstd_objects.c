/* _zstd: compressors, decompressors, dictionaries. Threads: stream.h. */
#include "module/compress/zstd_priv.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct ZstdCompressor {
    Object head;
    Mutex lock;
    ZSTD_CCtx *ctx;             /* guard: lock */
    _Atomic int last_mode;
    Own dict;                   /* bytes, which the context refers to; immutable */
    ZSTD_CDict *digested;       /* or null; immutable */
    int level;                  /* immutable */
} ZstdCompressor;

typedef struct ZstdDecompressor {
    Unpacker unpacker;
    ZSTD_DCtx *ctx; /* guard: unpacker.lock */
    size_t status;  /* of the call being made: an error of libzstd's; guard: unpacker.lock */
    Own dict;       /* bytes, which the context refers to; immutable */
    ZSTD_DDict *digested; /* or null; immutable */
} ZstdDecompressor;

typedef struct ZstdDict {
    Object head;
    Own content; /* bytes; immutable */
    unsigned id;
} ZstdDict;

#include "zstd_objects.spec.h"

enum { STEP_FAILED = 2 };

/* -- dictionaries -- */

Own
zstd_dict_make(Type *cls, Value content_arg, bool is_raw)
{
    Own content = bytes_from_buffer(content_arg);
    if (!content) {
        return NO_VALUE;
    }
    const Bytes *b = as_bytes(content);
    unsigned id = b->length < 8 ? 0 : ZSTD_getDictID_fromDict(b->data, (size_t)b->length);
    if (b->length < 8 || (!is_raw && id == 0)) {
        bool is_short = b->length < 8;
        drop(content);
        return raise_msg(&exc_ValueError, is_short ? "Zstandard dictionary content too short (must have at least eight bytes)"
                                                   : "invalid Zstandard dictionary");
    }
    Own v = type_alloc(cls, 0);
    if (!v) {
        drop(content);
        return NO_VALUE;
    }
    ((ZstdDict *)obj(v))->id = id;
    ref_init(obj(v), &((ZstdDict *)obj(v))->content, content);
    return v;
}

Own
zstd_dict_of(Value v, ZstdDictUse *use, ZstdDictUse otherwise)
{
    *use = otherwise;
    if (is_tuple(v) && as_tuple(v)->length == 2 && is_int(tuple_item(v, 1))) {
        int number = object_as_int(tuple_item(v, 1));
        if (number == -1 && exc_pending()) {
            return NO_VALUE;
        }
        if (number >= 0 && number <= ZSTD_DICT_PREFIX) {
            *use = (ZstdDictUse)number;
            v = tuple_item(v, 0);
        }
    }
    if (!is_object(v) || type_of(v) != &zstd_dict_type) {
        return raise_msg(&exc_TypeError, "zstd_dict argument should be a ZstdDict object.");
    }
    return own(((ZstdDict *)obj(v))->content);
}

static Own
dict_as(ZstdDict *self, ZstdDictUse use)
{
    return tuple_pack(2, VALUE(self), (Value)small_int(use));
}

Own
zstd_dict_get_as_digested_dict(ZstdDict *self)
{
    return dict_as(self, ZSTD_DICT_DIGESTED);
}

Own
zstd_dict_get_as_undigested_dict(ZstdDict *self)
{
    return dict_as(self, ZSTD_DICT_UNDIGESTED);
}

Own
zstd_dict_get_as_prefix(ZstdDict *self)
{
    return dict_as(self, ZSTD_DICT_PREFIX);
}

Own
zstd_dict_get_dict_content(ZstdDict *self)
{
    return own(self->content);
}

Own
zstd_dict_get_dict_id(ZstdDict *self)
{
    return small_int(self->id);
}

Own
zstd_dict_py___reduce__(ZstdDict *self)
{
    return raise_cannot_pickle(VALUE(self));
}

static Own
zstd_dict_repr(Value v)
{
    const ZstdDict *d = (const ZstdDict *)obj(v);
    return str_fmt("<ZstdDict dict_id=%u dict_size=%zd>", d->id, as_bytes(d->content)->length);
}

static int64_t
zstd_dict_len(Value v)
{
    return as_bytes(((const ZstdDict *)obj(v))->content)->length;
}

static int
zstd_dict_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((ZstdDict *)o)->content);
    return 0;
}

static void
zstd_dict_dealloc(Object *o)
{
    drop_opt(((ZstdDict *)o)->content);
    object_free(o);
}

/* -- compressing -- */

static int
set_level(ZstdCompressor *c, Value level)
{
    int least = ZSTD_minCLevel(), most = ZSTD_maxCLevel();
    if (!is_int(level)) {
        return raise_int(&exc_TypeError, "invalid type for level, expected int");
    }
    int64_t n;
    if (!int_as_i64(level, &n) || n < INT32_MIN || n > INT32_MAX) {
        return raise_int(&exc_ValueError, "illegal compression level; the valid range is [%d, %d]", least, most);
    }
    if (n < least || n > most) {
        return raise_int(&exc_ValueError, "illegal compression level %zd; the valid range is [%d, %d]", n, least, most);
    }
    c->level = (int)n;
    return ZSTD_isError(ZSTD_CCtx_setParameter(c->ctx, ZSTD_c_compressionLevel, (int)n))
               ? zstd_parameter_error(true, ZSTD_c_compressionLevel, (int)n)
               : 0;
}

static int
set_options(ZstdCompressor *c, Value options)
{
    int64_t position = 0;
    Own key, value;
    int status = 0;
    while (status == 0 && dict_next(options, &position, &key, &value)) {
        int k, n;
        status = zstd_option(true, key, value, &k, &n);
        if (status == 0 && k == ZSTD_c_compressionLevel) {
            status = set_level(c, value);
        } else if (status == 0 && ZSTD_isError(ZSTD_CCtx_setParameter(c->ctx, (ZSTD_cParameter)k, n))) {
            status = zstd_parameter_error(true, k, n);
        }
        drop(key);
        drop(value);
    }
    return status;
}

static int
set_compressor_dict(ZstdCompressor *c, Value zstd_dict)
{
    ZstdDictUse use;
    Own content = zstd_dict_of(zstd_dict, &use, ZSTD_DICT_UNDIGESTED);
    if (!content) {
        return -1;
    }
    ref_init(&c->head, &c->dict, content);
    const Bytes *b = as_bytes(c->dict);
    if (use == ZSTD_DICT_DIGESTED) {
        c->digested = ZSTD_createCDict(b->data, (size_t)b->length, c->level);
        if (!c->digested) {
            return raise_int((Type *)obj(zstd_error_class),
                             "Failed to create a ZSTD_CDict instance from Zstandard dictionary content.");
        }
    }
    size_t code = use == ZSTD_DICT_PREFIX     ? ZSTD_CCtx_refPrefix(c->ctx, b->data, (size_t)b->length)
                  : use == ZSTD_DICT_DIGESTED ? ZSTD_CCtx_refCDict(c->ctx, c->digested)
                                              : ZSTD_CCtx_loadDictionary(c->ctx, b->data, (size_t)b->length);
    if (ZSTD_isError(code)) {
        zstd_raise("Unable to load Zstandard dictionary or prefix for compression", code);
        return -1;
    }
    return 0;
}

Own
zstd_compressor_make(Type *cls, Value level, Value options, Value zstd_dict)
{
    if (level != NONE && options != NONE) {
        return raise_msg(&exc_TypeError, "Only one of level or options should be used.");
    }
    if (options != NONE && !is_dict(options)) {
        return raise_fmt(&exc_TypeError, "ZstdCompressor() argument 'options' must be dict, not %T", options);
    }
    Own v = type_alloc(cls, 0);
    if (!v) {
        return NO_VALUE;
    }
    ZstdCompressor *c = (ZstdCompressor *)obj(v);
    atomic_store(&c->last_mode, ZSTD_e_end);
    c->ctx = ZSTD_createCCtx();
    c->level = ZSTD_CLEVEL_DEFAULT;
    int status = c->ctx ? 0 : (raise_no_memory(), -1);
    if (status == 0 && level != NONE) {
        status = set_level(c, level);
    }
    if (status == 0 && options != NONE) {
        status = set_options(c, options);
    }
    if (status == 0 && zstd_dict != NONE) {
        status = set_compressor_dict(c, zstd_dict);
    }
    if (status < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

/* Runs until the mode is satisfied. lock: c's. own: ret new */
static Own
compress_locked(ZstdCompressor *c, const uint8_t *data, size_t n, ZSTD_EndDirective mode)
{
    ZSTD_inBuffer in = {data, n, 0};
    ByteBuilder b;
    size_t left = 1;
    byte_builder_init(&b);
    while (left != 0) {
        int64_t room = (int64_t)ZSTD_CStreamOutSize();
        uint8_t *to = byte_builder_room(&b, room);
        if (!to) {
            byte_builder_discard(&b);
            return NO_VALUE;
        }
        ZSTD_outBuffer out = {to, (size_t)room, 0};
        bool detached = work_detach((int64_t)(n - in.pos));
        left = ZSTD_compressStream2(c->ctx, &out, &in, mode);
        work_attach(detached);
        b.length += (int64_t)out.pos;
        if (ZSTD_isError(left)) {
            byte_builder_discard(&b);
            ZSTD_CCtx_reset(c->ctx, ZSTD_reset_session_only);
            atomic_store(&c->last_mode, ZSTD_e_end);
            return zstd_raise("Unable to compress Zstandard data", left);
        }
        if (mode == ZSTD_e_continue && in.pos == in.size && out.pos < out.size) {
            break;
        }
    }
    atomic_store(&c->last_mode, (int)mode);
    return byte_builder_finish(&b);
}

Own
zstd_compressor_py_compress(ZstdCompressor *self, Buffer *data, int mode)
{
    if (mode < ZSTD_e_continue || mode > ZSTD_e_end) {
        return raise_msg(&exc_ValueError, "mode argument wrong value, it should be one of ZstdCompressor.CONTINUE, "
                                          "ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME.");
    }
    work_lock(&self->lock);
    Own result = compress_locked(self, data->data, (size_t)data->length, (ZSTD_EndDirective)mode);
    work_unlock(&self->lock);
    return result;
}

Own
zstd_compressor_py_flush(ZstdCompressor *self, int mode)
{
    if (mode != ZSTD_e_flush && mode != ZSTD_e_end) {
        return raise_msg(&exc_ValueError, "mode argument wrong value, it should be ZstdCompressor.FLUSH_FRAME or "
                                          "ZstdCompressor.FLUSH_BLOCK.");
    }
    work_lock(&self->lock);
    Own result = compress_locked(self, (const uint8_t *)"", 0, (ZSTD_EndDirective)mode);
    work_unlock(&self->lock);
    return result;
}

int
zstd_compressor_py_set_pledged_input_size(ZstdCompressor *self, Value size)
{
    uint64_t n = ZSTD_CONTENTSIZE_UNKNOWN;
    if (size != NONE) {
        if (!is_int(size)) {
            return raise_int(&exc_TypeError, "an integer is required");
        }
        n = object_as_uint64_mask(size);
        if (int_sign(size) < 0 || int_bit_length(size) > 64 || n >= ZSTD_CONTENTSIZE_ERROR) {
            return raise_int(&exc_ValueError, "size argument should be a positive int less than %zu", ZSTD_CONTENTSIZE_ERROR);
        }
    }
    work_lock(&self->lock);
    int status = 0;
    if (atomic_load(&self->last_mode) != ZSTD_e_end) {
        status = raise_int(&exc_ValueError, "set_pledged_input_size() method must be called when last_mode == FLUSH_FRAME");
    } else {
        size_t code = ZSTD_CCtx_setPledgedSrcSize(self->ctx, n);
        if (ZSTD_isError(code)) {
            zstd_raise("Unable to set pledged uncompressed content size", code);
            status = -1;
        }
    }
    work_unlock(&self->lock);
    return status;
}

Own
zstd_compressor_py___reduce__(ZstdCompressor *self)
{
    return raise_cannot_pickle(VALUE(self));
}

Own
zstd_compressor_get_last_mode(ZstdCompressor *self)
{
    return small_int(atomic_load(&self->last_mode));
}

static int
zstd_compressor_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((ZstdCompressor *)o)->dict);
    return 0;
}

static void
zstd_compressor_dealloc(Object *o)
{
    ZSTD_freeCCtx(((ZstdCompressor *)o)->ctx);
    ZSTD_freeCDict(((ZstdCompressor *)o)->digested);
    drop_opt(((ZstdCompressor *)o)->dict);
    object_free(o);
}

/* -- decompressing -- */

static int
set_decompressor(ZstdDecompressor *d, Value zstd_dict, Value options)
{
    int64_t position = 0;
    Own key, value;
    int status = 0;
    while (options != NONE && status == 0 && dict_next(options, &position, &key, &value)) {
        int k, n;
        status = zstd_option(false, key, value, &k, &n);
        if (status == 0 && ZSTD_isError(ZSTD_DCtx_setParameter(d->ctx, (ZSTD_dParameter)k, n))) {
            status = zstd_parameter_error(false, k, n);
        }
        drop(key);
        drop(value);
    }
    if (status < 0 || zstd_dict == NONE) {
        return status;
    }
    ZstdDictUse use;
    Own content = zstd_dict_of(zstd_dict, &use, ZSTD_DICT_DIGESTED);
    if (!content) {
        return -1;
    }
    ref_init(&d->unpacker.head, &d->dict, content);
    const Bytes *b = as_bytes(d->dict);
    if (use == ZSTD_DICT_DIGESTED) {
        d->digested = ZSTD_createDDict(b->data, (size_t)b->length);
        if (!d->digested) {
            return raise_int((Type *)obj(zstd_error_class),
                             "Failed to create a ZSTD_DDict instance from Zstandard dictionary content.");
        }
    }
    size_t code = use == ZSTD_DICT_PREFIX     ? ZSTD_DCtx_refPrefix(d->ctx, b->data, (size_t)b->length)
                  : use == ZSTD_DICT_DIGESTED ? ZSTD_DCtx_refDDict(d->ctx, d->digested)
                                              : ZSTD_DCtx_loadDictionary(d->ctx, b->data, (size_t)b->length);
    if (ZSTD_isError(code)) {
        zstd_raise("Unable to load Zstandard dictionary or prefix for decompression", code);
        return -1;
    }
    return 0;
}

Own
zstd_decompressor_make(Type *cls, Value zstd_dict, Value options)
{
    if (options != NONE && !is_dict(options)) {
        return raise_fmt(&exc_TypeError, "ZstdDecompressor() argument 'options' must be dict, not %T", options);
    }
    Own v = type_alloc(cls, 0);
    if (!v) {
        return NO_VALUE;
    }
    ZstdDecompressor *d = (ZstdDecompressor *)obj(v);
    d->ctx = ZSTD_createDCtx();
    if (!d->ctx) {
        raise_no_memory();
    }
    if (!d->ctx || unpacker_init(&d->unpacker) < 0 || set_decompressor(d, zstd_dict, options) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

static int
decompress_step(void *coder, StreamIo *io)
{
    ZstdDecompressor *d = coder;
    ZSTD_inBuffer in = {io->in, io->in_left, 0};
    ZSTD_outBuffer out = {io->out, io->out_left, 0};
    d->status = ZSTD_decompressStream(d->ctx, &out, &in);
    io->in += in.pos;
    io->in_left -= in.pos;
    io->out_left -= out.pos;
    return ZSTD_isError(d->status) ? STEP_FAILED : d->status == 0 ? STEP_END : STEP_OK;
}

static Own
decompress_raise(void *coder, int status UNUSED)
{
    return zstd_raise("Unable to decompress Zstandard data", ((ZstdDecompressor *)coder)->status);
}

Own
zstd_decompressor_py_decompress(ZstdDecompressor *self, Buffer *data, int64_t max_length)
{
    return unpacker_run(&self->unpacker, self, decompress_step, decompress_raise, data, max_length,
                        "Already at the end of a Zstandard frame.");
}

Own
zstd_decompressor_py___reduce__(ZstdDecompressor *self)
{
    return raise_cannot_pickle(VALUE(self));
}

Own
zstd_decompressor_get_eof(ZstdDecompressor *self)
{
    return bool_value(self->unpacker.eof);
}

Own
zstd_decompressor_get_needs_input(ZstdDecompressor *self)
{
    return bool_value(self->unpacker.needs_input);
}

Own
zstd_decompressor_get_unused_data(ZstdDecompressor *self)
{
    return unpacker_unused(&self->unpacker);
}

static int
zstd_decompressor_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((ZstdDecompressor *)o)->dict);
    return unpacker_traverse(o, visit, arg);
}

static void
zstd_decompressor_dealloc(Object *o)
{
    ZSTD_freeDCtx(((ZstdDecompressor *)o)->ctx);
    ZSTD_freeDDict(((ZstdDecompressor *)o)->digested);
    drop_opt(((ZstdDecompressor *)o)->dict);
    unpacker_clear(&((ZstdDecompressor *)o)->unpacker);
    object_free(o);
}

#define ZSTD_TYPE(prefix, python_name, struct_name, ...)                                           \
    Type prefix##_type = {                                                                         \
        .name = "compression.zstd." python_name,                                                   \
        .flags = TYPE_GC,                                                                          \
        .basic_size = sizeof(struct_name),                                                         \
        .slots = {.traverse = prefix##_traverse, .dealloc = prefix##_dealloc, .create = prefix##_create_slot, __VA_ARGS__}, \
        .methods = prefix##_methods,                                                               \
        .getsets = prefix##_getsets,                                                               \
        .spec_doc = prefix##_doc,                                                                  \
    }
ZSTD_TYPE(zstd_compressor, "ZstdCompressor", ZstdCompressor, );
ZSTD_TYPE(zstd_decompressor, "ZstdDecompressor", ZstdDecompressor, );
ZSTD_TYPE(zstd_dict, "ZstdDict", ZstdDict, .repr = zstd_dict_repr, .len = zstd_dict_len);
