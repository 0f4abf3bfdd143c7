/* Inside src/object/codec: the built-in error handlers, and coding by the registry. */
#ifndef WEFT_OBJECT_CODEC_REGISTRY_H
#define WEFT_OBJECT_CODEC_REGISTRY_H

#include "object/object.h"

extern const MethodDef error_handler_defs[]; /* "strict_errors"...; 0-terminated */

/* By the registry: text to bytes, bytes to text. errors may be null. */
NODISCARD Own codec_encode_registered(Value text, const char *encoding, const char *errors);
NODISCARD Own codec_decode_registered(Value object, const char *encoding, const char *errors);

#endif
