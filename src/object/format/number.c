/* Numbers laid out by a specification: int, float, complex.
 *
 * A number is taken apart first (NumberParts), whatever its type; number_put then groups its
 * digits, fills it up and puts it together. Separators of type 'n' are the C locale's of the
 * moment. */
#include <limits.h>
#include <locale.h>
#include <math.h>

#include "base/number.h"
#include "format_priv.h"
#include "object/complex.h"
#include "object/float.h"
#include "object/int.h"
#include "object/str_priv.h"

/* -- marks -- */

/* Text of the C locale, in its encoding (UTF-8, or else a byte a character). */
static Own
locale_text(const char *text)
{
    size_t n = strlen(text);
    Utf8Scan scan = utf8_scan((const uint8_t *)text, n, false);
    return scan.error ? str_from_latin1((const uint8_t *)text, n) : str_from_utf8(text, n);
}

static Own
separator_text(char c)
{
    return c ? str_from_char((uint8_t)c) : NO_VALUE;
}

int
number_marks_init(NumberMarks *marks, const FormatSpec *spec)
{
    *marks = (NumberMarks){.point = str_from_char('.')};
    if (spec->type == 'n') {
        const struct lconv *l = localeconv();
        marks->point = locale_text(l->decimal_point);
        marks->separator = locale_text(l->thousands_sep);
        strncpy(marks->groups, l->grouping, sizeof marks->groups - 1);
        return marks->point && marks->separator ? 0 : -1;
    }
    if (spec->grouping) {
        bool bits = spec->type < 128 && spec->type && strchr("boxX", (int)spec->type);
        marks->groups[0] = bits ? 4 : 3;
        marks->separator = separator_text(spec->grouping);
    }
    return 0;
}

void
number_marks_free(NumberMarks *marks)
{
    drop_opt(marks->separator);
    drop_opt(marks->point);
}

/* -- grouping -- */

/* Does a separator stand where `right` digits follow up to the point? */
static bool
is_group_end(const char *groups, int64_t right)
{
    int64_t sum = 0;
    for (const char *g = groups; right > 0 && *g; g++) {
        if (*g == CHAR_MAX) {
            return false;
        }
        sum += *g;
        if (sum >= right || !g[1]) {
            return sum == right || (sum < right && (right - sum) % *g == 0);
        }
    }
    return false;
}

/* How many digits the integer part gets so that it is at least min_width wide with its separators,
 * of which none comes first. */
static int64_t
padded_digits(const char *groups, int64_t digits, int64_t min_width, int64_t separator_length)
{
    int64_t placed = 0, separators = 0;
    const char *g = groups;
    for (;;) {
        int64_t left = digits - placed, room = min_width - placed - separators * separator_length;
        int64_t wanted = left > room ? left : room;
        wanted = wanted > 1 ? wanted : 1;
        if (*g == 0 || *g == CHAR_MAX || wanted <= *g) {
            return placed + wanted;
        }
        placed += *g;
        separators++;
        g += g[1] != 0; /* the last one goes on */
    }
}

static int64_t
separators_in(const char *groups, int64_t digits)
{
    int64_t n = 0;
    for (int64_t right = 1; *groups && right < digits; right++) {
        n += is_group_end(groups, right);
    }
    return n;
}

static void
put_digits(StrBuilder *b, const NumberParts *parts, int64_t total, const NumberMarks *marks)
{
    int64_t zeros = total - parts->digit_count;
    if (!marks->groups[0]) {
        str_builder_fill(b, '0', zeros);
        str_builder_ascii(b, parts->digits, (size_t)parts->digit_count);
        return;
    }
    for (int64_t i = 0; i < total; i++) {
        if (i && is_group_end(marks->groups, total - i)) {
            str_builder_str(b, marks->separator);
        }
        str_builder_char(b, i < zeros ? '0' : (uint8_t)parts->digits[i - zeros]);
    }
}

