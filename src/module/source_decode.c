/* Source text in other encodings than the front end knows: through the codecs (PEP 263). */
#include <stdlib.h>

#include "compile/compile.h"
#include "module/builtins_priv.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/error.h"
#include "object/str.h"

/* A malloc'ed copy of the UTF-8 of text; NULL with nothing pending when it has none. */
static char *
utf8_copy(Value text, size_t *length)
{
    const char *utf8 = str_utf8(text, length);
    if (!utf8) {
        exc_clear();
        return NULL;
    }
    char *copy = malloc(*length + 1);
    if (copy) {
        memcpy(copy, utf8, *length);
        copy[*length] = 0;
    }
    return copy;
}

/* SourceHost.decode: what the codec says of bad bytes becomes the message. */
int
source_decode_bytes(void *context UNUSED, const char *encoding, const char *bytes, size_t len, char **text, size_t *text_len)
{
    Own data = bytes_new(bytes, (int64_t)len);
    Own decoded = data ? codec_decode(data, encoding, "strict") : NO_VALUE;
    drop_opt(data);
    if (decoded) {
        *text = utf8_copy(decoded, text_len);
        drop(decoded);
        return *text ? 1 : 0;
    }
    if (!exc_matches(&exc_Exception) || exc_matches(&exc_MemoryError)) {
        return -1;
    }
    Own exc = exc_take();
    Own message = object_str(exc);
    drop(exc);
    if (!message) {
        return -1;
    }
    size_t size;
    *text = utf8_copy(message, &size);
    drop(message);
    return 0;
}
