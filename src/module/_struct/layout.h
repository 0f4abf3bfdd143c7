/* What a format string of the module _struct means: a list of items, each at its place.
 *
 * A layout is kept as the contents of a bytes object, so that it is counted, shared and freed like any
 * other. Immutable once made. */
#ifndef WEFT_MODULE_STRUCT_LAYOUT_H
#define WEFT_MODULE_STRUCT_LAYOUT_H

#include "object/bytes.h"

typedef struct LayoutItem {
    int64_t offset; /* of the first one */
    int64_t count;  /* how many, one after the other; 1 for 's' and 'p' */
    int64_t size;   /* bytes of one */
    char code;      /* the letter of the format */
} LayoutItem;

typedef struct Layout {
    int64_t size;   /* bytes of all */
    int64_t values; /* that are packed, and unpacked */
    int64_t length; /* of items */
    bool little;    /* byte order */
    LayoutItem items[];
} Layout;

static inline const Layout *
as_layout(Value bytes)
{
    return (const Layout *)as_bytes(bytes)->data;
}

typedef struct StructState {
    Own error;            /* the class struct.error; immutable after the module was made */
    Own cache;            /* dict: format -> Struct; the dict guards itself */
} StructState;

/* format: ASCII. own: ret new (bytes) · fail: 0 + struct.error */
NODISCARD Own layout_new(Value error, const char *format, size_t length);
/* Writes args, as many as there are values, over layout->size bytes of zeros. fail: -1 · may: runpy */
NODISCARD int layout_pack(Value error, const Layout *layout, uint8_t *to, Value const *args);
/* A tuple of the values. own: ret new */
NODISCARD Own layout_unpack(const Layout *layout, const uint8_t *from);

#endif
