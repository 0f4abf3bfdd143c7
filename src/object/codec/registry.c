/* The registry of codecs: search functions, what they found, and the error handlers by name.
 *
 * Threads: one list and two dicts, made at the first use and never replaced, which guard
 * themselves. Two threads that look for the same codec at once may both ask the search functions;
 * the first answer stays. */
#include "object/codec/registry.h"

#include "heap/critical.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/function.h"
#include "object/hooks.h"
#include "object/list.h"
#include "object/tuple.h"

static Own searchers, found_codecs, handlers; /* set once, atomically; immutable after */

static Own
make_searchers(void)
{
    return list_new(2);
}

static Own
make_handlers(void)
{
    Own d = dict_new();
    for (const MethodDef *def = error_handler_defs; d && def->name; def++) {
        const char *end = strstr(def->name, "_errors");
        Own name = str_from_utf8(def->name, (size_t)(end - def->name));
        Own f = builtin_new(def, NO_VALUE, NO_VALUE);
        if (!name || !f) {
            drop_opt(name);
            drop_opt(f);
            ref_clear(&d);
        } else if (dict_set_own(d, name, f) < 0) {
            ref_clear(&d);
        }
    }
    return d;
}

/* What *cell holds, made if need be. borrow: for ever. fail: 0 */
static Value
part(Own *cell, Own (*make)(void))
{
    Own v = __atomic_load_n(cell, __ATOMIC_ACQUIRE);
    if (v) {
        return v;
    }
    Own made = make(), none = NO_VALUE;
    if (!made) {
        return NO_VALUE;
    }
    publish(made);
    if (!__atomic_compare_exchange_n(cell, &none, made, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        drop(made);
        return none;
    }
    return made;
}

int
codec_register(Value search)
{
    if (!object_is_callable(search)) {
        return raise_int(&exc_TypeError, "argument must be callable");
    }
    Value list = part(&searchers, make_searchers);
    return list ? list_append(list, search) : -1;
}

int
codec_unregister(Value search)
{
    Value list = part(&searchers, make_searchers), found = part(&found_codecs, dict_new);
    if (!list || !found) {
        return -1;
    }
    Own removed = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, obj(list)); /* for finding and removing as one step */
    for (int64_t i = 0; !removed && i < list_len(list); i++) {
        Own f = list_get(list, i);
        if (f == search) {
            removed = list_pop_at(list, i);
        }
        drop(f); /* not the last reference */
    }
    critical_leave(&section);
    if (removed) {
        dict_clear(found);
        drop(removed);
    }
    return 0;
}

/* ASCII letters in lower case, digits and dots; runs of anything else between them become one
 * underscore. own: ret new */
static Own
normal_name(const char *encoding)
{
    StrBuilder b;
    bool gap = false, any = false;
    str_builder_init(&b, (int64_t)strlen(encoding));
    for (const char *p = encoding; *p; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.') {
            if (gap && any) {
                str_builder_char(&b, '_');
            }
            gap = false;
            any = true;
            str_builder_char(&b, (uint8_t)c);
        } else {
            gap = true;
        }
    }
    return str_builder_finish(&b);
}

/* Asks the search functions that are registered at this moment. own: ret new */
static Own
search(Value name, const char *encoding)
{
    Value list = part(&searchers, make_searchers);
    Own info = NONE;
    if (list && list_len(list) == 0) {
        Own package = object_hooks.import_module("encodings"); /* registers its own */
        if (!package) {
            return NO_VALUE;
        }
        drop(package);
    }
    Own functions = list ? list_to_tuple(list) : NO_VALUE;
    if (!functions) {
        return NO_VALUE;
    }
    for (int64_t i = 0; info == NONE && i < as_tuple(functions)->length; i++) {
        info = call1(tuple_item(functions, i), name);
    }
    drop(functions);
    if (info == NONE) {
        return raise_fmt(&exc_LookupError, "unknown encoding: %s", encoding);
    }
    if (info && (!is_tuple(info) || as_tuple(info)->length != 4)) {
        drop(info);
        return raise_msg(&exc_TypeError, "codec search functions must return 4-tuples");
    }
    return info;
}

Own
codec_lookup(const char *encoding)
{
    Value found = part(&found_codecs, dict_new);
    Own name = found ? normal_name(encoding) : NO_VALUE, info = NO_VALUE;
    if (name && dict_lookup(found, name, &info) == 0) {
        info = search(name, encoding);
        if (info) {
            bool present;
            Own kept = dict_setdefault(found, name, info, &present);
            drop(info);
            info = kept;
        }
    }
    drop_opt(name);
    return info;
}

