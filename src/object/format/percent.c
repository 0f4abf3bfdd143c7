/* "%" formatting of str, bytes and bytearray.
 *
 * One engine for all three: bytes are formatted as the text whose characters are the bytes
 * (Latin-1), and turned back at the end. The three differ in what %s, %b, %c and %r take, and in
 * the type of keys. */
#include <limits.h>

#include "base/number.h"
#include "format_priv.h"
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/float.h"
#include "object/int.h"
#include "object/str_priv.h"
#include "object/tuple.h"

typedef struct Percent {
    Text format;
    Value whole; /* its owner; bytes are copied first */
    int64_t at;  /* of the next character */
    StrBuilder out;
    bool bytes;
    Value args;
    Value mapping;                /* args, when it is one; NO_VALUE otherwise */
    int64_t arg_index, arg_count; /* of a tuple; a single argument counts -2, -1 */
    Own found;                    /* what a key gave: the current argument */
} Percent;

/* One conversion: "%(key)-05.2d". */
typedef struct Conversion {
    bool left, zero, alternate;
    char sign;
    int64_t width, precision; /* -1 = none */
    uint32_t type;
    int64_t type_at;
} Conversion;

/* -- arguments -- */

/* The next argument: a borrow that lasts until the next call. fail: 0 + TypeError */
static Value
next_argument(Percent *p)
{
    if (p->arg_index < p->arg_count) {
        int64_t i = p->arg_index++;
        return i >= 0 ? tuple_item(p->args, i) : p->found ? (Value)p->found : p->args;
    }
    return raise_msg(&exc_TypeError, "not enough arguments for format string");
}

static bool
is_mapping_argument(Value args, bool bytes)
{
    if (!is_object(args) || !type_of(args)->slots.getitem || is_tuple(args) || is_str(args)) {
        return false;
    }
    return !bytes || !(is_bytes(args) || is_instance_of(args, &bytearray_type));
}

/* Looks up the key between the parentheses; p->at is behind the first one. fail: -1 */
static int
read_key(Percent *p)
{
    if (!p->mapping) {
        return raise_int(&exc_TypeError, "format requires a mapping");
    }
    int64_t start = p->at, depth = 1;
    for (; p->at < p->format.length && depth > 0; p->at++) {
        uint32_t c = text_at(p->format, p->at);
        depth += (c == '(') - (c == ')');
    }
    if (depth > 0) {
        return raise_int(&exc_ValueError, "incomplete format key");
    }
    int64_t n = p->at - 1 - start;
    Own key = p->bytes ? bytes_new(p->format.data + start, (size_t)n)
                       : str_substring(p->whole, start, start + n);
    Own value = key ? object_getitem(p->mapping, key) : NO_VALUE;
    drop_opt(key);
    if (!value) {
        return -1;
    }
    drop_opt(p->found);
    p->found = value;
    p->arg_index = -2;
    p->arg_count = -1;
    return 0;
}

/* -- reading a conversion -- */

/* The next character; ends the format: -1 + ValueError */
static int64_t
next_char(Percent *p)
{
    if (p->at < p->format.length) {
        return text_at(p->format, p->at++);
    }
    return raise_int(&exc_ValueError, "incomplete format");
}

/* A '*': the int argument. fail: -1 */
static int
star_argument(Percent *p, bool is_width, int64_t *out)
{
    Value v = next_argument(p);
    if (!v) {
        return -1;
    }
    if (!is_int(v)) {
        return raise_int(&exc_TypeError, "* wants int");
    }
    if (!int_as_i64(v, out) || (!is_width && (*out > INT_MAX || *out < INT_MIN))) {
        return raise_int(&exc_OverflowError, "Python int too large to convert to C %s",
                         is_width ? "ssize_t" : "int");
    }
    return 0;
}

/* Digits from c on; the character after them is returned. fail: -1 */
static int64_t
read_digits(Percent *p, int64_t c, int64_t limit, const char *message, int64_t *out)
{
    int64_t n = 0;
    while (c >= '0' && c <= '9') {
        if (n > (limit - (c - '0')) / 10) {
            return raise_int(&exc_ValueError, "%s", message);
        }
        n = n * 10 + (c - '0');
        if ((c = next_char(p)) < 0) {
            return -1;
        }
    }
    *out = n;
    return c;
}

