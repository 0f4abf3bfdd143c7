/* Arguments of functions that take source text and the name of its file: compile, eval, exec, symtable. */
#ifndef WEFT_MODULE_SOURCE_ARG_H
#define WEFT_MODULE_SOURCE_ARG_H

#include "object/buffer.h"

typedef struct SourceText {
    const char *text;
    size_t length;
    uint32_t flags; /* COMPILE_IGNORE_COOKIE for a str */
    Buffer buffer;  /* of a bytes-like object: to be released */
} SourceText;

/* fail: -1; then nothing needs to be released */
NODISCARD int source_get(Value source, const char *function, const char *what, SourceText *s);
/* A file name given as str, bytes or os.PathLike. own: ret new str */
NODISCARD Own fs_decode(Value path);

#endif
