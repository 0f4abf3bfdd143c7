/* What the files of memoryview share. */
#ifndef WEFT_OBJECT_MEMORYVIEW_PRIV_H
#define WEFT_OBJECT_MEMORYVIEW_PRIV_H

#include "heap/critical.h"
#include "object/item_format.h"
#include "object/memoryview.h"

/* A view with room for ndim dimensions; its Buffer is a copy of `from` with shape and strides
 * filled in (those of C order where `from` has none), as far as from->ndim goes. own: ret new,
 * memory counted */
NODISCARD Own view_new(Value memory, const Buffer *from, int ndim);
/* The letter of a native format, 0 = another kind of format. */
char native_letter(const char *format);
/* The item at an address. fail: 0 + NotImplementedError for formats that are not native */
NODISCARD Own view_item(const Buffer *view, const uint8_t *at);
NODISCARD int view_set_item(const Buffer *view, uint8_t *at, Value v);
/* The address of item i of dimension d, whose first is at base; i negative counts from the end.
 * fail: null + IndexError */
uint8_t *view_step(const Buffer *view, int d, uint8_t *base, int64_t i);
bool view_is_contiguous(const Buffer *view, char order);
/* All bytes in that order. own: ret new bytes */
NODISCARD Own view_bytes(const Buffer *view, char order);
Own memoryview_compare(Value a, Value b, CompareOp op);
NODISCARD Own memoryview_getitem(Value v, Value key);
NODISCARD int memoryview_setitem(Value v, Value key, Value value);
NODISCARD Own memoryview_iter(Value v);

#endif
