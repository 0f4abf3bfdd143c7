/* The module binascii. No state beyond its two exception classes, immutable after import.
 *
 * Formats: base64 and quoted-printable after RFC 2045, hexadecimal, one line of uuencode. */
#include <zlib.h>

#include "module/exception_class.h"
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/bytes/bytes_priv.h"
#include "object/hex.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"

#include "binascii.spec.h"

static Own binascii_error, binascii_incomplete; /* written once, before the module is anybody's */

static Own
raise_error(const char *message)
{
    return raise_msg((Type *)obj(binascii_error), message);
}

/* An argument that is an ASCII str or bytes-like. fail: -1 */
static int
text_get(Value v, Buffer *b)
{
    if (is_str(v)) {
        if (!as_str(v)->ascii) {
            return raise_int(&exc_ValueError, "string argument should contain only ASCII characters");
        }
        *b = (Buffer){.data = as_str(v)->data, .length = as_str(v)->length, .owner = own(v), .readonly = true};
        return 0;
    }
    if (!object_has_buffer(v)) {
        return raise_int(&exc_TypeError, "argument should be bytes, buffer or ASCII string, not '%T'", v);
    }
    return buffer_get_still(v, b);
}

static void
text_release(Buffer *b)
{
    if (is_str(b->owner)) {
        drop(b->owner);
        b->owner = NO_VALUE;
    } else {
        buffer_release(b);
    }
}

/* -- uuencode -- */

static Own
uu_decode(const uint8_t *at, int64_t left)
{
    if (left == 0) {
        return raise_error("Missing length byte");
    }
    int64_t n = (*at++ - ' ') & 0x3F;
    left--;
    Own result = bytes_new(NULL, (size_t)n);
    uint8_t *to = result ? as_bytes(result)->data : NULL;
    uint32_t bits = 0;
    int have = 0;
    while (result && n > 0) {
        uint32_t six = 0; /* what is missing at the end of the line are spaces */
        if (left > 0 && *at != '\n' && *at != '\r') {
            if (*at < ' ' || *at > ' ' + 64) {
                drop(result);
                return raise_error("Illegal char");
            }
            six = (*at - ' ') & 0x3F;
        }
        at++;
        left--;
        bits = bits << 6 | six;
        have += 6;
        if (have >= 8) {
            have -= 8;
            *to++ = (uint8_t)(bits >> have);
            n--;
        }
    }
    for (; result && left > 0; left--, at++) {
        if (*at != ' ' && *at != ' ' + 64 && *at != '\n' && *at != '\r') {
            drop(result);
            return raise_error("Trailing garbage");
        }
    }
    return result;
}

Own
binascii_a2b_uu(Value module UNUSED, Value data)
{
    Buffer b;
    if (text_get(data, &b) < 0) {
        return NO_VALUE;
    }
    Own result = uu_decode(b.data, b.length);
    text_release(&b);
    return result;
}

Own
binascii_b2a_uu(Value module UNUSED, Buffer *data, bool backtick)
{
    int64_t n = data->length;
    if (n > 45) {
        return raise_error("At most 45 bytes at once");
    }
    uint8_t line[64], *to = line, zero = backtick ? '`' : ' ';
    *to++ = n ? (uint8_t)(' ' + n) : zero;
    for (int64_t i = 0; i < n; i += 3) {
        uint32_t bits = (uint32_t)data->data[i] << 16;
        bits |= i + 1 < n ? (uint32_t)data->data[i + 1] << 8 : 0;
        bits |= i + 2 < n ? data->data[i + 2] : 0;
        for (int shift = 18; shift >= 0; shift -= 6) {
            uint32_t six = bits >> shift & 0x3F;
            *to++ = six ? (uint8_t)(' ' + six) : zero;
        }
    }
    *to++ = '\n';
    return bytes_new(line, (size_t)(to - line));
}

/* -- base64 -- */

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static inline uint32_t
base64_value(uint8_t c) /* 64 = not a digit */
{
    return c >= 'a'   ? c <= 'z' ? c - 'a' + 26u : 64
           : c >= 'A' ? c <= 'Z' ? c - 'A' + 0u : 64
           : c >= '0' ? c <= '9' ? c - '0' + 52u : 64
           : c == '+' ? 62
           : c == '/' ? 63
                      : 64;
}

/* The '=' at i is one too many, or at a wrong place: what is wrong with it in strict mode, or null. */
static const char *
base64_bad_padding(int64_t i, int digits, int pads)
{
    if (digits == 1 || (digits >= 2 && digits + pads <= 4)) {
        return NULL;
    }
    return i == 0 ? "Leading padding not allowed" : "Excess padding not allowed";
}

