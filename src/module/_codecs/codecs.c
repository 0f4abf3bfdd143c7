/* The module _codecs: what object/codec.h offers, as functions of Python. No state of its own. */
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/module.h"
#include "object/tuple.h"

#include "_codecs.spec.h"

/* -- the registry -- */

int
codecs_register(Value module UNUSED, Value search_function)
{
    return codec_register(search_function);
}

int
codecs_unregister(Value module UNUSED, Value search_function)
{
    return codec_unregister(search_function);
}

Own
codecs_lookup(Value module UNUSED, const char *encoding)
{
    return codec_lookup(encoding);
}

Own
codecs_encode(Value module UNUSED, Value object, const char *encoding, const char *errors)
{
    return codec_run_encode(object, encoding, errors);
}

Own
codecs_decode(Value module UNUSED, Value object, const char *encoding, const char *errors)
{
    return codec_run_decode(object, encoding, errors);
}

int
codecs_register_error(Value module UNUSED, Value errors, Value handler)
{
    return codec_register_error(errors, handler);
}

int
codecs__unregister_error(Value module UNUSED, Value errors)
{
    return codec_unregister_error(errors);
}

Own
codecs_lookup_error(Value module UNUSED, const char *errors)
{
    return codec_lookup_error(errors);
}

/* -- pairs -- */

/* (v, n); eats v, which may be NO_VALUE. */
static Own
pair_of(Own v, int64_t n)
{
    Own pair[] = {v, small_int(n)};
    return v ? tuple_from_own(pair, 2) : NO_VALUE;
}

static Own
encoded(Own bytes, Value text)
{
    return pair_of(bytes, as_str(text)->length);
}

/* (text, used, order) */
static Own
decoded_with_order(Own text, int64_t used, int order)
{
    Own three[] = {text, small_int(used), small_int(order)};
    return text ? tuple_from_own(three, 3) : NO_VALUE;
}

/* -- coders -- */

Own
codecs_utf_8_encode(Value module UNUSED, Value text, const char *errors)
{
    return encoded(encode_utf8(text, errors), text);
}

Own
codecs_utf_8_decode(Value module UNUSED, Buffer *data, const char *errors, bool final)
{
    int64_t used = 0;
    Own text = decode_utf8(data->data, data->length, errors, final, &used);
    return pair_of(text, used);
}

Own
codecs_utf_7_encode(Value module UNUSED, Value text, const char *errors UNUSED)
{
    return encoded(encode_utf7(text), text);
}

Own
codecs_utf_7_decode(Value module UNUSED, Buffer *data, const char *errors, bool final)
{
    int64_t used = 0;
    Own text = decode_utf7(data->data, data->length, errors, final, &used);
    return pair_of(text, used);
}

Own
codecs_latin_1_encode(Value module UNUSED, Value text, const char *errors)
{
    return encoded(encode_latin1(text, errors), text);
}

Own
codecs_latin_1_decode(Value module UNUSED, Buffer *data, const char *errors UNUSED)
{
    return pair_of(str_from_latin1(data->data, (size_t)data->length), data->length);
}

Own
codecs_ascii_encode(Value module UNUSED, Value text, const char *errors)
{
    return encoded(encode_ascii(text, errors), text);
}

Own
codecs_ascii_decode(Value module UNUSED, Buffer *data, const char *errors)
{
    return pair_of(decode_ascii(data->data, data->length, errors), data->length);
}

