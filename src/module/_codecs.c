/* The module _codecs: the registry of codecs, error handlers, and UTF-8, Latin-1 and ASCII.
 *
 * The registry is a list of search functions, a dict of what they found, and a dict of error handlers: each guards itself. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"

#include "_codecs.spec.h"

static Own searchers, found_codecs, handlers; /* made with the module, immutable after */

/* -- the registry -- */

int
codecs_register(Value module UNUSED, Value search_function)
{
    if (!object_is_callable(search_function)) {
        return raise_int(&exc_TypeError, "argument must be callable");
    }
    return list_append(searchers, search_function);
}

int
codecs_unregister(Value module UNUSED, Value search_function)
{
    for (int64_t i = 0; i < list_len(searchers); i++) {
        Own f = list_get(searchers, i);
        bool same = f == search_function;
        drop_opt(f);
        if (same) {
            Own removed = list_pop_at(searchers, i);
            drop_opt(removed);
            dict_clear(found_codecs);
            return removed ? 0 : -1;
        }
    }
    return 0;
}

/* The name in lower case, spaces as underscores. own: ret new */
static Own
normal_name(Value name)
{
    Own lower = call_method0(name, "lower"), underscore = str_from_cstr("_"), space = str_from_cstr(" ");
    Own result = lower ? str_replace(lower, space, underscore, -1) : NO_VALUE;
    drop_opt(lower);
    return result;
}

Own
codecs_lookup(Value module UNUSED, Value encoding)
{
    Own name = normal_name(encoding), info = NO_VALUE;
    if (!name || !str_utf8(encoding, NULL)) {
        drop_opt(name);
        return NO_VALUE;
    }
    if (dict_lookup(found_codecs, name, &info) != 0) {
        drop(name);
        return info;
    }
    for (int64_t i = 0; i < list_len(searchers); i++) {
        Own f = list_get(searchers, i);
        info = f ? call1(f, name) : NO_VALUE;
        drop_opt(f);
        if (!info) {
            break;
        }
        if (info != NONE) {
            if (!is_tuple(info) || as_tuple(info)->length != 4) {
                raise_msg(&exc_TypeError, "codec search functions must return 4-tuples");
                ref_clear(&info);
            } else if (dict_set(found_codecs, name, info) < 0) {
                ref_clear(&info);
            }
            drop(name);
            return info;
        }
        ref_clear(&info);
    }
    drop(name);
    return exc_pending() ? NO_VALUE : raise_fmt(&exc_LookupError, "unknown encoding: %U", encoding);
}

int
codecs__forget_codec(Value module UNUSED, Value encoding)
{
    Own removed = NO_VALUE;
    int status = dict_pop(found_codecs, encoding, &removed);
    drop_opt(removed);
    return status < 0 ? -1 : 0;
}

/* The first item of the pair that a codec's function returns. */
static Own
run_codec(int which, Value v, Value encoding, Value errors)
{
    Own utf8 = encoding ? NO_VALUE : str_from_cstr("utf-8");
    Own info = codecs_lookup(NO_VALUE, encoding ? encoding : (Value)utf8);
    drop_opt(utf8);
    if (!info) {
        return NO_VALUE;
    }
    Own f = own(tuple_item(info, which));
    drop(info);
    Own pair = errors ? call2(f, v, errors) : call1(f, v);
    drop(f);
    if (pair && (!is_tuple(pair) || as_tuple(pair)->length != 2)) {
        raise_msg(&exc_TypeError, which ? "decoder must return a tuple (object,integer)" : "encoder must return a tuple (object, integer)");
        ref_clear(&pair);
    }
    Own result = pair ? own(tuple_item(pair, 0)) : NO_VALUE;
    drop_opt(pair);
    return result;
}

Own
codecs_encode(Value module UNUSED, Value obj, Value encoding, Value errors)
{
    return run_codec(0, obj, encoding, errors);
}

