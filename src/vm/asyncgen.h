/* Asynchronous generators: the awaitables that __anext__, asend, athrow and aclose return. */
#ifndef WEFT_VM_ASYNCGEN_H
#define WEFT_VM_ASYNCGEN_H

#include "vm/generator.h"

/* A value yielded by an asynchronous generator, told apart from what it awaits. own: ret new */
NODISCARD Own asyncgen_wrap(Value v);
/* What anext(it, default) returns. own: ret new */
NODISCARD Own anext_awaitable_new(Value awaitable, Value otherwise);
NODISCARD int asyncgen_types_ready(void);

#endif
