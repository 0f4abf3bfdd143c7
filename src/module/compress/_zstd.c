/* The module _zstd, over libzstd: its functions and constants. */
#include <zdict.h>

#include "module/compress/zstd_priv.h"
#include "module/exception_class.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "object/type/type_priv.h"

#include "_zstd.spec.h"

Own zstd_error_class, zstd_c_parameter, zstd_d_parameter;

Own
zstd_raise(const char *what, size_t code)
{
    return raise_fmt((Type *)obj(zstd_error_class), "%s: %s", what, ZSTD_getErrorName(code));
}

/* -- parameters -- */

typedef struct Parameter {
    int id;
    const char *name, *constant;
} Parameter;

static const Parameter c_parameters[] = {
    {ZSTD_c_compressionLevel, "compression_level", "ZSTD_c_compressionLevel"},
    {ZSTD_c_windowLog, "window_log", "ZSTD_c_windowLog"},
    {ZSTD_c_hashLog, "hash_log", "ZSTD_c_hashLog"},
    {ZSTD_c_chainLog, "chain_log", "ZSTD_c_chainLog"},
    {ZSTD_c_searchLog, "search_log", "ZSTD_c_searchLog"},
    {ZSTD_c_minMatch, "min_match", "ZSTD_c_minMatch"},
    {ZSTD_c_targetLength, "target_length", "ZSTD_c_targetLength"},
    {ZSTD_c_strategy, "strategy", "ZSTD_c_strategy"},
    {ZSTD_c_enableLongDistanceMatching, "enable_long_distance_matching", "ZSTD_c_enableLongDistanceMatching"},
    {ZSTD_c_ldmHashLog, "ldm_hash_log", "ZSTD_c_ldmHashLog"},
    {ZSTD_c_ldmMinMatch, "ldm_min_match", "ZSTD_c_ldmMinMatch"},
    {ZSTD_c_ldmBucketSizeLog, "ldm_bucket_size_log", "ZSTD_c_ldmBucketSizeLog"},
    {ZSTD_c_ldmHashRateLog, "ldm_hash_rate_log", "ZSTD_c_ldmHashRateLog"},
    {ZSTD_c_contentSizeFlag, "content_size_flag", "ZSTD_c_contentSizeFlag"},
    {ZSTD_c_checksumFlag, "checksum_flag", "ZSTD_c_checksumFlag"},
    {ZSTD_c_dictIDFlag, "dict_id_flag", "ZSTD_c_dictIDFlag"},
    {ZSTD_c_nbWorkers, "nb_workers", "ZSTD_c_nbWorkers"},
    {ZSTD_c_jobSize, "job_size", "ZSTD_c_jobSize"},
    {ZSTD_c_overlapLog, "overlap_log", "ZSTD_c_overlapLog"},
};
static const Parameter d_parameters[] = {{ZSTD_d_windowLogMax, "window_log_max", "ZSTD_d_windowLogMax"}};

static ZSTD_bounds
bounds_of(bool compress, int key)
{
    return compress ? ZSTD_cParam_getBounds((ZSTD_cParameter)key) : ZSTD_dParam_getBounds((ZSTD_dParameter)key);
}

int
zstd_parameter_error(bool compress, int key, int value)
{
    const Parameter *list = compress ? c_parameters : d_parameters;
    size_t n = compress ? ARRAY_LEN(c_parameters) : ARRAY_LEN(d_parameters);
    const char *kind = compress ? "compression" : "decompression";
    char unknown[48];
    snprintf(unknown, sizeof unknown, "unknown parameter (key %d)", key);
    const char *name = unknown;
    for (size_t i = 0; i < n; i++) {
        name = list[i].id == key ? list[i].name : name;
    }
    ZSTD_bounds bounds = bounds_of(compress, key);
    if (ZSTD_isError(bounds.error)) {
        return raise_int(&exc_ValueError, "invalid %s parameter '%s'", kind, name);
    }
    return raise_int(&exc_ValueError, "%s parameter '%s' received an illegal value %d; the valid range is [%d, %d]", kind, name,
                     value, bounds.lowerBound, bounds.upperBound);
}

