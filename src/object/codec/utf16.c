/* UTF-16 and UTF-32, in either byte order, with and without a byte order mark. */
#include "object/codec/coder.h"

static void
put_unit(uint8_t *to, uint32_t c, int unit, bool big)
{
    for (int i = 0; i < unit; i++) {
        to[big ? unit - 1 - i : i] = (uint8_t)(c >> 8 * i);
    }
}

static uint32_t
get_unit(const uint8_t *p, int unit, bool big)
{
    if (unit == 2) {
        return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
    }
    return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
               : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* -- encoding -- */

static int
put_wide(Encoder *e, uint32_t c)
{
    uint8_t *to = c < 0x80 ? byte_builder_room(&e->out, e->unit) : NULL;
    if (to) {
        put_unit(to, c, e->unit, e->order > 0);
        e->out.length += e->unit;
    }
    return c < 0x80;
}

/* text[i:stop], without surrogates */
static void
add_run(Encoder *e, const Str *s, int64_t i, int64_t stop)
{
    bool big = e->order > 0;
    if (stop - i > (INT64_MAX - 8) / 4) {
        return;
    }
    uint8_t *to = byte_builder_room(&e->out, (stop - i) * 4);
    if (!to) {
        return;
    }
    uint8_t *start = to;
    for (; i < stop; i++) {
        uint32_t c = str_char_at(s, i);
        if (e->unit == 2 && c >= 0x10000) {
            put_unit(to, 0xD7C0 + (c >> 10), 2, big);
            put_unit(to + 2, 0xDC00 | (c & 0x3FF), 2, big);
            to += 4;
        } else {
            put_unit(to, c, e->unit, big);
            to += e->unit;
        }
    }
    e->out.length += to - start;
}

static Own
encode_wide(Value text, const char *errors, int order, int unit, const char *encoding)
{
    const Str *s = as_str(text);
    Encoder e;
    encoder_init(&e, encoding, text, errors, put_wide);
    e.unit = unit;
    e.order = order;
    if (order == 0) {
        uint8_t *mark = byte_builder_room(&e.out, unit);
        if (mark) {
            put_unit(mark, 0xFEFF, unit, false);
            e.out.length += unit;
        }
    }
    int64_t i = 0;
    int status = 0;
    while (status == 0 && i < s->length) {
        int64_t stop = i;
        while (stop < s->length && !char_is_surrogate(str_char_at(s, stop))) {
            stop++;
        }
        add_run(&e, s, i, stop);
        i = stop;
        if (i < s->length) { /* surrogates one by one */
            status = encoder_error(&e, i, i + 1, "surrogates not allowed", &i);
        }
    }
    return encoder_finish(&e, status);
}

Own
encode_utf16(Value text, const char *errors, int order)
{
    return encode_wide(text, errors, order, 2,
                       order < 0   ? "utf-16-le"
                       : order > 0 ? "utf-16-be"
                                   : "utf-16");
}

Own
encode_utf32(Value text, const char *errors, int order)
{
    return encode_wide(text, errors, order, 4,
                       order < 0   ? "utf-32-le"
                       : order > 0 ? "utf-32-be"
                                   : "utf-32");
}

/* -- decoding -- */

enum { BLOCK = 256 };

/* Characters up to the first that is wrong, cut off or past a block: how many; d->at moves.
 * *problem: null, or what is wrong there, which is *size bytes. */
static size_t
decode_block16(Decoder *d, bool big, uint32_t *out, const char **problem, int64_t *size)
{
    size_t n = 0;
    *problem = NULL;
    for (; n < BLOCK && d->length - d->at >= 2; n++) {
        const uint8_t *p = d->data + d->at;
        uint32_t c = get_unit(p, 2, big);
        if (LIKELY(!char_is_surrogate(c))) {
            d->at += 2;
            out[n] = c;
            continue;
        }
        *size = 2;
        if (c >= 0xDC00) {
            *problem = "illegal encoding";
            return n;
        }
        if (d->length - d->at < 4) {
            *problem = "unexpected end of data";
            *size = d->length - d->at;
            return n;
        }
        uint32_t low = get_unit(p + 2, 2, big);
        if (low < 0xDC00 || low > 0xDFFF) {
            *problem = "illegal UTF-16 surrogate";
            return n;
        }
        out[n] = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        d->at += 4;
    }
    if (n < BLOCK && d->at < d->length) {
        *problem = "truncated data";
        *size = d->length - d->at;
    }
    return n;
}

static size_t
decode_block32(Decoder *d, bool big, uint32_t *out, const char **problem, int64_t *size)
{
    size_t n = 0;
    *problem = NULL;
    for (; n < BLOCK && d->length - d->at >= 4; n++) {
        uint32_t c = get_unit(d->data + d->at, 4, big);
        if (c > CODE_POINT_MAX || char_is_surrogate(c)) {
            *size = 4;
            *problem = c > CODE_POINT_MAX
                           ? "code point not in range(0x110000)"
                           : "code point in surrogate code point range(0xd800, 0xe000)";
            return n;
        }
        d->at += 4;
        out[n] = c;
    }
    if (n < BLOCK && d->at < d->length) {
        *problem = "truncated data";
        *size = d->length - d->at;
    }
    return n;
}

static Own
decode_wide(Decoder *d, int unit, int *order, bool final, int64_t *used)
{
    uint32_t block[BLOCK];
    int status = 0;
    if (*order == 0 && d->length >= unit) {
        uint32_t mark = get_unit(d->data, unit, false);
        *order = mark == 0xFEFF ? -1 : mark == (unit == 2 ? 0xFFFE : 0xFFFE0000) ? 1 : 0;
        d->at = *order ? unit : 0;
    }
    bool big = *order > 0;
    d->encoding = unit == 2 ? (big ? "utf-16-be" : "utf-16-le") : (big ? "utf-32-be" : "utf-32-le");
    while (status == 0 && d->at < d->length) {
        const char *problem;
        int64_t size = 0;
        size_t n = unit == 2 ? decode_block16(d, big, block, &problem, &size)
                             : decode_block32(d, big, block, &problem, &size);
        str_builder_ucs4(&d->out, block, n);
        if (problem) {
            bool cut = problem[0] == 't' || problem[0] == 'u'; /* truncated, unexpected end */
            if (cut && !final) {
                break;
            }
            status = decoder_error(d, d->at, d->at + size, problem);
        }
    }
    return decoder_finish(d, status, used);
}

Own
decode_utf16(const uint8_t *data, int64_t n, const char *errors, int *order, bool final,
             int64_t *used)
{
    Decoder d;
    decoder_init(&d, "utf-16", data, n, errors);
    return decode_wide(&d, 2, order, final, used);
}

Own
decode_utf32(const uint8_t *data, int64_t n, const char *errors, int *order, bool final,
             int64_t *used)
{
    Decoder d;
    decoder_init(&d, "utf-32", data, n, errors);
    return decode_wide(&d, 4, order, final, used);
}
