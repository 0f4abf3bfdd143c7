/* What iterator types share, and the two iterators over objects that have none of their own. */
#ifndef WEFT_OBJECT_ITERATOR_H
#define WEFT_OBJECT_ITERATOR_H

#include "object/object.h"

/* What iter() gives for a class with __getitem__ and no __iter__, and for iter(callable,
 * sentinel). own: ret new */
NODISCARD Own sequence_iterator_new(Value sequence);
NODISCARD Own callable_iterator_new(Value callable, Value sentinel);

/* Slot `iter` of iterators: the object itself. (no runpy) */
Own iterator_self(Value v);

/* What the module builtins has under this name. fail: 0 · may: runpy, where a key there is no str */
NODISCARD Own builtin_function(const char *name);

/* What __reduce__ of an iterator gives: (function, (argument,), index), or without the index when it
 * is negative. own: ret new, function eaten and may be NO_VALUE (a failure), argument borrowed */
NODISCARD Own iterator_reduce(Own function, Value argument, int64_t index);

/* The same of an iterator that stands before source[index], or, with no source or a negative index, is used up: as one over used_up. function:
 * the name of a builtin. own: ret new */
NODISCARD Own iterator_reduce_place(const char *function, Object *it, Own const *source, int64_t const *index, Value used_up);

/* (function, (argument,), state) */
NODISCARD Own iterator_reduce_state(Own function, Value argument, Value state);

/* Takes the next item of each iterator of a tuple, as zip and map do: into items, new
 * references. 1; 0 when one is used up; -1 when it failed, also when strict and some but not all
 * are used up: ValueError, `function` says whose. may: runpy */
NODISCARD int iterators_next(const char *function, Value iterators, bool strict, Own *items);
/* iter() of each argument. own: ret new, a tuple */
NODISCARD Own iterators_of(Value const *iterables, size_t n);

/* The argument of __setstate__. fail: -1 + TypeError, OverflowError */
NODISCARD int iterator_state(Value state, int64_t *index);

#endif
