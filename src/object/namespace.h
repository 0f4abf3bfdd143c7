/* types.SimpleNamespace. */
#ifndef WEFT_OBJECT_NAMESPACE_H
#define WEFT_OBJECT_NAMESPACE_H

#include "object/object.h"

extern Type namespace_type;

/* With a copy of the given dict as attributes (or NO_VALUE). own: ret new */
NODISCARD Own namespace_new(Value attributes);

#endif