static void
put_fraction(StrBuilder *b, const NumberParts *parts, char separator)
{
    int64_t group = separator ? 3 : parts->fraction_count;
    for (int64_t i = 0; i < parts->fraction_count; i += group) {
        int64_t n = parts->fraction_count - i < group ? parts->fraction_count - i : group;
        if (i) {
            str_builder_char(b, (uint8_t)separator);
        }
        str_builder_ascii(b, parts->fraction + i, (size_t)n);
    }
}

void
number_put(StrBuilder *b, const NumberParts *parts, const FormatSpec *spec,
           const NumberMarks *marks)
{
    int64_t prefix = parts->prefix ? (int64_t)strlen(parts->prefix) : 0;
    int64_t separator = marks->separator ? as_str(marks->separator)->length : 0;
    int64_t rest = (parts->sign != 0) + prefix + parts->fraction_count + parts->tail_count;
    rest += parts->point ? as_str(marks->point)->length : 0;
    rest += spec->fraction_grouping && parts->fraction_count ? (parts->fraction_count - 1) / 3 : 0;
    int64_t digits = 0, width = rest;
    if (parts->digit_count) {
        bool zeros = spec->fill == '0' && spec->align == '=';
        digits = padded_digits(marks->groups, parts->digit_count, zeros ? spec->width - rest : 0,
                               separator);
        width += digits + separators_in(marks->groups, digits) * separator;
    }
    int64_t fill = spec->width > width ? spec->width - width : 0;
    int64_t left = spec->align == '>' ? fill : spec->align == '^' ? fill / 2 : 0;
    int64_t inside = spec->align == '=' ? fill : 0;
    str_builder_fill(b, spec->fill, left);
    if (parts->sign) {
        str_builder_char(b, (uint8_t)parts->sign);
    }
    str_builder_ascii(b, parts->prefix, (size_t)prefix);
    str_builder_fill(b, spec->fill, inside);
    put_digits(b, parts, digits, marks);
    if (parts->point) {
        str_builder_str(b, marks->point);
    }
    put_fraction(b, parts, spec->fraction_grouping);
    str_builder_ascii(b, parts->tail, (size_t)parts->tail_count);
    str_builder_fill(b, spec->fill, fill - left - inside);
}

static char
shown_sign(bool negative, char wanted)
{
    return negative ? '-' : wanted == '+' || wanted == ' ' ? wanted : 0;
}

/* -- int -- */

static int
check_int_spec(const FormatSpec *spec)
{
    if (spec->precision >= 0) {
        return raise_int(&exc_ValueError, "Precision not allowed in integer format specifier");
    }
    if (spec->positive_zero) {
        return raise_int(&exc_ValueError,
                         "Negative zero coercion (z) not allowed in integer format specifier");
    }
    if (spec->type != 'c') {
        return 0;
    }
    if (spec->sign) {
        return raise_int(&exc_ValueError, "Sign not allowed with integer format specifier 'c'");
    }
    if (spec->alternate) {
        return raise_int(&exc_ValueError,
                         "Alternate form (#) not allowed with integer format specifier 'c'");
    }
    return 0;
}

static Own
format_int_char(Value v, FormatSpec *spec)
{
    int64_t c = object_as_int64(v);
    if (c == -1 && exc_pending()) {
        return NO_VALUE;
    }
    if (c < 0 || c > CODE_POINT_MAX) {
        return raise_msg(&exc_OverflowError, "%c arg not in range(0x110000)");
    }
    Own text = str_from_char((uint32_t)c);
    StrBuilder b;
    str_builder_init(&b, 0);
    text_put(&b, text, spec);
    drop(text);
    return str_builder_finish(&b);
}

static void
capitals(char *text, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        text[i] = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 32) : text[i];
    }
}

