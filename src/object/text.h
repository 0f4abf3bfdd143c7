/* Text: characters of any width, or bytes, as an array. What str, bytes and bytearray do alike is
 * written once, over this: searching, splitting, stripping. The three differ in which characters
 * count as white space and line ends (of bytes only ASCII ones do), and in what a piece becomes
 * (PieceFn).
 *
 * A Text is a borrow of its owner's memory: a str or bytes that is held, or a bytearray whose lock
 * is held. Nothing here runs Python code. */
#ifndef WEFT_OBJECT_TEXT_H
#define WEFT_OBJECT_TEXT_H

#include "base/utf8.h"
#include "object/object.h"

typedef struct Text {
    const uint8_t *data;
    int64_t length;
    unsigned width; /* bytes a character: 1, 2, 4 */
    bool bytes;     /* not a str: nothing above 127 has a meaning */
} Text;

static ALWAYS_INLINE uint32_t
text_at(Text t, int64_t i)
{
    return chars_get(t.data, t.width, (size_t)i);
}

static inline Text
text_part(Text t, int64_t start, int64_t stop)
{
    return (Text){t.data + start * t.width, stop - start, t.width, t.bytes};
}

/* 1 = white space of str, 2 = line end of str, 4 and 8 the same of bytes. */
extern const uint8_t text_classes[256];
enum { TEXT_SPACE = 1, TEXT_LINE_END = 2, BYTES_SPACE = 4, BYTES_LINE_END = 8 };
bool text_is_wide_space(uint32_t c);
bool text_is_wide_line_end(uint32_t c);

static ALWAYS_INLINE bool
text_is_space(Text t, uint32_t c)
{
    return LIKELY(c < 256) ? (text_classes[c] & (t.bytes ? BYTES_SPACE : TEXT_SPACE)) != 0
                           : text_is_wide_space(c);
}

static ALWAYS_INLINE bool
text_is_line_end(Text t, uint32_t c)
{
    return LIKELY(c < 256) ? (text_classes[c] & (t.bytes ? BYTES_LINE_END : TEXT_LINE_END)) != 0
                           : text_is_wide_line_end(c);
}

/* -- finding: in t[start:stop], from the left (direction 1) or the right (-1); -1 = nowhere */
int64_t text_find(Text t, Text needle, int64_t start, int64_t stop, int direction);
/* How often, without overlaps, up to `most`. */
int64_t text_count(Text t, Text needle, int64_t start, int64_t stop, int64_t most);
bool text_equal_at(Text t, int64_t at, Text needle); /* pre: needle fits there */

/* Arguments start and end of find() and the like: None or an index, clamped. fail: -1 + TypeError ·
 * may: runpy */
NODISCARD int text_range_args(Value start, Value end, int64_t *from, int64_t *to);
/* Counts negative ones from the end; afterwards from >= 0, to <= length (from may be larger than
 * to, or than length). */
void text_range_clip(int64_t length, int64_t *from, int64_t *to);

/* -- splitting. What t[start:stop] becomes: a str, bytes or bytearray. `whole` is t's owner. own:
 * ret new */
typedef Own (*PieceFn)(Value whole, Text t, int64_t start, int64_t stop);
/* Lists. At most `most` cuts, no limit when negative. pre: sep is not empty */
NODISCARD Own text_split_space(Value whole, Text t, PieceFn piece, int64_t most);
NODISCARD Own text_rsplit_space(Value whole, Text t, PieceFn piece, int64_t most);
NODISCARD Own text_split(Value whole, Text t, PieceFn piece, Text sep, int64_t most);
NODISCARD Own text_rsplit(Value whole, Text t, PieceFn piece, Text sep, int64_t most);
NODISCARD Own text_splitlines(Value whole, Text t, PieceFn piece, bool keep_ends);
/* A tuple of three; from the right when direction is -1. `middle` (borrowed) is what stands for the
 * separator. */
NODISCARD Own text_partition(Value whole, Text t, PieceFn piece, Text sep, Value middle,
                             int direction);

/* -- stripping: what is left is t[*start:*stop]. */
enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };
void text_strip_space(Text t, int sides, int64_t *start, int64_t *stop);
void text_strip_chars(Text t, Text chars, int sides, int64_t *start, int64_t *stop);

#endif
