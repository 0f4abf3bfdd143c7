/* types.GenericAlias (list[int]) and unions (int | str). Immutable. */
#ifndef WEFT_OBJECT_GENERICALIAS_H
#define WEFT_OBJECT_GENERICALIAS_H

#include "object/object.h"

typedef struct GenericAlias {
    Object head;
    Own origin;
    Own args;       /* tuple */
    Own parameters; /* tuple, NO_VALUE until asked for; guard: lock */
    bool starred;   /* *tuple[int]: unpacked */
} GenericAlias;

typedef struct Union {
    Object head;
    Own args;       /* tuple, without duplicates, in order */
    Own hashable;   /* frozenset of the hashable ones, or NO_VALUE */
    Own unhashable; /* tuple of the others, or NO_VALUE */
    Own parameters; /* tuple, NO_VALUE until asked for; guard: lock */
} Union;

extern Type generic_alias_type, union_type;

/* origin[args]; args a tuple or one argument. own: ret new */
NODISCARD Own generic_alias_new(Value origin, Value args);
/* a | b for classes, None, generic aliases, unions...; NotImplemented for what is no type. own: ret
 * new */
NODISCARD Own union_or(Value a, Value b);
/* The same where one of them is a union or a type variable: anything that Union[a, b] takes. */
NODISCARD Own union_or_any(Value a, Value b);
/* Union[args] of a tuple. own: ret new */
NODISCARD Own union_from_tuple(Value args);

#endif