/* digits: of the absolute value, ASCII; a '-' before them makes it negative. */
static Own
format_int_digits(char *digits, int64_t n, const FormatSpec *spec)
{
    NumberMarks marks;
    NumberParts parts = {.digits = digits, .digit_count = n};
    bool negative = *digits == '-';
    parts.digits += negative;
    parts.digit_count -= negative;
    parts.sign = shown_sign(negative, spec->sign);
    if (spec->alternate && spec->type != 'd' && spec->type != 'n') {
        parts.prefix = spec->type == 'b'   ? "0b"
                       : spec->type == 'o' ? "0o"
                       : spec->type == 'x' ? "0x"
                                           : "0X";
    }
    if (spec->type == 'X') {
        capitals(digits, n);
    }
    StrBuilder b;
    str_builder_init(&b, spec->width > n ? spec->width : n);
    if (number_marks_init(&marks, spec) == 0) {
        number_put(&b, &parts, spec, &marks);
    } else {
        b.failed = true;
    }
    number_marks_free(&marks);
    return str_builder_finish(&b);
}

static Own
format_int_as_float(Value v, const FormatSpec *spec)
{
    double d;
    if (!int_as_double(v, &d)) {
        return NO_VALUE;
    }
    NumberMarks marks;
    StrBuilder b;
    str_builder_init(&b, 32);
    if (number_marks_init(&marks, spec) < 0 || double_put(&b, d, spec, &marks, 0, "") < 0) {
        b.failed = true;
    }
    number_marks_free(&marks);
    return str_builder_finish(&b);
}

Own
format_int(Value v, Value spec_text)
{
    FormatSpec spec;
    if (as_str(spec_text)->length == 0) {
        return object_str(v);
    }
    if (format_spec_parse(&spec, spec_text, v, 'd', '>') < 0) {
        return NO_VALUE;
    }
    if (spec.type && spec.type < 128 && strchr("eEfFgG%", (int)spec.type)) {
        return format_int_as_float(v, &spec);
    }
    if (!spec.type || spec.type >= 128 || !strchr("bcdoxXn", (int)spec.type)) {
        return raise_unknown_type(spec.type, v);
    }
    if (check_int_spec(&spec) < 0) {
        return NO_VALUE;
    }
    if (spec.type == 'c') {
        return format_int_char(v, &spec);
    }
    if (is_small_int(v) && (spec.type == 'd' || spec.type == 'n')) {
        char digits[INT64_TEXT_MAX];
        return format_int_digits(digits, int64_text(digits, small_int_value(v)) - digits, &spec);
    }
    int base = spec.type == 'b'                       ? 2
               : spec.type == 'o'                     ? 8
               : spec.type == 'x' || spec.type == 'X' ? 16
                                                      : 10;
    Own text = int_to_text(v, base, false);
    if (!text) {
        return NO_VALUE;
    }
    Own result = NO_VALUE;
    int64_t n = as_str(text)->length;
    char *digits = mem_alloc((size_t)n);
    if (digits) {
        memcpy(digits, as_str(text)->data, (size_t)n);
        result = format_int_digits(digits, n, &spec);
        mem_free(digits);
    }
    drop(text);
    return result;
}

/* -- float -- */

static bool
is_zero(const DoubleText *text)
{
    return !text->word && text->d.digits[0] == '0' && text->d.count == 1;
}

int
double_put(StrBuilder *b, double d, const FormatSpec *spec, const NumberMarks *marks,
           unsigned flags, const char *tail)
{
    if (spec->precision > INT_MAX) {
        return raise_int(&exc_ValueError, "precision too big");
    }
    DoubleText text;
    char type = spec->type == 'n' ? 'g' : (char)spec->type;
    double_layout(&text, d, type, spec->precision < 0 ? 6 : spec->precision,
                  flags | (spec->alternate ? DOUBLE_ALTERNATE : 0));
    size_t rest = double_text_rest_len(&text), size = text.int_len + rest + strlen(tail);
    char small[128], *digits = size <= sizeof small ? small : mem_alloc(size);
    if (!digits) {
        return -1;
    }
    double_text_int(&text, digits);
    double_text_rest(&text, digits + text.int_len);
    memcpy(digits + text.int_len + rest, tail, strlen(tail));
    bool negative = text.negative && !(spec->positive_zero && is_zero(&text));
    NumberParts parts = {
        .sign = shown_sign(negative, spec->sign), .digits = digits, .point = text.point};
    parts.digit_count = text.word ? 0 : (int64_t)text.int_len;
    parts.fraction = digits + text.int_len + text.point;
    parts.fraction_count = (int64_t)text.frac_len;
    parts.tail = text.word ? digits : parts.fraction + text.frac_len;
    parts.tail_count = digits + size - parts.tail;
    number_put(b, &parts, spec, marks);
    if (digits != small) {
        mem_free(digits);
    }
    return 0;
}

