/* What the files of type parameters share. */
#ifndef WEFT_OBJECT_TYPEPARAM_PRIV_H
#define WEFT_OBJECT_TYPEPARAM_PRIV_H

#include "object/generic/generic_priv.h"
#include "object/typeparam.h"

/* typing.NAME(args...). own: ret new */
NODISCARD Own typing_call(const char *name, Value const *args, size_t nargs);
/* typing.Union[a, b] and typing.Unpack[v]. own: ret new */
NODISCARD Own typing_union(Value a, Value b);
NODISCARD Own typing_unpack(Value v);
/* The name of the module whose code runs: new, or NO_VALUE with nothing pending. fail: -1 */
NODISCARD int typing_caller(Own *module);
/* A function of a format that gives v, or v's text for the format STRING. own: ret new */
NODISCARD Own constevaluator_new(Value v);
/* A field that is computed by a function when first asked for: its value, new, from then on the same for all threads. evaluate NO_VALUE:
 * otherwise. fail: 0 */
NODISCARD Own lazy_value(Object *holder, Own *field, Value evaluate, Value otherwise);
/* What gives the value: the function itself, an evaluator of the present value, or None when there is none. own: ret new */
NODISCARD Own lazy_evaluator(Object *holder, Own const *field, Value evaluate);

#endif
