/* Encodings of one byte a character, given by a mapping: a str of 256 characters or any mapping of
 * ints for decoding; an EncodingMap, which charmap_build makes of such a str, or any mapping for
 * encoding.
 *
 * EncodingMap: a table in two steps, immutable. index[c >> 7] is a number of a block, 0xFF none;
 * blocks[number << 7 | (c & 127)] is the byte, 0 none (only U+0000 is byte 0). */
#include "object/codec/coder.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/type.h"

typedef struct EncodingMap {
    Object head;
    int64_t block_count;
    uint8_t *blocks; /* block_count << 7 bytes */
    uint8_t index[512];
} EncodingMap;

#include "encodingmap.spec.h"

static const char undefined[] = "character maps to <undefined>";

int64_t
encodingmap_py_size(EncodingMap *self)
{
    return (int64_t)(sizeof *self + (size_t)self->block_count * 128);
}

static void
encodingmap_dealloc(Object *o)
{
    mem_free(((EncodingMap *)o)->blocks);
    object_free(o);
}

Type encodingmap_type = {
    .name = "EncodingMap",
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(EncodingMap),
    .slots = {.dealloc = encodingmap_dealloc},
    .methods = encodingmap_methods,
    .getsets = encodingmap_getsets,
    .spec_doc = encodingmap_doc,
};

/* A dict of characters to bytes: what does not fit in an EncodingMap. */
static Own
build_dict(const Str *s, int64_t n)
{
    Own d = dict_new();
    for (int64_t i = 0; d && i < n; i++) {
        if (dict_set(d, small_int(str_char_at(s, i)), small_int(i)) < 0) {
            ref_clear(&d);
        }
    }
    return d;
}

/* Numbers the blocks of the characters: how many. */
static int64_t
number_blocks(const Str *s, int64_t n, uint8_t index[512])
{
    int64_t count = 0;
    memset(index, 0xFF, 512);
    for (int64_t i = 0; i < n; i++) {
        uint32_t c = str_char_at(s, i);
        if (c != 0xFFFE && index[c >> 7] == 0xFF) {
            index[c >> 7] = (uint8_t)count++;
        }
    }
    return count;
}

Own
charmap_build(Value text)
{
    const Str *s = as_str(text);
    int64_t n = s->length < 256 ? s->length : 256, count;
    uint8_t index[512];
    if (n == 0) {
        return raise_msg(&exc_TypeError, "bad argument type for built-in operation");
    }
    bool table = str_char_at(s, 0) == 0;
    for (int64_t i = 1; i < n; i++) {
        uint32_t c = str_char_at(s, i);
        table = table && c != 0 && c <= 0xFFFF;
    }
    if (!table || (count = number_blocks(s, n, index)) >= 0xFF) {
        return build_dict(s, n);
    }
    if (type_ready(&encodingmap_type) < 0) {
        return NO_VALUE;
    }
    Own v = type_alloc(&encodingmap_type, 0);
    EncodingMap *m = (EncodingMap *)obj(v);
    if (!v || !(m->blocks = mem_zalloc((size_t)count * 128))) {
        drop_opt(v);
        return NO_VALUE;
    }
    m->block_count = count;
    memcpy(m->index, index, sizeof index);
    for (int64_t i = 1; i < n; i++) {
        uint32_t c = str_char_at(s, i);
        if (c != 0xFFFE) {
            m->blocks[index[c >> 7] << 7 | (c & 127)] = (uint8_t)i;
        }
    }
    return v;
}

/* -- encoding -- */

/* The byte of c, -1 if it has none. */
static int
encodingmap_get(const EncodingMap *m, uint32_t c)
{
    if (c == 0) {
        return 0;
    }
    int block = c <= 0xFFFF ? m->index[c >> 7] : 0xFF;
    int byte = block == 0xFF ? 0 : m->blocks[block << 7 | (c & 127)];
    return byte ? byte : -1;
}

static bool
is_encodingmap(Value v)
{
    return is_object(v) && type_of(v) == &encodingmap_type;
}

/* mapping[c], or NO_VALUE: *status is 0 it has none, -1 failed. */
static Own
map_item(Value mapping, int64_t c, int *status)
{
    Own key = small_int(c), v = object_getitem(mapping, key);
    *status = 1;
    if (!v) {
        *status = exc_swallow(&exc_LookupError) ? 0 : -1;
    } else if (v == NONE) {
        v = NO_VALUE;
        *status = 0;
    }
    return v;
}

