/* Ints to text and back, in any base; and bytes. Digit generation is GMP's (subquadratic). */
#include "base/number.h"
#include "base/unicode.h"
#include "object/bytes.h"
#include "object/int_priv.h"
#include "object/str_priv.h"

_Atomic int64_t int_max_str_digits = 4300;

static Own
small_to_text(int64_t i)
{
    char text[INT64_TEXT_MAX];
    return str_from_latin1((uint8_t *)text, (size_t)(int64_text(text, i) - text));
}

static Own
raise_digit_limit(bool to_text, int64_t limit, int64_t digits)
{
    if (to_text) {
        return raise_fmt(&exc_ValueError, "Exceeds the limit (%zd digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", limit);
    }
    return raise_fmt(&exc_ValueError, "Exceeds the limit (%zd digits) for integer string conversion: value has %zd digits; use sys.set_int_max_str_digits() to increase the limit", limit, digits);
}

Own
int_to_text(Value v, int base, bool prefix)
{
    if (base == 10 && is_small_int(v)) {
        return small_to_text(small_int_value(v));
    }
    IntView x;
    int_view(&x, v);
    int64_t limit = atomic_load_explicit(&int_max_str_digits, memory_order_relaxed);
    if (base == 10 && limit && (double)x.n * 64 * 0.30102999 > (double)limit + 20) {
        return raise_digit_limit(true, limit, 0);
    }
    size_t room = x.n ? mpn_sizeinbase(x.limbs, x.n, base) + 1 : 2; /* an upper bound */
    mp_limb_t *scratch = mem_alloc((size_t)(x.n + 1) * sizeof *scratch); /* mpn_get_str destroys its operand */
    uint8_t *text = scratch ? mem_alloc(room + 4) : NULL;
    Own result = NO_VALUE;
    if (text && int_scratch_begin(x.n) == 0) {
        uint8_t *at = text + 3;
        size_t n = 1;
        at[0] = 0;
        if (x.n) {
            mpn_copyi(scratch, x.limbs, x.n);
            n = mpn_get_str(at, base, scratch, x.n);
        }
        int_scratch_end();
        while (n > 1 && at[0] == 0) {
            at++;
            n--;
        }
        for (size_t i = 0; i < n; i++) {
            at[i] = (uint8_t)"0123456789abcdefghijklmnopqrstuvwxyz"[at[i]];
        }
        if (base == 10 && limit && (int64_t)n > limit) {
            raise_digit_limit(true, limit, 0);
        } else {
            if (prefix) {
                *--at = base == 16 ? 'x' : base == 8 ? 'o' : 'b';
                *--at = '0';
                n += 2;
            }
            if (x.negative) {
                *--at = '-';
                n++;
            }
            result = str_from_latin1(at, n);
        }
    }
    mem_free(text);
    mem_free(scratch);
    return result;
}

static inline int
digit_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 99;
}

/* The digits of a literal without sign, spaces or prefix: values into out, underscores left out. Returns how many, -1 when malformed. */
static int64_t
read_digits(const char *text, size_t n, int base, uint8_t *out)
{
    int64_t count = 0;
    bool after_digit = false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '_') {
            if (!after_digit) {
                return -1;
            }
            after_digit = false;
            continue;
        }
        int d = digit_value(text[i]);
        if (d >= base) {
            return -1;
        }
        out[count++] = (uint8_t)d;
        after_digit = true;
    }
    return after_digit ? count : -1;
}

static Own
int_from_digits(const uint8_t *digits, int64_t count, int base, bool negative)
{
    while (count > 1 && digits[0] == 0) {
        digits++;
        count--;
    }
    if (count <= 11) {
        int64_t i = 0;
        for (int64_t k = 0; k < count; k++) {
            i = i * base + digits[k];
        }
        return small_int(negative ? -i : i);
    }
    int64_t n = count * 6 / 64 + 2; /* 6 bits hold a digit of any base to 36 */
    Int *big = int_room(n);
    if (!big || int_scratch_begin(n) < 0) {
        drop_opt(OWN(big));
        return NO_VALUE;
    }
    n = mpn_set_str(big->limbs, digits, (size_t)count, base);
    int_scratch_end();
    return int_finish(big, n, negative);
}

/* *base is resolved from the prefix; returns how many characters the prefix takes. */
static size_t
int_prefix(const char *text, size_t n, int *base)
{
    if (n >= 2 && text[0] == '0') {
        char c = (char)(text[1] | 0x20);
        int named = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;
        if (named && (*base == 0 || *base == named)) {
            *base = named;
            return 2 + (n > 2 && text[2] == '_');
        }
    }
    return 0;
}

static inline bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Are all n characters digits of a base up to 10? Without a way out, so that it runs over many at once. */
static bool
are_plain_digits(const char *text, size_t n, int base)
{
    unsigned bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad |= (uint8_t)(text[i] - '0') >= base;
    }
    return !bad && n;
}

/* The most digits that always fit an int64. */
#define SHORT_DIGITS 18