static Own
base64_decode(const uint8_t *from, int64_t n, bool strict)
{
    Own result = bytes_new(NULL, (size_t)(n / 4 * 3 + 3));
    if (!result) {
        return NO_VALUE;
    }
    uint8_t *start = as_bytes(result)->data, *to = start;
    const char *wrong = NULL;
    int digits = 0, pads = 0; /* of the group of four */
    uint32_t bits = 0;
    for (int64_t i = 0; i < n && !wrong; i++) {
        uint32_t value = base64_value(from[i]);
        if (from[i] == '=') {
            pads++;
            wrong = strict ? base64_bad_padding(i, digits, pads) : NULL;
        } else if (value == 64) {
            wrong = strict ? "Only base64 data is allowed" : NULL;
        } else if (strict && pads) {
            wrong = digits + pads == 4 ? "Excess data after padding" : "Discontinuous padding not allowed";
        } else {
            pads = 0;
            bits = bits << 6 | value;
            digits = (digits + 1) & 3;
            if (digits != 1) {
                *to++ = (uint8_t)(digits == 2 ? bits >> 4 : digits == 3 ? bits >> 2 : bits);
            }
        }
    }
    if (!wrong && digits == 1) {
        drop(result);
        return raise_fmt((Type *)obj(binascii_error),
                         "Invalid base64-encoded string: number of data characters (%zd) cannot be 1 more "
                         "than a multiple of 4",
                         (to - start) / 3 * 4 + 1);
    }
    if (!wrong && digits && digits + pads < 4) {
        wrong = "Incorrect padding";
    }
    if (wrong) {
        drop(result);
        return raise_error(wrong);
    }
    return bytes_shrink(result, to - start);
}

Own
binascii_a2b_base64(Value module UNUSED, Value data, bool strict_mode)
{
    Buffer b;
    if (text_get(data, &b) < 0) {
        return NO_VALUE;
    }
    Own result = base64_decode(b.data, b.length, strict_mode);
    text_release(&b);
    return result;
}

Own
binascii_b2a_base64(Value module UNUSED, Buffer *data, bool newline)
{
    int64_t n = data->length;
    if (n > INT64_MAX / 2) {
        return raise_error("Too much data for base64 line");
    }
    Own result = bytes_new(NULL, (size_t)((n + 2) / 3 * 4 + newline));
    if (!result) {
        return NO_VALUE;
    }
    uint8_t *to = as_bytes(result)->data;
    const uint8_t *from = data->data;
    for (; n > 0; n -= 3, from += 3) {
        uint32_t bits = (uint32_t)from[0] << 16 | (n > 1 ? (uint32_t)from[1] << 8 : 0) | (n > 2 ? from[2] : 0);
        *to++ = (uint8_t)base64_digits[bits >> 18];
        *to++ = (uint8_t)base64_digits[bits >> 12 & 63];
        *to++ = n > 1 ? (uint8_t)base64_digits[bits >> 6 & 63] : '=';
        *to++ = n > 2 ? (uint8_t)base64_digits[bits & 63] : '=';
    }
    if (newline) {
        *to = '\n';
    }
    return result;
}

/* -- hexadecimal -- */

Own
binascii_a2b_hex(Value module UNUSED, Value hexstr)
{
    Buffer b;
    if (text_get(hexstr, &b) < 0) {
        return NO_VALUE;
    }
    Own result = NO_VALUE;
    if (b.length % 2) {
        raise_error("Odd-length string");
    } else {
        result = bytes_new(NULL, (size_t)b.length / 2);
    }
    for (int64_t i = 0; result && i < b.length; i += 2) {
        int high = hex_digit(b.data[i]), low = hex_digit(b.data[i + 1]);
        if (high < 0 || low < 0) {
            drop(result);
            result = raise_error("Non-hexadecimal digit found");
        } else {
            as_bytes(result)->data[i / 2] = (uint8_t)(high << 4 | low);
        }
    }
    text_release(&b);
    return result;
}

Own
binascii_unhexlify(Value module, Value hexstr)
{
    return binascii_a2b_hex(module, hexstr);
}

Own
binascii_b2a_hex(Value module UNUSED, Buffer *data, Value sep, int bytes_per_sep)
{
    int separator;
    if (hex_separator(sep, &separator) < 0) {
        return NO_VALUE;
    }
    int64_t length = hex_length(data->length, separator, bytes_per_sep);
    Own result = length < 0 ? NO_VALUE : bytes_new(NULL, (size_t)length);
    if (result) {
        hex_write(as_bytes(result)->data, data->data, data->length, separator, bytes_per_sep);
    }
    return result;
}

Own
binascii_hexlify(Value module, Buffer *data, Value sep, int bytes_per_sep)
{
    return binascii_b2a_hex(module, data, sep, bytes_per_sep);
}

/* -- quoted-printable -- */

static Own
qp_decode(const uint8_t *from, int64_t n, bool header)
{
    Own result = bytes_new(NULL, (size_t)n);
    if (!result) {
        return NO_VALUE;
    }
    uint8_t *start = as_bytes(result)->data, *to = start;
    for (int64_t i = 0; i < n;) {
        uint8_t c = from[i++];
        if (c != '=') {
            *to++ = header && c == '_' ? ' ' : c;
            continue;
        }
        if (i == n) {
            break;
        }
        int high = hex_digit(from[i]), low = i + 1 < n ? hex_digit(from[i + 1]) : -1;
        if (from[i] == '\n' || from[i] == '\r') { /* a soft line break */
            while (i < n && from[i] != '\n') {
                i++;
            }
            i++;
        } else if (high >= 0 && low >= 0) {
            *to++ = (uint8_t)(high << 4 | low);
            i += 2;
        } else {
            *to++ = '=';
            i += from[i] == '=';
        }
    }
    return bytes_shrink(result, to - start);
}

