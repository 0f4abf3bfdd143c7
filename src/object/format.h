/* Formatting values by specification: the mini-language of format() and f-strings, "%" formatting,
 * and str.format().
 *
 * All of it is pure but for calls of __format__, __str__ and the like of values. */
#ifndef WEFT_OBJECT_FORMAT_H
#define WEFT_OBJECT_FORMAT_H

#include "object/str.h"

/* __format__ of each type: spec is a str. own: ret new · fail: 0 + ValueError, OverflowError */
NODISCARD Own format_int(Value v, Value spec); /* int and its subclasses */
NODISCARD Own format_float(Value v, Value spec);
NODISCARD Own format_complex(Value v, Value spec);

/* template.format(*args, **kwargs). kwargs is a mapping or NO_VALUE; args may be null for
 * format_map(). own: ret new */
NODISCARD Own str_format(Value template, Value const *args, size_t nargs, Value kwargs,
                         bool only_mapping);

#endif