/* The int that n digits mean, underscores perhaps among them. 0 with nothing pending: malformed. */
static Own
digits_parse(const char *text, size_t n, int base, bool negative, bool zero_only)
{
    int64_t limit = base & (base - 1) ? atomic_load_explicit(&int_max_str_digits, memory_order_relaxed) : 0;
    bool plain = base <= 10 && are_plain_digits(text, n, base);
    if (plain && limit && n > (size_t)limit) {
        return raise_digit_limit(false, limit, (int64_t)n);
    }
    if (plain && !zero_only && n <= SHORT_DIGITS) {
        int64_t i = 0;
        for (size_t k = 0; k < n; k++) {
            i = i * base + (text[k] - '0');
        }
        return int_from_i64(negative ? -i : i);
    }
    uint8_t small[256], *digits = n <= sizeof small ? small : mem_alloc(n);
    if (!digits) {
        return NO_VALUE;
    }
    int64_t count = (int64_t)n;
    if (plain) {
        for (size_t i = 0; i < n; i++) {
            digits[i] = (uint8_t)(text[i] - '0');
        }
    } else {
        count = read_digits(text, n, base, digits);
    }
    for (int64_t i = 0; i < count && zero_only; i++) {
        count = digits[i] ? -1 : count;
    }
    Own result = NO_VALUE;
    if (count > 0 && limit && count > limit) {
        raise_digit_limit(false, limit, count);
    } else if (count > 0) {
        result = int_from_digits(digits, count, base, negative);
    }
    if (digits != small) {
        mem_free(digits);
    }
    return result;
}

/* The int that ASCII text means. 0 with nothing pending: malformed. */
static Own
int_parse(const char *text, size_t n, int base)
{
    while (n && is_blank(text[0])) {
        text++;
        n--;
    }
    while (n && is_blank(text[n - 1])) {
        n--;
    }
    bool negative = n && text[0] == '-';
    if (n && (text[0] == '-' || text[0] == '+')) {
        text++;
        n--;
    }
    size_t skip = int_prefix(text, n, &base);
    text += skip;
    n -= skip;
    bool zero_only = base == 0 && !skip && n && text[0] == '0'; /* base 0 refuses "010" */
    return digits_parse(text, n, base ? base : 10, negative, zero_only);
}

Own
int_from_text(const char *text, size_t bytes, int base)
{
    Own result = int_parse(text, bytes, base);
    if (!result && !exc_pending()) {
        Own shown = str_from_wtf8(text, bytes);
        if (shown) {
            raise_fmt(&exc_ValueError, "invalid literal for int() with base %d: %.200R", base, (Value)shown);
            drop(shown);
        }
    }
    return result;
}

Own
int_from_bytes_text(const uint8_t *text, int64_t n, int base)
{
    Own result = int_parse((const char *)text, (size_t)n, base);
    if (!result && !exc_pending()) {
        Own shown = bytes_new(text, (size_t)n);
        if (shown) {
            raise_fmt(&exc_ValueError, "invalid literal for int() with base %d: %.200R", base, (Value)shown);
            drop(shown);
        }
    }
    return result;
}

Own
int_from_str(Value v, int base)
{
    const Str *s = as_str(v);
    Own result = NO_VALUE;
    if (s->ascii) {
        result = int_parse((const char *)s->data, (size_t)s->length, base);
    } else { /* decimal digits and spaces of any script */
        char *text = mem_alloc((size_t)s->length + 1);
        if (!text) {
            return NO_VALUE;
        }
        for (int64_t i = 0; i < s->length; i++) {
            uint32_t c = str_char_at(s, i);
            int d = c < 128 ? -1 : unicode_decimal(c);
            text[i] = d >= 0 ? (char)('0' + d) : c < 128 ? (char)c : unicode_is(c, UNICODE_SPACE) ? ' ' : '?';
        }
        result = int_parse(text, (size_t)s->length, base);
        mem_free(text);
    }
    if (!result && !exc_pending()) {
        raise_fmt(&exc_ValueError, "invalid literal for int() with base %d: %.200R", base, v);
    }
    return result;
}

Own
int_from_bytes(const uint8_t *bytes, size_t n, bool little, bool is_signed)
{
    bool negative = n && is_signed && (bytes[little ? n - 1 : 0] & 0x80);
    Int *big = int_room((int64_t)n / 8 + 1);
    if (!big) {
        return NO_VALUE;
    }
    memset(big->limbs, negative ? 0xFF : 0, (n / 8 + 1) * 8);
    uint8_t *to = (uint8_t *)big->limbs;
    for (size_t i = 0; i < n; i++) {
        to[i] = bytes[little ? i : n - 1 - i];
    }
    if (negative) {
        mpn_neg(big->limbs, big->limbs, (int64_t)n / 8 + 1);
    }
    return int_finish(big, (int64_t)n / 8 + 1, negative);
}

int
int_to_bytes(Value v, uint8_t *bytes, size_t n, bool little, bool is_signed)
{
    IntView x;
    int_view(&x, v);
    if (x.negative && !is_signed) {
        return raise_int(&exc_OverflowError, "can't convert negative int to unsigned");
    }
    int64_t bits = int_bit_length(v);
    if (is_signed) { /* one more for the sign, unless v is minus a power of two */
        bool power = x.negative && (bits % 64 == 0 ? x.limbs[x.n - 1] == (mp_limb_t)1 << 63 : x.limbs[x.n - 1] == (mp_limb_t)1 << (bits % 64 - 1));
        for (int64_t i = 0; i < x.n - 1 && power; i++) {
            power = x.limbs[i] == 0;
        }
        bits += !power;
    }
    if ((uint64_t)bits > (uint64_t)n * 8) {
        return int_sign(v) == 0 ? 0 : raise_int(&exc_OverflowError, "int too big to convert");
    }
    bool carry = true;
    for (size_t i = 0; i < n; i++) {
        uint8_t b = i / 8 < (size_t)x.n ? (uint8_t)(x.limbs[i / 8] >> (i % 8 * 8)) : 0;
        if (x.negative) {
            b = (uint8_t)(~b + carry);
            carry = carry && b == 0;
        }
        bytes[little ? i : n - 1 - i] = b;
    }
    return 0;
}