static int64_t
read_flags(Percent *p, Conversion *conv)
{
    for (;;) {
        int64_t c = next_char(p);
        switch (c) {
        case '-':
            conv->left = true;
            break;
        case '+':
            conv->sign = '+';
            break;
        case ' ':
            conv->sign = conv->sign ? conv->sign : ' ';
            break;
        case '#':
            conv->alternate = true;
            break;
        case '0':
            conv->zero = true;
            break;
        default:
            return c;
        }
    }
}

static int64_t
read_width(Percent *p, Conversion *conv, int64_t c)
{
    if (c != '*') {
        return c >= '0' && c <= '9' ? read_digits(p, c, INT64_MAX, "width too big", &conv->width)
                                    : c;
    }
    if (star_argument(p, true, &conv->width) < 0) {
        return -1;
    }
    if (conv->width < 0) {
        conv->left = true;
        conv->width = conv->width == INT64_MIN ? INT64_MAX : -conv->width;
    }
    return next_char(p);
}

static int64_t
read_precision(Percent *p, Conversion *conv, int64_t c)
{
    if (c != '.') {
        return c;
    }
    conv->precision = 0;
    if ((c = next_char(p)) != '*') {
        return c >= 0 ? read_digits(p, c, INT_MAX, "precision too big", &conv->precision) : -1;
    }
    if (star_argument(p, false, &conv->precision) < 0) {
        return -1;
    }
    conv->precision = conv->precision < 0 ? 0 : conv->precision;
    return next_char(p);
}

/* p->at is behind the '%'. fail: -1 */
static int
read_conversion(Percent *p, Conversion *conv)
{
    *conv = (Conversion){.width = -1, .precision = -1};
    if (p->at < p->format.length && text_at(p->format, p->at) == '(') {
        p->at++;
        if (read_key(p) < 0) {
            return -1;
        }
    }
    int64_t c = read_flags(p, conv);
    c = c < 0 ? -1 : read_width(p, conv, c);
    c = c < 0 ? -1 : read_precision(p, conv, c);
    if (c == 'h' || c == 'l' || c == 'L') {
        c = next_char(p);
    }
    conv->type = (uint32_t)c;
    conv->type_at = p->at - 1;
    return c < 0 ? -1 : 0;
}

static FormatSpec
spec_of(const Conversion *conv, bool number)
{
    FormatSpec spec = format_spec_none();
    bool zeros = number && conv->zero && !conv->left;
    spec.fill = zeros ? '0' : ' ';
    spec.align = conv->left ? '<' : zeros ? '=' : '>';
    spec.sign = conv->sign;
    spec.alternate = conv->alternate;
    spec.width = conv->width;
    spec.precision = conv->precision;
    spec.type = conv->type;
    return spec;
}

static int
put_text(Percent *p, const Conversion *conv, Own text)
{
    if (!text) {
        return -1;
    }
    FormatSpec spec = spec_of(conv, false);
    spec.precision = conv->type == 'c' ? -1 : conv->precision;
    text_put(&p->out, text, &spec);
    drop(text);
    return 0;
}

/* -- numbers -- */

/* v as an exact int for %d (truncated) or %x. fail: 0 + TypeError */
static Own
integer_argument(Value v, uint32_t type)
{
    bool truncates = type == 'd' || type == 'i' || type == 'u';
    if (is_int(v)) {
        return own(v);
    }
    const TypeSlots *slots = &type_of(v)->slots;
    bool number = truncates ? slots->to_int || slots->index : slots->index != NULL;
    Own n = number && !is_str(v) ? (truncates ? object_to_int(v) : object_index(v)) : NO_VALUE;
    if (n || (number && !exc_swallow(&exc_TypeError))) {
        return n;
    }
    return raise_fmt(&exc_TypeError, "%%%c format: %s is required, not %T", (int)type,
                     truncates ? "a real number" : "an integer", v);
}

/* text: the digits, with a '-' before those of a negative number. They get zeros up to the
 * precision. */
static int
put_integer_digits(Percent *p, const Conversion *conv, Value text)
{
    const Str *s = as_str(text);
    bool negative = s->data[0] == '-';
    int64_t n = s->length - negative, zeros = conv->precision > n ? conv->precision - n : 0;
    char *digits = mem_alloc((size_t)(zeros + n));
    if (!digits) {
        return -1;
    }
    memset(digits, '0', (size_t)zeros);
    memcpy(digits + zeros, s->data + negative, (size_t)n);
    for (int64_t i = 0; conv->type == 'X' && i < zeros + n; i++) {
        digits[i] = digits[i] >= 'a' ? (char)(digits[i] - 32) : digits[i];
    }
    NumberParts parts = {
        .digits = digits, .digit_count = zeros + n, .sign = negative ? '-' : conv->sign};
    if (conv->alternate) {
        parts.prefix = conv->type == 'x'   ? "0x"
                       : conv->type == 'X' ? "0X"
                       : conv->type == 'o' ? "0o"
                                           : NULL;
    }
    FormatSpec spec = spec_of(conv, true);
    NumberMarks marks = {0};
    number_put(&p->out, &parts, &spec, &marks);
    mem_free(digits);
    return 0;
}

