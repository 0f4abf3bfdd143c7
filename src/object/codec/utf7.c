/* UTF-7 (RFC 2152): what is not plain ASCII stands as base64 of UTF-16 between '+' and '-'. */
#include "object/codec/coder.h"

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The six bits that a character stands for, -1 if it is none of base64. */
static int
base64_value(uint8_t c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

/* Characters that stand for themselves: all that are printable but + \ ~, and white space. */
static bool
is_direct(uint32_t c)
{
    return (c >= ' ' && c < 0x7F && c != '+' && c != '\\' && c != '~') || c == '\t' || c == '\n' ||
           c == '\r';
}

/* Adds 16 bits to the `count` that are left over in `bits`, and writes what is whole. */
static void
put_bits(ByteBuilder *out, uint32_t unit, uint32_t *bits, int *count)
{
    *bits = *bits << 16 | unit;
    *count += 16;
    for (; *count >= 6; *count -= 6) {
        byte_builder_byte(out, (uint8_t)base64[*bits >> (*count - 6) & 63]);
    }
    *bits &= (1u << *count) - 1;
}

Own
encode_utf7(Value text)
{
    const Str *s = as_str(text);
    ByteBuilder out;
    bool shifted = false;
    uint32_t bits = 0;
    int count = 0;
    byte_builder_init(&out);
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        if (shifted && is_direct(c)) {
            if (count) {
                byte_builder_byte(&out, (uint8_t)base64[bits << (6 - count) & 63]);
            }
            if (base64_value((uint8_t)c) >= 0 || c == '-') {
                byte_builder_byte(&out, '-');
            }
            shifted = false;
        }
        if (is_direct(c)) {
            byte_builder_byte(&out, (uint8_t)c);
        } else if (!shifted && c == '+') {
            byte_builder_add(&out, "+-", 2);
        } else {
            if (!shifted) {
                byte_builder_byte(&out, '+');
                shifted = true;
                bits = 0;
                count = 0;
            }
            if (c >= 0x10000) {
                put_bits(&out, 0xD7C0 + (c >> 10), &bits, &count);
                c = 0xDC00 | (c & 0x3FF);
            }
            put_bits(&out, c, &bits, &count);
        }
    }
    if (shifted && count) {
        byte_builder_byte(&out, (uint8_t)base64[bits << (6 - count) & 63]);
    }
    if (shifted) {
        byte_builder_byte(&out, '-');
    }
    return byte_builder_finish(&out);
}

/* A run of base64 being decoded. */
typedef struct Shift {
    uint32_t bits;
    int count;          /* of bits not used yet */
    uint32_t surrogate; /* a high one whose partner has not come; 0 none */
} Shift;

static void
shift_unit(Decoder *d, Shift *t, uint32_t unit)
{
    if (t->surrogate) {
        uint32_t high = t->surrogate;
        t->surrogate = 0;
        if (unit >= 0xDC00 && unit <= 0xDFFF) {
            str_builder_char(&d->out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
            return;
        }
        str_builder_char(&d->out, high);
    }
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        t->surrogate = unit;
    } else {
        str_builder_char(&d->out, unit);
    }
}

/* Decodes the run that begins at `start`, with its '+'. d->at moves behind it. fail: -1 */
static int
decode_run(Decoder *d, int64_t start)
{
    Shift t = {0};
    int64_t i = start + 1;
    int value;
    for (; i < d->length && (value = base64_value(d->data[i])) >= 0; i++) {
        t.bits = (t.bits << 6 | (uint32_t)value) & 0xFFFFFF;
        t.count += 6;
        if (t.count >= 16) {
            t.count -= 16;
            shift_unit(d, &t, t.bits >> t.count & 0xFFFF);
            t.bits &= (1u << t.count) - 1;
        }
    }
    if (i == d->length) {
        bool loose = t.surrogate || t.count >= 6 || (t.count && t.bits);
        d->at = i;
        return loose ? decoder_error(d, start, i, "unterminated shift sequence") : 0;
    }
    if (t.count >= 6) {
        return decoder_error(d, start, i + 1, "partial character in shift sequence");
    }
    if (t.count && t.bits) {
        return decoder_error(d, start, i + 1, "non-zero padding bits in shift sequence");
    }
    if (t.surrogate && d->data[i] < 0x80) {
        str_builder_char(&d->out, t.surrogate);
    }
    d->at = i + (d->data[i] == '-');
    return 0;
}

/* Is all from `at` on base64? Then more of the run may be to come. */
static bool
run_is_open(const Decoder *d, int64_t at)
{
    while (at < d->length && base64_value(d->data[at]) >= 0) {
        at++;
    }
    return at == d->length;
}

Own
decode_utf7(const uint8_t *data, int64_t n, const char *errors, bool final, int64_t *used)
{
    Decoder d;
    int status = 0;
    decoder_init(&d, "utf7", data, n, errors);
    while (status == 0 && d.at < d.length) {
        int64_t i = d.at;
        uint8_t c = d.data[i];
        if (c >= 0x80) {
            status = decoder_error(&d, i, i + 1, "unexpected special character");
        } else if (c != '+') {
            str_builder_char(&d.out, c);
            d.at++;
        } else if (i + 1 < d.length && d.data[i + 1] == '-') {
            str_builder_char(&d.out, '+');
            d.at += 2;
        } else if (i + 1 < d.length && base64_value(d.data[i + 1]) < 0) {
            status = decoder_error(&d, i, i + 2, "ill-formed sequence");
        } else if (!final && run_is_open(&d, i + 1)) {
            break;
        } else {
            status = decode_run(&d, i);
        }
    }
    return decoder_finish(&d, status, used);
}
