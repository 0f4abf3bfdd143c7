/* UTF-8 to and from arrays of code points, and what strings need to know of such arrays.
 *
 * A string's characters are an array of 1, 2 or 4 bytes each (`width`): the narrowest that holds
 * its largest code point. A `CharMax` says which: the bounds 0x7F, 0xFF, 0xFFFF, 0x10FFFF are
 * themselves the values, so classes merge with `|` and compare as numbers.
 *
 * Decoding takes two passes. utf8_scan validates and sizes; utf8_decode copies what is known to be
 * valid. To go on after an error (a codec's error handler), scan again from behind it:
 *
 *     Utf8Scan scan = utf8_scan(bytes, n, false);
 *     ... room for scan.chars characters of charmax_width(scan.max) ...
 *     utf8_decode(room, width, bytes, scan.valid);
 *     if (scan.error) ... utf8_reason(scan.error) says what bytes[valid .. error_end) suffer from
 *
 * WTF-8 is UTF-8 in which surrogates may stand, each as three bytes of its own. Everything here is
 * pure: any thread, no state. Nothing is read outside the arrays given.
 */
#ifndef WEFT_BASE_UTF8_H
#define WEFT_BASE_UTF8_H

#include "base/attr.h"

#define CODE_POINT_MAX 0x10FFFFu

typedef uint32_t CharMax; /* 0 (no characters), 0x7F, 0xFF, 0xFFFF or 0x10FFFF */

/* The class of one code point, or of several or-ed together. */
static inline CharMax
charmax_of(uint32_t c)
{
    return c <= 0x7F ? 0x7F : c <= 0xFF ? 0xFF : c <= 0xFFFF ? 0xFFFF : CODE_POINT_MAX;
}

/* Bytes a character: 1, 2 or 4. */
static inline unsigned
charmax_width(CharMax max)
{
    return max <= 0xFF ? 1 : max <= 0xFFFF ? 2 : 4;
}

static inline bool
char_is_surrogate(uint32_t c)
{
    return (c & 0xFFFFF800) == 0xD800;
}

/* ---- one code point ---- */

/* Bytes that the code point takes. */
static inline unsigned
utf8_len(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* Writes it (surrogates too), and gives the bytes written; pre: c <= CODE_POINT_MAX, room for
 * utf8_len(c). */
static inline unsigned
utf8_put(uint8_t *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (uint8_t)(0xC0 | c >> 6);
        to[1] = (uint8_t)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (uint8_t)(0xE0 | c >> 12);
        to[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        to[2] = (uint8_t)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (uint8_t)(0xF0 | c >> 18);
    to[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
    to[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    to[3] = (uint8_t)(0x80 | (c & 0x3F));
    return 4;
}

/* The code point at *at, which moves behind it; pre: *at is the start of a sequence of valid WTF-8.
 */
static inline uint32_t
utf8_next(const uint8_t **at)
{
    const uint8_t *p = *at;
    uint32_t lead = *p;
    if (lead < 0x80) {
        *at = p + 1;
        return lead;
    }
    if (lead < 0xE0) {
        *at = p + 2;
        return (lead & 0x1F) << 6 | (p[1] & 0x3F);
    }
    if (lead < 0xF0) {
        *at = p + 3;
        return (lead & 0x0F) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3F);
    }
    *at = p + 4;
    return (lead & 0x07) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3F);
}

/* ---- bytes to characters ---- */

typedef enum Utf8Error {
    UTF8_OK,
    UTF8_BAD_START,
    UTF8_BAD_CONTINUATION,
    UTF8_TRUNCATED, /* the bytes end inside a sequence that is good so far: an incremental decoder
                       waits for more */
} Utf8Error;

/* "invalid start byte" and so on: UnicodeDecodeError's reason; NULL for UTF8_OK. */
const char *utf8_reason(Utf8Error error);

typedef struct Utf8Scan {
    size_t valid;     /* bytes from the start that are whole, good sequences */
    size_t chars;     /* the code points in them */
    CharMax max;      /* their class */
    Utf8Error error;  /* what is wrong behind them; UTF8_OK: all bytes are valid */
    size_t error_end; /* valid <= error_end <= n: UnicodeDecodeError's end, where its start is
                         `valid` */
} Utf8Scan;

/* Validates up to the first error. With `wtf8`, surrogates are good. */
Utf8Scan utf8_scan(const uint8_t *bytes, size_t n, bool wtf8);

/* Length of the run of ASCII bytes at the start: n if all are. */
size_t ascii_run(const uint8_t *bytes, size_t n);

/* Code points in valid WTF-8. */
size_t utf8_count(const uint8_t *bytes, size_t n);

/* Writes the code points of valid WTF-8; pre: they fit in `width`, there is room for
 * utf8_count(bytes, n). */
void utf8_decode(void *to, unsigned width, const uint8_t *bytes, size_t n);

/* ---- characters to bytes ---- */

/* Bytes that n characters take. *surrogate becomes the index of the first surrogate, n if there is
 * none. */
size_t utf8_size(const void *chars, unsigned width, size_t n, size_t *surrogate);

/* Writes n characters, surrogates as WTF-8; gives the bytes written; pre: there is room for
 * utf8_size. */
size_t utf8_encode(uint8_t *to, const void *chars, unsigned width, size_t n);

/* ---- arrays of characters ---- */

/* The class of the largest of n characters; 0 if n is 0. Above CODE_POINT_MAX it says
 * CODE_POINT_MAX. */
CharMax chars_max(const void *chars, unsigned width, size_t n);

/* Copies n characters from one width to another; pre: they fit; the arrays do not overlap. */
void chars_copy(void *to, unsigned to_width, const void *from, unsigned from_width, size_t n);

static inline uint32_t
chars_get(const void *chars, unsigned width, size_t i)
{
    return width == 1   ? ((const uint8_t *)chars)[i]
           : width == 2 ? ((const uint16_t *)chars)[i]
                        : ((const uint32_t *)chars)[i];
}

static inline void
chars_set(void *chars, unsigned width, size_t i, uint32_t c)
{
    if (width == 1)
        ((uint8_t *)chars)[i] = (uint8_t)c;
    else if (width == 2)
        ((uint16_t *)chars)[i] = (uint16_t)c;
    else
        ((uint32_t *)chars)[i] = c;
}

#endif
