/* Numbers to text and back.
 *
 * Doubles to text take two steps. A DoubleDigits is the number's decimal digits and where the point
 * goes, rounded as asked, exactly (half to even on the exact binary value). A DoubleText lays
 * digits out in a presentation ('e', 'f', 'g', '%', repr) and gives its pieces, so that a formatter
 * can group the integer part, pad, or build something else:
 *
 *     DoubleText text;
 *     double_layout(&text, x, 'g', 17, 0);
 *     if (text.negative) ...
 *     at = double_text_int(&text, at); at = double_text_rest(&text, at);
 *
 * Text to double is correctly rounded, half to even. Everything is pure: any thread, no locale, no
 * allocation (a layout may be billions of zeros long, a DoubleDigits never is).
 */
#ifndef WEFT_BASE_NUMBER_H
#define WEFT_BASE_NUMBER_H

#include "base/attr.h"

/* ---- integers ---- */

#define INT64_TEXT_MAX 20 /* "-9223372036854775808", no terminator */

/* Writes it in decimal, and gives where it ends. */
char *uint64_text(char *to, uint64_t x);
char *int64_text(char *to, int64_t x);

/* ---- digits of a double ---- */

#define DOUBLE_DIGITS_MAX 800 /* no double has more than 767 */

/* 0.DIGITS * 10**point. The last digit is not 0, unless the value is: that is "0", point 1. */
typedef struct DoubleDigits {
    int count, point;
    char digits[DOUBLE_DIGITS_MAX];
} DoubleDigits;

/* Of |x|, which is finite. The fewest digits that read back as x, and of those the nearest to x. */
void double_digits_shortest(DoubleDigits *d, double x);

/* Rounded to `count` >= 1 digits. */
void double_digits_count(DoubleDigits *d, double x, int64_t count);

/* Rounded to `places` digits behind the point; if negative, to a multiple of 10**-places. */
void double_digits_places(DoubleDigits *d, double x, int64_t places);

/* The double nearest to 0.DIGITS * 10**point; infinity if there is none. */
double double_from_digits(const char *digits, size_t count, int64_t point);

/* x rounded to `places` as above; may be infinite when x is not. pre: x is finite. */
double double_round(double x, int64_t places);

/* ---- doubles to text ---- */

enum {
    DOUBLE_ALTERNATE = 1, /* '#': the point is always there, 'g' keeps its zeros */
    DOUBLE_POINT_ZERO = 2 /* ".0" is added to what would look like an integer */
};

typedef struct DoubleText {
    DoubleDigits d;    /* unused when `word` is set */
    const char *word;  /* "inf", "nan" (or in capitals) in place of digits, else NULL */
    bool negative;     /* never for a NaN */
    bool point;        /* there is a point between the two parts */
    int int_digits;    /* digits of d in the integer part */
    size_t int_len;    /* length of the integer part, of `word` if there is one */
    size_t frac_zeros; /* zeros behind the point before further digits of d */
    size_t frac_len;   /* length of the fraction with these */
    int tail_len;      /* length of `tail` */
    char tail[8];      /* "e+05", "%": what stands behind all digits */
} DoubleText;

/* `type` is one of e E f F g G % as in the format mini-language, with `precision` >= 0; or 'r' for
 * the shortest digits, as repr() shows them, without precision. */
void double_layout(DoubleText *text, double x, char type, int64_t precision, unsigned flags);

/* Lengths: int_len, then the rest: point, fraction, tail. Both write that and give the end. */
char *double_text_int(const DoubleText *text, char *to);
char *double_text_rest(const DoubleText *text, char *to);

static inline size_t
double_text_rest_len(const DoubleText *text)
{
    return text->point + text->frac_len + (size_t)text->tail_len;
}

#define DOUBLE_REPR_MAX 24 /* "-2.2250738585072014e-308", no terminator */

/* Writes what repr() of a float shows, and gives where it ends. */
char *double_repr(char *to, double x);

#define DOUBLE_HEX_MAX 24 /* "-0x1.fffffffffffffp-1022" */

/* Writes what float.hex() shows, and gives where it ends. */
char *double_hex(char *to, double x);

/* ---- text to doubles ---- */

/* Reads [sign] (digits [. [digits]] | . digits) [e [sign] digits] or [sign] inf, infinity, nan, in
 * letters of any case, no spaces, as far as it goes; gives where that ends, `s` if nothing fits. */
const char *double_parse(const char *s, const char *end, double *x);

/* The value of a hexadecimal digit, or -1. */
static inline int
hex_digit(uint32_t c)
{
    return c - '0' < 10 ? (int)(c - '0') : (c | 32) - 'a' < 6 ? (int)((c | 32) - 'a' + 10) : -1;
}

typedef enum DoubleHexError {
    DOUBLE_HEX_OK,
    DOUBLE_HEX_INVALID,   /* ValueError: "invalid hexadecimal floating-point string" */
    DOUBLE_HEX_TOO_LARGE, /* OverflowError: "hexadecimal value too large to represent as a float" */
} DoubleHexError;

/* Reads what float.fromhex() takes, ASCII white space around it included. */
NODISCARD DoubleHexError double_from_hex(const char *s, size_t n, double *x);

#endif