/* Writes what the mapping gives for c. 1, 0 nothing, -1 failed */
static int
put_mapped(Encoder *e, uint32_t c)
{
    int status;
    if (is_encodingmap(e->mapping)) {
        int byte = encodingmap_get((const EncodingMap *)obj(e->mapping), c);
        if (byte >= 0) {
            byte_builder_byte(&e->out, (uint8_t)byte);
        }
        return byte >= 0;
    }
    Own v = map_item(e->mapping, c, &status);
    if (!v) {
        return status;
    }
    int64_t byte;
    if (is_int(v)) {
        if (!int_as_i64(v, &byte) || byte < 0 || byte > 255) {
            status = raise_int(&exc_TypeError, "character mapping must be in range(256)");
        } else {
            byte_builder_byte(&e->out, (uint8_t)byte);
        }
    } else if (is_bytes(v)) {
        byte_builder_add(&e->out, as_bytes(v)->data, as_bytes(v)->length);
    } else {
        status =
            raise_int(&exc_TypeError,
                      "character mapping must return integer, bytes or None, not %T", (Value)v);
    }
    drop(v);
    return status;
}

/* Has c an encoding? 1, 0, -1 */
static int
is_mapped(Encoder *e, uint32_t c)
{
    int64_t length = e->out.length;
    int status = put_mapped(e, c);
    e->out.length = length;
    return status;
}

Own
encode_charmap(Value text, const char *errors, Value mapping)
{
    const Str *s = as_str(text);
    if (!mapping || mapping == NONE) {
        return encode_latin1(text, errors);
    }
    Encoder e;
    encoder_init(&e, "charmap", text, errors, put_mapped);
    e.mapping = mapping;
    int64_t i = 0;
    int status = 0;
    while (status >= 0 && i < s->length) {
        status = put_mapped(&e, str_char_at(s, i));
        if (status > 0) {
            i++;
        } else if (status == 0) {
            int64_t stop = i + 1;
            while (stop < s->length && (status = is_mapped(&e, str_char_at(s, stop))) == 0) {
                stop++;
            }
            if (status >= 0) {
                status = encoder_error(&e, i, stop, undefined, &i);
            }
        }
    }
    return encoder_finish(&e, status);
}

/* -- decoding -- */

/* Writes what mapping gives for a byte. 1, 0 nothing, -1 failed */
static int
decode_mapped(Decoder *d, Value mapping, uint8_t byte)
{
    int status;
    int64_t c;
    Own v = map_item(mapping, byte, &status);
    if (!v) {
        return status;
    }
    if (is_int(v)) {
        if (!int_as_i64(v, &c) || c < 0 || c > CODE_POINT_MAX) {
            status =
                raise_int(&exc_TypeError, "character mapping must be in range(0x%x)", 0x110000);
        } else if (c == 0xFFFE) {
            status = 0;
        } else {
            str_builder_char(&d->out, (uint32_t)c);
        }
    } else if (is_str(v)) {
        if (as_str(v)->length == 1 && str_char_at(as_str(v), 0) == 0xFFFE) {
            status = 0;
        } else {
            str_builder_str(&d->out, v);
        }
    } else {
        status = raise_int(&exc_TypeError, "character mapping must return integer, None or str");
    }
    drop(v);
    return status;
}

Own
decode_charmap(const uint8_t *data, int64_t n, const char *errors, Value mapping)
{
    if (!mapping || mapping == NONE) {
        return str_from_latin1(data, (size_t)n);
    }
    Decoder d;
    int status = 0;
    const Str *map = IS_EXACT(mapping, STR) ? as_str(mapping) : NULL;
    decoder_init(&d, "charmap", data, n, errors);
    while (status >= 0 && d.at < d.length) {
        if (map) {
            uint32_t block[256];
            size_t count = 0;
            while (count < 256 && d.at < d.length && d.data[d.at] < map->length &&
                   (block[count] = str_char_at(map, d.data[d.at])) != 0xFFFE) {
                count++;
                d.at++;
            }
            str_builder_ucs4(&d.out, block, count);
            status = count > 0;
        } else {
            status = decode_mapped(&d, mapping, d.data[d.at]);
            d.at += status > 0;
        }
        if (status == 0) {
            status = decoder_error(&d, d.at, d.at + 1, undefined);
        }
    }
    return decoder_finish(&d, status, NULL);
}
