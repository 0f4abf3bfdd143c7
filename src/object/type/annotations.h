/* Accessors of type: see annotations.c. Their setters take NO_VALUE for deletion. */
#ifndef WEFT_OBJECT_TYPE_ANNOTATIONS_H
#define WEFT_OBJECT_TYPE_ANNOTATIONS_H

#include "object/type/type_priv.h"

NODISCARD Own type_get_annotations(Type *t);
NODISCARD int type_set_annotations(Type *t, Value value);
NODISCARD Own type_get_annotate(Type *t);
NODISCARD int type_set_annotate(Type *t, Value value);
NODISCARD Own type_get_type_params(Type *t);
NODISCARD int type_set_type_params(Type *t, Value value);

#endif
