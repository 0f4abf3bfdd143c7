/* What the files of the builtins module share. */
#ifndef WEFT_MODULE_BUILTINS_PRIV_H
#define WEFT_MODULE_BUILTINS_PRIV_H

#include "compile/compile.h"
#include "module/ast/ast.h"
#include "object/object.h"

/* -O: 0, 1 or 2. */
int builtins_optimize(void);

/* As SourceHost.decode. */
NODISCARD int source_decode_bytes(void *context, const char *encoding, const char *bytes, size_t len, char **text, size_t *text_len);

#endif