static int
put_integer(Percent *p, const Conversion *conv, Value v)
{
    Own n = integer_argument(v, conv->type);
    int base = conv->type == 'o' ? 8 : conv->type == 'x' || conv->type == 'X' ? 16 : 10;
    Own text = n ? int_to_text(n, base, false) : NO_VALUE;
    drop_opt(n);
    int status = text ? put_integer_digits(p, conv, text) : -1;
    drop_opt(text);
    return status;
}

static int
put_float(Percent *p, const Conversion *conv, Value v)
{
    double d = is_float(v) ? float_value(v) : object_as_double(v);
    if (d == -1.0 && !is_float(v) && exc_pending()) {
        if (p->bytes) {
            exc_clear();
            raise_fmt(&exc_TypeError, "float argument required, not %T", v);
        }
        return -1;
    }
    FormatSpec spec = spec_of(conv, true);
    NumberMarks marks = {.point = str_from_char('.')};
    return double_put(&p->out, d, &spec, &marks, 0, "");
}

/* -- characters and text -- */

static int
put_char(Percent *p, const Conversion *conv, Value v)
{
    if (is_str(v)) {
        if (as_str(v)->length == 1) {
            return put_text(p, conv, own(v));
        }
        return raise_int(&exc_TypeError,
                         "%%c requires an int or a unicode character, not a string of length %zd",
                         as_str(v)->length);
    }
    Own n = is_int(v) || object_has_index(v) ? object_index(v) : NO_VALUE;
    if (!n) {
        if (!exc_pending() || exc_swallow(&exc_TypeError)) {
            raise_fmt(&exc_TypeError, "%%c requires an int or a unicode character, not %Q", v);
        }
        return -1;
    }
    int64_t c;
    bool fits = int_as_i64(n, &c) && c >= 0 && c <= CODE_POINT_MAX;
    drop(n);
    return fits ? put_text(p, conv, str_from_char((uint32_t)c))
                : raise_int(&exc_OverflowError, "%%c arg not in range(0x110000)");
}

static int
put_byte(Percent *p, const Conversion *conv, Value v)
{
    bool array = is_object(v) && is_instance_of(v, &bytearray_type);
    if (is_bytes(v) || array) {
        Own bytes = array ? bytes_from_buffer(v) : own(v);
        if (!bytes) {
            return -1;
        }
        int64_t n = as_bytes(bytes)->length;
        uint8_t c = as_bytes(bytes)->data[0];
        drop(bytes);
        if (n == 1) {
            return put_text(p, conv, str_from_char(c));
        }
        return raise_int(
            &exc_TypeError,
            "%%c requires an integer in range(256) or a single byte, not a %s object of length %zd",
            array ? "bytearray" : "bytes", n);
    }
    if (!is_int(v) && !object_has_index(v)) {
        return raise_int(&exc_TypeError,
                         "%%c requires an integer in range(256) or a single byte, not %Q", v);
    }
    int64_t c = object_as_ssize_clamped(v);
    if (c == -1 && exc_pending()) {
        return -1;
    }
    return c >= 0 && c < 256 ? put_text(p, conv, str_from_char((uint32_t)c))
                             : raise_int(&exc_OverflowError, "%%c arg not in range(256)");
}

/* %b: what a bytes-like object or __bytes__ gives, as Latin-1 text. */
static Own
bytes_argument(Value v)
{
    Own bytes, method;
    if (!is_bytes(v)) {
        int found = is_object(v) ? object_lookup_special(v, NAME(__bytes__), &method) : 0;
        if (found < 0) {
            return NO_VALUE;
        }
        if (found) {
            bytes = call0(method);
            drop(method);
            if (bytes && !is_bytes(bytes)) {
                raise_fmt(&exc_TypeError, "__bytes__ returned non-bytes (type %T)", (Value)bytes);
                drop(bytes);
                return NO_VALUE;
            }
        } else if (object_has_buffer(v)) {
            bytes = bytes_from_buffer(v);
        } else {
            return raise_fmt(&exc_TypeError,
                             "%%b requires a bytes-like object, or an object that implements "
                             "__bytes__, not '%T'",
                             v);
        }
    } else {
        bytes = own(v);
    }
    Own text =
        bytes ? str_from_latin1(as_bytes(bytes)->data, (size_t)as_bytes(bytes)->length) : NO_VALUE;
    drop_opt(bytes);
    return text;
}

