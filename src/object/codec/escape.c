/* The escapes of Python literals as encodings: unicode_escape, raw_unicode_escape, and those of
 * bytes literals (escape_encode, escape_decode). */
#include "base/number.h"
#include "base/unicode.h"
#include "object/codec/coder.h"
#include "object/error.h"

/* -- encoding -- */

static void
put_hex(ByteBuilder *out, char letter, uint32_t c, int digits)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t *to = byte_builder_room(out, digits + 2);
    if (to) {
        *to++ = '\\';
        *to++ = (uint8_t)letter;
        for (int i = digits - 1; i >= 0; i--) {
            *to++ = (uint8_t)hex[c >> 4 * i & 15];
        }
        out->length += digits + 2;
    }
}

static void
put_wide(ByteBuilder *out, uint32_t c)
{
    if (c >= 0x10000) {
        put_hex(out, 'U', c, 8);
    } else {
        put_hex(out, 'u', c, 4);
    }
}

/* \t, \n, \r; false for others. */
static bool
put_short(ByteBuilder *out, uint32_t c)
{
    char letter = c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : 0;
    if (letter) {
        byte_builder_byte(out, '\\');
        byte_builder_byte(out, (uint8_t)letter);
    }
    return letter != 0;
}

Own
encode_unicode_escape(Value text)
{
    const Str *s = as_str(text);
    ByteBuilder out;
    byte_builder_init(&out);
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        if (c >= 0x100) {
            put_wide(&out, c);
        } else if (c == '\\') {
            byte_builder_add(&out, "\\\\", 2);
        } else if (c >= ' ' && c < 0x7F) {
            byte_builder_byte(&out, (uint8_t)c);
        } else if (!put_short(&out, c)) {
            put_hex(&out, 'x', c, 2);
        }
    }
    return byte_builder_finish(&out);
}

Own
encode_raw_unicode_escape(Value text)
{
    const Str *s = as_str(text);
    if (s->width == 1) {
        return bytes_new(s->data, (size_t)s->length);
    }
    ByteBuilder out;
    byte_builder_init(&out);
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        if (c >= 0x100) {
            put_wide(&out, c);
        } else {
            byte_builder_byte(&out, (uint8_t)c);
        }
    }
    return byte_builder_finish(&out);
}

Own
encode_byte_escape(Value bytes)
{
    const Bytes *b = as_bytes(bytes);
    ByteBuilder out;
    byte_builder_init(&out);
    for (int64_t i = 0; i < b->length; i++) {
        uint8_t c = b->data[i];
        if (c == '\\' || c == '\'') {
            byte_builder_byte(&out, '\\');
            byte_builder_byte(&out, c);
        } else if (c >= ' ' && c < 0x7F) {
            byte_builder_byte(&out, c);
        } else if (!put_short(&out, c)) {
            put_hex(&out, 'x', c, 2);
        }
    }
    return byte_builder_finish(&out);
}

/* -- decoding -- */

/* What a letter behind a backslash stands for, -1 if it is none of the short escapes. */
static int
short_escape(uint8_t c)
{
    switch (c) {
    case '\\':
    case '\'':
    case '"':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 't':
        return '\t';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 'v':
        return '\v';
    case 'a':
        return '\a';
    default:
        return -1;
    }
}

/* Up to three octal digits at p[*at]; *at moves behind them. */
static uint32_t
read_octal(const uint8_t *p, int64_t n, int64_t *at)
{
    uint32_t c = 0;
    for (int64_t stop = *at + 3; *at < stop && *at < n && p[*at] >= '0' && p[*at] <= '7'; ++*at) {
        c = c * 8 + (uint32_t)(p[*at] - '0');
    }
    return c;
}

/* Warns of the first escape that means nothing: at escape[0], behind its backslash. fail: -1 */
static int
warn_escape(const uint8_t *escape, const char *prefix)
{
    if (*escape >= '4' && *escape <= '7') {
        return warn_fmt(&exc_DeprecationWarning, 1,
                        "%s\"\\%.3s\" is an invalid octal escape sequence. Such sequences will not "
                        "work in the future. ",
                        prefix, (const char *)escape);
    }
    return warn_fmt(&exc_DeprecationWarning, 1,
                    "%s\"\\%c\" is an invalid escape sequence. Such sequences will not work in the "
                    "future. ",
                    prefix, *escape);
}

