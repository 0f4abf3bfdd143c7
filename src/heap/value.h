/* Values: one 64-bit word that is a pointer, an int of 62 bits, or a float.
 *
 *   ...00  pointer to a heap object (all bits zero = no value, written 0 or NO_VALUE)
 *   ...01  int: the 62 upper bits, two's complement
 *   ...1x  float, self-tagged: its bits plus 2^61, rotated left by 3, so that doubles with magnitude
 *          in (2^-511, 2^512) land in the tag; +-0.0 take the two words that +-2^-511 would have
 *          (Melancon, Serrano, Feeley: "Float Self-Tagging", 2024)
 *
 * The encoding is canonical: an int or float that fits is always immediate, so equal words mean the
 * same object and `is` is a comparison of words. NaNs, infinities and what does not fit are heap
 * objects. Immediates are never counted, locked, published or collected.
 *
 * Ownership is in the types, checked by every compilation:
 *   Value  a word that is only looked at: a borrowed reference (or an immediate)
 *   Own    a word whose count belongs to the holder: it must be dropped, stored or returned
 * An Own converts to Value by itself; a Value becomes Own only through own(v), which counts.
 * (Both are pointers to the incomplete type Cell; Value's is const.) */
#ifndef WEFT_HEAP_VALUE_H
#define WEFT_HEAP_VALUE_H

#include "base/attr.h"

typedef struct Cell *Own;
typedef const struct Cell *Value;

#define NO_VALUE ((Own)0)

#define TAG_MASK 3u
#define TAG_INT 1u
#define TAG_FLOAT 2u /* a bit, not a field: 2 or 3 */

#define SMALL_INT_MAX ((int64_t)0x1FFFFFFFFFFFFFFF)
#define SMALL_INT_MIN (-SMALL_INT_MAX - 1)

static ALWAYS_INLINE uint64_t
value_bits(Value v)
{
    return (uint64_t)(uintptr_t)v;
}

static ALWAYS_INLINE Own
value_from_bits(uint64_t bits)
{
    return (Own)(uintptr_t)bits;
}

/* A heap object (v must not be NO_VALUE). */
static ALWAYS_INLINE bool
is_object(Value v)
{
    return (value_bits(v) & TAG_MASK) == 0;
}

static ALWAYS_INLINE bool
is_immediate(Value v)
{
    return (value_bits(v) & TAG_MASK) != 0;
}

static ALWAYS_INLINE bool
is_small_int(Value v)
{
    return (value_bits(v) & TAG_MASK) == TAG_INT;
}

/* Both are small ints. */
static ALWAYS_INLINE bool
are_small_ints(Value a, Value b)
{
    return (((value_bits(a) ^ TAG_INT) | (value_bits(b) ^ TAG_INT)) & TAG_MASK) == 0;
}

static ALWAYS_INLINE bool
is_small_float(Value v)
{
    return (value_bits(v) & TAG_FLOAT) != 0;
}

static ALWAYS_INLINE bool
small_int_fits(int64_t i)
{
    return i >= SMALL_INT_MIN && i <= SMALL_INT_MAX;
}

/* pre: small_int_fits(i) */
static ALWAYS_INLINE Own
small_int(int64_t i)
{
    return value_from_bits((uint64_t)i << 2 | TAG_INT);
}

/* pre: is_small_int(v) */
static ALWAYS_INLINE int64_t
small_int_value(Value v)
{
    return (int64_t)value_bits(v) >> 2;
}

#define FLOAT_BIAS ((uint64_t)1 << 61)
#define FLOAT_WORD_POSITIVE_ZERO ((uint64_t)2)
#define FLOAT_WORD_NEGATIVE_ZERO ((uint64_t)6)

/* The immediate word of d, or NO_VALUE when d needs a heap object. */
static ALWAYS_INLINE Own
small_float_or_none(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    uint64_t moved = bits + FLOAT_BIAS;
    uint64_t word = moved << 3 | moved >> 61;
    if (LIKELY((word & TAG_FLOAT) != 0 && (word & ~(uint64_t)4) != FLOAT_WORD_POSITIVE_ZERO)) {
        return value_from_bits(word);
    }
    if (bits << 1 == 0) {
        return value_from_bits(FLOAT_WORD_POSITIVE_ZERO | bits >> 63 << 2);
    }
    return NO_VALUE;
}

/* pre: is_small_float(v) */
static ALWAYS_INLINE double
small_float_value(Value v)
{
    uint64_t word = value_bits(v);
    uint64_t bits = (word >> 3 | word << 61) - FLOAT_BIAS;
    if (UNLIKELY((word & ~(uint64_t)4) == FLOAT_WORD_POSITIVE_ZERO)) {
        bits = (word & 4) << 61;
    }
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

#endif
