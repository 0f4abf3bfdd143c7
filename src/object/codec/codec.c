/* Encoding and decoding by name: the encodings that need no Python code, and the way to all others.
 *
 * No state: any thread, at any time. */
#include "object/codec.h"

#include "object/buffer.h"
#include "object/bytes.h"
#include "object/exception.h"
#include "object/hooks.h"
#include "base/utf8.h"
#include "object/str_priv.h"

/* The encoding's name in lower case with '-' for '_' and ' ', when it is short. */
static bool
normal_name(const char *encoding, char out[16])
{
    size_t n = 0;
    for (; encoding[n] && n < 15; n++) {
        char c = encoding[n];
        out[n] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '_' || c == ' ' ? '-' : c;
    }
    out[n] = 0;
    return encoding[n] == 0;
}

typedef enum Known { KNOWN_UTF8, KNOWN_ASCII, KNOWN_LATIN1, KNOWN_NONE } Known;

static Known
known_encoding(const char *encoding)
{
    static const struct {
        char name[12];
        Known known;
    } names[] = {{"utf-8", KNOWN_UTF8},        {"utf8", KNOWN_UTF8},       {"ascii", KNOWN_ASCII},
                 {"us-ascii", KNOWN_ASCII},    {"latin-1", KNOWN_LATIN1},  {"latin1", KNOWN_LATIN1},
                 {"iso-8859-1", KNOWN_LATIN1}, {"iso8859-1", KNOWN_LATIN1}};
    char name[16];
    if (!encoding) {
        return KNOWN_UTF8;
    }
    if (normal_name(encoding, name)) {
        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
            if (strcmp(name, names[i].name) == 0) {
                return names[i].known;
            }
        }
    }
    return KNOWN_NONE;
}

/* _codecs.FUNCTION(object, encoding, errors) */
static Own
registry_call(const char *function, Value object, const char *encoding, const char *errors)
{
    Own result = NO_VALUE, module = object_hooks.import_module("_codecs");
    Own name = module ? str_from_cstr(encoding ? encoding : "utf-8") : NO_VALUE;
    Own mode = name ? str_from_cstr(errors ? errors : "strict") : NO_VALUE;
    Own f = mode ? object_getattr_cstr(module, function) : NO_VALUE;
    if (f) {
        result = call3(f, object, name, mode);
    }
    drop_opt(f);
    drop_opt(mode);
    drop_opt(name);
    drop_opt(module);
    return result;
}

Own
codec_decode(Value object, const char *encoding, const char *errors)
{
    Known known = known_encoding(encoding);
    Buffer b;
    if (known == KNOWN_NONE || (known != KNOWN_LATIN1 && errors && strcmp(errors, "strict") != 0)) {
        return registry_call("decode", object, encoding, errors);
    }
    if (buffer_get(object, &b, BUFFER_SIMPLE) < 0) {
        return NO_VALUE;
    }
    Own text;
    if (known == KNOWN_UTF8) {
        text = str_from_utf8((const char *)b.data, (size_t)b.length);
    } else if (known == KNOWN_LATIN1) {
        text = str_from_latin1(b.data, (size_t)b.length);
    } else {
        int64_t run = (int64_t)ascii_run(b.data, (size_t)b.length);
        if (run < b.length) {
            text = NO_VALUE;
            Own exc = unicode_decode_error_new("ascii", b.data, b.length, run, run + 1,
                                               "ordinal not in range(128)");
            if (exc) {
                raise_instance(exc);
            }
        } else {
            text = str_from_latin1(b.data, (size_t)b.length);
        }
    }
    buffer_release(&b);
    return text;
}

Own
codec_encode(Value text, const char *encoding, const char *errors)
{
    Known known = known_encoding(encoding);
    const Str *s = as_str(text);
    size_t n;
    if (s->ascii && known != KNOWN_NONE) {
        return bytes_new(s->data, (size_t)s->length);
    }
    if (s->width == 1 && known == KNOWN_LATIN1) {
        return bytes_new(s->data, (size_t)s->length);
    }
    if (known == KNOWN_UTF8 && (!errors || strcmp(errors, "strict") == 0)) {
        const char *utf8 = str_utf8(text, &n);
        return utf8 ? bytes_new(utf8, n) : NO_VALUE;
    }
    return registry_call("encode", text, encoding, errors);
}

Own
raise_encode_error(const char *encoding, Value v, int64_t start, int64_t end, const char *reason)
{
    Own exc = unicode_encode_error_new(encoding, v, start, end, reason);
    return exc ? raise_instance(exc) : NO_VALUE;
}
