/* What the files of _zstd share. */
#ifndef WEFT_MODULE_ZSTD_PRIV_H
#define WEFT_MODULE_ZSTD_PRIV_H

#include <zstd.h>

#include "module/compress/stream.h"

typedef enum ZstdDictUse { ZSTD_DICT_DIGESTED, ZSTD_DICT_UNDIGESTED, ZSTD_DICT_PREFIX } ZstdDictUse;

extern Own zstd_error_class;                      /* written once, before the module is anybody's */
extern Own zstd_c_parameter, zstd_d_parameter;    /* the classes of set_parameter_types(), or NO_VALUE; atomic */
extern Type zstd_compressor_type, zstd_decompressor_type, zstd_dict_type;

/* ZstdError "WHAT: why". Returns 0. */
Own zstd_raise(const char *what, size_t code) COLD;
/* The content of a ZstdDict, or of the pair (ZstdDict, use) that its as_... give. own: ret new bytes · fail: 0 + TypeError */
NODISCARD Own zstd_dict_of(Value v, ZstdDictUse *use, ZstdDictUse otherwise);
/* Raises for a parameter's value that was refused. Returns -1. */
int zstd_parameter_error(bool compress, int key, int value) COLD;
/* The key and value of an option as C ints. fail: -1 */
NODISCARD int zstd_option(bool compress, Value key, Value value, int *key_out, int *value_out);

#endif
