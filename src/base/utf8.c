/* UTF-8 and character arrays (utf8.h).
 *
 * Bulk work goes through the compilers' vector types in blocks, which need no run-time choice of
 * instruction set: 16 bytes is what every target has (SSE2, NEON), wider types are split by the
 * compiler. Runs of ASCII are skipped a block at a time; the rest is decoded a sequence at a time,
 * checked as in table 3-7 of the Unicode standard.
 */
#include "base/utf8.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "first byte of a word is taken to be the lowest");

#define HIGH_BITS 0x8080808080808080u

typedef uint8_t U8x16 __attribute__((vector_size(16)));
typedef int8_t S8x16 __attribute__((vector_size(16)));
typedef uint64_t U64x2 __attribute__((vector_size(16)));
typedef uint16_t U16x16 __attribute__((vector_size(32)));
typedef uint32_t U32x16 __attribute__((vector_size(64)));

static ALWAYS_INLINE uint64_t
load64(const void *from)
{
    uint64_t word;
    memcpy(&word, from, 8);
    return word;
}

static ALWAYS_INLINE U64x2
load128(const void *from)
{
    U64x2 block;
    memcpy(&block, from, 16);
    return block;
}

/* ---- bytes to characters ---- */

size_t
ascii_run(const uint8_t *bytes, size_t n)
{
    size_t i = 0;
    for (; n - i >= 64; i += 64) {
        U64x2 any = (load128(bytes + i) | load128(bytes + i + 16)) |
                    (load128(bytes + i + 32) | load128(bytes + i + 48));
        if (UNLIKELY((any[0] | any[1]) & HIGH_BITS))
            break;
    }
    for (; n - i >= 8; i += 8) {
        uint64_t high = load64(bytes + i) & HIGH_BITS;
        if (high)
            return i + (size_t)__builtin_ctzll(high) / 8;
    }
    while (i < n && bytes[i] < 0x80)
        i++;
    return i;
}

static ALWAYS_INLINE bool
is_continuation(uint8_t byte)
{
    return (int8_t)byte < -0x40;
}

/* The length of the good sequence at `p`, which starts with no ASCII byte; or 0, with *error and
 * how many bytes it takes (*bad). The second byte's range depends on the first: no overlong forms,
 * no surrogates, nothing past 10FFFF. */
static ALWAYS_INLINE unsigned
sequence_len(const uint8_t *p, size_t left, bool wtf8, Utf8Error *error, unsigned *bad)
{
    uint8_t lead = p[0];
    *bad = 1;
    *error = UTF8_BAD_START;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    *error = UTF8_TRUNCATED;
    if (left < 2)
        return 0;
    *error = UTF8_BAD_CONTINUATION;
    uint8_t second = p[1];
    if (!is_continuation(second))
        return 0;
    if (lead < 0xE0)
        return 2;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F && !wtf8) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
        return 0;
    unsigned len = lead < 0xF0 ? 3 : 4;
    for (*bad = 2; *bad < len; ++*bad) {
        if (*bad == left) {
            *error = UTF8_TRUNCATED;
            return 0;
        }
        if (!is_continuation(p[*bad]))
            return 0;
    }
    return len;
}

Utf8Scan
utf8_scan(const uint8_t *bytes, size_t n, bool wtf8)
{
    Utf8Scan scan = {.error = UTF8_OK};
    size_t at = 0, extra = 0; /* extra: bytes beyond one a character */
    uint8_t top = 0;          /* the largest first byte */
    unsigned bad = 0;
    while (at < n) {
        if (bytes[at] < 0x80) {
            uint64_t high = n - at >= 8 ? load64(bytes + at) & HIGH_BITS : 0;
            at += high ? (size_t)__builtin_ctzll(high) / 8 : ascii_run(bytes + at, n - at);
            continue;
        }
        unsigned len = sequence_len(bytes + at, n - at, wtf8, &scan.error, &bad);
        if (UNLIKELY(!len))
            goto done;
        top = bytes[at] > top ? bytes[at] : top;
        extra += len - 1;
        at += len;
    }
    bad = 0;
    scan.error = UTF8_OK;
done:
    scan.valid = at;
    scan.error_end = at + bad;
    scan.chars = at - extra;
    scan.max = top >= 0xF0 ? CODE_POINT_MAX : top >= 0xC4 ? 0xFFFF : top ? 0xFF : at ? 0x7F : 0;
    return scan;
}

