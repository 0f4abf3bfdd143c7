/* What the files of str share. */
#ifndef WEFT_OBJECT_STR_PRIV_H
#define WEFT_OBJECT_STR_PRIV_H

#include "object/bytes.h"
#include "object/str.h"
#include "object/text.h"

int intern_start(void);
/* Interns v (eaten) for ever. fail: 0 + MemoryError */
NODISCARD Own str_intern_immortal(Own v);
/* n characters of any width, narrowed. own: ret new */
NODISCARD Own str_from_chars(const void *chars, unsigned width, int64_t length);
/* The UTF-8 of a str that is not ASCII, kept in a table beside it until it dies. fail: null +
 * UnicodeEncodeError or MemoryError */
const char *str_utf8_cached(Str *s, size_t *bytes);
void str_utf8_forget(Str *s); /* for dealloc of a str with STR_HAS_UTF8 */
static inline Text
str_text(Value v)
{
    const Str *s = as_str(v);
    return (Text){s->data, s->length, s->width, false};
}
Own str_piece(Value whole, Text t, int64_t start, int64_t stop); /* PieceFn of str */
NODISCARD Own
str_exact(Value v); /* v, or its text as an exact str where it is a subclass's. own: ret new */

/* A bound of the largest character, good for choosing a width. */
static inline uint32_t
str_max_bound(const Str *s)
{
    return s->ascii ? 0x7F : s->width == 1 ? 0xFF : s->width == 2 ? 0xFFFF : 0x10FFFF;
}

/* UnicodeEncodeError(encoding, v, start, end, reason). Returns 0. */
Own raise_encode_error(const char *encoding, Value v, int64_t start, int64_t end,
                       const char *reason);

#endif
