/* "Did you mean ...?" */
#ifndef WEFT_VM_SUGGEST_H
#define WEFT_VM_SUGGEST_H

#include "object/str.h"

/* The candidate (all str) closest to name, borrowed, or NO_VALUE when none is close enough. Nothing is pending after it. (no runpy) */
Value suggest_name(Value name, Value const *candidates, size_t count);

#endif