const char *
utf8_reason(Utf8Error error)
{
    switch (error) {
    case UTF8_OK:
        return NULL;
    case UTF8_BAD_START:
        return "invalid start byte";
    case UTF8_BAD_CONTINUATION:
        return "invalid continuation byte";
    case UTF8_TRUNCATED:
        return "unexpected end of data";
    }
    UNREACHABLE();
}

size_t
utf8_count(const uint8_t *bytes, size_t n)
{
    size_t count = 0, i = 0;
    while (n - i >= 16) { /* each lane counts up to 255 blocks, then the lanes are added up */
        size_t blocks = (n - i) / 16 < 255 ? (n - i) / 16 : 255;
        U8x16 lanes = {0};
        for (; blocks; blocks--, i += 16) {
            S8x16 block = (S8x16)load128(bytes + i);
            lanes -= (U8x16)(block >= -0x40);
        }
        for (int k = 0; k < 16; k++)
            count += lanes[k];
    }
    for (; i < n; i++)
        count += !is_continuation(bytes[i]);
    return count;
}

/* Copies 16 characters between widths known when compiled: each pair becomes a few instructions. */
static ALWAYS_INLINE void
copy_block(void *to, unsigned to_width, const void *from, unsigned from_width)
{
    if (from_width == 1 && to_width == 2) {
        U8x16 block;
        memcpy(&block, from, 16);
        U16x16 wide = __builtin_convertvector(block, U16x16);
        memcpy(to, &wide, 32);
    } else if (from_width == 1 && to_width == 4) {
        U8x16 block;
        memcpy(&block, from, 16);
        U32x16 wide = __builtin_convertvector(block, U32x16);
        memcpy(to, &wide, 64);
    } else if (from_width == 2 && to_width == 4) {
        U16x16 block;
        memcpy(&block, from, 32);
        U32x16 wide = __builtin_convertvector(block, U32x16);
        memcpy(to, &wide, 64);
    } else if (from_width == 2 && to_width == 1) {
        U16x16 block;
        memcpy(&block, from, 32);
        U8x16 thin = __builtin_convertvector(block, U8x16);
        memcpy(to, &thin, 16);
    } else if (from_width == 4 && to_width == 1) {
        U32x16 block;
        memcpy(&block, from, 64);
        U8x16 thin = __builtin_convertvector(block, U8x16);
        memcpy(to, &thin, 16);
    } else {
        U32x16 block;
        memcpy(&block, from, 64);
        U16x16 thin = __builtin_convertvector(block, U16x16);
        memcpy(to, &thin, 32);
    }
}

static ALWAYS_INLINE void
copy_as(void *to, unsigned to_width, const void *from, unsigned from_width, size_t n)
{
    size_t i = 0;
    for (; n - i >= 16; i += 16)
        copy_block((char *)to + i * to_width, to_width, (const char *)from + i * from_width,
                   from_width);
    for (; i < n; i++)
        chars_set(to, to_width, i, chars_get(from, from_width, i));
}

void
chars_copy(void *to, unsigned to_width, const void *from, unsigned from_width, size_t n)
{
    if (to_width == from_width) {
        if (n)
            memcpy(to, from, n * to_width);
    } else if (from_width == 1) {
        if (to_width == 2)
            copy_as(to, 2, from, 1, n);
        else
            copy_as(to, 4, from, 1, n);
    } else if (from_width == 2) {
        if (to_width == 1)
            copy_as(to, 1, from, 2, n);
        else
            copy_as(to, 4, from, 2, n);
    } else {
        if (to_width == 1)
            copy_as(to, 1, from, 4, n);
        else
            copy_as(to, 2, from, 4, n);
    }
}

