/* The persistent map behind contexts: context variables to values. A map never changes; adding and
 * removing give a new map that shares most of the old one, so copying a context costs nothing. */
#ifndef WEFT_MODULE_CONTEXT_MAP_H
#define WEFT_MODULE_CONTEXT_MAP_H

#include "object/object.h"

extern Type context_map_type;

/* Maps are objects that Python never sees. Keys compare by identity. */
NODISCARD Own context_map_new(void); /* empty */
int64_t context_map_len(Value map);
/* borrow: lasts while the map is held; NO_VALUE when absent. (no runpy) */
Value context_map_find(Value map, Value key);
/* own: ret new map (no runpy) */
NODISCARD Own context_map_set(Value map, Value key, Value value);
NODISCARD Own context_map_remove(Value map, Value key); /* pre: key is there */

/* Walks a map. The cursor starts as all zero bytes. True while there is an item. borrow: while the
 * map is held (no runpy) */
enum { CONTEXT_MAP_DEPTH = 13 };
typedef struct ContextMapCursor {
    uint8_t depth;                 /* of the node that is being walked */
    uint8_t at[CONTEXT_MAP_DEPTH]; /* in each node on the way: items done, then children entered */
} ContextMapCursor;
bool context_map_next(Value map, ContextMapCursor *cursor, Value *key, Value *value);

#endif