Own
binascii_a2b_qp(Value module UNUSED, Value data, bool header)
{
    Buffer b;
    if (text_get(data, &b) < 0) {
        return NO_VALUE;
    }
    Own result = qp_decode(b.data, b.length, header);
    text_release(&b);
    return result;
}

typedef struct QpEncoder {
    const uint8_t *from;
    int64_t n;
    bool quote_tabs, text, header, crlf;
    int64_t line; /* characters on this line */
    ByteBuilder out;
} QpEncoder;

#define QP_LINE_MAX 76

static void
qp_line_end(QpEncoder *e)
{
    if (e->crlf) {
        byte_builder_byte(&e->out, '\r');
    }
    byte_builder_byte(&e->out, '\n');
    e->line = 0;
}

static void
qp_hex(QpEncoder *e, uint8_t c)
{
    static const char digits[] = "0123456789ABCDEF";
    uint8_t text[3] = {'=', (uint8_t)digits[c >> 4], (uint8_t)digits[c & 15]};
    byte_builder_add(&e->out, text, 3);
}

static bool
qp_must_encode(const QpEncoder *e, int64_t i)
{
    uint8_t c = e->from[i];
    bool last = i + 1 == e->n;
    if (c == '\n' || c == '\r') {
        return !e->text;
    }
    if (c == ' ' || c == '\t') {
        return last || e->quote_tabs;
    }
    if (c == '.' && e->line == 0) { /* a line of one point ends a message in SMTP */
        return last || e->from[i + 1] == '\n' || e->from[i + 1] == '\r' || e->from[i + 1] == 0;
    }
    return c < ' ' || c > '~' || c == '=' || (e->header && c == '_');
}

/* A line ends in the text: a space before it is encoded. */
static void
qp_text_line_end(QpEncoder *e)
{
    uint8_t last = e->out.length ? e->out.data[e->out.length - 1] : 0;
    if (last == ' ' || last == '\t') {
        e->out.length--;
        qp_hex(e, last);
    }
    qp_line_end(e);
}

static void
qp_encode(QpEncoder *e)
{
    for (int64_t i = 0; i < e->n && !e->out.failed; i++) {
        uint8_t c = e->from[i];
        if (qp_must_encode(e, i)) {
            if (e->line + 3 >= QP_LINE_MAX) {
                byte_builder_byte(&e->out, '=');
                qp_line_end(e);
            }
            qp_hex(e, c);
            e->line += 3;
        } else if (c == '\n' || (c == '\r' && i + 1 < e->n && e->from[i + 1] == '\n')) {
            qp_text_line_end(e);
            i += c == '\r';
        } else {
            if (i + 1 < e->n && e->from[i + 1] != '\n' && e->line + 1 >= QP_LINE_MAX) {
                byte_builder_byte(&e->out, '=');
                qp_line_end(e);
            }
            byte_builder_byte(&e->out, e->header && c == ' ' ? '_' : c);
            e->line++;
        }
    }
}

Own
binascii_b2a_qp(Value module UNUSED, Buffer *data, bool quotetabs, bool istext, bool header)
{
    QpEncoder e = {.from = data->data, .n = data->length, .quote_tabs = quotetabs, .text = istext, .header = header};
    const uint8_t *first = e.n ? memchr(e.from, '\n', (size_t)e.n) : NULL;
    e.crlf = first && first > e.from && first[-1] == '\r';
    byte_builder_init(&e.out);
    qp_encode(&e);
    return byte_builder_finish(&e.out);
}

/* -- checksums -- */

Own
binascii_crc32(Value module UNUSED, Buffer *data, uint64_t crc)
{
    return int_from_u64(crc32_z((uint32_t)crc, data->data, (size_t)data->length));
}

Own
binascii_crc_hqx(Value module UNUSED, Buffer *data, uint64_t crc)
{
    uint32_t value = crc & 0xFFFF;
    for (int64_t i = 0; i < data->length; i++) {
        value ^= (uint32_t)data->data[i] << 8;
        for (int bit = 0; bit < 8; bit++) {
            value = value & 0x8000 ? value << 1 ^ 0x1021 : value << 1;
        }
        value &= 0xFFFF;
    }
    return small_int((int64_t)value);
}

static int
binascii_exec(Value m)
{
    if (!binascii_error) {
        binascii_error = exception_class_new("binascii", "Error", VALUE(&exc_ValueError), NULL);
        binascii_incomplete = exception_class_new("binascii", "Incomplete", VALUE(&exc_Exception), NULL);
    }
    return module_add(m, "Error", own_opt(binascii_error)) < 0 ||
                   module_add(m, "Incomplete", own_opt(binascii_incomplete)) < 0
               ? -1
               : 0;
}

const ModuleDef module_binascii = {
    .name = "binascii",
    .doc = binascii_module_doc,
    .functions = binascii_functions,
    .exec = binascii_exec,
};
