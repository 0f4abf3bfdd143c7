/* What generic aliases and unions share: how arguments are shown, and how type variables in them
 * are found and replaced. */
#ifndef WEFT_OBJECT_GENERIC_PRIV_H
#define WEFT_OBJECT_GENERIC_PRIV_H

#include "object/dict.h"
#include "object/genericalias.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

/* Appends one argument as it is written in source. fail: -1 */
NODISCARD int type_argument_repr(StrBuilder *b, Value argument);
/* The type variables in args (a tuple or list), each once, in order: a tuple. */
NODISCARD Own type_parameters_of(Value args);
/* args with parameters replaced by item (one argument or a tuple): a tuple. alias is for messages.
 */
NODISCARD Own type_arguments_replaced(Value alias, Value args, Value parameters, Value item);

#endif
