/* The format that marshal writes and reads: one byte of type, with MARSHAL_REF set when the value gets the next number for later references to
 * it, then the value. Numbers are little-endian. Types are CPython's; what is inside a code object is Weft's. */
#ifndef WEFT_MODULE_MARSHAL_PRIV_H
#define WEFT_MODULE_MARSHAL_PRIV_H

#include "object/object.h"

#define MARSHAL_REF 0x80
#define MARSHAL_DEPTH_MAX 2000
#define MARSHAL_VERSION 5

typedef struct MarshalReader {
    const uint8_t *at, *end; /* of data in memory */
    Value readinto;          /* of a file: its method; NO_VALUE when reading memory */
    uint8_t *block;          /* what was read from a file last */
    size_t block_size;
    Own refs;                /* list: values that may be referred to */
    int depth;
    bool allow_code;
} MarshalReader;

/* own: ret new bytes */
NODISCARD Own marshal_to_bytes(Value v, int version, bool allow_code);
/* own: ret new · fail: 0 + EOFError, ValueError, TypeError */
NODISCARD Own marshal_read(MarshalReader *r);

#endif
