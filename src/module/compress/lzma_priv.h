/* What the files of _lzma share. */
#ifndef WEFT_MODULE_LZMA_PRIV_H
#define WEFT_MODULE_LZMA_PRIV_H

#include <lzma.h>

#include "module/compress/stream.h"

extern Own lzma_error_class;

/* A chain of filters, whose options are in memory of its own. */
typedef struct FilterChain {
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
} FilterChain;

/* Raises for what liblzma returned, unless it is no error: -1, else 0. */
NODISCARD int lzma_check_status(lzma_ret status);
/* Out of a sequence of dicts. fail: -1, and nothing is to be freed */
NODISCARD int lzma_chain_parse(FilterChain *chain, Value specs);
NODISCARD int lzma_filter_parse(lzma_filter *filter, Value spec);
void lzma_chain_free(FilterChain *chain);
NODISCARD Own lzma_filter_dict(const lzma_filter *filter);
/* An unsigned number. fail: -1 + ValueError, OverflowError */
NODISCARD int lzma_take_u32(Value v, uint32_t *out);
NODISCARD int lzma_take_u64(Value v, uint64_t *out);

#endif
