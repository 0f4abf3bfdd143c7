/* Decisions about the instances of a class being made. */
#ifndef WEFT_OBJECT_TYPE_LAYOUT_H
#define WEFT_OBJECT_TYPE_LAYOUT_H

#include "object/type/type_priv.h"

typedef struct ClassLayout {
    Type *base;                          /* given: the best base */
    Own members;                         /* sorted list of names, interned; the maker drops it */
    bool may_add_dict, may_add_weakrefs; /* the base has none yet */
    bool add_dict, add_weakrefs;
} ClassLayout;

/* From the bases and the value of __slots__ (NO_VALUE: none). dict: the namespace. fail: -1;
 * members is dropped by the caller anyway */
NODISCARD int class_layout_decide(ClassLayout *layout, Value class_name, Value bases, Value slots,
                                  Value dict);
/* Sizes and flags of t, descriptors in its dict. fail: -1 */
NODISCARD int class_layout_apply(Type *t, const ClassLayout *layout);
/* Adds a getset descriptor unless the dict has that name. fail: -1 */
NODISCARD int class_add_getset(Type *t, const GetSetDef *def);
/* Instances of t can be used by methods of base. */
bool type_fits_layout(const Type *t, const Type *base);
NODISCARD Own instance_weakref_get(Value self);

#endif
