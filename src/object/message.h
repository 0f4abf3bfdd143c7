/* The engine behind every message format of object/error.h: raise_fmt, warn_fmt, str_fmt and
 * str_builder_fmt share it.
 *
 * Beyond what error.h lists: integers take the length modifiers l, ll, z, t, j, a width, and the
 * flags 0 and -; %i is %d; a precision
 * (`.N` or `.*`) cuts %s at N bytes (never inside a character) and %R %S %A %U %T %N at N
 * characters; %Q is %T with the module and the qualified name. */
#ifndef WEFT_OBJECT_MESSAGE_H
#define WEFT_OBJECT_MESSAGE_H

#include <stdarg.h>

#include "object/str.h"

/* Appends the formatted text. Failure (of a repr, say) leaves its exception pending and sticks in
 * b. may: runpy (%R %S %A) */
void str_builder_vfmt(StrBuilder *b, const char *format, va_list args);
/* own: ret new · may: runpy · fail: 0 + exception */
NODISCARD Own str_vfmt(const char *format, va_list args);

#endif
