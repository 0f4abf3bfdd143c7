/* What coders share: the state of one run of an encoder or decoder, and its error handling.
 *
 * An error handler is called with a UnicodeError and gives a replacement and the place to go on.
 * The built-in ones are done here without an exception where that comes to the same; any other is
 * looked up at the first error and gets one exception, changed for each further error, as
 * codecs have always done. A state belongs to the C function that made it. */
#ifndef WEFT_OBJECT_CODER_H
#define WEFT_OBJECT_CODER_H

#include "base/utf8.h"
#include "object/bytes/bytes_priv.h"
#include "object/codec.h"

typedef enum ErrorMode {
    ERRORS_STRICT,
    ERRORS_IGNORE,
    ERRORS_REPLACE,
    ERRORS_BACKSLASH,
    ERRORS_XML,
    ERRORS_ESCAPE, /* surrogateescape */
    ERRORS_PASS,   /* surrogatepass */
    ERRORS_OTHER,
} ErrorMode;

ErrorMode error_mode(const char *errors);

typedef struct Encoder {
    const char *encoding, *errors;
    ErrorMode mode;
    Value text; /* borrowed */
    /* Encodes one character of a replacement: 1, 0 it cannot be encoded, -1 failed */
    int (*put)(struct Encoder *e, uint32_t c);
    int unit;      /* bytes of a code unit: bytes that replace come in multiples of it */
    int order;     /* utf-16, utf-32: as encode_utf16 */
    Value mapping; /* charmap's, borrowed */
    Own handler, exc;
    ByteBuilder out;
} Encoder;

void encoder_init(Encoder *e, const char *encoding, Value text, const char *errors,
                  int (*put)(Encoder *, uint32_t));
/* text[start:stop] cannot be encoded: writes what stands for it; *next is where to go on. fail: -1
 */
NODISCARD int encoder_error(Encoder *e, int64_t start, int64_t stop, const char *reason,
                            int64_t *next);
/* The bytes, or NO_VALUE when status < 0; frees the state. */
NODISCARD Own encoder_finish(Encoder *e, int status);

typedef struct Decoder {
    const char *encoding, *errors;
    ErrorMode mode;
    const uint8_t *data; /* a handler may put another input in place of it */
    int64_t length, at;
    Own object; /* the input as bytes, once there was an error */
    Own handler, exc;
    StrBuilder out;
} Decoder;

void decoder_init(Decoder *d, const char *encoding, const uint8_t *data, int64_t n,
                  const char *errors);
/* data[start:stop] is wrong: writes what stands for it, and d->at is where to go on. fail: -1 */
NODISCARD int decoder_error(Decoder *d, int64_t start, int64_t stop, const char *reason);
/* The text, or NO_VALUE when status < 0; frees the state. used may be null. */
NODISCARD Own decoder_finish(Decoder *d, int status, int64_t *used);

/* What a handler gave, checked: (replacement, *next in 0..length). bytes_too: for encoding */
NODISCARD Own handler_result(Value pair, int64_t length, bool bytes_too, int64_t *next);

/* Which of the Unicode encodings a name is, for surrogatepass: bytes a unit, 0 for none of them. */
int unicode_encoding_unit(const char *name, bool *big);

#endif