Own
codec_lookup_text(const char *encoding, const char *instead)
{
    Own info = codec_lookup(encoding), flag = NO_VALUE;
    if (!info || IS_EXACT(info, TUPLE)) {
        return info;
    }
    int text = object_lookup_attr(info, NAME(_is_text_encoding), &flag);
    if (text > 0) {
        text = object_truth(flag);
        drop(flag);
        if (text == 0) {
            raise_fmt(&exc_LookupError,
                      instead ? "'%s' is not a text encoding; use %s to handle arbitrary codecs"
                              : "'%s' is not a text encoding",
                      encoding, instead);
            text = -1;
        }
    }
    if (text < 0) {
        ref_clear(&info);
    }
    return info;
}

/* "encoding with 'x' codec failed" as a note of the pending exception. */
static void
add_note(const char *verb, const char *encoding)
{
    Own exc = exc_take(), note = str_fmt("%s with '%s' codec failed", verb, encoding);
    if (!note || exc_add_note(exc, note) < 0) {
        exc_clear();
    }
    drop_opt(note);
    exc_restore(exc);
}

/* The first item of the pair that info[which](object, errors) gives. Eats info. */
static Own
run(Own info, int which, Value object, const char *encoding, const char *errors)
{
    if (!info) {
        return NO_VALUE;
    }
    Own f = own(tuple_item(info, which)), pair = NO_VALUE, result = NO_VALUE;
    drop(info);
    Own mode = errors ? str_from_cstr(errors) : NO_VALUE;
    if (mode || !errors) {
        pair = mode ? call2(f, object, mode) : call1(f, object);
        if (!pair) {
            add_note(which ? "decoding" : "encoding", encoding);
        } else if (!is_tuple(pair) || as_tuple(pair)->length != 2) {
            raise_msg(&exc_TypeError, which ? "decoder must return a tuple (object,integer)"
                                            : "encoder must return a tuple (object, integer)");
        } else {
            result = own(tuple_item(pair, 0));
        }
    }
    drop_opt(pair);
    drop_opt(mode);
    drop(f);
    return result;
}

Own
codec_run_encode(Value object, const char *encoding, const char *errors)
{
    return run(codec_lookup(encoding), 0, object, encoding, errors);
}

Own
codec_run_decode(Value object, const char *encoding, const char *errors)
{
    return run(codec_lookup(encoding), 1, object, encoding, errors);
}

Own
codec_encode_registered(Value text, const char *encoding, const char *errors)
{
    Own v = run(codec_lookup_text(encoding, "codecs.encode()"), 0, text, encoding, errors);
    if (!v || is_bytes(v)) {
        return v;
    }
    if (is_instance_of(v, &bytearray_type)) {
        Own bytes = warn_fmt(&exc_RuntimeWarning, 1,
                             "encoder %s returned bytearray instead of bytes; use codecs.encode() "
                             "to encode to arbitrary types",
                             encoding) < 0
                        ? NO_VALUE
                        : bytes_from_buffer(v);
        drop(v);
        return bytes;
    }
    raise_fmt(&exc_TypeError,
              "'%s' encoder returned '%T' instead of 'bytes'; use codecs.encode() to encode to "
              "arbitrary types",
              encoding, (Value)v);
    drop(v);
    return NO_VALUE;
}

Own
codec_decode_registered(Value object, const char *encoding, const char *errors)
{
    Own v = run(codec_lookup_text(encoding, "codecs.decode()"), 1, object, encoding, errors);
    if (v && !is_str(v)) {
        raise_fmt(&exc_TypeError,
                  "'%s' decoder returned '%T' instead of 'str'; use codecs.decode() to decode to "
                  "arbitrary types",
                  encoding, (Value)v);
        ref_clear(&v);
    }
    return v;
}

/* -- error handlers -- */

int
codec_register_error(Value name, Value handler)
{
    if (!object_is_callable(handler)) {
        return raise_int(&exc_TypeError, "handler must be callable");
    }
    Value d = part(&handlers, make_handlers);
    return d ? dict_set(d, name, handler) : -1;
}

int
codec_unregister_error(Value name)
{
    const char *text = str_utf8(name, NULL);
    if (!text) {
        return -1;
    }
    for (const MethodDef *def = error_handler_defs; def->name; def++) {
        size_t n = strlen(def->name) - strlen("_errors");
        if (strlen(text) == n && strncmp(text, def->name, n) == 0) {
            return raise_int(&exc_ValueError, "cannot un-register built-in error handler '%U'",
                             name);
        }
    }
    Value d = part(&handlers, make_handlers);
    Own removed = NO_VALUE;
    int status = d ? dict_pop(d, name, &removed) : -1;
    drop_opt(removed);
    return status;
}

Own
codec_lookup_error(const char *name)
{
    Value d = part(&handlers, make_handlers);
    Own key = d ? str_from_cstr(name ? name : "strict") : NO_VALUE, handler = NO_VALUE;
    int found = key ? dict_lookup(d, key, &handler) : -1;
    drop_opt(key);
    if (found == 0) {
        raise_fmt(&exc_LookupError, "unknown error handler name '%s'", name);
    }
    return handler;
}
