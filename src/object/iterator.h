/* What iterator types share, and the two iterators over objects that have none of their own. */
#ifndef WEFT_OBJECT_ITERATOR_H
#define WEFT_OBJECT_ITERATOR_H

#include "object/object.h"

extern Type iterator_type;          /* what iter() gives for a class with __getitem__ and no __iter__ */
extern Type callable_iterator_type; /* what iter(callable, sentinel) gives */

/* own: ret new */
NODISCARD Own sequence_iterator_new(Value sequence);
NODISCARD Own callable_iterator_new(Value callable, Value sentinel);

/* Slot `iter` of iterators: the object itself. (no runpy) */
Own iterator_self(Value v);

/* What __reduce__ of an iterator gives: (builtins.function, (argument,), index), or without the index when it is negative.
 * own: ret new, argument borrowed */
NODISCARD Own iterator_reduce(const char *function, Value argument, int64_t index);

/* The argument of __setstate__. fail: -1 + TypeError, OverflowError */
NODISCARD int iterator_state(Value state, int64_t *index);

#endif
