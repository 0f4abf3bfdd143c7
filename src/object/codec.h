/* Encodings: text to bytes and back. The usual ones (utf-8, ascii, latin-1, utf-16, utf-32) need no
 * Python code; any other goes through the registry (codec/registry.c), whose search functions are
 * those of the library's encodings package.
 *
 * The coders themselves are here too: _codecs shows them to Python. `errors` may be null: strict.
 * All may: runpy (error handlers). None has a state: any thread, at any time. */
#ifndef WEFT_OBJECT_CODEC_H
#define WEFT_OBJECT_CODEC_H

#include "object/str.h"

/* -X dev: the functions of Python's that take an encoding and errors check both before they look at the text. Set at start-up, while
 * there is one thread. */
extern bool codec_checks_names;
/* Either may be null. fail: -1 + LookupError */
NODISCARD int codec_check_names(const char *encoding, const char *errors);

/* -- by name */
/* str(object, encoding, errors), object.decode(...): null means utf-8, strict. object is
 * bytes-like. own: ret new · may: runpy */
NODISCARD Own codec_decode(Value object, const char *encoding, const char *errors);
/* text.encode(...): bytes. own: ret new · may: runpy */
NODISCARD Own codec_encode(Value text, const char *encoding, const char *errors);

/* -- the registry. Guards: a list and two dicts, each its own */
NODISCARD int codec_register(Value search);
NODISCARD int codec_unregister(Value search);
NODISCARD Own codec_lookup(const char *encoding); /* a CodecInfo. fail: 0 + LookupError */
/* codecs.encode(), codecs.decode(): any codec, any object. errors may be NO_VALUE */
NODISCARD Own codec_run_encode(Value object, const char *encoding, const char *errors);
NODISCARD Own codec_run_decode(Value object, const char *encoding, const char *errors);
/* The CodecInfo of a text encoding; else LookupError "'x' is not a text encoding; use `instead` to
 * handle arbitrary codecs" (`instead` may be null). */
NODISCARD Own codec_lookup_text(const char *encoding, const char *instead);
NODISCARD int codec_register_error(Value name, Value handler);
NODISCARD int codec_unregister_error(Value name); /* 1, 0 there was none, -1 ValueError */
NODISCARD Own codec_lookup_error(const char *name);

/* -- coders: text to bytes */
NODISCARD Own encode_utf8(Value text, const char *errors);
NODISCARD Own encode_ascii(Value text, const char *errors);
NODISCARD Own encode_latin1(Value text, const char *errors);
NODISCARD Own encode_utf7(Value text);
/* order: -1 little, 1 big, 0 little with a byte order mark in front */
NODISCARD Own encode_utf16(Value text, const char *errors, int order);
NODISCARD Own encode_utf32(Value text, const char *errors, int order);
NODISCARD Own encode_unicode_escape(Value text);
NODISCARD Own encode_raw_unicode_escape(Value text);
/* mapping: None (latin-1), what charmap_build gave, or any mapping of ints */
NODISCARD Own encode_charmap(Value text, const char *errors, Value mapping);
NODISCARD Own charmap_build(Value text);
extern Type encodingmap_type;

/* -- coders: bytes to text. *used: how many bytes; all of them when `final`. The bytes must stay
 * as they are meanwhile: a Buffer is held. */
NODISCARD Own decode_utf8(const uint8_t *data, int64_t n, const char *errors, bool final,
                          int64_t *used);
NODISCARD Own decode_ascii(const uint8_t *data, int64_t n, const char *errors);
NODISCARD Own decode_utf7(const uint8_t *data, int64_t n, const char *errors, bool final,
                          int64_t *used);
/* *order: -1 little, 1 big, 0 as the byte order mark says; becomes what was found */
NODISCARD Own decode_utf16(const uint8_t *data, int64_t n, const char *errors, int *order,
                           bool final, int64_t *used);
NODISCARD Own decode_utf32(const uint8_t *data, int64_t n, const char *errors, int *order,
                           bool final, int64_t *used);
NODISCARD Own decode_unicode_escape(const uint8_t *data, int64_t n, const char *errors, bool final,
                                    int64_t *used);
NODISCARD Own decode_raw_unicode_escape(const uint8_t *data, int64_t n, const char *errors,
                                        bool final, int64_t *used);
NODISCARD Own decode_charmap(const uint8_t *data, int64_t n, const char *errors, Value mapping);
/* Escapes of bytes literals: bytes to bytes. */
NODISCARD Own decode_byte_escape(const uint8_t *data, int64_t n, const char *errors);
NODISCARD Own encode_byte_escape(Value bytes);

#endif