static ALWAYS_INLINE void
decode_as(void *to, unsigned width, const uint8_t *p, size_t n)
{
    const uint8_t *end = p + n;
    for (size_t i = 0; p < end;) {
        if (*p < 0x80) {
            while (end - p >= 16) {
                U64x2 block = load128(p);
                if ((block[0] | block[1]) & HIGH_BITS)
                    break;
                if (width == 1)
                    memcpy((char *)to + i, p, 16);
                else
                    copy_block((char *)to + i * width, width, p, 1);
                i += 16;
                p += 16;
            }
            while (p < end && *p < 0x80)
                chars_set(to, width, i++, *p++);
        } else {
            chars_set(to, width, i++, utf8_next(&p));
        }
    }
}

void
utf8_decode(void *to, unsigned width, const uint8_t *bytes, size_t n)
{
    if (width == 1)
        decode_as(to, 1, bytes, n);
    else if (width == 2)
        decode_as(to, 2, bytes, n);
    else
        decode_as(to, 4, bytes, n);
}

/* ---- characters to bytes ---- */

static ALWAYS_INLINE size_t
size_as(const void *chars, unsigned width, size_t n, size_t *surrogate)
{
    size_t size = n, surrogates = 0, first = n;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = chars_get(chars, width, i);
        size += (size_t)(c >= 0x80) + (c >= 0x800) + (c >= 0x10000);
        surrogates += char_is_surrogate(c);
    }
    if (UNLIKELY(surrogates))
        for (first = 0; !char_is_surrogate(chars_get(chars, width, first)); first++)
            continue;
    *surrogate = first;
    return size;
}

size_t
utf8_size(const void *chars, unsigned width, size_t n, size_t *surrogate)
{
    if (width == 1) { /* a second byte for each that is not ASCII */
        *surrogate = n;
        const uint8_t *bytes = chars;
        size_t size = n, i = ascii_run(bytes, n);
        for (; i < n; i++)
            size += bytes[i] >> 7;
        return size;
    }
    return width == 2 ? size_as(chars, 2, n, surrogate) : size_as(chars, 4, n, surrogate);
}

static ALWAYS_INLINE size_t
encode_as(uint8_t *to, const void *chars, unsigned width, size_t n)
{
    uint8_t *start = to;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = chars_get(chars, width, i);
        if (c < 0x80)
            *to++ = (uint8_t)c;
        else
            to += utf8_put(to, c);
    }
    return (size_t)(to - start);
}

size_t
utf8_encode(uint8_t *to, const void *chars, unsigned width, size_t n)
{
    if (width == 1) {
        const uint8_t *bytes = chars;
        size_t plain = ascii_run(bytes, n);
        if (plain)
            memcpy(to, bytes, plain);
        return plain + encode_as(to + plain, bytes + plain, 1, n - plain);
    }
    return width == 2 ? encode_as(to, chars, 2, n) : encode_as(to, chars, 4, n);
}

/* ---- arrays of characters ---- */

/* Or-ing all characters gives the class of the largest. Blocks are taken 8 vectors at a time, and
 * the work ends as soon as the widest class that the width can hold is met. */
static ALWAYS_INLINE CharMax
max_as(const void *chars, unsigned width, size_t n, uint64_t stop)
{
    const char *bytes = chars;
    size_t size = n * width, i = 0;
    U64x2 any = {0};
    for (; size - i >= 128; i += 128) {
        for (int k = 0; k < 128; k += 16)
            any |= load128(bytes + i + k);
        if ((any[0] | any[1]) & stop)
            return width == 1 ? 0xFF : width == 2 ? 0xFFFF : CODE_POINT_MAX;
    }
    for (; size - i >= 16; i += 16)
        any |= load128(bytes + i);
    uint64_t word = any[0] | any[1];
    for (unsigned by = 32; by >= width * 8; by /= 2)
        word |= word >> by;
    uint32_t c = (uint32_t)(width == 1 ? word & 0xFF : width == 2 ? word & 0xFFFF : word);
    for (i /= width; i < n; i++)
        c |= chars_get(chars, width, i);
    return charmax_of(c);
}

CharMax
chars_max(const void *chars, unsigned width, size_t n)
{
    if (n == 0)
        return 0;
    if (width == 1)
        return max_as(chars, 1, n, HIGH_BITS);
    if (width == 2)
        return max_as(chars, 2, n, 0xFF00FF00FF00FF00u);
    return max_as(chars, 4, n, 0xFFFF0000FFFF0000u);
}
