/* What the files of _collections share. */
#ifndef WEFT_MODULE_COLLECTIONS_PRIV_H
#define WEFT_MODULE_COLLECTIONS_PRIV_H

#include "object/object.h"

extern Type deque_type, deque_iterator_type, deque_reverse_iterator_type, defaultdict_type,
    ordereddict_type, odict_iterator_type, odict_keys_type, odict_values_type, odict_items_type,
    tuplegetter_type;

#endif
