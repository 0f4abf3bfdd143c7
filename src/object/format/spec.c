/* Format specifications: reading them, and str.__format__. */
#include "format_priv.h"

#include "base/unicode.h"
#include "object/str_priv.h"

/* A position in a specification. */
typedef struct Reader {
    const Str *text;
    int64_t at, end;
} Reader;

static uint32_t
peek(const Reader *r, int64_t ahead)
{
    return r->at + ahead < r->end ? str_char_at(r->text, r->at + ahead) : 0;
}

static bool
take(Reader *r, uint32_t c)
{
    if (r->at < r->end && peek(r, 0) == c) {
        r->at++;
        return true;
    }
    return false;
}

static bool
is_align(uint32_t c)
{
    return c == '<' || c == '>' || c == '=' || c == '^';
}

/* Decimal digits of any script. *out stays as it is where there are none. fail: -1 + ValueError */
static int
read_integer(Reader *r, int64_t *out)
{
    int64_t n = 0;
    int digit;
    bool found = false;
    while (r->at < r->end && (digit = unicode_decimal(peek(r, 0))) >= 0) {
        if (n > (INT64_MAX - digit) / 10) {
            return raise_int(&exc_ValueError, "Too many decimal digits in format string");
        }
        n = n * 10 + digit;
        found = true;
        r->at++;
    }
    *out = found ? n : *out;
    return 0;
}

/* ',' or '_'. fail: -1 + ValueError */
static int
read_grouping(Reader *r, char *out)
{
    if (take(r, ',')) {
        *out = ',';
    }
    if (peek(r, 0) == '_' && r->at < r->end) {
        if (*out) {
            return raise_int(&exc_ValueError, "Cannot specify both ',' and '_'.");
        }
        *out = '_';
        r->at++;
    }
    if (peek(r, 0) == ',' && *out == '_') {
        return raise_int(&exc_ValueError, "Cannot specify both ',' and '_'.");
    }
    return 0;
}

static void
read_fill_and_flags(Reader *r, FormatSpec *spec, char default_align)
{
    bool fill_given = false, align_given = false;
    if (r->end - r->at >= 2 && is_align(peek(r, 1))) {
        spec->fill = peek(r, 0);
        spec->align = (char)peek(r, 1);
        fill_given = align_given = true;
        r->at += 2;
    } else if (r->at < r->end && is_align(peek(r, 0))) {
        spec->align = (char)peek(r, 0);
        align_given = true;
        r->at++;
    }
    uint32_t sign = peek(r, 0);
    if (sign == '+' || sign == '-' || sign == ' ') {
        spec->sign = (char)sign;
        r->at++;
    }
    spec->positive_zero = take(r, 'z');
    spec->alternate = take(r, '#');
    if (!fill_given && take(r, '0')) {
        spec->fill = '0';
        if (!align_given && default_align == '>') {
            spec->align = '=';
        }
    }
}

static int
raise_grouping(char grouping, uint32_t type)
{
    if (type > 32 && type < 128) {
        return raise_int(&exc_ValueError, "Cannot specify '%c' with '%c'.", grouping, (int)type);
    }
    return raise_int(&exc_ValueError, "Cannot specify '%c' with '\\x%x'.", grouping, type);
}

/* Groups make sense in these types only. */
static int
check_grouping(const FormatSpec *spec)
{
    uint32_t type = spec->type;
    if (spec->grouping && !(type == 0 || (type < 128 && strchr("deEfFgG%", (int)type)) ||
                            (spec->grouping == '_' && type < 128 && strchr("boxX", (int)type)))) {
        return raise_grouping(spec->grouping, type);
    }
    return spec->fraction_grouping && type == 'n' ? raise_grouping(spec->fraction_grouping, type)
                                                  : 0;
}

int
format_spec_parse(FormatSpec *spec, Value text, Value v, uint32_t default_type, char default_align)
{
    Reader r = {as_str(text), 0, as_str(text)->length};
    *spec = format_spec_none();
    spec->align = default_align;
    spec->type = default_type;
    read_fill_and_flags(&r, spec, default_align);
    if (read_integer(&r, &spec->width) < 0 || read_grouping(&r, &spec->grouping) < 0) {
        return -1;
    }
    if (take(&r, '.')) {
        int64_t start = r.at;
        if (read_integer(&r, &spec->precision) < 0 ||
            read_grouping(&r, &spec->fraction_grouping) < 0) {
            return -1;
        }
        if (r.at == start) {
            return raise_int(&exc_ValueError, "Format specifier missing precision");
        }
    }
    if (r.end - r.at > 1) {
        return raise_int(&exc_ValueError, "Invalid format specifier '%U' for object of type '%T'",
                         text, v);
    }
    if (r.at < r.end) {
        spec->type = peek(&r, 0);
    }
    return check_grouping(spec);
}

Own
raise_unknown_type(uint32_t type, Value v)
{
    if (type > 32 && type < 128) {
        return raise_fmt(&exc_ValueError, "Unknown format code '%c' for object of type '%T'",
                         (int)type, v);
    }
    return raise_fmt(&exc_ValueError, "Unknown format code '\\x%x' for object of type '%T'", type,
                     v);
}

/* -- text -- */

void
text_put(StrBuilder *b, Value text, const FormatSpec *spec)
{
    int64_t n = as_str(text)->length;
    if (spec->precision >= 0 && spec->precision < n) {
        n = spec->precision;
    }
    int64_t fill = spec->width > n ? spec->width - n : 0;
    int64_t left = spec->align == '<' ? 0 : spec->align == '^' ? fill / 2 : fill;
    str_builder_fill(b, spec->fill, left);
    str_builder_sub(b, text, 0, n);
    str_builder_fill(b, spec->fill, fill - left);
}

static int
check_text_spec(const FormatSpec *spec, Value v)
{
    if (spec->type != 's') {
        raise_unknown_type(spec->type, v);
        return -1;
    }
    if (spec->sign) {
        return raise_int(&exc_ValueError, "%s not allowed in string format specifier",
                         spec->sign == ' ' ? "Space" : "Sign");
    }
    if (spec->positive_zero) {
        return raise_int(&exc_ValueError,
                         "Negative zero coercion (z) not allowed in string format specifier");
    }
    if (spec->alternate) {
        return raise_int(&exc_ValueError,
                         "Alternate form (#) not allowed in string format specifier");
    }
    if (spec->align == '=') {
        return raise_int(&exc_ValueError, "'=' alignment not allowed in string format specifier");
    }
    return 0;
}

Own
str_format_value(Value v, Value spec_text)
{
    FormatSpec spec;
    if (as_str(spec_text)->length == 0) {
        return object_str(v);
    }
    if (format_spec_parse(&spec, spec_text, v, 's', '<') < 0 || check_text_spec(&spec, v) < 0) {
        return NO_VALUE;
    }
    int64_t length = as_str(v)->length;
    if (spec.width <= length && (spec.precision < 0 || spec.precision >= length)) {
        return str_exact(v);
    }
    StrBuilder b;
    str_builder_init(&b, spec.width > length ? spec.width : length);
    text_put(&b, v, &spec);
    return str_builder_finish(&b);
}

Own
str_py___format__(Str *self, Value format_spec)
{
    return str_format_value(VALUE(self), format_spec);
}
