/* What the files of _operator share. */
#ifndef WEFT_MODULE_OPERATOR_PRIV_H
#define WEFT_MODULE_OPERATOR_PRIV_H

#include "object/object.h"

extern Type itemgetter_type, attrgetter_type, methodcaller_type;

#endif
