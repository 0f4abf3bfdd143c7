/* UTF-8, ASCII and Latin-1: what can be coded goes in runs, the rest through the error handling. */
#include "object/codec/coder.h"

#include "object/exception.h"

/* -- encoding -- */

static int
put_ascii(Encoder *e, uint32_t c)
{
    if (c >= 0x80) {
        return 0;
    }
    byte_builder_byte(&e->out, (uint8_t)c);
    return 1;
}

static int
put_latin1(Encoder *e, uint32_t c)
{
    if (c >= 0x100) {
        return 0;
    }
    byte_builder_byte(&e->out, (uint8_t)c);
    return 1;
}

/* text[i:stop] as UTF-8: no surrogates in it. */
static void
add_utf8(Encoder *e, const Str *s, int64_t i, int64_t stop)
{
    const uint8_t *from = s->data + i * s->width;
    size_t n = (size_t)(stop - i), surrogate, size = utf8_size(from, s->width, n, &surrogate);
    uint8_t *to = byte_builder_room(&e->out, (int64_t)size);
    if (to) {
        e->out.length += (int64_t)utf8_encode(to, from, s->width, n);
    }
}

Own
encode_utf8(Value text, const char *errors)
{
    const Str *s = as_str(text);
    size_t bad, size;
    if (s->ascii) {
        return bytes_new(s->data, (size_t)s->length);
    }
    size = utf8_size(s->data, s->width, (size_t)s->length, &bad);
    if (bad == (size_t)s->length) {
        Own bytes = bytes_new(NULL, size);
        if (bytes) {
            utf8_encode(as_bytes(bytes)->data, s->data, s->width, (size_t)s->length);
        }
        return bytes;
    }
    Encoder e;
    encoder_init(&e, "utf-8", text, errors, put_ascii);
    int64_t i = 0;
    int status = 0;
    while (status == 0 && i < s->length) {
        int64_t stop = i;
        while (stop < s->length && !char_is_surrogate(str_char_at(s, stop))) {
            stop++;
        }
        add_utf8(&e, s, i, stop);
        i = stop;
        while (stop < s->length && char_is_surrogate(str_char_at(s, stop))) {
            stop++;
        }
        if (stop > i) {
            status = encoder_error(&e, i, stop, "surrogates not allowed", &i);
        }
    }
    return encoder_finish(&e, status);
}

static Own
encode_narrow(Value text, const char *encoding, uint32_t limit, const char *reason,
              const char *errors)
{
    const Str *s = as_str(text);
    if (s->ascii || (s->width == 1 && limit == 0x100)) {
        return bytes_new(s->data, (size_t)s->length);
    }
    Encoder e;
    encoder_init(&e, encoding, text, errors, limit == 0x80 ? put_ascii : put_latin1);
    int64_t i = 0;
    int status = 0;
    while (status == 0 && i < s->length) {
        int64_t stop = i;
        while (stop < s->length && str_char_at(s, stop) < limit) {
            stop++;
        }
        uint8_t *to = byte_builder_room(&e.out, stop - i);
        if (to) {
            chars_copy(to, 1, s->data + i * s->width, s->width, (size_t)(stop - i));
            e.out.length += stop - i;
        }
        i = stop;
        while (stop < s->length && str_char_at(s, stop) >= limit) {
            stop++;
        }
        if (stop > i) {
            status = encoder_error(&e, i, stop, reason, &i);
        }
    }
    return encoder_finish(&e, status);
}

Own
encode_ascii(Value text, const char *errors)
{
    return encode_narrow(text, "ascii", 0x80, "ordinal not in range(128)", errors);
}

Own
encode_latin1(Value text, const char *errors)
{
    return encode_narrow(text, "latin-1", 0x100, "ordinal not in range(256)", errors);
}

/* -- decoding -- */

/* The start of a surrogate's three bytes is at the end: surrogatepass may want them. */
static bool
is_surrogate_start(const uint8_t *p, int64_t left)
{
    return left == 2 && p[0] == 0xED && p[1] >= 0xA0 && p[1] <= 0xBF;
}

Own
decode_utf8(const uint8_t *data, int64_t n, const char *errors, bool final, int64_t *used)
{
    Utf8Scan scan = utf8_scan(data, (size_t)n, false);
    if (scan.error == UTF8_OK) {
        *used = n;
        if (scan.max <= 0x7F) {
            return str_from_latin1(data, (size_t)n);
        }
        Str *s = str_new((int64_t)scan.chars, scan.max);
        if (s) {
            utf8_decode(s->data, s->width, data, (size_t)n);
        }
        return OWN(s);
    }
    Decoder d;
    decoder_init(&d, "utf-8", data, n, errors);
    int status = 0;
    while (status == 0 && d.at < d.length) {
        const uint8_t *p = d.data + d.at;
        int64_t left = d.length - d.at;
        scan = utf8_scan(p, (size_t)left, false);
        str_builder_utf8(&d.out, (const char *)p, scan.valid);
        d.at += (int64_t)scan.valid;
        left -= (int64_t)scan.valid;
        if (left == 0 || (!final && (scan.error == UTF8_TRUNCATED ||
                                     is_surrogate_start(p + scan.valid, left)))) {
            break;
        }
        status = decoder_error(&d, d.at, d.at + (int64_t)(scan.error_end - scan.valid),
                               utf8_reason(scan.error));
    }
    return decoder_finish(&d, status, used);
}

Own
decode_ascii(const uint8_t *data, int64_t n, const char *errors)
{
    if (ascii_run(data, (size_t)n) == (size_t)n) {
        return str_from_latin1(data, (size_t)n);
    }
    Decoder d;
    decoder_init(&d, "ascii", data, n, errors);
    int status = 0;
    while (status == 0 && d.at < d.length) {
        int64_t run = (int64_t)ascii_run(d.data + d.at, (size_t)(d.length - d.at));
        str_builder_ascii(&d.out, (const char *)d.data + d.at, (size_t)run);
        d.at += run;
        if (d.at < d.length) {
            status = decoder_error(&d, d.at, d.at + 1, "ordinal not in range(128)");
        }
    }
    return decoder_finish(&d, status, NULL);
}
