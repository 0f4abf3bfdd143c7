/* Encoding and decoding by name: the encodings that need no Python code, and the way to all others.
 *
 * No state: any thread, at any time. */
#include "object/codec.h"

#include "object/buffer.h"
#include "object/bytes.h"
#include "object/codec/registry.h"
#include "object/exception.h"
#include "object/str_priv.h"

/* The encoding's name in lower case with '-' for '_' and ' ', when it is short. */
static bool
short_name(const char *encoding, char out[16])
{
    size_t n = 0;
    for (; encoding[n] && n < 15; n++) {
        char c = encoding[n];
        out[n] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '_' || c == ' ' ? '-' : c;
    }
    out[n] = 0;
    return encoding[n] == 0;
}

typedef enum Known {
    KNOWN_UTF8,
    KNOWN_ASCII,
    KNOWN_LATIN1,
    KNOWN_UTF16,
    KNOWN_UTF32,
    KNOWN_NONE
} Known;

static Known
known_encoding(const char *encoding)
{
    static const struct {
        char name[12];
        Known known;
    } names[] = {
        {"utf-8", KNOWN_UTF8},        {"utf8", KNOWN_UTF8},        {"ascii", KNOWN_ASCII},
        {"us-ascii", KNOWN_ASCII},    {"latin-1", KNOWN_LATIN1},   {"latin1", KNOWN_LATIN1},
        {"iso-8859-1", KNOWN_LATIN1}, {"iso8859-1", KNOWN_LATIN1}, {"utf-16", KNOWN_UTF16},
        {"utf-32", KNOWN_UTF32},      {"utf16", KNOWN_UTF16},      {"utf32", KNOWN_UTF32}};
    char name[16];
    if (!encoding) {
        return KNOWN_UTF8;
    }
    if (short_name(encoding, name)) {
        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
            if (strcmp(name, names[i].name) == 0) {
                return names[i].known;
            }
        }
    }
    return KNOWN_NONE;
}

bool codec_checks_names;

int
codec_check_names(const char *encoding, const char *errors)
{
    Own codec = encoding && known_encoding(encoding) == KNOWN_NONE ? codec_lookup(encoding) : NONE;
    Own handler = codec && errors && strcmp(errors, "strict") != 0 ? codec_lookup_error(errors) : own_opt(codec);
    drop_opt(codec);
    drop_opt(handler);
    return handler ? 0 : -1;
}

Own
codec_decode(Value object, const char *encoding, const char *errors)
{
    if (UNLIKELY(codec_checks_names) && codec_check_names(encoding, errors) < 0) {
        return NO_VALUE;
    }
    Known known = known_encoding(encoding);
    Buffer b;
    if (known == KNOWN_NONE) {
        return codec_decode_registered(object, encoding, errors);
    }
    if (buffer_get_still(object, &b) < 0) {
        return NO_VALUE;
    }
    Own text = NO_VALUE;
    int64_t used;
    int order = 0;
    switch (known) {
    case KNOWN_UTF8:
        text = decode_utf8(b.data, b.length, errors, true, &used);
        break;
    case KNOWN_ASCII:
        text = decode_ascii(b.data, b.length, errors);
        break;
    case KNOWN_LATIN1:
        text = str_from_latin1(b.data, (size_t)b.length);
        break;
    case KNOWN_UTF16:
        text = decode_utf16(b.data, b.length, errors, &order, true, &used);
        break;
    default:
        text = decode_utf32(b.data, b.length, errors, &order, true, &used);
        break;
    }
    buffer_release(&b);
    return text;
}

Own
codec_encode(Value text, const char *encoding, const char *errors)
{
    if (UNLIKELY(codec_checks_names) && codec_check_names(encoding, errors) < 0) {
        return NO_VALUE;
    }
    switch (known_encoding(encoding)) {
    case KNOWN_UTF8:
        return encode_utf8(text, errors);
    case KNOWN_ASCII:
        return encode_ascii(text, errors);
    case KNOWN_LATIN1:
        return encode_latin1(text, errors);
    case KNOWN_UTF16:
        return encode_utf16(text, errors, 0);
    case KNOWN_UTF32:
        return encode_utf32(text, errors, 0);
    default:
        return codec_encode_registered(text, encoding, errors);
    }
}

Own
raise_encode_error(const char *encoding, Value v, int64_t start, int64_t end, const char *reason)
{
    Own exc = unicode_encode_error_new(encoding, v, start, end, reason);
    return exc ? raise_instance(exc) : NO_VALUE;
}