Own
codecs_decode(Value module UNUSED, Value obj, Value encoding, Value errors)
{
    return run_codec(1, obj, encoding, errors);
}

/* -- error handlers -- */

int
codecs_register_error(Value module UNUSED, Value errors, Value handler)
{
    return object_is_callable(handler) ? dict_set(handlers, errors, handler) : raise_int(&exc_TypeError, "handler must be callable");
}

static const char *const built_in_handlers[] = {"strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace", "surrogateescape", "surrogatepass"};

int
codecs__unregister_error(Value module UNUSED, Value errors)
{
    for (size_t i = 0; i < ARRAY_LEN(built_in_handlers); i++) {
        if (str_equals_cstr(errors, built_in_handlers[i])) {
            return raise_int(&exc_ValueError, "cannot un-register built-in error handler '%U'", errors);
        }
    }
    Own removed = NO_VALUE;
    int status = dict_pop(handlers, errors, &removed);
    drop_opt(removed);
    return status;
}

Own
codecs_lookup_error(Value module UNUSED, Value name)
{
    Own handler = NO_VALUE;
    int found = dict_lookup(handlers, name, &handler);
    return found ? handler : raise_fmt(&exc_LookupError, "unknown error handler name '%U'", name);
}

/* The parts of a UnicodeError. kind: 'e' encode, 'd' decode, 't' translate. fail: 0 */
typedef struct Trouble {
    char kind;
    Value object;
    int64_t start, end;
} Trouble;

static bool
trouble_of(Value exc, Trouble *t)
{
    t->kind = is_instance_of(exc, &exc_UnicodeEncodeError) ? 'e' : is_instance_of(exc, &exc_UnicodeDecodeError) ? 'd'
              : is_instance_of(exc, &exc_UnicodeTranslateError) ? 't' : 0;
    if (!t->kind) {
        raise_fmt(&exc_TypeError, "don't know how to handle %T in error callback", exc);
        return false;
    }
    const UnicodeException *u = (const UnicodeException *)obj(exc);
    t->object = u->object;
    int64_t length = t->kind == 'd' ? as_bytes(t->object)->length : as_str(t->object)->length;
    t->start = u->start < 0 ? 0 : u->start > length ? length : u->start;
    t->end = u->end < t->start ? t->start : u->end > length ? length : u->end;
    return true;
}

static Own
pair_of(Own replacement, int64_t position)
{
    Own pair[] = {replacement, small_int(position)};
    return replacement ? tuple_from_own(pair, 2) : NO_VALUE;
}

Own
codecs_strict_errors(Value module UNUSED, Value exc)
{
    return is_exception(exc) ? raise_object(exc, NO_VALUE) : raise_msg(&exc_TypeError, "codec must pass exception instance");
}

Own
codecs_ignore_errors(Value module UNUSED, Value exc)
{
    Trouble t;
    return trouble_of(exc, &t) ? pair_of(str_empty, t.end) : NO_VALUE;
}

Own
codecs_replace_errors(Value module UNUSED, Value exc)
{
    Trouble t;
    if (!trouble_of(exc, &t)) {
        return NO_VALUE;
    }
    StrBuilder b;
    str_builder_init(&b, 8);
    for (int64_t i = 0; i < (t.kind == 'd' ? 1 : t.end - t.start); i++) {
        str_builder_char(&b, t.kind == 'e' ? '?' : 0xFFFD);
    }
    return pair_of(str_builder_finish(&b), t.end);
}

Own
codecs_xmlcharrefreplace_errors(Value module UNUSED, Value exc)
{
    Trouble t;
    if (!trouble_of(exc, &t)) {
        return NO_VALUE;
    }
    if (t.kind != 'e') {
        return raise_fmt(&exc_TypeError, "don't know how to handle %T in error callback", exc);
    }
    StrBuilder b;
    str_builder_init(&b, 16);
    for (int64_t i = t.start; i < t.end; i++) {
        str_builder_fmt(&b, "&#%d;", (int)str_char_at(as_str(t.object), i));
    }
    return pair_of(str_builder_finish(&b), t.end);
}