enum { INCOMPLETE = 1 };

/* A backslash at d->at with `digits` hexadecimal digits to come from d->at + 2. 0, -1, INCOMPLETE
 */
static int
decode_hex(Decoder *d, int digits, bool final, const char *truncated, const char *too_large)
{
    int64_t start = d->at, i = start + 2;
    uint32_t c = 0;
    for (; i < start + 2 + digits; i++) {
        int value = i < d->length ? hex_digit(d->data[i]) : -1;
        if (value < 0) {
            return i == d->length && !final ? INCOMPLETE : decoder_error(d, start, i, truncated);
        }
        c = c << 4 | (uint32_t)value;
    }
    if (c > CODE_POINT_MAX) {
        return decoder_error(d, start, i, too_large);
    }
    str_builder_char(&d->out, c);
    d->at = i;
    return 0;
}

/* \N{NAME} at d->at. */
static int
decode_name(Decoder *d, bool final)
{
    static const char malformed[] = "malformed \\N character escape";
    int64_t start = d->at, i = start + 2;
    if (i == d->length) {
        return final ? decoder_error(d, start, i, malformed) : INCOMPLETE;
    }
    if (d->data[i] != '{') {
        return decoder_error(d, start, i, malformed);
    }
    int64_t name = ++i;
    while (i < d->length && d->data[i] != '}') {
        i++;
    }
    if (i == d->length) {
        return final ? decoder_error(d, start, i, malformed) : INCOMPLETE;
    }
    if (i == name) {
        return decoder_error(d, start, i, malformed);
    }
    uint32_t chars[UNICODE_SEQUENCE_MAX];
    unsigned n = unicode_lookup((const char *)d->data + name, (size_t)(i - name), chars);
    if (n != 1) {
        return decoder_error(d, start, i + 1, "unknown Unicode character name");
    }
    str_builder_char(&d->out, chars[0]);
    d->at = i + 1;
    return 0;
}

/* The escape at d->at. *invalid becomes where the first one without a meaning is (behind its
 * backslash), unless it is set. 0, -1, INCOMPLETE */
static int
decode_escape(Decoder *d, bool final, const uint8_t *source, int64_t *invalid)
{
    int64_t start = d->at;
    if (start + 1 == d->length) {
        return final ? decoder_error(d, start, start + 1, "\\ at end of string") : INCOMPLETE;
    }
    uint8_t c = d->data[start + 1];
    int plain = short_escape(c);
    if (plain >= 0) {
        str_builder_char(&d->out, (uint32_t)plain);
    } else if (c >= '0' && c <= '7') {
        d->at++;
        uint32_t value = read_octal(d->data, d->length, &d->at);
        if (value > 0377 && *invalid < 0 && d->data == source) {
            *invalid = start + 1;
        }
        str_builder_char(&d->out, value);
        return 0;
    } else if (c == 'x') {
        return decode_hex(d, 2, final, "truncated \\xXX escape", "");
    } else if (c == 'u') {
        return decode_hex(d, 4, final, "truncated \\uXXXX escape", "");
    } else if (c == 'U') {
        return decode_hex(d, 8, final, "truncated \\UXXXXXXXX escape", "illegal Unicode character");
    } else if (c == 'N') {
        return decode_name(d, final);
    } else if (c != '\n') {
        if (*invalid < 0 && d->data == source) {
            *invalid = start + 1;
        }
        str_builder_char(&d->out, '\\');
        str_builder_char(&d->out, c);
    }
    d->at = start + 2;
    return 0;
}

/* What stands before the next backslash. */
static void
decode_plain(Decoder *d)
{
    const uint8_t *p = d->data + d->at;
    const uint8_t *backslash = memchr(p, '\\', (size_t)(d->length - d->at));
    int64_t n = backslash ? backslash - p : d->length - d->at;
    str_builder_latin1(&d->out, p, n);
    d->at += n;
}

