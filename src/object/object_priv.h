/* What the files of the type `object` share. */
#ifndef WEFT_OBJECT_OBJECT_PRIV_H
#define WEFT_OBJECT_OBJECT_PRIV_H

#include "object/descriptor.h"
#include "object/type/type_priv.h"

/* The attributes that pickle carries over: v.__dict__ (perhaps a copy), or None when v has none.
 * own: ret new */
NODISCARD Own object_instance_state(Value v);

#endif
