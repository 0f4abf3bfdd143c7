/* types.SimpleNamespace: attributes in a dict, and nothing else. The dict guards itself; the field never changes. */
#ifndef WEFT_OBJECT_NAMESPACE_H
#define WEFT_OBJECT_NAMESPACE_H

#include "object/object.h"

typedef struct Namespace {
    Object head;
    Own dict; /* immutable after creation */
} Namespace;

extern Type namespace_type;

#endif