int
zstd_option(bool compress, Value key, Value value, int *key_out, int *value_out)
{
    Value other = __atomic_load_n(compress ? &zstd_d_parameter : &zstd_c_parameter, __ATOMIC_ACQUIRE);
    if (other && VALUE(type_of(key)) == other) {
        return raise_int(&exc_TypeError, compress
                                             ? "compression options dictionary key must not be a DecompressionParameter attribute"
                                             : "decompression options dictionary key must not be a CompressionParameter attribute");
    }
    *key_out = object_as_int(key);
    if (*key_out == -1 && exc_pending()) {
        return -1;
    }
    *value_out = object_as_int(value);
    if (*value_out == -1 && exc_pending()) {
        if (compress && *key_out == ZSTD_c_compressionLevel && exc_swallow(&exc_OverflowError)) {
            return 0; /* the level's own message follows */
        }
        if (exc_swallow(&exc_OverflowError)) {
            raise_msg(&exc_OverflowError, "Python int too large to convert to C int");
        }
        return -1;
    }
    return 0;
}

int
zstd_set_parameter_types(Value module UNUSED, Value c_parameter_type, Value d_parameter_type)
{
    publish(c_parameter_type);
    publish(d_parameter_type);
    Own old_c = __atomic_exchange_n(&zstd_c_parameter, own(c_parameter_type), __ATOMIC_ACQ_REL);
    Own old_d = __atomic_exchange_n(&zstd_d_parameter, own(d_parameter_type), __ATOMIC_ACQ_REL);
    drop_opt(old_c);
    drop_opt(old_d);
    return 0;
}

static Own
int_pair(int64_t a, int64_t b)
{
    Own both[] = {int_from_i64(a), int_from_i64(b)};
    return tuple_from_own(both, 2);
}

Own
zstd_get_param_bounds(Value module UNUSED, int parameter, bool is_compress)
{
    ZSTD_bounds bounds = bounds_of(is_compress, parameter);
    return ZSTD_isError(bounds.error)
               ? zstd_raise(is_compress ? "Unable to get zstd compression parameter bounds"
                                        : "Unable to get zstd decompression parameter bounds", bounds.error)
               : int_pair(bounds.lowerBound, bounds.upperBound);
}

/* -- frames -- */

Own
zstd_get_frame_size(Value module UNUSED, Buffer *frame_buffer)
{
    size_t size = ZSTD_findFrameCompressedSize(frame_buffer->data, (size_t)frame_buffer->length);
    if (ZSTD_isError(size)) {
        return raise_fmt((Type *)obj(zstd_error_class),
                         "Error when finding the compressed size of a Zstandard frame. Ensure the frame_buffer argument starts "
                         "from the beginning of a frame, and its length is not less than this complete frame. Zstd error "
                         "message: %s.", ZSTD_getErrorName(size));
    }
    return int_from_u64(size);
}

Own
zstd_get_frame_info(Value module UNUSED, Buffer *frame_buffer)
{
    unsigned long long size = ZSTD_getFrameContentSize(frame_buffer->data, (size_t)frame_buffer->length);
    if (size == ZSTD_CONTENTSIZE_ERROR) {
        return raise_msg((Type *)obj(zstd_error_class),
                         "Error when getting information from the header of a Zstandard frame. Ensure the frame_buffer argument "
                         "starts from the beginning of a frame, and its length is not less than the frame header (6~18 bytes).");
    }
    unsigned id = ZSTD_getDictID_fromFrame(frame_buffer->data, (size_t)frame_buffer->length);
    Own both[] = {size == ZSTD_CONTENTSIZE_UNKNOWN ? NONE : int_from_u64(size), small_int(id)};
    return tuple_from_own(both, 2);
}

/* -- training -- */

/* The sizes of samples, whose sum must be that of the bytes. fail: null */
static size_t *
sample_sizes(Value bytes, Value sizes, int64_t dict_size)
{
    int64_t n = as_tuple(sizes)->length, sum = 0;
    if (dict_size <= 0) {
        raise_msg(&exc_ValueError, "dict_size argument should be positive number.");
        return NULL;
    }
    if (n > UINT32_MAX) {
        raise_fmt(&exc_ValueError, "The number of samples should be <= %u.", UINT32_MAX);
        return NULL;
    }
    size_t *list = mem_alloc((size_t)n * sizeof *list + 1);
    for (int64_t i = 0; list && i < n; i++) {
        Value size = tuple_item(sizes, i);
        if (!is_int(size)) {
            mem_free(list);
            raise_msg(&exc_TypeError, "an integer is required");
            return NULL;
        }
        list[i] = (size_t)object_as_uint64_mask(size);
        if (int_sign(size) < 0 || int_bit_length(size) > 62 || __builtin_add_overflow(sum, (int64_t)list[i], &sum)) {
            sum = -1;
            break;
        }
    }
    if (list && sum != as_bytes(bytes)->length) {
        mem_free(list);
        raise_msg(&exc_ValueError, "The samples size tuple doesn't match the concatenation's size.");
        return NULL;
    }
    return list;
}

