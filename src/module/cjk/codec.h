/* MultibyteCodec, and the work that it shares with the incremental and stream classes. */
#ifndef WEFT_MODULE_CJK_CODEC_H
#define WEFT_MODULE_CJK_CODEC_H

#include "module/cjk/engine.h"
#include "object/bytes/bytes_priv.h"
#include "object/str.h"

typedef struct MultibyteCodec {
    Object head;
    const CjkCodec *codec; /* immutable */
} MultibyteCodec;

extern Type multibyte_codec_type, multibyte_encoder_type, multibyte_decoder_type,
    multibyte_reader_type, multibyte_writer_type;

/* Encodes text[*at:], *at becomes where it stopped: at the end, or before a character that waits
 * for the next one unless `last`. errors: a str. fail: -1 */
NODISCARD int multibyte_encode(const CjkCodec *codec, CjkState *state, Value text, int64_t *at,
                               Value errors, bool last, ByteBuilder *out);
/* Decodes data; *used: how much, all of it when `last`. own: ret new */
NODISCARD Own multibyte_decode(const CjkCodec *codec, CjkState *state, const uint8_t *data,
                               int64_t n, Value errors, bool last, int64_t *used);
/* The codec of a class: its attribute `codec`. fail: null + TypeError */
NODISCARD const CjkCodec *multibyte_codec_of(Type *cls);
/* An argument `errors`: a str, or None for strict. own: ret new */
NODISCARD Own multibyte_errors(Value errors);
NODISCARD int multibyte_set_errors(Object *holder, Own *field, Value value);
NODISCARD Own multibyte_codec_new(const char *module, Value name);

#endif
