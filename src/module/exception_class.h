/* Exception classes that C modules make when they are imported. */
#ifndef WEFT_MODULE_EXCEPTION_CLASS_H
#define WEFT_MODULE_EXCEPTION_CLASS_H

#include "object/object.h"

/* class NAME(BASE) with __module__ and a docstring (null = none). own: ret new */
NODISCARD Own exception_class_new(const char *module, const char *name, Value base, const char *doc);

#endif