/* Without a type: the shortest digits that read back the same, or 'g' when a precision is given. */
static void
set_default_type(FormatSpec *spec)
{
    if (spec->type == 0) {
        spec->type = spec->precision < 0 ? 'r' : 'g';
    }
}

Own
format_float(Value v, Value spec_text)
{
    FormatSpec spec;
    NumberMarks marks;
    if (as_str(spec_text)->length == 0) {
        return object_str(v);
    }
    if (format_spec_parse(&spec, spec_text, v, 0, '>') < 0) {
        return NO_VALUE;
    }
    if (spec.type && (spec.type >= 128 || !strchr("eEfFgGn%", (int)spec.type))) {
        return raise_unknown_type(spec.type, v);
    }
    unsigned flags = spec.type ? 0 : DOUBLE_POINT_ZERO;
    set_default_type(&spec);
    StrBuilder b;
    str_builder_init(&b, spec.width > 32 ? spec.width : 32);
    if (number_marks_init(&marks, &spec) < 0 ||
        double_put(&b, float_value(v), &spec, &marks, flags, "") < 0) {
        b.failed = true;
    }
    number_marks_free(&marks);
    return str_builder_finish(&b);
}

/* -- complex -- */

static int
check_complex_spec(const FormatSpec *spec, Value v)
{
    if (spec->type && (spec->type >= 128 || !strchr("eEfFgGn", (int)spec->type))) {
        raise_unknown_type(spec->type, v);
        return -1;
    }
    if (spec->fill == '0') {
        return raise_int(&exc_ValueError,
                         "Zero padding is not allowed in complex format specifier");
    }
    if (spec->align == '=') {
        return raise_int(&exc_ValueError,
                         "'=' alignment flag is not allowed in complex format specifier");
    }
    return 0;
}

/* The two parts without filling. */
static Own
complex_text(double real, double imag, const FormatSpec *spec)
{
    FormatSpec part = *spec;
    NumberMarks marks;
    bool plain = spec->type == 0, skip_real = plain && real == 0 && !signbit(real),
         parentheses = plain && !skip_real;
    part.width = -1;
    set_default_type(&part);
    StrBuilder b;
    str_builder_init(&b, 64);
    int status = number_marks_init(&marks, &part);
    if (parentheses) {
        str_builder_char(&b, '(');
    }
    if (status == 0 && !skip_real) {
        status = double_put(&b, real, &part, &marks, 0, "");
        part.sign = '+';
    }
    if (status == 0) {
        status = double_put(&b, imag, &part, &marks, 0, "j");
    }
    if (parentheses) {
        str_builder_char(&b, ')');
    }
    number_marks_free(&marks);
    b.failed |= status < 0;
    return str_builder_finish(&b);
}

Own
format_complex(Value v, Value spec_text)
{
    FormatSpec spec;
    if (as_str(spec_text)->length == 0) {
        return object_str(v);
    }
    if (format_spec_parse(&spec, spec_text, v, 0, '>') < 0 || check_complex_spec(&spec, v) < 0) {
        return NO_VALUE;
    }
    const Complex *c = (const Complex *)obj(v);
    Own text = complex_text(c->real, c->imag, &spec);
    if (!text) {
        return NO_VALUE;
    }
    StrBuilder b;
    str_builder_init(&b, spec.width);
    spec.precision = -1; /* was for the parts */
    text_put(&b, text, &spec);
    drop(text);
    return str_builder_finish(&b);
}

Own
int_py___format__(Value self, Value format_spec)
{
    return format_int(VALUE(self), format_spec);
}

Own
float_py___format__(Float *self, Value format_spec)
{
    return format_float(VALUE(self), format_spec);
}

Own
complex_py___format__(Complex *self, Value format_spec)
{
    return format_complex(VALUE(self), format_spec);
}