static int
raise_unsupported(const Percent *p, const Conversion *conv)
{
    if (p->bytes && conv->type > 127) {
        return raise_int(&exc_OverflowError, "character argument not in range(0x110000)");
    }
    return raise_int(&exc_ValueError, "unsupported format character '%c' (0x%x) at index %zd",
                     conv->type >= ' ' && conv->type < 127 ? (int)conv->type : '?', conv->type,
                     conv->type_at);
}

static int
put_argument(Percent *p, const Conversion *conv, Value v)
{
    switch (conv->type) {
    case 'b':
        return p->bytes ? put_text(p, conv, bytes_argument(v)) : raise_unsupported(p, conv);
    case 's':
        return put_text(p, conv, p->bytes ? bytes_argument(v) : object_str(v));
    case 'r':
        return put_text(p, conv, p->bytes ? object_ascii(v) : object_repr(v));
    case 'a':
        return put_text(p, conv, object_ascii(v));
    case 'c':
        return p->bytes ? put_byte(p, conv, v) : put_char(p, conv, v);
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        return put_integer(p, conv, v);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return put_float(p, conv, v);
    default:
        return raise_unsupported(p, conv);
    }
}

/* -- the whole -- */

static int
put_conversion(Percent *p)
{
    if (p->at < p->format.length && text_at(p->format, p->at) == '%') {
        p->at++;
        str_builder_char(&p->out, '%');
        return 0;
    }
    Conversion conv;
    if (read_conversion(p, &conv) < 0) {
        return -1;
    }
    Value v = next_argument(p);
    if (!v) {
        return -1;
    }
    Own held = own(v);
    int status = put_argument(p, &conv, held);
    drop(held);
    return status;
}

static int
percent_run(Percent *p)
{
    Text percent_sign = {(const uint8_t *)"%", 1, 1, p->bytes};
    while (p->at < p->format.length) {
        int64_t next = text_find(p->format, percent_sign, p->at, p->format.length, 1);
        int64_t stop = next < 0 ? p->format.length : next;
        if (p->bytes) {
            str_builder_latin1(&p->out, p->format.data + p->at, stop - p->at);
        } else {
            str_builder_sub(&p->out, p->whole, p->at, stop);
        }
        p->at = stop + 1;
        if (next >= 0 && put_conversion(p) < 0) {
            return -1;
        }
    }
    if (p->arg_index < p->arg_count && !p->mapping) {
        return raise_int(&exc_TypeError, "not all arguments converted during %s formatting",
                         p->bytes ? "bytes" : "string");
    }
    return 0;
}

static Own
percent_format(Value whole, Text format, Value args)
{
    Percent p = {.format = format,
                 .whole = whole,
                 .bytes = format.bytes,
                 .args = args,
                 .arg_index = -2,
                 .arg_count = -1};
    str_builder_init(&p.out, format.length + 32);
    if (is_tuple(args)) {
        p.arg_index = 0;
        p.arg_count = as_tuple(args)->length;
    } else if (is_mapping_argument(args, p.bytes)) {
        p.mapping = args;
    }
    if (percent_run(&p) < 0) {
        p.out.failed = true;
    }
    drop_opt(p.found);
    return str_builder_finish(&p.out);
}

Own
str_percent(Value format, Value args)
{
    return percent_format(format, str_text(format), args);
}

Own
bytes_fmt_percent(Value format, Value args, bool bytearray)
{
    Own whole = bytearray ? bytes_from_buffer(format) : own(format);
    if (!whole) {
        return NO_VALUE;
    }
    Text t = {as_bytes(whole)->data, as_bytes(whole)->length, 1, true};
    if (bytearray) {
        bytearray_pin(format, NO_VALUE);
    }
    Own text = percent_format(whole, t, args), result = NO_VALUE;
    if (bytearray) {
        bytearray_unpin(format, NO_VALUE);
    }
    drop(whole);
    if (text) {
        size_t n = (size_t)as_str(text)->length;
        result =
            bytearray ? bytearray_new(as_str(text)->data, n) : bytes_new(as_str(text)->data, n);
        drop(text);
    }
    return result;
}
