/* ISO 2022 encodings, for engine.c. */
#ifndef WEFT_MODULE_CJK_ISO2022_H
#define WEFT_MODULE_CJK_ISO2022_H

#include "module/cjk/engine.h"

extern const IsoCodec iso2022_kr, iso2022_jp, iso2022_jp_1, iso2022_jp_2, iso2022_jp_2004,
    iso2022_jp_3, iso2022_jp_ext;

int iso2022_decode(const IsoCodec *codec, CjkState *state, const uint8_t *p, int64_t n,
                   uint32_t chars[2], int *count);
int iso2022_encode(const IsoCodec *codec, CjkState *state, const uint32_t *chars, int64_t left,
                   bool last, uint8_t out[16], int *size);
int iso2022_reset(const IsoCodec *codec, CjkState *state, uint8_t out[16]);

#endif
