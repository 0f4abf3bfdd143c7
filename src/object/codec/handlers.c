/* The built-in error handlers as functions that Python code can call: each takes a UnicodeError and
 * gives a pair (replacement, position to go on), or raises the error. */
#include "base/unicode.h"
#include "object/args.h"
#include "object/codec/coder.h"
#include "object/codec/registry.h"
#include "object/exception.h"
#include "object/function.h"
#include "object/int.h"
#include "object/tuple.h"

/* kind: 'e' encode, 'd' decode, 't' translate; object is held */
typedef struct Trouble {
    char kind;
    Value exc;
    Own object;
    int64_t start, end;
} Trouble;

/* kinds: those that the handler can handle. fail: -1 + TypeError */
static int
trouble_get(Trouble *t, const char *function, const char *kinds, Value const *args, size_t nargs,
            Value kwnames)
{
    if (args_check_positional(function, nargs, kwnames, 1, 1) < 0) {
        return -1;
    }
    Value exc = args[0];
    t->exc = exc;
    t->kind = is_instance_of(exc, &exc_UnicodeEncodeError)      ? 'e'
              : is_instance_of(exc, &exc_UnicodeDecodeError)    ? 'd'
              : is_instance_of(exc, &exc_UnicodeTranslateError) ? 't'
                                                                : 0;
    if (!t->kind || !strchr(kinds, t->kind)) {
        return raise_int(&exc_TypeError, "don't know how to handle %T in error callback", exc);
    }
    t->object = unicode_error_range(exc, &t->start, &t->end);
    if (t->object && t->end < t->start) {
        t->end = t->start;
    }
    return t->object ? 0 : -1;
}

/* Ends with the pair; eats replacement. */
static Own
trouble_done(Trouble *t, Own replacement, int64_t position)
{
    drop(t->object);
    Own pair[] = {replacement, small_int(position)};
    return replacement ? tuple_from_own(pair, 2) : NO_VALUE;
}

static Own
trouble_raise(Trouble *t)
{
    Own exc = own(t->exc);
    drop(t->object);
    raise_object(exc, NO_VALUE);
    drop(exc);
    return NO_VALUE;
}

static uint32_t
trouble_char(const Trouble *t, int64_t i)
{
    return t->kind == 'd' ? as_bytes(t->object)->data[i] : str_char_at(as_str(t->object), i);
}

static Own
strict_errors(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("strict_errors", nargs, kwnames, 1, 1) < 0) {
        return NO_VALUE;
    }
    return is_exception(args[0]) ? raise_object(args[0], NO_VALUE)
                                 : raise_msg(&exc_TypeError, "codec must pass exception instance");
}

static Own
ignore_errors(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    Trouble t;
    if (trouble_get(&t, "ignore_errors", "edt", args, nargs, kwnames) < 0) {
        return NO_VALUE;
    }
    return trouble_done(&t, own(str_empty), t.end);
}

static Own
replace_errors(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    Trouble t;
    StrBuilder b;
    if (trouble_get(&t, "replace_errors", "edt", args, nargs, kwnames) < 0) {
        return NO_VALUE;
    }
    str_builder_init(&b, 8);
    str_builder_fill(&b, t.kind == 'e' ? '?' : 0xFFFD, t.kind == 'd' ? 1 : t.end - t.start);
    return trouble_done(&t, str_builder_finish(&b), t.end);
}

static Own
xmlcharrefreplace_errors(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    Trouble t;
    StrBuilder b;
    if (trouble_get(&t, "xmlcharrefreplace_errors", "e", args, nargs, kwnames) < 0) {
        return NO_VALUE;
    }
    str_builder_init(&b, 16);
    for (int64_t i = t.start; i < t.end; i++) {
        str_builder_fmt(&b, "&#%d;", (int)trouble_char(&t, i));
    }
    return trouble_done(&t, str_builder_finish(&b), t.end);
}

