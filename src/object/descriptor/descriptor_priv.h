/* What the descriptor types share. */
#ifndef WEFT_OBJECT_DESCRIPTOR_PRIV_H
#define WEFT_OBJECT_DESCRIPTOR_PRIV_H

#include "object/descriptor.h"
#include "object/hooks.h"
#include "object/type/type_priv.h"

/* A new descriptor of `owner`, which it counts in *field. Those of built-in types are immortal:
 * every thread calls them. */
NODISCARD Object *descriptor_alloc(ShapeId shape, size_t size, size_t owner_offset, Type *owner);
NODISCARD Own descriptor_qualname(const Type *owner, const char *name);
/* getattr(owner, name), for pickle */
NODISCARD Own reduce_getattr(Value owner, Value name);
/* True when self is an instance of owner; else false with TypeError. */
bool descriptor_applies(const char *name, const Type *owner, Value self);

#endif