/* The dictionary of `size` bytes, or what went wrong. */
static Own
trained(Own dict, size_t size, const char *what)
{
    if (ZDICT_isError(size)) {
        drop(dict);
        return raise_fmt((Type *)obj(zstd_error_class), "%s: %s", what, ZDICT_getErrorName(size));
    }
    return bytes_shrink(dict, (int64_t)size);
}

Own
zstd_train_dict(Value module UNUSED, Value samples_bytes, Value samples_sizes, int64_t dict_size)
{
    size_t *sizes = sample_sizes(samples_bytes, samples_sizes, dict_size);
    Own dict = sizes ? bytes_new(NULL, (size_t)dict_size) : NO_VALUE;
    if (dict) {
        detach();
        size_t size = ZDICT_trainFromBuffer(as_bytes(dict)->data, (size_t)dict_size, as_bytes(samples_bytes)->data, sizes,
                                            (unsigned)as_tuple(samples_sizes)->length);
        attach();
        dict = trained(dict, size, "Unable to train the Zstandard dictionary");
    }
    mem_free(sizes);
    return dict;
}

Own
zstd_finalize_dict(Value module UNUSED, Value custom_dict_bytes, Value samples_bytes, Value samples_sizes, int64_t dict_size,
                   int compression_level)
{
    size_t *sizes = sample_sizes(samples_bytes, samples_sizes, dict_size);
    Own dict = sizes ? bytes_new(NULL, (size_t)dict_size) : NO_VALUE;
    if (dict) {
        ZDICT_params_t params = {.compressionLevel = compression_level};
        detach();
        size_t size = ZDICT_finalizeDictionary(as_bytes(dict)->data, (size_t)dict_size, as_bytes(custom_dict_bytes)->data,
                                               (size_t)as_bytes(custom_dict_bytes)->length, as_bytes(samples_bytes)->data,
                                               sizes, (unsigned)as_tuple(samples_sizes)->length, params);
        attach();
        dict = trained(dict, size, "Unable to finalize the Zstandard dictionary");
    }
    mem_free(sizes);
    return dict;
}

/* -- start -- */

static int
add_constants(Value m)
{
    static const char *const strategies[] = {"ZSTD_fast", "ZSTD_dfast", "ZSTD_greedy", "ZSTD_lazy", "ZSTD_lazy2",
                                             "ZSTD_btlazy2", "ZSTD_btopt", "ZSTD_btultra", "ZSTD_btultra2"};
    for (size_t i = 0; i < ARRAY_LEN(c_parameters); i++) {
        if (module_add_int(m, c_parameters[i].constant, c_parameters[i].id) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(strategies); i++) {
        if (module_add_int(m, strategies[i], (int64_t)i + ZSTD_fast) < 0) {
            return -1;
        }
    }
    static const char *const modes[] = {"CONTINUE", "FLUSH_BLOCK", "FLUSH_FRAME"};
    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        Own name = str_intern_cstr(modes[i]);
        if (!name || type_set_own(&zstd_compressor_type, name, small_int((int64_t)i)) < 0) {
            return -1;
        }
    }
    return module_add_int(m, d_parameters[0].constant, d_parameters[0].id) < 0 ||
                   module_add_int(m, "ZSTD_CLEVEL_DEFAULT", ZSTD_defaultCLevel()) < 0 ||
                   module_add_int(m, "ZSTD_DStreamOutSize", (int64_t)ZSTD_DStreamOutSize()) < 0 ||
                   module_add_int(m, "zstd_version_number", ZSTD_versionNumber()) < 0 ||
                   module_add_cstr(m, "zstd_version", ZSTD_versionString()) < 0
               ? -1
               : 0;
}

static int
zstd_exec(Value m)
{
    if (!zstd_error_class) {
        zstd_error_class = exception_class_new("compression.zstd", "ZstdError", VALUE(&exc_Exception),
                                               "An error occurred in the zstd library.");
    }
    return module_add(m, "ZstdError", own_opt(zstd_error_class)) < 0 || module_add_type(m, &zstd_compressor_type) < 0 ||
                   module_add_type(m, &zstd_decompressor_type) < 0 || module_add_type(m, &zstd_dict_type) < 0
               ? -1
               : add_constants(m);
}

const ModuleDef module__zstd = {
    .name = "_zstd",
    .doc = zstd_module_doc,
    .functions = zstd_functions,
    .exec = zstd_exec,
};