static void
add_escape(StrBuilder *b, uint32_t c)
{
    str_builder_fmt(b, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
}

static Own
backslashreplace_errors(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    Trouble t;
    StrBuilder b;
    if (trouble_get(&t, "backslashreplace_errors", "edt", args, nargs, kwnames) < 0) {
        return NO_VALUE;
    }
    str_builder_init(&b, 16);
    for (int64_t i = t.start; i < t.end; i++) {
        add_escape(&b, trouble_char(&t, i));
    }
    return trouble_done(&t, str_builder_finish(&b), t.end);
}

static Own
namereplace_errors(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    Trouble t;
    StrBuilder b;
    if (trouble_get(&t, "namereplace_errors", "e", args, nargs, kwnames) < 0) {
        return NO_VALUE;
    }
    str_builder_init(&b, 32);
    for (int64_t i = t.start; i < t.end; i++) {
        char name[UNICODE_NAME_MAX + 1];
        uint32_t c = trouble_char(&t, i);
        size_t n = unicode_name(c, name);
        name[n] = 0;
        if (n) {
            str_builder_fmt(&b, "\\N{%s}", name);
        } else {
            add_escape(&b, c);
        }
    }
    return trouble_done(&t, str_builder_finish(&b), t.end);
}

static Own
surrogateescape_errors(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    Trouble t;
    if (trouble_get(&t, "surrogateescape_errors", "ed", args, nargs, kwnames) < 0) {
        return NO_VALUE;
    }
    int64_t i = t.start;
    if (t.kind == 'e') {
        Own bytes = bytes_new(NULL, (size_t)(t.end - t.start));
        for (; bytes && i < t.end; i++) {
            uint32_t c = trouble_char(&t, i);
            if (c < 0xDC80 || c > 0xDCFF) {
                drop(bytes);
                return trouble_raise(&t);
            }
            as_bytes(bytes)->data[i - t.start] = (uint8_t)(c - 0xDC00);
        }
        return trouble_done(&t, bytes, t.end);
    }
    StrBuilder b;
    str_builder_init(&b, 4);
    while (i < t.end && i < t.start + 4 && trouble_char(&t, i) >= 128) {
        str_builder_char(&b, 0xDC00u + trouble_char(&t, i++));
    }
    if (i == t.start) {
        str_builder_discard(&b);
        return trouble_raise(&t);
    }
    return trouble_done(&t, str_builder_finish(&b), i);
}

/* -- surrogatepass -- */

int
unicode_encoding_unit(const char *name, bool *big)
{
    *big = false;
    if ((name[0] | 32) != 'u' || (name[1] | 32) != 't' || (name[2] | 32) != 'f') {
        return 0;
    }
    const char *p = name + 3;
    p += *p == '-' || *p == '_';
    if (p[0] == '8' && p[1] == 0) {
        return 1;
    }
    int unit = p[0] == '1' && p[1] == '6' ? 2 : p[0] == '3' && p[1] == '2' ? 4 : 0;
    p += 2;
    if (!unit || !*p) {
        return unit;
    }
    p += *p == '-' || *p == '_';
    *big = (p[0] | 32) == 'b';
    return ((p[0] | 32) == 'b' || (p[0] | 32) == 'l') && (p[1] | 32) == 'e' && p[2] == 0 ? unit : 0;
}

static void
put_unit(uint8_t *to, uint32_t c, int unit, bool big)
{
    for (int i = 0; i < unit; i++) {
        to[big ? unit - 1 - i : i] = (uint8_t)(c >> 8 * i);
    }
}

static Own
pass_encode(Trouble *t, int unit, bool big)
{
    int size = unit == 1 ? 3 : unit;
    Own bytes = bytes_new(NULL, (size_t)(t->end - t->start) * (size_t)size);
    for (int64_t i = t->start; bytes && i < t->end; i++) {
        uint32_t c = trouble_char(t, i);
        uint8_t *to = as_bytes(bytes)->data + (i - t->start) * size;
        if (!char_is_surrogate(c)) {
            drop(bytes);
            return trouble_raise(t);
        }
        if (unit == 1) {
            utf8_put(to, c);
        } else {
            put_unit(to, c, unit, big);
        }
    }
    return trouble_done(t, bytes, t->end);
}

static Own
pass_decode(Trouble *t, int unit, bool big)
{
    const Bytes *bytes = as_bytes(t->object);
    const uint8_t *p = bytes->data + t->start;
    int64_t left = bytes->length - t->start, size = unit == 1 ? 3 : unit;
    uint32_t c = 0;
    if (unit == 1 && left >= 3 && (p[0] & 0xF0) == 0xE0 && (p[1] & 0xC0) == 0x80 &&
        (p[2] & 0xC0) == 0x80) {
        c = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    } else if (unit > 1 && left >= unit) {
        for (int i = 0; i < unit; i++) {
            c |= (uint32_t)p[big ? unit - 1 - i : i] << 8 * i;
        }
    }
    if (!char_is_surrogate(c)) {
        return trouble_raise(t);
    }
    return trouble_done(t, str_from_char(c), t->start + size);
}

static Own
surrogatepass_errors(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    Trouble t;
    bool big;
    if (trouble_get(&t, "surrogatepass_errors", "ed", args, nargs, kwnames) < 0) {
        return NO_VALUE;
    }
    Own encoding = object_getattr(t.exc, NAME(encoding));
    const char *name = encoding && is_str(encoding) ? str_utf8(encoding, NULL) : NULL;
    if (!name) {
        drop_opt(encoding);
        drop(t.object);
        return exc_pending() ? NO_VALUE
                             : raise_msg(&exc_TypeError, "encoding attribute must be str");
    }
    int unit = unicode_encoding_unit(name, &big);
    drop(encoding);
    if (!unit) {
        return trouble_raise(&t);
    }
    return t.kind == 'e' ? pass_encode(&t, unit, big) : pass_decode(&t, unit, big);
}

#define HANDLER(name, doc)                                                                         \
    {                                                                                              \
#name "_errors", #name "_errors($module, exc, /)\n--\n\n" doc, name##_errors, 0            \
    }
const MethodDef error_handler_defs[] = {
    HANDLER(strict, "Raises the exception."),
    HANDLER(ignore, "Leaves out what cannot be coded."),
    HANDLER(replace, "Puts ? or U+FFFD for what cannot be coded."),
    HANDLER(xmlcharrefreplace, "Puts XML character references for what cannot be encoded."),
    HANDLER(backslashreplace, "Puts escapes with a backslash for what cannot be coded."),
    HANDLER(namereplace, "Puts escapes with names for what cannot be encoded."),
    HANDLER(surrogateescape, "Bytes that cannot be decoded become lone surrogates, and back."),
    HANDLER(surrogatepass, "Lets lone surrogates pass in the Unicode encodings."),
    {0},
};
