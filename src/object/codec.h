/* Encodings: text to bytes and back. The usual ones (utf-8, ascii, latin-1...) need no Python code;
 * any other goes through the registry of the _codecs module, which asks the library's encodings
 * package. */
#ifndef WEFT_OBJECT_CODEC_H
#define WEFT_OBJECT_CODEC_H

#include "object/str.h"

/* str(object, encoding, errors), object.decode(...): null means utf-8, strict. object is
 * bytes-like. own: ret new · may: runpy */
NODISCARD Own codec_decode(Value object, const char *encoding, const char *errors);
/* text.encode(...): bytes. own: ret new · may: runpy */
NODISCARD Own codec_encode(Value text, const char *encoding, const char *errors);

#endif