#define WIDE(bits)                                                                                 \
    Own codecs_utf_##bits##_encode(Value module UNUSED, Value text, const char *errors, int order) \
    {                                                                                              \
        return encoded(encode_utf##bits(text, errors, order), text);                               \
    }                                                                                              \
    Own codecs_utf_##bits##_le_encode(Value module UNUSED, Value text, const char *errors)         \
    {                                                                                              \
        return encoded(encode_utf##bits(text, errors, -1), text);                                  \
    }                                                                                              \
    Own codecs_utf_##bits##_be_encode(Value module UNUSED, Value text, const char *errors)         \
    {                                                                                              \
        return encoded(encode_utf##bits(text, errors, 1), text);                                   \
    }                                                                                              \
    static Own decoded##bits(Buffer *data, const char *errors, int order, bool final)              \
    {                                                                                              \
        int64_t used = 0;                                                                          \
        Own text = decode_utf##bits(data->data, data->length, errors, &order, final, &used);       \
        return pair_of(text, used);                                                                \
    }                                                                                              \
    Own codecs_utf_##bits##_decode(Value module UNUSED, Buffer *data, const char *errors,          \
                                   bool final)                                                     \
    {                                                                                              \
        return decoded##bits(data, errors, 0, final);                                              \
    }                                                                                              \
    Own codecs_utf_##bits##_le_decode(Value module UNUSED, Buffer *data, const char *errors,       \
                                      bool final)                                                  \
    {                                                                                              \
        return decoded##bits(data, errors, -1, final);                                             \
    }                                                                                              \
    Own codecs_utf_##bits##_be_decode(Value module UNUSED, Buffer *data, const char *errors,       \
                                      bool final)                                                  \
    {                                                                                              \
        return decoded##bits(data, errors, 1, final);                                              \
    }                                                                                              \
    Own codecs_utf_##bits##_ex_decode(Value module UNUSED, Buffer *data, const char *errors,       \
                                      int order, bool final)                                       \
    {                                                                                              \
        int64_t used = 0;                                                                          \
        Own text = decode_utf##bits(data->data, data->length, errors, &order, final, &used);       \
        return decoded_with_order(text, used, order);                                              \
    }
WIDE(16)
WIDE(32)
#undef WIDE

/* The bytes of a bytes-like object, or the UTF-8 of a str. fail: -1 */
static int
text_or_buffer(Value data, Buffer *b)
{
    if (!is_str(data)) {
        return buffer_get_still(data, b);
    }
    size_t n;
    const char *text = str_utf8(data, &n);
    return text ? buffer_fill(b, data, (void *)(uintptr_t)text, (int64_t)n, true, BUFFER_SIMPLE)
                : -1;
}

Own
codecs_readbuffer_encode(Value module UNUSED, Value data, const char *errors UNUSED)
{
    Buffer b;
    if (text_or_buffer(data, &b) < 0) {
        return NO_VALUE;
    }
    Own pair = pair_of(bytes_new(b.data, (size_t)b.length), b.length);
    buffer_release(&b);
    return pair;
}

Own
codecs_unicode_escape_encode(Value module UNUSED, Value text, const char *errors UNUSED)
{
    return encoded(encode_unicode_escape(text), text);
}

Own
codecs_raw_unicode_escape_encode(Value module UNUSED, Value text, const char *errors UNUSED)
{
    return encoded(encode_raw_unicode_escape(text), text);
}

Own
codecs_unicode_escape_decode(Value module UNUSED, Value data, const char *errors, bool final)
{
    Buffer b;
    int64_t used = 0;
    if (text_or_buffer(data, &b) < 0) {
        return NO_VALUE;
    }
    Own text = decode_unicode_escape(b.data, b.length, errors, final, &used);
    buffer_release(&b);
    return pair_of(text, used);
}

Own
codecs_raw_unicode_escape_decode(Value module UNUSED, Value data, const char *errors, bool final)
{
    Buffer b;
    int64_t used = 0;
    if (text_or_buffer(data, &b) < 0) {
        return NO_VALUE;
    }
    Own text = decode_raw_unicode_escape(b.data, b.length, errors, final, &used);
    buffer_release(&b);
    return pair_of(text, used);
}

Own
codecs_escape_encode(Value module UNUSED, Value data, const char *errors UNUSED)
{
    return pair_of(encode_byte_escape(data), as_bytes(data)->length);
}

Own
codecs_escape_decode(Value module UNUSED, Value data, const char *errors)
{
    Buffer b;
    if (text_or_buffer(data, &b) < 0) {
        return NO_VALUE;
    }
    Own pair = pair_of(decode_byte_escape(b.data, b.length, errors), b.length);
    buffer_release(&b);
    return pair;
}

Own
codecs_charmap_encode(Value module UNUSED, Value text, const char *errors, Value mapping)
{
    return encoded(encode_charmap(text, errors, mapping), text);
}

Own
codecs_charmap_decode(Value module UNUSED, Buffer *data, const char *errors, Value mapping)
{
    return pair_of(decode_charmap(data->data, data->length, errors, mapping), data->length);
}

Own
codecs_charmap_build(Value module UNUSED, Value map)
{
    return charmap_build(map);
}

const ModuleDef module__codecs = {
    .name = "_codecs",
    .doc = codecs_module_doc,
    .functions = codecs_functions,
};