Own
codecs_backslashreplace_errors(Value module UNUSED, Value exc)
{
    Trouble t;
    if (!trouble_of(exc, &t)) {
        return NO_VALUE;
    }
    StrBuilder b;
    str_builder_init(&b, 16);
    for (int64_t i = t.start; i < t.end; i++) {
        uint32_t c = t.kind == 'd' ? as_bytes(t.object)->data[i] : str_char_at(as_str(t.object), i);
        str_builder_fmt(&b, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    }
    return pair_of(str_builder_finish(&b), t.end);
}

Own
codecs_namereplace_errors(Value module UNUSED, Value exc)
{
    Trouble t;
    if (!trouble_of(exc, &t)) {
        return NO_VALUE;
    }
    if (t.kind != 'e') {
        return raise_fmt(&exc_TypeError, "don't know how to handle %T in error callback", exc);
    }
    StrBuilder b;
    str_builder_init(&b, 32);
    for (int64_t i = t.start; i < t.end; i++) {
        uint32_t c = str_char_at(as_str(t.object), i);
        char name[UNICODE_NAME_MAX + 1];
        size_t n = unicode_name(c, name);
        name[n] = 0;
        if (n) {
            str_builder_fmt(&b, "\\N{%s}", name);
        } else {
            str_builder_fmt(&b, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
        }
    }
    return pair_of(str_builder_finish(&b), t.end);
}

Own
codecs_surrogateescape_errors(Value module UNUSED, Value exc)
{
    Trouble t;
    if (!trouble_of(exc, &t)) {
        return NO_VALUE;
    }
    if (t.kind == 'e') {
        Own bytes = bytes_new(NULL, (size_t)(t.end - t.start));
        for (int64_t i = t.start; bytes && i < t.end; i++) {
            uint32_t c = str_char_at(as_str(t.object), i);
            if (c < 0xDC80 || c > 0xDCFF) {
                drop(bytes);
                return raise_object(exc, NO_VALUE);
            }
            as_bytes(bytes)->data[i - t.start] = (uint8_t)(c - 0xDC00);
        }
        return pair_of(bytes, t.end);
    }
    StrBuilder b;
    int64_t i = t.start;
    str_builder_init(&b, 4);
    while (t.kind == 'd' && i < t.end && i < t.start + 4 && as_bytes(t.object)->data[i] >= 128) {
        str_builder_char(&b, 0xDC00u + as_bytes(t.object)->data[i++]);
    }
    if (i == t.start) {
        str_builder_discard(&b);
        return raise_object(exc, NO_VALUE);
    }
    return pair_of(str_builder_finish(&b), i);
}

Own
codecs_surrogatepass_errors(Value module UNUSED, Value exc)
{
    Trouble t;
    if (!trouble_of(exc, &t)) {
        return NO_VALUE;
    }
    if (t.kind == 'e') {
        Own bytes = bytes_new(NULL, (size_t)(t.end - t.start) * 3);
        for (int64_t i = t.start; bytes && i < t.end; i++) {
            uint32_t c = str_char_at(as_str(t.object), i);
            if (!char_is_surrogate(c)) {
                drop(bytes);
                return raise_object(exc, NO_VALUE);
            }
            utf8_put(as_bytes(bytes)->data + (i - t.start) * 3, c);
        }
        return pair_of(bytes, t.end);
    }
    const uint8_t *p = t.kind == 'd' ? as_bytes(t.object)->data + t.start : NULL;
    if (p && as_bytes(t.object)->length - t.start >= 3 && p[0] == 0xED && p[1] >= 0xA0 && p[1] < 0xC0 && (p[2] & 0xC0) == 0x80) {
        const uint8_t *at = p;
        return pair_of(str_from_ucs4(&(uint32_t){utf8_next(&at)}, 1), t.start + 3);
    }
    return raise_object(exc, NO_VALUE);
}

/* Calls the handler for an error: its replacement (new) and where to go on. fail: 0 */
static Own
handle(Type *type, const char *encoding, const char *errors, Value object, int64_t start, int64_t end, const char *reason, int64_t length, int64_t *next)
{
    Own name = str_from_cstr(errors ? errors : "strict"), handler = name ? codecs_lookup_error(NO_VALUE, name) : NO_VALUE;
    Own e = str_from_cstr(encoding), r = str_from_cstr(reason), exc = NO_VALUE, pair = NO_VALUE, result = NO_VALUE;
    if (handler && e && r) {
        Value args[] = {e, object, small_int(start), small_int(end), r};
        exc = object_call(VALUE(type), args, 5, NO_VALUE);
        pair = exc ? call1(handler, exc) : NO_VALUE;
    }
    if (pair && (!is_tuple(pair) || as_tuple(pair)->length != 2 || !is_int(tuple_item(pair, 1)) ||
                 !(is_str(tuple_item(pair, 0)) || (type == &exc_UnicodeEncodeError && is_bytes(tuple_item(pair, 0)))))) {
        raise_msg(&exc_TypeError, type == &exc_UnicodeEncodeError ? "encoding error handler must return (str/bytes, int) tuple" : "decoding error handler must return (str, int) tuple");
    } else if (pair) {
        int64_t at = object_as_ssize(tuple_item(pair, 1));
        *next = at < 0 ? at + length : at;
        if (*next < 0 || *next > length) {
            raise_fmt(&exc_IndexError, "position %zd from error handler out of bounds", at);
        } else {
            result = own(tuple_item(pair, 0));
        }
    }
    Own all[] = {name, handler, e, r, exc, pair};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        drop_opt(all[i]);
    }
    return result;
}

/* -- encodings -- */

static Own
encode_text(Value text, const char *encoding, uint32_t limit, const char *reason, const char *errors)
{
    const Str *s = as_str(text);
    Own out = bytearray_new(NULL, 0);
    for (int64_t i = 0; out && i < s->length;) {
        int64_t run = i;
        uint8_t chunk[1024];
        size_t n = 0;
        while (run < s->length && n < sizeof chunk - 4) {
            uint32_t c = str_char_at(s, run);
            if (c >= limit || (limit > 256 && char_is_surrogate(c))) {
                break;
            }
            n += limit > 256 ? utf8_put(chunk + n, c) : (chunk[n] = (uint8_t)c, 1u);
            run++;
        }
        Own part = bytes_new(chunk, n);
        bool stuck = run < s->length && n < sizeof chunk - 4;
        i = run;
        if (stuck) {
            int64_t stop = run, next = 0;
            while (stop < s->length && (str_char_at(s, stop) >= limit || (limit > 256 && char_is_surrogate(str_char_at(s, stop))))) {
                stop++;
            }
            Own replacement = handle(&exc_UnicodeEncodeError, encoding, errors, text, run, stop, reason, s->length, &next);
            Own coded = replacement && is_str(replacement) ? encode_text(replacement, encoding, limit, reason, NULL) : own_opt(replacement);
            drop_opt(replacement);
            Own joined = part && coded ? object_binary(part, coded, OP_ADD) : NO_VALUE;
            drop_opt(coded);
            drop_opt(part);
            part = joined;
            i = next;
        }
        Own longer = part ? object_inplace(out, part, OP_ADD) : NO_VALUE;
        drop_opt(part);
        drop(out);
        out = longer;
    }
    Own bytes = out ? bytes_from_buffer(out) : NO_VALUE;
    drop_opt(out);
    return bytes;
}

static Own
encoded(Value text, const char *encoding, uint32_t limit, const char *reason, const char *errors)
{
    return pair_of(encode_text(text, encoding, limit, reason, errors), as_str(text)->length);
}

Own
codecs_utf_8_encode(Value module UNUSED, Value str, const char *errors)
{
    return encoded(str, "utf-8", 0x110000, "surrogates not allowed", errors);
}

Own
codecs_latin_1_encode(Value module UNUSED, Value str, const char *errors)
{
    return encoded(str, "latin-1", 256, "ordinal not in range(256)", errors);
}

Own
codecs_ascii_encode(Value module UNUSED, Value str, const char *errors)
{
    return encoded(str, "ascii", 128, "ordinal not in range(128)", errors);
}

Own
codecs_latin_1_decode(Value module UNUSED, Buffer *data, const char *errors UNUSED)
{
    return pair_of(str_from_latin1(data->data, (size_t)data->length), data->length);
}

static Own
decode_bytes(Buffer *data, bool utf8, const char *errors, bool final)
{
    StrBuilder b;
    int64_t i = 0;
    Own object = NO_VALUE;
    str_builder_init(&b, data->length);
    while (i < data->length) {
        const uint8_t *p = data->data + i;
        size_t left = (size_t)(data->length - i);
        Utf8Scan scan = {.valid = utf8 ? 0 : ascii_run(p, left)};
        if (utf8) {
            scan = utf8_scan(p, left, false);
        }
        str_builder_utf8(&b, (const char *)p, scan.valid);
        i += (int64_t)scan.valid;
        if (i == data->length || (utf8 && scan.error == UTF8_TRUNCATED && !final)) {
            break;
        }
        if (!object && !(object = bytes_new(data->data, (size_t)data->length))) {
            break;
        }
        int64_t next = 0, start = i;
        Own replacement = handle(&exc_UnicodeDecodeError, utf8 ? "utf-8" : "ascii", errors, object, start,
                                 utf8 ? start + (int64_t)(scan.error_end - scan.valid) : start + 1,
                                 utf8 ? utf8_reason(scan.error) : "ordinal not in range(128)", data->length, &next);
        if (!replacement) {
            break;
        }
        str_builder_str(&b, replacement);
        drop(replacement);
        i = next;
    }
    drop_opt(object);
    if (exc_pending()) {
        str_builder_discard(&b);
        return NO_VALUE;
    }
    return pair_of(str_builder_finish(&b), i);
}

Own
codecs_utf_8_decode(Value module UNUSED, Buffer *data, const char *errors, bool final)
{
    return decode_bytes(data, true, errors, final);
}

Own
codecs_ascii_decode(Value module UNUSED, Buffer *data, const char *errors)
{
    return decode_bytes(data, false, errors, true);
}

Own
codecs_readbuffer_encode(Value module UNUSED, Value data, const char *errors UNUSED)
{
    size_t n;
    const char *text = is_str(data) ? str_utf8(data, &n) : NULL;
    Own bytes = is_str(data) ? (text ? bytes_new(text, n) : NO_VALUE) : bytes_from_buffer(data);
    return bytes ? pair_of(bytes, as_bytes(bytes)->length) : NO_VALUE;
}

static int
codecs_exec(Value m)
{
    searchers = list_new(2);
    found_codecs = dict_new();
    handlers = dict_new();
    if (!searchers || !found_codecs || !handlers) {
        return -1;
    }
    for (size_t i = 0; i < ARRAY_LEN(built_in_handlers); i++) {
        Own attribute = str_fmt("%s_errors", built_in_handlers[i]), f = attribute ? dict_get(module_dict(m), attribute) : NO_VALUE;
        Own name = str_from_cstr(built_in_handlers[i]);
        if (!f || !name || dict_set_own(handlers, name, f) < 0) {
            return -1;
        }
        drop(attribute);
    }
    return 0;
}

const ModuleDef module__codecs = {
    .name = "_codecs",
    .doc = codecs_module_doc,
    .functions = codecs_functions,
    .exec = codecs_exec,
};
