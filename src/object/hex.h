/* Hexadecimal text of bytes: what hex() of bytes, bytearray and memoryview and binascii share. */
#ifndef WEFT_OBJECT_HEX_H
#define WEFT_OBJECT_HEX_H

#include "base/number.h"
#include "object/object.h"

/* The argument sep (may be NO_VALUE): its character, -1 = none. fail: -1 + TypeError, ValueError ·
 * may: runpy */
NODISCARD int hex_separator(Value sep, int *out);
/* Characters that n bytes take, in groups of `per` bytes counted from the right, from the left when
 * it is negative. fail: -1 + MemoryError */
NODISCARD int64_t hex_length(int64_t n, int separator, int64_t per);
void hex_write(uint8_t *to, const uint8_t *data, int64_t n, int separator, int64_t per);
/* A str. own: ret new */
NODISCARD Own hex_text(const uint8_t *data, int64_t n, int separator, int64_t per);

#endif
