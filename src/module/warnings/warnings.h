/* Warnings as C code issues them. */
#ifndef WEFT_MODULE_WARNINGS_H
#define WEFT_MODULE_WARNINGS_H

#include "object/object.h"

/* Makes the default filters and sets object_hooks.warn. Once, at start-up, after the types are
 * ready. fail: -1 */
NODISCARD int warnings_start(void);

/* warnings.warn(message, category, stacklevel, source): message is a str or a Warning, source may
 * be NO_VALUE. fail: -1 + exception */
NODISCARD int warnings_warn(Type *category, Value message, int stacklevel, Value source);
/* warnings.warn_explicit(...): module and registry may be NO_VALUE */
NODISCARD int warnings_warn_explicit(Type *category, Value message, Value filename, int lineno,
                                     Value module, Value registry);

#endif
