/* What the files of _functools share. */
#ifndef WEFT_MODULE_FUNCTOOLS_PRIV_H
#define WEFT_MODULE_FUNCTOOLS_PRIV_H

#include "object/object.h"

extern Type partial_type, placeholder_type, key_wrapper_type, lru_cache_type, lru_link_type;

/* The singleton that stands for an argument to be given later; immortal, made with the module. */
extern Own placeholder;

/* cmp_to_key(mycmp). own: ret new */
NODISCARD Own key_wrapper_new(Value compare, Value object);

#endif
