/* int: immediate up to 62 bits, else an object with GMP limbs. Immutable. Canonical: a big int never fits an immediate, except in
 * instances of subclasses of int, which are always objects (head shape says so). */
#ifndef WEFT_OBJECT_INT_H
#define WEFT_OBJECT_INT_H

#include <gmp.h>

#include "object/object.h"

typedef struct Int {
    Object head;
    int64_t size;      /* limbs, negative for a negative int; 0 for zero (subclasses only) */
    mp_limb_t limbs[]; /* least significant first, the last one non-zero */
} Int;

static ALWAYS_INLINE Int *
as_big_int(Value v)
{
    return (Int *)obj(v);
}

NODISCARD Own int_from_i64_slow(int64_t i);
NODISCARD Own int_from_u64(uint64_t u);
static ALWAYS_INLINE NODISCARD Own
int_from_i64(int64_t i)
{
    return LIKELY(small_int_fits(i)) ? small_int(i) : int_from_i64_slow(i);
}
NODISCARD Own int_from_limbs(const mp_limb_t *limbs, int64_t n, bool negative); /* normalised */
NODISCARD Own int_from_double(double d);  /* truncates; OverflowError/ValueError for inf, nan */
/* sys.set_int_max_str_digits: decimal text longer than this is refused. 0 = no limit. guard: atomic */
extern _Atomic int64_t int_max_str_digits;
/* Text as int() reads it: base 0 or 2..36; digits may have underscores and spaces around. */
NODISCARD Own int_from_text(const char *text, size_t bytes, int base);
NODISCARD Own int_from_str(Value str, int base);
NODISCARD Own int_from_bytes_text(const uint8_t *text, int64_t n, int base); /* of a bytes-like object */
NODISCARD Own int_to_text(Value v, int base, bool prefix); /* a str; base 2, 8, 10, 16; the digit limit applies to 10 */
/* The value of an int (or subclass) when it fits, else false (no runpy). */
bool int_as_i64(Value v, int64_t *out);
/* -1, 0, 1; and the C-style compare of any two ints (no runpy) */
int int_sign(Value v);
int int_compare(Value a, Value b);
int64_t int_hash(Value v);
NODISCARD bool int_as_double(Value v, double *out); /* OverflowError "int too large to convert to float" */
NODISCARD Own int_from_bytes(const uint8_t *bytes, size_t n, bool little, bool is_signed);
NODISCARD int int_to_bytes(Value v, uint8_t *bytes, size_t n, bool little, bool is_signed); /* OverflowError */
int64_t int_bit_length(Value v);
/* Arithmetic on ints of any size (also subclasses): always exact int results. */
NODISCARD Own int_add(Value a, Value b);
NODISCARD Own int_sub(Value a, Value b);
NODISCARD Own int_mul(Value a, Value b);
NODISCARD Own int_floordiv(Value a, Value b);
NODISCARD Own int_mod(Value a, Value b);
NODISCARD Own int_divmod(Value a, Value b, Own *remainder);
NODISCARD Own int_truediv(Value a, Value b);
NODISCARD Own int_pow(Value a, Value b, Value modulus); /* modulus NONE */
NODISCARD Own int_lshift(Value a, Value b);
NODISCARD Own int_rshift(Value a, Value b);
NODISCARD Own int_bitwise(Value a, Value b, BinaryOp op);
NODISCARD Own int_negate(Value a);
NODISCARD Own int_invert(Value a);
NODISCARD Own int_gcd(Value a, Value b);
NODISCARD Own int_isqrt(Value a);

#endif
