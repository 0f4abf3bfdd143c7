/* Layouts of doubles, and hexadecimal (number.h). */
#include "base/number.h"
#include "base/number_priv.h"

/* What stands where, given digits: `int_len` digits before the point (zeros if there are none),
 * `frac_len` behind. */
static void
place_point(DoubleText *text, int point, int64_t frac_len, unsigned flags)
{
    int count = text->d.count;
    text->int_len = point > 0 ? (size_t)point : 1;
    text->int_digits = point <= 0 ? 0 : point < count ? point : count;
    text->frac_zeros = point < 0 ? (size_t)-point : 0;
    text->frac_len = (size_t)frac_len;
    text->point = frac_len > 0 || flags & DOUBLE_ALTERNATE;
}

static void
place_exponent(DoubleText *text, int64_t frac_len, unsigned flags, bool capitals)
{
    bool zero = text->d.digits[0] == '0';
    int exponent = zero ? 0 : text->d.point - 1;
    char *at = text->tail;
    place_point(text, 1, frac_len, flags);
    *at++ = capitals ? 'E' : 'e';
    *at++ = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent < 10)
        *at++ = '0';
    text->tail_len = (int)(uint64_text(at, (uint64_t)exponent) - text->tail);
}

/* 'g' and repr: fixed or scientific, as the exponent says. `shown` digits at least, `limit` is
 * the largest point that is not written as an exponent. */
static void
place_general(DoubleText *text, int64_t shown, int64_t limit, unsigned flags, bool capitals)
{
    int point = text->d.point;
    if (shown < text->d.count)
        shown = text->d.count;
    if (point <= -4 || point > limit) {
        place_exponent(text, shown - 1, flags, capitals);
        return;
    }
    int64_t frac_len = shown > point ? shown - point : 0;
    if (!frac_len && flags & DOUBLE_POINT_ZERO)
        frac_len = 1;
    place_point(text, point, frac_len, flags);
}

void
double_layout(DoubleText *text, double x, char type, int64_t precision, unsigned flags)
{
    DoubleParts parts = double_parts(x);
    bool capitals = type == 'E' || type == 'F' || type == 'G';
    text->word = NULL;
    text->negative = parts.negative;
    text->tail_len = 0;
    if (type == '%') {
        x *= 100;
        parts.finite = double_parts(x).finite;
    }
    if (!parts.finite) {
        bool nan = x != x;
        text->word = capitals ? (nan ? "NAN" : "INF") : nan ? "nan" : "inf";
        text->negative &= !nan;
        text->point = false;
        text->int_len = 3;
        text->int_digits = 0;
        text->frac_zeros = text->frac_len = 0;
    }
    switch (parts.finite ? type : 0) {
    case 'e':
    case 'E':
        double_digits_count(&text->d, x, precision + 1);
        place_exponent(text, precision, flags, capitals);
        break;
    case 'f':
    case 'F':
    case '%':
        double_digits_places(&text->d, x, precision);
        place_point(text, text->d.point, precision, flags);
        break;
    case 'g':
    case 'G':
        precision = precision ? precision : 1;
        double_digits_count(&text->d, x, precision);
        place_general(text, flags & DOUBLE_ALTERNATE ? precision : 0,
                      precision - !!(flags & DOUBLE_POINT_ZERO), flags, capitals);
        break;
    case 'r':
        double_digits_shortest(&text->d, x);
        place_general(text, 0, 16, flags, false);
        break;
    }
    if (type == '%')
        text->tail[text->tail_len++] = '%';
}

char *
double_text_int(const DoubleText *text, char *to)
{
    if (text->word)
        memcpy(to, text->word, text->int_len);
    else {
        memcpy(to, text->d.digits, (size_t)text->int_digits);
        memset(to + text->int_digits, '0', text->int_len - (size_t)text->int_digits);
    }
    return to + text->int_len;
}

char *
double_text_rest(const DoubleText *text, char *to)
{
    if (text->point)
        *to++ = '.';
    if (text->frac_len) {
        size_t zeros = text->frac_zeros < text->frac_len ? text->frac_zeros : text->frac_len;
        size_t digits = (size_t)(text->d.count - text->int_digits), room = text->frac_len - zeros;
        if (digits > room)
            digits = room;
        memset(to, '0', text->frac_len);
        memcpy(to + zeros, text->d.digits + text->int_digits, digits);
        to += text->frac_len;
    }
    memcpy(to, text->tail, (size_t)text->tail_len);
    return to + text->tail_len;
}

char *
double_hex(char *to, double x)
{
    DoubleParts parts = double_parts(x);
    if (!parts.finite)
        return double_repr(to, x);
    if (parts.negative)
        *to++ = '-';
    if (!parts.fraction) {
        memcpy(to, "0x0.0p+0", 8);
        return to + 8;
    }
    memcpy(to, parts.fraction & DOUBLE_HIDDEN ? "0x1." : "0x0.", 4);
    to += 4;
    for (int by = 48; by >= 0; by -= 4)
        *to++ = "0123456789abcdef"[parts.fraction >> by & 15];
    int exponent = parts.exponent + 52;
    *to++ = 'p';
    *to++ = exponent < 0 ? '-' : '+';
    return uint64_text(to, (uint64_t)(exponent < 0 ? -exponent : exponent));
}