Own
decode_unicode_escape(const uint8_t *data, int64_t n, const char *errors, bool final, int64_t *used)
{
    Decoder d;
    int status = 0;
    int64_t invalid = -1;
    decoder_init(&d, "unicodeescape", data, n, errors);
    while (status == 0) {
        decode_plain(&d);
        if (d.at >= d.length) {
            break;
        }
        status = decode_escape(&d, final, data, &invalid);
    }
    Own text = decoder_finish(&d, status, used);
    if (text && invalid >= 0 && warn_escape(data + invalid, "") < 0) {
        ref_clear(&text);
    }
    return text;
}

Own
decode_raw_unicode_escape(const uint8_t *data, int64_t n, const char *errors, bool final,
                          int64_t *used)
{
    Decoder d;
    int status = 0;
    decoder_init(&d, "rawunicodeescape", data, n, errors);
    while (status == 0) {
        decode_plain(&d);
        if (d.at >= d.length) {
            break;
        }
        if (d.at + 1 == d.length) {
            if (!final) {
                break;
            }
            str_builder_char(&d.out, '\\');
            d.at++;
        } else if (d.data[d.at + 1] == 'u') {
            status = decode_hex(&d, 4, final, "truncated \\uXXXX escape", "");
        } else if (d.data[d.at + 1] == 'U') {
            status = decode_hex(&d, 8, final, "truncated \\UXXXXXXXX escape",
                                "\\Uxxxxxxxx out of range");
        } else {
            str_builder_char(&d.out, '\\');
            str_builder_char(&d.out, d.data[d.at + 1]);
            d.at += 2;
        }
    }
    return decoder_finish(&d, status, used);
}

/* \x at p[at] without two digits. 0, -1 */
static int
bad_byte_escape(ByteBuilder *out, int64_t at, const char *errors)
{
    if (!errors || strcmp(errors, "strict") == 0) {
        return raise_int(&exc_ValueError, "invalid \\x escape at position %zd", at);
    }
    if (strcmp(errors, "replace") == 0) {
        byte_builder_byte(out, '?');
    } else if (strcmp(errors, "ignore") != 0) {
        return raise_int(&exc_ValueError, "decoding error; unknown error handling code: %s",
                         errors);
    }
    return 0;
}

/* The escape at p[*at]; *at moves behind it. */
static int
decode_one_byte(ByteBuilder *out, const uint8_t *p, int64_t n, int64_t *at, const char *errors,
                int64_t *invalid)
{
    int64_t start = *at;
    if (start + 1 == n) {
        return raise_int(&exc_ValueError, "Trailing \\ in string");
    }
    uint8_t c = p[start + 1];
    int plain = short_escape(c);
    *at = start + 2;
    if (plain >= 0) {
        byte_builder_byte(out, (uint8_t)plain);
    } else if (c >= '0' && c <= '7') {
        --*at;
        uint32_t value = read_octal(p, n, at);
        if (value > 0377 && *invalid < 0) {
            *invalid = start + 1;
        }
        byte_builder_byte(out, (uint8_t)value);
    } else if (c == 'x') {
        int high = start + 2 < n ? hex_digit(p[start + 2]) : -1;
        int low = start + 3 < n ? hex_digit(p[start + 3]) : -1;
        if (high >= 0 && low >= 0) {
            *at = start + 4;
            byte_builder_byte(out, (uint8_t)(high << 4 | low));
        } else {
            *at += high >= 0; /* one digit goes with it */
            return bad_byte_escape(out, start, errors);
        }
    } else if (c != '\n') {
        if (*invalid < 0) {
            *invalid = start + 1;
        }
        byte_builder_byte(out, '\\');
        --*at;
    }
    return 0;
}

Own
decode_byte_escape(const uint8_t *data, int64_t n, const char *errors)
{
    ByteBuilder out;
    int64_t invalid = -1;
    byte_builder_init(&out);
    for (int64_t i = 0; i < n;) {
        const uint8_t *backslash = memchr(data + i, '\\', (size_t)(n - i));
        int64_t run = backslash ? backslash - (data + i) : n - i;
        byte_builder_add(&out, data + i, run);
        i += run;
        if (i < n && decode_one_byte(&out, data, n, &i, errors, &invalid) < 0) {
            byte_builder_discard(&out);
            return NO_VALUE;
        }
    }
    if (invalid >= 0 && warn_escape(data + invalid, "b") < 0) {
        byte_builder_discard(&out);
        return NO_VALUE;
    }
    return byte_builder_finish(&out);
}
